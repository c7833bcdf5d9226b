/**
 * The landscape of the loss as the server tells of it, and when to ask for more. Pure, so that node can test it.
 *
 * The plane stays while the run plays, so that the picture doesn't jump. It is chosen again when the run rests and has become
 * longer, or is four times as long as when it was chosen; but not while somebody points at a place of it. Where the path leaves the picture, more of the same plane is drawn.
 */
import { frameNumber, testLoss, trainLoss } from '../../messages/frame.js';

/** At rest the plane is chosen again once the path is longer by this share; while it plays, once it is so many times as long, and has so many frames. */
const LONGER = 0.15;
const MUCH_LONGER = 4;
const FEWEST_FRAMES = 8;
/** Milliseconds between two times that more is drawn while frames play. */
const WIDER_MS = 400;
/** A longer path is told by half of its frames. */
const MOST_SPOTS = 1500;
/** So many numbers a frame has in a path. */
const ROW = 5;

/** @typedef {{frame: number, x: number, y: number, losses: number[]}} Spot a frame of a path: losses on the training and the test set */
/** @typedef {import('../../messages/decode.js').Arrays[string]} Numbers */
/** @typedef {'principal'|number[]} Plane the principal directions, or those of two parameters */
/**
 * @typedef {{id: number, level: number, complete: boolean, plane: 'principal'|'parameters'|'random', chosen: number[],
 *   explained: (number|null)[], bounds: number[][]}} Told
 */
/** @typedef {{x: Numbers, y: Numbers, sets: Numbers[]}} Grid losses row by row, the lowest y first; on the training and the test set */

export class Landscape {
  /** Grows with everything that is told. */
  version = 0;
  /** What is under way. @type {Told|null} */
  told = null;
  /** What of it is here, and drawn. @type {Told|null} */
  drawn = null;
  /** @type {Grid|null} */
  grid = null;
  /** Of the branch on the stage. @type {Spot[]} */
  path = [];
  /** Of the others. @type {{name: string, path: Spot[]}[]} */
  others = [];
  /** @type {Plane} */
  plane = 'principal';
  /** Whether somebody points at a place: the plane stays meanwhile, so that it is that place which is chosen. */
  isPointedAt = false;
  /** Where the frame on screen lies. @type {number[]|null} */
  here = null;
  /** @type {Numbers} */
  #directions = new Float32Array(0);
  /** @type {Numbers} */
  #offset = new Float64Array(2);
  /** The path's length when the plane was chosen, and the frame that it goes through. */
  #fittedFor = 0;
  #fittedAt = -1;
  /** Of the run, at the newest answer. */
  #runVersion = -1;
  /** The run's version and the plane that there is no landscape of. */
  #refused = '';
  /** The frame that more was last drawn for, and when. */
  #widenedFor = -1;
  #widenedAt = -Infinity;

  /** Whether what is drawn is of the plane that was chosen, and of the run on the stage. @param {number} version of the run */
  isOf(version) {
    return this.told !== null && this.#runVersion === version && this.#hasPlane;
  }

  /** Whether there is none of the run on the stage. @param {number} version of the run */
  isMissing(version) {
    return this.#refused === `${version} ${this.plane}`;
  }

  get #hasPlane() {
    return this.plane === 'principal' ? this.told?.plane !== 'parameters' : `${this.told?.chosen}` === `${this.plane}`;
  }

  /**
   * The request that brings what is missing, or null.
   * @param {{shown: number, furthest: number, playing: boolean, version: number, now: number}} at the frame on screen, the furthest that was, and the run's version
   */
  toAsk({ shown, furthest, playing, version, now }) {
    const { told } = this;
    const ask = (/** @type {Object} */ more) => ({ kind: 'landscape', frame: furthest, plane: this.plane, ...more });
    if (`${version} ${this.plane}` === this.#refused) return null;
    if (!told || !this.isOf(version)) return ask({});
    // Two weights vary about the frame on screen; the run's own directions are those of all of its path.
    if (this.plane !== 'principal' && !playing && shown !== this.#fittedAt) return ask({ frame: shown, again: 'fit' });
    const length = playing ? MUCH_LONGER * (this.#fittedFor + 1) : (1 + LONGER) * this.#fittedFor + 1;
    if (!this.isPointedAt && furthest >= (playing ? Math.max(FEWEST_FRAMES, length) : length)) return ask({ again: 'fit' });
    if (!told.complete) return ask({ have: [told.id, told.level] });
    const mayWiden = shown !== this.#widenedFor && (!playing || now - this.#widenedAt > WIDER_MS);
    if (!mayWiden || !this.here || this.#isInside(this.here)) return null;
    return ask({ frame: shown, again: 'wider' });
  }

  #isInside(place) {
    return this.told?.bounds.every(([low, high], axis) => place[axis] >= low && place[axis] <= high) ?? false;
  }

  /**
   * Take an answer.
   * @param {Told|undefined} told @param {import('../../messages/decode.js').Arrays} arrays @param {Object} asked
   * @param {{furthest: number, version: number, now: number}} at the furthest frame that was on screen, and the run's version
   */
  take(told, arrays, asked, { furthest, version, now }) {
    this.version++;
    if (!told) {
      this.#refused = `${version} ${this.plane}`;
      return;
    }
    if (asked.again === 'wider') [this.#widenedFor, this.#widenedAt] = [asked.frame, now];
    if (asked.again === 'fit') this.#fittedAt = asked.frame;
    if (told.id !== this.told?.id && asked.again !== 'wider') [this.#fittedFor, this.#fittedAt] = [furthest, asked.frame];
    this.told = told;
    this.#runVersion = version;
    if (!arrays.landscape_loss) return;
    const [x, y] = [arrays.landscape_x, arrays.landscape_y];
    const size = x.length * y.length;
    const { length } = arrays.landscape_loss;
    const sets = Array.from({ length: length / size }, (_, k) => arrays.landscape_loss.subarray(k * size, (k + 1) * size));
    this.grid = { x, y, sets };
    this.drawn = told;
    this.#directions = arrays.landscape_directions;
    this.#offset = arrays.landscape_offset;
    this.path = spotsOf(arrays.landscape_path).filter(({ frame }) => frame <= furthest);
    this.others = Object.keys(arrays)
      .filter((name) => name.startsWith('landscape_path_'))
      .map((name) => ({ name: name.slice('landscape_path_'.length), path: spotsOf(arrays[name]) }));
  }

  /** Take note of the frame on screen: it lies somewhere, and may be the path's newest. */
  see(frame, furthest) {
    const number = frameNumber(frame);
    while (this.path.length > 0 && this.path[this.path.length - 1].frame > furthest) this.path.pop();
    this.here = this.placeOf(frame.parameters);
    if (!this.here || number <= (this.path[this.path.length - 1]?.frame ?? -1)) return;
    if (this.path.length >= MOST_SPOTS) this.path = this.path.filter((_, k) => k % 2 === 0);
    this.path.push({ frame: number, x: this.here[0], y: this.here[1], losses: [trainLoss(frame), testLoss(frame)] });
  }

  /** The nearest place in the plane. @param {Numbers|undefined} parameters @returns {number[]|null} null where the plane is of another network */
  placeOf(parameters) {
    const n = parameters?.length ?? 0;
    if (!parameters || this.#directions.length !== 2 * n) return null;
    const place = [0, 0];
    for (let axis = 0; axis < 2; axis++) {
      let sum = 0;
      for (let k = 0; k < n; k++) sum += this.#directions[axis * n + k] * parameters[k];
      place[axis] = sum - this.#offset[axis];
    }
    return place.every(Number.isFinite) ? place : null;
  }
}

/** @param {Numbers} rows @returns {Spot[]} */
function spotsOf(rows) {
  return Array.from({ length: (rows?.length ?? 0) / ROW }, (_, k) => {
    const [frame, x, y, train, test] = rows.subarray(ROW * k, ROW * (k + 1));
    return { frame, x, y, losses: [train, test] };
  });
}
