/**
 * The points that are being drawn: a list with a past and a future. No DOM, so that node can test it.
 *
 * A point is [x, y, target]: a class number, or a value.
 */

export const MAX_POINTS = 1000;
export const MAX_CLASSES = 10;
const MIN_POINTS = 4;
const MIN_OF_A_CLASS = 2;
const MAX_UNDO = 200;

/** @typedef {[number, number, number]} Point */

export class DrawnPoints {
  /** @type {Point[]} */
  points = [];
  /** @type {'classification'|'regression'} */
  task = 'classification';
  #past = [];
  #future = [];
  #before = null;

  /** Begin with other points; nothing is left to undo. @param {Point[]} points */
  load(points, task) {
    this.points = points;
    this.task = task;
    this.#past = [];
    this.#future = [];
    this.#before = null;
  }

  get full() {
    return this.points.length >= MAX_POINTS;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }

  /** Begin a gesture, which is undone as one. */
  begin() {
    this.#before ??= this.points;
  }

  /** @returns {boolean} whether there was room for it */
  add(x, y, target) {
    if (this.full || ![x, y, target].every(Number.isFinite)) return false;
    this.begin();
    this.points = [...this.points, [x, y, target]];
    return true;
  }

  /** Remove the points within an ellipse. @returns {number} how many they were */
  erase(x, y, radiusX, radiusY) {
    const left = this.points.filter(([u, v]) => ((u - x) / radiusX) ** 2 + ((v - y) / radiusY) ** 2 > 1);
    const count = this.points.length - left.length;
    if (count === 0) return 0;
    this.begin();
    this.points = left;
    return count;
  }

  /** End a gesture. @returns {boolean} whether it changed anything */
  commit() {
    const before = this.#before;
    this.#before = null;
    if (before === null || before === this.points) return false;
    this.#past.push(before);
    if (this.#past.length > MAX_UNDO) this.#past.shift();
    this.#future = [];
    return true;
  }

  /** End a gesture as if it had not been. */
  rollBack() {
    this.points = this.#before ?? this.points;
    this.#before = null;
  }

  /** @returns {boolean} whether there was anything to clear */
  clear() {
    if (this.points.length === 0) return false;
    this.begin();
    this.points = [];
    return this.commit();
  }

  undo() {
    return this.#travel(this.#past, this.#future);
  }

  redo() {
    return this.#travel(this.#future, this.#past);
  }

  #travel(from, to) {
    this.commit();
    if (from.length === 0) return false;
    to.push(this.points);
    this.points = from.pop();
    return true;
  }

  /** How many classes the points need, at least two. */
  get classCount() {
    return this.points.reduce((count, [, , target]) => Math.max(count, target + 1), 2);
  }

  /** Why these points are too few to learn from, or null. @returns {string|null} */
  get missing() {
    if (this.task === 'regression') return this.points.length < MIN_POINTS ? `Draw at least ${MIN_POINTS} points to begin.` : null;
    const counts = this.#counts();
    if (counts.size < 2) return `Draw at least ${MIN_OF_A_CLASS} points in each of 2 classes to begin.`;
    return Math.min(...counts.values()) < MIN_OF_A_CLASS ? `Each class needs at least ${MIN_OF_A_CLASS} points.` : null;
  }

  #counts() {
    const counts = new Map();
    for (const [, , target] of this.points) counts.set(target, (counts.get(target) ?? 0) + 1);
    return counts;
  }

  /** A few numbers that tell sets of points apart, whatever their order. */
  get fingerprint() {
    const sums = [0, 0, 0, 0];
    for (const [x, y, target] of this.points) {
      sums[0] += x;
      sums[1] += y;
      sums[2] += target;
      sums[3] += x * y + target * (x - 2 * y);
    }
    return [this.points.length, ...sums];
  }
}

/**
 * Whether two fingerprints are of the same points, which moved by rounding at most.
 * @param {number} extent of the plane
 */
export function sameFingerprint(a, b, extent) {
  const tolerance = 1e-4 * Math.max(1, a[0]) * Math.max(1, extent);
  return a[0] === b[0] && a.every((value, i) => Math.abs(value - b[i]) <= tolerance * Math.max(1, i === 4 ? extent : 1));
}

/** The samples of a run as points. @returns {Point[]} */
export function pointsOf({ statics }) {
  const { inputs, targets } = statics;
  return Array.from(targets, (target, i) => [inputs[2 * i], inputs[2 * i + 1], target]);
}
