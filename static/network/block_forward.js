/**
 * A network run on many points at once. It goes layer by layer over blocks of points that stay in the processor's cache;
 * units of a layer lie one after another, each with its values for all points of the block.
 */

/** Points in a block. */
export const BLOCK = 128;

/** @typedef {import('./forward.js').Network} Network */

/**
 * What is known of a block, each array with value `unit * BLOCK + point`.
 * @typedef {Object} Block
 * @property {Float64Array} inputs
 * @property {Float64Array[]} sums of each hidden layer, before the activation; kept only where asked for
 * @property {Float64Array[]} layers the activations of each hidden layer
 * @property {Float64Array} outputs
 */

export class BlockForward {
  /** @param {number[]} sizes of all layers, inputs first @param {boolean} [withSums] whether a layer's sums are kept besides its activations */
  constructor(sizes, withSums = false) {
    const arrays = sizes.map((units) => new Float64Array(units * BLOCK));
    this.sizes = sizes;
    /** @type {Block} */
    this.block = {
      inputs: arrays[0],
      sums: withSums ? sizes.slice(1, -1).map((units) => new Float64Array(units * BLOCK)) : [],
      layers: arrays.slice(1, -1),
      outputs: arrays[sizes.length - 1],
    };
  }

  /**
   * Run the network on a block whose inputs are there.
   * @param {Network} network @param {number} count points in the block
   * @param {number} [depth] hidden layers that are wanted; the outputs are computed only after all of them
   * @returns {Block}
   */
  run({ hidden, last, output }, count, depth = Infinity) {
    const { inputs, sums, layers, outputs } = this.block;
    const end = Math.min(depth, hidden.length);
    let before = inputs;
    for (let k = 0; k < end; k++) {
      const { units, activate } = hidden[k];
      const a = layers[k];
      weightedSums(hidden[k], before, this.sizes[k], a, count);
      if (sums.length) sums[k].set(a);
      if (count === BLOCK) activate(a, 0, units * BLOCK);
      else for (let unit = 0; unit < units; unit++) activate(a, unit * BLOCK, unit * BLOCK + count);
      before = a;
    }
    if (depth > hidden.length) {
      weightedSums(last, before, this.sizes[hidden.length], outputs, count);
      output(outputs, last.units, BLOCK, count);
    }
    return this.block;
  }
}

/**
 * Two units at a time, and of the inputs four, so that what is loaded from memory is used more than once.
 * @param {import('./forward.js').Sums} layer @param {Float64Array} x @param {number} inputs @param {Float64Array} z @param {number} count
 */
function weightedSums({ weights, biases, units }, x, inputs, z, count) {
  for (let unit = 0; unit < units; unit += 2) {
    const isPair = unit + 1 < units;
    const at = unit * BLOCK;
    z.fill(biases ? biases[unit] : 0, at, at + count);
    if (isPair) z.fill(biases ? biases[unit + 1] : 0, at + BLOCK, at + BLOCK + count);
    let i = 0;
    for (; i + 4 <= inputs; i += 4) {
      if (isPair) addFourToTwo(z, at, x, i * BLOCK, count, weights, i * units + unit, units);
      else addFour(z, at, x, i * BLOCK, count, weights, i * units + unit, units);
    }
    for (; i < inputs; i++) {
      addOne(z, at, x, i * BLOCK, count, weights[i * units + unit]);
      if (isPair) addOne(z, at + BLOCK, x, i * BLOCK, count, weights[i * units + unit + 1]);
    }
  }
}

/** @param {Float64Array} z @param {number} at @param {Float64Array} x @param {number} from @param {number} count @param {number} weight */
function addOne(z, at, x, from, count, weight) {
  for (let p = 0; p < count; p++) z[at + p] += weight * x[from + p];
}

/**
 * @param {Float64Array} z @param {number} at @param {Float64Array} x @param {number} from @param {number} count
 * @param {Float32Array} w @param {number} k the weight of the first input @param {number} step to that of the next one
 */
function addFour(z, at, x, from, count, w, k, step) {
  const a0 = w[k];
  const a1 = w[k + step];
  const a2 = w[k + 2 * step];
  const a3 = w[k + 3 * step];
  for (let p = 0; p < count; p++) {
    z[at + p] += a0 * x[from + p] + a1 * x[from + BLOCK + p] + a2 * x[from + 2 * BLOCK + p] + a3 * x[from + 3 * BLOCK + p];
  }
}

/** The same for two units. @type {typeof addFour} */
function addFourToTwo(z, at, x, from, count, w, k, step) {
  const a0 = w[k];
  const b0 = w[k + 1];
  const a1 = w[k + step];
  const b1 = w[k + step + 1];
  const a2 = w[k + 2 * step];
  const b2 = w[k + 2 * step + 1];
  const a3 = w[k + 3 * step];
  const b3 = w[k + 3 * step + 1];
  for (let p = 0; p < count; p++) {
    const x0 = x[from + p];
    const x1 = x[from + BLOCK + p];
    const x2 = x[from + 2 * BLOCK + p];
    const x3 = x[from + 3 * BLOCK + p];
    z[at + p] += a0 * x0 + a1 * x1 + a2 * x2 + a3 * x3;
    z[at + BLOCK + p] += b0 * x0 + b1 * x1 + b2 * x2 + b3 * x3;
  }
}
