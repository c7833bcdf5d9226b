/**
 * What is on screen of a run: the panels, drawn from the player's frames and from the pictures that are made of them, whenever
 * what is shown has changed. A stage that trains a run has one, and a stage that replays a recorded one.
 */
import { setAttribute } from '../kit/dom.js';
import { keepPreference } from '../kit/preferences.js';
import { ThemeWatch } from '../kit/theme.js';
import { epochsDone, frameNumber, stepsDone, testLoss, trainLoss } from '../messages/frame.js';
import { attachPlotly } from '../plot/load_plotly.js';
import { Pictures } from './pictures/pictures.js';
import { PointThrough } from './pictures/point_through.js';

/** While frames play, numbers and the timeline change this often: faster than that nobody reads, and layout is dear. */
const NUMBERS_MS = 60;
/** Frames whose pictures are made ahead of the one on screen. */
const AHEAD = 2;

/**
 * @typedef {Object} Around what a stage does besides
 * @property {(run: Object) => void} setRun another run is on the stage
 * @property {(now: number, readable: boolean) => void} update something has changed; `readable`: whether words and numbers may change now
 * @property {() => void} [beforeFrame] a frame is about to be drawn
 * @property {(frame: import('../messages/frame.js').Frame, isNew: boolean) => void} [afterFrame] it is on screen
 */

export class Screen {
  #player;
  #panels;
  #root;
  #around;
  #signal;
  #ready = false;
  #hasAskedForCharts = false;
  #nextNumbers = -Infinity;
  #drawnVersion = -1;
  #drawnFrame = null;
  #drawnRun = 0;
  #colours = new ThemeWatch();

  /** @param {import('./panels/panel_set.js').Page} page @param {Around} around @param {AbortSignal} signal */
  constructor(page, around, signal) {
    this.#around = around;
    this.#signal = signal;
    /** The unit that one looks at, in the diagram or by its crease. @type {{layer: number, unit: number}|null} */
    this.unit = null;
    this.pictures = new Pictures(page.pictures ?? null, () => this.#drawAtOnce(), page.resolution);
    this.point = new PointThrough(() => this.#player.redraw());
  }

  /** Whether a frame can be shown when its time comes: its picture is there. */
  isNextReady = (frame) => this.pictures.isNextReady(frame);

  /** What a panel may change of it. */
  get services() {
    return {
      setShowTest: (show) => this.#setShowTest(show),
      redraw: () => this.#redraw(),
      pointAt: (place, isPinned) => this.point.at(place, isPinned),
      lookAtUnit: (unit) => this.#lookAtUnit(unit),
    };
  }

  /** Whether every panel on screen has been drawn. */
  get ready() {
    return this.#ready;
  }

  /**
   * Begin to show.
   * @param {import('./player/player.js').Player} player @param {import('./panels/panel_set.js').PanelSet} panels
   * @param {HTMLElement} root whose attributes say what is on screen, for whoever looks at the page from outside
   */
  show(player, panels, root) {
    this.#player = player;
    this.#panels = panels;
    this.#root = root;
  }

  /** Take over the theme's colours, and the screen's pixels, if they changed. */
  refreshTheme() {
    const theme = this.#colours.changed(this.#root);
    if (!theme) return;
    for (const panel of this.#panels.all) panel.setTheme(theme);
  }

  #lookAtUnit(unit) {
    if (unit?.layer === this.unit?.layer && unit?.unit === this.unit?.unit) return;
    this.unit = unit;
    this.#player.redraw();
  }

  #setShowTest(show) {
    keepPreference('testPoints', show);
    for (const panel of this.#panels.all) panel.setShowTest(show);
  }

  /** What is on screen has changed, though the frame is the same. */
  #redraw() {
    this.#drawnFrame = null;
    this.#ready = false;
    this.#player.redraw();
  }

  /** A picture has come. At rest somebody waits for it; frames that play have the display's time. */
  #drawAtOnce() {
    this.#player.redraw();
    if (this.#player.playing) return;
    this.#drawnVersion = this.#player.version;
    this.#draw(performance.now());
  }

  /** Let the worker draw what the panels on screen are to show. */
  askForPictures() {
    const { state, timeline, playing } = this.#player;
    const frame = timeline.shownFrame;
    if (!frame || !state.isDrawnHere || state.version !== this.#drawnRun) return;
    this.pictures.look(Object.assign({}, ...this.#panels.shown.map((panel) => panel.draws)), state.chosenView);
    this.pictures.ask(frame, playing, playing ? timeline.next(AHEAD) : []);
  }

  /** Panels are drawn as soon as they have a size, so that the last one may be done at any time. What is not drawn by us can come then. */
  announceReady() {
    if (this.#ready) return;
    this.#ready = this.#panels.shown.every((panel) => panel.drawn);
    setAttribute(this.#root, 'data-ready', String(this.#ready));
    if (!this.#ready || this.#hasAskedForCharts) return;
    this.#hasAskedForCharts = true;
    attachPlotly(this.#root, this.#panels.all, this.#signal);
  }

  /** Draw, if something has changed since. @param {number} now */
  drawChanges(now) {
    if (this.#player.version === this.#drawnVersion) return;
    this.#drawnVersion = this.#player.version;
    this.#draw(now);
  }

  #draw(now) {
    const { state, timeline, playing } = this.#player;
    if (state.run && state.version !== this.#drawnRun) this.#startRun(state.run);
    const readable = now >= this.#nextNumbers || !playing;
    if (readable) this.#nextNumbers = now + NUMBERS_MS;
    this.#around.update(now, readable);
    setAttribute(this.#root, 'data-playing', String(this.#player.playing));
    if (!timeline.shownFrame) return;
    this.#around.beforeFrame?.();
    const frame = this.pictures.of(timeline.shownFrame);
    if (!frame) return; // its picture is under way
    const isNew = frame !== this.#drawnFrame;
    this.#drawnFrame = frame;
    const point = this.point.through(frame);
    for (const panel of this.#panels.shown) {
      panel.draw({ frame, isNew, timeline, state, playing: this.#player.playing, point, unit: this.unit });
      if (readable) panel.showValues(frame);
    }
    if (isNew) this.#showAttributes(frame);
    this.#around.afterFrame?.(frame, isNew);
  }

  #startRun(run) {
    this.#drawnRun = this.#player.state.version;
    this.#drawnFrame = null;
    this.unit = null;
    this.#around.setRun(run);
    this.pictures.setRun(run);
    this.point.setRun(run);
    for (const panel of this.#panels.all) panel.setRun(run);
    this.askForPictures();
  }

  #showAttributes(frame) {
    const loss = (value) => (Number.isNaN(value) ? '' : String(value));
    const { layer, projection, units, mode } = this.#player.state.chosenView;
    setAttribute(this.#root, 'data-epoch', String(epochsDone(frame)));
    setAttribute(this.#root, 'data-step', String(stepsDone(frame)));
    setAttribute(this.#root, 'data-frame', String(frameNumber(frame)));
    setAttribute(this.#root, 'data-train-loss', loss(trainLoss(frame)));
    setAttribute(this.#root, 'data-test-loss', loss(testLoss(frame)));
    setAttribute(this.#root, 'data-view', JSON.stringify({ layer, projection, units, mode }));
  }
}
