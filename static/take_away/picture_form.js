/** The form of *Picture*: a panel or the whole stage, as PNG or SVG. */
import { MOST_PIXELS, PICTURE_SIDES, fileName, numberOf, wrongSide } from './choices.js';
import { COLOURS, FileForm, NO_RUN } from './file_form.js';
import { make } from './maker.js';

const FORMATS = [{ value: 'png', text: 'PNG' }, { value: 'svg', text: 'SVG' }];

export class PictureForm extends FileForm {
  constructor() {
    super('Make the picture', FORMATS, [COLOURS.paper, COLOURS.screen]);
    this.begin([[this.what, this.format, this.colours], [this.width, this.height]]);
    this.fit();
  }

  check() {
    const how = { isEven: false, sides: PICTURE_SIDES };
    const wrong = { width: wrongSide('width', this.width.text, how), height: wrongSide('height', this.height.text, how) };
    const pixels = numberOf(this.width.text) * numberOf(this.height.text);
    if (!wrong.width && !wrong.height && pixels > MOST_PIXELS) wrong.height = `Width times height must be at most ${MOST_PIXELS / 1e6} million pixels; got ${Math.ceil(pixels / 1e6)} million.`;
    this.width.complain(wrong.width);
    this.height.complain(wrong.height);
    this.say(this.hasFrames ? '' : NO_RUN, this.hasFrames && !wrong.width && !wrong.height);
  }

  /** @param {{signal: AbortSignal, onProgress: (share: number) => void}} how */
  async make(how) {
    const [width, height] = [this.width, this.height].map(({ text }) => numberOf(text));
    const format = /** @type {'png'|'svg'} */ (this.format.text);
    const { name, title } = this;
    const made = await make(this.run, { format, only: this.what.text || null, width, height, onPaper: this.colours.text === 'paper' }, how);
    if (!made) throw new Error('there was no picture.');
    return { blob: made.blob, name: fileName(name, title, format), note: `${width} × ${height} pixels` };
  }
}
