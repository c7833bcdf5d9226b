/** The finite differences of a weight, by their ε, and what is to be said of one. No DOM in here. */
import { formatNumber } from './numbers.js';

/** From this relative error on, a finite difference is no check any more. */
const GOOD = 1e-5, POOR = 1e-2;

export class Differences {
  /** @param {{weight: number[], best: number, gradient: number}} header @param {import('../../messages/decode.js').Arrays} arrays */
  constructor({ weight: [layer, from, unit], best, gradient }, arrays) {
    this.weight = { layer, from, unit };
    this.best = best;
    this.gradient = gradient;
    this.epsilons = arrays.epsilons;
    this.quotients = arrays.quotients;
    this.errors = arrays.difference_errors;
    this.plus = arrays.loss_plus;
    this.minus = arrays.loss_minus;
    this.kinks = arrays.crosses_kink;
    const size = Math.abs(gradient) || 1;
    /** What rounding alone can do, relative to the gradient. */
    this.noise = Float64Array.from(arrays.rounding, (value) => value / size);
  }

  /** @param {import('./step.js').Weight} weight */
  isOf({ layer, from, unit }) {
    const mine = this.weight;
    return mine.layer === layer && mine.from === from && mine.unit === unit;
  }

  /** What an ε shows, in a sentence. @param {number} k */
  sentence(k) {
    const error = this.errors[k];
    if (!Number.isFinite(error)) return 'With this ε the loss is no longer a finite number.';
    if (this.kinks[k]) return 'Between the two points some unit crosses its kink, so the slope there isn’t one slope: the difference is no check.';
    if (error <= GOOD) return `The finite difference agrees with backpropagation to ${formatNumber(error)}, relatively.`;
    if (k < this.best) return `Too small: the two losses differ in their last digits only, and rounding makes an error of ${formatNumber(error)}.`;
    if (error <= POOR) return `A little too large: the loss is curved, and the error is ${formatNumber(error)}.`;
    return `Too large: the difference is that of a chord, not of the slope. The error is ${formatNumber(error)}.`;
  }
}
