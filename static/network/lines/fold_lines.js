/**
 * Where the hidden units of a network fold the plane: the lines on which their sums are 0. The same as
 * nnplay/experiment/explain/folds.py: exact as long as the layers before are straight on either side of 0, else on a grid.
 */
import { creases, cut, rectangle, slopesOf, sumsOn } from './cells.js';
import { LevelLines } from './level_lines.js';

/** More pieces than this are not told apart one by one: while frames play, there is no time for it. */
export const MOST_PIECES = 2000;
/** Cells after which others get a turn. */
const SLICE = 64;

/** @typedef {import('./level_lines.js').Grid} Grid */
/** @typedef {{count: number}} Points */
/** @typedef {{sums: Float64Array[], outputs: Float64Array}} Block what a network makes of some points, unit by unit */
/**
 * How a network is run on points of the plane (network/picture.js).
 * @typedef {Object} Runner
 * @property {number} axes
 * @property {Float64Array|null} linearMaps what the inputs are of a point, where they are linear in it
 * @property {number} stride in a block, from a unit's values to the next one's
 * @property {(grid: Grid) => Points} pointsOf a grid
 * @property {(x: number[], y: number[]) => Points} pointsAt places that are asked for once
 * @property {(points: any, depth: (start: number, count: number) => number, each: (block: Block, start: number, count: number) => void) => Generator<void, void, void>} run
 *   block by block; `depth`: hidden layers that are wanted of a block
 */
/** @typedef {{domain: number[][], squares: number, halvings: number}} FoldsWanted `squares` along each side where lines are found on a grid */
/**
 * @typedef {{lines: Float32Array<ArrayBuffer>, counts: Float32Array<ArrayBuffer>, regions: number}} Folds x and y of both ends of each piece,
 *   unit after unit; pieces of each hidden unit; how many regions there are, NaN where that isn't known, Infinity where they are too many to count
 */

/**
 * @param {import('./cells.js').Layer[]} hidden layers of a network @param {Runner} runner @param {FoldsWanted} wanted
 * @returns {Generator<void, Folds, void>}
 */
export function* foldLines(hidden, runner, { domain, squares, halvings }) {
  /** @type {number[][]} */
  const units = [];
  const maps = runner.linearMaps;
  let cells = maps ? [rectangle(domain, maps)] : null;
  let first = 0;
  for (; cells && first < hidden.length; first++) {
    const layer = hidden[first];
    const slopes = slopesOf(layer.activate);
    /** @type {number[][]} */
    const segments = Array.from({ length: layer.units }, () => []);
    /** @type {import('./cells.js').Cell[]} */
    const next = [];
    let seen = 0;
    for (const cell of cells) {
      const sums = sumsOn(layer, cell.maps);
      const through = creases(cell, sums, segments);
      if (slopes) for (const piece of cut(cell, sums, slopes, through)) next.push(piece);
      if (next.length > MOST_PIECES) break;
      if (++seen % SLICE === 0) yield;
    }
    if (next.length > MOST_PIECES) {
      cells = null;
      break;
    }
    units.push(...segments);
    cells = slopes ? next : null;
    yield;
  }
  const areTooMany = first < hidden.length && maps !== null && hidden.every(({ activate }) => slopesOf(activate));
  const regions = areTooMany ? Infinity : cells ? cells.length : NaN;
  if (first < hidden.length) units.push(...(yield* onGrid(hidden, runner, { domain, squares, halvings }, first)));
  const lines = new Float32Array(units.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const unit of units) {
    lines.set(unit, at);
    at += unit.length;
  }
  return { lines, counts: Float32Array.from(units, ({ length }) => length / 4), regions };
}

/**
 * The lines of the layers from `first` on.
 * @param {import('./cells.js').Layer[]} hidden @param {Runner} runner @param {FoldsWanted} wanted @param {number} first
 * @returns {Generator<void, number[][], void>}
 */
function* onGrid(hidden, { axes, stride, pointsOf, pointsAt, run }, { domain, squares, halvings }, first) {
  const grid = { columns: squares + 1, rows: axes > 1 ? squares + 1 : 2, domain };
  const points = pointsOf(grid);
  /** Which unit of which layer a function is. @type {number[][]} */
  const which = [];
  for (let layer = first; layer < hidden.length; layer++) for (let unit = 0; unit < hidden[layer].units; unit++) which.push([layer, unit]);
  const values = new Float64Array(which.length * points.count);
  yield* run(points, () => hidden.length, ({ sums }, start, count) => {
    which.forEach(([layer, unit], k) => values.set(sums[layer].subarray(unit * stride, unit * stride + count), k * points.count + start));
  });
  const lines = new LevelLines(grid);
  for (let k = 0; k < which.length; k++) {
    lines.add(values, k * points.count);
    if (k % 8 === 7) yield;
  }
  return yield* lines.lines(halvings, (functions, x, y, into) => {
    // Functions come layer by layer, so no block goes farther than the last of them has to.
    const depth = (/** @type {number} */ start, /** @type {number} */ count) => which[functions[start + count - 1]][0] + 1;
    return run(pointsAt(x, y), depth, ({ sums }, start, count) => {
      for (let p = 0; p < count; p++) {
        const [layer, unit] = which[functions[start + p]];
        into[start + p] = sums[layer][unit * stride + p];
      }
    });
  });
}
