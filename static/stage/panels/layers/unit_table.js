/**
 * How many units of each hidden layer are dead or saturated.
 */
import { element, setText } from '../../../kit/dom.js';
import { layerNames } from './layer_names.js';

/** By the frame's `stuck_kind`. */
const WORDS = ['never saturates', 'dead', 'saturated'];

/** What a layer's cell says. @param {number} kind @param {number} share NaN where there is nothing to count */
export function stuckText(kind, share, units) {
  if (Number.isNaN(share)) return WORDS[0];
  return `${Math.round(share * units)} of ${units} ${WORDS[kind]}`;
}

export class UnitTable {
  #rows = [];

  constructor() {
    this.root = element('table', { class: 'nn-table nn-unit-table' });
  }

  build(info) {
    const head = element('tr');
    for (const text of ['Layer', 'Activation', 'Dead or saturated']) head.append(element('th', { scope: 'col', text }));
    const names = layerNames(info);
    const body = element('tbody');
    this.#rows = info.layers.map(({ units, activation }, k) => {
      const text = element('span');
      const bar = element('span', { class: 'nn-share-bar', 'aria-hidden': 'true' });
      const row = element('tr', {}, element('th', { scope: 'row', text: names[k] }), element('td', { text: activation }));
      row.append(element('td', {}, text, bar));
      body.append(row);
      return { units, text, bar };
    });
    this.root.replaceChildren(
      element('caption', { class: 'nn-unseen', text: 'Dead and saturated units of each hidden layer' }),
      element('thead', {}, head),
      body,
    );
  }

  update(frame) {
    this.#rows.forEach(({ units, text, bar }, k) => {
      const share = frame.stuck_units[k];
      setText(text, stuckText(frame.stuck_kind[k], share, units));
      bar.style.setProperty('--nn-share', String(Number.isNaN(share) ? 0 : share));
    });
  }
}
