/** One lane: its letter, what of it differs, and what its network answers over the plane. */
import { element, icon, setAttribute, setText } from '../../kit/dom.js';
import { PictureWorker } from '../../network/picture_worker.js';
import { Pictures } from '../../stage/pictures/pictures.js';
import { Resolution } from '../../stage/pictures/resolution.js';
import { badge } from '../shared/lane_look.js';
import { SmallMap } from '../shared/small_map.js';
import { LanePoint, watchPointer } from './lane_point.js';
import { runOf } from './race_frame.js';

/** Lanes' pictures are made side by side, by a worker each: on two cores each has about half of a run's time. */
const SCALE = { sides: [21, 25, 31, 41, 51, 65, 81], first: 2, mostMs: 4.5, fewMs: 3 };

export class LaneCard {
  #run = null;
  #worker = new PictureWorker();

  /**
   * @param {number} index
   * @param {{onArrival: () => void, onPoint: () => void, open: (index: number) => void, pointAt: (place: number[]|null) => void}} services
   *   `onArrival`: a picture has come; `onPoint`: what is said of a place has changed
   */
  constructor(index, { onArrival, onPoint, open, pointAt }) {
    this.index = index;
    this.heading = element('h3', { class: 'nn-lane-heading' });
    this.open = element('button', { type: 'button', class: 'nn-info nn-lane-open' }, icon('open'));
    this.open.addEventListener('click', () => open(index));
    this.stop = element('p', { class: 'nn-lane-stop', role: 'status' });
    this.map = new SmallMap('', onArrival);
    this.point = new LanePoint(this.map, onPoint);
    watchPointer(this.map, pointAt);
    this.map.root.append(this.stop);
    this.pictures = new Pictures(this.#worker, onArrival, new Resolution(SCALE));
    const head = element('header', { class: 'nn-lane-head' }, badge(index), this.heading, this.open);
    this.root = element('section', { class: 'nn-lane nn-panel', 'data-testid': `lane-${index}` }, head, this.map.root);
  }

  /** The lane as a run. */
  get run() {
    return this.#run;
  }

  /** @param {{id: string, info: any, statics: import('../../messages/decode.js').Arrays}} race */
  setRun(race) {
    const { name, heading } = race.info.lanes[this.index];
    this.#run = runOf(race, this.index);
    setText(this.heading, heading);
    this.heading.title = heading;
    const title = `Lane ${name}: ${heading}`;
    setAttribute(this.root, 'aria-label', title);
    setAttribute(this.map.root, 'aria-label', `${title}: what the network answers over the plane`);
    setAttribute(this.open, 'aria-label', `Open lane ${name} in the playground`);
    this.open.title = `Open lane ${name} in the playground`;
    this.map.setRun(this.#run);
    this.point.setRun(this.#run);
    this.pictures.setRun(this.#run);
  }

  /** Ask for what is to be seen. @param {Object} frame of the lane @param {boolean} playing @param {Object[]} next frames of the lane */
  ask(frame, playing, next) {
    this.pictures.look(this.map.wanted, /** @type {any} */ (null));
    this.pictures.ask(frame, playing, next);
  }

  /** @param {{frame: number, message: string}|null} stop @param {number} shown the frame on screen */
  say(stop, shown) {
    const words = stop && shown >= stop.frame ? stop.message : '';
    setText(this.stop, words);
    this.root.classList.toggle('nn-lane-stopped', words !== '');
  }

  destroy() {
    this.map.destroy();
    this.#worker.stop();
  }
}
