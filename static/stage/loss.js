/**
 * The loss curves. Plotly draws them, at most ten times a second while frames play and at once when they stand still:
 * a redraw costs as much as ten painted frames. Ranges are our own, which halves that.
 */
import { checkbox, element, setText, svg, svgPath } from './dom.js';
import { decimate } from './decimate.js';
import { epochOf, testLoss, trainLoss } from './frame.js';
import { curveColors } from './palette.js';
import { Panel } from './panel.js';
import { PlotFrame, chartLayout } from './plot_frame.js';
import { niceTop } from './ranges.js';
import { formatLoss, plotlyText } from './text.js';

const MARGIN = { left: 58, right: 14, top: 6, bottom: 40 };
const MOST_POINTS = 600;
const REDRAW_MS = 100;
/** On a slow machine a redraw waits this many times as long as the last one took. */
const REST = 7;
const ABOUT = 'Lower is better. Where the test curve turns up while the training curve still falls, the network learns the samples by heart.';
const DASH = '5px,4px';

export class LossPanel {
  #run = null;
  #theme = null;
  #timeline = null;
  #log = false;
  #nextDraw = -Infinity;

  constructor() {
    this.panel = new Panel({ id: 'loss', title: 'Loss', about: ABOUT });
    this.values = [element('span', { class: 'nn-value' }), element('span', { class: 'nn-value' })];
    this.keys = ['train', 'test'].map((name, k) =>
      element('span', { class: 'nn-key' }, lineKey(k === 1), element('span', { text: name }), this.values[k]),
    );
    this.logBox = checkbox('Log', false, (checked) => this.#setLog(checked));
    this.logBox.title = 'Logarithmic loss axis';
    this.panel.controls.append(...this.keys, this.logBox);
    this.plot = new PlotFrame(this.panel.plot, { margin: MARGIN, fileName: 'loss' });
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
    this.keys[1].hidden = !run.info.has_test;
  }

  setTheme(theme) {
    this.#theme = theme;
    curveColors(theme.dark).forEach((color, k) => this.keys[k].style.setProperty('--nn-key', color));
    if (this.#timeline) this.#build();
  }

  /** @param {import('./timeline.js').Timeline} timeline */
  draw(timeline, frame, playing, now) {
    setText(this.values[0], formatLoss(trainLoss(frame)));
    setText(this.values[1], formatLoss(testLoss(frame)));
    const first = this.#timeline === null;
    this.#timeline = timeline;
    if (!first && playing && now < this.#nextDraw) return;
    const start = performance.now();
    if (first) this.#build();
    else this.#redraw();
    this.#nextDraw = now + Math.max(REDRAW_MS, REST * (performance.now() - start));
  }

  destroy() {
    this.plot.destroy();
  }

  #setLog(log) {
    this.#log = log;
    if (this.#timeline) this.#build();
  }

  #curves() {
    const { history, furthest, shown, shownFrame: frame } = this.#timeline;
    const length = history.indexAt(furthest) + 1;
    const x = [];
    const y = [];
    let lowest = Infinity;
    let highest = -Infinity;
    for (const column of [history.train, history.test]) {
      const kept = decimate(column, length, MOST_POINTS);
      const values = kept.map((i) => column[i]);
      x.push(kept.map((i) => history.epoch[i]));
      y.push(values);
      for (const value of values) {
        if (value > highest) highest = value;
        if (value < lowest && value > 0) lowest = value;
      }
    }
    const epoch = frame ? epochOf(frame, this.#run.info.steps_per_epoch) : history.epochAt(shown);
    const marks = (frame ? [trainLoss(frame), testLoss(frame)] : []).map((value) => (Number.isFinite(value) ? value : null));
    x.push(marks.map(() => epoch));
    y.push(marks);
    const lastEpoch = length ? history.epoch[length - 1] : 0;
    return { data: { x, y }, ranges: this.#ranges(lastEpoch, lowest, highest) };
  }

  #ranges(lastEpoch, lowest, highest) {
    const x = [0, niceTop(Math.max(1, lastEpoch))];
    if (!this.#log) return { x, y: [0, niceTop(1.02 * highest)] };
    if (!(highest > 0) || !Number.isFinite(lowest)) return { x, y: [-2, 0] };
    return { x, y: [Math.floor(2 * Math.log10(lowest) - 0.1) / 2, Math.ceil(2 * Math.log10(highest) + 0.1) / 2] };
  }

  #redraw() {
    const { data, ranges } = this.#curves();
    this.plot.update(data, [0, 1, 2], ranges.x, ranges.y);
  }

  #build() {
    const colors = curveColors(this.#theme.dark);
    const { data, ranges } = this.#curves();
    const line = (k, name, dash) => ({
      type: 'scatter',
      mode: 'lines',
      name,
      x: data.x[k],
      y: data.y[k],
      line: { color: colors[k], width: 1.8, dash, simplify: false },
      hovertemplate: `epoch %{x:,.2~f}<br>${name} loss %{y:.4g}<extra></extra>`,
    });
    const marks = {
      type: 'scatter',
      mode: 'markers',
      x: data.x[2],
      y: data.y[2],
      marker: { size: 8, color: colors, line: { color: this.#theme.background, width: 1.5 } },
      hoverinfo: 'skip',
      cliponaxis: false,
    };
    const layout = chartLayout(this.#theme, { x: 'epoch', y: plotlyText(this.#run.info.loss_name), grid: true });
    layout.yaxis.nticks = 5;
    layout.yaxis.type = this.#log ? 'log' : 'linear';
    layout.yaxis.exponentformat = 'power';
    if (this.#log) layout.yaxis.dtick = ranges.y[1] - ranges.y[0] > 1.5 ? 1 : 'D2';
    layout.xaxis.rangemode = 'tozero';
    this.plot.render([line(0, 'train', 'solid'), line(1, 'test', DASH), marks], layout, ranges);
  }
}

function lineKey(dashed) {
  const stroke = svgPath({ d: 'M1 5H23', 'stroke-width': '2.2', fill: 'none', ...(dashed ? { 'stroke-dasharray': '5 4' } : {}) });
  return svg({ viewBox: '0 0 24 10', class: 'nn-line', 'aria-hidden': 'true' }, stroke);
}
