/** The gradient check of a case: for each parameter what backpropagation says, and what finite differences say. */
import { element, focusedKey, focusKey, setText } from '../../kit/dom.js';
import { formatNumber } from '../ledger/numbers.js';
import { errorText, fromName, inWords, placeName } from './evidence.js';

export class CheckPanel {
  /** @type {import('./evidence.js').Place} */
  #place = { layer: 0, from: 0, unit: 0 };
  /** @type {import('./evidence.js').Evidence|null} */
  #evidence = null;
  #moment = 0;

  constructor() {
    this.tables = element('div', { class: 'nn-lab-tables' });
    this.details = element('div', { class: 'nn-lab-details', role: 'status' });
    this.root = element('section', { class: 'nn-lab-panel nn-lab-check', 'aria-label': 'Gradient check' },
      element('h3', { text: 'Gradient check' }),
      element('p', { class: 'nn-lab-note', text: 'For each weight and bias: the gradient by backpropagation, and below it the finite difference of the loss. ≠ marks where they disagree. Choose one to look closer.' }),
      this.tables, this.details);
  }

  /** @param {import('./evidence.js').Evidence} evidence @param {number} moment */
  show(evidence, moment) {
    if (this.#evidence?.key !== evidence.key) this.#place = { layer: 0, from: 0, unit: 0 };
    this.#evidence = evidence;
    this.#moment = moment;
    const key = focusedKey(this.root);
    this.tables.replaceChildren(...evidence.sizes.slice(1).map((_, layer) => this.#table(evidence, layer)));
    focusKey(this.root, key);
    this.#tellOfPlace(evidence);
  }

  #table(/** @type {import('./evidence.js').Evidence} */ evidence, /** @type {number} */ layer) {
    const [nIn, nOut] = [evidence.sizes[layer], evidence.sizes[layer + 1]];
    const isLast = layer === evidence.sizes.length - 2;
    const { largest, wrong, of } = evidence.ofLayer(this.#moment, layer);
    const verdict = wrong === 0 ? 'all agree' : `${wrong} of ${of} disagree`;
    const caption = `Layer ${layer + 1}${isLast ? ', the output' : ''}: ${verdict}, largest relative error ${errorText(largest)}`;
    const froms = Array.from({ length: nIn + 1 }, (_, from) => ({ from, name: fromName(layer, from, nIn) }));
    const units = Array.from({ length: nOut }, (_, unit) => ({ unit, name: isLast ? 'output' : `unit ${unit + 1}` }));
    // The weights of a single unit lie in one row.
    const isRow = nOut === 1;
    const [across, down] = /** @type {{from?: number, unit?: number, name: string}[][]} */ (isRow ? [froms, units] : [units, froms]);
    const heads = across.map(({ name }) => element('th', { scope: 'col', text: name }));
    const rows = down.map((row) => element('tr', {}, element('th', { scope: 'row', text: row.name }),
      ...across.map((column) => element('td', {}, this.#cell(evidence, { layer, from: row.from ?? column.from ?? 0, unit: row.unit ?? column.unit ?? 0 })))));
    return element('table', { class: 'nn-lab-table' }, element('caption', { text: caption }),
      element('thead', {}, element('tr', {}, element('td', {}), ...heads)), element('tbody', {}, ...rows));
  }

  #cell(/** @type {import('./evidence.js').Evidence} */ evidence, /** @type {import('./evidence.js').Place} */ place) {
    const { backward, difference, agreement } = evidence.gradient(this.#moment, place);
    const sign = { agree: '=', disagree: '≠', unknown: '?' }[agreement];
    const isChosen = JSON.stringify(place) === JSON.stringify(this.#place);
    const node = element('button', {
      type: 'button', class: 'nn-lab-cell', 'data-agreement': agreement, 'data-key': `${place.layer}-${place.from}-${place.unit}`, 'aria-pressed': String(isChosen),
      'aria-label': `${placeName(evidence.sizes, place)}: backpropagation ${formatNumber(backward)}, finite difference ${formatNumber(difference)}`,
    }, element('span', { text: formatNumber(backward) }), element('span', { class: 'nn-lab-sign', text: sign }), element('span', { class: 'nn-lab-difference', text: formatNumber(difference) }));
    node.addEventListener('click', () => {
      this.#place = place;
      for (const each of this.tables.querySelectorAll('.nn-lab-cell')) each.setAttribute('aria-pressed', String(each === node));
      this.#tellOfPlace(evidence);
    });
    return node;
  }

  #tellOfPlace(/** @type {import('./evidence.js').Evidence} */ evidence) {
    const gradient = evidence.gradient(this.#moment, this.#place);
    const lines = [
      `${placeName(evidence.sizes, this.#place)}, at epoch ${evidence.epoch(this.#moment).toLocaleString('en')}: backpropagation ${formatNumber(gradient.backward)}, finite difference ${formatNumber(gradient.difference)}.`,
      inWords(gradient),
    ];
    if (this.details.children.length !== 2) this.details.replaceChildren(element('p'), element('p'));
    lines.forEach((line, k) => setText(this.details.children[k], line));
  }
}
