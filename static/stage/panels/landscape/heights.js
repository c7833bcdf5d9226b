/**
 * What a landscape's losses are drawn as: heights from 0 to 1, colours, and lines of equal loss. Pure, so that node can test it.
 */
import { css } from '../../../kit/theme.js';
import { formatBetween, formatShort } from '../../../kit/text.js';
import { scaleColor } from '../../../kit/value_scale.js';

/** About so many lines of equal loss. */
const LINES = 11;
/** Round numbers in nearly equal steps. */
const FINE = [1, 1.1, 1.25, 1.4, 1.6, 1.8, 2, 2.2, 2.5, 2.8, 3.2, 3.6, 4, 4.5, 5, 5.6, 6.3, 7, 8, 9];
/** A smaller range than that is parted by equal steps, whichever its heights go by. */
const FACTORS = 2.5;
/** By factors no more is told than so many powers of ten below the largest. */
const MOST_DECADES = 12;

/** @typedef {{low: number, high: number, log: boolean}} Range of losses */
/**
 * What is drawn.
 * @typedef {{grid: import('../../run/landscape.js').Grid, losses: import('../../run/landscape.js').Numbers, set: number, id: number, range: Range, isClipped: boolean, version: string,
 *   names: string[], lossName: string, path: import('../../run/landscape.js').Spot[], others: {name: string, path: import('../../run/landscape.js').Spot[]}[],
 *   here: number[]|null, hereLosses: number[], frame: number}} Scene `set`: 0 of the training, 1 of the test set; `id`: of the landscape, as the server knows it; `version` changes with the surface
 */

/** From where to where losses go, those that aren't finite left out. @param {ArrayLike<number> & Iterable<number>} losses @param {boolean} log @returns {Range} */
export function rangeOf(losses, log) {
  let [low, high] = [Infinity, -Infinity];
  for (const loss of losses) {
    if (!Number.isFinite(loss)) continue;
    if (loss < low) low = loss;
    if (loss > high) high = loss;
  }
  if (low > high) return { low: 0, high: 1, log: false };
  if (!log || high <= 0) return { low, high: high > low ? high : low + 1, log: false };
  low = Math.max(low, high * 10 ** -MOST_DECADES);
  return { low, high: high > low ? high : low * 2, log };
}

/** How high a loss lies between a range's ends, 0 to 1; one that isn't finite lies at the top. @param {number} loss @param {Range} range */
export function heightOf(loss, { low, high, log }) {
  if (!Number.isFinite(loss)) return 1;
  const share = log ? Math.log(Math.max(loss, low) / low) / Math.log(high / low) : (loss - low) / (high - low);
  return Math.min(1, Math.max(0, share));
}

/** The lowest and the highest loss in words, with as many digits as tell them apart. @param {Range} range */
export function endsOf({ low, high }) {
  const isWide = high > 10 * Math.abs(low);
  return [low, high].map((loss) => (isWide ? formatShort(Number(loss.toPrecision(2))) : formatBetween(loss, low, high)));
}

/**
 * How high the surface lies at a place, between its grid's.
 * @param {{x: ArrayLike<number>, y: ArrayLike<number>}} grid @param {ArrayLike<number>} heights row by row @param {number[]} place inside the grid
 */
export function heightAt({ x, y }, heights, place) {
  const [[left, across], [below, up]] = [x, y].map((axis, k) => {
    const last = axis.length - 1;
    const along = Math.max(0, Math.min(last, ((place[k] - axis[0]) / (axis[last] - axis[0])) * last));
    const first = Math.min(last - 1, Math.floor(along));
    return [first, along - first];
  });
  const row = (/** @type {number} */ at) => (1 - across) * heights[at] + across * heights[at + 1];
  const corner = below * x.length + left;
  return (1 - up) * row(corner) + up * row(corner + x.length);
}

/** The colour at a height: as everywhere, bright is the better. @param {number} height */
export const colorAt = (height) => scaleColor(1 - height);

/** 256 colours by height, as a painter of surfaces takes them. */
export function colorTable() {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const [r, g, b] = colorAt(byte / 255).map(Math.round);
    return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
  });
}

/** The scale from the lowest loss, on the left, to the highest, as CSS. */
export const gradient = () => `linear-gradient(to right, ${Array.from({ length: 13 }, (_, k) => css(colorAt(k / 12))).join(', ')})`;

/** Losses to draw lines at: round numbers inside a range. @param {Range} range @returns {number[]} */
export function levelsOf({ low, high, log }) {
  if (!log || high < FACTORS * low) {
    const step = niceStep((high - low) / LINES);
    const first = Math.floor(low / step) + 1;
    return Array.from({ length: Math.max(0, Math.ceil(high / step) - first) }, (_, k) => (first + k) * step);
  }
  const decades = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) decades.push(10 ** power);
  const candidates = [FINE, [1, 1.5, 2, 3, 5, 7], [1, 2, 5], [1, 3], [1]].map((factors) => decades.flatMap((decade) => factors.map((factor) => factor * decade)).filter((level) => level > low && level < high));
  return candidates.find((levels) => levels.length <= LINES + 2) ?? candidates[candidates.length - 1];
}

function niceStep(about) {
  const power = 10 ** Math.floor(Math.log10(about));
  return power * ([1, 2, 5].find((factor) => factor * power >= about) ?? 10);
}

/**
 * Pieces of the line at a level, in steps of the grid: x and y of both ends, four numbers each.
 * @param {ArrayLike<number>} values row by row @param {number} columns @param {number} level @returns {number[]}
 */
export function lineAt(values, columns, level) {
  const pieces = [];
  const rows = values.length / columns;
  for (let row = 0; row + 1 < rows; row++) {
    for (let column = 0; column + 1 < columns; column++) {
      const at = row * columns + column;
      // The four corners around the square, the first again at the end.
      const corners = [values[at], values[at + 1], values[at + columns + 1], values[at + columns], values[at]];
      if (!corners.every(Number.isFinite)) continue;
      const ends = [];
      for (let side = 0; side < 4; side++) {
        const [from, to] = [corners[side], corners[side + 1]];
        if (from > level === to > level) continue;
        const share = (level - from) / (to - from);
        ends.push([[column + share, row], [column + 1, row + share], [column + 1 - share, row + 1], [column, row + 1 - share]][side]);
      }
      // Through a saddle go two lines: which sides they join is told by the height of its middle.
      const middle = (corners[0] + corners[1] + corners[2] + corners[3]) / 4;
      const order = ends.length === 4 && middle > level === corners[0] > level ? [0, 1, 2, 3] : [3, 0, 1, 2];
      if (ends.length === 2) pieces.push(...ends[0], ...ends[1]);
      else if (ends.length === 4) pieces.push(...order.flatMap((k) => ends[k]));
    }
  }
  return pieces;
}
