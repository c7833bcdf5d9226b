/**
 * Which number of the flat parameter vector is which weight or bias (docs/protocol.md), and what units are called.
 *
 * Layer 0 are the inputs, 1 the first hidden layer, the last one the outputs.
 */
export class NetworkShape {
  /** @param {Object} info of a run */
  constructor({ layers, diagram }) {
    this.inputs = diagram.inputs;
    this.outputs = diagram.outputs;
    this.hasBias = diagram.has_bias;
    this.activations = layers.map(({ activation }) => activation);
    this.sizes = [this.inputs.length, ...layers.map(({ units }) => units), this.outputs.length];
    this.last = this.sizes.length - 1;
    /** Where the parameters of each layer begin; of the inputs nowhere. */
    this.starts = [NaN, 0];
    for (let layer = 1; layer < this.last; layer++) {
      this.starts.push(this.starts[layer] + (this.sizes[layer - 1] + this.hasBias) * this.sizes[layer]);
    }
  }

  /** Index of the weight from a unit of the layer before to a unit of `layer`. */
  weight(layer, from, to) {
    return this.starts[layer] + from * this.sizes[layer] + to;
  }

  /** Index of a unit's bias. */
  bias(layer, unit) {
    return this.weight(layer, this.sizes[layer - 1], unit);
  }

  /** Which unit's parameter an index is, and from which unit of the layer before; `from` is null for a bias. */
  at(index) {
    let layer = this.last;
    while (index < this.starts[layer]) layer--;
    const at = index - this.starts[layer];
    const from = Math.floor(at / this.sizes[layer]);
    return { layer, unit: at % this.sizes[layer], from: from === this.sizes[layer - 1] ? null : from };
  }

  /** Where a unit's map is among the maps of hidden units and outputs. */
  map(layer, unit) {
    let at = unit;
    for (let before = 1; before < layer; before++) at += this.sizes[before];
    return at;
  }

  /** A unit's name beside its layer: "x₁", "unit 3", "class 1". */
  shortName(layer, unit) {
    if (layer === 0) return this.inputs[unit];
    return layer === this.last ? this.outputs[unit] : `unit ${unit + 1}`;
  }

  /** A unit's name by itself. */
  name(layer, unit) {
    if (layer === 0) return `Input ${this.inputs[unit]}`;
    return layer === this.last ? `Output: ${this.outputs[unit]}` : `Hidden layer ${layer}, unit ${unit + 1}`;
  }

  /** A parameter's name: "bias" or "weight from x₁". */
  parameterName(index) {
    const { layer, from } = this.at(index);
    return from === null ? 'bias' : `weight from ${this.shortName(layer - 1, from)}`;
  }
}
