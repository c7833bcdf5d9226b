/**
 * What a network's parameters are called, by their index in the flat vector: layer by layer, the weights row by row, then the biases.
 */

/** Of larger networks only so many are offered. */
const MOST = 600;

/**
 * @param {{network: {layer_sizes: number[], has_bias: boolean}, inputs: string[], diagram: {outputs: string[]}}} info of a run
 * @returns {string[]} the first ones, if there are very many
 */
export function parameterNames({ network: { layer_sizes: sizes, has_bias: hasBias }, inputs, diagram }) {
  const names = [];
  const last = sizes.length - 1;
  const unit = (/** @type {number} */ layer, /** @type {number} */ k) => {
    if (layer === 0) return inputs[k] ?? `input ${k + 1}`;
    if (layer === last) return sizes[last] === 1 ? 'output' : (diagram.outputs[k] ?? `output ${k + 1}`);
    return `unit ${layer}.${k + 1}`;
  };
  for (let layer = 1; layer <= last && names.length < MOST; layer++) {
    for (let from = 0; from < sizes[layer - 1]; from++) for (let to = 0; to < sizes[layer]; to++) names.push(`${unit(layer - 1, from)} → ${unit(layer, to)}`);
    if (hasBias) for (let to = 0; to < sizes[layer]; to++) names.push(`bias of ${unit(layer, to)}`);
  }
  return names.slice(0, MOST);
}
