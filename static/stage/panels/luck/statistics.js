/** What is said of many results: quantiles, an interval, bins. No DOM in here, so that node can test it. */

/** The normal distribution's 97.5 % quantile: what lies within it on both sides is 95 %. */
const Z = 1.959963984540054;

/**
 * Quantiles across the seeds, between neighbours by their distance. A seed without a value has diverged: of losses it
 * counts as one above all others.
 * @param {ArrayLike<number>} values @param {number[]} shares 0 to 1 @returns {number[]} Infinity where a quantile lies among those
 */
export function quantiles(values, shares) {
  const sorted = Float64Array.from(values, (value) => (Number.isNaN(value) ? Infinity : value)).sort();
  const last = sorted.length - 1;
  return shares.map((share) => {
    const place = share * last;
    const below = Math.floor(place);
    const [low, high] = [sorted[below], sorted[Math.min(last, below + 1)]];
    return low === high || place === below ? low : low + (high - low) * (place - below);
  });
}

/** How many reach a target; one without a score doesn't. @param {ArrayLike<number>} scores @param {number} target */
export function reached(scores, target) {
  let count = 0;
  for (let k = 0; k < scores.length; k++) if (scores[k] >= target) count++;
  return count;
}

/**
 * The 95 % interval of a share of which a sample is known (Wilson 1927, https://doi.org/10.1080/01621459.1927.10502953).
 * It never leaves 0 to 1, and is honest for few as well.
 * @param {number} successes @param {number} n @returns {[number, number]}
 */
export function wilsonInterval(successes, n) {
  const share = successes / n;
  const z2 = Z ** 2 / n;
  const middle = share + z2 / 2;
  const half = Math.sqrt(share * (1 - share) * z2 + z2 ** 2 / 4);
  const [low, high] = [(middle - half) / (1 + z2), (middle + half) / (1 + z2)];
  return [successes === 0 ? 0 : low, successes === n ? 1 : high];
}

/** Lower ends that an axis of scores may have: it moves in steps, and holds all but what is worse than the least. */
const LOWS = { accuracy: [0.9, 0.8, 0.5, 0], r2: [0.9, 0.8, 0.5, 0, -1] };

/**
 * Where an axis of scores begins.
 * @param {ArrayLike<number>} scores @param {number} target which is to be seen, too @param {boolean} isAccuracy
 */
export function lowEnd(scores, target, isAccuracy) {
  let least = target;
  for (let k = 0; k < scores.length; k++) if (scores[k] < least) least = scores[k];
  const lows = LOWS[isAccuracy ? 'accuracy' : 'r2'];
  return lows.find((low) => least >= low + (1 - low) / 50) ?? /** @type {number} */ (lows.at(-1));
}

/** Bins from an axis's low end up to 1. */
export const BINS = 20;

/** Bin of a score; of one below the axis the first. NaN has none: −1. @param {number} score @param {number} low */
export function binOf(score, low) {
  if (Number.isNaN(score)) return -1;
  const place = Math.floor(((score - low) / (1 - low)) * BINS + 1e-9);
  return Math.max(0, Math.min(BINS - 1, place));
}

/**
 * Seeds one after another, as a wall shows them: by number, or the best first, those alike by their loss and at last by number.
 * @param {{scores: ArrayLike<number>, losses: ArrayLike<number>}} results @param {'seed'|'result'} by @returns {number[]}
 */
export function orderOf({ scores, losses }, by) {
  const all = Array.from({ length: scores.length }, (_, k) => k);
  if (by === 'seed') return all;
  const worth = (/** @type {number} */ k) => (Number.isNaN(scores[k]) ? -Infinity : scores[k]);
  const cost = (/** @type {number} */ k) => (Number.isNaN(losses[k]) ? Infinity : losses[k]);
  const compare = (/** @type {number} */ a, /** @type {number} */ b) => (a === b ? 0 : a < b ? -1 : 1);
  return all.sort((a, b) => compare(worth(b), worth(a)) || compare(cost(a), cost(b)) || a - b);
}

/**
 * The cells of a wall: as large as they can be in a place, and how many in a row.
 * @param {number} count @param {number} width @param {number} height Infinity where it may be as high as it likes
 * @param {{label: number, gap: number, least: number, most: number}} sizes `label`: the room that each one's words take below it
 * @returns {{side: number, columns: number}}
 */
export function cellsIn(count, width, height, { label, gap, least, most }) {
  const across = (/** @type {number} */ columns) => ({ side: Math.floor((width - gap * (columns - 1)) / columns), columns });
  if (height === Infinity) return across(Math.ceil((width + gap) / (most + gap)));
  let best = { side: 0, columns: 1 };
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const side = Math.floor(Math.min((width - gap * (columns - 1)) / columns, (height - gap * (rows - 1)) / rows - label, most));
    if (side >= best.side) best = { side, columns };
  }
  return best.side >= least ? best : across(Math.max(1, Math.floor((width + gap) / (least + gap))));
}
