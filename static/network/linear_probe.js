/**
 * The linear probe: the best straight cut between classes, or the best linear fit, through samples as a layer sees them,
 * scored on those very samples.
 *
 * Least squares gives the first: of several classes each gets a linear function, fitted to 1 for its samples and 0 for the
 * others, and the largest one wins; of two classes the sign of one function decides. Samples far on the right side bend such a
 * fit, so between two classes it is fitted again to those within its margin alone: Newton's steps on a squared hinge
 * loss. Source: Keerthi and DeCoste (2005), https://jmlr.org/papers/v6/keerthi05a.html
 */
import { dot, rowProducts, solve } from './linear_algebra.js';

/** Added to each unit's variance, which is 1: too little to be seen, enough for units that say the same. */
const RIDGE = 1e-8;
/** A unit that varies by less, relative to its mean, says nothing: the rest is rounding in single precision. */
const CONSTANT = 1e-6;
/** How often a cut between two classes is fitted again to the samples near it or on its wrong side. */
const REFINEMENTS = 2;
/** How often one that parts them is fitted again, for more room. */
const ROOMIER = 3;
/** Targets that differ from their mean by no more, relative to the largest, don't differ: that is rounding. */
const ROUNDING = 8 * 2 ** -23;

/** @typedef {{values: Float64Array, units: number, stride: number}} Activations of each unit its values for all samples, a row of `stride` numbers for each unit */

/**
 * A straight cut, or linear fit: weights · activations + constant, for each of its outputs. A single output for two classes: positive
 * on the side of the second. The score is the accuracy, or R².
 * @typedef {{score: number, weights: Float64Array[], constants: number[]}} Cut
 */

/**
 * A fit to standardised activations, which have a constant 1 as the last unit.
 * @typedef {{score: number, weights: Float64Array, mean: Float64Array, perUnit: Float64Array}} Fit `weights` of all outputs, one after another
 */

export class LinearProbe {
  #classes;
  #labels;
  /** What is fitted, for each output a row. */
  #targets;
  #spread;
  /** Standardised units, then a row of ones; and those of the samples that count. */
  #rows = new Float64Array(0);
  #near = new Float64Array(0);
  #fitted;

  /** @param {ArrayLike<number>} targets of the training samples: class indices, or values @param {number} classes 0 for regression */
  constructor(targets, classes) {
    this.count = targets.length;
    this.isClassification = classes > 0;
    this.outputs = classes > 2 ? classes : 1;
    this.#classes = classes;
    this.#labels = Float64Array.from(targets);
    this.#targets = new Float64Array(this.outputs * this.count);
    for (let p = 0; p < this.count; p++) {
      if (classes > 2) this.#targets[targets[p] * this.count + p] = 1;
      else this.#targets[p] = classes ? (targets[p] === 1 ? 1 : -1) : targets[p];
    }
    this.#spread = spreadOf(this.#labels);
    this.#fitted = new Float64Array(this.outputs * this.count);
  }

  /** The fit to activations; its score is NaN where one of them isn't finite. @param {Activations} activations @returns {Fit} */
  fit(activations) {
    const { mean, perUnit } = this.#standardise(activations);
    const width = activations.units + 1;
    let weights = this.#leastSquares(this.#rows, this.#targets, width, this.count);
    this.#run(weights, width);
    if (!this.#fitted.every(Number.isFinite)) return { score: NaN, weights, mean, perUnit };
    let score = this.#score();
    if (this.#classes !== 2) return { score, weights, mean, perUnit };
    let best = weights;
    for (let k = 0; k < REFINEMENTS && score < 1; k++) {
      weights = this.#refined(width);
      this.#run(weights, width);
      const accuracy = this.#score();
      if (accuracy > score) [score, best] = [accuracy, weights];
    }
    return { score, weights: best, mean, perUnit };
  }

  /**
   * The cut that a fit is, in the activations' own coordinates. Between two classes that it parts, it is moved on to where
   * it has more room on either side.
   * @param {Fit} fit @param {Activations} activations that it was made of
   * @returns {Cut}
   */
  cut({ score, weights, mean, perUnit }, activations) {
    const { units } = activations;
    let rows = weights;
    if (score === 1 && this.#classes === 2) {
      this.#standardise(activations);
      rows = this.#roomier(weights, units + 1);
    }
    const own = Array.from({ length: this.outputs }, (_, k) => rows.slice(k * (units + 1), k * (units + 1) + units));
    const constants = own.map((row, k) => {
      for (let unit = 0; unit < units; unit++) row[unit] *= perUnit[unit];
      return rows[k * (units + 1) + units] - dot(row, 0, mean, 0, units);
    });
    return { score, weights: own, constants };
  }

  /** A cut that somebody else made, with its accuracy. @param {Float64Array[]} weights @param {number[]} constants @param {Activations} activations @returns {Cut} */
  judge(weights, constants, activations) {
    if (weights.length === 2 && this.#classes === 2) {
      // Of a softmax the difference decides.
      const [first, second] = weights;
      return this.judge([second.map((w, unit) => w - first[unit])], [constants[1] - constants[0]], activations);
    }
    const { values, units, stride } = activations;
    const rows = weights.map((row, k) => {
      const fitted = new Float64Array(this.count).fill(constants[k]);
      for (let unit = 0; unit < units; unit++) {
        for (let p = 0; p < this.count; p++) fitted[p] += row[unit] * values[unit * stride + p];
      }
      return fitted;
    });
    return { score: this.#accuracy(rows), weights, constants };
  }

  /** Fill `#rows`. @param {Activations} activations */
  #standardise({ values, units, stride }) {
    const n = this.count;
    if (this.#rows.length !== (units + 1) * n) {
      this.#rows = new Float64Array((units + 1) * n);
      this.#near = new Float64Array((units + 1) * n);
    }
    const rows = this.#rows.fill(1, units * n);
    const mean = new Float64Array(units);
    const perUnit = new Float64Array(units);
    for (let unit = 0; unit < units; unit++) {
      let sum = 0;
      for (let p = 0; p < n; p++) sum += values[unit * stride + p];
      mean[unit] = sum / n;
      let squares = 0;
      for (let p = 0; p < n; p++) {
        const deviation = values[unit * stride + p] - mean[unit];
        rows[unit * n + p] = deviation;
        squares += deviation * deviation;
      }
      const spread = Math.sqrt(squares / n);
      perUnit[unit] = spread > CONSTANT * Math.abs(mean[unit]) ? 1 / spread : 0;
      for (let p = 0; p < n; p++) rows[unit * n + p] *= perUnit[unit];
    }
    return { mean, perUnit };
  }

  /**
   * The weights, for each output a row, of the linear fit to the first `count` samples of `rows`.
   * @param {Float64Array} rows @param {Float64Array} targets @param {number} width units, with the constant one @param {number} count
   */
  #leastSquares(rows, targets, width, count) {
    const n = this.count;
    const products = rowProducts(rows, width, n, count, new Float64Array(width * width));
    for (let k = 0; k < width; k++) products[k * width + k] += RIDGE * n;
    const sides = new Float64Array(this.outputs * width);
    for (let k = 0; k < this.outputs; k++) {
      for (let unit = 0; unit < width; unit++) sides[k * width + unit] = dot(rows, unit * n, targets, k * n, count);
    }
    return solve(products, sides, width);
  }

  /** Fill `#fitted` with what weights make of the samples. @param {Float64Array} weights @param {number} width */
  #run(weights, width) {
    const [n, rows, fitted] = [this.count, this.#rows, this.#fitted.fill(0)];
    for (let k = 0; k < this.outputs; k++) {
      for (let unit = 0; unit < width; unit++) {
        const weight = weights[k * width + unit];
        for (let p = 0; p < n; p++) fitted[k * n + p] += weight * rows[unit * n + p];
      }
    }
  }

  /** The weights fitted to the samples within the margin of `#fitted`, or on the wrong side, alone. @param {number} width */
  #refined(width) {
    const [n, rows, near, fitted, targets] = [this.count, this.#rows, this.#near, this.#fitted, this.#targets];
    const nearTargets = new Float64Array(n);
    let count = 0;
    for (let p = 0; p < n; p++) {
      if (!(fitted[p] * targets[p] < 1)) continue;
      for (let unit = 0; unit < width; unit++) near[unit * n + count] = rows[unit * n + p];
      nearTargets[count++] = targets[p];
    }
    return this.#leastSquares(near, nearTargets, width, count);
  }

  /** The weights of the cut with the widest margin on the way to that of a support vector machine. @param {Float64Array} weights @param {number} width */
  #roomier(weights, width) {
    this.#run(weights, width);
    let [best, most] = [weights, this.#margin()];
    for (let k = 0; k < ROOMIER; k++) {
      const refined = this.#refined(width);
      this.#run(refined, width);
      const margin = this.#margin();
      if (margin > most) [best, most] = [refined, margin];
    }
    return best;
  }

  /** The least distance of a sample from the cut, on its own side, as a share of how far they spread. */
  #margin() {
    let [low, high, least] = [Infinity, -Infinity, Infinity];
    for (let p = 0; p < this.count; p++) {
      const value = this.#fitted[p];
      low = Math.min(low, value);
      high = Math.max(high, value);
      least = Math.min(least, this.#targets[p] * value);
    }
    return high > low ? least / (high - low) : 0;
  }

  #score() {
    const n = this.count;
    if (this.isClassification) return this.#accuracy(Array.from({ length: this.outputs }, (_, k) => this.#fitted.subarray(k * n, (k + 1) * n)));
    let squares = 0;
    for (let p = 0; p < n; p++) squares += (this.#targets[p] - this.#fitted[p]) ** 2;
    return this.#spread > 0 && this.#spread < Infinity ? 1 - squares / this.#spread : NaN;
  }

  /** The share of the samples for which the rows say their class. @param {Float64Array[]} rows a single one is positive for the second class */
  #accuracy(rows) {
    let right = 0;
    for (let p = 0; p < this.count; p++) {
      let answer = 0;
      if (rows.length === 1) answer = rows[0][p] > 0 ? 1 : 0;
      else for (let k = 1; k < rows.length; k++) if (rows[k][p] > rows[answer][p]) answer = k;
      right += Number(answer === this.#labels[p]);
    }
    return right / this.count;
  }
}

/** Σ (y − mean)², 0 for targets that are constant but for rounding. @param {Float64Array} targets */
function spreadOf(targets) {
  const mean = targets.reduce((sum, y) => sum + y, 0) / targets.length;
  const largest = targets.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
  const farthest = targets.reduce((most, y) => Math.max(most, Math.abs(y - mean)), 0);
  return farthest > ROUNDING * largest ? targets.reduce((sum, y) => sum + (y - mean) ** 2, 0) : 0;
}
