/**
 * Where the small charts of the response curves are. Pure, so that node can test it.
 */
import { formatBetween, shortName } from '../../../kit/text.js';

const LEAST_WIDTH = 118;
const LEAST_HEIGHT = 84;
/** What a small chart likes best: width by height. */
const ASPECT = 1.45;
/** Left of all charts, for the numbers of the shared axis. */
export const AXIS_WIDTH = 44;

/**
 * Cells for `n` charts in a box: as large as can be; where they would be too small to be read, the grid is higher than
 * the box, which then scrolls.
 * @param {number} n @param {number} width @param {number} height of the box, in CSS pixels
 * @returns {{columns: number, rows: number, cellWidth: number, cellHeight: number, height: number}}
 */
export function responseGrid(n, width, height) {
  const room = Math.max(LEAST_WIDTH, width - AXIS_WIDTH);
  const most = Math.max(1, Math.min(n, Math.floor(room / LEAST_WIDTH)));
  let best = null;
  for (let columns = 1; columns <= most; columns++) {
    const rows = Math.ceil(n / columns);
    const cellWidth = room / columns;
    const cellHeight = Math.max(LEAST_HEIGHT, height / rows);
    const fits = rows * cellHeight <= height + 1;
    // Among grids that fit the one whose cells are nearest to the best shape; if none does, the lowest.
    const merit = fits ? 10 - Math.abs(Math.log(cellWidth / cellHeight / ASPECT)) : -rows;
    if (!best || merit > best.merit) best = { columns, rows, cellWidth, cellHeight, merit };
  }
  const { merit, ...grid } = best;
  return { ...grid, height: grid.rows * grid.cellHeight };
}

/** Which chart a place of the box is in, and where along its axis (0 to 1), or null. @param {ReturnType<typeof responseGrid>} grid */
export function cellAt(grid, n, x, y) {
  const column = Math.floor((x - AXIS_WIDTH) / grid.cellWidth);
  const row = Math.floor(y / grid.cellHeight);
  const index = row * grid.columns + column;
  if (column < 0 || column >= grid.columns || row < 0 || index >= n) return null;
  const along = ((x - AXIS_WIDTH) / grid.cellWidth - column - PAD / grid.cellWidth) / (1 - (2 * PAD) / grid.cellWidth);
  return { index, along: Math.min(1, Math.max(0, along)) };
}

/**
 * Which point of a curve is at a place along its axis, and what the column is there, as text.
 * @param {{low?: number, high?: number, categories?: string[]}} column @param {number} along 0 to 1 @param {number} points of a column of numbers
 */
export function placeAlong({ low, high, categories }, along, points) {
  if (categories) {
    const point = Math.min(categories.length - 1, Math.floor(along * categories.length));
    return { point, at: shortName(categories[point]) };
  }
  const point = Math.round(along * (points - 1));
  return { point, at: formatBetween(low + ((high - low) * point) / (points - 1), low, high) };
}

/** Left and right of a chart inside its cell. */
export const PAD = 8;
