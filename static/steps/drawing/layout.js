/**
 * Where the units of a step's diagram lie, and where the numbers of its edges stand so that none lies on another. No DOM in
 * here. Columns are the inputs, then the layers; of a wide layer a part is shown.
 */

/** Units of a column that are shown at once. */
export const MOST_UNITS = 8;
/** A unit's box, and the distance from one to the next. */
export const BOX = { width: 76, height: 40 };
const PITCH = 58;
/** Room for the columns' names, and around all. */
export const HEAD = 40;
const MARGIN = 12;
/** A number on an edge: about as wide as that many letters, and as high. */
const LABEL = { width: 48, height: 14 };
/** Between two columns, at least and at most. */
const GAP = { least: 104, most: 330 };
/** Places along an edge that are tried for its number. */
const TRIES = 25;

/**
 * @typedef {Object} Layout
 * @property {number} width @property {number} height
 * @property {number[]} xs the left side of each column's boxes
 * @property {number[][]} units which units of each column are shown
 * @property {number[][]} ys the middle of each of them
 */

/** The part of a wide layer that is shown, with the unit that was chosen in it. @param {number} count @param {number} chosen @returns {number[]} */
export function unitsShown(count, chosen) {
  const first = Math.max(0, Math.min(count - MOST_UNITS, Math.floor(chosen / MOST_UNITS) * MOST_UNITS));
  return [...Array(Math.min(count, MOST_UNITS)).keys()].map((k) => first + k);
}

/** Room between two columns for the numbers on so many edges. @param {number} from @param {number} to @param {number} rows */
function gapFor(from, to, rows) {
  const lines = Math.max(1, (rows * PITCH) / (LABEL.height + 2));
  const across = Math.ceil((1.6 * from * to) / lines);
  return Math.min(GAP.most, Math.max(GAP.least, across * (LABEL.width + 6) + 44));
}

/**
 * @param {number[]} sizes units of each column @param {number[]} chosen the unit of each column that must be shown @param {number} [room] width to fill, if it needs less
 * @returns {Layout}
 */
export function layOut(sizes, chosen, room = 0) {
  const units = sizes.map((count, column) => unitsShown(count, chosen[column] ?? 0));
  const rows = Math.max(...units.map(({ length }) => length));
  const gaps = units.slice(1).map((to, k) => gapFor(units[k].length, to.length, rows));
  const least = 2 * MARGIN + sizes.length * BOX.width + gaps.reduce((sum, gap) => sum + gap, 0);
  const more = Math.max(0, room - least) / Math.max(1, gaps.length);
  let x = MARGIN;
  const xs = units.map((_, k) => {
    const left = x;
    x += BOX.width + (k < gaps.length ? gaps[k] + more : 0);
    return left;
  });
  const middle = HEAD + (rows * PITCH) / 2;
  const ys = units.map(({ length }) => [...Array(length).keys()].map((k) => middle + (k - (length - 1) / 2) * PITCH));
  return { width: x + MARGIN, height: HEAD + rows * PITCH + MARGIN, xs, units, ys };
}

/** Where an edge begins and ends. @param {Layout} layout @param {number} column the one that it comes from @param {number} from @param {number} to places in the columns */
export function edge({ xs, ys }, column, from, to) {
  return { x1: xs[column] + BOX.width, y1: ys[column][from], x2: xs[column + 1], y2: ys[column + 1][to] };
}

/**
 * Where the numbers of the edges between two columns stand, `[from][to]`: on their edges, apart from each other.
 * @param {Layout} layout @param {number} column @returns {{x: number, y: number}[][]}
 */
export function placeLabels(layout, column) {
  const [n, m] = [layout.units[column].length, layout.units[column + 1].length];
  /** @type {{x: number, y: number}[]} */
  const placed = [];
  const labels = layout.units[column].map(() => /** @type {{x: number, y: number}[]} */ ([]));
  const half = LABEL.width / 2 + 4;
  for (let to = 0; to < m; to++) {
    for (let from = 0; from < n; from++) {
      const { x1, y1, x2, y2 } = edge(layout, column, from, to);
      const begin = beginAt(n, m, from, to);
      let best = { x: 0, y: 0 }, least = Infinity;
      for (let k = 0; k < TRIES && least > 0; k++) {
        const share = n < m ? (begin - k / TRIES + 1) % 1 : (begin + k / TRIES) % 1;
        const x = x1 + half + share * (x2 - x1 - 2 * half);
        const y = y1 + ((x - x1) / (x2 - x1)) * (y2 - y1);
        const overlap = placed.reduce((sum, other) => sum + Math.max(0, LABEL.width - Math.abs(other.x - x)) * Math.max(0, LABEL.height - Math.abs(other.y - y)), 0);
        if (overlap < least) [best, least] = [{ x, y }, overlap];
      }
      placed.push(best);
      labels[from][to] = best;
    }
  }
  return labels;
}

/**
 * Where on an edge the search for its number's place begins, as a share of its length: where edges fan out, at the end where
 * they are apart; else each elsewhere than those beside it.
 */
function beginAt(n, m, from, to) {
  if (n * m <= 3) return 0.5;
  if (n < m) return 1 - (0.5 + from) / (2 * n + 1);
  if (n > m) return (0.5 + to) / (2 * m + 1);
  return (((from * 5 + to * 3) % TRIES) + 0.5) / TRIES;
}
