/**
 * How finely frames are drawn while they play: as finely as the time for a picture allows. Pure.
 */

/** Points along a side of the boundary. A step up costs half as much again. */
const SIDES = [21, 25, 31, 41, 51, 65, 81];
const FIRST = 3;
/** With fewer, maps are as fine. */
const FEW = 25;
/** Samples along each line of the warped grid; and where even the fewest points take long, as many as a straight piece needs. */
export const LINE_SAMPLES = 31;
const FEWEST_LINE_SAMPLES = 13;
/** A picture may take so long, in milliseconds. */
const MOST_MS = 9;
/** The next finer one is to take less than this, so that it doesn't go to and fro. */
const FEW_MS = 6;
/** Share of the newest picture in the running mean. */
const NEWEST_SHARE = 0.1;
/** Pictures of one resolution before another one is tried. */
const PATIENCE = 30;

/** @typedef {{sides: number[], first: number, mostMs: number, fewMs: number}} Scale as the numbers above */

export class Resolution {
  #scale;
  #step;
  #mean = 0;
  #seen = 0;

  /** @param {Scale} scale */
  constructor(scale = { sides: SIDES, first: FIRST, mostMs: MOST_MS, fewMs: FEW_MS }) {
    this.#scale = scale;
    this.#step = scale.first;
  }

  /** Points along a side of the boundary. */
  get surface() {
    return this.#scale.sides[this.#step];
  }

  /** Points along a side of a unit's map: every second one of the boundary's, which then need not be computed twice. */
  get maps() {
    return this.surface > FEW ? (this.surface + 1) / 2 : this.surface;
  }

  /** Samples along each line of the warped grid. */
  get lineSamples() {
    return this.isRoughest ? FEWEST_LINE_SAMPLES : LINE_SAMPLES;
  }

  /** Whether pictures can be no rougher. */
  get isRoughest() {
    return this.#step === 0;
  }

  /** Another run takes another time. */
  reset() {
    this.#step = this.#scale.first;
    this.#forget();
  }

  /** A frame could not be shown, as its picture was not there. */
  wait() {
    if (this.#seen > 0) this.note(2 * this.#scale.mostMs);
  }

  /** A picture of the present resolution took so long. @param {number} ms */
  note(ms) {
    this.#mean += (this.#seen === 0 ? 1 : NEWEST_SHARE) * (ms - this.#mean);
    const { sides, mostMs, fewMs } = this.#scale;
    if (++this.#seen < PATIENCE && this.#mean < 4 * mostMs) return;
    const finer = sides[this.#step + 1] ?? Infinity;
    if (this.#mean > mostMs && this.#step > 0) this.#change(-1);
    else if (this.#mean * (finer / this.surface) ** 2 < fewMs) this.#change(1);
  }

  #change(by) {
    this.#step += by;
    this.#forget();
  }

  #forget() {
    this.#mean = 0;
    this.#seen = 0;
  }
}

/** The centres of the first and the last of so many pixels. @param {number[]} ends @param {number} n */
export function centres([low, high], n) {
  const half = (high - low) / n / 2;
  return [low + half, high - half];
}

/** A point for each pixel, in its centre. @param {{columns: number, rows: number, domain: number[][]}} pixels and the part of the plane that they show @param {boolean} isCurve whether there is an axis alone */
export const pixelGrid = ({ columns, rows, domain }, isCurve) => ({ columns, rows: isCurve ? 1 : rows, domain: domain.map((ends, axis) => centres(ends, axis ? rows : columns)) });
