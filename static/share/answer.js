/**
 * The browser's part of the answer dialog: a name to type, and the code that it makes of it, to copy or as a file.
 *
 * data: { body, head }: what the server made of the run, in base64; the first line of the file.
 */
import { element } from '../kit/dom.js';
import { applyTheme, readTheme } from '../kit/theme.js';
import { codeOf, fileOf, MAX_NAME, nameOf } from './answer_code.js';
import { copy } from './share.js';

/** Longest code that is written out: a longer one is a file. */
const LONGEST_SHOWN = 20_000;

class Answer {
  /** @type {Uint8Array} */
  #body = new Uint8Array();
  #text = '';
  #head = '';

  /** @param {HTMLElement} root */
  constructor(root) {
    this.name = element('input', { type: 'text', autocomplete: 'name', spellcheck: 'false', maxlength: String(2 * MAX_NAME), 'aria-describedby': 'nn-answer-why' });
    this.name.addEventListener('input', () => this.show());
    this.why = element('p', { class: 'nn-answer-why', id: 'nn-answer-why', text: 'Your name goes into the answer. It isn’t sent to the server.' });
    this.code = element('textarea', { readonly: true, rows: '5', spellcheck: 'false', 'aria-label': 'Your answer' });
    this.code.addEventListener('focus', () => this.code.select());
    this.copy = element('button', { type: 'button', text: 'Copy' });
    this.copy.addEventListener('click', async () => this.say((await copy(this.code)) ? 'Copied' : 'Select the code and copy it'));
    this.save = element('button', { type: 'button', text: 'Save as a file' });
    this.save.addEventListener('click', () => this.#save());
    this.said = element('span', { role: 'status', class: 'nn-share-said' });
    this.result = element('div', { class: 'nn-answer-result' }, this.code, element('div', { class: 'nn-share-row' }, this.copy, this.save), this.said);
    const label = element('label', {}, element('span', { class: 'nn-share-label', text: 'Your name' }), this.name);
    root.replaceChildren(label, this.why, this.result);
  }

  /** @param {{body: string, head: string}} data */
  take({ body, head }) {
    this.#head = head;
    if (body !== this.#text) {
      this.#text = body;
      this.#body = Uint8Array.from(atob(body), (sign) => sign.charCodeAt(0));
    }
    this.show();
  }

  get #code() {
    return codeOf(nameOf(this.name.value), this.#body);
  }

  show() {
    const named = nameOf(this.name.value) !== '';
    this.result.hidden = !named;
    if (!named) return;
    const code = this.#code;
    const isShown = code.length <= LONGEST_SHOWN;
    this.code.hidden = this.copy.hidden = !isShown;
    this.code.value = isShown ? code : '';
    this.say(`${code.length.toLocaleString('en-US')} characters`);
  }

  say(text) {
    this.said.textContent = text;
  }

  #save() {
    const name = nameOf(this.name.value);
    const { file, text } = fileOf(name, this.#code, this.#head);
    const link = element('a', { download: file, href: URL.createObjectURL(new Blob([text], { type: 'text/plain' })) });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    this.say(`Saved as ${file}`);
  }
}

/** @type {WeakMap<Element, Answer>} */
const answers = new WeakMap();

export default function answer({ data, parentElement }) {
  const root = parentElement.querySelector('.nnplay-share');
  applyTheme(root, readTheme(root));
  const mine = answers.get(root) ?? new Answer(root);
  answers.set(root, mine);
  mine.take(data);
}
