/**
 * Where the units of a step's diagram lie, and where the numbers of its edges stand so that none lies on another. No DOM in
 * here. Columns are the inputs, then the layers; of a wide layer a part is shown.
 */

/** Units of a column that are shown at once. */
export const MOST_UNITS = 8;
/** A unit's box, and the distance from one to the next. */
export const BOX = { width: 76, height: 40 };
const PITCH = 55;
/** Room for the columns' names, and around all. */
export const HEAD = 40;
const MARGIN = 12;
/** A number on an edge: about as wide as that many letters, and as high. */
const LABEL = { width: 49, height: 15 };
/** Between two columns, at least and at most. */
const GAP = { least: 112, most: 330 };
/** Places along an edge that are tried for its number. */
const TRIES = 61;
/** How often those that found no room look again. */
const PASSES = 60;

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

/** How much smaller than usual a diagram may begin, if all of it is seen then. */
const LEAST_ZOOM = 0.8;

/**
 * The zoom that a diagram begins with: somewhat larger or smaller than usual where all of it fits then, else only as high as
 * its place, and where that would be too small as large as usual. On a projector nothing is smaller.
 * @param {{width: number, height: number}} layout @param {number} width @param {number} height of its place @param {number} scale what is usual
 */
export function firstZoom(layout, width, height, scale) {
  const across = width / layout.width, down = (height || 1e4) / layout.height;
  const least = scale > 1 ? scale : LEAST_ZOOM;
  const fitting = [Math.min(across, down), Math.min(1, down)].find((zoom) => zoom >= least) ?? scale;
  return Math.min(1.25 * scale, Math.max(least, fitting));
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
  const left = layout.xs[column];
  const key = JSON.stringify([layout.xs[column + 1] - left, layout.ys[column], layout.ys[column + 1]]);
  if (!known.has(key)) known.set(key, search(layout, column).map((row) => row.map(({ x, y }) => ({ x: x - left, y }))));
  return /** @type {{x: number, y: number}[][]} */ (known.get(key)).map((row) => row.map(({ x, y }) => ({ x: x + left, y })));
}

/** Places by what they depend on, from the left column on: layers are often alike. @type {Map<string, {x: number, y: number}[][]>} */
const known = new Map();

function search(layout, column) {
  const n = layout.units[column].length;
  const labels = layout.units[column + 1].flatMap((_, to) => layout.units[column].map((__, from) => new Label(edge(layout, column, from, to), 12 * from + 7 * to)));
  // What is nearly level has the least choice of heights.
  const inTurn = [...labels].sort((a, b) => a.slope - b.slope);
  inTurn.forEach((label, k) => label.settle(inTurn.slice(0, k), label.turn));
  for (let pass = 0; pass < PASSES; pass++) {
    const crowded = labels.filter((label) => label.overlap(label, labels) > 0);
    if (crowded.length === 0) break;
    for (const label of crowded) {
      if (label.settle(labels, 17 * pass + label.turn) > 0) label.insist(labels, 23 * pass + label.turn);
    }
  }
  return layout.units[column].map((_, from) => layout.units[column + 1].map((__, to) => ({ x: labels[to * n + from].x, y: labels[to * n + from].y })));
}

/** A number that looks for its place along an edge. */
class Label {
  x = 0;
  y = 0;

  /** @param {{x1: number, y1: number, x2: number, y2: number}} line @param {number} turn where the search begins */
  constructor({ x1, y1, x2, y2 }, turn) {
    const half = LABEL.width / 2 + 2;
    this.turn = turn;
    this.slope = Math.abs(y2 - y1);
    this.places = [...Array(TRIES).keys()].map((k) => {
      const x = x1 + half + ((k + 0.5) / TRIES) * (x2 - x1 - 2 * half);
      return { x, y: y1 + ((x - x1) / (x2 - x1)) * (y2 - y1) };
    });
  }

  /** Take the first place that is free of others, or the freest. @param {Label[]} others @param {number} first @returns {number} how much of it others have */
  settle(others, first) {
    let best = this.places[0], least = Infinity;
    for (let k = 0; k < TRIES && least > 0; k++) {
      const place = this.places[(first + k) % TRIES];
      const overlap = this.overlap(place, others);
      if (overlap < least) [best, least] = [place, overlap];
    }
    ({ x: this.x, y: this.y } = best);
    return least;
  }

  /** Take a place, and let those that have it look for another one. @param {Label[]} others @param {number} place */
  insist(others, place) {
    ({ x: this.x, y: this.y } = this.places[place % TRIES]);
    for (const other of others) if (other !== this && touch(this, other)) other.settle(others, place);
  }

  /** How much of a place others have. @param {{x: number, y: number}} place @param {Label[]} others */
  overlap(place, others) {
    let sum = 0;
    for (const other of others) if (other !== this) sum += shared(place, other);
    return sum;
  }
}

const touch = (a, b) => Math.abs(a.x - b.x) < LABEL.width && Math.abs(a.y - b.y) < LABEL.height;

/** That two numbers touch counts most, and then how much. */
const shared = (a, b) => (touch(a, b) ? 200 + (LABEL.width - Math.abs(a.x - b.x)) * (LABEL.height - Math.abs(a.y - b.y)) : 0);
