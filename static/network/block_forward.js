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
 * Four inputs and two units at a time, so that what is loaded from memory is used more than once.
 * @param {import('./forward.js').Sums} layer @param {Float64Array} x @param {number} inputs @param {Float64Array} z @param {number} count
 */
function weightedSums({ weights: w, biases, units }, x, inputs, z, count) {
  for (let unit = 0; unit < units; unit += 2) {
    // Of an odd number of units the last pair is the last unit twice.
    const other = Math.min(unit + 1, units - 1);
    const [z0, z1] = [unit * BLOCK, other * BLOCK];
    z.fill(biases ? biases[unit] : 0, z0, z0 + count);
    if (other !== unit) z.fill(biases ? biases[other] : 0, z1, z1 + count);
    let i = 0;
    for (; i + 4 <= inputs; i += 4) {
      const row = i * units;
      const x0 = i * BLOCK;
      if (other === unit) addFour(z, z0, x, x0, count, w[row + unit], w[row + units + unit], w[row + 2 * units + unit], w[row + 3 * units + unit]);
      else {
        const [a0, a1, a2, a3] = [w[row + unit], w[row + units + unit], w[row + 2 * units + unit], w[row + 3 * units + unit]];
        const [b0, b1, b2, b3] = [w[row + other], w[row + units + other], w[row + 2 * units + other], w[row + 3 * units + other]];
        for (let p = 0; p < count; p++) {
          const [v0, v1, v2, v3] = [x[x0 + p], x[x0 + BLOCK + p], x[x0 + 2 * BLOCK + p], x[x0 + 3 * BLOCK + p]];
          z[z0 + p] += a0 * v0 + a1 * v1 + a2 * v2 + a3 * v3;
          z[z1 + p] += b0 * v0 + b1 * v1 + b2 * v2 + b3 * v3;
        }
      }
    }
    for (; i < inputs; i++) {
      const a = w[i * units + unit];
      const b = w[i * units + other];
      const x0 = i * BLOCK;
      if (other === unit) for (let p = 0; p < count; p++) z[z0 + p] += a * x[x0 + p];
      else {
        for (let p = 0; p < count; p++) {
          z[z0 + p] += a * x[x0 + p];
          z[z1 + p] += b * x[x0 + p];
        }
      }
    }
  }
}

function addFour(z, z0, x, x0, count, a0, a1, a2, a3) {
  for (let p = 0; p < count; p++) z[z0 + p] += a0 * x[x0 + p] + a1 * x[x0 + BLOCK + p] + a2 * x[x0 + 2 * BLOCK + p] + a3 * x[x0 + 3 * BLOCK + p];
}
