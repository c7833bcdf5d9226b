/** The lanes' numbers, a column for each lane. */
import { element, setText } from '../../kit/dom.js';
import { keepPreference, preference } from '../../kit/preferences.js';
import { formatEpoch, formatLoss, formatScore } from '../../kit/text.js';
import { PanelBox } from '../../stage/panels/panel_box.js';
import { badge } from '../shared/lane_look.js';
import { clockText } from './clock.js';
import { numbersOf } from './race_frame.js';
import { reachedAt, targetOf } from './target.js';

const ABOUT = 'A column for each lane. The score is the accuracy, or R² where a number is predicted. The time per step is the server’s processor time; it differs from machine to machine.';
const NONE = '–';
const FIRST_TARGET = 95;

/** Microseconds, or milliseconds, in words. @param {number} seconds */
export const stepText = (seconds) => (!Number.isFinite(seconds) ? NONE : seconds < 1e-3 ? `${(1e6 * seconds).toFixed(seconds < 1e-5 ? 1 : 0)} µs` : `${(1e3 * seconds).toFixed(1)} ms`);

export class NumbersPanel {
  #race = null;
  #target = FIRST_TARGET / 100;
  /** @type {Map<string, HTMLElement[]>} */
  #cells = new Map();
  #last = null;

  constructor() {
    this.box = new PanelBox({ id: 'numbers', title: 'Numbers', about: ABOUT });
    const kept = preference('raceTarget', FIRST_TARGET);
    this.#target = targetOf(String(kept)) ?? this.#target;
    this.input = element('input', { type: 'text', inputmode: 'decimal', class: 'nn-target', 'aria-label': 'Target score in per cent', 'aria-describedby': 'nnplay-target-wrong', value: String(100 * this.#target) });
    this.wrong = element('p', { class: 'nn-target-wrong', id: 'nnplay-target-wrong', role: 'alert' });
    this.input.addEventListener('input', () => this.#setTarget(this.input.value));
    const label = element('label', { class: 'nn-target-label' }, element('span', { text: 'Target' }), this.input, element('span', { text: '%' }));
    this.box.controls.append(label);
    this.head = element('tr');
    this.body = element('tbody');
    const table = element('table', { class: 'nn-numbers' }, element('thead', {}, this.head), this.body);
    this.box.plot.replaceWith(element('div', { class: 'nn-numbers-box', tabindex: '0', role: 'region', 'aria-label': 'Numbers of all lanes' }, this.wrong, table));
  }

  get root() {
    return this.box.root;
  }

  setRun(race) {
    this.#race = race;
    const { lanes, clock } = race.info;
    this.head.replaceChildren(element('td'), ...lanes.map((lane, k) => element('th', { scope: 'col', title: lane.heading }, badge(k))));
    const rows = [
      ['trainLoss', 'Training loss'],
      ['testLoss', 'Test loss'],
      ['score', lanes.some(({ info }) => info.has_test) ? 'Test score' : 'Training score'],
      ['target', ''],
      ['progress', clock === 'time' ? 'Epochs' : 'Training time'],
      ['step', 'Time per step'],
      ['parameters', 'Parameters'],
    ];
    this.#cells.clear();
    this.body.replaceChildren(...rows.map(([key, name]) => {
      const cells = lanes.map(() => element('td', { text: NONE }));
      const title = element('th', { scope: 'row', text: name });
      this.#cells.set(key, cells);
      if (key === 'target') this.targetName = title;
      return element('tr', { 'data-row': key }, title, ...cells);
    }));
    lanes.forEach((lane, k) => setText(this.#cells.get('parameters')[k], lane.parameters.toLocaleString('en')));
    this.#sayTarget();
  }

  /** @param {import('../../messages/decode.js').Arrays} frame @param {import('./race_timeline.js').RaceTimeline} timeline */
  show(frame, timeline) {
    this.#last = { frame, timeline };
    const { lanes, clock } = this.#race.info;
    lanes.forEach(({ info }, k) => {
      const lane = numbersOf(frame, k, info.steps_per_epoch);
      const isAccuracy = info.task !== 'regression';
      const put = (key, text) => setText(this.#cells.get(key)[k], text);
      put('trainLoss', formatLoss(lane.trainLoss));
      put('testLoss', formatLoss(lane.testLoss));
      put('score', formatScore(info.has_test ? lane.testScore : lane.trainScore, isAccuracy));
      put('progress', clock === 'time' ? formatEpoch(lane.epoch) : `${lane.seconds.toFixed(2)} s`);
      put('step', stepText(lane.seconds / lane.steps));
      const at = reachedAt(timeline.lanes[k], timeline.furthest, this.#target, info.has_test);
      put('target', at === null ? NONE : clockText(clock, at));
    });
  }

  destroy() {
    this.box.destroy();
  }

  #setTarget(text) {
    const target = targetOf(text);
    this.input.setAttribute('aria-invalid', String(target === null));
    setText(this.wrong, target === null ? 'The target must be above 0 and at most 100.' : '');
    if (target === null) return;
    this.#target = target;
    keepPreference('raceTarget', 100 * target);
    this.#sayTarget();
    if (this.#last) this.show(this.#last.frame, this.#last.timeline);
  }

  #sayTarget() {
    const isR2 = this.#race?.info.lanes.every(({ info }) => info.task === 'regression');
    const percent = Number((100 * this.#target).toPrecision(6));
    if (this.targetName) setText(this.targetName, isR2 ? `R² ${percent / 100} reached` : `${percent} % reached`);
  }
}

