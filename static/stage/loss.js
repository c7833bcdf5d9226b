/**
 * The loss panel: how wrong the network is, linear or on a logarithmic axis, with the other branches' curves and the levels
 * that simple models reach.
 */
import { BranchLegend } from './branch_curves.js';
import { CLEAR, CurvePanel } from './curve_panel.js';
import { checkbox } from './dom.js';
import { testLoss, trainLoss } from './frame.js';
import { baselineLosses, lossExtent } from './loss_painter.js';
import { curveColors } from './palette.js';
import { keepPreference, preference } from './preferences.js';
import { niceTop } from './ranges.js';
import { formatLoss, plotlyText } from './text.js';

const ABOUT = 'Lower is better. Where the test curve turns up while the training curve still falls, the network learns the samples by heart.';

export class LossPanel extends CurvePanel {
  hover = 'loss %{y:.4g}';
  #log = preference('logLoss', false);
  /** Losses of simple models, on test samples where there are any. @type {{name: string, value: number}[]} */
  #baselines = [];

  constructor() {
    super({ id: 'loss', title: 'Loss', about: ABOUT, left: 64, measure: 'loss', columns: ['train', 'test'] });
    this.logBox = checkbox('Log', this.#log, (checked) => this.#setLog(checked));
    this.logBox.title = 'Logarithmic loss axis';
    this.panel.controls.append(this.logBox);
    this.legend = new BranchLegend();
    this.panel.head.append(this.legend.root);
  }

  setRun(run) {
    super.setRun(run);
    this.#baselines = baselineLosses(run.info);
  }

  get axisName() {
    return plotlyText(this.run.info.loss_name);
  }

  valuesOf(frame) {
    return [trainLoss(frame), testLoss(frame)];
  }

  formatValue(loss) {
    return formatLoss(loss);
  }

  branchesChanged() {
    this.legend.update(this.state, curveColors(this.theme.dark)[0], this.theme.dark);
  }

  heights() {
    const levels = { y: this.#baselines.map(({ value }) => value) };
    const { lowest, highest } = lossExtent([...this.allCurves, levels]);
    if (!this.#log) return [0, niceTop(1.02 * highest)];
    if (!(highest > 0) || !Number.isFinite(lowest)) return [-2, 0];
    return [Math.floor(2 * Math.log10(lowest) - 0.1) / 2, Math.ceil(2 * Math.log10(highest) + 0.1) / 2];
  }

  morePainted() {
    return { log: this.#log, baselines: this.#baselines };
  }

  refineLayout({ yaxis }, { y }) {
    yaxis.type = this.#log ? 'log' : 'linear';
    yaxis.exponentformat = 'power';
    // Over few decades 2 and 5 are labelled as well, and in full: Plotly would write the bare digit.
    if (this.#log) Object.assign(yaxis, y[1] - y[0] > 2 ? { dtick: 1 } : { dtick: 'D2', tickformat: '~g' });
  }

  /** What the pointer finds besides: what was changed where. */
  moreTraces() {
    const { marks } = this.state;
    const { history } = this.timeline;
    if (marks.length === 0) return [];
    const losses = marks.map(({ frame }) => history.train[Math.max(0, history.indexAt(frame))]);
    return [{
      type: 'scatter', mode: 'markers', x: marks.map(({ epoch }) => epoch), y: losses, text: marks.map(({ text }) => plotlyText(text)),
      marker: { color: CLEAR, size: 14 }, hovertemplate: 'from epoch %{x:,.2~f} on<br>%{text}<extra></extra>',
    }];
  }

  #setLog(log) {
    this.#log = log;
    keepPreference('logLoss', log);
    if (this.timeline) this.build();
  }
}
