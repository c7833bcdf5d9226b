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

/** A run that diverged leaves the chart: at so many times its first loss, or its usual one. */
const LEAVES_FIRST = 2;
const LEAVES_USUAL = 2;
/** Without knowing why, of a curve that ends so many times above that. */
const GONE = 1000;

/**
 * A curve without its end, if that is where it left all bounds.
 * @param {Curve} curve @param {number} [until] the epoch after which it did so, where that is known
 * @returns {Curve}
 */
export function withoutFall({ x, y }, until = Infinity) {
  let length = x.findIndex((epoch) => epoch > until + 1e-9);
  if (length < 0) length = x.length;
  const bound = GONE * limitOf({ x, y });
  while (length > 1 && !(y[length - 1] <= bound)) length--;
  return length === x.length ? { x, y } : { x: x.slice(0, length), y: y.slice(0, length) };
}

/** How high the axis is at most, of a curve that leaves the chart. @param {Curve} curve */
export function limitOf({ y }) {
  const known = Float64Array.from(y.filter(Number.isFinite)).sort();
  if (known.length === 0) return Infinity;
  const first = y.find(Number.isFinite) ?? 0;
  return Math.max(LEAVES_FIRST * first, LEAVES_USUAL * known[(known.length - 1) >> 1]) || Infinity;
}

/**
 * What simple models reach, as levels in the chart: on test samples, where there are any.
 * @param {{has_test: boolean, table?: {baselines: {short: string, train_loss: number, test_loss: number}[]}}} info
 * @returns {{name: string, value: number}[]}
 */
export function baselineLosses({ table, has_test: hasTest }) {
  return (table?.baselines ?? []).map(({ short, train_loss: train, test_loss: test }) => ({ name: short, value: hasTest ? test : train }));
}
