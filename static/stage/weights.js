/**
 * The weights panel: what each unit of the first layer looks for, as an image of its weights; zero is the neutral colour.
 */
import { element, select, setAttribute, setText } from './dom.js';
import { fitGrid } from './image_grid.js';
import { ImagePainter, weightTable } from './image_painter.js';
import { tableColor } from './palette.js';
import { Panel } from './panel.js';
import { keepPreference, preference } from './preferences.js';
import { formatShort } from './text.js';

const ABOUT =
  'Each picture is one unit of the first layer: where it is orange, ink makes the unit louder, where it is blue, quieter; pale pixels don’t matter to it. At first they are noise; training turns some into strokes and edges.';
const ABOUT_OUTPUTS = 'Each picture is one digit’s weights: orange where ink speaks for it, blue where ink speaks against it.';
const ORDERS = {
  first: { text: 'First units', part: 'first_units', hint: 'by number' },
  strong: { text: 'Loudest units', part: 'strong_units', hint: 'those that the next layer listens to most, loudest first' },
};
const GAP = 4;

export class WeightsPanel {
  #run = null;
  #theme = null;
  #frame = null;
  #order = preference('weightOrder', 'strong');
  #table = null;
  #size = null;
  #grid = null;
  #painter = new ImagePainter();

  constructor({ redraw }) {
    if (!(this.#order in ORDERS)) this.#order = 'strong';
    this.panel = new Panel({ id: 'weights', title: 'First layer’s weights', about: ABOUT });
    const options = Object.entries(ORDERS).map(([value, { text }]) => ({ value, text }));
    this.choice = select('Which units', options, this.#order, (value) => {
      this.#order = value;
      keepPreference('weightOrder', value);
      redraw();
    });
    this.panel.controls.append(this.choice);
    this.canvas = element('canvas', { class: 'nn-images', role: 'img' });
    this.context = this.canvas.getContext('2d');
    this.bar = element('div', { class: 'nn-bar' });
    this.ends = ['low', 'zero', 'high'].map((name) => element('span', { class: `nn-end-${name}` }));
    this.scale = element('div', { class: 'nn-weight-scale' }, this.ends[0], this.bar, this.ends[2]);
    this.name = element('span', { class: 'nn-unit-name' });
    this.foot = element('div', { class: 'nn-images-foot' }, this.name, this.scale);
    this.panel.plot.append(this.canvas);
    this.panel.body.append(this.foot);
    this.canvas.addEventListener('pointermove', (event) => this.#name(event));
    this.canvas.addEventListener('pointerdown', (event) => this.#name(event));
    this.canvas.addEventListener('pointerleave', () => setText(this.name, ''));
    this.observer = new ResizeObserver(([{ contentRect }]) => this.#resized(contentRect));
    this.observer.observe(this.panel.plot);
  }

  get root() {
    return this.panel.root;
  }

  get needs() {
    return [ORDERS[this.#order].part];
  }

  get drawn() {
    return this.#frame !== null;
  }

  attach() {}

  setRun(run) {
    this.#run = run;
    this.#frame = null;
    this.#grid = null;
    this.#painter.setShape(run.info.image_shape);
    const hidden = run.info.layers.length > 0;
    this.panel.setTitle(hidden ? 'First layer’s weights' : 'What speaks for each digit');
    this.panel.setAbout(hidden ? ABOUT : ABOUT_OUTPUTS);
    this.choice.hidden = !hidden;
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#table = weightTable(theme.dark);
    const stops = Array.from({ length: 33 }, (_, k) => tableColor(this.#table, Math.min(255, 8 * k)));
    this.bar.style.setProperty('--nn-stops', stops.reverse().join(', '));
    this.#paint();
  }

  draw(frame) {
    const brings = this.#images(frame) !== undefined;
    setAttribute(this.root, 'data-waiting', String(!brings));
    if (!brings) return;
    this.#frame = frame;
    this.#paint();
  }

  /** Write the frame's numbers: less often than frames are painted. */
  showValues() {
    if (!this.#frame) return;
    const end = formatShort(this.#frame[`${this.#order}_scale`][0]);
    setText(this.ends[0], `−${end}`);
    setText(this.ends[2], end);
    const n = this.#units.length;
    setAttribute(this.canvas, 'aria-label', `Weights of ${n} ${this.#run.info.layers.length ? `units of the first layer, ${ORDERS[this.#order].hint}` : 'digits'}, from −${end} to ${end}`);
  }

  destroy() {
    this.observer.disconnect();
  }

  #images(frame) {
    return frame[`${this.#order}_images`];
  }

  get #units() {
    return this.#frame[`${this.#order}_units`];
  }

  #resized({ width, height }) {
    const scale = window.devicePixelRatio || 1;
    this.#size = { width, height, scale };
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.#grid = null;
    this.#paint();
  }

  #paint() {
    if (!this.#frame || !this.#theme || !this.#size) return;
    const images = this.#images(this.#frame);
    if (!images) return;
    const [rows, columns] = this.#run.info.image_shape;
    const n = this.#units.length;
    const { width, height, scale } = this.#size;
    this.#grid ??= fitGrid(n, width, height, GAP, rows / columns);
    const { size, left, top, columns: across } = this.#grid;
    const { context } = this;
    context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    for (let k = 0; k < n; k++) {
      const x = left + (k % across) * (size + GAP);
      const y = top + Math.floor(k / across) * ((size * rows) / columns + GAP);
      this.#painter.paint(context, images, k, this.#table, Math.round(x * scale), Math.round(y * scale), Math.round(size * scale), Math.round(((size * rows) / columns) * scale));
    }
  }

  /** Say which unit the pointer is at. */
  #name({ offsetX, offsetY }) {
    if (!this.#grid || !this.#frame) return;
    const { size, left, top, columns: across } = this.#grid;
    const [rows, columns] = this.#run.info.image_shape;
    const column = Math.floor((offsetX - left) / (size + GAP));
    const row = Math.floor((offsetY - top) / ((size * rows) / columns + GAP));
    const unit = column >= 0 && column < across ? this.#units[row * across + column] : undefined;
    const { layers, class_names: names } = this.#run.info;
    setText(this.name, unit === undefined ? '' : layers.length ? `unit ${unit + 1}` : `digit ${names[unit] ?? unit}`);
  }
}
