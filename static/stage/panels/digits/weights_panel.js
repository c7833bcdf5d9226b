/**
 * The weights panel: what each unit of the first layer looks for, as an image of its weights; zero is the neutral colour.
 */
import { element, select, setAttribute, setText } from '../../../kit/dom.js';
import { tableColor } from '../../../kit/palette.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { formatShort } from '../../../kit/text.js';
import { Panel } from '../panel.js';
import { fitSheet } from './image_grid.js';
import { IMAGE_GAP, ImageSheet, weightTable } from './image_painter.js';

const ABOUT =
  'Each picture shows the weights of one unit of the first layer. Ink on orange pixels raises the unit’s sum, ink on blue pixels lowers it; faint pixels hardly matter. At first they are noise; training turns some into strokes and edges.';
const ABOUT_OUTPUTS = 'Each picture shows the weights of one digit. Ink on orange pixels counts for it, ink on blue pixels against it.';
const ORDERS = {
  first: { text: 'First units', part: 'first_units', hint: 'by number' },
  strong: { text: 'Strongest units', part: 'strong_units', hint: 'those with the largest weights to the next layer, strongest first' },
};

export class WeightsPanel extends Panel {
  #run = null;
  #theme = null;
  #frame = null;
  #order = preference('weightOrder', 'first');
  #table = null;
  #size = null;
  #grid = null;
  #sheet;

  /** @param {import('../panel.js').Services} services */
  constructor({ redraw }) {
    super({ id: 'weights', title: 'Weights', about: ABOUT });
    if (!(this.#order in ORDERS)) this.#order = 'first';
    const options = Object.entries(ORDERS).map(([value, { text }]) => ({ value, text }));
    this.choice = select('Units to show', options, this.#order, (value) => {
      this.#order = value;
      keepPreference('weightOrder', value);
      redraw();
    });
    this.box.controls.append(this.choice);
    this.canvas = element('canvas', { class: 'nn-images', role: 'img', 'aria-label': 'Weights of the first layer' });
    this.#sheet = new ImageSheet(this.canvas);
    this.bar = element('div', { class: 'nn-bar' });
    this.ends = ['low', 'zero', 'high'].map((name) => element('span', { class: `nn-end-${name}` }));
    this.scale = element('div', { class: 'nn-weight-scale' }, this.ends[0], this.bar, this.ends[2]);
    this.name = element('span', { class: 'nn-unit-name' });
    this.foot = element('div', { class: 'nn-images-foot' }, this.name, this.scale);
    this.box.plot.append(this.canvas);
    this.box.body.append(this.foot);
    this.canvas.addEventListener('pointermove', (event) => this.#name(event));
    this.canvas.addEventListener('pointerdown', (event) => this.#name(event));
    this.canvas.addEventListener('pointerleave', () => setText(this.name, ''));
    this.observer = new ResizeObserver(([{ contentRect }]) => this.#resized(contentRect));
    this.observer.observe(this.box.plot);
  }

  get needs() {
    return [ORDERS[this.#order].part];
  }

  get drawn() {
    return this.#frame !== null;
  }

  setRun(run) {
    this.#run = run;
    this.#frame = null;
    this.#grid = null;
    const hidden = run.info.layers.length > 0;
    this.box.setTitle(hidden ? 'Weights' : 'Weights of each digit');
    this.box.setAbout(hidden ? ABOUT : ABOUT_OUTPUTS);
    this.choice.hidden = !hidden;
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#table = weightTable(theme.dark);
    const stops = Array.from({ length: 33 }, (_, k) => tableColor(this.#table, Math.min(255, 8 * k)));
    this.bar.style.setProperty('--nn-stops', stops.reverse().join(', '));
    this.#paint();
  }

  draw({ frame, isNew }) {
    if (!isNew || !this.brings(this.#images(frame))) return;
    this.#frame = frame;
    this.#paint();
  }

  showValues() {
    if (!this.#frame) return;
    const end = formatShort(this.#frame[`${this.#order}_scale`][0]);
    setText(this.ends[0], `−${end}`);
    setText(this.ends[2], end);
    const n = this.#units.length;
    setAttribute(this.canvas, 'aria-label', `Weights of ${n} ${this.#run.info.layers.length ? `units of the first layer, ${ORDERS[this.#order].hint}` : 'digits'}, from −${end} to ${end}`);
  }

  destroy() {
    super.destroy();
    this.observer.disconnect();
  }

  #images(frame) {
    return frame[`${this.#order}_images`];
  }

  get #units() {
    return this.#frame[`${this.#order}_units`];
  }

  #resized({ width, height }) {
    this.#size = { width, height };
    this.#grid = null;
    this.#paint();
  }

  #paint() {
    if (!this.#frame || !this.#theme || !this.#size) return;
    const images = this.#images(this.#frame);
    if (!images) return;
    const { image_shape: shape } = this.#run.info;
    const n = this.#units.length;
    if (!this.#grid) this.#place(n, shape);
    this.#sheet.paint(images, n, shape, this.#grid.across, this.#table);
  }

  /** Give the sheet its place in the panel. */
  #place(n, shape) {
    this.#grid = fitSheet(n, this.#size.width, this.#size.height, shape, IMAGE_GAP);
    for (const side of ['left', 'top', 'width', 'height']) this.canvas.style[side] = `${this.#grid[side]}px`;
  }

  /** Say which unit the pointer is at. */
  #name({ offsetX, offsetY }) {
    if (!this.#grid || !this.#frame) return;
    const { across, width } = this.#grid;
    const [rows, columns] = this.#run.info.image_shape;
    const pixel = width / this.canvas.width;
    const column = Math.floor(offsetX / pixel / (columns + IMAGE_GAP));
    const row = Math.floor(offsetY / pixel / (rows + IMAGE_GAP));
    const unit = column >= 0 && column < across ? this.#units[row * across + column] : undefined;
    const { layers, class_names: names } = this.#run.info;
    setText(this.name, unit === undefined ? '' : layers.length ? `unit ${unit + 1}` : `digit ${names[unit] ?? unit}`);
  }
}
