/** How points of the plane on screen (or of an axis, where there is a single one) become the inputs of a network. */
import { BLOCK } from './block_forward.js';
import { evaluate } from './formulas.js';

/** @typedef {{formulas: import('./formulas.js').Program[]} | {centre: number[], basis: number[][]}} InputsHeader `inputs` of `info.network` */

/** @typedef {{columns: number, rows: number, domain: number[][]}} Grid of points, the ends of the domain included; of an axis alone a single row */

/**
 * Points that a network is run on, block by block.
 * @typedef {{count: number, fill: (inputs: Float64Array, start: number, count: number) => void}} Points
 *   `fill` writes input i of point start + p to `i * BLOCK + p`
 */

/** Points whose inputs are kept from one frame to the next; of more they are computed each time. */
const MOST_KEPT = 10000;

export class Plane {
  #inputs;
  #coordinates = [new Float64Array(BLOCK), new Float64Array(BLOCK)];

  /** @param {{network: {inputs: InputsHeader, layer_sizes: number[]}, input_names: string[]}} info of a run */
  constructor({ network, input_names: axes }) {
    this.#inputs = network.inputs;
    this.axes = axes.length;
    this.width = network.layer_sizes[0];
  }

  /**
   * What the inputs are of a point, the factors of x, y and 1 of each; null where they aren't linear in it.
   * @returns {Float64Array|null}
   */
  get linearMaps() {
    if ('basis' in this.#inputs) {
      const { centre, basis } = this.#inputs;
      return Float64Array.from(centre.flatMap((middle, i) => [...basis[i], middle]));
    }
    const axes = this.#inputs.formulas.map((program) => (program.length === 1 ? ['x1', 'x2'].indexOf(String(program[0])) : -1));
    return axes.includes(-1) ? null : Float64Array.from(axes.flatMap((axis) => [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, 0]));
  }

  /** Points that are asked for once. @param {ArrayLike<number>} x @param {ArrayLike<number>} y @returns {Points} */
  at(x, y) {
    return this.#passing(x.length, (xs, ys, start, count) => {
      for (let p = 0; p < count; p++) [xs[p], ys[p]] = [x[start + p], y[start + p]];
    });
  }

  /** The inputs at a single point. @param {number} x @param {number} y @returns {Float64Array} */
  inputsAt(x, y) {
    const inputs = new Float64Array(this.width * BLOCK);
    this.#placed([x], [y]).fill(inputs, 0, 1);
    return Float64Array.from({ length: this.width }, (_, i) => inputs[i * BLOCK]);
  }

  /** @param {Grid} grid @returns {Points} row by row, from the lowest up */
  grid({ columns, rows, domain: [across, up] }) {
    return this.#points(columns * rows, (xs, ys, start, count) => {
      let [row, column] = [Math.floor(start / columns), start % columns];
      for (let p = 0; p < count; p++) {
        xs[p] = between(across, column, columns);
        ys[p] = between(up, row, rows);
        if (++column === columns) [row, column] = [row + 1, 0];
      }
    });
  }

  /**
   * The points of the warped grid: lines of constant x, then those of constant y; of an axis alone the axis, twice.
   * @param {number} lines in each direction @param {number} samples along a line @param {number[][]} domain
   * @returns {Points & {positions: import('./linear_probe.js').Activations}}
   */
  lines(lines, samples, [across, up]) {
    const total = lines * samples;
    const values = new Float64Array(2 * this.axes * total);
    for (let k = 0; k < 2 * total; k++) {
      const [line, sample] = [Math.floor((k % total) / samples), k % samples];
      const isUpright = k < total && this.axes > 1;
      values[k] = isUpright ? between(across, line, lines) : between(across, sample, samples);
      if (this.axes > 1) values[2 * total + k] = isUpright ? between(up, sample, samples) : between(up, line, lines);
    }
    const positions = { values, units: this.axes, stride: 2 * total };
    return { ...this.#placed(values.subarray(0, 2 * total), values.subarray(2 * total)), positions };
  }

  /** @param {ArrayLike<number>} x @param {ArrayLike<number>} y @returns {Points} */
  #placed(x, y) {
    const points = this.at(x, y);
    return points.count <= MOST_KEPT ? kept(points, this.width) : points;
  }

  /** @param {number} count @param {(xs: Float64Array, ys: Float64Array, start: number, count: number) => void} place @returns {Points} */
  #points(count, place) {
    const points = this.#passing(count, place);
    return count <= MOST_KEPT ? kept(points, this.width) : points;
  }

  /** The same, whose inputs aren't kept. @param {number} count @param {(xs: Float64Array, ys: Float64Array, start: number, count: number) => void} place @returns {Points} */
  #passing(count, place) {
    return {
      count,
      fill: (inputs, start, n) => {
        const [xs, ys] = this.#coordinates;
        place(xs, ys, start, n);
        this.#fill(inputs, n);
      },
    };
  }

  /** @param {Float64Array} inputs @param {number} count */
  #fill(inputs, count) {
    const [xs, ys] = this.#coordinates;
    if ('formulas' in this.#inputs) {
      this.#inputs.formulas.forEach((program, i) => inputs.set(evaluate(program, this.#coordinates, count), i * BLOCK));
      return;
    }
    const { centre, basis } = this.#inputs;
    centre.forEach((middle, i) => {
      const [along, across] = basis[i];
      for (let p = 0; p < count; p++) inputs[i * BLOCK + p] = middle + along * xs[p] + across * ys[p];
    });
  }
}

/** Samples as a network is fed with them. @param {Float32Array} rows `sample_inputs`, a row for each @param {number} width @returns {Points} */
export function samplePoints(rows, width) {
  const points = {
    count: rows.length / width,
    fill(/** @type {Float64Array} */ inputs, /** @type {number} */ start, /** @type {number} */ count) {
      for (let i = 0; i < width; i++) {
        for (let p = 0; p < count; p++) inputs[i * BLOCK + p] = rows[(start + p) * width + i];
      }
    },
  };
  return kept(points, width);
}

/** The same points, whose inputs are computed once. @param {Points} points @param {number} width @returns {Points} */
function kept({ count, fill }, width) {
  /** @type {Float64Array[]} */
  const blocks = [];
  for (let start = 0; start < count; start += BLOCK) {
    const block = new Float64Array(width * BLOCK);
    fill(block, start, Math.min(BLOCK, count - start));
    blocks.push(block);
  }
  return { count, fill: (inputs, start) => inputs.set(blocks[start / BLOCK]) };
}

/** The k-th of n numbers from one end of an interval to the other. @param {number[]} interval @param {number} k @param {number} n */
const between = ([low, high], k, n) => (n > 1 ? low + ((high - low) * k) / (n - 1) : low);
