/**
 * What the panels of curves over the epochs share: a curve for training, one for the test, those of the other branches, the
 * frame's values in the heading. The curves are painted on a canvas with every frame; Plotly draws the axes, which change
 * in steps, and, once frames stand still, gets the curves too, unseen, so that it can say what the pointer is at.
 */
import { element, lineKey, setText } from '../../../kit/dom.js';
import { branchColor, curveColors } from '../../../kit/palette.js';
import { plotlyText } from '../../../kit/text.js';
import { epochOf } from '../../../messages/frame.js';
import { PlotFrame, chartLayout } from '../../../plot/plot_frame.js';
import { niceTop } from '../../../plot/ranges.js';
import { branchText } from '../../controls/branch_bar.js';
import { Panel } from '../panel.js';
import { otherBranches } from './branch_curves.js';
import { curvesOf, paintCurves } from './curve_painter.js';

export const CLEAR = 'rgba(0, 0, 0, 0)';

/** A subclass says what the curves are: `valuesOf`, `formatValue`, `heights`, `axisName`, `hover`, and what else it paints. */
export class CurvePanel extends Panel {
  run = null;
  theme = null;
  /** @type {import('../../run/timeline.js').Timeline|null} */
  timeline = null;
  /** What is said of branches and changed settings. @type {import('../../run/run_state.js').RunState} */
  state = null;
  /** @type {import('./curve_painter.js').Curve[]} */
  curves = [];
  /** @type {import('./branch_curves.js').OtherBranch[]} */
  #others = [];
  /** What was last said of branches and changed settings. */
  #said = '';
  #measure;
  #columns;
  #curvesOf = '';
  /** Which curves Plotly's unseen copy has; empty for none. */
  #hoverable = '';
  /** Whether Plotly's chart is of the past, apart from the curves. */
  #outdated = true;

  /**
   * @param {{id: string, title: string, about: string, left: number, measure: 'loss'|'score', columns: string[]}} options
   *   `columns` of the history
   */
  constructor({ id, title, about, left, measure, columns }) {
    super({ id, title, about });
    this.#measure = measure;
    this.#columns = columns;
    this.values = ['train', 'test'].map(() => element('span', { class: 'nn-value' }));
    this.keys = ['train', 'test'].map((name, k) =>
      element('span', { class: 'nn-key' }, lineKey(k === 1), element('span', { text: name }), this.values[k]),
    );
    this.box.controls.append(...this.keys);
    const margin = { left, right: 14, top: 6, bottom: 40 };
    this.plot = new PlotFrame(this.box.plot, { margin, paint: () => this.#paint(), fileName: id });
  }

  get drawn() {
    return this.plot.ready && this.timeline !== null;
  }

  attach(Plotly) {
    this.plot.attach(Plotly);
  }

  setRun(run) {
    this.run = run;
    this.timeline = null;
    this.#curvesOf = '';
    this.#others = otherBranches(run.statics, this.#measure);
    this.keys[1].hidden = !run.info.has_test;
  }

  setTheme(theme) {
    this.theme = theme;
    curveColors(theme.dark).forEach((color, k) => this.keys[k].style.setProperty('--nn-key', color));
    if (!this.timeline) return;
    this.branchesChanged();
    this.build();
  }

  draw({ timeline, playing, state }) {
    const first = this.timeline === null;
    this.timeline = timeline;
    this.state = state;
    this.#followTimeline();
    this.#followBranches();
    // A new chart takes as long as several frames, and a changed setting wants to be seen: what the pointer finds can wait.
    if (first || (this.#outdated && !playing)) {
      this.build();
      return;
    }
    const { x, y } = this.#ranges();
    // Going back and forth in time leaves the curves as they are: then Plotly, which is slow, has nothing to do.
    const hoverable = playing ? '' : this.#curvesOf;
    if (hoverable === this.#hoverable) this.plot.setHome(x, y);
    else this.plot.update(playing ? { x: [[], []], y: [[], []] } : this.#hoverData(), [0, 1], x, y);
    this.#hoverable = hoverable;
    this.#paint();
  }

  #followTimeline() {
    const { history, furthest } = this.timeline;
    const key = `${history.version} ${furthest}`;
    if (key === this.#curvesOf) return;
    this.#curvesOf = key;
    this.curves = curvesOf(this.timeline, this.#columns);
    this.curvesChanged();
  }

  #followBranches() {
    const said = JSON.stringify([this.state.marks, this.state.branches, this.state.branch]);
    if (said === this.#said) return;
    this.#said = said;
    this.#outdated = true;
    this.branchesChanged();
  }

  /** The curves of this branch and of all others. */
  get allCurves() {
    return [...this.curves, ...this.#others.flatMap(({ curves }) => curves)];
  }

  /** A frame's values, one for each curve. @param {import('../../../messages/decode.js').Arrays} frame @returns {number[]} */
  valuesOf(frame) {
    throw new Error(`the panel ${this.id} has no values`);
  }

  /** @param {number} value @returns {string} */
  formatValue(value) {
    return String(value);
  }

  get axisName() {
    return '';
  }

  /** How Plotly writes a value. */
  get hover() {
    return '';
  }

  /** The range of the upright axis. @returns {number[]} */
  heights() {
    return [0, 1];
  }

  /** Epochs that the axis has at least. */
  get leastWidth() {
    return 1;
  }

  /** Write the frame's values into the heading. */
  showValues(frame) {
    this.valuesOf(frame).forEach((value, k) => setText(this.values[k], this.formatValue(value)));
  }

  destroy() {
    super.destroy();
    this.plot.destroy();
  }

  // -- what a subclass may add ---------------------------------------------------------------------------------------

  branchesChanged() {}

  curvesChanged() {}

  /** Traces besides the curves. */
  moreTraces() {
    return [];
  }

  /** @param {Object} layout of Plotly, to be changed */
  refineLayout(layout, ranges) {}

  /** What else `paintCurves` is told. */
  morePainted() {
    return {};
  }

  paintMore() {}

  // -- drawing -------------------------------------------------------------------------------------------------------

  /** Epoch of the frame on screen, a fraction inside an epoch. */
  get epoch() {
    const { shownFrame: frame, history, shown } = this.timeline;
    return frame ? epochOf(frame, this.run.info.steps_per_epoch) : history.epochAt(shown);
  }

  #hoverData() {
    return { x: this.curves.map(({ x }) => x), y: this.curves.map(({ y }) => y) };
  }

  #ranges() {
    const { history } = this.timeline;
    const lastEpoch = history.length ? history.epoch[history.length - 1] : 0;
    return { x: [0, niceTop(Math.max(this.leastWidth, lastEpoch, ...this.#others.map(({ end }) => end)))], y: this.heights() };
  }

  #paint() {
    if (!this.plot.ready || !this.timeline) return;
    const { shownFrame: frame, furthest } = this.timeline;
    paintCurves(this.plot, {
      curves: this.curves,
      colors: curveColors(this.theme.dark),
      log: false,
      values: frame ? this.valuesOf(frame) : [],
      epoch: this.epoch,
      background: this.theme.background,
      muted: this.theme.muted,
      font: this.theme.font,
      type: this.theme.scale,
      name: this.state.branch,
      marks: this.state.marks.filter((mark) => mark.frame <= furthest).map((mark) => mark.epoch),
      others: this.#others.map((other) => ({ ...other, color: branchColor(other.name, this.theme.dark) })),
      ...this.morePainted(),
    });
    this.paintMore();
  }

  /** Draw the chart again: what only Plotly draws has changed. */
  build() {
    const colors = curveColors(this.theme.dark);
    const ranges = this.#ranges();
    const traces = ['train', 'test'].map((name, k) => ({
      type: 'scatter',
      mode: 'lines',
      name,
      ...this.curves[k],
      line: { color: CLEAR, width: 1.8 },
      hoverlabel: { bordercolor: colors[k] },
      hovertemplate: `epoch %{x:,.2~f}<br>${name} ${this.hover}<extra></extra>`,
    }));
    const layout = chartLayout(this.theme, { x: 'epoch', y: this.axisName, grid: true });
    layout.yaxis.nticks = 5;
    layout.xaxis.rangemode = 'tozero';
    this.refineLayout(layout, ranges);
    this.plot.render([...traces, ...this.#otherTraces(), ...this.moreTraces()], layout, ranges);
    this.#hoverable = this.#curvesOf;
    this.#outdated = false;
    this.#paint();
  }

  /** The other branches' curves, which only the pointer finds. */
  #otherTraces() {
    return this.#others.flatMap(({ name, curves }) => {
      const text = plotlyText(branchText(this.state.branches.find((each) => each.name === name) ?? { name }));
      return curves.map((curve, k) => ({
        type: 'scatter', mode: 'lines', ...curve, line: { color: CLEAR, width: 1.3 },
        hovertemplate: `${text}<br>epoch %{x:,.2~f}<br>${k === 0 ? 'train' : 'test'} ${this.hover}<extra></extra>`,
      }));
    });
  }
}
