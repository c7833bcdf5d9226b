/**
 * The landscape of the loss that the run walks on: from above or as a surface, with the path so far. A place that one
 * chooses is where the network is then, on a branch of its own.
 */
import { checkbox, element, segments, select, setAttribute, setText } from '../../../kit/dom.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { formatLoss } from '../../../kit/text.js';
import { frameNumber, testLoss, trainLoss } from '../../../messages/frame.js';
import { Panel } from '../panel.js';
import { ContourPicture } from './contour_picture.js';
import { endsOf, gradient, rangeOf } from './heights.js';
import { parameterNames } from './parameter_names.js';
import { SurfacePicture } from './surface_picture.js';

const ABOUT = {
  principal: 'Each place is a network, in the plane in which the run has moved most.',
  parameters: 'Each place is the present network with two weights set to other values.',
  random: 'Each place is a network, in a plane of two random directions, as the run has no path yet.',
};
const READ = ' Bright is a low loss, dark a high one, without the penalty. The line is the run’s path, brought down onto the plane; the dot is the present network. Click a place to take the network there, on a branch; Ctrl+Z takes it back.';

export class LandscapePanel extends Panel {
  #run = null;
  #player;
  #redraw;
  /** @type {'contours'|'surface'} */
  #look = preference('landscapeLook', 'contours') === 'surface' ? 'surface' : 'contours';
  #set = preference('landscapeSet', 'train') === 'test' ? 1 : 0;
  #log = preference('landscapeLog', true);
  /** @type {number[]} */
  #weights = [0, 1];
  /** @type {import('./heights.js').Scene|null} */
  #scene = null;
  #shown = null;
  /** Where one points. @type {[number, number]|null} */
  #place = null;
  #hasAsked = false;
  #refusal = '';
  #isMissing = false;
  #ofNetwork = '';
  /** What the scene was last composed of. */
  #composed = '';

  /** @param {import('../panel.js').Services} services */
  constructor({ player, redraw }) {
    super({ id: 'landscape', title: 'Landscape', about: ABOUT.principal + READ, onLarge: () => redraw() });
    this.#player = player;
    this.#redraw = redraw;
    const choose = (place, id) => this.#goTo(place, id);
    this.contours = new ContourPicture(this.box.plot, { choose, point: (place) => this.#pointAt(place) });
    this.surface = new SurfacePicture({ choose });
    this.box.body.append(this.surface.root);
    this.looks = segments('Landscape as', [{ value: 'contours', text: 'Map' }, { value: 'surface', text: 'Surface' }], this.#look, (value) => this.#setLook(value));
    this.setChoice = select('Loss of the landscape', [{ value: '0', text: 'Training loss' }, { value: '1', text: 'Test loss' }], String(this.#set), (value) => this.#setSet(Number(value)));
    this.planeChoice = select('Plane of the landscape', [{ value: 'principal', text: 'Principal directions' }, { value: 'weights', text: 'Two weights' }], 'principal', (value) => this.#setPlane(value));
    this.weightChoices = element('span', { class: 'nn-landscape-weights', hidden: true });
    this.logBox = checkbox('Log', this.#log, (checked) => this.#setLog(checked));
    const more = element('div', { class: 'nn-landscape-more' }, this.planeChoice, this.weightChoices, this.logBox);
    this.box.controls.append(this.looks, this.setChoice, more);
    this.low = element('span');
    this.high = element('span');
    this.bar = element('span', { class: 'nn-landscape-bar', 'aria-hidden': 'true' });
    this.bar.style.backgroundImage = gradient();
    this.scaleName = element('span', { class: 'nn-landscape-name' });
    this.scale = element('div', { class: 'nn-landscape-scale', 'data-testid': 'landscape-scale' }, this.scaleName, this.low, this.bar, this.high);
    this.words = element('p', { class: 'nn-landscape-words', role: 'status', 'data-testid': 'landscape-words' });
    this.root.append(element('div', { class: 'nn-landscape-foot' }, this.scale, this.words));
    this.#showLook();
  }

  get isFilmed() {
    return false;
  }

  get drawn() {
    return this.#shown !== null;
  }

  attach(Plotly) {
    this.contours.attach(Plotly);
  }

  setRun(run) {
    this.#run = run;
    const { network } = run.info;
    this.setChoice.hidden = !run.info.has_test;
    if (!run.info.has_test) this.#set = 0;
    const of = JSON.stringify([network, run.info.inputs]);
    if (of === this.#ofNetwork) return;
    this.#ofNetwork = of;
    this.#scene = null;
    this.#offerWeights(run.info);
  }

  setTheme(theme) {
    this.contours.setTheme(theme);
    this.surface.setTheme(theme);
    if (this.#scene) this.#paint();
  }

  draw({ frame, state, timeline, playing }) {
    this.#shown = frame;
    const { landscape } = this.#player;
    landscape.see(frame, timeline.furthest);
    this.#player.lookAtLandscape(performance.now());
    const isReady = landscape.grid !== null && landscape.isOf(state.version);
    this.#isMissing = landscape.isMissing(state.version);
    setAttribute(this.root, 'data-waiting', String(!isReady && !this.#isMissing));
    setAttribute(this.root, 'data-complete', String(isReady && (landscape.told?.complete ?? false)));
    if (isReady) this.#compose(frame, landscape);
    if (this.#scene) this.#paint();
    if (playing) this.#hasAsked = false;
    this.#refusal = this.#hasAsked ? state.refusal : '';
  }

  showValues() {
    this.#say();
    setAttribute(this.root, 'data-here', JSON.stringify(this.#player.landscape.here));
  }

  destroy() {
    super.destroy();
    this.#player.landscape.isPointedAt = false;
    this.contours.destroy();
    this.surface.destroy();
  }

  #compose(frame, landscape) {
    const { drawn, path, others, here, version } = landscape;
    const key = `${version} ${this.#set} ${this.#log} ${this.#ofNetwork.length}`;
    if (key !== this.#composed || !this.#scene) {
      this.#composed = key;
      this.#scene = this.#sceneOf(landscape);
      this.#describe(drawn);
    }
    Object.assign(this.#scene, { path, others, here, hereLosses: [trainLoss(frame), testLoss(frame)], frame: frameNumber(frame) });
  }

  /** What stays the same from frame to frame. @returns {import('./heights.js').Scene} */
  #sceneOf({ grid, drawn, path, others, here, version }) {
    const set = Math.min(this.#set, grid.sets.length - 1);
    const losses = grid.sets[set];
    const range = rangeOf(losses, this.#log);
    const lossName = `${set ? 'test' : 'training'} loss${range.log ? ', log' : ''}`;
    const isClipped = losses.some((/** @type {number} */ loss) => !Number.isFinite(loss));
    return { grid, losses, set, range, isClipped, names: this.#namesOf(drawn), lossName, id: drawn.id, version: `${version} ${set}`, path, others, here, hereLosses: [], frame: 0 };
  }

  /** Write what belongs to the surface, not to a frame. */
  #describe(told) {
    const { range, lossName } = /** @type {import('./heights.js').Scene} */ (this.#scene);
    setText(this.scaleName, lossName);
    const [low, high] = endsOf(range);
    setText(this.low, low);
    setText(this.high, high);
    this.box.setAbout(ABOUT[told.plane] + READ);
    setAttribute(this.root, 'data-landscape', String(told.id));
    setAttribute(this.root, 'data-plane', told.plane);
  }

  #namesOf({ plane, chosen, explained }) {
    if (plane === 'parameters') {
      const names = parameterNames(this.#run.info);
      return chosen.map((/** @type {number} */ index) => names[index] ?? `parameter ${index}`);
    }
    const share = (k) => (explained[k] === null ? '' : ` (${percent(explained[k])})`);
    return [0, 1].map((k) => (plane === 'random' ? `random direction ${k + 1}` : `direction ${k + 1}${share(k)}`));
  }

  #paint() {
    if (this.#look === 'contours') this.contours.draw(this.#scene);
    else this.surface.draw(this.#scene);
  }

  /** What is written below: why a place was refused, the loss where one points, or how much of the path lies in the plane. */
  #say() {
    const { drawn: told } = this.#player.landscape;
    if (this.#isMissing) setText(this.words, 'A network with one weight has no such plane.');
    else if (this.#refusal) setText(this.words, this.#refusal);
    else if (this.#place && this.#scene) setText(this.words, `${formatLoss(this.#lossAt(this.#place))} here. Click to go there.`);
    else if (told?.plane === 'principal') setText(this.words, `This plane holds ${percent(told.explained[0] + told.explained[1])} of the path’s spread (its variance)${this.#limits()}`);
    else if (told?.plane === 'parameters') setText(this.words, `All others stay as they are${this.#limits()}`);
    else setText(this.words, told ? `No path yet: two random directions${this.#limits()}` : 'Drawing the landscape…');
  }

  #limits() {
    return this.#scene?.isClipped ? '. Where the loss isn’t finite, it is drawn as the highest.' : '';
  }

  /** The loss of the grid's place nearest to one. */
  #lossAt([x, y]) {
    const { grid, losses } = this.#scene;
    const nearest = (axis, value) => Math.max(0, Math.min(axis.length - 1, Math.round(((value - axis[0]) / (axis[axis.length - 1] - axis[0])) * (axis.length - 1))));
    return losses[nearest(grid.y, y) * grid.x.length + nearest(grid.x, x)];
  }

  #pointAt(place) {
    this.#place = place;
    this.#player.landscape.isPointedAt = place !== null;
    this.#hasAsked = false;
    this.#refusal = '';
    this.#say();
  }

  /** @param {number[]} place @param {number} landscape of which it is: the one that was painted */
  #goTo([x, y], landscape) {
    this.#hasAsked = true;
    this.#place = null;
    this.#player.goToPlace({ landscape, x, y }, performance.now());
  }

  #setLook(look) {
    this.#look = look;
    keepPreference('landscapeLook', look);
    this.#showLook();
    this.#redraw();
  }

  #showLook() {
    this.box.plot.hidden = this.#look !== 'contours';
    this.surface.root.hidden = this.#look !== 'surface';
  }

  #setSet(set) {
    this.#set = set;
    keepPreference('landscapeSet', set ? 'test' : 'train');
    this.#redraw();
  }

  #setLog(log) {
    this.#log = log;
    keepPreference('landscapeLog', log);
    this.#redraw();
  }

  #setPlane(value) {
    this.planeChoice.value = value;
    this.weightChoices.hidden = value !== 'weights';
    this.#player.landscape.plane = value === 'weights' ? [...this.#weights] : 'principal';
    keepPreference('landscapePlane', value === 'weights' ? this.#weights.join() : value);
    this.#redraw();
  }

  /** Let two weights of the network be chosen: those of the last time if it has them, or the first two. */
  #offerWeights(info) {
    const names = parameterNames(info);
    const options = names.map((text, k) => ({ value: String(k), text }));
    const kept = preference('landscapePlane', 'principal');
    const before = kept.split(',').map(Number);
    const isThere = before.length === 2 && before[0] !== before[1] && before.every((index) => Number.isInteger(index) && index >= 0 && index < names.length);
    this.#weights = isThere ? before : [0, 1];
    this.weightChoices.replaceChildren(...['First', 'Second'].map((word, k) => select(`${word} weight of the landscape`, options, String(this.#weights[k]), (value) => this.#setWeight(k, Number(value)))));
    this.#setPlane(kept === 'principal' ? 'principal' : 'weights');
  }

  /** Two different ones: who chooses the other's, swaps them. */
  #setWeight(which, index) {
    if (this.#weights[1 - which] === index) this.#weights[1 - which] = this.#weights[which];
    this.#weights[which] = index;
    const selects = /** @type {NodeListOf<HTMLSelectElement>} */ (this.weightChoices.querySelectorAll('select'));
    selects.forEach((node, k) => {
      node.value = String(this.#weights[k]);
    });
    this.#setPlane('weights');
  }
}

/** A share in percent: nearly all is not all. @param {number|null} share */
function percent(share) {
  const value = 100 * (share ?? 0);
  return `${value > 99.9 ? (value > 99.99 ? '100' : '> 99.9') : value.toFixed(value < 10 ? 1 : 0)} %`;
}
