/**
 * Where the units of the diagram are, and what of it is at a place: pure geometry, in CSS pixels of the diagram.
 */

/** Columns and rows are no closer than this: a column's buttons must fit, a unit must be seen. */
const COLUMN_PITCH = 62;
/** For fingers, that need larger buttons: hidden layers' distance, and the buttons' room above them. */
const COARSE = { pitch: 94, outerPitch: 54, top: 48 };
const LEAST_PITCH = 17;
const MOST_PITCH = 50;
/** Share of a row that its unit takes. */
const UNIT_SHARE = 0.8;
const MOST_UNIT = 38;
/** Enlarged, everything may be as much larger as there is room. */
const ENLARGED = 3;
/** Room around the units: the inputs' names, the outputs' names, the columns' buttons. */
export const MARGIN = { left: 40, right: 76, top: 30, bottom: 6 };
/** The inputs' names have at least this much, where they need no more. */
const LEAST_LEFT = 26;
/** Where columns are many, the outputs' names give way before anything must be scrolled. */
const LEAST_RIGHT = 8;
/** Longer names have up to this much, where the columns leave it. */
export const MOST_MARGIN = { left: 104, right: 120 };
/** On a projector names are twice as wide, and those of the inputs need rows of their own height. */
const PROJECTED = { margin: 2, pitch: 30 };
const LEFT_WHEN_SCROLLED = 60;
/** Columns are no farther apart than this. */
const WIDEST_PITCH = 210;

/**
 * @typedef {Object} Layout
 * @property {number} width of everything; more than there was room for means scrolling
 * @property {number} height
 * @property {number} size side of a unit's square
 * @property {number} left room for the inputs' names
 * @property {number} right room for the outputs' names
 * @property {number[]} xs centre of each column
 * @property {number[][]} ys centre of each unit, by layer
 */

/**
 * Lay a network out.
 * @param {number[]} sizes units of each layer, inputs to outputs
 * @param {{width: number, height: number, coarse?: boolean, projected?: boolean, large?: boolean, names?: {left: number, right: number}}} room
 *   `coarse` for fingers and for large type, `projected` for that, `large` where the panel has the place of all, `names` is the room that inputs' and outputs' names
 *   would like
 * @returns {Layout}
 */
export function layOut(sizes, room) {
  const rows = Math.max(...sizes);
  const top = room.coarse ? COARSE.top : MARGIN.top;
  // Inputs and outputs have no buttons: they may be closer to the hidden layers than those to one another.
  const isOuter = (gap) => gap === 0 || gap === sizes.length - 2;
  const least = sizes.slice(1).map((_, gap) => (room.coarse ? (isOuter(gap) ? COARSE.outerPitch : COARSE.pitch) : COLUMN_PITCH));
  const leastAcross = least.reduce((sum, gap) => sum + gap, 0);
  const free = room.height - top - MARGIN.bottom;
  const most = room.large ? ENLARGED : 1;
  const pitch = Math.max(LEAST_PITCH, Math.min(most * MOST_PITCH, free / rows));
  const named = (units) => (room.projected ? Math.max(pitch, Math.min(PROJECTED.pitch, free / units)) : pitch);
  const size = Math.floor(Math.min(most * MOST_UNIT, UNIT_SHARE * pitch));
  const wanted = (side) => Math.max(MARGIN[side], Math.min((room.projected ? PROJECTED.margin : 1) * MOST_MARGIN[side], room.names?.[side] ?? 0));
  const leastLeft = Math.max(LEAST_LEFT, Math.min(MARGIN.left, room.names?.left ?? MARGIN.left));
  // Outputs' names give way first, then what the inputs' have more than usual.
  const forNames = room.width - size - leastAcross;
  const spared = forNames - LEAST_RIGHT;
  // What must be scrolled anyway may be as wide as its names.
  const isTight = forNames < MARGIN.left + MARGIN.right && spared >= leastLeft;
  const mostBefore = spared < MARGIN.left ? LEFT_WHEN_SCROLLED : spared;
  const before = isTight ? leastLeft : Math.max(MARGIN.left, Math.min(wanted('left'), mostBefore));
  const left = before + size / 2;
  const acrossRoom = room.width - left - size / 2;
  const right = Math.max(LEAST_RIGHT, Math.min(wanted('right'), forNames - before));
  const gaps = spread(least, acrossRoom - right, most * WIDEST_PITCH);
  const xs = [left];
  for (const gap of gaps) xs.push(xs.at(-1) + gap);
  const needed = xs.at(-1) + size / 2 + right;
  const width = Math.max(room.width, needed);
  const spare = (width - needed) / 2;
  const height = Math.max(room.height, top + rows * pitch + MARGIN.bottom);
  const middle = (top + height - MARGIN.bottom) / 2;
  return {
    width: Math.floor(width),
    height: Math.floor(height),
    size,
    left: before + spare,
    right,
    xs: xs.map((x) => Math.round(x + spare)),
    ys: sizes.map((units, layer) => {
      const step = layer === 0 || layer === sizes.length - 1 ? named(units) : pitch;
      return Array.from({ length: units }, (_, unit) => Math.round(middle + (unit - (units - 1) / 2) * step));
    }),
  };
}

/**
 * Distances between the columns: all alike where there is room, none less than its least, none more than is good to look at.
 * @param {number[]} least @param {number} room for all of them together @param {number} widest @returns {number[]}
 */
function spread(least, room, widest) {
  const alike = Math.min(widest, room / least.length);
  const tight = least.filter((gap) => gap > alike);
  if (tight.length === 0 || tight.length === least.length) return least.map((gap) => Math.max(gap, alike));
  const rest = (room - tight.reduce((sum, gap) => sum + gap, 0)) / (least.length - tight.length);
  return least.map((gap) => (gap > alike ? gap : Math.max(gap, rest)));
}

/**
 * The edge nearest to a place, or null where none is within `reach`.
 * @param {Layout} layout
 * @returns {{layer: number, from: number, to: number}|null} `layer` is the one it leads to
 */
export function edgeAt({ xs, ys, size }, x, y, reach) {
  const half = size / 2;
  for (let layer = 1; layer < xs.length; layer++) {
    const start = xs[layer - 1] + half;
    const end = xs[layer] - half;
    if (x < start || x > end) continue;
    let best = null;
    let nearest = reach;
    const share = (x - start) / (end - start);
    for (let from = 0; from < ys[layer - 1].length; from++) {
      for (let to = 0; to < ys[layer].length; to++) {
        const rise = ys[layer][to] - ys[layer - 1][from];
        const slant = (end - start) / Math.hypot(end - start, rise);
        const distance = Math.abs(y - ys[layer - 1][from] - share * rise) * slant;
        if (distance < nearest) {
          nearest = distance;
          best = { layer, from, to };
        }
      }
    }
    return best;
  }
  return null;
}

/** The unit that an arrow key leads to. @param {number[]} sizes @returns {{layer: number, unit: number}} */
export function neighbour(sizes, { layer, unit }, key) {
  const steps = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
  const [across, down] = steps[key] ?? [0, 0];
  const to = Math.max(0, Math.min(sizes.length - 1, layer + across));
  // Columns are centred: the same height is another number there.
  const level = to === layer ? unit : Math.round(unit + (sizes[to] - sizes[layer]) / 2);
  return { layer: to, unit: Math.max(0, Math.min(sizes[to] - 1, level + down)) };
}
