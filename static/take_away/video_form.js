/** The form of *Video*: which epochs, how long, how large, as MP4 or GIF. */
import { RATES, USUAL_RATE, fileName, numberOf, wrongLength, wrongSide, wrongSpan } from './choices.js';
import { COLOURS, FileForm, NO_RUN } from './file_form.js';
import { choiceField, numberField, setOptions } from './form.js';
import { make } from './maker.js';

const CODECS = { avc: 'H.264', vp9: 'VP9', av1: 'AV1' };
const MP4 = { value: 'mp4', text: 'MP4' }, GIF = { value: 'gif', text: 'GIF' };
/** A page without https isn’t secure to browsers, unless it is on the same machine. */
const canEncode = () => typeof VideoEncoder !== 'undefined';
const ONLY_GIF = 'This is a GIF, as MP4 videos need a newer browser, or a page that begins with https.';
const NO_VIDEO = 'This browser can’t write MP4 videos. Choose GIF, which works everywhere, or use a newer browser.';
const UNUSUAL = 'This browser can’t write H.264, so the video is in a newer format that some players don’t know';

/** @param {number[]|null} gap epochs */
function gapInWords(gap) {
  if (!gap) return '';
  const [from, to] = gap.map((epoch) => String(Number(epoch.toFixed(2))));
  return `It jumps from epoch ${from} to ${to}: no frames between them are kept of this run. A replay page has them, if the run is quickly trained again.`;
}

export class VideoForm extends FileForm {
  constructor() {
    super('Make the video', canEncode() ? [MP4, GIF] : [GIF], [COLOURS.screen, COLOURS.paper]);
    const check = () => this.check();
    this.from = numberField('From epoch', '0', check);
    this.to = numberField('To epoch', String(Number(this.#last.toFixed(2))), check);
    this.length = numberField('Length in seconds', '10', check);
    this.rate = choiceField('Frames per second', [], check);
    this.changeFormat();
    this.begin([[this.what, this.format, this.colours], [this.from, this.to, this.length], [this.width, this.height, this.rate]]);
  }

  /** The furthest epoch that was on screen. */
  get #last() {
    return this.run?.isThere ? this.run.take().history.epoch.at(-1) ?? 0 : 0;
  }

  get hasFrames() {
    return this.#last > 0;
  }

  get #format() {
    return /** @type {'mp4'|'gif'} */ (this.format.text);
  }

  changeFormat() {
    setOptions(this.rate, RATES[this.#format].map((rate) => ({ value: String(rate), text: String(rate) })));
    this.rate.text = String(USUAL_RATE[this.#format]);
    this.size.follow(this.#format, this.what.text, true);
    this.check();
  }

  followRun() {
    if (this.hasFrames && !(numberOf(this.to.text) > 0)) this.to.text = String(Number(this.#last.toFixed(2)));
  }

  check() {
    const isEven = this.#format === 'mp4';
    const span = wrongSpan(this.from.text, this.to.text, this.#last);
    const wrong = [
      [this.width, wrongSide('width', this.width.text, { isEven })],
      [this.height, wrongSide('height', this.height.text, { isEven })],
      [this.length, wrongLength(this.length.text)],
      [this.from, this.hasFrames ? span.from : ''],
      [this.to, this.hasFrames ? span.to : ''],
    ];
    for (const [field, sentence] of /** @type {[import('./form.js').Field, string][]} */ (wrong)) field.complain(sentence);
    const ready = canEncode() ? '' : ONLY_GIF;
    const hint = this.hasFrames ? ready : this.run?.isThere ? 'Train a little first: a video shows what was trained so far.' : NO_RUN;
    this.say(hint, this.hasFrames && wrong.every(([, sentence]) => sentence === ''));
  }

  /** @param {{signal: AbortSignal, onProgress: (share: number) => void}} how */
  async make(how) {
    const [width, height, from, to, length, fps] = [this.width, this.height, this.from, this.to, this.length, this.rate].map(({ text }) => numberOf(text));
    const order = { format: this.#format, only: this.what.text || null, width, height, onPaper: this.colours.text === 'paper', span: { from, to, fps, length } };
    const { name, title } = this;
    const made = await make(this.run, order, how);
    if (!made) return NO_VIDEO;
    const note = `${width} × ${height} pixels, ${length} s, ${made.frames} frames`;
    const codec = made.codec && made.codec !== 'avc' ? `${UNUSUAL} (${CODECS[made.codec]}): ` : '';
    return { blob: made.blob, name: fileName(name, title, order.format), note: codec + note, more: gapInWords(made.gap) };
  }
}
