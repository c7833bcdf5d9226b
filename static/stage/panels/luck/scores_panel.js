/**
 * How the seeds' scores are spread, and how many reach a target. A seed is a brick in the histogram. The target is a slider
 * that lies along the axis: it is dragged, or moved by the arrow keys.
 */
import { element, setAttribute, setText } from '../../../kit/dom.js';
import { curveColors } from '../../../kit/palette.js';
import { PlotFrame, chartLayout } from '../../../plot/plot_frame.js';
import { Panel } from '../panel.js';
import { measureOf } from './seed_frame.js';
import { BINS, binOf, lowEnd, reached, wilsonInterval } from './statistics.js';

const ABOUT = 'Each brick is one seed, coloured where it reaches the target and grey where not. Drag the line, or move it with the arrow keys, to set a target. The interval (Wilson’s) says what share of all possible seeds would reach it. More seeds make it narrower.';
const STEP = 0.005;
/** The slider's thumb, which reaches beyond the axis by half of it. */
const THUMB = 22;
/** Without a change for so long, the target is one that was chosen. */
const SETTLED_MS = 400;

/** A share in whole percent, without the sign. @param {number} share */
const percent = (share) => (100 * share).toFixed(0);

/** A target in words. @param {number} target @param {boolean} isAccuracy */
export const targetText = (target, isAccuracy) => (isAccuracy ? `${Number((100 * target).toFixed(1))} %` : String(Number(target.toFixed(3))).replace('-', '−'));

/** @param {number} count @param {number} n @param {number} target @param {boolean} isAccuracy */
export function successInWords(count, n, target, isAccuracy) {
  const [low, high] = wilsonInterval(count, n).map(percent);
  const name = isAccuracy ? '' : 'R² ';
  return { head: `${count} of ${n} reach ${name}${targetText(target, isAccuracy)}`, interval: `${percent(count / n)} %; of all seeds ${low} to ${high} % (95 % interval)` };
}

export class ScoresPanel extends Panel {
  #run = null;
  #theme = null;
  #frame = null;
  #low = 0;
  #top = 0;
  #spotlight;
  #propose;
  #settling = 0;

  /** @param {import('../panel.js').Services & {spotlight: import('./spotlight.js').Spotlight}} options */
  constructor({ spotlight, propose }) {
    super({ id: 'scores', title: 'Scores', about: ABOUT });
    this.#spotlight = spotlight;
    this.#propose = propose;
    this.count = element('strong', { 'data-testid': 'success' });
    this.interval = element('span', { class: 'nn-interval', 'data-testid': 'interval' });
    this.box.controls.append(element('p', { class: 'nn-success' }, this.count, ' ', this.interval));
    this.plot = new PlotFrame(this.box.plot, { margin: { left: 40, right: 18, top: 8, bottom: 40 }, paint: () => this.#paint(), fileName: 'scores' });
    this.slider = element('input', { type: 'range', class: 'nn-aim', 'aria-label': 'Target', max: '1', step: String(STEP) });
    this.slider.addEventListener('input', () => this.#aim(Number(this.slider.value)));
    this.box.plot.append(this.slider);
    spotlight.listen(() => this.#follow());
  }

  get drawn() {
    return this.plot.ready && this.#frame !== null;
  }

  attach(Plotly) {
    this.plot.attach(Plotly);
  }

  setRun(run) {
    this.#run = run;
    this.#frame = null;
    this.#top = 0;
    if (!this.#settling) this.#spotlight.aim(run.info.fan.target);
  }

  setTheme(theme) {
    this.#theme = theme;
    if (this.#frame) this.#build();
  }

  draw({ frame, isNew }) {
    if (!isNew) return;
    const first = this.#frame === null;
    this.#frame = frame;
    this.#follow(first);
  }

  destroy() {
    super.destroy();
    clearTimeout(this.#settling);
    this.plot.destroy();
  }

  get #isAccuracy() {
    return this.#run.info.task !== 'regression';
  }

  get #scores() {
    return measureOf(this.#frame, this.#run.info.has_test ? 'testScore' : 'trainScore');
  }

  #aim(target) {
    this.#spotlight.aim(target);
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => {
      this.#settling = 0;
      this.#propose({ target });
    }, SETTLED_MS);
  }

  #follow(rebuild = false) {
    if (!this.#frame || !this.#theme) return;
    const scores = this.#scores;
    const { target } = this.#spotlight;
    const low = lowEnd(scores, target, this.#isAccuracy);
    const heights = this.#bins(scores, low).map(({ length }) => length);
    const top = Math.max(this.#low === low ? this.#top : 0, 4, 2 * Math.ceil(Math.max(...heights) / 2));
    const moved = low !== this.#low || top !== this.#top;
    [this.#low, this.#top] = [low, top];
    if (rebuild) this.#build();
    else if (moved) this.plot.setHome([low, 1], [0, top]);
    const { head, interval } = successInWords(reached(scores, target), scores.length, target, this.#isAccuracy);
    setText(this.count, head);
    setText(this.interval, interval);
    setAttribute(this.slider, 'min', String(low));
    setAttribute(this.slider, 'aria-valuetext', `${targetText(target, this.#isAccuracy)}: ${head}`);
    if (Number(this.slider.value) !== target) this.slider.value = String(target);
    this.#paint();
  }

  /** The seeds in each bin, those of the worst scores first. @param {Float64Array} scores @param {number} low @returns {number[][]} */
  #bins(scores, low) {
    /** @type {number[][]} */
    const bins = Array.from({ length: BINS }, () => []);
    scores.forEach((score, k) => bins[binOf(score, low)]?.push(k));
    for (const bin of bins) bin.sort((a, b) => scores[a] - scores[b] || a - b);
    return bins;
  }

  #paint() {
    const { mapping } = this.plot;
    if (!mapping || !this.#frame || !this.#theme) return;
    this.#placeSlider(mapping);
    const context = this.plot.begin();
    const { scale, height } = mapping;
    const scores = this.#scores;
    const { target, seed } = this.#spotlight;
    const [, color] = curveColors(this.#theme.dark);
    const width = (mapping.kx * (1 - this.#low)) / BINS;
    const brick = -mapping.ky;
    const gap = Math.min(scale, brick / 6);
    this.#bins(scores, this.#low).forEach((bin, place) => {
      const left = mapping.x + mapping.kx * this.#low + place * width;
      bin.forEach((k, level) => {
        context.fillStyle = k === seed ? this.#theme.primary : scores[k] >= target ? color : this.#theme.muted;
        context.globalAlpha = k === seed || scores[k] >= target ? 1 : 0.55;
        context.fillRect(left + gap, height - (level + 1) * brick + gap, width - 2 * gap, brick - gap);
      });
    });
    context.globalAlpha = 1;
    const place = Math.min(mapping.width - scale, mapping.x + mapping.kx * target);
    context.beginPath();
    context.moveTo(place, 0);
    context.lineTo(place, height);
    context.lineWidth = 2 * scale;
    context.strokeStyle = this.#theme.text;
    context.stroke();
  }

  /** The slider's thumb is to be where the axis has its value. */
  #placeSlider({ left, top, width, height, scale }) {
    const { style } = this.slider;
    const next = { left: `${left - THUMB / 2}px`, width: `${width / scale + THUMB}px`, top: `${top}px`, height: `${height / scale}px` };
    for (const [name, value] of Object.entries(next)) if (style[name] !== value) style[name] = value;
  }

  #build() {
    const { info } = this.#run;
    const on = info.has_test ? 'test samples' : 'training samples';
    const layout = chartLayout(this.#theme, { x: `${info.score_name} on ${on}`, y: 'seeds' });
    layout.yaxis.nticks = 4;
    layout.yaxis.tickformat = 'd';
    layout.dragmode = false;
    if (this.#isAccuracy) layout.xaxis.tickformat = '.0%';
    this.box.setTitle(this.#isAccuracy ? 'Scores of the seeds' : 'R² of the seeds');
    this.plot.render([], layout, { x: [this.#low, 1], y: [0, this.#top] });
    this.#paint();
  }

}
