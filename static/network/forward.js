/**
 * A network of the engine's, as the server sends it, and what it answers to a sample. It says what nnplay/engine says, for
 * every activation and output that is registered there; tests/server/test_pad_network.py and tests/network see to that.
 * No DOM in here, so that node can test it.
 */
import { activationOf, outputOf } from './activations.js';

/** @typedef {{weights: Float32Array, biases: Float32Array|null, units: number}} Sums of a layer; weights row by row, a row for each input */
/** @typedef {Sums & {activate: import('./activations.js').Activate}} Layer */
/** @typedef {{hidden: Layer[], last: Sums, output: import('./activations.js').Output}} Network */

/** @typedef {{name: string, parameters: Object<string, number>}} ActivationHeader */

/**
 * A network from the arrays of a message (docs/protocol.md, "The pad").
 * @param {{activations: ActivationHeader[], output: string, units: number[]}} header
 * @param {Object<string, Float32Array>} arrays `weights_1` and so on, and `biases_1` unless there are none
 * @returns {Network}
 */
export function networkOf({ activations, output, units }, arrays) {
  const layers = units.map((n, k) => ({ weights: arrays[`weights_${k + 1}`], biases: arrays[`biases_${k + 1}`] ?? null, units: n }));
  return assembled(layers, activations, output);
}

/**
 * A network from the parameters of a frame, layer by layer the weights and then the biases.
 * @param {{layer_sizes: number[], activations: ActivationHeader[], output: string, has_bias: boolean}} description
 * @param {Float32Array} parameters
 * @returns {Network}
 */
export function networkFrom({ layer_sizes: sizes, activations, output, has_bias: hasBias }, parameters) {
  let at = 0;
  const taken = (/** @type {number} */ n) => {
    at += n;
    return parameters.subarray(at - n, at);
  };
  const layers = sizes.slice(1).map((units, k) => ({ weights: taken(sizes[k] * units), biases: hasBias ? taken(units) : null, units }));
  if (at !== parameters.length) throw new Error(`a network of ${sizes.join('-')} has ${at} parameters, not ${parameters.length}`);
  return assembled(layers, activations, output);
}

/** @param {Sums[]} layers @param {ActivationHeader[]} activations @param {string} output @returns {Network} */
function assembled(layers, activations, output) {
  const hidden = activations.map(({ name, parameters }, k) => ({ ...layers[k], activate: activationOf(name, parameters) }));
  return { hidden, last: layers[layers.length - 1], output: outputOf(output) };
}

/**
 * @param {Network} network @param {ArrayLike<number>} inputs
 * @returns {{outputs: Float64Array, layers: Float64Array[], sums: Float64Array[]}} `layers` are the activations of each hidden layer, `sums` what they
 *   are made of, those of the outputs last
 */
export function forward({ hidden, last, output }, inputs) {
  /** @type {Float64Array[][]} */
  const [layers, sums] = [[], []];
  for (const layer of hidden) {
    const a = sumsOf(layer, layers.at(-1) ?? inputs);
    sums.push(a.slice());
    layer.activate(a, 0, a.length);
    layers.push(a);
  }
  const outputs = sumsOf(last, layers.at(-1) ?? inputs);
  sums.push(outputs.slice());
  output(outputs, outputs.length, 1, 1);
  return { outputs, layers, sums };
}

/** Each unit's weighted sum of the inputs. @param {Sums} layer @param {ArrayLike<number>} inputs */
function sumsOf({ weights, biases, units }, inputs) {
  const z = biases ? Float64Array.from(biases) : new Float64Array(units);
  for (let i = 0; i < inputs.length; i++) {
    const [input, start] = [inputs[i], i * units];
    for (let unit = 0; unit < units; unit++) z[unit] += input * weights[start + unit];
  }
  return z;
}
