/**
 * Help: where one finds it, and the list of keys, as a dialog. Escape, its button or a click beside it close it, and the
 * focus goes back where it was.
 */
import { GlossaryDialog } from '../../glossary/glossary_dialog.js';
import { element } from '../../kit/dom.js';
import { KEYS } from './keyboard.js';

const WHERE = 'Beside a setting, ? says what it is, and what too little and too much of it look like. In a panel, i says how to read it. Words with dots below them can be tapped.';

/** The way to the lessons, where the page's menu has one. */
const lessonsLink = () => /** @type {HTMLElement|null} */ (document.querySelector('a[href$="/lessons"]'));

export class KeysDialog {
  /** @param {{label: string, text: string}[]} keys @param {(() => void)|null} start leads through the first steps, where there are some @param {string} where else help is found */
  constructor(keys = KEYS, start = null, where = WHERE) {
    const rows = keys.flatMap(({ label, text }) => [element('dt', {}, element('kbd', { text: label })), element('dd', { text })]);
    const title = element('h2', { id: 'nnplay-keys-title', class: 'nn-keys-title', text: 'Help and keys' });
    this.glossary = new GlossaryDialog();
    const way = (/** @type {string} */ text, /** @type {() => void} */ act) => {
      const node = element('button', { type: 'button', class: 'nn-text-button', text });
      node.addEventListener('click', () => {
        this.root.close();
        act();
      });
      return node;
    };
    const close = way('Close', () => {});
    this.lessons = way('Lessons', () => lessonsLink()?.click());
    const ways = [...(start ? [way('Start here', start)] : []), way('Glossary', () => this.glossary.open()), this.lessons];
    const head = element('div', { class: 'nn-keys-head' }, title, close);
    this.root = element('dialog', { class: 'nn-keys', 'aria-labelledby': title.id }, head, element('p', { text: where }), element('div', { class: 'nn-keys-ways' }, ...ways), element('h3', { text: 'Keys' }), element('dl', {}, ...rows));
    this.root.addEventListener('click', (event) => event.target === this.root && this.root.close());
  }

  /** What stands on the page. @returns {HTMLElement[]} */
  get nodes() {
    return [this.root, this.glossary.root];
  }

  open() {
    if (this.root.open) return;
    this.lessons.hidden = lessonsLink() === null;
    this.root.showModal();
    this.root.scrollTop = 0;
  }
}
