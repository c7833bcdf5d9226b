/**
 * The wall: a small picture of every seed's network, by number or the best first. One tab stop; arrows move along the wall,
 * Enter opens a seed.
 */
import { checkbox, segments, setAttribute } from '../../../kit/dom.js';
import { classTables, probabilityTable, valueTable } from '../../../kit/palette.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { formatLoss, formatScore } from '../../../kit/text.js';
import { isProjected } from '../../../kit/theme.js';
import { SurfacePainter } from '../../../plot/surface_painter.js';
import { Panel } from '../panel.js';
import { SeedCell } from './seed_cell.js';
import { isTraining, measureOf } from './seed_frame.js';
import { SeedSamples } from './seed_samples.js';
import { cellsIn, orderOf } from './statistics.js';

const ABOUT = {
  plane: 'Each picture is one seed: the same data and settings, with different first weights and a different order of samples. The colours are those of the decision boundary. A frame marks seeds that reach the target. Press one to open it as a run of its own.',
  fresh: 'Each picture is one seed: the same settings, with different data, first weights and order of samples. The colours are those of the decision boundary. A frame marks seeds that reach the target. Press one to open it as a run of its own.',
};
/** @type {{value: 'seed'|'result', text: string}[]} */
const ORDERS = [{ value: 'seed', text: 'by seed' }, { value: 'result', text: 'best first' }];
/** Room around the wall for what marks a cell at its edge. */
const EDGE = 4;
const SIZES = { label: 18, gap: 8, least: 48, most: 320 };
/** Their words' height on a projector. */
const PROJECTED_LABEL = 30;
/** Pixels that all pictures have together, at most. */
const MOST_PIXELS = 480000;
/** While frames play, the best come first anew only this often: cells that move can't be looked at. */
const SORT_MS = 700;
const STEPS = { ArrowRight: 1, ArrowLeft: -1 };

export class WallPanel extends Panel {
  #run = null;
  #theme = null;
  #frame = null;
  #tables = [];
  #painter = new SurfacePainter();
  #samples = new SeedSamples();
  /** @type {SeedCell[]} */
  #cells = [];
  /** Which seed is at each place. @type {number[]} */
  #order = [];
  /** @type {'seed'|'result'} */
  #by = preference('luckOrder', 'seed') === 'result' ? 'result' : 'seed';
  #sortedAt = -Infinity;
  #size = { width: 0, height: 0 };
  #grid = { side: 0, columns: 1 };
  #current = 0;
  #spotlight;
  /** Open a seed as a run of its own. @type {(place: number) => void} */
  #open;
  #redraw;

  /** @param {import('../panel.js').Services & {spotlight: import('./spotlight.js').Spotlight}} options */
  constructor({ spotlight, player, propose, redraw }) {
    super({ id: 'wall', title: 'Seeds', about: ABOUT.plane });
    this.#spotlight = spotlight;
    this.#open = (place) => propose({ open: this.#cells[place].seed, frame: player.timeline.shown });
    this.#redraw = redraw;
    const wall = this.box.plot;
    wall.classList.add('nn-wall');
    wall.setAttribute('role', 'group');
    wall.setAttribute('aria-label', 'Seeds');
    this.points = checkbox('Points', preference('luckPoints', false), (checked) => {
      keepPreference('luckPoints', checked);
      this.#paint();
    });
    this.points.title = 'Training samples, of many a part';
    this.box.controls.append(this.points, segments('Order', ORDERS, this.#by, (by) => this.#sortBy(by === 'result' ? 'result' : 'seed')));
    this.observer = new ResizeObserver(([entry]) => this.#resized(entry.contentRect));
    this.observer.observe(this.box.body);
    const seedOf = (/** @type {Event} */ event) => this.#cells.findIndex(({ root }) => root.contains(/** @type {Node} */ (event.target)));
    wall.addEventListener('click', (event) => seedOf(event) >= 0 && this.#open(seedOf(event)));
    wall.addEventListener('pointerover', (event) => spotlight.point(seedOf(event) >= 0 ? seedOf(event) : null));
    wall.addEventListener('pointerleave', () => spotlight.point(null));
    wall.addEventListener('focusin', (event) => this.#focused(seedOf(event)));
    wall.addEventListener('focusout', () => spotlight.point(null));
    wall.addEventListener('keydown', (event) => this.#onKey(event));
    spotlight.listen(() => this.#follow());
  }

  get drawn() {
    return this.#frame !== null && this.#grid.side > 0;
  }

  get draws() {
    return { many: { count: this.#cells.length, side: this.#pixels } };
  }

  setRun(run) {
    const { seeds, fresh_data: fresh } = run.info.fan;
    this.#run = run;
    this.#frame = null;
    this.#sortedAt = -Infinity;
    this.#samples.setRun(run);
    this.points.hidden = fresh;
    this.box.setAbout(fresh ? ABOUT.fresh : ABOUT.plane);
    this.box.setTitle(`${seeds.length} seeds`);
    if (String(seeds) !== String(this.#cells.map(({ seed }) => seed))) {
      this.#cells = seeds.map((/** @type {number} */ seed) => new SeedCell(seed));
      this.#order = orderOf({ scores: seeds, losses: seeds }, 'seed');
      this.#current = 0;
      this.#spotlight.point(null);
      this.box.plot.replaceChildren(...this.#cells.map(({ root }) => root));
      this.#cells[0].root.tabIndex = 0;
    }
    this.#makeTables();
    this.#layOut();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#samples.setTheme(theme);
    this.#makeTables();
    this.#layOut();
  }

  draw({ frame, isNew, playing }) {
    if (!isNew) return;
    this.#frame = frame;
    const now = performance.now();
    if (!playing || now - this.#sortedAt > SORT_MS) {
      this.#sortedAt = now;
      this.#sort();
    }
    this.#paint();
  }

  showValues(frame) {
    const { info } = this.#run;
    const isAccuracy = info.task !== 'regression';
    const { scores, losses } = this.#results(frame);
    this.#cells.forEach((cell, k) => {
      const diverged = !isTraining(frame, k) && Number.isNaN(scores[k]);
      const score = formatScore(scores[k], isAccuracy);
      const result = diverged ? 'diverged' : `${info.score_name} ${score}, loss ${formatLoss(losses[k])}`;
      cell.say({ score, reaches: scores[k] >= this.#spotlight.target, diverged, name: `Seed ${cell.seed}: ${result}. Open as a run` });
    });
  }

  destroy() {
    super.destroy();
    this.observer.disconnect();
  }

  /** Pixels along a side of a picture. */
  get #pixels() {
    const most = Math.floor(Math.sqrt(MOST_PIXELS / Math.max(1, this.#cells.length)));
    return Math.max(8, Math.min(most, Math.round(this.#grid.side * pixelRatio())));
  }

  #results(frame) {
    const set = this.#run.info.has_test ? 'test' : 'train';
    return { scores: measureOf(frame, `${set}Score`), losses: measureOf(frame, `${set}Loss`) };
  }

  #sortBy(by) {
    this.#by = by;
    keepPreference('luckOrder', by);
    this.#sort();
  }

  #sort() {
    if (!this.#frame) return;
    const order = orderOf(this.#results(this.#frame), this.#by);
    if (String(order) === String(this.#order)) return;
    this.#order = order;
    this.#place();
  }

  #resized({ width, height }) {
    this.#size = { width: width - 2 * EDGE, height: height - 2 * EDGE };
    this.#layOut();
  }

  get #sizes() {
    return isProjected() ? { ...SIZES, label: PROJECTED_LABEL } : SIZES;
  }

  #layOut() {
    const { width, height } = this.#size;
    if (width < 40 || this.#cells.length === 0) return;
    // Where the panels stand below each other, the wall is as high as it likes.
    const isFree = getComputedStyle(this.root).getPropertyValue('--nn-wall-free').trim() === '1';
    this.#grid = cellsIn(this.#cells.length, width, isFree ? Infinity : height, isFree ? { ...this.#sizes, most: 100 } : this.#sizes);
    this.#place();
    this.#paint();
    this.#redraw();
  }

  #place() {
    const { side, columns } = this.#grid;
    const pixels = this.#pixels;
    const across = side + SIZES.gap;
    const down = side + this.#sizes.label + SIZES.gap;
    this.#order.forEach((seed, place) => this.#cells[seed].place((place % columns) * across, Math.floor(place / columns) * down, side, pixels));
    const rows = Math.ceil(this.#cells.length / columns);
    this.box.plot.style.setProperty('--nn-wall-height', `${rows * down - SIZES.gap}px`);
  }

  #makeTables() {
    if (!this.#run || !this.#theme) return;
    const { task, class_names: classes, surface_range: range } = this.#run.info;
    const { dark } = this.#theme;
    if (task === 'multiclass') this.#tables = classTables(classes.length, dark);
    else this.#tables = [task === 'binary' ? probabilityTable(dark) : valueTable(range, dark)];
  }

  #paint() {
    if (!this.#frame || !this.#theme || this.#grid.side === 0) return;
    const { many, many_curves: curves, many_grid: grid } = this.#frame;
    if (!grid) return;
    setAttribute(this.root, 'data-columns', String(grid.columns));
    if (curves) this.#paintCurves(curves, grid.columns);
    else this.#paintPlanes(many, grid);
    if (this.points.hidden || !this.points.querySelector('input').checked) return;
    const side = this.#pixels;
    const samples = this.#samples.at(side, side / this.#grid.side);
    for (const { context } of this.#cells) context.drawImage(samples, 0, 0);
  }

  #paintPlanes(many, grid) {
    const { domain } = this.#run.info;
    const side = this.#pixels;
    const place = (/** @type {number} */ axis, /** @type {number} */ value) => ((value - domain[axis][0]) / (domain[axis][1] - domain[axis][0])) * side;
    const [[left, right], [low, high]] = grid.domain;
    const ends = { left: place(0, left), right: place(0, right), top: side - place(1, high), bottom: side - place(1, low) };
    const size = many.length / this.#cells.length;
    const planes = this.#tables.length;
    this.#cells.forEach(({ context }, k) => {
      this.#painter.paint(context, ends, { bytes: many.subarray(k * size, (k + 1) * size), planes, columns: grid.columns, rows: grid.rows }, this.#tables);
    });
  }

  #paintCurves(curves, points) {
    const size = curves.length / this.#cells.length;
    this.#cells.forEach(({ context }, k) => this.#paintCurve(context, curves.subarray(k * size, (k + 1) * size), points));
  }

  /** Of a single coordinate, the outputs over it. @param {CanvasRenderingContext2D} context @param {Float32Array} values @param {number} points */
  #paintCurve(context, values, points) {
    const { width, height } = context.canvas;
    const [low, high] = this.#run.info.domain[1];
    context.clearRect(0, 0, width, height);
    context.lineWidth = Math.max(1, width / 50);
    context.strokeStyle = this.#theme.primary;
    for (let start = 0; start < values.length; start += points) {
      context.beginPath();
      for (let k = 0; k < points; k++) context.lineTo((k / (points - 1)) * width, height - ((values[start + k] - low) / (high - low)) * height);
      context.stroke();
    }
  }

  #follow() {
    if (!this.#frame) return;
    const { seed } = this.#spotlight;
    this.#cells.forEach(({ root }, k) => root.classList.toggle('nn-pointed', k === seed));
    this.showValues(this.#frame);
  }

  #focused(seed) {
    if (seed < 0) return;
    this.#cells[this.#current].root.tabIndex = -1;
    this.#current = seed;
    this.#cells[seed].root.tabIndex = 0;
    this.#spotlight.point(seed);
  }

  #onKey(event) {
    const { key } = event;
    const place = this.#order.indexOf(this.#current);
    const { columns } = this.#grid;
    const last = this.#order.length - 1;
    const down = { ArrowDown: columns, ArrowUp: -columns }[key];
    const next = { Home: 0, End: last }[key] ?? place + (STEPS[key] ?? down ?? NaN);
    if (Number.isNaN(next) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    if (next >= 0 && next <= last) this.#cells[this.#order[next]].root.focus();
  }
}
