/**
 * One weight: each sample's share of its gradient, the chain of factors back to the loss, and the finite difference with an ε
 * to drag.
 */
import { element, setText } from '../../kit/dom.js';
import { DifferenceChart } from './difference_chart.js';
import { formatNumber } from '../ledger/numbers.js';

/** @typedef {import('../ledger/step.js').Step} Step */
/** @typedef {import('../ledger/step.js').Weight} Weight */

export class WeightCard {
  #choose;
  #follow;
  /** @type {import('../ledger/differences.js').Differences|null} */
  #differences = null;

  /** @param {{choose: (sample: number) => void, follow: (layer: number, unit: number) => void, close: () => void}} options */
  constructor({ choose, follow, close }) {
    this.#choose = choose;
    this.#follow = follow;
    this.title = element('h3', { class: 'nn-wc-title' });
    const shut = element('button', { type: 'button', class: 'nn-text-button nn-wc-close', text: 'Close' });
    shut.addEventListener('click', close);
    this.chain = element('table', { class: 'nn-wc-table nn-wc-chain' });
    this.shares = element('div', { class: 'nn-wc-shares', tabindex: '0', role: 'group', 'aria-label': 'Each sample’s share of the gradient' });
    this.chart = new DifferenceChart();
    this.slider = element('input', { type: 'range', class: 'nn-timeline nn-wc-slider', 'aria-label': 'ε of the finite difference', min: '0', max: '80', step: '1' });
    this.slider.addEventListener('input', () => this.#drag(Number(this.slider.value)));
    this.quotient = element('p', { class: 'nn-wc-quotient' });
    this.verdict = element('p', { class: 'nn-wc-verdict', 'aria-live': 'polite' });
    this.difference = element('div', { class: 'nn-wc-difference' },
      element('h4', { text: 'Check it: the finite difference' }),
      element('label', { class: 'nn-wc-epsilon' }, element('span', { text: 'ε' }), this.slider), this.quotient, this.verdict, this.chart.root);
    this.waiting = element('p', { class: 'nn-wc-waiting', text: 'Working out the finite differences…' });
    this.root = element('section', { class: 'nn-wc', 'aria-label': 'The chosen weight', hidden: true },
      element('div', { class: 'nn-wc-head' }, this.title, shut),
      element('h4', { text: 'How the gradient is made' }), this.chain,
      element('h4', { text: 'Each sample’s share: error × input' }), this.shares, this.waiting, this.difference);
  }

  /** @param {Step} step @param {Weight} weight @param {number|null} sample @param {import('../ledger/differences.js').Differences|null} differences those of the weight, if they are there */
  show(step, weight, sample, differences) {
    this.root.hidden = false;
    const name = step.weightName(weight);
    setText(this.title, name.charAt(0).toUpperCase() + name.slice(1));
    const shown = sample ?? largestShare(step, weight);
    this.#showChain(step, weight, shown, sample === null);
    this.#showShares(step, weight, shown);
    this.waiting.hidden = differences !== null;
    this.difference.hidden = differences === null;
    if (differences && differences !== this.#differences) {
      this.slider.max = String(differences.epsilons.length - 1);
      this.#differences = differences;
      this.#drag(differences.best);
      this.slider.value = String(differences.best);
    }
  }

  hide() {
    this.root.hidden = true;
  }

  #drag(k) {
    const differences = this.#differences;
    if (!differences) return;
    const { epsilons, quotients, plus, minus, gradient } = differences;
    this.slider.style.setProperty('--nn-share', String(k / (epsilons.length - 1)));
    this.slider.setAttribute('aria-valuetext', `ε = ${formatNumber(epsilons[k])}`);
    const line = (/** @type {string} */ left, /** @type {string} */ right, /** @type {string} */ value, /** @type {string} */ key) => element('span', { class: 'nn-wc-row' }, element('span', { text: left }), element('span', { class: 'nn-wc-formula', text: right }), element('strong', { 'data-value': key, text: value }));
    this.quotient.replaceChildren(
      line('ε', '', formatNumber(epsilons[k]), 'epsilon'),
      line('[L(w + ε) − L(w − ε)] / 2ε', `(${plus[k].toPrecision(12)} − ${minus[k].toPrecision(12)}) / 2ε`, formatNumber(quotients[k]), 'quotient'),
      line('by backpropagation', '', formatNumber(gradient), 'gradient'));
    setText(this.verdict, differences.sentence(k));
    this.chart.show(differences, k);
  }

  // -- where it comes from --------------------------------------------------------------------------------------------

  #showChain(step, weight, sample, isOfBatch) {
    const { layer, from, unit } = weight;
    const factors = [];
    if (layer === step.last) factors.push(...outputFactors(step, unit, sample));
    else {
      factors.push(['errors of the next layer × weights: Σ w·δ', fromAbove(step, layer, unit, sample), this.#terms(step, layer, unit, sample)]);
      factors.push([`the activation’s slope at z = ${formatNumber(step.z(layer, unit, sample))}`, step.slope(layer, unit, sample)]);
      const mask = step.mask(layer, unit, sample);
      if (mask !== null) factors.push(['what dropout multiplies by', mask]);
    }
    if (!step.isBias(weight)) factors.push([layer === 0 ? `the input ${step.inputName(from)}` : `the output of unit ${from + 1} of the layer before`, step.input(layer, from, sample)]);
    const rows = factors.map(([name, value, terms], k) => element('tr', {}, element('td', { text: k === 0 ? '' : '×' }), element('th', { scope: 'row' }, /** @type {string} */ (name), ...(terms ? [/** @type {Node} */ (terms)] : [])), element('td', { text: formatNumber(/** @type {number} */ (value)) })));
    rows.push(element('tr', { class: 'nn-wc-sum' }, element('td', { text: '=' }), element('th', { scope: 'row', text: `share of sample ${sample + 1}${isOfBatch ? ', the largest' : ''}` }), element('td', { 'data-value': 'share', text: formatNumber(step.share(weight, sample)) })));
    this.chain.replaceChildren(element('tbody', {}, ...rows));
  }

  /** The units of the next layer that the error comes from; each leads one layer nearer to the loss. */
  #terms(step, layer, unit, sample) {
    const box = element('span', { class: 'nn-wc-terms' });
    const count = Math.min(step.sizes[layer + 2], 12);
    for (let k = 0; k < count; k++) {
      const w = step.weight({ layer: layer + 1, from: unit, unit: k });
      const delta = step.error(layer + 1, k, sample);
      const button = element('button', { type: 'button', class: 'nn-wc-term', title: `Follow to ${step.layerName(layer + 1)}, ${step.unitName(layer + 1, k)}`, text: `${formatNumber(w)} · ${formatNumber(delta)}` });
      button.addEventListener('click', () => this.#follow(layer + 1, k));
      box.append(button);
    }
    if (count < step.sizes[layer + 2]) box.append(`and ${step.sizes[layer + 2] - count} more`);
    return box;
  }

  #showShares(step, weight, shown) {
    const isBias = step.isBias(weight);
    const head = element('tr', {}, ...['sample', 'error', ...(isBias ? [] : ['input']), 'share'].map((text) => element('th', { scope: 'col', text })));
    let sum = 0;
    const rows = [...Array(step.told).keys()].map((s) => {
      const share = step.share(weight, s);
      sum += share;
      const choose = element('button', { type: 'button', class: 'nn-wc-sample', text: String(s + 1), 'aria-label': `Choose sample ${s + 1}` });
      choose.addEventListener('click', () => this.#choose(s));
      const numbers = [step.error(weight.layer, weight.unit, s), ...(isBias ? [] : [step.input(weight.layer, weight.from, s)]), share];
      return element('tr', { 'data-chosen': String(s === shown) }, element('td', {}, choose), ...numbers.map((value) => element('td', { text: formatNumber(value) })));
    });
    const gradient = step.gradient(weight);
    const span = isBias ? '2' : '3';
    if (step.told < step.n) rows.push(element('tr', {}, element('td', { colspan: span, text: `the other ${step.n - step.told}` }), element('td', { text: formatNumber(gradient - sum) })));
    rows.push(element('tr', { class: 'nn-wc-sum' }, element('td', { colspan: span, text: 'the gradient' }), element('td', { 'data-value': 'gradient', text: formatNumber(gradient) })));
    this.shares.replaceChildren(element('table', { class: 'nn-wc-table' }, element('thead', {}, head), element('tbody', {}, ...rows)));
  }
}

/** @returns {[string, number][]} */
function outputFactors(step, unit, sample) {
  const { error_rule: rule, activation } = step.layers[step.last];
  if (rule === 'jacobian' && activation !== 'softmax') {
    return [['how the loss changes with the output a', step.lossSlope(unit, sample)], [`the slope of the output at z = ${formatNumber(step.z(step.last, unit, sample))}`, step.slope(step.last, unit, sample)]];
  }
  const error = step.error(step.last, unit, sample);
  if (rule !== 'difference') return [['how the loss changes with z', error]];
  const share = step.info.mean_of_losses ? `, a share of 1/${step.n}` : '';
  return [[`how the loss changes with z: output ${formatNumber(step.a(step.last, unit, sample))} − target ${formatNumber(step.target(unit, sample))}${share}`, error]];
}

function fromAbove(step, layer, unit, sample) {
  let sum = 0;
  for (let k = 0; k < step.sizes[layer + 2]; k++) sum += step.weight({ layer: layer + 1, from: unit, unit: k }) * step.error(layer + 1, k, sample);
  return sum;
}

/** The sample with the largest share of a gradient. */
function largestShare(step, weight) {
  let best = 0;
  for (let s = 1; s < step.told; s++) if (Math.abs(step.share(weight, s)) > Math.abs(step.share(weight, best))) best = s;
  return best;
}
