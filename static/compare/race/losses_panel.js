/** All lanes' losses, or scores, in one chart over the race's clock. */
import { checkbox, select } from '../../kit/dom.js';
import { laneColor } from '../../kit/palette.js';
import { keepPreference, preference } from '../../kit/preferences.js';
import { plotlyText } from '../../kit/text.js';
import { PlotFrame, chartLayout } from '../../plot/plot_frame.js';
import { logTicks, niceTop } from '../../plot/ranges.js';
import { lossExtent } from '../../stage/panels/curves/loss_range.js';
import { PanelBox } from '../../stage/panels/panel_box.js';
import { DASHES } from '../shared/lane_look.js';
import { clockName, momentText } from './clock.js';
import { curvesOf, paintCurves, withFall } from './curves.js';
import { clockOf, numbersOf } from './race_frame.js';

const CLEAR = 'rgba(0, 0, 0, 0)';
const ABOUT = 'One line for each lane, in its colour and dash. A lane that diverged leaves the chart, with an arrow, where it stopped.';
/** @type {Record<import('./curves.js').Measure, {text: string, of: 'testLoss'|'trainLoss'|'testScore'|'trainScore'}>} */
const MEASURES = {
  test: { text: 'Test loss', of: 'testLoss' },
  train: { text: 'Training loss', of: 'trainLoss' },
  testScore: { text: 'Test score', of: 'testScore' },
  trainScore: { text: 'Training score', of: 'trainScore' },
};
/** Plotly dashes are strings. */
const dashOf = (index) => (DASHES[index].length ? DASHES[index].map((length) => `${length}px`).join(',') : 'solid');

export class LossesPanel {
  #race = null;
  #theme = null;
  /** @type {import('./race_timeline.js').RaceTimeline|null} */
  #timeline = null;
  #frame = null;
  #log = preference('logLoss', false);
  /** @type {import('./curves.js').Measure} */
  #measure = 'test';
  #curves = [];
  /** The curves as they are painted, with the steps in which lanes diverged. */
  #painted = [];
  /** @type {(import('./curves.js').Stop|null)[]} */
  #stops = [];
  #curvesOf = '';
  #hoverable = '';
  #ticks = '';

  constructor() {
    this.box = new PanelBox({ id: 'losses', title: 'Losses', about: ABOUT });
    this.choice = select('What is shown', Object.entries(MEASURES).map(([value, { text }]) => ({ value, text })), this.#measure, (value) => {
      this.#measure = /** @type {import('./curves.js').Measure} */ (value);
      this.#rebuild();
    });
    this.logBox = checkbox('Log', this.#log, (checked) => {
      this.#log = checked;
      keepPreference('logLoss', checked);
      this.#rebuild();
    });
    this.logBox.title = 'Logarithmic axis of losses';
    this.box.controls.append(this.choice, this.logBox);
    this.plot = new PlotFrame(this.box.plot, { margin: { left: 62, right: 14, top: 6, bottom: 40 }, paint: () => this.#paint(), fileName: 'race' });
  }

  get root() {
    return this.box.root;
  }

  get drawn() {
    return this.plot.ready && this.#timeline !== null;
  }

  attach(Plotly) {
    this.plot.attach(Plotly);
  }

  setRun(race) {
    const hadTest = this.#race?.info.lanes.some(({ info }) => info.has_test);
    this.#race = race;
    this.#timeline = null;
    this.#curvesOf = '';
    const hasTest = race.info.lanes.some(({ info }) => info.has_test);
    for (const option of this.choice.options) option.disabled = option.value.startsWith('test') && !hasTest;
    if (!hasTest) this.#measure = this.#measure.endsWith('Score') ? 'trainScore' : 'train';
    else if (hadTest === false) this.#measure = this.#measure.endsWith('Score') ? 'testScore' : 'test';
    this.choice.value = this.#measure;
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#rebuild();
  }

  /** The axis that a lesson's step asks for; what the visitor likes elsewhere stays as it is. @param {boolean} log */
  setLog(log) {
    const shown = log || preference('logLoss', false);
    if (shown === this.#log) return;
    this.#log = shown;
    /** @type {HTMLInputElement} */ (this.logBox.querySelector('input')).checked = shown;
    this.#rebuild();
  }

  /** @param {{frame: import('../../messages/decode.js').Arrays, timeline: import('./race_timeline.js').RaceTimeline, playing: boolean, stops: (import('./curves.js').Stop|null)[]}} shown */
  draw({ frame, timeline, playing, stops }) {
    this.#stops = stops;
    const first = this.#timeline === null;
    this.#timeline = timeline;
    this.#frame = frame;
    this.#follow();
    const { x, y } = this.#ranges();
    if (first || this.#ticksFor(y) !== this.#ticks) {
      this.#build();
      return;
    }
    const hoverable = playing ? '' : this.#curvesOf;
    const places = this.#curves.map((_, k) => k);
    if (hoverable === this.#hoverable) this.plot.setHome(x, y);
    else this.plot.update(playing ? { x: places.map(() => []), y: places.map(() => []) } : { x: this.#curves.map((curve) => curve.x), y: this.#curves.map((curve) => curve.y) }, places, x, y);
    this.#hoverable = hoverable;
    this.#paint();
  }

  destroy() {
    this.box.destroy();
    this.plot.destroy();
  }

  get #isLog() {
    return this.#log && !this.#measure.endsWith('Score');
  }

  #follow() {
    const { lanes, furthest } = this.#timeline;
    const key = `${lanes.map(({ version }) => version)} ${furthest} ${this.#measure} ${this.#stops.map((stop) => stop?.frame)}`;
    if (key === this.#curvesOf) return;
    this.#curvesOf = key;
    this.#curves = curvesOf(this.#timeline, this.#measure);
    this.#painted = this.#curves.map((curve, k) => withFall(curve, this.#stops[k], furthest, this.#measure));
  }

  #rebuild() {
    if (!this.#timeline || !this.#theme) return;
    this.#follow();
    this.#build();
  }

  #ranges() {
    const { history } = this.#timeline;
    const end = history.length ? history.epoch[history.length - 1] : 0;
    const least = this.#race.info.clock === 'time' ? 0.01 : 1;
    return { x: [0, niceTop(Math.max(least, end))], y: this.#heights() };
  }

  #heights() {
    const { lowest, highest } = lossExtent(this.#curves);
    if (this.#measure.endsWith('Score')) {
      const low = Math.min(...this.#curves.flatMap(({ y }) => y));
      return [low < 0 ? Math.max(-1, Math.floor(low)) : 0, 1.02];
    }
    if (!this.#isLog) return [0, niceTop(1.02 * this.#usual(highest))];
    if (!(highest > 0) || !Number.isFinite(lowest)) return [-2, 0];
    return [Math.floor(2 * Math.log10(lowest) - 0.1) / 2, Math.ceil(2 * Math.log10(highest) + 0.1) / 2];
  }

  /** How high the axis is: a lane on its way to nowhere is not to press the others flat. */
  #usual(highest) {
    const starts = this.#curves.map(({ y }) => y[0]).filter(Number.isFinite);
    const ends = this.#curves.map(({ y }) => y.at(-1)).filter(Number.isFinite);
    return Math.min(highest, 1.6 * Math.max(...starts, Math.min(...ends)));
  }

  /** How the axis is labelled, to be compared: a chart that is there changes its range only. */
  #ticksFor(range) {
    return this.#isLog ? JSON.stringify(logTicks(range)) : '';
  }

  #values() {
    const { of } = MEASURES[this.#measure];
    return this.#curves.map((_, k) => numbersOf(this.#frame, k)[of]);
  }

  #paint() {
    if (!this.plot.ready || !this.#timeline || !this.#frame) return;
    const { dark, background } = this.#theme;
    paintCurves(this.plot, { curves: this.#painted, dark, log: this.#isLog, values: this.#values(), moment: clockOf(this.#frame), background });
  }

  #build() {
    const { info } = this.#race;
    const name = MEASURES[this.#measure].text;
    const layout = chartLayout(this.#theme, { x: clockName(info.clock), y: name.toLowerCase(), grid: true });
    layout.yaxis.nticks = 5;
    layout.yaxis.type = this.#isLog ? 'log' : 'linear';
    const ranges = this.#ranges();
    if (this.#isLog) Object.assign(layout.yaxis, logTicks(ranges.y));
    this.#ticks = this.#ticksFor(ranges.y);
    if (this.#measure.endsWith('Score') && info.lanes.every(({ info: lane }) => lane.task !== 'regression')) layout.yaxis.tickformat = '.0%';
    const traces = this.#curves.map((curve, k) => ({
      type: 'scatter',
      mode: 'lines',
      ...curve,
      line: { color: CLEAR, width: 2, dash: dashOf(k) },
      hoverlabel: { bordercolor: laneColor(k, this.#theme.dark) },
      hovertemplate: `${info.clock === 'time' ? '%{x:.3f} s' : 'epoch %{x:,.2~f}'}<br>${info.lanes[k].name}: ${plotlyText(info.lanes[k].heading)}<br>%{y:.4g}<extra></extra>`,
    }));
    this.plot.render(traces, layout, ranges);
    this.#hoverable = this.#curvesOf;
    this.root.setAttribute('aria-description', `${name} of all lanes at ${momentText(info.clock, clockOf(this.#frame))}`);
    this.#paint();
  }
}
