/**
 * The loss panel: how wrong the network is, linear or on a logarithmic axis, with the other branches' curves and the levels
 * that simple models reach.
 */
import { checkbox } from '../../../kit/dom.js';
import { curveColors } from '../../../kit/palette.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { formatLoss, plotlyText } from '../../../kit/text.js';
import { testLoss, trainLoss } from '../../../messages/frame.js';
import { logTicks, niceTop } from '../../../plot/ranges.js';
import { BranchLegend } from './branch_curves.js';
import { CLEAR, CurvePanel } from './curve_panel.js';
import { baselineLosses, limitOf, lossExtent, usualTop, withoutFall } from './loss_range.js';

const ABOUT = 'Lower is better. Solid: training samples; dashed: test samples. If the test curve rises while the training curve still falls, the network is overfitting: it memorises the training samples.';

export class LossPanel extends CurvePanel {
  #log = preference('logLoss', false);
  /** Losses of simple models, on test samples where there are any. @type {{name: string, value: number}[]} */
  #baselines = [];

  /** The highest of the usual losses, and for how many measured ones that was found. */
  #usual = { top: NaN, at: '' };
  #above = '';

  /** @param {import('../panel.js').Services & {sparesPeaks?: boolean}} options whether a few losses far above all others may be cut off, until asked for */
  constructor({ sparesPeaks = false }) {
    super({ id: 'loss', title: 'Loss', about: ABOUT, left: 64, measure: 'loss', columns: ['train', 'test'] });
    this.logBox = checkbox('Log', this.#log, (checked) => this.#setLog(checked));
    this.logBox.title = 'Logarithmic loss axis';
    this.peaks = checkbox('Peaks', false, () => this.build());
    this.peaks.title = 'Also show the few losses that are far above all others';
    this.peaks.style.visibility = 'hidden';
    this.box.controls.append(...(sparesPeaks ? [this.peaks] : []), this.logBox);
    this.sparesPeaks = sparesPeaks;
    this.legend = new BranchLegend();
    this.box.head.append(this.legend.root);
  }

  setRun(run) {
    super.setRun(run);
    this.#baselines = baselineLosses(run.info);
  }

  get hover() {
    return 'loss %{y:.4g}';
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
    const levels = { x: [], y: this.#baselines.map(({ value }) => value) };
    const curves = this.#curvesWithin;
    const known = lossExtent([...curves, levels]);
    const { lowest } = known;
    const own = curves.slice(0, this.curves.length).map(limitOf).filter(Number.isFinite);
    const highest = this.#leaves && own.length ? Math.max(...own) : known.highest;
    const top = this.#topOf(curves, highest, levels.y);
    if (!this.#log) return [0, niceTop(1.02 * top)];
    if (!(highest > 0) || !Number.isFinite(lowest)) return [-2, 0];
    return [Math.floor(2 * Math.log10(lowest) - 0.1) / 2, Math.ceil(2 * Math.log10(highest) + 0.1) / 2];
  }

  /** Whether the run has been seen to diverge: then its curve leaves the chart. */
  get #leaves() {
    return this.timeline !== null && Boolean(this.state?.isFalling(this.timeline.furthest));
  }

  /** A run that diverges does so in its first few steps, as a rule. */
  get leastWidth() {
    return this.#leaves ? Math.min(1, 2 * this.state.stopped.gone) : 1;
  }

  /** All curves, without the ends of those that leave the chart. */
  get #curvesWithin() {
    const { history } = this.timeline;
    const until = this.#leaves ? history.epochAt(this.state.stopped.good) : Infinity;
    return this.allCurves.map((curve, k) => withoutFall(curve, k < this.curves.length ? until : Infinity));
  }

  /** As high as the axis has to be, and what is said of peaks above it; looked for now and then, not for every frame. */
  #topOf(curves, highest, levels) {
    if (!this.sparesPeaks || this.#log) {
      this.#sayAbove('', false);
      return highest;
    }
    const { length } = this.timeline.history;
    const at = `${this.run.id} ${length >> 4} ${highest}`;
    if (at !== this.#usual.at) this.#usual = { at, top: usualTop(curves, highest, levels) };
    const { top } = this.#usual;
    const isAll = this.peaks.querySelector('input').checked;
    this.#sayAbove(top < highest && !isAll ? `peaks up to ${formatLoss(highest)}` : '', top < highest);
    return isAll ? highest : top;
  }

  #sayAbove(words, hasPeaks) {
    this.#above = words;
    const visibility = hasPeaks ? 'visible' : 'hidden';
    if (this.peaks.style.visibility !== visibility) this.peaks.style.visibility = visibility;
  }

  morePainted() {
    const gone = this.#leaves && this.state.endsBy(this.timeline.furthest) ? this.state.stopped.gone : null;
    return { log: this.#log, above: this.#above, baselines: this.#baselines, gone };
  }

  refineLayout({ xaxis, yaxis }, { y }) {
    // The grid is drawn over what is painted, and would strike the names of the baselines through.
    if (this.#baselines.length) xaxis.showgrid = yaxis.showgrid = false;
    yaxis.type = this.#log ? 'log' : 'linear';
    yaxis.exponentformat = 'power';
    if (this.#log) Object.assign(yaxis, logTicks(y));
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

  /** The axis that a lesson's step asks for; what the visitor likes elsewhere stays as it is. @param {boolean} log */
  setLog(log) {
    const shown = log || preference('logLoss', false);
    if (shown === this.#log) return;
    this.#log = shown;
    /** @type {HTMLInputElement} */ (this.logBox.querySelector('input')).checked = shown;
    if (this.timeline) this.build();
  }

  #setLog(log) {
    this.#log = log;
    keepPreference('logLoss', log);
    if (this.timeline) this.build();
  }
}
