/** What else is drawn on the boundary: a button that opens a small box of choices. */
import { element, icon, setAttribute, setText } from '../../../kit/dom.js';

let menus = 0;

export class ShowMenu {
  #listeners = new AbortController();

  constructor() {
    const id = `nnplay-show-${++menus}`;
    this.count = element('span', { class: 'nn-show-count', hidden: true });
    this.button = element('button', { type: 'button', class: 'nn-show-toggle', 'aria-expanded': 'false', 'aria-controls': id, title: 'What else is drawn here' }, element('span', { text: 'Show' }), this.count, icon('more'));
    this.list = element('div', { class: 'nn-show-list', id, role: 'group', 'aria-label': 'What is drawn', hidden: true });
    this.root = element('div', { class: 'nn-show' }, this.button, this.list);
    this.button.addEventListener('click', () => this.#open(!this.isOpen));
    this.root.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape' || !this.isOpen) return;
      event.stopPropagation();
      this.#open(false);
      this.button.focus();
    });
    const close = (/** @type {Event} */ { target }) => this.isOpen && target instanceof Node && !this.root.contains(target) && this.#open(false);
    for (const name of ['pointerdown', 'focusin']) document.addEventListener(name, close, { signal: this.#listeners.signal, capture: true });
  }

  get isOpen() {
    return this.button.getAttribute('aria-expanded') === 'true';
  }

  /** How many of them are drawn, which is told while the box is closed. @param {number} count */
  setCount(count) {
    this.count.hidden = count === 0;
    setText(this.count, String(count));
    setAttribute(this.button, 'aria-label', count === 0 ? 'Show' : `Show: ${count} chosen`);
  }

  destroy() {
    this.#listeners.abort();
  }

  #open(/** @type {boolean} */ open) {
    setAttribute(this.button, 'aria-expanded', String(open));
    this.list.hidden = !open;
  }
}
