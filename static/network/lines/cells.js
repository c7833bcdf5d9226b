/**
 * The pieces of a plane on which a network of ReLU units is linear, found exactly, layer by layer: the same as
 * nnplay/experiment/explain/cells.py, which says how.
 */

/** Sums so small beside their own terms are rounding, and count as 0. */
const ROUNDING = 1e-12;
/** Where an activation is looked at, to see whether it is straight on either side of 0. */
const TRIED = [1e-3, 0.5, 1, 3];

/** @typedef {{weights: Float32Array, biases: Float32Array|null, units: number, activate: (z: Float64Array, start: number, end: number) => void}} Layer as network/forward.js has it */
/**
 * A convex piece: x and y of its corners in turn, and what a layer says on it, for each unit the factors of x, y and 1.
 * @typedef {{corners: Float64Array, maps: Float64Array}} Cell
 */

/** Slopes below and above 0, or null if it isn't a straight line from 0 on either side. @param {Layer['activate']} activate */
export function slopesOf(activate) {
  const z = Float64Array.from([...TRIED.map((t) => -t), ...TRIED]);
  const a = z.slice();
  activate(a, 0, a.length);
  const slopes = a.map((value, k) => value / z[k]);
  const [below, above] = [slopes.subarray(0, TRIED.length), slopes.subarray(TRIED.length)];
  const isStraight = [below, above].every((side) => Math.max(...side) - Math.min(...side) <= ROUNDING);
  return isStraight ? { below: below[TRIED.length - 1], above: above[TRIED.length - 1] } : null;
}

/** @param {number[][]} domain @param {Float64Array} maps what the inputs are on it @returns {Cell} */
export function rectangle([[left, right], [bottom, top]], maps) {
  return { corners: Float64Array.of(left, bottom, right, bottom, right, top, left, top), maps };
}

/** The factors of x, y and 1 in each unit's sum. @param {Layer} layer @param {Float64Array} maps of the layer before */
export function sumsOn({ weights, biases, units }, maps) {
  const sums = new Float64Array(3 * units);
  for (let i = 0; 3 * i < maps.length; i++) {
    const [ax, ay, c] = [maps[3 * i], maps[3 * i + 1], maps[3 * i + 2]];
    if (ax === 0 && ay === 0 && c === 0) continue; // a silent unit
    for (let unit = 0, w = i * units; unit < units; unit++, w++) {
      sums[3 * unit] += weights[w] * ax;
      sums[3 * unit + 1] += weights[w] * ay;
      sums[3 * unit + 2] += weights[w] * c;
    }
  }
  if (biases) for (let unit = 0; unit < units; unit++) sums[3 * unit + 2] += biases[unit];
  return sums;
}

/** Values at a cell's corners, kept from one call to the next. */
let values = new Float64Array(64);

/** Write a sum at each corner, what is rounding as 0. @returns {number} 1 where some are positive, plus 2 where some are not, plus 4 where some are negative */
function evaluate(/** @type {Float64Array} */ corners, /** @type {Float64Array} */ sums, /** @type {number} */ at) {
  const count = corners.length / 2;
  if (values.length < count) values = new Float64Array(2 * count);
  const [ax, ay, c] = [sums[at], sums[at + 1], sums[at + 2]];
  let found = 0;
  for (let k = 0; k < count; k++) {
    const [across, up] = [ax * corners[2 * k], ay * corners[2 * k + 1]];
    const value = across + up + c;
    const isRounding = Math.abs(value) <= ROUNDING * (Math.abs(across) + Math.abs(up) + Math.abs(c));
    values[k] = isRounding ? 0 : value;
    found |= isRounding ? 2 : value > 0 ? 1 : 6;
  }
  return found;
}

/**
 * Add the line of each unit, as far as it lies on the cell, to the unit's segments.
 * @param {Cell} cell @param {Float64Array} sums @param {number[][]} segments of each unit, four numbers each
 * @returns {number[]} the units whose line goes through the cell
 */
export function creases({ corners }, sums, segments) {
  const through = [];
  const count = corners.length / 2;
  for (let unit = 0; 3 * unit < sums.length; unit++) {
    const found = evaluate(corners, sums, 3 * unit);
    if ((found & 3) !== 3) continue;
    if (found & 4) through.push(unit);
    const ends = [];
    for (let k = 0; k < count; k++) {
      const next = k + 1 === count ? 0 : k + 1;
      if (values[k] > 0 === values[next] > 0) continue;
      const share = values[k] / (values[k] - values[next]);
      ends.push(corners[2 * k] + share * (corners[2 * next] - corners[2 * k]), corners[2 * k + 1] + share * (corners[2 * next + 1] - corners[2 * k + 1]));
    }
    const length = Math.max(Math.abs(ends[2] - ends[0]), Math.abs(ends[3] - ends[1]));
    if (length > ROUNDING * extent(corners)) segments[unit].push(...ends);
  }
  return through;
}

/** @param {Float64Array} corners */
function extent(corners) {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let k = 0; k < corners.length; k += 2) {
    [left, right] = [Math.min(left, corners[k]), Math.max(right, corners[k])];
    [bottom, top] = [Math.min(bottom, corners[k + 1]), Math.max(top, corners[k + 1])];
  }
  return Math.max(right - left, top - bottom);
}

/**
 * The pieces into which units' lines cut a cell, with what the units say on each.
 * @param {Cell} cell @param {Float64Array} sums @param {{below: number, above: number}} slopes @param {number[]} through
 * @returns {Cell[]}
 */
export function cut({ corners }, sums, { below, above }, through) {
  let pieces = [corners];
  if (below !== above) for (const unit of through) pieces = pieces.flatMap((piece) => halves(piece, sums, 3 * unit));
  return pieces.map((piece) => {
    let [x, y] = [0, 0];
    for (let k = 0; k < piece.length; k += 2) [x, y] = [x + piece[k], y + piece[k + 1]];
    [x, y] = [(2 * x) / piece.length, (2 * y) / piece.length];
    const maps = new Float64Array(sums.length);
    for (let k = 0; k < sums.length; k += 3) {
      const slope = sums[k] * x + sums[k + 1] * y + sums[k + 2] > 0 ? above : below;
      if (slope !== 0) [maps[k], maps[k + 1], maps[k + 2]] = [slope * sums[k], slope * sums[k + 1], slope * sums[k + 2]];
    }
    return { corners: piece, maps };
  });
}

/** The parts on both sides of a line, or the piece itself where it goes past. @param {Float64Array} corners @param {Float64Array} sums @param {number} at */
function halves(corners, sums, at) {
  if ((evaluate(corners, sums, at) & 5) !== 5) return [corners];
  const count = corners.length / 2;
  /** @type {number[][]} */
  const [above, below] = [[], []];
  for (let k = 0; k < count; k++) {
    const next = k + 1 === count ? 0 : k + 1;
    const [x, y] = [corners[2 * k], corners[2 * k + 1]];
    if (values[k] >= 0) above.push(x, y);
    if (values[k] <= 0) below.push(x, y);
    if (values[k] * values[next] >= 0) continue;
    const share = values[k] / (values[k] - values[next]);
    const crossing = [x + share * (corners[2 * next] - x), y + share * (corners[2 * next + 1] - y)];
    above.push(...crossing);
    below.push(...crossing);
  }
  return [Float64Array.from(above), Float64Array.from(below)];
}
