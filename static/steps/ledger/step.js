/**
 * A step as the server tells it: who wants a number asks for it by layer, unit and sample. Layers are counted from 0, the
 * first hidden one; the last is the output. Of a weight, `from` as many as there are inputs is the unit's bias.
 *
 * A sample is its place in the batch, or null for the whole of it: then z and a are means over the samples, and errors and
 * shares of gradients are sums.
 */

/** @typedef {{units: number, activation: string, error_rule: string, has_mask: boolean}} LayerInfo */
/** @typedef {{layer: number, from: number, unit: number}} Weight */

export class Step {
  #arrays;

  /** @param {{info: any, run: string, step: number}} header @param {import('../../messages/decode.js').Arrays} arrays */
  constructor({ info, run, step }, arrays) {
    this.info = info;
    this.run = run;
    this.number = step;
    this.#arrays = arrays;
    /** @type {LayerInfo[]} */
    this.layers = info.layers;
    /** Units of each column of the diagram: inputs, hidden layers, output. @type {number[]} */
    this.sizes = [arrays['weights.0'].length / info.layers[0].units, ...info.layers.map((/** @type {LayerInfo} */ each) => each.units)];
    this.last = this.layers.length - 1;
    /** Samples of the batch, and of how many every number is here. */
    this.n = info.n_samples;
    this.told = info.n_told;
    const [loss, lossAfter, penalty] = arrays.numbers;
    this.loss = loss;
    this.lossAfter = lossAfter;
    this.penalty = penalty;
  }

  #of(/** @type {string} */ name, /** @type {number} */ layer, /** @type {number} */ place) {
    const array = this.#arrays[`${name}.${layer}`];
    return array ? array[place] : 0;
  }

  /** Whether there is a bias among what reaches a unit. */
  isBias({ layer, from }) {
    return from === this.sizes[layer];
  }

  /** @param {string} name @param {Weight} weight a value of each parameter */
  #parameter(name, { layer, from, unit }) {
    if (from === this.sizes[layer]) return this.#of(`bias_${name}`, layer, unit);
    return this.#of(`weight_${name}`, layer, from * this.sizes[layer + 1] + unit);
  }

  /** @param {string} name @param {number} layer @param {number} column @param {number} columns @param {number|null} sample */
  #sampled(name, layer, column, columns, sample) {
    if (sample === null) return this.#of(`${name}_mean`, layer, column);
    return this.#of(name, layer, sample * columns + column);
  }

  /** What reaches a layer. */
  input(/** @type {number} */ layer, /** @type {number} */ from, /** @type {number|null} */ sample) {
    return from === this.sizes[layer] ? 1 : this.#sampled('inputs', layer, from, this.sizes[layer], sample);
  }

  z(/** @type {number} */ layer, /** @type {number} */ unit, /** @type {number|null} */ sample) {
    return this.#sampled('z', layer, unit, this.sizes[layer + 1], sample);
  }

  a(/** @type {number} */ layer, /** @type {number} */ unit, /** @type {number|null} */ sample) {
    return this.#sampled('a', layer, unit, this.sizes[layer + 1], sample);
  }

  slope(/** @type {number} */ layer, /** @type {number} */ unit, /** @type {number} */ sample) {
    return this.#of('slopes', layer, sample * this.sizes[layer + 1] + unit);
  }

  /** What dropout multiplies a unit by, or null where there is none. @returns {number|null} */
  mask(/** @type {number} */ layer, /** @type {number} */ unit, /** @type {number|null} */ sample) {
    if (!this.layers[layer].has_mask || sample === null) return null;
    return this.#of('mask', layer, sample * this.sizes[layer + 1] + unit);
  }

  /** ∂loss/∂a of an output, where that isn't skipped. */
  lossSlope(/** @type {number} */ unit, /** @type {number} */ sample) {
    return this.#of('loss_slopes', this.last, sample * this.sizes[this.last + 1] + unit);
  }

  /** The error, ∂loss/∂z; over the batch, the sum of the samples' errors, which is the bias's gradient. */
  error(/** @type {number} */ layer, /** @type {number} */ unit, /** @type {number|null} */ sample) {
    if (sample !== null) return this.#of('errors', layer, sample * this.sizes[layer + 1] + unit);
    return this.#of('errors_sum', layer, unit);
  }

  target(/** @type {number} */ unit, /** @type {number|null} */ sample) {
    return this.#mean(this.#arrays.targets, unit, this.sizes[this.last + 1], sample);
  }

  #mean(array, column, columns, sample) {
    if (sample !== null) return array[sample * columns + column];
    let sum = 0;
    for (let s = 0; s < this.n; s++) sum += array[s * columns + column];
    return sum / this.n;
  }

  sampleLoss(/** @type {number} */ sample) {
    return this.#arrays.sample_losses[sample];
  }

  /** @param {Weight} weight */
  weight({ layer, from, unit }) {
    return from === this.sizes[layer] ? this.#of('biases', layer, unit) : this.#of('weights', layer, from * this.sizes[layer + 1] + unit);
  }

  /** The loss's gradient alone. @param {Weight} weight */
  gradient(weight) {
    return this.#parameter('gradients', weight);
  }

  /** The penalty's share of it. @param {Weight} weight */
  penaltyShare(weight) {
    return this.isBias(weight) ? 0 : this.#parameter('penalties', weight);
  }

  /** A sample's share of a gradient. @param {Weight} weight @param {number} sample */
  share({ layer, from, unit }, sample) {
    return this.input(layer, from, sample) * this.error(layer, unit, sample);
  }

  /** What the optimizer adds to a parameter. @param {Weight} weight */
  change(weight) {
    return this.#parameter('steps', weight);
  }

  /** What the optimizer remembers of a parameter. @param {string} name @param {'before'|'after'} when @param {Weight} weight */
  memory(name, when, weight) {
    return this.#parameter(`${name}_${when}`, weight);
  }

  /** Samples as they lie on the plane, those of the batch first; null where there is none. */
  get points() {
    const { points, point_targets: targets } = this.#arrays;
    return points ? { points, targets } : null;
  }

  /** What an input is called. */
  inputName(/** @type {number} */ from) {
    return this.info.inputs[from] ?? `x${from + 1}`;
  }

  layerName(/** @type {number} */ layer) {
    return layer === this.last ? 'Output' : `Hidden layer ${layer + 1}`;
  }

  unitName(/** @type {number} */ layer, /** @type {number} */ unit) {
    if (layer < 0) return this.inputName(unit);
    if (layer === this.last) return this.info.outputs[unit] ?? (this.sizes[layer + 1] > 1 ? `output ${unit + 1}` : 'output');
    return `unit ${unit + 1}`;
  }

  /** @param {Weight} weight */
  weightName({ layer, from, unit }) {
    const to = layer === this.last ? this.unitName(layer, unit) : `unit ${unit + 1} of hidden layer ${layer + 1}`;
    if (from === this.sizes[layer]) return `the bias of ${to}`;
    const source = layer === 0 ? this.inputName(from) : `unit ${from + 1} of hidden layer ${layer}`;
    return `the weight from ${source} to ${to}`;
  }
}
