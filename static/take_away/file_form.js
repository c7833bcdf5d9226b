/** What the forms of *Picture* and *Video* have in common: what is to be in the file, its size, and the run that it is of. */
import { element, setText } from '../kit/dom.js';
import { runOnStage } from '../kit/on_stage.js';
import { usualSize } from './choices.js';
import { Making, choiceField, numberField, setOptions } from './form.js';

/** How often a form looks whether there is something to make a file of by now: a run that is replayed, or begins to play, comes by itself. */
const LOOK_MS = 400;
export const NO_RUN = 'There is no run on screen yet.';
export const COLOURS = { screen: { value: 'screen', text: 'As on the screen' }, paper: { value: 'paper', text: 'For print, on white' } };

/** What can be in it. @param {any} run */
const subjects = (run) => [{ value: '', text: 'The whole stage' }, ...(run?.panels ?? []).map((/** @type {{id: string, title: string}} */ { id, title }) => ({ value: id, text: title }))];

/** Width and height, which follow what is in the picture, as long as nobody writes others. */
class Size {
  /** @type {string[]} */
  #usual = [];

  /** @param {() => void} check */
  constructor(check) {
    this.width = numberField('Width in pixels', '', check);
    this.height = numberField('Height in pixels', '', check);
  }

  /** @param {'mp4'|'gif'|'png'|'svg'} format @param {string} what @param {boolean} [isNew] whether what was written is given up */
  follow(format, what, isNew = false) {
    const isUntouched = this.#usual.length === 0 || (this.width.text === this.#usual[0] && this.height.text === this.#usual[1]);
    this.#usual = usualSize(format, what);
    if (isUntouched || isNew) [this.width.text, this.height.text] = this.#usual;
  }
}

export class FileForm {
  #name = '';
  /** What there was to make a file of when it was last looked at. */
  #found = '';
  #looking = 0;

  /** @param {string} label of the button @param {{value: string, text: string}[]} formats @param {{value: string, text: string}[]} colours */
  constructor(label, formats, colours) {
    const check = () => this.check();
    this.what = choiceField('What', subjects(this.run), () => this.fit());
    this.format = choiceField('Format', formats, () => this.changeFormat());
    this.colours = choiceField('Colours', colours, check);
    this.size = new Size(check);
    this.width = this.size.width;
    this.height = this.size.height;
    this.hint = element('p', { class: 'nn-take-hint' });
    this.making = new Making(label, (how) => this.make(how));
  }

  /** Make the form of its fields, and look for a run from now on. @param {import('./form.js').Field[][]} rows */
  begin(rows) {
    this.root = element('div', { class: 'nn-take-form' }, ...rows.map((row) => element('div', { class: 'nn-take-row' }, ...row.map(({ root }) => root))), this.hint, this.making.root);
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
  }

  /** @param {{name: string}} data */
  take({ name }) {
    this.#name = name;
  }

  destroy() {
    clearInterval(this.#looking);
    this.making.destroy();
  }

  get run() {
    return runOnStage();
  }

  /** What the file is called, without its ending. */
  get name() {
    return this.#name;
  }

  /** Title of the panel that is chosen; empty for the whole stage. */
  get title() {
    const { text, control } = this.what;
    return text && control instanceof HTMLSelectElement ? control.selectedOptions[0].text : '';
  }

  /** Look whether there is a run by now, or another one. */
  #look() {
    const what = subjects(this.run);
    const found = `${this.run?.isThere} ${this.hasFrames} ${what.map(({ value }) => value)}`;
    if (found === this.#found) return;
    this.#found = found;
    setOptions(this.what, what);
    this.followRun();
    this.check();
  }

  /** Whether the run has what the file is made of. */
  get hasFrames() {
    return Boolean(this.run?.isThere);
  }

  /** There is another run, or more of it. */
  followRun() {}

  /** Let the size follow what is in the file. */
  fit() {
    this.size.follow(/** @type {'mp4'|'gif'|'png'|'svg'} */ (this.format.text), this.what.text);
    this.check();
  }

  /** Another format is chosen. */
  changeFormat() {
    this.check();
  }

  /** Say what is wrong beside each field, and whether a file can be made. @param {string} hint @param {boolean} isRight */
  say(hint, isRight) {
    setText(this.hint, hint);
    this.hint.hidden = hint === '';
    this.making.button.disabled = !isRight;
  }

  /** Look at what is written in the fields. */
  check() {}

  /**
   * Make the file.
   * @param {{signal: AbortSignal, onProgress: (share: number) => void}} _how
   * @returns {Promise<{blob: Blob, name: string, note: string, more?: string}|string>} or a sentence on why there is none
   */
  async make(_how) {
    return '';
  }
}
