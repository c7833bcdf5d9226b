/**
 * A network's answers over the plane as a small picture: a canvas with the surface, and one above it with the samples,
 * which change only with the theme and the size. No axes: what is to be seen is the shape.
 */
import { element } from '../../kit/dom.js';
import { classTables, probabilityTable, valueTable } from '../../kit/palette.js';
import { pixelRatio } from '../../kit/pixel_ratio.js';
import { SampleStamps } from '../../plot/sample_stamps.js';
import { SurfacePainter } from '../../plot/surface_painter.js';
import { isCurve, paintCurve } from '../../stage/panels/boundary/fitted_curve.js';

const RADIUS = 2.6;
const MOST_SAMPLES = 500;
/** Before it has a size. */
const FIRST_SIDE = 200;

export class SmallMap {
  #run = null;
  #theme = null;
  #frame = null;
  #tables = [];
  #crisp = false;
  #showTest = false;
  #side = 0;
  #painter = new SurfacePainter();
  #stamps = new SampleStamps(RADIUS, MOST_SAMPLES);
  #observer;

  /** @param {string} label for those who can't see it @param {() => void} onSize another size */
  constructor(label, onSize) {
    this.surface = element('canvas', { 'aria-hidden': 'true' });
    this.samples = element('canvas', { 'aria-hidden': 'true' });
    this.root = element('div', { class: 'nn-small-map', role: 'img', 'aria-label': label }, this.surface, this.samples);
    this.#observer = new ResizeObserver(([entry]) => {
      const side = Math.floor(Math.min(entry.contentRect.width, entry.contentRect.height));
      if (side === this.#side || side < 8) return;
      this.#side = side;
      this.#resize();
      onSize();
    });
    this.#observer.observe(this.root);
  }

  /** What the pictures' worker is to draw. */
  get wanted() {
    const { width } = this.surface;
    const side = this.#side > 0 ? width : FIRST_SIDE;
    return { surface: { columns: side, rows: side, domain: this.#run.info.domain } };
  }

  /** Where values of the plane lie on the canvas, in device pixels. */
  get mapping() {
    const { width, height } = this.surface;
    const [[left, right], [bottom, top]] = this.#run.info.domain;
    const [kx, ky] = [width / (right - left), -height / (top - bottom)];
    return { scale: pixelRatio(), width, height, kx, ky, x: -left * kx, y: height - bottom * ky, axes: this.#run.info.input_names.length };
  }

  /** @param {import('../../stage/panels/panel.js').Run} run */
  setRun(run) {
    this.#run = run;
    this.#frame = null;
    this.#stamps.setRun(run);
    this.#restyle();
  }

  /** @param {import('../../kit/theme.js').Theme} theme also when the screen's pixels are other ones */
  setTheme(theme) {
    this.#theme = theme;
    this.#stamps.setTheme(theme);
    this.#resize();
    this.#restyle();
  }

  /** @param {{crisp?: boolean, showTest?: boolean}} how */
  look({ crisp = this.#crisp, showTest = this.#showTest }) {
    this.#crisp = crisp;
    this.#showTest = showTest;
    this.#restyle();
  }

  /** @param {import('../../stage/pictures/pictures.js').Drawn} frame with its picture */
  draw(frame) {
    this.#frame = frame;
    this.#paint();
  }

  destroy() {
    this.#observer.disconnect();
  }

  #resize() {
    const side = Math.round(this.#side * pixelRatio());
    for (const canvas of [this.surface, this.samples]) canvas.width = canvas.height = side;
    this.#paint();
    this.#paintSamples();
  }

  #restyle() {
    if (!this.#run || !this.#theme) return;
    const { info } = this.#run;
    const { dark } = this.#theme;
    if (info.task === 'multiclass') this.#tables = classTables(info.class_names.length, dark, this.#crisp);
    else this.#tables = [info.task === 'binary' ? probabilityTable(dark, this.#crisp) : valueTable(info.surface_range, dark, this.#crisp)];
    this.#paint();
    this.#paintSamples();
  }

  #paint() {
    if (!this.#frame || !this.#run || !this.#theme || this.#side === 0) return;
    const context = this.surface.getContext('2d');
    const { mapping } = this;
    const { info } = this.#run;
    if (isCurve(info)) {
      context.clearRect(0, 0, mapping.width, mapping.height);
      paintCurve(/** @type {any} */ ({ begin: () => context, mapping }), this.#run, this.#frame, this.#theme);
      return;
    }
    const { columns, rows, domain: [[left, right], [bottom, top]] } = this.#frame.plot;
    const across = (value) => mapping.x + mapping.kx * value;
    const up = (value) => mapping.y + mapping.ky * value;
    const ends = { left: across(left), right: across(right), top: up(top), bottom: up(bottom) };
    const planes = info.task === 'multiclass' ? info.class_names.length : 1;
    this.#painter.paint(context, ends, { bytes: this.#frame.surface, planes, columns, rows }, this.#tables);
  }

  #paintSamples() {
    if (!this.#run || !this.#theme || this.#side === 0) return;
    const { mapping } = this;
    const context = this.samples.getContext('2d');
    context.clearRect(0, 0, mapping.width, mapping.height);
    const { inputs } = this.#run.statics;
    for (const { members, isTest, stamp } of this.#stamps.at(mapping.scale)) {
      if (isTest && !this.#showTest) continue;
      for (const i of members) {
        const [x, y] = [mapping.x + mapping.kx * inputs[2 * i], mapping.y + mapping.ky * inputs[2 * i + 1]];
        context.drawImage(stamp, Math.round(x - stamp.width / 2), Math.round(y - stamp.height / 2));
      }
    }
  }
}
