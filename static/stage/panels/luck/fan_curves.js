/** The fan's curves, few enough to draw: every seed's, the median, and the quartiles. No DOM in here. */
import { quantiles } from './statistics.js';

/** Points of a curve, at most about. */
const MOST_POINTS = 160;
const SHARES = [0.25, 0.5, 0.75];
/** Losses so far above what the upper quartile mostly is, or began with, are cut off. */
const [SPARED, MOSTLY] = [3, 0.9];

/** @typedef {import('./seed_history.js').SeedHistory} SeedHistory */
/**
 * @typedef {Object} Fan
 * @property {number[]} x epochs
 * @property {number[][]} seeds each one's losses there, NaN where it had diverged
 * @property {number[]} lower @property {number[]} median @property {number[]} upper quartiles across the seeds; Infinity where so many had diverged
 */

/** Quartiles of entries, which never change. @type {WeakMap<import('./seed_history.js').Entry, number[][]>} */
const known = new WeakMap();

/**
 * @param {SeedHistory} history @param {number} furthest frame that was on screen @param {number} count of seeds @param {0|1} set training or test
 * @returns {Fan}
 */
export function fanOf(history, furthest, count, set) {
  const length = history.indexAt(furthest) + 1;
  // A stride of 2, 4, 8, …: what is left out stays so for long, and the curves don't shimmer while they grow.
  const stride = 2 ** Math.max(0, Math.ceil(Math.log2(length / MOST_POINTS)));
  const entries = history.entries.slice(0, length).filter((_, k) => k % stride === 0 || k === length - 1);
  const losses = (/** @type {import('./seed_history.js').Entry} */ entry) => Float64Array.from({ length: count }, (_, k) => history.lossOf(entry, k, set));
  const middles = entries.map((entry) => {
    const kept = known.get(entry) ?? [];
    kept[set] ??= quantiles(losses(entry), SHARES);
    known.set(entry, kept);
    return kept[set];
  });
  return {
    x: entries.map(({ epoch }) => epoch),
    seeds: Array.from({ length: count }, (_, k) => entries.map((entry) => history.lossOf(entry, k, set))),
    lower: middles.map(([lower]) => lower),
    median: middles.map(([, median]) => median),
    upper: middles.map(([, , upper]) => upper),
  };
}

/** Lowest positive and highest loss that the axis shows: a few seeds far above all others don't press these flat. @param {Fan} fan */
export function extentOf({ seeds, upper }) {
  let lowest = Infinity;
  let highest = -Infinity;
  for (const losses of seeds) {
    for (const loss of losses) {
      if (loss > highest && loss < Infinity) highest = loss;
      if (loss > 0 && loss < lowest) lowest = loss;
    }
  }
  const finite = upper.filter(Number.isFinite);
  const usual = finite.length ? SPARED * Math.max(finite[0], quantiles(finite, [MOSTLY])[0]) : NaN;
  return { lowest, highest: usual > 0 ? Math.min(highest, usual) : highest };
}

/**
 * The seed whose curve is nearest to a place, in the units of `heightOf`; null where none is near.
 * @param {Fan} fan @param {number} epoch @param {number} height @param {(loss: number) => number} heightOf @param {number} reach
 * @returns {number|null}
 */
export function nearestSeed({ x, seeds }, epoch, height, heightOf, reach) {
  let at = x.findIndex((value) => value >= epoch);
  if (at < 0) at = x.length - 1;
  const before = Math.max(0, at - 1);
  const share = x[at] > x[before] ? Math.max(0, Math.min(1, (epoch - x[before]) / (x[at] - x[before]))) : 1;
  /** @type {number|null} */
  let best = null;
  let distance = reach;
  seeds.forEach((losses, k) => {
    const [from, to] = [heightOf(losses[before]), heightOf(losses[at])];
    const away = Math.abs(from + (to - from) * share - height);
    if (away < distance) [best, distance] = [k, away];
  });
  return best;
}
