/**
 * The hidden-layer panel in two coordinates: one layer, or a morph at some position, on axes that stay put.
 */
import { plotlyText } from '../../../kit/text.js';
import { PlotFrame, chartLayout } from '../../../plot/plot_frame.js';
import { growRange, padded } from '../../../plot/ranges.js';
import { HiddenPainter } from './flat_painter.js';
import { morphEnd, morphInto, morphRanges, morphRangesAt, morphStages } from './morph.js';
import { asUnits, directionNames, extentOf, hasFeatures, unitName } from './view.js';

const MARGIN = { left: 46, right: 8, top: 6, bottom: 40 };
/** A morph's axes have no names: they would change on the way. */
const MORPH_MARGIN = { ...MARGIN, left: 32, bottom: 22 };

export class FlatPicture {
  #run = null;
  #theme = null;
  #frame = null;
  #view = null;
  #showTest;
  #ranges = new Map();
  #builtFor = null;
  #painter;
  #points = new Float32Array(0);
  #grid = new Float32Array(0);
  #position = 0;
  #stages = [];
  /** The axes of each stage of the morph, and of which view. @type {{id: number, ranges: {x: number[], y: number[]}[]}|null} */
  #morphRanges = null;

  /** @param {HTMLElement} host @param {boolean} showTest @param {number} [most] samples of either kind that are drawn */
  constructor(host, showTest, most) {
    this.host = host;
    this.#painter = new HiddenPainter(most);
    this.#showTest = showTest;
    this.plot = new PlotFrame(host, { margin: MARGIN, paint: () => this.#paint(), fileName: 'hidden-layer' });
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
    this.#builtFor = null;
    this.#ranges.clear();
    this.#morphRanges = null;
    this.#painter.setRun(run);
    this.#stages = morphStages(run.info);
    this.#points = new Float32Array(2 * run.statics.targets.length);
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#painter.setTheme(theme);
    this.#builtFor = null;
    if (this.#frame) this.draw(this.#frame, this.#view);
  }

  setShowTest(show) {
    this.#showTest = show;
    this.#paint();
  }

  /** @param {number} position in a morph */
  setPosition(position) {
    this.#position = position;
    if (this.#view?.mode !== 'morph' || !this.#morphRanges) return;
    const { x, y } = morphRangesAt(this.#morphRanges.ranges, position);
    this.plot.setHome(x, y);
    this.#paint();
  }

  /** @param {import('../../../messages/decode.js').Arrays} frame @param {import('../../run/run_state.js').View} view the one that drew it */
  draw(frame, view) {
    this.#frame = frame;
    this.#view = view;
    const id = view.hidden;
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
    if (!this.plot.ready || !this.#frame || !this.#theme) return;
    const picture = this.#view.mode === 'morph' ? this.#morphed() : this.#asSent();
    this.#painter.paint(this.plot, picture, this.#showTest);
  }

  #asSent() {
    const { hidden_points: points, hidden_grid: grid, hidden_line: line, hidden_scale: scale } = this.#frame;
    return { points, grid, line, scale };
  }

  #morphed() {
    const { hidden_points: points, hidden_grid: grid, hidden_line: line } = this.#frame;
    const [position, stages] = [this.#position, this.#stages];
    const length = grid.length / (stages.at(-1).index + 1);
    if (this.#grid.length !== length) this.#grid = new Float32Array(length);
    return {
      points: morphInto(this.#points, points, this.#frame, position, stages),
      grid: morphInto(this.#grid, grid, this.#frame, position, stages),
      line: position >= morphEnd(stages) ? line : null,
      scale: [0, 1, 0, 1],
    };
  }

  get #layer() {
    return this.#run.info.layers[this.#view.layer];
  }

  /** Coordinates that there are: units of the layer, or the network's inputs where it has no layer. */
  get #size() {
    return this.#layer?.units ?? this.#run.info.inputs.length;
  }

  /** Axis ranges for a view: the activation's own where it is bounded, else grown to hold the samples. */
  #rangesFor(id, before) {
    if (this.#view.mode === 'morph') return this.#rangesOfMorph(id);
    const layer = this.#layer;
    if (!layer && !hasFeatures(this.#run.info) && this.#size === 2) return before ?? this.#remember(id, ...this.#run.info.domain);
    const bounded = layer && asUnits(this.#view, layer) && layer.range.every((end) => end !== null);
    if (bounded && before) return before;
    const fixed = bounded ? padded(layer.range) : null;
    const extent = (coordinate) => extentOf(this.#frame, coordinate, 2);
    const x = fixed ?? growRange(before?.x ?? null, ...extent(0));
    const y = this.#size === 1 ? [-1, 1] : fixed ?? growRange(before?.y ?? null, ...extent(1));
    if (before && x === before.x && y[0] === before.y[0] && y[1] === before.y[1]) return before;
    return this.#remember(id, x, y);
  }

  /** A morph's axes: as large as what is shown at its position. */
  #rangesOfMorph(id) {
    const before = this.#morphRanges?.id === id ? this.#morphRanges.ranges : null;
    this.#morphRanges = { id, ranges: morphRanges(this.#frame, this.#stages, before) };
    return morphRangesAt(this.#morphRanges.ranges, this.#position);
  }

  #remember(id, x, y) {
    this.#ranges.set(id, { x, y });
    return this.#ranges.get(id);
  }

  #build(id, { x, y }) {
    this.#builtFor = id;
    const [across, up] = this.#axisTitles();
    const trace = { type: 'scatter', mode: 'markers', x: [], y: [], hoverinfo: 'skip' };
    const layout = chartLayout(this.#theme, { x: across, y: up });
    layout.xaxis.nticks = layout.yaxis.nticks = 5;
    if (this.#size === 1 && this.#view.mode !== 'morph') Object.assign(layout.yaxis, { showticklabels: false, ticks: '' });
    this.plot.margin = this.#view.mode === 'morph' ? MORPH_MARGIN : MARGIN;
    this.plot.render([trace], layout, { x, y });
  }

  #axisTitles() {
    const layer = this.#layer;
    const view = this.#view;
    if (view.mode === 'morph') return ['', ''];
    if (layer ? !asUnits(view, layer) : this.#size > 2) return directionNames(view, this.#run.info, 2);
    if (!layer) return [...this.#run.info.inputs.map(plotlyText), ''].slice(0, 2);
    if (layer.units === 1) return [unitName(layer, 0), ''];
    return (layer.units === 2 ? [0, 1] : view.units).map((unit) => unitName(layer, unit));
  }
}
