/**
 * The loss panel. The curves are painted on a canvas with every frame; Plotly draws the axes, which change in steps, and,
 * once frames stand still, gets the curves too, unseen, so that it can say what the pointer is at.
 */
import { branchText } from './branch_bar.js';
import { BranchLegend, otherBranches } from './branch_curves.js';
import { checkbox, element, lineKey, setText } from './dom.js';
import { epochOf, testLoss, trainLoss } from './frame.js';
import { baselineLosses, curvesOf, lossExtent, paintLosses } from './loss_painter.js';
import { branchColor, curveColors } from './palette.js';
import { Panel } from './panel.js';
import { PlotFrame, chartLayout } from './plot_frame.js';
import { keepPreference, preference } from './preferences.js';
import { niceTop } from './ranges.js';
import { formatLoss, plotlyText } from './text.js';

const MARGIN = { left: 64, right: 14, top: 6, bottom: 40 };
const ABOUT = 'Lower is better. Where the test curve turns up while the training curve still falls, the network learns the samples by heart.';

export class LossPanel {
  #run = null;
  #theme = null;
  #timeline = null;
  #log = preference('logLoss', false);
  #curves = [];
  #curvesOf = '';
  /** @type {import('./branch_curves.js').OtherBranch[]} */
  #others = [];
  /** Losses of simple models, on test samples where there are any. @type {{name: string, value: number}[]} */
  #baselines = [];
  /** What is said of branches and changed settings. @type {import('./run_state.js').RunState} */
  #state = null;
  #said = '';
  /** Which curves Plotly's unseen copy has; empty for none. */
  #hoverable = '';

  constructor() {
    this.panel = new Panel({ id: 'loss', title: 'Loss', about: ABOUT });
    this.values = [element('span', { class: 'nn-value' }), element('span', { class: 'nn-value' })];
    this.keys = ['train', 'test'].map((name, k) =>
      element('span', { class: 'nn-key' }, lineKey(k === 1), element('span', { text: name }), this.values[k]),
    );
    this.logBox = checkbox('Log', this.#log, (checked) => this.#setLog(checked));
    this.logBox.title = 'Logarithmic loss axis';
    this.panel.controls.append(...this.keys, this.logBox);
    this.legend = new BranchLegend();
    this.panel.head.append(this.legend.root);
    this.plot = new PlotFrame(this.panel.plot, { margin: MARGIN, paint: () => this.#paint(), fileName: 'loss' });
  }

  get root() {
    return this.panel.root;
  }

  get drawn() {
    return this.plot.ready && this.#timeline !== null;
  }

  attach(Plotly) {
    this.plot.attach(Plotly);
  }

  setRun(run) {
    this.#run = run;
    this.#timeline = null;
    this.#curvesOf = '';
    this.#others = otherBranches(run.statics);
    this.#baselines = baselineLosses(run.info);
    this.keys[1].hidden = !run.info.has_test;
  }

  setTheme(theme) {
    this.#theme = theme;
    curveColors(theme.dark).forEach((color, k) => this.keys[k].style.setProperty('--nn-key', color));
    if (this.#timeline) this.#build();
  }

  /** @param {import('./timeline.js').Timeline} timeline @param {import('./run_state.js').RunState} state */
  draw(timeline, playing, state) {
    const first = this.#timeline === null;
    this.#timeline = timeline;
    this.#state = state;
    this.#followTimeline();
    const said = JSON.stringify([state.marks, state.branches]);
    if (first || said !== this.#said) {
      this.#said = said;
      this.#build();
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
    const { history, furthest } = this.#timeline;
    const key = `${history.version} ${furthest}`;
    if (key === this.#curvesOf) return;
    this.#curvesOf = key;
    this.#curves = curvesOf(this.#timeline);
  }

  /** Write the frame's losses into the heading. */
  showValues(frame) {
    setText(this.values[0], formatLoss(trainLoss(frame)));
    setText(this.values[1], formatLoss(testLoss(frame)));
  }

  destroy() {
    this.plot.destroy();
  }

  #setLog(log) {
    this.#log = log;
    keepPreference('logLoss', log);
    if (this.#timeline) this.#build();
  }

  #hoverData() {
    return { x: this.#curves.map(({ x }) => x), y: this.#curves.map(({ y }) => y) };
  }

  #ranges() {
    const { history } = this.#timeline;
    const levels = { y: this.#baselines.map(({ value }) => value) };
    const { lowest, highest } = lossExtent([...this.#curves, levels, ...this.#others.flatMap(({ curves }) => curves)]);
    const lastEpoch = Math.max(history.length ? history.epoch[history.length - 1] : 0, ...this.#others.map(({ end }) => end));
    const x = [0, niceTop(Math.max(1, lastEpoch))];
    if (!this.#log) return { x, y: [0, niceTop(1.02 * highest)] };
    if (!(highest > 0) || !Number.isFinite(lowest)) return { x, y: [-2, 0] };
    return { x, y: [Math.floor(2 * Math.log10(lowest) - 0.1) / 2, Math.ceil(2 * Math.log10(highest) + 0.1) / 2] };
  }

  #paint() {
    if (!this.plot.ready || !this.#timeline) return;
    const { shownFrame: frame, history, shown, furthest } = this.#timeline;
    paintLosses(this.plot, {
      curves: this.#curves,
      colors: curveColors(this.#theme.dark),
      log: this.#log,
      values: frame ? [trainLoss(frame), testLoss(frame)] : [],
      epoch: frame ? epochOf(frame, this.#run.info.steps_per_epoch) : history.epochAt(shown),
      background: this.#theme.background,
      muted: this.#theme.muted,
      font: this.#theme.font,
      name: this.#state.branch,
      baselines: this.#baselines,
      marks: this.#state.marks.filter((mark) => mark.frame <= furthest).map((mark) => mark.epoch),
      others: this.#others.map((other) => ({ ...other, color: branchColor(other.name, this.#theme.dark) })),
    });
  }

  #build() {
    const colors = curveColors(this.#theme.dark);
    const ranges = this.#ranges();
    const traces = ['train', 'test'].map((name, k) => ({
      type: 'scatter',
      mode: 'lines',
      name,
      ...this.#curves[k],
      line: { color: 'rgba(0, 0, 0, 0)', width: 1.8 },
      hoverlabel: { bordercolor: colors[k] },
      hovertemplate: `epoch %{x:,.2~f}<br>${name} loss %{y:.4g}<extra></extra>`,
    }));
    traces.push(...this.#quietTraces());
    const layout = chartLayout(this.#theme, { x: 'epoch', y: plotlyText(this.#run.info.loss_name), grid: true });
    layout.yaxis.nticks = 5;
    layout.yaxis.type = this.#log ? 'log' : 'linear';
    layout.yaxis.exponentformat = 'power';
    // Over few decades 2 and 5 are labelled as well, and in full: Plotly would write the bare digit.
    if (this.#log) Object.assign(layout.yaxis, ranges.y[1] - ranges.y[0] > 2 ? { dtick: 1 } : { dtick: 'D2', tickformat: '~g' });
    layout.xaxis.rangemode = 'tozero';
    this.plot.render(traces, layout, ranges);
    this.#hoverable = this.#curvesOf;
    this.legend.update(this.#state, colors[0], this.#theme.dark);
    this.#paint();
  }

  /** What only the pointer finds: the other branches' curves, and what was changed where. */
  #quietTraces() {
    const { branches, marks } = this.#state;
    const clear = 'rgba(0, 0, 0, 0)';
    const others = this.#others.flatMap(({ name, curves }) => {
      const text = plotlyText(branchText(branches.find((each) => each.name === name) ?? { name }));
      return curves.map((curve, k) => ({
        type: 'scatter', mode: 'lines', ...curve, line: { color: clear, width: 1.3 },
        hovertemplate: `${text}<br>epoch %{x:,.2~f}<br>${k === 0 ? 'train' : 'test'} loss %{y:.4g}<extra></extra>`,
      }));
    });
    const { history } = this.#timeline;
    const losses = marks.map(({ frame }) => history.train[Math.max(0, history.indexAt(frame))]);
    const changes = {
      type: 'scatter', mode: 'markers', x: marks.map(({ epoch }) => epoch), y: losses, text: marks.map(({ text }) => plotlyText(text)),
      marker: { color: clear, size: 14 }, hovertemplate: 'from epoch %{x:,.2~f} on<br>%{text}<extra></extra>',
    };
    return marks.length ? [...others, changes] : others;
  }
}
