/**
 * The list of keys, as a dialog: Escape, its button or a click beside it close it, and the focus goes back where it was.
 */
import { GlossaryDialog } from '../../glossary/glossary_dialog.js';
import { element } from '../../kit/dom.js';
import { KEYS } from './keyboard.js';

export class KeysDialog {
  /** @param {{label: string, text: string}[]} keys */
  constructor(keys = KEYS) {
    const rows = keys.flatMap(({ label, text }) => [element('dt', {}, element('kbd', { text: label })), element('dd', { text })]);
    const title = element('h2', { id: 'nnplay-keys-title', class: 'nn-keys-title', text: 'Keys' });
    const close = element('button', { type: 'button', class: 'nn-text-button', text: 'Close' });
    close.addEventListener('click', () => this.root.close());
    this.glossary = new GlossaryDialog();
    const words = element('button', { type: 'button', class: 'nn-text-button', text: 'Glossary' });
    words.addEventListener('click', () => {
      this.root.close();
      this.glossary.open();
    });
    this.root = element('dialog', { class: 'nn-keys', 'aria-labelledby': title.id }, title, element('dl', {}, ...rows), element('div', { class: 'nn-keys-ways' }, words, close));
    this.root.addEventListener('click', (event) => event.target === this.root && this.root.close());
  }

  /** What stands on the page. @returns {HTMLElement[]} */
  get nodes() {
    return [this.root, this.glossary.root];
  }

  open() {
    if (!this.root.open) this.root.showModal();
  }
}
