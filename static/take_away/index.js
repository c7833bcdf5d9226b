/**
 * The parts *Picture* and *Video* of the dialog Take away.
 *
 * data: { part: 'picture'|'video', name }: what files are called, without their ending.
 */
import { element, setText } from '../kit/dom.js';
import { runOnStage } from '../kit/on_stage.js';
import { applyTheme, readTheme } from '../kit/theme.js';
import { MOST_PIXELS, PICTURE_SIDES, RATES, USUAL_RATE, fileName, numberOf, usualSize, wrongLength, wrongSide, wrongSpan } from './choices.js';
import { Making, choiceField, numberField, setOptions } from './form.js';
import { make } from './maker.js';

/** For so long an element may be away from the page while Streamlit draws it again. */
const GRACE_MS = 300;
/** How often a form looks whether there is something to make a file of by now: a run that is replayed, or begins to play, comes by itself. */
const LOOK_MS = 400;
const CODECS = { avc: 'H.264', vp9: 'VP9', av1: 'AV1' };
const NO_RUN = 'There is no run on screen yet.';
/** A page without https isn’t secure to browsers, unless it is on the same machine. */
const canEncode = () => typeof VideoEncoder !== 'undefined';
const ONLY_GIF = 'This is a GIF, as MP4 videos need a newer browser, or a page that begins with https.';
const NO_VIDEO = 'This browser can’t write MP4 videos. Choose GIF, which works everywhere, or use a newer browser.';
const UNUSUAL = 'This browser can’t write H.264, so the video is in a newer format that some players don’t know';

const COLOURS = { screen: { value: 'screen', text: 'As on the screen' }, paper: { value: 'paper', text: 'For print, on white' } };
const FORMATS = { mp4: { value: 'mp4', text: 'MP4' }, gif: { value: 'gif', text: 'GIF' }, png: { value: 'png', text: 'PNG' }, svg: { value: 'svg', text: 'SVG' } };

/** What can be in it. @param {any} run */
const subjects = (run) => [{ value: '', text: 'The whole stage' }, ...(run?.panels ?? []).map((/** @type {{id: string, title: string}} */ { id, title }) => ({ value: id, text: title }))];

/** Title of the panel that is chosen; empty for the whole stage. @param {import('./form.js').Field} what */
const titleOf = ({ text, control }) => (text && control instanceof HTMLSelectElement ? control.selectedOptions[0].text : '');

/** @param {number[]|null} gap epochs */
function gapInWords(gap) {
  if (!gap) return '';
  const [from, to] = gap.map((epoch) => String(Number(epoch.toFixed(2))));
  return `It jumps from epoch ${from} to ${to}: no frames between them are kept of this run. A replay page has them, if the run is quickly trained again.`;
}

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

class Video {
  #name = '';
  /** What there was to make a file of when it was last looked at. */
  #found = '';
  #looking = 0;

  constructor() {
    const check = () => this.#check();
    this.what = choiceField('What', subjects(this.#run), () => this.#fit());
    this.format = choiceField('Format', canEncode() ? [FORMATS.mp4, FORMATS.gif] : [FORMATS.gif], () => this.#takeUsual());
    this.colours = choiceField('Colours', [COLOURS.screen, COLOURS.paper], check);
    this.from = numberField('From epoch', '0', check);
    this.to = numberField('To epoch', String(Number(this.#last.toFixed(2))), check);
    this.length = numberField('Length in seconds', '10', check);
    this.size = new Size(check);
    this.width = this.size.width;
    this.height = this.size.height;
    this.rate = choiceField('Frames per second', [], check);
    this.making = new Making('Make the video', (how) => this.#make(how));
    this.hint = element('p', { class: 'nn-take-hint' });
    const rows = [[this.what, this.format, this.colours], [this.from, this.to, this.length], [this.width, this.height, this.rate]];
    this.root = element('div', { class: 'nn-take-form' }, ...rows.map((row) => element('div', { class: 'nn-take-row' }, ...row.map(({ root }) => root))), this.hint, this.making.root);
    this.#takeUsual();
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

  get #run() {
    return runOnStage();
  }

  /** Look whether there is a run by now, or another one. */
  #look() {
    const what = subjects(this.#run);
    const found = `${this.#run?.isThere} ${this.#last > 0} ${what.map(({ value }) => value)}`;
    if (found === this.#found) return;
    this.#found = found;
    setOptions(this.what, what);
    if (this.#last > 0 && !(numberOf(this.to.text) > 0)) this.to.text = String(Number(this.#last.toFixed(2)));
    this.#check();
  }

  /** The furthest epoch that was on screen. */
  get #last() {
    return this.#run?.isThere ? this.#run.take().history.epoch.at(-1) ?? 0 : 0;
  }

  get #format() {
    return /** @type {'mp4'|'gif'} */ (this.format.text);
  }

  #takeUsual() {
    setOptions(this.rate, RATES[this.#format].map((rate) => ({ value: String(rate), text: String(rate) })));
    this.rate.text = String(USUAL_RATE[this.#format]);
    this.size.follow(this.#format, this.what.text, true);
    this.#check();
  }

  #fit() {
    this.size.follow(this.#format, this.what.text);
    this.#check();
  }

  #check() {
    const isEven = this.#format === 'mp4';
    const span = wrongSpan(this.from.text, this.to.text, this.#last);
    const wrong = [
      [this.width, wrongSide('width', this.width.text, { isEven })],
      [this.height, wrongSide('height', this.height.text, { isEven })],
      [this.length, wrongLength(this.length.text)],
      [this.from, this.#last > 0 ? span.from : ''],
      [this.to, this.#last > 0 ? span.to : ''],
    ];
    for (const [field, sentence] of /** @type {[import('./form.js').Field, string][]} */ (wrong)) field.complain(sentence);
    const isThere = this.#run?.isThere && this.#last > 0;
    const ready = canEncode() ? '' : ONLY_GIF;
    setText(this.hint, isThere ? ready : this.#run?.isThere ? 'Train a little first: a video shows what was trained so far.' : NO_RUN);
    this.hint.hidden = this.hint.textContent === '';
    this.making.button.disabled = !isThere || wrong.some(([, sentence]) => sentence !== '');
  }

  /** @param {{signal: AbortSignal, onProgress: (share: number) => void}} how */
  async #make(how) {
    const [width, height, from, to, length, fps] = [this.width, this.height, this.from, this.to, this.length, this.rate].map(({ text }) => numberOf(text));
    const order = { format: this.#format, only: this.what.text || null, width, height, onPaper: this.colours.text === 'paper', span: { from, to, fps, length } };
    const title = titleOf(this.what);
    const made = await make(this.#run, order, how);
    if (!made) return NO_VIDEO;
    const note = `${width} × ${height} pixels, ${length} s, ${made.frames} frames`;
    const codec = made.codec && made.codec !== 'avc' ? `${UNUSUAL} (${CODECS[made.codec]}): ` : '';
    return { blob: made.blob, name: fileName(this.#name, title, this.#format), note: codec + note, more: gapInWords(made.gap) };
  }
}

class Picture {
  #name = '';
  /** What there was to make a file of when it was last looked at. */
  #found = '';
  #looking = 0;

  constructor() {
    const check = () => this.#check();
    this.what = choiceField('What', subjects(this.#run), () => this.#fit());
    this.format = choiceField('Format', [FORMATS.png, FORMATS.svg], check);
    this.colours = choiceField('Colours', [COLOURS.paper, COLOURS.screen], check);
    this.size = new Size(check);
    this.width = this.size.width;
    this.height = this.size.height;
    this.making = new Making('Make the picture', (how) => this.#make(how));
    this.hint = element('p', { class: 'nn-take-hint' });
    const rows = [[this.what, this.format, this.colours], [this.width, this.height]];
    this.root = element('div', { class: 'nn-take-form' }, ...rows.map((row) => element('div', { class: 'nn-take-row' }, ...row.map(({ root }) => root))), this.hint, this.making.root);
    this.#looking = setInterval(() => this.#look(), LOOK_MS);
    this.#look();
    this.#fit();
  }

  /** @param {{name: string}} data */
  take({ name }) {
    this.#name = name;
  }

  destroy() {
    clearInterval(this.#looking);
    this.making.destroy();
  }

  get #run() {
    return runOnStage();
  }

  /** Look whether there is a run by now, or another one. */
  #look() {
    const what = subjects(this.#run);
    const found = `${this.#run?.isThere} ${what.map(({ value }) => value)}`;
    if (found === this.#found) return;
    this.#found = found;
    setOptions(this.what, what);
    this.#check();
  }

  #fit() {
    this.size.follow(/** @type {'png'|'svg'} */ (this.format.text), this.what.text);
    this.#check();
  }

  #check() {
    const how = { isEven: false, sides: PICTURE_SIDES };
    const wrong = { width: wrongSide('width', this.width.text, how), height: wrongSide('height', this.height.text, how) };
    const pixels = numberOf(this.width.text) * numberOf(this.height.text);
    if (!wrong.width && !wrong.height && pixels > MOST_PIXELS) wrong.height = `Width times height must be at most ${MOST_PIXELS / 1e6} million pixels; got ${Math.ceil(pixels / 1e6)} million.`;
    this.width.complain(wrong.width);
    this.height.complain(wrong.height);
    setText(this.hint, this.#run?.isThere ? '' : NO_RUN);
    this.hint.hidden = this.hint.textContent === '';
    this.making.button.disabled = !this.#run?.isThere || wrong.width !== '' || wrong.height !== '';
  }

  /** @param {{signal: AbortSignal, onProgress: (share: number) => void}} how */
  async #make(how) {
    const [width, height] = [this.width, this.height].map(({ text }) => numberOf(text));
    const format = /** @type {'png'|'svg'} */ (this.format.text);
    const title = titleOf(this.what);
    const made = await make(this.#run, { format, only: this.what.text || null, width, height, onPaper: this.colours.text === 'paper' }, how);
    if (!made) throw new Error('there was no picture.');
    return { blob: made.blob, name: fileName(this.#name, title, format), note: `${width} × ${height} pixels` };
  }
}

/** @type {WeakMap<Element, Video|Picture>} */
const parts = new WeakMap();

export default function takeAway({ data, parentElement }) {
  const root = parentElement.querySelector('.nnplay-take-away');
  applyTheme(root, readTheme(root));
  let part = parts.get(root);
  if (!part) {
    part = data.part === 'video' ? new Video() : new Picture();
    parts.set(root, part);
    root.replaceChildren(part.root);
  }
  part.take(data);
  // A cleanup may be called while the element is still on the page.
  return () => setTimeout(() => !root.isConnected && part.destroy(), GRACE_MS);
}
