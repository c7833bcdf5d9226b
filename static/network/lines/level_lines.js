/**
 * Lines on which functions over a grid of points are 0, by marching squares: the same as
 * nnplay/experiment/explain/level_lines.py. Several functions are searched at once, so that points between the grid's can be
 * asked for together.
 */

/**
 * The two edges of a square that a line joins, by which of its corners are positive (1, 2, 4, 8: lower left, lower right,
 * upper right, upper left). Edges: 0 below, 1 right, 2 above, 3 left. Five and ten: where the middle is positive.
 */
const JOINED = [[], [3, 0], [0, 1], [3, 1], [1, 2], [0, 1, 2, 3], [0, 2], [3, 2], [2, 3], [2, 0], [3, 0, 1, 2], [2, 1], [1, 3], [1, 0], [0, 3], []];
const [FIVE, TEN] = [JOINED[10], JOINED[5]];


/** @typedef {{columns: number, rows: number, domain: number[][]}} Grid of points, the ends of the domain included */

export class LevelLines {
  /** Of points between two of the grid's at which a function changes its sign. @type {number[]} */
  #functions = [];
  /** Both ends of each, and the function there. @type {number[][]} */
  #ends = [[], [], [], [], [], []];
  /** @type {{at: Int32Array, squares: number[]}[]} */
  #found = [];

  /** @param {Grid} grid */
  constructor({ columns, rows, domain: [[left, right], [bottom, top]] }) {
    this.columns = columns;
    this.rows = rows;
    this.x = Float64Array.from({ length: columns }, (_, k) => left + ((right - left) * k) / (columns - 1));
    this.y = Float64Array.from({ length: rows }, (_, k) => bottom + ((top - bottom) * k) / (rows - 1));
  }

  /** Search another function. @param {Float64Array} values @param {number} start where its values at the grid's points begin, row by row from the lowest up */
  add(values, start) {
    const { columns, rows, x, y } = this;
    const number = this.#found.length;
    // Of each point the side to its right, and the one above it.
    const at = new Int32Array(2 * columns * rows).fill(-1);
    const squares = [];
    const [functions, [lowX, lowY, atLow, highX, highY, atHigh]] = [this.#functions, this.#ends];
    const note = (/** @type {number} */ side, /** @type {number} */ from, /** @type {number} */ row, /** @type {number} */ column, /** @type {number} */ across, /** @type {number} */ up) => {
      at[side] = functions.length;
      functions.push(number);
      lowX.push(x[column]);
      lowY.push(y[row]);
      atLow.push(values[start + from]);
      highX.push(x[column + across]);
      highY.push(y[row + up]);
      atHigh.push(values[start + from + across + up * columns]);
    };
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const k = row * columns + column;
        const value = values[start + k];
        const isPositive = value > 0;
        const right = column + 1 < columns ? values[start + k + 1] : NaN;
        const above = row + 1 < rows ? values[start + k + columns] : NaN;
        if (column + 1 < columns && right > 0 !== isPositive && Number.isFinite(value) && Number.isFinite(right)) note(2 * k, k, row, column, 1, 0);
        if (row + 1 < rows && above > 0 !== isPositive && Number.isFinite(value) && Number.isFinite(above)) note(2 * k + 1, k, row, column, 0, 1);
        if (column + 1 === columns || row + 1 === rows) continue;
        const beyond = values[start + k + columns + 1];
        const kind = (isPositive ? 1 : 0) | (right > 0 ? 2 : 0) | (beyond > 0 ? 4 : 0) | (above > 0 ? 8 : 0);
        if (kind === 0 || kind === 15) continue;
        const sum = value + right + above + beyond;
        if (!Number.isFinite(value) || !Number.isFinite(right) || !Number.isFinite(above) || !Number.isFinite(beyond)) continue;
        const joined = sum > 0 ? JOINED[kind] : kind === 5 ? FIVE : kind === 10 ? TEN : JOINED[kind];
        for (const edge of joined) squares.push(edge === 0 ? 2 * k : edge === 1 ? 2 * (k + 1) + 1 : edge === 2 ? 2 * (k + columns) : 2 * k + 1);
      }
    }
    this.#found.push({ at, squares });
  }

  /**
   * The lines of each function, four numbers for each piece.
   * @param {number} halvings how often the side of a square is halved before the zero on it is interpolated
   * @param {(functions: number[], x: number[], y: number[], into: number[]) => Iterable<void>} evaluate functions by their order, at a point each
   * @returns {Generator<void, number[][], void>}
   */
  *lines(halvings, evaluate) {
    const functions = this.#functions;
    const [lowX, lowY, atLow, highX, highY, atHigh] = this.#ends;
    const count = functions.length;
    /** @type {number[][]} */
    const [x, y, there] = [new Array(count), new Array(count), new Array(count)];
    for (let halving = 0; halving < halvings && count > 0; halving++) {
      for (let k = 0; k < count; k++) [x[k], y[k]] = [(lowX[k] + highX[k]) / 2, (lowY[k] + highY[k]) / 2];
      yield* evaluate(functions, x, y, there);
      for (let k = 0; k < count; k++) {
        if (there[k] > 0 === atLow[k] > 0) [lowX[k], lowY[k], atLow[k]] = [x[k], y[k], there[k]];
        else [highX[k], highY[k], atHigh[k]] = [x[k], y[k], there[k]];
      }
    }
    for (let k = 0; k < count; k++) {
      const share = atLow[k] / (atLow[k] - atHigh[k]);
      const part = Number.isFinite(share) ? share : 0.5;
      [x[k], y[k]] = [lowX[k] + part * (highX[k] - lowX[k]), lowY[k] + part * (highY[k] - lowY[k])];
    }
    const others = [new Int32Array(count).fill(-1), new Int32Array(count).fill(-1)];
    return this.#found.map(({ at, squares }) => chained(squares.map((side) => at[side]), others).flatMap((end) => [x[end], y[end]]));
  }
}

/**
 * The same pieces, ordered so that each goes on where the one before ended, as far as the line does: one can be drawn with dashes.
 * @param {number[]} ends of pieces, two each @param {Int32Array[]} beside two arrays with −1 for each end, and so again afterwards
 */
function chained(ends, [first, second]) {
  ends.forEach((end, k) => {
    const free = first[end] < 0 ? first : second;
    free[end] = k;
  });
  const isDone = new Uint8Array(ends.length / 2);
  const ordered = [];
  const follow = (/** @type {number} */ from) => {
    for (let k = from; k >= 0 && !isDone[k >> 1]; ) {
      isDone[k >> 1] = 1;
      const far = k ^ 1;
      ordered.push(ends[k], ends[far]);
      k = first[ends[far]] === far ? second[ends[far]] : first[ends[far]];
    }
  };
  // Lines that end somewhere begin there; what is left are loops.
  for (let k = 0; k < ends.length; k++) if (second[ends[k]] < 0) follow(k);
  for (let k = 0; k < ends.length; k += 2) follow(k);
  for (const end of ends) first[end] = second[end] = -1;
  return ordered;
}
