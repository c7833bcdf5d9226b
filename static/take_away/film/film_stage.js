/**
 * A stage that nobody sees or touches: the panels of a page, drawn frame by frame from what was recorded, in the size and the
 * colours that a picture or a video is to have. It lives in a page of its own (take_away/darkroom.js).
 */
import { element } from '../../kit/dom.js';
import { paintAt } from '../../kit/pixel_ratio.js';
import { keepNoPreferences } from '../../kit/preferences.js';
import { applyTheme, readTheme } from '../../kit/theme.js';
import { epochOf, frameNumber } from '../../messages/frame.js';
import { ownCharts } from '../../plot/own_charts.js';
import { PanelSet } from '../../stage/panels/panel_set.js';
import { Pictures } from '../../stage/pictures/pictures.js';
import { Resolution } from '../../stage/pictures/resolution.js';
import { Player } from '../../stage/player/player.js';
import { probedAmong } from './probed.js';
import { Strip } from './strip.js';

/** Points along a side of the boundary while a video is made: never fewer, as nobody waits for a frame at the display's rate. */
const MOVING = { sides: [21, 81], first: 1, mostMs: Infinity, fewMs: 0 };
/** Pictures that are made ahead. */
const AHEAD = 3;
/** All panels have a size by then. */
const MOST_WAIT_MS = 4000;

/** @typedef {import('../../messages/decode.js').Arrays} Arrays */
/** @typedef {import('./wanted.js').Take} Take */
/** @typedef {import('./wanted.js').Measure} Measure */

export class FilmStage {
  #waiting = () => {};
  /** Frames by number. @type {Map<number, Arrays>} */
  #frames;
  #player;
  #pictures;
  #panels;
  #theme;
  #run;

  /**
   * @param {HTMLElement} host @param {import('../../stage/panels/panel_set.js').Page} page @param {Take} take
   * @param {{frames: Arrays[], only: string|null, measure: Measure, onPaper: boolean, isStill: boolean}} options `only`: the one panel that is wanted
   */
  constructor(host, page, take, { frames, only, measure, onPaper, isStill }) {
    keepNoPreferences();
    paintAt(measure.ratio);
    document.documentElement.toggleAttribute('data-nn-paper', onPaper);
    this.isStill = isStill;
    this.#frames = new Map(frames.map((frame) => [frameNumber(frame), frame]));
    this.#pictures = new Pictures(page.pictures ?? null, () => this.#waiting(), new Resolution(MOVING), probedAmong(this.#frames.keys()));
    this.#player = this.#playerOf(take);
    const nothing = () => {};
    this.#panels = new PanelSet(page, { player: this.#player, propose: nothing, setView: nothing, setShowTest: nothing, redraw: nothing, pointAt: nothing, lookAtUnit: nothing, isRecorded: true });
    this.strip = new Strip(take.run.info);
    const shape = measure.width > 1.25 * measure.height ? 'wide' : measure.height > 1.25 * measure.width ? 'tall' : 'square';
    const grid = element('div', { class: `nn-panels nn-panels-${page.look ?? take.page}` }, ...this.#panels.nodes);
    this.root = element('div', { class: 'nn-stage nn-film', 'data-page': page.look ?? take.page, 'data-shape': shape, 'data-only': only ?? false }, this.strip.root, grid);
    host.replaceChildren(this.root);
    host.style.width = `${measure.width}px`;
    this.root.style.setProperty('--nn-height', `${measure.height}px`);
    this.root.style.height = `${measure.height}px`;
    this.#choose(only, take.hidden);
    this.root.classList.toggle('nn-some-hidden', only === null && take.hidden.length > 0);
    this.#theme = readTheme(this.root);
    applyTheme(this.root, this.#theme);
    for (const panel of this.#panels.all) {
      panel.attach(ownCharts);
      panel.setTheme(this.#theme);
    }
    this.#run = take.run;
    this.#pictures.setRun(take.run);
    for (const panel of this.#panels.all) panel.setRun(take.run);
  }

  get theme() {
    return this.#theme;
  }

  /** What is painted apart from each other: the strip, and each panel on screen. @returns {HTMLElement[]} */
  get sections() {
    return [this.strip.root, ...this.#panels.shown.map(({ root }) => root)];
  }

  /** Wait until all panels know their size, with a frame on screen. @param {number} number @param {AbortSignal} signal */
  async begin(number, signal) {
    await document.fonts.ready;
    let until = performance.now() + MOST_WAIT_MS;
    // Twice at least: what a first frame brings may change the panels' sizes.
    for (let k = 0; k < 2 || (!this.#isDrawn && performance.now() < until); k++) {
      await this.show(number, []);
      await new Promise((resolve) => setTimeout(resolve, 30));
      signal.throwIfAborted();
      // Nothing learns its size in a page that is in the background.
      if (document.hidden) until = performance.now() + MOST_WAIT_MS;
    }
  }

  /** Begin anew: axes that grow with the run know nothing of what was drawn before. @param {number} number @param {AbortSignal} signal */
  async beginAgain(number, signal) {
    for (const panel of this.#panels.all) panel.setRun(this.#run);
    await this.begin(number, signal);
  }

  get #isDrawn() {
    return this.#panels.shown.every((panel) => panel.drawn);
  }

  /** Draw a frame. @param {number} number @param {number[]} next numbers of those that come after it */
  async show(number, next) {
    const { timeline, state } = this.#player;
    const frame = /** @type {Arrays} */ (this.#frames.get(number));
    timeline.shown = timeline.furthest = number;
    const shown = this.#panels.shown;
    const wanted = Object.assign({}, ...shown.map((panel) => panel.draws));
    this.#pictures.look(wanted, state.chosenView);
    const later = [...new Set(next)].filter((each) => each !== number).slice(0, AHEAD).map((each) => /** @type {Arrays} */ (this.#frames.get(each)));
    const isReady = () => this.#pictures.isReady(frame) && (!this.isStill || (this.#pictures.isFine(frame) && hasAll(this.#pictures.of(frame), wanted)));
    const ask = () => this.#pictures.ask(frame, !this.isStill, later);
    ask();
    while (!isReady()) {
      await new Promise((resolve) => {
        this.#waiting = () => resolve(undefined);
      });
      ask();
    }
    this.#waiting = () => {};
    const drawn = /** @type {any} */ (this.#pictures.of(frame));
    for (const panel of shown) {
      panel.draw({ frame: drawn, isNew: true, timeline, state, playing: !this.isStill, point: null, unit: null });
      panel.showValues(drawn);
    }
    this.strip.show(frame, epochOf(frame, timeline.stepsPerEpoch));
  }

  destroy() {
    this.#panels.destroy();
  }

  /** Leave what is wanted on screen. @param {string|null} only @param {string[]} hidden */
  #choose(only, hidden) {
    const { all, tabs } = this.#panels;
    const isWanted = (panel) => (only === null ? panel.isFilmed && !hidden.includes(panel.id) : panel.id === only);
    const tabbed = tabs ? all.filter(({ root }) => tabs.root.contains(root)) : [];
    if (tabs && !isWanted(tabs.panel)) tabs.choose((tabbed.find(isWanted) ?? tabbed[0]).id);
    for (const panel of all) {
      if (isWanted(panel)) continue;
      for (const node of panel.nodes) node.hidden = true;
    }
    if (tabs && !tabbed.some(isWanted)) tabs.root.hidden = true;
  }

  /** A player without a server, with all that the stage knew of the run. @param {Take} take */
  #playerOf(take) {
    const player = new Player({ send: () => {} });
    const { state, timeline } = player;
    const { run, views, look, told, stopped, history } = take;
    const [first] = this.#frames.values();
    state.start({ run: run.id, info: run.info, settings: 0, view: views[0], stopped, ...told }, run.statics);
    for (const view of views) state.addView(view);
    // A morph goes by the clock, not by the epochs.
    if (state.isDrawnHere) state.hiddenView.look(look.mode === 'morph' ? { ...look, mode: '2d' } : look);
    timeline.start({ history_frame: history.frame, history_epoch: history.epoch, history_train_loss: history.train, history_test_loss: history.test, history_train_score: history.trainScore, history_test_score: history.testScore, history_whole_test_score: history.wholeTestScore }, first, run.info.steps_per_epoch, Infinity);
    timeline.newest = Infinity;
    // All of them lie here: nothing is thinned out.
    timeline.frames = /** @type {any} */ (framesOf(this.#frames));
    return player;
  }
}

/** Whether a frame's picture has the other networks that are to be seen beside it. @param {any} drawn @param {import('../../stage/pictures/pictures.js').Wanted} wanted */
const hasAll = (drawn, wanted) => /** @type {const} */ (['earlier', 'beside']).every((kind) => (drawn?.[kind]?.length ?? 0) >= (wanted[kind]?.networks.length ?? 0));

/** What panels ask of the buffer. @param {Map<number, Arrays>} frames */
function framesOf(frames) {
  const numbers = [...frames.keys()].sort((a, b) => a - b);
  return {
    get: (/** @type {number} */ number) => frames.get(number),
    has: (/** @type {number} */ number) => frames.has(number),
    after: () => null,
    nearest: (/** @type {number} */ number, highest = Infinity) => numbers.filter((each) => each <= highest).reduce((best, each) => (best === null || Math.abs(each - number) < Math.abs(best - number) ? each : best), /** @type {number|null} */ (null)),
  };
}
