/**
 * The accuracy panel: how many of the samples are recognized, in training and in the test, as time goes on. Where frames
 * measure only a part of the test set, rings show the whole of it at the end of each epoch.
 */
import { element, lineKey, setText } from './dom.js';
import { epochOf, testScore, trainScore } from './frame.js';
import { curvesOf, paintLosses } from './loss_painter.js';
import { mapX, mapY } from './mapping.js';
import { curveColors } from './palette.js';
import { Panel } from './panel.js';
import { PlotFrame, chartLayout } from './plot_frame.js';
import { niceTop } from './ranges.js';
import { formatScore } from './text.js';

const MARGIN = { left: 56, right: 14, top: 6, bottom: 40 };
const ABOUT = 'The share of digits that are recognized; guessing gets one in ten. What counts is the test: digits that the network never learned from.';
/** Where the axis may begin. */
const FLOORS = [0.95, 0.9, 0.8, 0.6, 0.4, 0];
/** Share of the lowest scores that may lie below it. */
const LEFT_OUT = 0.12;
const RING_RADIUS = 3.4;

export class AccuracyPanel {
  #run = null;
  #theme = null;
  #timeline = null;
  #state = null;
  #curves = [];
  #rings = [];
  #curvesOf = '';
  #hoverable = '';

  constructor() {
    this.panel = new Panel({ id: 'accuracy', title: 'Accuracy', about: ABOUT });
    this.values = ['train', 'test'].map(() => element('span', { class: 'nn-value' }));
    this.keys = ['train', 'test'].map((name, k) =>
      element('span', { class: 'nn-key' }, lineKey(k === 1), element('span', { text: name }), this.values[k]),
    );
    this.panel.controls.append(...this.keys);
    this.note = element('p', { class: 'nn-note', hidden: true });
    this.panel.head.append(this.note);
    this.plot = new PlotFrame(this.panel.plot, { margin: MARGIN, paint: () => this.#paint(), fileName: 'accuracy' });
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
    this.keys[1].hidden = !run.info.has_test;
    this.note.hidden = !this.#inPart;
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
    const { history, furthest } = timeline;
    const key = `${history.version} ${furthest}`;
    if (key !== this.#curvesOf) {
      this.#curvesOf = key;
      this.#curves = curvesOf(timeline, ['trainScore', 'testScore']);
      this.#rings = this.#inPart ? ringsOf(timeline) : [];
    }
    if (first) {
      this.#build();
      return;
    }
    const { x, y } = this.#ranges();
    const hoverable = playing ? '' : this.#curvesOf;
    if (hoverable === this.#hoverable) this.plot.setHome(x, y);
    else this.plot.update(playing ? { x: [[], []], y: [[], []] } : { x: this.#curves.map((c) => c.x), y: this.#curves.map((c) => c.y) }, [0, 1], x, y);
    this.#hoverable = hoverable;
    this.#paint();
  }

  /** Write the frame's scores into the heading. */
  showValues(frame) {
    setText(this.values[0], formatScore(trainScore(frame), true));
    setText(this.values[1], formatScore(testScore(frame), true));
    if (this.#inPart) setText(this.note, this.#noteText());
  }

  destroy() {
    this.plot.destroy();
  }

  /** Whether frames measure only a part of the test set. */
  get #inPart() {
    const { test, test_shown: shown } = this.#run.info.samples;
    return shown < test;
  }

  #noteText() {
    const { train_shown: train, test_shown: test, test: all } = this.#run.info.samples;
    const { epoch: shown } = this.#at();
    const last = this.#rings.filter(({ epoch }) => epoch <= shown + 1e-9).at(-1);
    const number = (n) => n.toLocaleString('en');
    const measured = `Curves: ${number(train)} training and ${number(test)} test digits.`;
    return last && last.epoch > 0 ? `${measured} All ${number(all)}: ${formatScore(last.score, true)} after epoch ${number(last.epoch)}.` : measured;
  }

  #at() {
    const { shownFrame: frame, history, shown } = this.#timeline;
    return { frame, epoch: frame ? epochOf(frame, this.#run.info.steps_per_epoch) : history.epochAt(shown) };
  }

  #ranges() {
    const { history } = this.#timeline;
    const lastEpoch = history.length ? history.epoch[history.length - 1] : 0;
    const floor = floorOf(this.#curves.flatMap(({ y }) => y));
    return { x: [0, niceTop(Math.max(1, lastEpoch))], y: [floor, 1 + 0.02 * (1 - floor)] };
  }

  #paint() {
    if (!this.plot.ready || !this.#timeline) return;
    const { frame, epoch } = this.#at();
    const colors = curveColors(this.#theme.dark);
    paintLosses(this.plot, {
      curves: this.#curves,
      colors,
      log: false,
      values: frame ? [trainScore(frame), testScore(frame)] : [],
      epoch,
      background: this.#theme.background,
      muted: this.#theme.muted,
      font: this.#theme.font,
      name: this.#state.branch,
      marks: this.#state.marks.filter((mark) => mark.frame <= this.#timeline.furthest).map((mark) => mark.epoch),
      others: [],
    });
    this.#paintRings(colors[1]);
  }

  #paintRings(color) {
    const { context, mapping } = this.plot;
    context.lineWidth = 1.6 * mapping.scale;
    context.strokeStyle = color;
    context.fillStyle = this.#theme.background;
    for (const { epoch, score } of this.#rings) {
      context.beginPath();
      context.arc(mapX(this.plot, epoch), mapY(this.plot, score), RING_RADIUS * mapping.scale, 0, 2 * Math.PI);
      context.fill();
      context.stroke();
    }
  }

  #build() {
    const colors = curveColors(this.#theme.dark);
    const traces = ['train', 'test'].map((name, k) => ({
      type: 'scatter',
      mode: 'lines',
      name,
      ...this.#curves[k],
      line: { color: 'rgba(0, 0, 0, 0)', width: 1.8 },
      hoverlabel: { bordercolor: colors[k] },
      hovertemplate: `epoch %{x:,.2~f}<br>${name} accuracy %{y:.1%}<extra></extra>`,
    }));
    const layout = chartLayout(this.#theme, { x: 'epoch', y: 'accuracy', grid: true });
    Object.assign(layout.yaxis, { nticks: 5, tickformat: '.0%' });
    layout.xaxis.rangemode = 'tozero';
    this.plot.render(traces, layout, this.#ranges());
    this.#hoverable = this.#curvesOf;
    this.#paint();
  }
}

/** Where the axis begins: so that all but the first steep rise is on it. @param {number[]} scores */
export function floorOf(scores) {
  const sorted = scores.filter(Number.isFinite).sort((a, b) => a - b);
  const low = sorted[Math.floor(LEFT_OUT * sorted.length)] ?? 0;
  return FLOORS.find((floor) => low - (1 - low) / 4 > floor) ?? 0;
}

/** What the whole test set gave at the end of epochs, as far as was shown. */
export function ringsOf({ history, furthest }) {
  const rings = [];
  for (let i = 0; i <= history.indexAt(furthest); i++) {
    if (Number.isFinite(history.wholeTestScore[i])) rings.push({ epoch: history.epoch[i], score: history.wholeTestScore[i] });
  }
  return rings;
}
