/**
 * What is drawn on the boundary besides the answer and the samples, as chosen in the menu *Show*: creases, earlier boundaries, and in
 * place of the answer where it differs from another one.
 */
import { checkbox, element, setText } from '../../../kit/dom.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { formatShort } from '../../../kit/text.js';
import { epochOf } from '../../../messages/frame.js';
import { levelOf } from '../../../network/lines/borders.js';
import { differenceOf, farthestApart } from '../../../plot/difference.js';
import { DifferencePainter, differenceText } from '../../../plot/difference_painter.js';
import { mapX, mapY } from '../../../plot/plot_frame.js';
import { Comparison } from './comparison.js';
import { framesBefore, missingBefore } from './earlier_frames.js';
import { isCurve } from './fitted_curve.js';
import { LineLegend } from './line_legend.js';
import { EarlierBorders, nearestCrease, paintBorder, paintCreases, paintEarlierCurves, paintOtherCurve } from './line_painter.js';
import { ShowMenu } from './show_menu.js';

/** CSS pixels to a crease that one points at; a finger is broader. */
const [REACH, FINGER_REACH] = [7, 16];
const OTHER_DATA = 'That frame learned from other data, so the answers can’t be compared place by place.';

/** @typedef {import('../../../plot/plot_frame.js').PlotFrame} PlotFrame */

/** What is drawn of frames before. @param {any} info of the run */
function earlierName(info) {
  if (isCurve(info)) return 'Earlier curves';
  return info.task === 'regression' ? `Earlier lines of value ${formatShort(levelOf(info))}` : 'Earlier boundaries';
}

export class Overlays {
  #run = null;
  #theme = null;
  #shows = { creases: preference('creases', false), earlier: preference('earlierBoundaries', false) };
  #legend = new LineLegend();
  #painter = new DifferencePainter();
  #borders = new EarlierBorders();
  #unit = null;
  /** @type {import('../../../plot/difference.js').Difference|null} */
  #difference = null;
  #isDiscretised = false;
  /** Numbers of earlier frames that were asked for. @type {Set<number>} */
  #fetched = new Set();

  /**
   * @param {{player: import('../../player/player.js').Player, crisp: HTMLElement, onChange: () => void}} options
   *   `crisp`: the choice that the panel itself has in the menu; `onChange`: something else is to be drawn
   */
  constructor({ player, crisp, onChange }) {
    this.player = player;
    this.onChange = onChange;
    this.menu = new ShowMenu();
    this.comparison = new Comparison({ shown: () => this.#shown, onChange: () => this.#changed() });
    this.creases = checkbox('Creases of the units', this.#shows.creases, (checked) => this.#choose('creases', 'creases', checked));
    this.earlier = checkbox('Earlier boundaries', this.#shows.earlier, (checked) => this.#choose('earlier', 'earlierBoundaries', checked));
    this.menu.list.append(this.creases, this.earlier, crisp, this.comparison.root);
    this.words = element('p', { class: 'nn-note nn-apart-words', hidden: true });
  }

  /** What stands beside the boundary's own scale. @returns {HTMLElement[]} */
  get notes() {
    return [this.#legend.root, this.words];
  }

  setRun(run) {
    this.#run = run;
    this.#difference = null;
    this.#fetched.clear();
    this.comparison.setRun(run);
    const label = /** @type {HTMLElement} */ (this.earlier.querySelector('span'));
    setText(label, earlierName(run.info));
    this.creases.hidden = run.info.layers.length === 0;
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#painter.setTheme(theme);
  }

  setCrisp(crisp) {
    this.#isDiscretised = crisp;
  }

  /** Draw the legend anew. */
  build() {
    this.#legend.build(this.#run.info, this.#theme, { creases: this.#hasCreases, earlier: this.#shows.earlier });
    const { other, comparable } = this.comparison;
    this.words.hidden = other === null;
    if (other && !comparable) setText(this.words, OTHER_DATA);
    this.menu.setCount(Number(this.#hasCreases) + Number(this.#shows.earlier) + Number(other !== null) + Number(this.#isDiscretised && !isCurve(this.#run.info)));
  }

  /** What these need of a frame. @param {number[][]} domain in sight @param {{columns: number, rows: number}} pixels @returns {import('../../pictures/pictures.js').Wanted} */
  draws(domain, pixels) {
    const curve = isCurve(this.#run.info);
    const other = this.comparison.comparable;
    return {
      ...(this.#hasCreases ? { folds: domain } : {}),
      ...(this.#shows.earlier && !curve ? { borders: domain } : {}),
      ...(this.#shows.earlier ? { earlier: { networks: framesBefore(this.player.timeline).map(({ parameters }) => parameters), domain, isCurve: curve } } : {}),
      ...(other ? { beside: { networks: [other.parameters], domain, pixels, of: other.of, isCurve: curve } } : {}),
    };
  }

  /** Whether the ground shows a difference, not the answer. */
  get differs() {
    return this.comparison.comparable !== null && !isCurve(this.#run.info);
  }

  /** Paint the ground, where it shows a difference. @param {PlotFrame} plot @param {any} frame @returns {boolean} whether that is so */
  paintGround(plot, frame) {
    const other = frame.beside?.[0];
    this.#difference = null;
    if (!this.differs || !other?.surface) return false;
    const { info } = this.#run;
    this.#difference = differenceOf(frame, other, info.task, info.class_names.length);
    const { columns, rows, domain: [[left, right], [bottom, top]] } = frame.plot.columns <= other.plot.columns ? frame.plot : other.plot;
    const [x, y] = [mapX(plot, left), mapY(plot, top)];
    const [across, down] = [(mapX(plot, right) - x) / (columns - 1), (mapY(plot, bottom) - y) / (rows - 1)];
    const place = { left: x - across / 2, top: y - down / 2, width: across * columns, height: down * rows };
    this.#painter.paint(plot.begin(), this.#difference, info.task === 'regression', place);
    return true;
  }

  /** @param {PlotFrame} plot @param {any} frame */
  paintLines(plot, frame) {
    const { info } = this.#run;
    if (this.#shows.earlier && isCurve(info)) paintEarlierCurves(plot, frame, this.#theme);
    else if (this.#shows.earlier) {
      this.#borders.paint(plot, frame.earlier ?? [], this.#theme);
      if (frame.border_lines) paintBorder(plot, frame.border_lines, this.#theme);
    }
    if (this.#hasCreases && frame.fold_lines) paintCreases(plot, info, frame, this.#theme, this.#unit);
    if (isCurve(info) && this.comparison.comparable && frame.beside?.[0]?.curve) paintOtherCurve(plot, frame.beside[0], this.#theme);
  }

  /** Whether another unit's crease is to stand out. @param {{layer: number, unit: number}|null} unit */
  look(unit) {
    const isNews = this.#hasCreases && (unit?.layer !== this.#unit?.layer || unit?.unit !== this.#unit?.unit);
    this.#unit = unit;
    return isNews;
  }

  /** The unit whose crease one points at. @param {any} frame @param {any} mapping @param {number[]|null} place */
  creaseAt(frame, mapping, place) {
    if (!place || !mapping || !this.#hasCreases || !frame?.fold_lines) return null;
    return nearestCrease(this.#run.info, frame, mapping, place, window.matchMedia('(pointer: coarse)').matches ? FINGER_REACH : REACH);
  }

  /** The crease that one looks at, in words. */
  get creaseText() {
    const { info } = this.#run;
    const unit = this.#unit;
    if (!this.#hasCreases || !unit || unit.layer > info.layers.length || unit.layer < 1) return '';
    return `crease of layer ${unit.layer}, unit ${unit.unit + 1}`;
  }

  /** @param {any} frame */
  showValues(frame) {
    const { timeline, state } = this.player;
    this.comparison.update(state);
    const epochs = this.#shows.earlier ? framesBefore(timeline).map((earlier) => epochOf(earlier, timeline.stepsPerEpoch)) : null;
    if (this.#shows.earlier) this.#fetchEarlier();
    this.#legend.showValues(frame.fold_regions?.[0] ?? NaN, epochs);
    const { comparable } = this.comparison;
    if (!comparable) return;
    const { info } = this.#run;
    const begun = `Difference to ${comparable.words}. `;
    if (this.#difference) setText(this.words, begun + differenceText(this.#difference, info.task === 'regression'));
    else if (isCurve(info) && frame.beside?.[0]?.curve) {
      const { at, apart } = farthestApart(frame, frame.beside[0]);
      setText(this.words, `${begun}Its curve is the dotted one. Farthest apart at ${info.input_names[0]} = ${formatShort(at)}: by ${formatShort(apart)}.`);
    }
  }

  /** In place of the answer's scale: what the colours of a difference mean. @param {HTMLElement} host */
  fillScale(host) {
    const { task, surface_range: [low, high] } = this.#run.info;
    const swatch = (/** @type {'same'|'other'} */ kind, /** @type {number[]} */ ends, /** @type {string} */ text) => {
      const picture = element('span', { class: 'nn-difference-key', 'aria-hidden': 'true' });
      picture.style.background = `linear-gradient(to right, ${ends.map((apart) => this.#painter.colorOf(kind, apart)).join(', ')})`;
      return element('li', {}, picture, element('span', { text }));
    };
    if (task !== 'regression') {
      host.replaceChildren(element('ul', { class: 'nn-legend' }, swatch('other', [0.3, 1], 'another class'), swatch('same', [0, 1], 'same class, more or less sure'), swatch('same', [0, 0], 'the same')));
      return;
    }
    const bar = element('div', { class: 'nn-bar' });
    bar.style.setProperty('--nn-stops', [1, 0.75, 0.5, 0.25, 0].map((apart) => this.#painter.colorOf('values', apart)).join(', '));
    const ends = [high - low, (high - low) / 2, 0].map((value) => element('span', { text: formatShort(value) }));
    host.replaceChildren(element('div', { class: 'nn-scale', role: 'img', 'aria-label': `how far apart: 0 to ${formatShort(high - low)}` },
      element('span', { class: 'nn-scale-label', text: 'how far apart' }), bar, element('div', { class: 'nn-scale-ends' }, ...ends)));
  }

  destroy() {
    this.menu.destroy();
  }

  get #hasCreases() {
    return this.#shows.creases && this.#run !== null && this.#run.info.layers.length > 0;
  }

  /** After a reload, the frames before are the server's alone: at rest they are asked for, one after another. */
  #fetchEarlier() {
    const missing = missingBefore(this.player.timeline, this.#fetched);
    if (missing !== null && this.player.fetch(missing, performance.now())) this.#fetched.add(missing);
  }

  get #shown() {
    const { timeline } = this.player;
    return timeline.shownFrame ? { frame: timeline.shownFrame, steps: timeline.stepsPerEpoch } : null;
  }

  /** @param {'creases'|'earlier'} what @param {string} name of the preference @param {boolean} checked */
  #choose(what, name, checked) {
    this.#shows[what] = checked;
    keepPreference(name, checked);
    this.#changed();
  }

  #changed() {
    if (!this.#run || !this.#theme) return;
    this.onChange();
  }
}
