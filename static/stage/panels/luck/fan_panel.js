/** The fan: every seed's loss over the epochs, faint, with the median and the quartiles across the seeds. */
import { checkbox, element, segments, setText } from '../../../kit/dom.js';
import { curveColors } from '../../../kit/palette.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { formatLoss } from '../../../kit/text.js';
import { epochsDone } from '../../../messages/frame.js';
import { PlotFrame, chartLayout } from '../../../plot/plot_frame.js';
import { logTicks, niceTop } from '../../../plot/ranges.js';
import { Panel } from '../panel.js';
import { extentOf, fanOf, nearestSeed } from './fan_curves.js';
import { MEASURES, measureOf } from './seed_frame.js';
import { quantiles } from './statistics.js';

const CLEAR = 'rgba(0, 0, 0, 0)';
const ABOUT = 'Each faint line is one seed. The thick line is the median: half of the seeds are below it. The band holds the middle half of the seeds. A seed far above the others leaves the chart; the line of one that diverged ends.';
const [FAINT_WIDTH, MEDIAN_WIDTH, POINTED_WIDTH] = [1, 3, 2.2];
const [FAINT_ALPHA, BAND_ALPHA] = [0.3, 0.2];
/** Pixels within which a curve is pointed at. */
const REACH = 14;
const NAMES = ['lower quartile', 'median', 'upper quartile'];

export class FanPanel extends Panel {
  #run = null;
  #theme = null;
  /** @type {import('./seed_timeline.js').SeedTimeline|null} */
  #timeline = null;
  #frame = null;
  /** @type {import('./fan_curves.js').Fan|null} */
  #fan = null;
  #fanOf = '';
  #log = preference('logLoss', false);
  /** @type {0|1} */
  #set = 1;
  #hoverable = '';
  #spotlight;

  /** @param {import('../panel.js').Services & {spotlight: import('./spotlight.js').Spotlight}} options */
  constructor({ spotlight }) {
    super({ id: 'fan', title: 'Loss of every seed', about: ABOUT });
    this.#spotlight = spotlight;
    this.value = element('span', { class: 'nn-value' });
    this.name = element('span', { text: 'median' });
    const key = element('span', { class: 'nn-key' }, this.name, this.value);
    this.sets = segments('Samples', [{ value: '0', text: 'train' }, { value: '1', text: 'test' }], '1', (value) => {
      this.#set = value === '1' ? 1 : 0;
      this.#rebuild();
    });
    const log = checkbox('Log', this.#log, (checked) => {
      this.#log = checked;
      keepPreference('logLoss', checked);
      this.#rebuild();
    });
    log.title = 'Logarithmic loss axis';
    this.box.controls.append(key, this.sets, log);
    this.plot = new PlotFrame(this.box.plot, { margin: { left: 64, right: 14, top: 6, bottom: 40 }, paint: () => this.#paint(), fileName: 'fan' });
    this.box.plot.addEventListener('pointermove', (event) => this.#point(event));
    this.box.plot.addEventListener('pointerleave', () => spotlight.point(null));
    spotlight.listen(() => {
      this.#paint();
      if (this.#frame) this.showValues(this.#frame);
    });
  }

  get drawn() {
    return this.plot.ready && this.#fan !== null;
  }

  attach(Plotly) {
    this.plot.attach(Plotly);
  }

  setRun(run) {
    this.#run = run;
    this.#timeline = this.#fan = this.#frame = null;
    this.#fanOf = '';
    this.sets.hidden = !run.info.has_test;
    if (!run.info.has_test) this.#set = 0;
    /** @type {HTMLInputElement} */ (this.sets.querySelector(`[value="${this.#set}"]`)).checked = true;
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#rebuild();
  }

  draw({ frame, timeline, playing }) {
    const first = this.#timeline === null;
    this.#timeline = /** @type {import('./seed_timeline.js').SeedTimeline} */ (timeline);
    this.#frame = frame;
    this.#follow();
    if (first) {
      this.#build();
      return;
    }
    const { x, y } = this.#ranges();
    const hoverable = playing ? '' : this.#fanOf;
    if (hoverable === this.#hoverable) this.plot.setHome(x, y);
    else this.plot.update(playing ? { x: [[], [], []], y: [[], [], []] } : this.#hoverData(), [0, 1, 2], x, y);
    this.#hoverable = hoverable;
    this.#paint();
  }

  /** The median, or what one points at. */
  showValues(frame) {
    const { seeds } = this.#run.info.fan;
    const { seed } = this.#spotlight;
    const losses = measureOf(frame, MEASURES[this.#set]);
    setText(this.name, seed === null ? 'median' : `seed ${seeds[seed]}`);
    setText(this.value, formatLoss(seed === null ? quantiles(losses, [0.5])[0] : losses[seed]));
  }

  destroy() {
    super.destroy();
    this.plot.destroy();
  }

  #follow() {
    const { seeds, furthest } = this.#timeline;
    const key = `${seeds.version} ${furthest} ${this.#set}`;
    if (key === this.#fanOf) return;
    this.#fanOf = key;
    this.#fan = fanOf(seeds, furthest, this.#run.info.fan.seeds.length, this.#set);
  }

  #rebuild() {
    if (!this.#timeline || !this.#theme) return;
    this.#follow();
    this.#build();
    this.showValues(this.#frame);
  }

  #ranges() {
    const { lowest, highest } = extentOf(this.#fan);
    const x = [0, niceTop(Math.max(1, this.#fan.x.at(-1) ?? 1))];
    if (!this.#log) return { x, y: [0, niceTop(1.02 * highest)] };
    if (!(highest > 0) || !Number.isFinite(lowest)) return { x, y: [-2, 0] };
    return { x, y: [Math.floor(2 * Math.log10(lowest) - 0.1) / 2, Math.ceil(2 * Math.log10(highest) + 0.1) / 2] };
  }

  #hoverData() {
    const { x, lower, median, upper } = this.#fan;
    return { x: [x, x, x], y: [lower, median, upper].map((line) => line.map((value) => (Number.isFinite(value) ? value : null))) };
  }

  /** The curve under the pointer is pointed at, in all panels. */
  #point({ clientX, clientY, pointerType }) {
    const { mapping } = this.plot;
    if (!mapping || !this.#fan || pointerType === 'touch') return;
    const box = this.box.plot.getBoundingClientRect();
    const [left, top] = [(clientX - box.left - mapping.left) * mapping.scale, (clientY - box.top - mapping.top) * mapping.scale];
    const epoch = (left - mapping.x) / mapping.kx;
    this.#spotlight.point(nearestSeed(this.#fan, epoch, top, (loss) => this.#height(loss), REACH * mapping.scale));
  }

  /** Where a loss lies, in pixels; NaN where it can't be shown. */
  #height(loss) {
    const { mapping } = this.plot;
    return mapping.y + mapping.ky * (this.#log ? Math.log10(loss) : loss);
  }

  #paint() {
    const { mapping } = this.plot;
    if (!mapping || !this.#fan || !this.#theme) return;
    const context = this.plot.begin();
    const { scale, height } = mapping;
    const { x, seeds, lower, median, upper } = this.#fan;
    const places = x.map((epoch) => mapping.x + mapping.kx * epoch);
    const [train, test] = curveColors(this.#theme.dark);
    const color = this.#set === 1 ? test : train;
    // Far outside, where a canvas would lose its precision, is as good as outside.
    const at = (/** @type {number} */ loss) => Math.max(-height, Math.min(2 * height, this.#height(loss)));
    const trace = (/** @type {number[]} */ losses) => {
      let pen = 'moveTo';
      losses.forEach((loss, k) => {
        const y = at(loss);
        if (Number.isNaN(y)) pen = 'moveTo';
        else {
          context[pen](places[k], y);
          pen = 'lineTo';
        }
      });
    };
    context.lineJoin = 'round';
    context.beginPath();
    places.forEach((place, k) => context.lineTo(place, at(upper[k])));
    for (let k = places.length - 1; k >= 0; k--) context.lineTo(places[k], at(lower[k]));
    context.globalAlpha = BAND_ALPHA;
    context.fillStyle = color;
    context.fill();
    context.beginPath();
    seeds.forEach(trace);
    context.globalAlpha = FAINT_ALPHA;
    context.lineWidth = FAINT_WIDTH * scale;
    context.strokeStyle = this.#theme.text;
    context.stroke();
    context.globalAlpha = 1;
    context.beginPath();
    trace(median);
    context.lineWidth = MEDIAN_WIDTH * scale;
    context.strokeStyle = color;
    context.stroke();
    this.#paintMoment(context, mapping);
    const { seed } = this.#spotlight;
    if (seed === null || !seeds[seed]) return;
    context.beginPath();
    trace(seeds[seed]);
    context.lineWidth = POINTED_WIDTH * scale;
    context.strokeStyle = this.#theme.primary;
    context.stroke();
  }

  /** Where the frame on screen stands, once one has gone back. */
  #paintMoment(context, { scale, x, kx, height }) {
    const place = x + kx * epochsDone(this.#frame);
    context.beginPath();
    context.moveTo(place, 0);
    context.lineTo(place, height);
    context.lineWidth = scale;
    context.strokeStyle = this.#theme.muted;
    context.setLineDash([2 * scale, 3 * scale]);
    context.stroke();
    context.setLineDash([]);
  }

  #build() {
    const ranges = this.#ranges();
    const layout = chartLayout(this.#theme, { x: 'epoch', y: `${this.#run.info.has_test ? ['training', 'test'][this.#set] : 'training'} loss`, grid: true });
    layout.yaxis.nticks = 5;
    layout.xaxis.rangemode = 'tozero';
    layout.yaxis.type = this.#log ? 'log' : 'linear';
    layout.yaxis.exponentformat = 'power';
    if (this.#log) Object.assign(layout.yaxis, logTicks(ranges.y));
    const { x, y } = this.#hoverData();
    const traces = NAMES.map((name, k) => ({
      type: 'scatter',
      mode: 'lines',
      x: x[k],
      y: y[k],
      line: { color: CLEAR, width: 2 },
      hovertemplate: `epoch %{x:,}<br>${name} %{y:.4g}<extra></extra>`,
    }));
    this.plot.render(traces, layout, ranges);
    this.#hoverable = this.#fanOf;
    this.#paint();
  }
}
