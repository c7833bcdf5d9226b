/**
 * What was drawn: strokes over an image, perhaps. Places are shares of the pad's side, so that it may have any size.
 * No DOM in here, so that node can test it.
 */

/** Nearer points than this are left out: they change nothing that one sees. */
const LEAST_STEP = 0.004;
const MOST_POINTS = 4000;

/** @typedef {[number, number]} Place */
/** @typedef {{rows: number, columns: number, pixels: Uint8Array, truth: number}} Picture an image of the data set, and which digit it is */

export class Strokes {
  /** Grows with whatever changes. */
  version = 0;
  /** @type {Place[][]} */
  strokes = [];
  /** What is drawn over, or null. @type {Picture|null} */
  picture = null;
  #points = 0;
  /** Whether the last stroke goes on: not once it was taken back, or another picture came, while the hand was still down. */
  #open = false;

  get isEmpty() {
    return this.strokes.length === 0 && this.picture === null;
  }

  /** Begin a stroke: a dot at first. @param {Place} place */
  begin(place) {
    if (!isPlace(place) || this.#points >= MOST_POINTS) return false;
    this.strokes.push([place]);
    this.#open = true;
    this.#points++;
    this.version++;
    return true;
  }

  /** Draw on, from where the pen is. @param {Place} place @returns {boolean} whether there is anything new */
  extend(place) {
    const stroke = this.#open ? this.strokes.at(-1) : undefined;
    if (!stroke || !isPlace(place) || this.#points >= MOST_POINTS) return false;
    const [x, y] = stroke.at(-1);
    if (Math.hypot(place[0] - x, place[1] - y) < LEAST_STEP) return false;
    stroke.push(place);
    this.#points++;
    this.version++;
    return true;
  }

  /** Take the last stroke back, or the image where there is none. */
  undo() {
    if (this.isEmpty) return false;
    if (this.strokes.length > 0) this.#points -= this.strokes.pop().length;
    else this.picture = null;
    this.#open = false;
    this.version++;
    return true;
  }

  clear() {
    if (this.isEmpty) return false;
    this.strokes = [];
    this.picture = null;
    this.#points = 0;
    this.#open = false;
    this.version++;
    return true;
  }

  /** Put an image in the place of everything. @param {Picture} picture */
  show(picture) {
    this.clear();
    this.picture = picture;
    this.version++;
  }
}

const isPlace = (place) => place.every(Number.isFinite);
