/**
 * A regression's answers in the target's own units, where the network learned something else: the logarithm, or
 * standardised values. Pure, so that node can test it.
 */
import { niceCeil } from '../../plot/ranges.js';

/** @typedef {{name: string, log: boolean, centre: number, spread: number}} Target what was learned is (y − centre) / spread, of log y where `log` */

/** @param {Target|null|undefined} target */
export const isChanged = (target) => Boolean(target) && (target.log || target.centre !== 0 || target.spread !== 1);

/** What the network says, in the target's units. @param {Target} target @param {number} value */
export function original(target, value) {
  const result = value * target.spread + target.centre;
  return target.log ? Math.exp(result) : result;
}

/** @param {Target} target @param {ArrayLike<number>} values */
const originals = (target, values) => Float64Array.from(values, (value) => original(target, value));

/** Statics with the targets in their own units. */
export const originalStatics = (statics, target) => ({ ...statics, targets: originals(target, statics.targets) });

/**
 * A frame's predictions and what follows from them, in the target's own units.
 * @param {{predictions: Float32Array, residual_counts: Uint32Array}} frame
 * @param {{targets: Float64Array, is_test: Uint8Array}} statics with the targets in their own units
 * @param {Target} target @param {(string|null)[]} undefinedScore why training and test samples have no R², if they have none
 */
export function originalFrame(frame, statics, target, undefinedScore = [null, null]) {
  const predictions = originals(target, frame.predictions);
  const residuals = predictions.map((value, i) => statics.targets[i] - value);
  const bins = frame.residual_counts.length / 2;
  // Half of what the targets span: where a few answers are off by more than that, they are in the outermost bins.
  const far = (Math.max(...statics.targets) - Math.min(...statics.targets)) / 2;
  const largest = residuals.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const reach = niceCeil(Math.min(largest, 2 * far));
  const counts = new Uint32Array(2 * bins);
  const scores = new Float64Array(6);
  for (const set of [0, 1]) {
    const rows = [...statics.targets.keys()].filter((i) => statics.is_test[i] === set);
    for (const i of rows) {
      const bin = Math.floor(((residuals[i] + reach) * bins) / (2 * reach));
      if (!Number.isNaN(bin)) counts[set * bins + Math.min(bins - 1, Math.max(0, bin))]++;
    }
    scores.set(scoresOf(rows, residuals, statics.targets), 3 * set);
    // The targets may have been rounded on their way: a spread of rounding is none.
    if (undefinedScore[set]) scores[3 * set] = NaN;
  }
  return { far, predictions, residual_counts: counts, residual_reach: new Float32Array([reach]), regression_scores: scores };
}

/** R², mean size and root mean square of the residuals; NaN where they aren't defined. */
function scoresOf(rows, residuals, targets) {
  const mean = rows.reduce((sum, i) => sum + targets[i], 0) / rows.length;
  const squares = rows.reduce((sum, i) => sum + residuals[i] ** 2, 0);
  const total = rows.reduce((sum, i) => sum + (targets[i] - mean) ** 2, 0);
  const size = rows.reduce((sum, i) => sum + Math.abs(residuals[i]), 0) / rows.length;
  return [total > 0 ? 1 - squares / total : NaN, size, Math.sqrt(squares / rows.length)];
}
