/** Where the axis of losses begins and ends, and which levels stand beside the curves. No DOM in here, so that node can test it. */

/** @typedef {import('./curve_painter.js').Curve} Curve */

/** Lowest positive and highest loss of some curves. @param {Curve[]} curves */
export function lossExtent(curves) {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const { y } of curves) {
    for (const value of y) {
      if (value > highest) highest = value;
      if (value < lowest && value > 0) lowest = value;
    }
  }
  return { lowest, highest };
}

/** From so many measured losses on, the axis is made for most of them; and so far it may be from the highest. */
const ENOUGH = 12;
const SPARED = 0.05;
const FAR = 2;

/**
 * How high the axis of losses must be: as high as the highest, unless a few stand so far above all others that they would
 * press these flat.
 * @param {Curve[]} curves @param {number} highest of them, and of whatever else is painted @param {number[]} levels that must be seen
 * @returns {number}
 */
export function usualTop(curves, highest, levels = []) {
  let usual = -Infinity;
  for (const { y } of curves) {
    const known = y.filter(Number.isFinite);
    if (known.length < ENOUGH) return highest;
    const sorted = Float64Array.from(known).sort();
    usual = Math.max(usual, sorted[Math.ceil((1 - SPARED) * sorted.length) - 1], known.at(-1));
  }
  for (const level of levels) if (Number.isFinite(level)) usual = Math.max(usual, Math.min(level, highest));
  return usual > 0 && highest > FAR * usual ? 1.25 * usual : highest;
}

/**
 * What simple models reach, as levels in the chart: on test samples, where there are any.
 * @param {{has_test: boolean, table?: {baselines: {short: string, train_loss: number, test_loss: number}[]}}} info
 * @returns {{name: string, value: number}[]}
 */
export function baselineLosses({ table, has_test: hasTest }) {
  return (table?.baselines ?? []).map(({ short, train_loss: train, test_loss: test }) => ({ name: short, value: hasTest ? test : train }));
}
