/** A bar for each class, as long as the network's output for it; the longest stands out, and so does the truth. */
import { element, setText } from '../kit/dom.js';
import { ranking, shortPercent } from './words.js';

export class Bars {
  #rows = [];

  constructor() {
    this.root = element('ul', { class: 'nn-digits', 'aria-label': 'Output for each digit' });
  }

  /** @param {string[]} names of the classes */
  setNames(names) {
    this.#rows = names.map((name) => {
      const bar = element('span', { class: 'nn-digit-bar' });
      const value = element('span', { class: 'nn-digit-value', text: '–' });
      const track = element('span', { class: 'nn-digit-track' }, bar);
      const root = element('li', {}, element('span', { class: 'nn-digit-name', text: name }), track, value);
      return { root, bar, value };
    });
    this.root.replaceChildren(...this.#rows.map(({ root }) => root));
  }

  /** @param {Float32Array|null} outputs @param {number|null} truth index of the class it is, where that is known */
  show(outputs, truth) {
    const first = outputs ? ranking(outputs)[0] : -1;
    this.#rows.forEach(({ root, bar, value }, k) => {
      const share = outputs && Number.isFinite(outputs[k]) ? Math.min(1, Math.max(0, outputs[k])) : 0;
      bar.style.width = `${100 * share}%`;
      setText(value, outputs ? shortPercent(outputs[k]) : '–');
      root.classList.toggle('nn-first', k === first);
      root.classList.toggle('nn-truth', k === truth);
      root.title = k === truth ? 'True digit' : '';
    });
  }
}
