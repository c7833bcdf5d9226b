/**
 * What the server says about the run: its description, the version of its settings, its views, whether training stopped.
 */

/** @typedef {{id: number, layer: number, projection: 'units'|'pca', units: number[]}} View */
/** @typedef {{frame: number, epoch: number, message: string, advice: string}} Stop */

export class RunState {
  /** @type {{id: string, info: Object, statics: Object}|null} */
  run = null;
  /** Grows with every sync; panels rebuild when it does. */
  version = 0;
  /** @type {Stop|null} */
  stopped = null;
  /** @type {View|null} the newest */
  view = null;
  /** Every view of this run by id: an old frame keeps the labels of the view that drew it. @type {Map<number, View>} */
  views = new Map();
  #settings = 0;

  get id() {
    return this.run?.id ?? '';
  }

  /** Begin anew with a sync. */
  start(header, statics) {
    this.run = { id: header.run, info: header.info, statics };
    this.version++;
    this.#settings = header.settings;
    this.stopped = header.stopped ?? null;
    this.view = header.view;
    this.views = new Map([[header.view.id, header.view]]);
  }

  /** Take note of the settings' version. @returns {boolean} whether it grew */
  settingsGrew({ settings }) {
    const grew = settings > this.#settings;
    if (grew) this.#settings = settings;
    return grew;
  }

  addView(view) {
    this.views.set(view.id, view);
    if (view.id > this.view.id) this.view = view;
  }

  /** Whether training is known to end at a frame or before. */
  endsBy(number) {
    return this.stopped !== null && number >= this.stopped.frame;
  }

  /** Training goes on from a frame in another way: a stop after it may not come about. */
  forgetStopAfter(number) {
    if (this.stopped && this.stopped.frame > number) this.stopped = null;
  }
}
