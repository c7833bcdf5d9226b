/**
 * The formulas of a step, as LaTeX: each with letters, and with the numbers put in. No DOM in here, so that node can test it.
 *
 * Letters are as everywhere in the app: w, b, z, a, and δ for an error, ∂L/∂z. Layers and units are counted from 1 in a formula.
 */
import { latexFactor, latexNumber, latexSetting } from './numbers.js';

/** @typedef {import('./step.js').Step} Step */
/** @typedef {import('./step.js').Weight} Weight */
/** @typedef {{title: string, letters: string, numbers: string}} Formula */

/** Terms of a sum that are written out; of more, the first and the last ones. */
const MOST_TERMS = 8;
/** Terms side by side. */
const IN_LINE = 2;

const up = (/** @type {number} */ layer) => `^{(${layer + 1})}`;
const zOf = (layer, unit) => `z${up(layer)}_{${unit + 1}}`;
const aOf = (layer, unit) => (layer < 0 ? `x_{${unit + 1}}` : `a${up(layer)}_{${unit + 1}}`);
const deltaOf = (layer, unit) => `\\delta${up(layer)}_{${unit + 1}}`;
const hatOf = (layer, unit) => `\\hat a${up(layer)}_{${unit + 1}}`;

/** What stands for a parameter. @param {Step} step @param {Weight} weight */
export function nameOf(step, { layer, from, unit }) {
  return from === step.sizes[layer] ? `b${up(layer)}_{${unit + 1}}` : `w${up(layer)}_{${from + 1},${unit + 1}}`;
}

/** Whether what a layer hands on has gone through dropout. */
const isMasked = (/** @type {Step} */ step, /** @type {number} */ layer) => layer >= 0 && step.layers[layer].has_mask;

/** What stands for an input of a layer. */
function inputOf(step, layer, from) {
  return isMasked(step, layer - 1) ? hatOf(layer - 1, from) : aOf(layer - 1, from);
}

/** The same of any of them, number i. */
function inputLetters(step, layer) {
  if (layer === 0) return 'x_{i}';
  return isMasked(step, layer - 1) ? `\\hat a${up(layer - 1)}_{i}` : `a${up(layer - 1)}_{i}`;
}

/** A mean over the samples, in letters, where the whole batch is looked at. */
const over = (/** @type {string} */ letters, /** @type {number|null} */ sample) => (sample === null ? `\\overline{${letters}}` : letters);

/** The places of a sum that are written out; null stands for those between. @param {number} count @returns {(number|null)[]} */
export function writtenTerms(count) {
  const all = [...Array(count).keys()];
  if (count <= MOST_TERMS) return all;
  return [...all.slice(0, MOST_TERMS - 3), null, ...all.slice(-2)];
}

/** Terms joined by their signs. @param {string[]} terms */
function joined(terms) {
  return terms.map((term, k) => (k === 0 || term.startsWith('-') ? term : `+${term}`)).join(' ');
}

/**
 * A sum in lines of a few terms, and what it comes to.
 * @param {string} left @param {string[]} terms @param {string} value @param {number} [inLine]
 */
function sumInLines(left, terms, value, inLine = IN_LINE) {
  const lines = [];
  for (let start = 0; start < terms.length; start += inLine) {
    const part = joined(terms.slice(start, start + inLine));
    lines.push(start === 0 ? `${left} &= ${part}` : `&\\quad ${part.startsWith('-') ? part : `+ ${part}`}`);
  }
  return [...lines, `&= ${value}`];
}

/** @param {string[]} lines */
const aligned = (lines) => `\\begin{aligned} ${lines.join(' \\\\ ')} \\end{aligned}`;

const DOTS = '\\dots';

/** Activations: with a letter for the sum, and their slopes by z and a. */
const ACTIVATIONS = {
  identity: { of: (z) => z, slope: () => '1' },
  sigmoid: { of: (z) => `\\frac{1}{1 + e^{-${signless(z)}}}`, slope: (_, a) => `${a}\\,(1 - ${a})` },
  tanh: { of: (z) => `\\tanh(${z})`, slope: (_, a) => `1 - ${bracketed(a)}^2` },
  relu: { of: (z) => `\\max(0,\\; ${z})`, slope: (z) => `[${z} > 0]` },
  softplus: { of: (z) => `\\ln(1 + e^{${z}})`, slope: (z) => `\\frac{1}{1 + e^{-${signless(z)}}}` },
  silu: { of: (z) => `\\frac{${z}}{1 + e^{-${signless(z)}}}`, slope: (z) => `g'(${z})` },
  gelu: { of: (z) => `\\operatorname{gelu}(${z})`, slope: (z) => `g'(${z})` },
  sine: { of: (z) => `\\sin(${z})`, slope: (z) => `\\cos(${z})` },
  leaky_relu: { of: (z) => `\\operatorname{leaky\\,relu}(${z})`, slope: (z) => `g'(${z})` },
  elu: { of: (z) => `\\operatorname{elu}(${z})`, slope: (z) => `g'(${z})` },
};

/** A number after a minus sign. */
const signless = (/** @type {string} */ z) => (z.startsWith('-') ? `(${z})` : z);

const bracketed = (/** @type {string} */ text) => (text.startsWith('-') || text.includes('\\cdot') || text.includes('^') ? `(${text})` : text);

/** @param {string} name such as "elu(alpha=2.0)" */
const activationOf = (name) => ACTIVATIONS[name.split('(')[0]] ?? { of: (/** @type {string} */ z) => `g(${z})`, slope: (/** @type {string} */ z) => `g'(${z})` };

/** A unit's sum and its activation. @param {Step} step @param {number} layer @param {number} unit @param {number|null} sample @returns {Formula[]} */
export function forward(step, layer, unit, sample) {
  const n = step.sizes[layer];
  const index = step.info.has_bias ? ` + b${up(layer)}_{${unit + 1}}` : '';
  const terms = writtenTerms(n).map((from) => (from === null ? DOTS : `${latexFactor(step.weight({ layer, from, unit }))}\\cdot ${latexFactor(step.input(layer, from, sample))}`));
  if (step.info.has_bias) terms.push(latexNumber(step.weight({ layer, from: n, unit })));
  const z = step.z(layer, unit, sample);
  const sum = {
    title: sample === null ? 'The sum, its mean over the batch' : 'The sum',
    letters: `${over(zOf(layer, unit), sample)} = \\sum_{i=1}^{${n}} w${up(layer)}_{i,${unit + 1}}\\, ${over(inputLetters(step, layer), sample)}${index}`,
    numbers: aligned(sumInLines(over(zOf(layer, unit), sample), terms, latexNumber(z))),
  };
  return [sum, activation(step, layer, unit, sample), ...dropped(step, layer, unit, sample)];
}

/** @returns {Formula} */
function activation(step, layer, unit, sample) {
  const name = step.layers[layer].activation;
  const a = step.a(layer, unit, sample);
  const left = over(aOf(layer, unit), sample);
  const title = `Its activation: ${name.replaceAll('_', ' ')}`;
  if (sample === null) {
    const of = name === 'softmax' ? `a${up(layer)}_{${unit + 1},s}` : activationOf(name).of(`z${up(layer)}_{${unit + 1},s}`);
    return { title, letters: `${left} = \\frac{1}{n}\\sum_{s=1}^{n} ${of}`, numbers: `${left} = ${meanOf(step, (s) => step.a(layer, unit, s), a)}` };
  }
  if (name === 'softmax') {
    const count = step.sizes[layer + 1];
    const exp = (/** @type {number} */ k) => `e^{${latexNumber(step.z(layer, k, sample))}}`;
    const below = joined(writtenTerms(count).map((k) => (k === null ? DOTS : exp(k))));
    return { title, letters: `${left} = \\frac{e^{${zOf(layer, unit)}}}{\\sum_{k=1}^{${count}} e^{z${up(layer)}_{k}}}`, numbers: `${left} = \\frac{${exp(unit)}}{${below}} = ${latexNumber(a)}` };
  }
  const { of } = activationOf(name);
  return { title, letters: `${left} = ${of(zOf(layer, unit))}`, numbers: `${left} = ${of(latexNumber(step.z(layer, unit, sample)))} = ${latexNumber(a)}` };
}

/** What dropout makes of an activation. @returns {Formula[]} */
function dropped(step, layer, unit, sample) {
  const mask = step.mask(layer, unit, sample);
  if (mask === null) return [];
  const a = step.a(layer, unit, sample);
  return [{
    title: mask === 0 ? 'Dropout: switched off in this step' : 'Dropout: kept, and scaled up to make up for the units that are switched off',
    letters: `${hatOf(layer, unit)} = m${up(layer)}_{${unit + 1}}\\, ${aOf(layer, unit)}`,
    numbers: `${hatOf(layer, unit)} = ${latexFactor(mask)}\\cdot ${latexFactor(a)} = ${latexNumber(mask * a)}`,
  }];
}

/** The mean of what samples have, its first terms written out. @param {Step} step @param {(sample: number) => number} value @param {number} mean */
function meanOf(step, value, mean) {
  const terms = joined(firstOf(step, value));
  return `\\frac{1}{${step.n}}\\left(${terms}\\right) = ${latexNumber(mean)}`;
}

/** A few samples' numbers. @param {{told: number, n: number}} step @param {(sample: number) => number} value */
function firstOf({ told, n }, value) {
  const few = [...Array(Math.min(told, n > 4 ? 3 : 4)).keys()].map((s) => latexNumber(value(s)));
  return n > few.length ? [...few, DOTS] : few;
}

/** Losses: of one sample, its outputs and targets as letters or numbers, and how a product is written. @type {Record<string, (a: string[], y: string[], times: string) => string>} */
const LOSSES = {
  binary_cross_entropy: (a, y, times) => `-\\left[${joinedPlus(a.map((each, k) => `${y[k]}${times}\\ln ${bracketed(each)} + (1-${bracketed(y[k])})${times}\\ln(1-${bracketed(each)})`))}\\right]`,
  categorical_cross_entropy: (a, y, times) => `-\\left(${joinedPlus(a.map((each, k) => `${y[k]}${times}\\ln ${bracketed(each)}`))}\\right)`,
  mean_squared_error: (a, y) => `${a.length > 1 ? `\\frac{1}{${a.length}}` : ''}${squares(a, y)}`,
  sum_squared_error: (a, y) => squares(a, y),
  quadratic: (a, y) => `\\frac{1}{2}${squares(a, y)}`,
};

const joinedPlus = (/** @type {string[]} */ terms) => terms.join(' + ');

function squares(a, y) {
  const sum = joinedPlus(a.map((each, k) => `(${each} - ${bracketed(y[k])})^2`));
  return a.length > 1 ? `\\left(${sum}\\right)` : sum;
}

const LOSS_LETTERS = {
  binary_cross_entropy: (sum) => `-${sum}\\left[y_k\\ln a_k + (1-y_k)\\ln(1-a_k)\\right]`,
  categorical_cross_entropy: (sum) => `-${sum} y_k\\ln a_k`,
  mean_squared_error: (sum, K) => `\\frac{1}{${K}}${sum}(a_k - y_k)^2`,
  sum_squared_error: (sum) => `${sum}(a_k - y_k)^2`,
  quadratic: (sum) => `\\frac{1}{2}${sum}(a_k - y_k)^2`,
};

/** The loss of a sample, and of the batch. @param {Step} step @param {number|null} sample @returns {Formula[]} */
export function loss(step, sample) {
  const { info, last } = step;
  const K = step.sizes[last + 1];
  const few = writtenTerms(K).filter((k) => k !== null);
  const formulas = [];
  if (sample !== null) {
    const a = few.map((k) => latexNumber(step.a(last, k, sample)));
    const y = few.map((k) => latexNumber(step.target(k, sample)));
    const letters = K === 1 ? LOSSES[info.loss](['a'], ['y'], '\\,') : LOSS_LETTERS[info.loss](`\\sum_{k=1}^{${K}}`, K);
    const dots = few.length < K ? ' + \\dots' : '';
    formulas.push({ title: `The loss of this sample: ${info.loss.replaceAll('_', ' ')}`, letters: `\\ell = ${letters}`, numbers: inTwo('\\ell =', `${LOSSES[info.loss](a, y, '\\cdot')}${dots}`, step.sampleLoss(sample)) });
  }
  const terms = joined(firstOf({ told: step.n, n: step.n }, (s) => step.sampleLoss(s)));
  const share = info.mean_of_losses ? `\\frac{1}{${step.n}}` : '';
  formulas.push({
    title: info.mean_of_losses ? 'The loss of the batch: the mean over its samples' : 'The loss of the batch: the sum over its samples',
    letters: `L = ${info.mean_of_losses ? '\\frac{1}{n}' : ''}\\sum_{s=1}^{n}\\ell_s`,
    numbers: `L = ${share}\\left(${terms}\\right) = ${latexNumber(step.loss)}`,
  });
  return formulas;
}

/** A unit's error. @param {Step} step @param {number} layer @param {number} unit @param {number|null} sample @returns {Formula} */
export function error(step, layer, unit, sample) {
  const left = sample === null ? `\\sum_s \\delta${up(layer)}_{${unit + 1},s}` : deltaOf(layer, unit);
  const value = latexNumber(step.error(layer, unit, sample));
  const title = sample === null ? 'The errors of the samples, added up' : 'The error: how the loss changes with z';
  if (sample === null) {
    const terms = joined(firstOf(step, (s) => step.error(layer, unit, s)));
    return { title, letters: `${left} = \\sum_{s=1}^{n}\\frac{\\partial L}{\\partial z${up(layer)}_{${unit + 1},s}}`, numbers: `${left} = ${terms} = ${value}` };
  }
  const meaning = `${left} = \\frac{\\partial L}{\\partial ${zOf(layer, unit)}}`;
  if (layer < step.last) return hiddenError(step, layer, unit, sample, { title, left, meaning, value });
  return outputError(step, unit, sample, { title, left, meaning, value });
}

function outputError(step, unit, sample, { title, left, meaning, value }) {
  const { last, n } = step;
  const { error_rule: rule, activation: name } = step.layers[last];
  const [a, y] = [step.a(last, unit, sample), step.target(unit, sample)];
  const [aLetter, yLetter] = [aOf(last, unit), `y_{${unit + 1}}`];
  if (rule === 'difference') {
    const mean = step.info.mean_of_losses;
    return { title, letters: `${meaning} = ${mean ? `\\frac{1}{n}` : ''}\\left(${aLetter} - ${yLetter}\\right)`, numbers: `${left} = ${mean ? `\\frac{1}{${n}}` : ''}\\left(${latexNumber(a)} - ${latexFactor(y)}\\right) = ${value}` };
  }
  if (name === 'softmax') {
    const K = step.sizes[last + 1];
    const g = (/** @type {number} */ k) => latexFactor(step.lossSlope(k, sample));
    const mixed = joined(writtenTerms(K).map((k) => (k === null ? DOTS : `${g(k)}\\cdot ${latexFactor(step.a(last, k, sample))}`)));
    return {
      title,
      letters: `${meaning} = ${aLetter}\\left(g_{${unit + 1}} - \\sum_k g_k a_k\\right),\\quad g_k = \\frac{\\partial L}{\\partial a_k}`,
      numbers: aligned([`${left} &= ${latexFactor(a)}\\cdot\\big(${latexNumber(step.lossSlope(unit, sample))}`, `&\\quad - (${mixed})\\big)`, `&= ${value}`]),
    };
  }
  return {
    title,
    letters: `${meaning} = \\frac{\\partial L}{\\partial ${aLetter}}\\; g'(${zOf(last, unit)})`,
    numbers: `${left} = ${latexFactor(step.lossSlope(unit, sample))}\\cdot ${latexFactor(step.slope(last, unit, sample))} = ${value}`,
  };
}

function hiddenError(step, layer, unit, sample, { title, left, meaning, value }) {
  const count = step.sizes[layer + 2];
  const mask = step.mask(layer, unit, sample);
  const slope = step.slope(layer, unit, sample);
  const name = step.layers[layer].activation;
  const slopeLetters = activationOf(name).slope(zOf(layer, unit), aOf(layer, unit));
  const terms = writtenTerms(count).map((k) => (k === null ? DOTS : `${latexFactor(step.weight({ layer: layer + 1, from: unit, unit: k }))}\\cdot ${latexFactor(step.error(layer + 1, k, sample))}`));
  const first = joined(terms.slice(0, IN_LINE));
  const rest = [];
  for (let start = IN_LINE; start < terms.length; start += IN_LINE) {
    const part = joined(terms.slice(start, start + IN_LINE));
    rest.push(`&\\quad\\; ${part.startsWith('-') ? part : `+ ${part}`}`);
  }
  const factors = `\\cdot ${latexFactor(slope)}${mask === null ? '' : `\\cdot ${latexFactor(mask)}`}`;
  const lines = [`${left} &= \\big(${first}`, ...rest];
  lines[lines.length - 1] += `\\big) ${factors}`;
  return {
    title,
    letters: aligned([
      `${meaning.replace(' = ', ' &= ')} = \\Big(\\sum_{k=1}^{${count}} w${up(layer + 1)}_{${unit + 1},k}\\,\\delta${up(layer + 1)}_{k}\\Big)\\, g'(${zOf(layer, unit)})${mask === null ? '' : `\\, m${up(layer)}_{${unit + 1}}`}`,
      `g'(${zOf(layer, unit)}) &= ${slopeLetters}`,
    ]),
    numbers: aligned([...lines, `&= ${value}`]),
  };
}

/** A parameter's gradient: the sum over the samples of error times input. @param {Step} step @param {Weight} weight @param {number|null} sample @returns {Formula} */
export function gradient(step, weight, sample) {
  const { layer, from, unit } = weight;
  const isBias = step.isBias(weight);
  const name = nameOf(step, weight);
  const left = `\\frac{\\partial L}{\\partial ${name}}`;
  const delta = deltaOf(layer, unit);
  const input = isBias ? '' : inputOf(step, layer, from);
  const product = (/** @type {number} */ s) => (isBias ? latexFactor(step.error(layer, unit, s)) : `${latexFactor(step.error(layer, unit, s))}\\cdot ${latexFactor(step.input(layer, from, s))}`);
  const value = latexNumber(step.gradient(weight));
  if (sample !== null) {
    const share = `\\left.${left}\\right|_{${sample + 1}}`;
    return {
      title: isBias ? 'This sample’s share of the gradient: its error' : 'This sample’s share of the gradient: error × input',
      letters: `\\left.${left}\\right|_{s} = ${delta}${isBias ? '' : `\\,${input}`}`,
      numbers: isBias ? `${share} = ${product(sample)}` : inTwo(`${share} =`, product(sample), step.share(weight, sample)),
    };
  }
  const count = Math.min(step.told, 4);
  const terms = [...Array(count).keys()].map(product);
  if (step.n > count) terms.push(DOTS);
  return {
    title: isBias ? 'The gradient: the samples’ errors, added up' : 'The gradient: error × input, added up over the samples',
    letters: `${left} = \\sum_{s=1}^{n} \\delta${up(layer)}_{${unit + 1},s}${isBias ? '' : `\\, ${input.replace(/_\{(\d+)\}$/, '_{$1,s}')}`}`,
    numbers: aligned(sumInLines(left, terms, value)),
  };
}

/** What is worked out, and below it what comes of it. @param {string} left @param {string} right @param {number} value */
const inTwo = (left, right, value) => aligned([`${left.replace(/(=|\\leftarrow)$/, '&$1')} ${right}`, `&= ${latexNumber(value)}`]);

const RATE = '\\eta';

/** What the optimiser makes of a parameter's gradient, and the parameter after it. @param {Step} step @param {Weight} weight @returns {Formula[]} */
export function update(step, weight) {
  const w = nameOf(step, weight);
  const g = step.gradient(weight) + step.penaltyShare(weight);
  const change = step.change(weight);
  const before = step.weight(weight);
  const list = [...penalised(step, weight, g), ...stepOf(step, weight, g, change)];
  list.push({
    title: 'The parameter after the step',
    letters: `${w} \\leftarrow ${w} + \\Delta ${w}`,
    numbers: `${latexNumber(before)} ${signed(change)} = ${latexNumber(before + change)}`,
  });
  return list;
}

const signed = (/** @type {number} */ value) => (latexNumber(value).startsWith('-') ? latexNumber(value) : `+ ${latexNumber(value)}`);

function penalised(step, weight, g) {
  const { regularizer } = step.info;
  if (!regularizer || step.isBias(weight)) return [];
  const w = nameOf(step, weight);
  const isL2 = regularizer.name === 'l2';
  const value = step.weight(weight);
  return [{
    title: 'The gradient with the penalty’s share',
    letters: `g = \\frac{\\partial L}{\\partial ${w}} + \\lambda\\, ${isL2 ? w : `\\operatorname{sign}(${w})`}`,
    numbers: `g = ${latexNumber(step.gradient(weight))} + ${latexSetting(regularizer.rate)}\\cdot ${isL2 ? latexFactor(value) : latexFactor(Math.sign(value))} = ${latexNumber(g)}`,
  }];
}

/** @param {Step} step @param {Weight} weight @param {number} g @param {number} change @returns {Formula[]} */
function stepOf(step, weight, g, change) {
  const { optimizer, learning_rate: rate } = step.info;
  const delta = `\\Delta ${nameOf(step, weight)}`;
  const memory = (/** @type {string} */ name, /** @type {'before'|'after'} */ when) => step.memory(name, when, weight);
  const [eta, gradientNumber, result] = [latexSetting(rate), latexFactor(g), latexNumber(change)];
  const byRoot = (/** @type {string} */ letter, /** @type {string} */ name, /** @type {string} */ above, /** @type {string} */ aboveNumber) => ({
    title: 'The step',
    letters: `${delta} = -${RATE}\\,\\frac{${above}}{\\sqrt{${letter}} + \\varepsilon}`,
    numbers: `${delta} = -${eta}\\cdot\\frac{${aboveNumber}}{\\sqrt{${latexNumber(memory(name, 'after'))}} + ${latexSetting(optimizer.epsilon)}} = ${result}`,
  });
  if (optimizer.name === 'sgd' && !optimizer.momentum) {
    return [{ title: 'The step: against the gradient', letters: `${delta} = -${RATE}\\, g`, numbers: `${delta} = -${eta}\\cdot ${gradientNumber} = ${result}` }];
  }
  if (optimizer.name === 'sgd') {
    const mu = latexSetting(optimizer.momentum);
    const velocity = {
      title: 'The velocity: what is left of earlier steps, and this gradient',
      letters: `v \\leftarrow \\mu\\, v - ${RATE}\\, g`,
      numbers: inTwo('v \\leftarrow', `${mu}\\cdot ${latexFactor(memory('velocity', 'before'))} - ${eta}\\cdot ${gradientNumber}`, memory('velocity', 'after')),
    };
    if (!optimizer.nesterov) return [velocity, { title: 'The step is the velocity', letters: `${delta} = v`, numbers: `${delta} = ${result}` }];
    return [velocity, {
      title: 'The step looks ahead along the velocity (Nesterov)',
      letters: `${delta} = \\mu\\, v - ${RATE}\\, g`,
      numbers: inTwo(`${delta} =`, `${mu}\\cdot ${latexFactor(memory('velocity', 'after'))} - ${eta}\\cdot ${gradientNumber}`, change),
    }];
  }
  const average = (/** @type {string} */ letter, /** @type {string} */ name, /** @type {number} */ keep, /** @type {string} */ keepLetter, /** @type {string} */ power, /** @type {string} */ title) => ({
    title,
    letters: `${letter} \\leftarrow ${keepLetter}\\, ${letter} + (1 - ${keepLetter})\\, g${power}`,
    numbers: inTwo(`${letter} \\leftarrow`, `${latexSetting(keep)}\\cdot ${latexFactor(memory(name, 'before'))} + ${latexSetting(1 - keep)}\\cdot ${gradientNumber}${power}`, memory(name, 'after')),
  });
  if (optimizer.name === 'rmsprop') {
    return [average('s', 'mean_square', optimizer.decay, '\\rho', '^2', 'The running mean of the squared gradient'), byRoot('s', 'mean_square', 'g', latexNumber(g))];
  }
  if (optimizer.name === 'adagrad') {
    return [{
      title: 'The sum of all squared gradients so far',
      letters: 's \\leftarrow s + g^2',
      numbers: inTwo('s \\leftarrow', `${latexNumber(memory('sum_square', 'before'))} + ${gradientNumber}^2`, memory('sum_square', 'after')),
    }, byRoot('s', 'sum_square', 'g', latexNumber(g))];
  }
  const { beta_1: one, beta_2: two, n_updates: t } = optimizer;
  const correction = Math.sqrt(1 - two ** t) / (1 - one ** t);
  const ratio = byRoot('s', 'mean_square', 'c\\, m', `${latexFactor(correction)}\\cdot ${latexFactor(memory('mean', 'after'))}`);
  return [
    average('m', 'mean', one, '\\beta_1', '', 'The running mean of the gradient'),
    average('s', 'mean_square', two, '\\beta_2', '^2', 'The running mean of its square'),
    { title: 'Both means began at 0; this corrects for it', letters: 'c = \\frac{\\sqrt{1 - \\beta_2^{t}}}{1 - \\beta_1^{t}}', numbers: `c = \\frac{\\sqrt{1 - ${latexSetting(two)}^{${t}}}}{1 - ${latexSetting(one)}^{${t}}} = ${latexNumber(correction)}` },
    ratio,
  ];
}

/** Why a parameter's step is as long as it is, in a sentence. @param {Step} step @param {Weight} weight @param {(value: number) => string} text */
export function whySoLong(step, weight, text) {
  const { optimizer, learning_rate: rate } = step.info;
  const g = step.gradient(weight) + step.penaltyShare(weight);
  const change = step.change(weight);
  if (change === 0) return 'The step is 0: there is nothing to move it.';
  if (optimizer.name === 'sgd') {
    const alone = -rate * g;
    if (!optimizer.momentum) return `The step is the gradient, ${text(g)}, times the rate, ${text(rate)}, downhill.`;
    const carried = change - alone;
    if (Math.abs(carried) < 1e-12 * Math.abs(change)) return 'Nothing has been carried over yet: the step is the rate times the gradient, as without momentum.';
    const with_ = carried * alone >= 0 ? 'the same way' : 'the other way';
    return `The gradient alone would move it by ${text(alone)}. Momentum carries over ${text(carried)} from earlier steps, ${with_}.`;
  }
  const size = Math.abs(change) / rate;
  const [above, below] = {
    adam: ['the running mean of the gradient', 'the root of the running mean of its square'], rmsprop: ['the gradient', 'the root of the running mean of its square'], adagrad: ['the gradient', 'the root of the sum of all squared gradients so far'],
  }[/** @type {'adam'|'rmsprop'|'adagrad'} */ (optimizer.name)];
  return `The step is ${text(size)} times the rate. The optimiser divides ${above} by ${below}, so large and small gradients give steps of similar size.`;
}
