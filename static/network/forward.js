/**
 * A network of the engine's, as the server sends it (docs/protocol.md, "The pad"), and what it answers to a sample. It says
 * what nnplay/engine says, for every activation and output that is registered there; tests/server/test_pad_network.py sees to that.
 * No DOM in here, so that node can test it.
 */

/** Beyond it tanh is ±1 anyway; z³ must not overflow. */
const GELU_FAR = 1e3;
const GELU_SCALE = Math.sqrt(2 / Math.PI);
const GELU_CUBIC = 0.044715;

const sigmoid = (z) => 1 / (1 + Math.exp(-z));

function gelu(z) {
  const near = Math.min(GELU_FAR, Math.max(-GELU_FAR, z));
  return 0.5 * z * (1 + Math.tanh(GELU_SCALE * (near + GELU_CUBIC * near ** 3)));
}

/** For a name and its parameters, what a hidden unit does with its weighted sum. */
const ACTIVATIONS = {
  relu: () => (z) => Math.max(z, 0),
  leaky_relu: ({ slope }) => (z) => Math.max(z, slope * z),
  tanh: () => Math.tanh,
  elu: ({ alpha }) => (z) => (z > 0 ? z : alpha * Math.expm1(z)),
  sigmoid: () => sigmoid,
  identity: () => (z) => z,
  softplus: () => (z) => Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))),
  silu: () => (z) => z * sigmoid(z),
  gelu: () => gelu,
  sine: () => Math.sin,
};

/** What makes answers of the last layer's sums. */
const OUTPUTS = {
  identity: (logits) => logits,
  sigmoid: (logits) => logits.map(sigmoid),
  softmax(logits) {
    // Taking the largest off changes nothing in the quotient and keeps exp from overflowing.
    const largest = logits.reduce((most, z) => Math.max(most, z), -Infinity);
    const powers = logits.map((z) => Math.exp(z - largest));
    const total = powers.reduce((sum, power) => sum + power, 0);
    return powers.map((power) => power / total);
  },
};

/** @typedef {{weights: Float32Array, biases: Float32Array|null, units: number, activate: (z: number) => number}} Layer weights row by row, a row for each input */
/** @typedef {{hidden: Layer[], last: Layer, output: (logits: Float64Array) => Float64Array}} Network */

/**
 * @param {{activations: {name: string, parameters: Object<string, number>}[], output: string, units: number[]}} header
 * @param {Object<string, Float32Array>} arrays `weights_1` and so on, and `biases_1` unless there are none
 * @returns {Network}
 */
export function networkOf({ activations, output, units }, arrays) {
  const layers = units.map((n, k) => {
    const weights = arrays[`weights_${k + 1}`];
    const { name, parameters } = activations[k] ?? { name: 'identity' };
    return { weights, biases: arrays[`biases_${k + 1}`] ?? null, units: n, activate: known(ACTIVATIONS, name)(parameters) };
  });
  return { hidden: layers.slice(0, -1), last: layers[layers.length - 1], output: known(OUTPUTS, output) };
}

/**
 * @param {Network} network @param {ArrayLike<number>} inputs
 * @returns {{outputs: Float64Array, layers: Float64Array[]}} `layers` are the activations of each hidden layer
 */
export function forward({ hidden, last, output }, inputs) {
  const layers = [];
  for (const layer of hidden) layers.push(sums(layer, layers.at(-1) ?? inputs).map(layer.activate));
  return { outputs: output(sums(last, layers.at(-1) ?? inputs)), layers };
}

/** Each unit's weighted sum of the inputs. @param {Layer} layer @param {ArrayLike<number>} inputs */
function sums({ weights, biases, units }, inputs) {
  const z = biases ? Float64Array.from(biases) : new Float64Array(units);
  for (let i = 0; i < inputs.length; i++) {
    const [input, start] = [inputs[i], i * units];
    for (let unit = 0; unit < units; unit++) z[unit] += input * weights[start + unit];
  }
  return z;
}

function known(table, name) {
  if (!Object.hasOwn(table, name)) throw new Error(`the pad doesn't know '${name}'`);
  return table[name];
}
