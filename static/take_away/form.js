/** The parts of a form in the dialog: fields with what is wrong with them beside, and the way from a button to a file. */
import { element, setText } from '../kit/dom.js';
import { sizeInWords } from './choices.js';

let fields = 0;

/** A field with a label, and room for a sentence. */
export class Field {
  /** @param {string} label @param {HTMLInputElement|HTMLSelectElement} control @param {() => void} onChange */
  constructor(label, control, onChange) {
    this.control = control;
    const id = `nn-take-field-${++fields}`;
    this.said = element('p', { class: 'nn-take-wrong', id, hidden: true });
    control.id = `${id}-control`;
    control.setAttribute('aria-describedby', id);
    control.addEventListener('input', onChange);
    this.root = element('div', { class: 'nn-take-field' }, element('label', { for: control.id, text: label }), control, this.said);
  }

  get text() {
    return this.control.value;
  }

  set text(value) {
    this.control.value = value;
  }

  /** @param {string} sentence empty where nothing is wrong */
  complain(sentence) {
    setText(this.said, sentence);
    this.said.hidden = sentence === '';
    this.control.setAttribute('aria-invalid', String(sentence !== ''));
  }
}

/** @param {string} label @param {string} value @param {() => void} onChange */
export const numberField = (label, value, onChange) => new Field(label, element('input', { type: 'text', inputmode: 'decimal', autocomplete: 'off', value }), onChange);

/** @param {string} label @param {{value: string, text: string}[]} options @param {() => void} onChange */
export function choiceField(label, options, onChange) {
  const field = new Field(label, element('select'), onChange);
  setOptions(field, options);
  return field;
}

/** @param {Field} field @param {{value: string, text: string}[]} options the choice stays where it is among them */
export function setOptions({ control }, options) {
  const before = control.value;
  control.replaceChildren(...options.map(({ value, text }) => element('option', { value, text })));
  if (options.some(({ value }) => value === before)) control.value = before;
}

/** A button, the progress of what it begins, a way to stop that, and the file in the end. */
export class Making {
  #cancel = new AbortController();
  #address = '';
  #make;

  /**
   * @param {string} label of the button
   * @param {(how: {signal: AbortSignal, onProgress: (share: number) => void}) => Promise<{blob: Blob, name: string, note: string, more?: string}|string>} make
   *   a file, or a sentence on why there is none
   */
  constructor(label, make) {
    this.#make = make;
    this.button = element('button', { type: 'button', class: 'nn-take-button', text: label });
    this.button.addEventListener('click', () => this.#begin());
    this.bar = element('progress', { max: '1', value: '0', 'aria-label': 'Progress' });
    this.percent = element('span', { class: 'nn-take-percent' });
    this.stopper = element('button', { type: 'button', class: 'nn-take-plain', text: 'Cancel' });
    this.stopper.addEventListener('click', () => this.stop());
    this.progress = element('div', { class: 'nn-take-progress', hidden: true }, this.bar, this.percent, this.stopper);
    this.said = element('p', { class: 'nn-take-said', role: 'status' });
    this.result = element('div', { class: 'nn-take-result' });
    this.root = element('div', { class: 'nn-take-making' }, this.button, this.progress, this.said, this.result);
  }

  stop() {
    this.#cancel.abort(new DOMException('Cancelled', 'AbortError'));
  }

  destroy() {
    this.stop();
    URL.revokeObjectURL(this.#address);
  }

  async #begin() {
    this.#cancel = new AbortController();
    const { signal } = this.#cancel;
    this.#clear();
    this.button.hidden = true;
    this.progress.hidden = false;
    this.#showProgress(0);
    setText(this.said, '');
    this.stopper.focus({ preventScroll: true });
    try {
      const made = await this.#make({ signal, onProgress: (share) => this.#showProgress(share) });
      if (typeof made === 'string') setText(this.said, made);
      else this.#show(made);
    } catch (error) {
      if (signal.aborted) setText(this.said, 'Cancelled.');
      else {
        console.error('nnplay:', error);
        setText(this.said, `It could not be made: ${error instanceof Error ? error.message : error}`);
      }
    } finally {
      const held = this.progress.contains(document.activeElement);
      this.button.hidden = false;
      this.progress.hidden = true;
      const save = this.result.querySelector('a');
      if (held && save) save.focus();
      else if (held) this.button.focus({ preventScroll: true });
    }
  }

  /** What was made before isn't what is asked for now. */
  #clear() {
    URL.revokeObjectURL(this.#address);
    this.result.replaceChildren();
  }

  /** @param {number} share */
  #showProgress(share) {
    this.bar.value = share;
    setText(this.percent, `${Math.round(100 * share)} %`);
  }

  /** @param {{blob: Blob, name: string, note: string, more?: string}} made `more`: a sentence */
  #show({ blob, name, note, more = '' }) {
    this.#address = URL.createObjectURL(blob);
    const isVideo = blob.type.startsWith('video/');
    const picture = isVideo ? element('video', { src: this.#address, controls: true, loop: true, playsinline: true, 'aria-label': name }) : element('img', { src: this.#address, alt: name });
    const save = element('a', { class: 'nn-take-button', href: this.#address, download: name, text: `Save ${name}` });
    this.result.replaceChildren(save, picture); // the picture may reach beyond the screen
    setText(this.said, `${note}, ${sizeInWords(blob.size)}. ${more}`.trim());
  }
}
