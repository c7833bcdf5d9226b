/**
 * The layers panel: weights, gradients and units of each layer, as they are at the frame shown.
 */
import { element, segments } from '../../../kit/dom.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { ScrollBox } from '../../../kit/scroll_box.js';
import { epochOf } from '../../../messages/frame.js';
import { PlotFrame, chartLayout } from '../../../plot/plot_frame.js';
import { Panel } from '../panel.js';
import { LayerHistograms } from './histograms.js';
import { normCurves, normRanges, paintNorms } from './norm_chart.js';
import { UnitTable } from './unit_table.js';

const MARGIN = { left: 58, right: 14, top: 6, bottom: 40 };
const WHOLE = ' The gradient is that of the loss over all training samples.';
const VIEWS = {
  weights: {
    text: 'Weights',
    about: 'How each layer’s weights are distributed. As the network learns, they spread out; a few far from 0 mean that it relies on few connections.',
  },
  gradients: {
    text: 'Gradients',
    about: `How the gradient is distributed over each layer’s weights. If nearly all of it is at 0, only a few weights learn.${WHOLE}`,
  },
  norms: {
    text: 'Over time',
    about: `The size of each layer’s gradient, up to the frame on screen; the later a layer, the stronger its colour. If it is a thousand times smaller in early layers than in late ones, the early ones hardly learn. If it shoots up, the steps are too large.${WHOLE}`,
  },
  units: {
    text: 'Units',
    about: 'A dead unit gives the same output for every training sample. A saturated unit is within 3 % of an end of its range for 9 in 10. Neither can learn from them any more.',
  },
};

export class LayersPanel extends Panel {
  #run = null;
  #theme = null;
  #frame = null;
  #chosen = preference('layerView', 'weights');
  #ranges = null;

  constructor() {
    super({ id: 'layers', title: 'Layers', about: '' });
    if (!(this.#chosen in VIEWS)) this.#chosen = 'weights';
    this.histograms = new LayerHistograms();
    this.units = new UnitTable();
    this.none = element('p', { class: 'nn-hint', text: 'Without a hidden layer, there are no such units.' });
    this.scroll = new ScrollBox('Layer statistics', this.histograms.root, this.units.root, this.none);
    this.tables = this.scroll.root;
    this.box.body.append(this.tables);
    const options = Object.entries(VIEWS).map(([value, { text }]) => ({ value, text }));
    this.box.controls.append(segments('Layer statistics to show', options, this.#chosen, (value) => this.#choose(value)));
    this.plot = new PlotFrame(this.box.plot, { margin: MARGIN, paint: () => this.#paint(), fileName: 'gradient-norms' });
  }

  get needs() {
    return ['layers'];
  }

  get drawn() {
    return this.#frame !== null && (this.#chosen !== 'norms' || this.plot.ready);
  }

  attach(Plotly) {
    this.plot.attach(Plotly);
  }

  setRun(run) {
    this.#run = run;
    this.#frame = null;
    this.#rebuild();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#rebuild();
  }

  draw({ frame }) {
    if (!this.brings(frame.weight_counts) || frame === this.#frame) return;
    this.#frame = frame;
    this.#paint();
  }

  showValues() {
    if (!this.#frame) return;
    if (this.#chosen === 'units') this.units.update(this.#frame);
    else this.histograms.showValues();
  }

  destroy() {
    super.destroy();
    this.plot.destroy();
    this.histograms.destroy();
    this.scroll.destroy();
  }

  #choose(value) {
    this.#chosen = value;
    keepPreference('layerView', value);
    this.#rebuild();
  }

  #rebuild() {
    if (!this.#run || !this.#theme) return;
    const { info } = this.#run;
    const chosen = this.#chosen;
    this.box.setAbout(VIEWS[chosen].about);
    this.#ranges = null;
    this.box.plot.hidden = chosen !== 'norms';
    this.tables.hidden = chosen === 'norms';
    this.histograms.root.hidden = chosen !== 'weights' && chosen !== 'gradients';
    this.units.root.hidden = chosen !== 'units' || info.layers.length === 0;
    this.none.hidden = chosen !== 'units' || info.layers.length > 0;
    if (!this.histograms.root.hidden) this.histograms.build(info, this.#theme);
    if (chosen === 'units') this.units.build(info);
    this.#paint();
    this.showValues();
  }

  #paint() {
    const frame = this.#frame;
    if (!frame || !this.#theme) return;
    if (this.#chosen === 'weights') this.histograms.update(frame.weight_counts, frame.weight_reach, 'weights');
    else if (this.#chosen === 'gradients') this.histograms.update(frame.gradient_counts, frame.gradient_reach, 'gradients');
    else if (this.#chosen === 'norms') this.#paintNorms();
  }

  #paintNorms() {
    const { info } = this.#run;
    const curves = normCurves(this.#frame.gradient_norms, info.layers.length + 1);
    const ranges = normRanges(curves, epochOf(this.#frame, info.steps_per_epoch));
    if (!this.#ranges) {
      const layout = chartLayout(this.#theme, { x: 'epoch', y: 'gradient norm', grid: true });
      const powers = ranges.y[1] - ranges.y[0] > 1.5;
      Object.assign(layout.yaxis, { type: 'log', exponentformat: 'power', ...(powers ? { dtick: 1 } : { dtick: 'D2', tickformat: '~g' }) });
      this.#ranges = ranges;
      this.plot.render([{ type: 'scatter', mode: 'markers', x: [], y: [], hoverinfo: 'skip' }], layout, ranges);
    } else this.plot.setHome(ranges.x, ranges.y);
    if (this.plot.ready) paintNorms(this.plot, curves, info, this.#theme);
  }
}
