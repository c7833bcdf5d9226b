/**
 * What the server says about the run: its description, the version of its settings, its views, whether training stopped.
 */

import { viewId } from '../../messages/frame.js';
import { HiddenView } from './hidden_view.js';

/**
 * Of runs that the browser draws, the server's views have `id` and `shows` alone (run/hidden_view.js has the rest). `hidden` is the id of the first view that draws the hidden layer alike: views may differ only in the optional parts that
 * they show.
 * @typedef {{id: number, layer: number, projection: 'units'|'pca'|'straight', units: number[], mode: '2d'|'3d'|'morph', fit: number,
 *   shows: string[], hidden: number}} View
 */
/** @typedef {{frame: number, epoch: number, reason: string, message: string, advice: string, back_to?: number|null, good?: number|null, gone?: number|null}} Stop
 * `good`: of a run that diverged, the last frame before the steps in which it did so, and `gone` the epoch of the step after its last frame. */

export class RunState {
  /** @type {{id: string, info: Object, statics: Object}|null} */
  run = null;
  /** Grows with every sync; panels rebuild when it does. */
  version = 0;
  /** @type {Stop|null} */
  stopped = null;
  /** @type {View|null} the newest of the server's */
  view = null;
  /** What of the hidden layers is looked at, of runs that the browser draws. */
  hiddenView = new HiddenView();
  /** Every view of this run by id: an old frame keeps the labels of the view that drew it. @type {Map<number, View>} */
  views = new Map();
  /** The branch shown. */
  branch = '';
  /** All there are. @type {{name: string, label: string}[]} */
  branches = [];
  /** Whether there may be more. */
  canFork = false;
  /** Where a setting was changed. @type {{frame: number, epoch: number, text: string}[]} */
  marks = [];
  /** Frames that may lie ready, at most. */
  mostAhead = Infinity;
  /** Frames that were made by hand, in order. @type {number[]} */
  edits = [];
  /** How many changes of the run are before each of them. @type {number[]} */
  beforeEdits = [];
  /** Those of them that are places of the landscape. @type {number[]} */
  places = [];
  /** The runs that undo and redo lead to. @type {{run: string, why: string}|null} */
  undo = null;
  redo = null;
  /** Why an edit was refused just now, or an empty text. */
  refusal = '';
  /** How often the server had set the page's controls when it last drew them all. */
  controls = 0;
  /** Epochs that were asked for; 0 for no end. */
  until = 0;
  #settings = 0;
  /** Number of the frame with a stop condition that the user goes past, until the server has heard of it. */
  #goingPast = null;

  get id() {
    return this.run?.id ?? '';
  }

  /** Whether frames are the network's parameters, and all that is drawn of them is computed here. */
  get isDrawnHere() {
    return Boolean(this.run?.info.network);
  }

  /** What of the hidden layers is to be seen. @returns {View} */
  get chosenView() {
    return /** @type {View} */ (this.isDrawnHere ? this.hiddenView.now : this.view);
  }

  /** What of the hidden layers a frame shows. */
  viewOf(frame) {
    return this.isDrawnHere ? frame.view : this.views.get(viewId(frame));
  }

  /** Whether the data are so large that frames measure only a part of them. */
  get framesTakeLong() {
    const { train = 0, train_shown: shown = 0 } = this.run?.info.samples ?? {};
    return shown < train;
  }

  /** Begin again with a sync. @param {HiddenView|null} [seen] how that run was looked at before */
  start(header, statics, seen = null) {
    this.run = { id: header.run, info: header.info, statics };
    this.version++;
    this.#settings = header.settings;
    this.#goingPast = null;
    this.stopped = header.stopped ?? null;
    this.takeBranches(header);
    this.views = new Map();
    this.view = null;
    this.addView(header.view);
    if (this.isDrawnHere) this.hiddenView.start(header.info, seen, header.linked_view);
  }

  /** Take note of the settings' version. @returns {boolean} whether it grew */
  settingsGrew({ settings }) {
    const grew = settings > this.#settings;
    if (grew) this.#settings = settings;
    return grew;
  }

  addView(view) {
    if (!this.views.has(view.id)) {
      const alike = [...this.views.values()].find((other) => sameHidden(other, view));
      this.views.set(view.id, { ...view, hidden: alike?.hidden ?? view.id });
    }
    if (!this.view || view.id > this.view.id) this.view = this.views.get(view.id);
  }

  /** Whether training is known to end at a frame or before. */
  endsBy(number) {
    return this.stopped !== null && number >= this.stopped.frame;
  }

  /** @param {Object} header of any message about this run */
  takeBranches({ branch = '', branches = [], more_branches: more = false, marks = [], ahead = Infinity, edits = [], before_edits: beforeEdits = [], places = [], refusal = '', controls = 0, until = 0, undo = null, redo = null }) {
    Object.assign(this, { branch, branches, canFork: more, marks, mostAhead: ahead, edits, beforeEdits, places, refusal, controls, until, undo, redo });
  }

  /** How many changes are in a frame, where an edit follows it: that takes no step. @param {number} number @returns {number|undefined} */
  eventsAt(number) {
    return this.beforeEdits[this.edits.findIndex((edited) => edited > number)];
  }

  /** Whether a frame is of the last steps of a run that diverges, which are to be seen one by one. */
  isFalling(number) {
    const { stopped } = this;
    return stopped !== null && Number.isInteger(stopped.good) && number > stopped.good && number <= stopped.frame;
  }

  /** Take the server's word on whether training stopped. @param {Object|undefined} request the one it answers */
  takeStop(stop, request) {
    if (request?.go_on) this.#goingPast = null;
    this.stopped = stop && stop.frame !== this.#goingPast ? stop : null;
  }

  /** Go past the condition that stopped training. @returns {boolean} false if it was no condition */
  goPastStop() {
    if (!this.stopIsCalm) return false;
    this.#goingPast = this.stopped.frame;
    this.stopped = null;
    return true;
  }

  /** A request for training from a frame on. */
  requestFrom(from, rest) {
    return { kind: 'frames', from, ...rest, ...(from === this.#goingPast ? { go_on: true } : {}) };
  }

  /** Whether training ended because a condition was met, not because something went wrong. */
  get stopIsCalm() {
    return (this.stopped?.reason ?? 'diverged') !== 'diverged';
  }

  /** Training goes on from a frame in another way: a stop after it may not come about. */
  forgetStopAfter(number) {
    if (this.stopped && this.stopped.frame > number) this.stopped = null;
  }
}

/** Whether two views differ in nothing but the parts that they show. */
function sameHidden(a, b) {
  const text = ({ id, shows, hidden, ...rest }) => JSON.stringify(Object.entries(rest).sort());
  return text(a) === text(b);
}
