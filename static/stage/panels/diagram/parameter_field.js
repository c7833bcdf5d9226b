/**
 * One weight or bias to edit: a slider and a number field. Every change is told at once; those of one gesture, from
 * taking hold of the control to letting go of it, belong together.
 */
import { element, setAttribute, setText } from '../../../kit/dom.js';
import { OnePointer } from '../../../kit/one_pointer.js';
import { formatParameter } from '../../../kit/text.js';
import { niceCeil } from '../../../plot/ranges.js';

/** The slider reaches at least this far to either side. */
const LEAST_REACH = 4;
const STEP = 0.01;
const KEY_STEP = 0.1;

let fields = 0;

export class ParameterField {
  #value = 0;
  #reach = 0;
  #held = false;
  #limit;

  /**
   * @param {{name: string, mark: string, limit: number, onEdit: (value: number) => void, onGesture: () => void}} options
   *   `name` for readers, `mark` beside the slider; `onGesture` when a new gesture begins
   */
  constructor({ name, mark, limit, onEdit, onGesture }) {
    this.name = name;
    this.#limit = limit;
    this.onEdit = onEdit;
    const capital = name.charAt(0).toUpperCase() + name.slice(1);
    this.slider = element('input', { type: 'range', class: 'nn-parameter-slider', step: String(STEP), 'aria-label': `${capital}, slider` });
    this.input = element('input', { type: 'text', inputmode: 'decimal', class: 'nn-parameter-input', autocomplete: 'off', spellcheck: 'false', 'aria-label': capital });
    this.error = element('p', { class: 'nn-parameter-error', id: `nnplay-parameter-${++fields}`, role: 'alert', hidden: true });
    const label = element('span', { class: 'nn-parameter-mark', text: mark, title: name, 'aria-hidden': 'true' });
    this.root = element('li', { class: 'nn-parameter' }, label, this.slider, this.input, this.error);
    this.#setReach(0);
    this.#listen(onGesture);
  }

  /** Show the value that the frame on screen has, unless it is just being written. */
  show(value) {
    this.#value = value;
    if (Math.abs(value) > this.#reach) this.#setReach(value);
    if (!this.#held) this.slider.value = String(value);
    if (document.activeElement !== this.input) this.#write(value);
  }

  /** Say why the last edit was refused; an empty text for not at all. */
  complain(text) {
    setText(this.error, text);
    this.error.hidden = text === '';
    setAttribute(this.input, 'aria-invalid', String(text !== ''));
    if (text) this.input.setAttribute('aria-describedby', this.error.id);
    else this.input.removeAttribute('aria-describedby');
  }

  focus() {
    this.input.focus();
    this.input.select();
    this.root.scrollIntoView({ block: 'nearest' });
  }

  #listen(onGesture) {
    const { slider, input } = this;
    const letGo = () => {
      this.#held = false;
    };
    const takeHold = () => {
      this.#held = true;
      onGesture();
    };
    this.pointer = new OnePointer(slider, { down: takeHold, up: letGo }, { capture: false });
    slider.addEventListener('focus', () => onGesture());
    slider.addEventListener('input', () => {
      this.complain('');
      this.#write(Number(slider.value));
      this.onEdit(Number(slider.value));
    });
    for (const end of ['change', 'blur']) slider.addEventListener(end, letGo);
    input.addEventListener('focus', () => onGesture());
    input.addEventListener('input', () => this.#take(input.value));
    input.addEventListener('blur', () => {
      if (this.error.hidden) this.#write(this.#value);
    });
    input.addEventListener('keydown', (event) => this.#onKey(event, onGesture));
  }

  #onKey(event, onGesture) {
    const step = { ArrowUp: KEY_STEP, ArrowDown: -KEY_STEP }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const from = parseNumber(this.input.value);
      const value = Number.isFinite(from) ? from : this.#value;
      this.input.value = formatParameter(Math.round((value + step) * 1e6) / 1e6);
      this.#take(this.input.value);
    } else if (event.key === 'Enter') {
      this.#take(this.input.value);
      this.input.select();
      onGesture();
    }
  }

  #take(text) {
    const value = parseNumber(text);
    const wanted = `must be a number from −${this.#limit} to ${this.#limit}`;
    if (!(Math.abs(value) <= this.#limit)) {
      const got = text.trim() ? `got “${text.trim().slice(0, 20)}”` : 'the field is empty';
      this.complain(`The ${this.name} ${wanted}; ${got}.`);
      return;
    }
    this.complain('');
    if (Math.abs(value) > this.#reach) this.#setReach(value);
    this.slider.value = String(value);
    this.onEdit(value);
  }

  #write(value) {
    const text = formatParameter(value);
    if (this.input.value !== text) this.input.value = text;
  }

  #setReach(value) {
    this.#reach = Math.min(this.#limit, Math.max(LEAST_REACH, niceCeil(1.2 * Math.abs(value))));
    setAttribute(this.slider, 'min', String(-this.#reach));
    setAttribute(this.slider, 'max', String(this.#reach));
  }
}

/** One weight or bias to read, where nothing can be edited. */
export class ParameterText {
  /** @param {{name: string, mark: string}} options as ParameterField has them */
  constructor({ name, mark }) {
    this.value = element('output', { class: 'nn-parameter-value', 'aria-label': name });
    this.root = element('li', { class: 'nn-parameter' }, element('span', { class: 'nn-parameter-mark', text: mark, title: name }), this.value);
  }

  show(value) {
    setText(this.value, formatParameter(value));
  }

  focus() {
    this.root.scrollIntoView({ block: 'nearest' });
  }

  complain() {}
}

/** A number as people write it: also with a comma or a typographic minus; NaN for anything else. */
export function parseNumber(text) {
  const plain = text.trim().replace('−', '-').replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
}
