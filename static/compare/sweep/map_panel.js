/** The map: a cell for each value, or pair of values, with what came of it as colour and number. */
import { element, select, setAttribute, setText } from '../../kit/dom.js';
import { keepPreference, preference } from '../../kit/preferences.js';
import { formatLoss, formatShort } from '../../kit/text.js';
import { gradient, scaleColor } from '../../kit/value_scale.js';
import { css, isProjected } from '../../kit/theme.js';
import { PanelBox } from '../../stage/panels/panel_box.js';
import { targetOf } from '../race/target.js';
import { inkOn, rangeOf, shareOf } from './scale.js';

/** @typedef {import('./outcomes.js').Measure} Measure */

const ABOUT = 'A cell for each combination of values. “Successes” counts the seeds that reach the target score. Bright is good. Hatched: that share of the seeds diverged. Point at a cell for its loss curves; choose it to open it.';
const FIRST_TARGET = 95;
/** @type {Record<Measure, string>} */
const TEXT = { success: 'Successes', test_score: 'Median test score', train_score: 'Median training score', test_loss: 'Median test loss', train_loss: 'Median training loss' };
/** Pixels that a letter takes, and that a cell must have for its number. */
const SMALL = { LETTER: 7.5, LEAST_HEIGHT: 17 };
const PROJECTED = { LETTER: 13.5, LEAST_HEIGHT: 28 };
const letters = () => (isProjected() ? PROJECTED : SMALL);
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

export class MapPanel {
  /** @type {import('./outcomes.js').Outcomes|null} */
  #outcomes = null;
  /** @type {Measure} */
  #measure = 'success';
  #target = FIRST_TARGET / 100;
  /** By the number of the cell. @type {{root: HTMLElement, text: HTMLElement, hatch: HTMLElement}[]} */
  #cells = [];
  #range = rangeOf([], 'success');
  #focused = 0;
  #pinned = -1;
  #shape = '';
  #observer;

  /** @param {{point: (cell: number|null) => void, choose: (cell: number) => void, onTarget: () => void}} services */
  constructor({ point, choose, onTarget }) {
    this.point = point;
    this.choose = choose;
    this.onTarget = onTarget;
    this.box = new PanelBox({ id: 'sweep-map', title: 'Successes', about: ABOUT });
    this.#target = targetOf(String(preference('raceTarget', FIRST_TARGET))) ?? this.#target;
    this.measures = select('What the map shows', Object.entries(TEXT).map(([value, text]) => ({ value, text })), this.#measure, (value) => {
      this.#measure = /** @type {Measure} */ (value);
      this.#redraw();
    });
    this.input = element('input', { type: 'text', inputmode: 'decimal', class: 'nn-target', 'aria-label': 'Target score in per cent', 'aria-describedby': 'nnplay-sweep-target-wrong', value: String(Number((100 * this.#target).toPrecision(6))) });
    this.input.addEventListener('input', () => this.#setTarget(this.input.value));
    this.wrong = element('p', { class: 'nn-target-wrong', id: 'nnplay-sweep-target-wrong', role: 'alert' });
    this.targetLabel = element('label', { class: 'nn-target-label' }, element('span', { text: 'Target' }), this.input, element('span', { text: '%' }));
    this.box.controls.append(this.measures, this.targetLabel);
    this.across = element('div', { class: 'nn-sweep-across' });
    this.up = element('div', { class: 'nn-sweep-up' }, element('span'));
    this.grid = element('div', { class: 'nn-sweep-grid', role: 'grid' });
    this.legend = element('div', { class: 'nn-sweep-legend' });
    this.box.plot.replaceWith(this.wrong, element('div', { class: 'nn-sweep-map' }, this.up, this.grid, this.across), this.legend);
    this.#makeLegend();
    this.#listen();
    this.#observer = new ResizeObserver(() => this.#fit());
    this.#observer.observe(this.grid);
  }

  get root() {
    return this.box.root;
  }

  get target() {
    return this.#target;
  }

  /** @param {import('./outcomes.js').Outcomes} outcomes of a sweep, another one or the same @param {Set<number>|null} changed cells; null for all */
  show(outcomes, changed) {
    const isOther = outcomes !== this.#outcomes;
    this.#outcomes = outcomes;
    if (isOther) this.#build();
    if (isOther || changed === null || !this.#keepsRange()) this.#redraw();
    else for (const cell of changed) this.#draw(cell);
  }

  /** Mark the cell that was chosen. @param {number} cell -1 for none */
  pin(cell) {
    this.#cells[this.#pinned]?.root.setAttribute('aria-selected', 'false');
    this.#pinned = cell;
    this.#cells[cell]?.root.setAttribute('aria-selected', 'true');
  }

  setTheme() {
    this.#fit(); // letters are larger in presenter mode
    this.#redraw();
  }

  destroy() {
    this.#observer.disconnect();
    this.box.destroy();
  }

  // -- layout ----------------------------------------------------------------------------------------------------------

  get #axes() {
    return /** @type {import('./outcomes.js').Outcomes} */ (this.#outcomes).grid.axes;
  }

  /** Numbers grow upwards; names are read from the top. */
  get #rowOrder() {
    const values = this.#axes[1]?.values ?? [''];
    const rows = values.map((_, i) => i);
    return values.every((value) => /^[\d.e+-]+$/.test(value) || value === 'none') ? rows.reverse() : rows;
  }

  #build() {
    const outcomes = /** @type {import('./outcomes.js').Outcomes} */ (this.#outcomes);
    const [first, second] = this.#axes;
    const nRows = second?.values.length ?? 1;
    const nColumns = first.values.length;
    this.#pinned = -1;
    this.#focused = Math.min(this.#focused, outcomes.cells - 1);
    this.#cells = Array.from({ length: outcomes.cells }, (_, cell) => {
      const text = element('span', { class: 'nn-sweep-number' });
      const hatch = element('span', { class: 'nn-sweep-hatch' });
      const root = element('div', { class: 'nn-sweep-cell', role: 'gridcell', tabindex: cell === this.#focused ? '0' : '-1', 'aria-selected': 'false', 'data-cell': String(cell) }, hatch, text);
      return { root, text, hatch };
    });
    const head = element('div', { role: 'row', class: 'nn-sweep-row nn-sweep-head' }, element('div', { class: 'nn-sweep-corner', role: 'columnheader' }));
    for (const value of first.values) head.append(element('div', { role: 'columnheader', class: 'nn-sweep-label', title: value, text: value }));
    const rows = this.#rowOrder.map((j) => {
      const row = element('div', { role: 'row', class: 'nn-sweep-row' });
      row.append(element('div', { role: 'rowheader', class: 'nn-sweep-label nn-sweep-side', title: second?.values[j] ?? '', text: second?.values[j] ?? '' }));
      for (let i = 0; i < nColumns; i++) row.append(this.#cells[i * nRows + j].root);
      return row;
    });
    const longest = Math.max(0, ...(second?.values ?? []).map((value) => Math.min(14, value.length)));
    this.grid.style.setProperty('--nn-side', second ? `calc(${longest}ch + 12px)` : '0px');
    this.grid.style.setProperty('--nn-columns', String(nColumns));
    this.grid.style.setProperty('--nn-rows', String(nRows));
    this.grid.toggleAttribute('data-one', !second);
    this.grid.replaceChildren(...rows, head);
    setAttribute(this.grid, 'aria-rowcount', String(nRows + 1));
    setText(this.across, first.label);
    setText(/** @type {HTMLElement} */ (this.up.firstChild), second?.label ?? '');
    this.up.hidden = !second;
    const { has_test: hasTest, task } = outcomes.grid;
    for (const option of this.measures.options) option.disabled = option.value.startsWith('test') && !hasTest;
    if (!hasTest && this.#measure.startsWith('test')) this.#measure = /** @type {Measure} */ (this.#measure.replace('test', 'train'));
    this.measures.value = this.#measure;
    setText(/** @type {HTMLElement} */ (this.targetLabel.firstChild), task === 'regression' ? 'Target R²' : 'Target');
    this.#shape = '';
    this.#fit();
  }

  /** Leave out what there is no room for: numbers in small cells, labels that would run into each other. */
  #fit() {
    if (!this.#outcomes || this.#cells.length === 0) return;
    const { offsetWidth: width, offsetHeight: height } = this.#cells[0].root;
    const { LETTER, LEAST_HEIGHT } = letters();
    const longest = Math.max(...this.#axes[0].values.map((value) => Math.min(14, value.length)));
    const every = Math.max(1, Math.ceil((longest * LETTER + 6) / Math.max(1, width)));
    const everyRow = Math.max(1, Math.ceil((LEAST_HEIGHT - 2) / Math.max(1, height)));
    const shape = `${width > 4.2 * LETTER && height > LEAST_HEIGHT ? 'full' : width > 1.9 * LETTER && height > LEAST_HEIGHT ? 'short' : 'none'} ${every} ${everyRow}`;
    if (shape === this.#shape) return;
    this.#shape = shape;
    [...this.grid.querySelectorAll('.nn-sweep-head .nn-sweep-label')].forEach((label, i) => label.classList.toggle('nn-away', i % every !== 0));
    [...this.grid.querySelectorAll('.nn-sweep-side')].forEach((label, i) => label.classList.toggle('nn-away', i % everyRow !== 0));
    this.#cells.forEach((_, cell) => this.#draw(cell));
  }

  // -- what is in the cells --------------------------------------------------------------------------------------------

  #values() {
    const outcomes = /** @type {import('./outcomes.js').Outcomes} */ (this.#outcomes);
    const medians = this.#cells.map((_, cell) => outcomes.cell(cell, this.#measure, this.#target).median);
    return medians.filter((value) => !Number.isNaN(value));
  }

  #keepsRange() {
    const range = rangeOf(this.#values(), this.#measure);
    return range.low === this.#range.low && range.high === this.#range.high && range.log === this.#range.log;
  }

  #redraw() {
    if (!this.#outcomes) return;
    this.#range = rangeOf(this.#values(), this.#measure);
    this.box.setTitle(TEXT[this.#measure]);
    setAttribute(this.grid, 'aria-label', `${TEXT[this.#measure]}: ${this.#axes.map(({ label }, k) => `${label.toLowerCase()} ${k ? 'up' : 'across'}`).join(', ')}`);
    this.targetLabel.classList.toggle('nn-idle', this.#measure !== 'success');
    this.#cells.forEach((_, cell) => this.#draw(cell));
    this.#drawLegend();
  }

  #draw(number) {
    const outcomes = /** @type {import('./outcomes.js').Outcomes} */ (this.#outcomes);
    const { root, text, hatch } = this.#cells[number];
    const cell = outcomes.cell(number, this.#measure, this.#target);
    const isSuccess = this.#measure === 'success';
    const share = isSuccess ? cell.reached / cell.done : shareOf(cell.median, this.#range);
    const color = cell.done > 0 && !Number.isNaN(share) ? scaleColor(share) : null;
    root.style.backgroundColor = color ? css(color) : '';
    root.style.color = color ? inkOn(color) : '';
    root.classList.toggle('nn-sweep-part', cell.done > 0 && cell.done < cell.total);
    hatch.style.height = `${(100 * cell.diverged) / cell.total}%`;
    const [room] = this.#shape.split(' ');
    const full = cell.done === 0 ? '' : isSuccess ? `${cell.reached}/${cell.done}` : this.#number(cell.median);
    const short = isSuccess ? String(cell.reached) : '';
    setText(text, cell.done === 0 || room === 'none' ? '' : room === 'full' ? full : short);
    setAttribute(root, 'aria-label', `${outcomes.nameOf(number)}: ${this.#inWords(cell)}`);
  }

  get #isAccuracy() {
    return this.#outcomes?.grid.task !== 'regression';
  }

  #number(value) {
    if (Number.isNaN(value)) return '–';
    if (this.#measure.endsWith('loss')) return formatShort(value);
    return this.#isAccuracy ? String(Math.round(1000 * value) / 10) : value.toFixed(2).replace('-', '−');
  }

  #targetText() {
    return this.#isAccuracy ? `${Number((100 * this.#target).toPrecision(6))} %` : `R² ${Number(this.#target.toPrecision(6))}`;
  }

  /** @param {import('./outcomes.js').Cell} cell */
  #inWords({ done, total, reached, diverged, median }) {
    if (done === 0) return 'not trained yet';
    const middle = Number.isNaN(median) ? 'no median' : this.#measure.endsWith('loss') ? `loss ${formatLoss(median)}` : this.#isAccuracy ? `${(100 * median).toFixed(1)} %` : `R² ${median.toFixed(3)}`;
    const parts = [`${reached} of ${done} seeds reach ${this.#targetText()}`, `median ${middle}`];
    if (diverged > 0) parts.push(`${diverged} diverged`);
    if (done < total) parts.push(`${total - done} still to come`);
    return parts.join(', ');
  }

  #makeLegend() {
    this.bar = element('span', { class: 'nn-sweep-bar', 'aria-hidden': 'true' });
    this.bar.style.backgroundImage = gradient();
    this.worst = element('span');
    this.best = element('span');
    const swatch = (name) => element('span', { class: `nn-sweep-swatch ${name}`, 'aria-hidden': 'true' });
    this.legend.append(
      element('span', { class: 'nn-sweep-ends' }, this.worst, this.bar, this.best),
      element('span', { class: 'nn-sweep-key' }, swatch('nn-sweep-swatch-diverged'), element('span', { text: 'diverged' })),
      element('span', { class: 'nn-sweep-key' }, swatch('nn-sweep-swatch-empty'), element('span', { text: 'not trained yet' })),
    );
  }

  #drawLegend() {
    const { low, high, reversed, log } = this.#range;
    const say = (value) => (this.#measure === 'success' ? '' : this.#measure.endsWith('loss') || !this.#isAccuracy ? formatShort(value) : `${formatShort(100 * value)} %`);
    const n = this.#outcomes?.grid.seeds.length ?? 0;
    setText(this.worst, this.#measure === 'success' ? 'no seed' : say(reversed ? high : low));
    setText(this.best, this.#measure === 'success' ? (n === 1 ? 'the seed' : `all ${n} seeds`) : `${say(reversed ? low : high)}${log ? ', logarithmic' : ''}`);
  }

  #setTarget(text) {
    const target = targetOf(text);
    this.input.setAttribute('aria-invalid', String(target === null));
    setText(this.wrong, target === null ? 'The target must be above 0 and at most 100.' : '');
    if (target === null) return;
    this.#target = target;
    keepPreference('raceTarget', 100 * target);
    this.#redraw();
    this.onTarget();
  }

  // -- pointer and keys ------------------------------------------------------------------------------------------------

  #listen() {
    const cellOf = ({ target }) => {
      const node = target instanceof Element ? target.closest('[data-cell]') : null;
      return node instanceof HTMLElement ? Number(node.dataset.cell) : null;
    };
    this.grid.addEventListener('pointerover', (event) => event.pointerType === 'mouse' && this.point(cellOf(event)));
    this.grid.addEventListener('pointerleave', (event) => event.pointerType === 'mouse' && this.point(null));
    this.grid.addEventListener('focusin', (event) => {
      const cell = cellOf(event);
      if (cell === null) return;
      this.#cells[this.#focused]?.root.setAttribute('tabindex', '-1');
      this.#focused = cell;
      this.#cells[cell].root.setAttribute('tabindex', '0');
      if (this.#cells[cell].root.matches(':focus-visible')) this.point(cell);
    });
    this.grid.addEventListener('focusout', () => this.point(null));
    this.grid.addEventListener('click', (event) => {
      const cell = cellOf(event);
      if (cell !== null) this.choose(cell);
    });
    this.grid.addEventListener('keydown', (event) => this.#onKey(event));
  }

  #onKey(event) {
    if (event.key === 'Enter') {
      event.preventDefault();
      this.choose(this.#focused);
      return;
    }
    const move = ARROWS[event.key];
    if (!move || !this.#outcomes) return;
    event.preventDefault();
    const [i, j = 0] = this.#outcomes.placeOf(this.#focused);
    const order = this.#rowOrder;
    const row = order.indexOf(j) - move[1];
    const column = i + move[0];
    if (row < 0 || row >= order.length || column < 0 || column >= this.#axes[0].values.length) return;
    this.#cells[column * order.length + order[row]].root.focus();
  }
}
