/**
 * The hidden-layer panel: where the samples and the input plane's grid end up after a hidden layer.
 */
import { element } from './dom.js';
import { viewId } from './frame.js';
import { HiddenControls } from './hidden_controls.js';
import { HiddenPainter } from './hidden_painter.js';
import { Panel } from './panel.js';
import { PlotFrame, chartLayout } from './plot_frame.js';
import { preference } from './preferences.js';
import { growRange, padded } from './ranges.js';
import { plotlyText } from './text.js';

const MARGIN = { left: 46, right: 8, top: 6, bottom: 40 };
const ABOUT = {
  regression: 'The samples and the plane’s grid after this layer: training bends the plane until the value rises along a straight line.',
  classes: 'The samples and the plane’s grid after this layer: training bends the plane until a straight cut can separate the classes.',
};
const SHADOW = ' Of more than two units this is a flat shadow, in which the cut may not show.';
const NO_LAYER = 'Without a hidden layer the network can only make a straight cut through its inputs.';

export class HiddenPanel {
  #run = null;
  #views = null;
  #theme = null;
  #frame = null;
  #showTest = preference('testPoints', false);
  #ranges = new Map();
  #builtFor = null;
  #painter = new HiddenPainter();

  /** @param {{onView: (view: Object) => void}} events */
  constructor({ onView }) {
    this.panel = new Panel({ id: 'hidden', title: 'Hidden layer', about: ABOUT.classes });
    this.controls = new HiddenControls(this.panel.controls, onView);
    this.note = element('p', { class: 'nn-note', text: NO_LAYER, hidden: true });
    this.panel.head.append(this.note);
    this.plot = new PlotFrame(this.panel.plot, { margin: MARGIN, paint: () => this.#paint(), fileName: 'hidden-layer' });
  }

  get root() {
    return this.panel.root;
  }

  get drawn() {
    return this.plot.ready && this.#frame !== null;
  }

  attach(Plotly) {
    this.plot.attach(Plotly);
  }

  /** @param {Map<number, import('./run_state.js').View>} views by id; it grows as views are chosen */
  setRun(run, views) {
    this.#run = run;
    this.#views = views;
    this.#frame = null;
    this.#builtFor = null;
    this.#ranges.clear();
    this.#painter.setRun(run);
    const { layers, task } = run.info;
    this.note.hidden = layers.length > 0;
    const about = task === 'regression' ? ABOUT.regression : ABOUT.classes;
    this.panel.setAbout(layers.some(({ units }) => units > 2) ? about + SHADOW : about);
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#painter.setTheme(theme);
    this.#builtFor = null;
    if (this.#frame) this.draw(this.#frame);
  }

  /** The view that is chosen now; the frame on screen may still show an older one. */
  setView(view) {
    this.controls.update(this.#run.info.layers, view);
  }

  setShowTest(show) {
    this.#showTest = show;
    this.#paint();
  }

  draw(frame) {
    this.#frame = frame;
    const id = this.#views.get(viewId(frame))?.hidden ?? viewId(frame);
    const before = this.#ranges.get(id);
    const ranges = this.#rangesFor(id, before);
    if (this.#builtFor !== id) this.#build(id, ranges);
    else if (ranges !== before) this.plot.setHome(ranges.x, ranges.y);
    this.#paint();
  }

  destroy() {
    this.plot.destroy();
  }

  #paint() {
    if (this.plot.ready && this.#frame && this.#theme) this.#painter.paint(this.plot, this.#frame, this.#showTest);
  }

  #layerOf(view) {
    return this.#run.info.layers[view?.layer ?? 0];
  }

  /** Axis ranges for a view: the activation's own where it is bounded, else grown to hold the samples. */
  #rangesFor(id, before) {
    const view = this.#views.get(id);
    const layer = this.#layerOf(view);
    const { domain, inputs, input_names: axes } = this.#run.info;
    if (!layer && axes.length === 2 && axes.every((name, k) => name === inputs[k])) return before ?? this.#remember(id, ...domain);
    const bounded = layer && asUnits(view, layer) && layer.range.every((end) => end !== null);
    if (bounded && before) return before;
    const fixed = bounded ? padded(layer.range) : null;
    const { hidden_points: points, hidden_scale: scale } = this.#frame;
    const x = fixed ?? growRange(before?.x ?? null, ...extent(points, 0, scale[0], scale[1]));
    const y = (layer?.units ?? inputs.length) === 1 ? [-1, 1] : fixed ?? growRange(before?.y ?? null, ...extent(points, 1, scale[2], scale[3]));
    if (before && x === before.x && y[0] === before.y[0] && y[1] === before.y[1]) return before;
    return this.#remember(id, x, y);
  }

  #remember(id, x, y) {
    this.#ranges.set(id, { x, y });
    return this.#ranges.get(id);
  }

  #build(id, { x, y }) {
    this.#builtFor = id;
    const view = this.#views.get(id);
    const { layers, inputs } = this.#run.info;
    const layer = this.#layerOf(view);
    const title = layer ? `Hidden layer ${view.layer + 1} of ${layers.length}: what it sees` : 'Inputs: what the network sees';
    this.panel.setTitle(title);
    this.panel.setAbout(layer ? ABOUT : NO_LAYER);
    const [across, up] = layer ? axisTitles(view, layer) : inputTitles(inputs);
    const trace = { type: 'scatter', mode: 'markers', x: [], y: [], hoverinfo: 'skip' };
    const layout = chartLayout(this.#theme, { x: across, y: up });
    layout.yaxis.nticks = 5;
    if ((layer?.units ?? inputs.length) === 1) Object.assign(layout.yaxis, { showticklabels: false, ticks: '' });
    this.plot.render([trace], layout, { x, y });
  }
}

/** A layer of one or two units is always shown as it is, whatever the view says. */
const asUnits = (view, layer) => layer.units <= 2 || view.projection === 'units';

function inputTitles(inputs) {
  if (inputs.length > 2) return ['component 1', 'component 2'];
  return [plotlyText(inputs[0]), inputs.length > 1 ? plotlyText(inputs[1]) : ''];
}

function axisTitles(view, layer) {
  if (!asUnits(view, layer)) return ['component 1', 'component 2'];
  const name = (unit) => `unit ${unit + 1} (${plotlyText(layer.activation)})`;
  if (layer.units === 1) return [name(0), ''];
  const [across, up] = layer.units === 2 ? [0, 1] : view.units;
  return [name(across), name(up)];
}

/** Lowest and highest value of one coordinate. */
function extent(points, coordinate, offset, factor) {
  let low = Infinity;
  let high = -Infinity;
  for (let i = coordinate; i < points.length; i += 2) {
    if (points[i] < low) low = points[i];
    if (points[i] > high) high = points[i];
  }
  return [offset + factor * low, offset + factor * high];
}
