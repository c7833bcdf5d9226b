/**
 * Effect of each column: a small chart for each column, all over the same vertical axis.
 */
import { element, setAttribute, setText } from '../../../kit/dom.js';
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { ScrollBox } from '../../../kit/scroll_box.js';
import { formatShort, shortName } from '../../../kit/text.js';
import { classesLegend } from '../../../plot/legends.js';
import { growRange } from '../../../plot/ranges.js';
import { original } from '../../run/target_units.js';
import { Panel } from '../panel.js';
import { cellAt, placeAlong, responseGrid } from './response_grid.js';
import { paintResponses } from './response_painter.js';

const ABOUT =
  'The mean prediction if every row had this value in one column and kept its other values. Flat: the column isn’t used. Steep: a small change matters. A tenth of the rows lies between two ticks. A column of words has a mark for each category.';

/** Curves that need less of the vertical axis than this get a new one. */
const LEAST_SHARE = 0.4;

export class ResponsesPanel extends Panel {
  #run = null;
  #theme = null;
  #frame = null;
  #range = null;
  #size = null;
  #grid = null;

  constructor() {
    super({ id: 'responses', title: 'Effect of each column', about: ABOUT });
    this.box.plot.remove();
    this.canvas = element('canvas', { class: 'nn-response-canvas', role: 'img' });
    this.context = this.canvas.getContext('2d');
    this.scroll = new ScrollBox('Response curves', this.canvas);
    this.scroll.root.classList.add('nn-responses');
    this.box.body.append(this.scroll.root);
    this.legend = element('div', { class: 'nn-response-legend' });
    this.readout = element('span', { class: 'nn-response-value' });
    this.box.controls.append(this.readout, this.legend);
    this.canvas.addEventListener('pointermove', (event) => this.#point(event));
    this.canvas.addEventListener('pointerleave', () => setText(this.readout, ''));
    this.observer = new ResizeObserver(([{ contentRect }]) => this.#resized(contentRect));
    this.observer.observe(this.scroll.root);
  }

  get needs() {
    return ['responses'];
  }

  get drawn() {
    return this.#frame !== null && this.#grid !== null;
  }

  setRun(run) {
    this.#run = run;
    this.#frame = null;
    this.#range = null;
    this.#showLegend();
    this.#layOut();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#showLegend();
    this.#layOut();
    this.#paint();
  }

  draw({ frame }) {
    if (!this.brings(frame.responses) || frame === this.#frame) return;
    this.#frame = frame;
    this.#paint();
  }

  showValues() {
    const { columns } = this.#run.info.table;
    if (!this.#frame) return;
    const answer = (k, point) => formatShort(this.#value(k, this.#spoken, point));
    const ends = columns.map(({ name, categories }, k) => {
      const along = categories ? categories.map((word, point) => `${shortName(word)} ${answer(k, point)}`).join(', ') : `${answer(k, 0)} to ${answer(k, this.#points - 1)}`;
      return `${shortName(name)}: ${along}`;
    });
    setAttribute(this.canvas, 'aria-label', `Mean prediction from the low to the high end of each column, and for each of its categories. ${ends.join('; ')}`);
  }

  destroy() {
    super.destroy();
    this.observer.disconnect();
    this.scroll.destroy();
  }

  get #isRegression() {
    return this.#run.info.task === 'regression';
  }

  get #outputs() {
    return this.#isRegression ? 1 : Math.max(1, this.#run.info.class_names.length === 2 ? this.#perColumn / this.#points : this.#run.info.class_names.length);
  }

  get #perColumn() {
    return this.#frame.responses.length / this.#run.info.table.columns.length;
  }

  get #points() {
    return this.#run.info.table.response_points;
  }

  /** The output that a reader of the page is told of. */
  get #spoken() {
    return this.#outputs - 1;
  }

  /** A curve's height, in the target's own units. */
  #value(column, output, point) {
    const value = this.#frame.responses[column * this.#perColumn + output * this.#points + point];
    return this.#isRegression ? original(this.#run.info.table.target, value) : value;
  }

  #showLegend() {
    if (!this.#run || !this.#theme) return;
    const { info } = this.#run;
    this.legend.replaceChildren();
    if (info.task === 'regression') this.legend.append(element('span', { class: 'nn-hint', text: shortName(info.table.target.name) }));
    else if (info.task === 'binary') this.legend.append(element('span', { class: 'nn-hint', text: shortName(info.surface_label) }));
    else this.legend.append(classesLegend(info, this.#theme));
  }

  #resized({ width, height }) {
    if (width < 40 || height < 40) return;
    this.#size = { width: Math.floor(width), height: Math.floor(height) };
    this.#layOut();
  }

  #layOut() {
    if (!this.#size || !this.#run) return;
    const { width, height } = this.#size;
    this.#grid = responseGrid(this.#run.info.table.columns.length, width, height - 2);
    const ratio = pixelRatio();
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(this.#grid.height * ratio);
    this.canvas.style.height = `${this.#grid.height}px`;
    this.#paint();
  }

  #updateRange() {
    const { info } = this.#run;
    if (!this.#isRegression && info.output !== 'identity') {
      this.#range = [0, 1];
      return;
    }
    let [low, high] = [Infinity, -Infinity];
    for (let column = 0; column < info.table.columns.length; column++) {
      for (let k = 0; k < this.#perColumn; k++) {
        const value = this.#value(column, 0, k);
        if (value < low) low = value;
        if (value > high) high = value;
      }
    }
    const stays = this.#range && high - low > LEAST_SHARE * (this.#range[1] - this.#range[0]);
    this.#range = growRange(stays ? this.#range : null, low, high);
  }

  #paint() {
    if (!this.#grid || !this.#frame || !this.#theme) return;
    this.#updateRange();
    const { info } = this.#run;
    const ratio = pixelRatio();
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, this.canvas.width, this.canvas.height);
    paintResponses(this.context, {
      columns: info.table.columns,
      grid: this.#grid,
      value: (column, output, point) => this.#value(column, output, point),
      outputs: this.#outputs,
      points: this.#points,
      range: this.#range,
      theme: this.#theme,
      base: this.#isRegression ? -1 : this.#outputs === 1 ? 1 : 0,
    });
  }

  /** Say what the curve under the pointer answers there. */
  #point({ offsetX, offsetY }) {
    if (!this.#grid || !this.#frame) return;
    const { columns } = this.#run.info.table;
    const found = cellAt(this.#grid, columns.length, offsetX, offsetY);
    if (!found) {
      setAttribute(this.canvas, 'title', '');
      return setText(this.readout, '');
    }
    const { name } = columns[found.index];
    const { point, at } = placeAlong(columns[found.index], found.along, this.#points);
    setAttribute(this.canvas, 'title', name); // above its curve there may be no room for the whole of it
    const answers = Array.from({ length: this.#outputs }, (_, output) => formatShort(this.#value(found.index, output, point)));
    return setText(this.readout, `${shortName(name)} ${at} → ${answers.join(', ')}`);
  }
}
