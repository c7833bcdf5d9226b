/** The loss curves of a cell: every seed faint, the median thick; and what can be done with the cell. */
import { checkbox, element, segments, setText, svg, svgPath } from '../../kit/dom.js';
import { curveColors } from '../../kit/palette.js';
import { keepPreference, preference } from '../../kit/preferences.js';
import { formatScore, formatShort } from '../../kit/text.js';
import { isProjected } from '../../kit/theme.js';
import { PanelBox } from '../../stage/panels/panel_box.js';
import { medianCurve } from './outcomes.js';

const ABOUT = 'Each faint line is a seed of the cell that is pointed at or chosen, the thick line their median. A curve that ends early diverged.';
const RIGHT = 10;
/** Room for the axes' words, and their line's height; twice as large on a projector. */
const AXES = { LEFT: 46, TOP: 8, BOTTOM: 34, LINE: 16, rise: 4 };
const PROJECTED_AXES = { LEFT: 66, TOP: 16, BOTTOM: 66, LINE: 30, rise: 9 };

const axes = () => (isProjected() ? PROJECTED_AXES : AXES);
const N_TICKS = 5;

export class CurvesPanel {
  /** @type {import('./outcomes.js').Outcomes|null} */
  #outcomes = null;
  #cell = -1;
  #dark = false;
  #log = preference('logLoss', false);
  /** @type {'test'|'train'} */
  #set = 'test';
  #observer;

  /** @param {{open: (cell: number, seed: number) => void, race: (cell: number) => void}} services */
  constructor({ open, race }) {
    this.box = new PanelBox({ id: 'sweep-curves', title: 'Loss', about: ABOUT });
    this.sets = segments('Samples', [{ value: 'train', text: 'train' }, { value: 'test', text: 'test' }], 'test', (value) => {
      this.#set = value === 'test' ? 'test' : 'train';
      this.#draw();
    });
    const log = checkbox('Log', this.#log, (checked) => {
      this.#log = checked;
      keepPreference('logLoss', checked);
      this.#draw();
    });
    log.title = 'Logarithmic loss axis';
    this.box.controls.append(this.sets, log);
    this.about = element('p', { class: 'nn-sweep-about' });
    this.chart = element('div', { class: 'nn-sweep-chart', role: 'img' });
    this.caption = element('p', { class: 'nn-sweep-caption', text: 'Open a seed in the playground:' });
    this.seeds = element('div', { class: 'nn-sweep-seeds', role: 'group', 'aria-label': 'Open a seed in the playground' });
    this.raceButton = element('button', { type: 'button', class: 'nn-text-button' });
    this.raceButton.addEventListener('click', () => race(this.#cell));
    this.actions = element('div', { class: 'nn-sweep-actions' }, this.raceButton);
    this.seeds.addEventListener('click', ({ target }) => {
      const button = target instanceof Element ? target.closest('button') : null;
      if (button) open(this.#cell, Number(button.dataset.seed));
    });
    this.box.plot.replaceWith(this.about, this.chart, this.caption, this.seeds, this.actions);
    this.#observer = new ResizeObserver(() => this.#draw());
    this.#observer.observe(this.chart);
  }

  get root() {
    return this.box.root;
  }

  /**
   * @param {import('./outcomes.js').Outcomes} outcomes @param {number|null} cell @param {string} words what is said of the cell
   * @param {string} raceText what the button says that races it
   */
  show(outcomes, cell, words, raceText) {
    const isOther = outcomes !== this.#outcomes;
    this.#outcomes = outcomes;
    this.#cell = cell ?? -1;
    if (isOther) {
      this.sets.hidden = !outcomes.grid.has_test;
      this.#set = outcomes.set;
      /** @type {HTMLInputElement} */ (this.sets.querySelector(`[value="${this.#set}"]`)).checked = true;
    }
    setText(this.about, words);
    setText(this.raceButton, raceText);
    this.#draw();
  }

  setTheme(theme) {
    this.#dark = theme.dark;
    this.#draw();
  }

  destroy() {
    this.#observer.disconnect();
    this.box.destroy();
  }

  #draw() {
    const outcomes = this.#outcomes;
    if (!outcomes) return;
    const curves = this.#cell < 0 ? [] : outcomes.curves(this.#cell, this.#set);
    this.actions.hidden = this.caption.hidden = curves.length === 0;
    this.#drawSeeds(curves);
    const { clientWidth: width, clientHeight: height } = this.chart;
    if (width < 80 || height < 60) return;
    const { LEFT, TOP, BOTTOM } = axes();
    const middle = medianCurve(curves);
    const { low, high, log } = this.#heights(curves, middle);
    const x = (epoch) => LEFT + ((width - LEFT - RIGHT) * epoch) / outcomes.grid.epochs;
    const y = (loss) => {
      const share = log ? Math.log(loss / low) / Math.log(high / low) : (loss - low) / (high - low);
      return TOP + (height - TOP - BOTTOM) * (1 - Math.min(1.05, Math.max(-0.05, share)));
    };
    const path = ({ epochs, losses }) => Array.prototype.map.call(epochs, (epoch, i) => (losses[i] > 0 || !log ? `${i ? 'L' : 'M'}${x(epoch).toFixed(1)} ${y(losses[i]).toFixed(1)}` : '')).join('');
    const color = curveColors(this.#dark)[this.#set === 'test' ? 1 : 0];
    const chart = svg({ viewBox: `0 0 ${width} ${height}`, width: String(width), height: String(height), 'aria-hidden': 'true' });
    this.#drawAxes(chart, { width, height, low, high, log, x, y });
    for (const curve of curves) chart.append(svgPath({ d: path(curve), fill: 'none', stroke: color, 'stroke-width': '1', 'stroke-opacity': '0.5', 'stroke-linejoin': 'round' }));
    if (curves.length > 1) chart.append(svgPath({ d: path(middle), fill: 'none', stroke: color, 'stroke-width': '3.2', 'stroke-linejoin': 'round' }));
    this.chart.replaceChildren(chart);
    const last = middle.losses.at(-1);
    this.chart.setAttribute('aria-label', last === undefined ? 'No loss curves yet' : `${curves.length} loss curves; the median ends at ${formatShort(last)}`);
  }

  /** From where to where the axis goes: a curve on its way to nowhere is not to press the others flat. */
  #heights(curves, middle) {
    const starts = curves.map(({ losses }) => losses[0]).filter(Number.isFinite);
    const all = [...middle.losses, ...starts, ...curves.filter(({ diverged }) => !diverged).flatMap(({ losses }) => [...losses])].filter(Number.isFinite);
    const top = Math.min(Math.max(...all), 1.6 * Math.max(...starts, middle.losses.at(-1) ?? 0));
    const bottom = Math.min(...all.filter((loss) => loss > 0));
    if (!(top > 0) || !Number.isFinite(top)) return { low: 0, high: 1, log: false };
    if (!this.#log || !(bottom > 0)) return { low: 0, high: 1.04 * top, log: false };
    return { low: Math.min(bottom / 1.2, top / 10), high: 1.2 * top, log: true };
  }

  #drawAxes(chart, { width, height, low, high, log, x, y }) {
    const { LEFT, BOTTOM, LINE, rise } = axes();
    const text = (content, attributes) => {
      const node = document.createElementNS('http://www.w3.org/2000/svg', 'text');
      for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
      node.textContent = content;
      chart.append(node);
    };
    const line = (d) => chart.append(svgPath({ d, class: 'nn-sweep-gridline' }));
    for (const value of log ? decades(low, high) : ticks(high)) {
      line(`M${LEFT} ${y(value).toFixed(1)}H${width - RIGHT}`);
      text(formatShort(value), { x: LEFT - 6, y: y(value) + rise, 'text-anchor': 'end' });
    }
    const { epochs } = /** @type {import('./outcomes.js').Outcomes} */ (this.#outcomes).grid;
    for (const epoch of ticks(epochs).filter((_, i) => !isProjected() || i % 2 === 0)) text(epoch.toLocaleString('en'), { x: x(epoch), y: height - BOTTOM + LINE, 'text-anchor': epoch === epochs ? 'end' : 'middle' });
    text('epoch', { x: (LEFT + width - RIGHT) / 2, y: height - LINE / 4, 'text-anchor': 'middle' });
  }

  #drawSeeds(curves) {
    const isAccuracy = this.#outcomes?.grid.task !== 'regression';
    const buttons = curves.map(({ seed, score, diverged }) => {
      const result = diverged ? 'diverged' : formatScore(score, isAccuracy);
      return element('button', { type: 'button', class: 'nn-sweep-seed', 'data-seed': String(seed), title: `Open seed ${seed} in the playground`, 'aria-label': `Seed ${seed}, ${result}: open in the playground` }, element('span', { class: 'nn-sweep-seed-name', text: `seed ${seed}` }), element('span', { text: result }));
    });
    // Who is about to press one is not to lose it.
    if (buttons.map((each) => each.textContent).join() === [...this.seeds.children].map((each) => each.textContent).join()) return;
    this.seeds.replaceChildren(...buttons);
  }
}

/** Round values from 0 to an end. @param {number} end @returns {number[]} */
export function ticks(end) {
  const rough = end / N_TICKS;
  const size = 10 ** Math.floor(Math.log10(rough));
  const step = size * ([1, 2, 5, 10].find((factor) => factor * size >= rough * 0.999) ?? 10);
  return Array.from({ length: Math.floor(end / step + 1e-9) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** Powers of ten within a range, or its ends where there is none. @returns {number[]} */
export function decades(low, high) {
  const found = [];
  for (let power = Math.ceil(Math.log10(low)); power <= Math.floor(Math.log10(high)); power++) found.push(10 ** power);
  return found.length > 1 ? found : [low * 1.0001, Math.sqrt(low * high), high * 0.9999];
}
