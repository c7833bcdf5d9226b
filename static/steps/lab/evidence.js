/** A case of the bug lab as the server sends it, and what is read off it. No DOM in here, so that node can test it. */
import { formatNumber } from '../ledger/numbers.js';

/** @typedef {{layer: number, from: number, unit: number}} Place of a parameter; `from` as many as there are inputs is the bias */
/** @typedef {{key: string, title: string}} Fault */
/** @typedef {{right: boolean, title: string, planted: string, text: string, figures?: string}} Verdict */

/** What two numbers say of each other. @typedef {'agree'|'disagree'|'unknown'} Agreement */

export class Evidence {
  /** @param {any} header @param {Object<string, Float64Array>} arrays */
  constructor(header, arrays) {
    this.header = header;
    this.arrays = arrays;
    this.number = /** @type {number} */ (header.case);
    this.sizes = /** @type {number[]} */ (header.layer_sizes);
    this.faults = /** @type {Fault[]} */ (header.faults);
    this.verdict = /** @type {Verdict|null} */ (header.verdict);
    this.told = /** @type {string|null} */ (header.told);
    this.nMoments = arrays.epochs.length;
    this.nParameters = arrays.parameters.length / this.nMoments;
    /** Where each layer's parameters begin. */
    this.starts = [0];
    for (let k = 1; k < this.sizes.length; k++) this.starts.push(this.starts[k - 1] + (this.sizes[k - 1] + 1) * this.sizes[k]);
  }

  /** What is drawn of it stays the same while a case is answered. */
  get key() {
    return `${this.header.run}`;
  }

  /** @param {number} moment */
  epoch(moment) {
    return this.arrays.epochs[moment];
  }

  /** @param {'losses'|'scores'|'healthy_losses'} name @param {number} which 0 for training, 1 for test */
  curve(name, which) {
    const values = this.arrays[name];
    return values ? Array.from({ length: this.nMoments }, (_, k) => values[2 * k + which]) : null;
  }

  /** @param {number} moment */
  parameters(moment) {
    return Float32Array.from(this.arrays.parameters.subarray(moment * this.nParameters, (moment + 1) * this.nParameters));
  }

  /** @param {Place} place */
  index({ layer, from, unit }) {
    return this.starts[layer] + from * this.sizes[layer + 1] + unit;
  }

  /** Backpropagation's gradient of a parameter, its finite difference, and their relative error. @param {number} moment @param {Place} place */
  gradient(moment, place) {
    const at = moment * this.nParameters + this.index(place);
    const { backward, differences, errors } = this.arrays;
    return { backward: backward[at], difference: differences[at], error: errors[at], agreement: this.agreement(errors[at]) };
  }

  /** @param {number} error @returns {Agreement} */
  agreement(error) {
    if (Number.isNaN(error)) return 'unknown';
    return error < this.header.wrong_from ? 'agree' : 'disagree';
  }

  /** The largest relative error of a layer, and how many of its gradients are wrong. @param {number} moment @param {number} layer */
  ofLayer(moment, layer) {
    const begin = moment * this.nParameters;
    const errors = [...this.arrays.errors.subarray(begin + this.starts[layer], begin + this.starts[layer + 1])];
    const known = errors.filter((error) => !Number.isNaN(error));
    return { largest: Math.max(0, ...known), wrong: known.filter((error) => this.agreement(error) === 'disagree').length, of: errors.length };
  }

  /** For each watched epoch the share of class 1 in each batch. @returns {number[][]} */
  get batches() {
    const [epochs, batches] = this.header.static_layout.find((/** @type {{name: string}} */ { name }) => name === 'shares').shape;
    return Array.from({ length: epochs }, (_, k) => [...this.arrays.shares.subarray(k * batches, (k + 1) * batches)]);
  }
}

const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';
const subscript = (/** @type {number} */ n) => [...String(n)].map((digit) => SUBSCRIPTS[Number(digit)]).join('');

/** What feeds a layer's weights, in words: "x₁", "unit 2", "bias". @param {number} layer @param {number} from @param {number} nIn */
export function fromName(layer, from, nIn) {
  if (from === nIn) return 'bias';
  return layer === 0 ? `x${subscript(from + 1)}` : `unit ${from + 1}`;
}

/** A parameter in words. @param {number[]} sizes @param {Place} place */
export function placeName(sizes, { layer, from, unit }) {
  const to = layer === sizes.length - 2 ? 'the output' : `unit ${unit + 1}`;
  return from === sizes[layer] ? `The bias of ${to}` : `The weight from ${fromName(layer, from, sizes[layer])} to ${to}`;
}

/** A relative error as one writes it. @param {number} error */
export function errorText(error) {
  if (Number.isNaN(error)) return '–';
  if (error === 0) return '0';
  if (error >= 0.001) return error.toPrecision(3);
  const [digits, exponent] = error.toExponential(0).split('e');
  return `${digits}·10${exponent.replace('-', '⁻').replace('+', '').replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)])}`;
}

/** What the two numbers of a gradient say, in a sentence. @param {ReturnType<Evidence['gradient']>} gradient */
export function inWords({ backward, difference, error, agreement }) {
  if (agreement === 'unknown') return 'Here a unit is at its kink for some point, so a finite difference says nothing. Look at another moment.';
  if (agreement === 'agree') return `Both agree: their relative error is ${errorText(error)}.`;
  const ratio = backward === 0 ? '' : ` The finite difference is ${formatNumber(difference / backward)} times backpropagation’s.`;
  return `They disagree: their relative error is ${errorText(error)}.${ratio}`;
}
