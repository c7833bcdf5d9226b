/**
 * The pictures of frames, of a run that the browser draws itself: a frame is the network's parameters, and what is to be
 * seen of it is asked of a worker (network/picture_worker.js), a frame or two ahead of the one on screen.
 *
 * While frames play they are drawn as finely as time allows; the one at rest once more, in the panels' own pixels. A picture
 * has parts, each for some of the panels: where one of them is to be another, the others stay. No DOM in here, so that node
 * can test it.
 */
import { frameNumber, trainScore } from '../../messages/frame.js';
import { Besides } from './besides.js';
import { LINE_SAMPLES, Resolution, centres, pixelGrid } from './resolution.js';

/**
 * What the panels on screen draw, as finely as they can show it.
 * @typedef {Object} Wanted
 * @property {{columns: number, rows: number, domain: number[][]}} [surface] pixels, and the part of the plane that they show
 * @property {number} [maps] side of the units' maps, in pixels
 * @property {boolean} [hidden] whether what hidden layers see
 * @property {number[][]} [folds] the part of the plane in which the units' creases are drawn
 * @property {number[][]} [borders] the same for the lines where the answer changes
 * @property {import('./besides.js').Wanted} [earlier] boundaries of other networks, beside the frame's
 * @property {import('./besides.js').Wanted} [beside] answers of another network, to hold the frame's against
 * @property {{count: number, side: number}} [many] where a frame has the parameters of so many networks: pixels of each one's boundary
 */
/** @typedef {import('../../messages/decode.js').Arrays} Arrays */
/** @typedef {{[name: string]: *}} Drawn a frame and its picture */
/** @typedef {'surface'|'maps'|'hidden'|'folds'|'borders'|'probe'|'many'} PartName */
/** @typedef {{key: string, size: number}} Kind what a part shows; and how finely, or 0 where that is as time allows */
/** @typedef {{asked: Map<PartName, Kind>, made: Map<PartName, Kind & {arrays: Object}>, drawn: Drawn|null, frame: Arrays|null, besides: Object}} Entry */

/** Lines of the warped grid in each direction. */
export const GRID_LINES = 13;
/** Of an axis alone: points of its curve for each that a surface has along a side. */
const CURVE_POINTS = 5;
/** How well a straight cut does nobody reads while frames play: every so many frames are enough, and fewer where they take long. */
const PROBE_EVERY = 4, PROBE_SELDOM = 32;
/** Frames whose pictures are kept. */
const MOST_ENTRIES = 12;
/** Squares along a side in which creases are found that are no straight lines, of the frame at rest; and how often the sides of these are halved. */
const FINE_FOLDS = { squares: 120, halvings: 4 };
const LIVE_HALVINGS = 1;
/** Points along a side in which borders are found. */
const FINE_BORDERS = 121;
/** All maps lie in one strip, and a canvas can be no higher. */
const MOST_MAP_ROWS = 30000;

/** @type {Record<PartName, string[]>} */
const ARRAYS = {
  surface: ['surface', 'curve', 'curve_pieces'],
  maps: ['unit_maps', 'unit_scales', 'input_maps', 'input_scales'],
  hidden: ['hidden_points', 'hidden_grid', 'hidden_scale', 'hidden_line', 'hidden_shifts'],
  folds: ['fold_lines', 'fold_counts', 'fold_regions'],
  borders: ['border_lines'],
  probe: ['straight_scores'],
  many: ['many', 'many_curves'],
};

export class Pictures {
  #worker;
  #onArrival;
  #run = null;
  #resolution;
  /** By parameters: a frame that comes again with other parts is the same network. The one used last comes last. @type {Map<*, Entry>} */
  #entries = new Map();
  /** On screen, or to be. */
  #shown = null;
  /** @type {Wanted} */
  #wanted = {};
  #view = null;
  /** @type {PartName[]} */
  #parts = [];
  #isFinePending = false;
  #besides;
  #isProbed;

  /**
   * @param {Pick<import('../../network/picture_worker.js').PictureWorker, 'setRun'|'ask'|'lastMs'>|null} worker null where the server draws everything
   * @param {() => void} onArrival something new is to be drawn
   * @param {Resolution} [resolution] how finely frames are drawn while they play
   * @param {(number: number, every: number) => boolean} [isProbed] whether a frame that plays says how well a straight cut does
   */
  constructor(worker, onArrival, resolution = new Resolution(), isProbed = (number, every) => number % every === 0) {
    this.#worker = worker;
    this.#onArrival = onArrival;
    this.#resolution = resolution;
    this.#isProbed = isProbed;
    this.#besides = new Besides(worker, onArrival);
  }

  /** @param {{id: string, info: Object, statics: Arrays}} run */
  setRun(run) {
    const isHere = this.#worker !== null && Boolean(run.info.network);
    if (isHere && this.#run?.id === run.id) return;
    this.#run = isHere ? run : null;
    this.#entries.clear();
    this.#besides.clear();
    this.#resolution.reset();
    this.#isFinePending = false;
    if (isHere) this.#worker.setRun(run);
  }

  /** What is to be seen from now on. @param {Wanted} wanted @param {import('../run/run_state.js').View} view of the hidden layers */
  look(wanted, view) {
    this.#wanted = wanted;
    this.#view = view;
    this.#parts = /** @type {PartName[]} */ (['surface', 'maps', 'hidden', 'folds', 'borders', 'many']).filter((name) => wanted[name]);
    this.#besides.look(wanted);
  }

  /** Whether a frame can be shown, be it as it was to be seen a moment ago. @param {Arrays} frame */
  isReady(frame) {
    return !this.#run || this.#parts.every((name) => this.#entries.get(frame.parameters)?.made.has(name));
  }

  /** Whether its picture is as fine as it gets. @param {Arrays} frame */
  isFine(frame) {
    const made = this.#run && this.#entries.get(frame.parameters)?.made;
    return !this.#run || this.#parts.every((name) => {
      const { key, size } = this.#kind(name, true);
      const there = made?.get(name);
      return there?.key === key && there.size === size;
    });
  }

  /** As isReady, of the next frame while frames play. @param {Arrays} frame */
  isNextReady(frame) {
    const ready = this.isReady(frame);
    if (!ready) this.#resolution.wait();
    return ready;
  }

  /** A frame with its picture, or null where there is none yet. @param {Arrays} frame @returns {Drawn|null} */
  of(frame) {
    if (!this.#run) return frame;
    if (!this.isReady(frame)) return null;
    const entry = this.#entryOf(frame);
    const besides = this.#besides.made;
    if (!entry.drawn || entry.frame !== frame || entry.besides !== besides) {
      Object.assign(entry, { frame, besides });
      entry.drawn = Object.assign({}, frame, ...[...entry.made.values()].map(({ arrays }) => arrays), besides);
    }
    return entry.drawn;
  }

  /** Ask for what is missing of the frame on screen and, while frames play, of those that come next. */
  ask(frame, playing, next) {
    if (!this.#run) return;
    this.#shown = frame.parameters;
    const missing = this.#missing(frame, false, !playing);
    if (missing.length > 0) this.#ask(frame, missing, false, true);
    if (playing) for (const later of next) this.#ask(later, this.#missing(later, false, false), false, this.#isFinePending);
    else if (this.#parts.every((name) => this.#isMade(frame, name))) this.#ask(frame, this.#missing(frame, true, true), true, false);
    this.#besides.ask(playing);
  }

  /** @param {PartName} name */
  #isMade(frame, name) {
    return this.#entries.get(frame.parameters)?.made.get(name)?.key === this.#kind(name, false).key;
  }

  /** Parts that are neither there nor under way. @returns {PartName[]} */
  #missing(frame, fine, rests) {
    const entry = this.#entries.get(frame.parameters);
    const every = this.#resolution.isRoughest ? PROBE_SELDOM : PROBE_EVERY;
    const probes = this.#wanted.hidden && (rests || this.#isProbed(frameNumber(frame), every));
    return /** @type {PartName[]} */ ([...this.#parts, ...(probes ? ['probe'] : [])]).filter((name) => {
      const { key, size } = this.#kind(name, fine);
      return ![entry?.asked.get(name), entry?.made.get(name)].some((other) => other?.key === key && (!fine || other.size === size));
    });
  }

  /** What a part is to show now. @param {PartName} name @returns {Kind} */
  #kind(name, fine) {
    const { surface, maps, folds, borders, many } = this.#wanted;
    if (name === 'surface') return { key: String(surface.domain), size: fine ? surface.columns : 0 };
    if (name === 'maps') return { key: '', size: fine ? maps : 0 };
    if (name === 'folds') return { key: String(folds), size: fine ? FINE_FOLDS.squares : 0 };
    if (name === 'borders') return { key: String(borders), size: fine ? FINE_BORDERS : 0 };
    if (name === 'many') return { key: '', size: fine ? many.side : 0 };
    if (name === 'hidden') return { key: String(this.#view.id), size: fine || this.#isCurve ? LINE_SAMPLES : this.#resolution.lineSamples };
    return { key: '', size: 0 };
  }

  /** @param {Arrays} frame @param {PartName[]} parts @param {boolean} fine @param {boolean} urgent nothing that waits is of use */
  #ask(frame, parts, fine, urgent) {
    if (parts.length === 0) return;
    // What waits is dropped without an answer.
    if (urgent) for (const { asked } of [...this.#entries.values(), this.#besides]) asked.clear();
    this.#isFinePending = fine || (this.#isFinePending && !urgent);
    const entry = this.#entryOf(frame);
    const kinds = new Map(parts.map((name) => [name, this.#kind(name, fine)]));
    for (const [name, kind] of kinds) entry.asked.set(name, kind);
    const wants = this.#wants(parts, fine, frame);
    const more = { surface: { plot: wants.surface }, hidden: { view: this.#view }, many: { many_grid: wants.many?.grid } };
    const { surface: side } = this.#resolution;
    const onPicture = (picture) => {
      if (fine) this.#isFinePending = false;
      if (this.#entries.get(frame.parameters) !== entry) return;
      if (!fine && parts.length >= this.#parts.length && side === this.#resolution.surface) this.#resolution.note(this.#worker.lastMs);
      for (const [name, kind] of kinds) {
        if (entry.asked.get(name) === kind) entry.asked.delete(name);
        const arrays = Object.fromEntries(ARRAYS[name].filter((array) => picture[array]).map((array) => [array, picture[array]]));
        entry.made.set(name, { ...kind, arrays: { ...arrays, ...more[name] } });
      }
      entry.drawn = null;
      if (frame.parameters === this.#shown) this.#onArrival();
    };
    this.#worker.ask(frameNumber(frame), frame.parameters, wants, onPicture, { urgent });
  }

  /** What to ask the worker for (network/picture.js). @param {PartName[]} parts */
  #wants(parts, fine, frame) {
    const has = (/** @type {PartName} */ name) => parts.includes(name);
    return {
      surface: has('surface') ? this.#surface(fine) : null,
      maps: has('maps') ? this.#mapsSide(fine) : 0,
      hidden: has('hidden') ? this.#view : null,
      ...(has('hidden') && !this.#isCurve ? { grid: { lines: GRID_LINES, samples: this.#kind('hidden', fine).size } } : {}),
      folds: has('folds') ? this.#folds(fine) : null,
      borders: has('borders') ? this.#borders(fine) : null,
      probe: has('probe'),
      many: has('many') ? this.#many(fine) : null,
      trainScore: trainScore(frame),
    };
  }

  #surface(fine) {
    const { columns, rows, domain } = this.#wanted.surface;
    const isCurve = this.#isCurve;
    if (fine) return pixelGrid({ columns, rows, domain }, isCurve);
    const side = this.#resolution.surface;
    return isCurve ? { columns: CURVE_POINTS * side, rows: 1, domain } : { columns: side, rows: side, domain };
  }

  /** Lines that are found on a grid take it as fine as the surface's. */
  #folds(fine) {
    const domain = /** @type {number[][]} */ (this.#wanted.folds);
    return fine ? { domain, ...FINE_FOLDS } : { domain, squares: this.#resolution.surface - 1, halvings: this.#resolution.isRoughest ? 0 : LIVE_HALVINGS };
  }

  #borders(fine) {
    const side = fine ? FINE_BORDERS : this.#resolution.surface;
    return { columns: side, rows: side, domain: /** @type {number[][]} */ (this.#wanted.borders) };
  }

  #many(fine) {
    const { count, side } = this.#wanted.many;
    const { domain, input_names: axes } = this.#run.info;
    const n = fine ? side : Math.min(side, this.#resolution.surface);
    if (axes.length === 1) return { count, grid: { columns: Math.min(side, CURVE_POINTS * n), rows: 1, domain } };
    return { count, grid: { columns: n, rows: n, domain: fine ? domain.map((ends) => centres(ends, n)) : domain } };
  }

  /** Whether there is an axis alone. */
  get #isCurve() {
    return this.#run.info.input_names.length === 1;
  }

  #mapsSide(fine) {
    const { layer_sizes: sizes } = this.#run.info.network;
    const most = Math.floor(MOST_MAP_ROWS / sizes.reduce((sum, units) => sum + units, 0));
    return Math.min(most, fine ? this.#wanted.maps : Math.min(this.#resolution.maps, this.#wanted.maps));
  }

  /** @param {Arrays} frame @returns {Entry} */
  #entryOf({ parameters }) {
    const entry = this.#entries.get(parameters) ?? { asked: new Map(), made: new Map(), drawn: null, frame: null, besides: {} };
    this.#entries.delete(parameters);
    this.#entries.set(parameters, entry);
    if (this.#entries.size > MOST_ENTRIES) this.#entries.delete(this.#entries.keys().next().value);
    return entry;
  }
}
