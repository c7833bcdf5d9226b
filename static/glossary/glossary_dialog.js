/**
 * The whole glossary, as a dialog: Escape, its button or a click beside it close it, and the focus goes back where it was.
 */
import { element } from '../kit/dom.js';
import { placeOf, showPlace } from './places.js';
import { showMeRows } from './show_me.js';
import { TERMS } from './terms.js';

const SORTED = [...TERMS].sort((a, b) => a.name.localeCompare(b.name, 'en'));

export class GlossaryDialog {
  constructor() {
    const title = element('h2', { id: 'nnplay-glossary-title', class: 'nn-keys-title', text: 'Glossary' });
    const close = element('button', { type: 'button', class: 'nn-text-button', text: 'Close' });
    close.addEventListener('click', () => this.root.close());
    this.find = element('input', { type: 'search', class: 'nn-glossary-find', 'aria-label': 'Find a term', placeholder: 'Find a term' });
    this.find.addEventListener('input', () => this.#fill());
    this.list = element('dl', { tabindex: '0', 'aria-label': 'Terms' });
    this.none = element('p', { role: 'status', class: 'nn-glossary-none' });
    this.root = element('dialog', { class: 'nn-keys nn-glossary', 'aria-labelledby': title.id }, element('div', { class: 'nn-glossary-head' }, title, this.find, close), this.none, this.list);
    this.root.addEventListener('click', (event) => event.target === this.root && this.root.close());
  }

  open() {
    if (this.root.open) return;
    this.find.value = '';
    this.#fill();
    this.root.showModal();
  }

  #fill() {
    const wanted = this.find.value.trim().toLowerCase();
    const found = SORTED.filter((term) => [term.name, ...(term.also ?? [])].some((name) => name.toLowerCase().includes(wanted)));
    this.none.textContent = found.length ? '' : 'No term goes by that name.';
    this.list.replaceChildren(...found.flatMap((term) => this.#row(term)));
  }

  /** @param {import('./terms.js').Term} term */
  #row(term) {
    const close = () => this.root.close();
    const seen = placeOf(term);
    const show = element('button', { type: 'button', class: 'nn-text-button', text: 'Show on the page', 'aria-label': `Show on the page: ${term.name}` });
    show.addEventListener('click', () => {
      close();
      if (seen) showPlace(seen);
    });
    const also = term.also?.length ? element('span', { class: 'nn-term-also', text: ` also ${term.also.join(', ')}` }) : '';
    return [
      element('dt', {}, element('span', { text: term.name }), also),
      element('dd', {}, element('p', { text: term.text }), ...showMeRows(term, close), ...(seen ? [show] : [])),
    ];
  }
}
