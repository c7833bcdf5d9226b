/**
 * What units do with their weighted sums: the engine's activations and outputs (nnplay/engine), by the names that are registered
 * there. Each works on an array of sums, in place.
 */
import { exp, expm1, tanh } from './elementary.js';

/** Beyond it tanh is ±1 anyway; z³ must not overflow. */
const GELU_FAR = 1e3;
const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

/** @typedef {(z: Float64Array, start: number, end: number) => void} Activate turns the sums from `start` to `end` into activations */

/** For a name, what makes an activation of its parameters. @type {Object<string, (parameters: Object<string, number>) => Activate>} */
const ACTIVATIONS = {
  relu: () => (z, start, end) => {
    for (let k = start; k < end; k++) z[k] = Math.max(z[k], 0);
  },
  leaky_relu: ({ slope }) => (z, start, end) => {
    for (let k = start; k < end; k++) z[k] = Math.max(z[k], slope * z[k]);
  },
  tanh: () => (z, start, end) => {
    for (let k = start; k < end; k++) z[k] = tanh(z[k]);
  },
  elu: ({ alpha }) => (z, start, end) => {
    for (let k = start; k < end; k++) if (!(z[k] > 0)) z[k] = alpha * expm1(z[k]);
  },
  sigmoid: () => sigmoid,
  identity: () => () => {},
  softplus: () => (z, start, end) => {
    for (let k = start; k < end; k++) z[k] = Math.max(z[k], 0) + Math.log1p(exp(-Math.abs(z[k])));
  },
  silu: () => (z, start, end) => {
    for (let k = start; k < end; k++) z[k] *= 1 / (1 + exp(-z[k]));
  },
  gelu: () => (z, start, end) => {
    for (let k = start; k < end; k++) {
      const near = Math.min(GELU_FAR, Math.max(-GELU_FAR, z[k]));
      z[k] *= 0.5 * (1 + tanh(GELU_SCALE * (near + GELU_CUBIC * near * near * near)));
    }
  },
  sine: () => (z, start, end) => {
    for (let k = start; k < end; k++) z[k] = Math.sin(z[k]);
  },
};

/**
 * Turns logits into outputs: output k of sample p is at `k * stride + p`.
 * @typedef {(z: Float64Array, outputs: number, stride: number, count: number) => void} Output
 */

/** @type {Object<string, Output>} */
const OUTPUTS = {
  identity: () => {},
  sigmoid: (z, outputs, stride, count) => {
    for (let k = 0; k < outputs; k++) sigmoid(z, k * stride, k * stride + count);
  },
  softmax: (z, outputs, stride, count) => {
    const end = outputs * stride;
    for (let p = 0; p < count; p++) {
      // Taking the largest off changes nothing in the quotient and keeps exp from overflowing.
      let largest = -Infinity;
      for (let k = p; k < end; k += stride) largest = Math.max(largest, z[k]);
      let total = 0;
      for (let k = p; k < end; k += stride) {
        z[k] = exp(z[k] - largest);
        total += z[k];
      }
      for (let k = p; k < end; k += stride) z[k] /= total;
    }
  },
};

/** @type {Activate} */
function sigmoid(z, start, end) {
  for (let k = start; k < end; k++) z[k] = 1 / (1 + exp(-z[k]));
}

/** @param {string} name @param {Object<string, number>} parameters @returns {Activate} */
export const activationOf = (name, parameters) => known(ACTIVATIONS, name)(parameters);

/** @param {string} name @returns {Output} */
export const outputOf = (name) => known(OUTPUTS, name);

/** @template T @param {Object<string, T>} table @param {string} name @returns {T} */
function known(table, name) {
  if (!Object.hasOwn(table, name)) throw new Error(`the browser doesn't know '${name}'`);
  return table[name];
}
