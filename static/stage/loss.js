/**
 * The loss panel: how wrong the network is, linear or on a logarithmic axis, with the other branches' curves and the levels
 * that simple models reach.
 */
import { branchText } from './branch_bar.js';
import { BranchLegend, otherBranches } from './branch_curves.js';
import { CLEAR, CurvePanel } from './curve_panel.js';
import { checkbox } from './dom.js';
import { testLoss, trainLoss } from './frame.js';
import { baselineLosses, lossExtent } from './loss_painter.js';
import { branchColor, curveColors } from './palette.js';
import { keepPreference, preference } from './preferences.js';
import { niceTop } from './ranges.js';
import { formatLoss, plotlyText } from './text.js';

const ABOUT = 'Lower is better. Where the test curve turns up while the training curve still falls, the network learns the samples by heart.';

export class LossPanel extends CurvePanel {
  hover = 'loss %{y:.4g}';
  #log = preference('logLoss', false);
  /** @type {import('./branch_curves.js').OtherBranch[]} */
  #others = [];
  /** Losses of simple models, on test samples where there are any. @type {{name: string, value: number}[]} */
  #baselines = [];
  /** What was last said of branches and changed settings. */
  #said = '';

  constructor() {
    super({ id: 'loss', title: 'Loss', about: ABOUT, left: 64, columns: ['train', 'test'] });
    this.logBox = checkbox('Log', this.#log, (checked) => this.#setLog(checked));
    this.logBox.title = 'Logarithmic loss axis';
    this.panel.controls.append(this.logBox);
    this.legend = new BranchLegend();
    this.panel.head.append(this.legend.root);
  }

  setRun(run) {
    super.setRun(run);
    this.#others = otherBranches(run.statics);
    this.#baselines = baselineLosses(run.info);
  }

  get axisName() {
    return plotlyText(this.run.info.loss_name);
  }

  get leastEpochs() {
    return Math.max(1, ...this.#others.map(({ end }) => end));
  }

  valuesOf(frame) {
    return [trainLoss(frame), testLoss(frame)];
  }

  formatValue(loss) {
    return formatLoss(loss);
  }

  chartChanged() {
    const said = JSON.stringify([this.state.marks, this.state.branches]);
    const changed = said !== this.#said;
    this.#said = said;
    if (changed) this.#updateLegend();
    return changed;
  }

  heights() {
    const levels = { y: this.#baselines.map(({ value }) => value) };
    const { lowest, highest } = lossExtent([...this.curves, levels, ...this.#others.flatMap(({ curves }) => curves)]);
    if (!this.#log) return [0, niceTop(1.02 * highest)];
    if (!(highest > 0) || !Number.isFinite(lowest)) return [-2, 0];
    return [Math.floor(2 * Math.log10(lowest) - 0.1) / 2, Math.ceil(2 * Math.log10(highest) + 0.1) / 2];
  }

  morePainted() {
    const { dark } = this.theme;
    return {
      log: this.#log,
      baselines: this.#baselines,
      others: this.#others.map((other) => ({ ...other, color: branchColor(other.name, dark) })),
    };
  }

  refineLayout({ yaxis }, { y }) {
    yaxis.type = this.#log ? 'log' : 'linear';
    yaxis.exponentformat = 'power';
    // Over few decades 2 and 5 are labelled as well, and in full: Plotly would write the bare digit.
    if (this.#log) Object.assign(yaxis, y[1] - y[0] > 2 ? { dtick: 1 } : { dtick: 'D2', tickformat: '~g' });
  }

  build() {
    this.#updateLegend();
    super.build();
  }

  #updateLegend() {
    this.legend.update(this.state, curveColors(this.theme.dark)[0], this.theme.dark);
  }

  /** What only the pointer finds: the other branches' curves, and what was changed where. */
  moreTraces() {
    const { branches, marks } = this.state;
    const others = this.#others.flatMap(({ name, curves }) => {
      const text = plotlyText(branchText(branches.find((each) => each.name === name) ?? { name }));
      return curves.map((curve, k) => ({
        type: 'scatter', mode: 'lines', ...curve, line: { color: CLEAR, width: 1.3 },
        hovertemplate: `${text}<br>epoch %{x:,.2~f}<br>${k === 0 ? 'train' : 'test'} loss %{y:.4g}<extra></extra>`,
      }));
    });
    const { history } = this.timeline;
    const losses = marks.map(({ frame }) => history.train[Math.max(0, history.indexAt(frame))]);
    const changes = {
      type: 'scatter', mode: 'markers', x: marks.map(({ epoch }) => epoch), y: losses, text: marks.map(({ text }) => plotlyText(text)),
      marker: { color: CLEAR, size: 14 }, hovertemplate: 'from epoch %{x:,.2~f} on<br>%{text}<extra></extra>',
    };
    return marks.length ? [...others, changes] : others;
  }

  #setLog(log) {
    this.#log = log;
    keepPreference('logLoss', log);
    if (this.timeline) this.build();
  }
}
