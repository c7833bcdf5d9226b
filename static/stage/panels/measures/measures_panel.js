/**
 * The measures panel: which classes are mistaken, how sure the network may be, how far off it is; training beside test.
 *
 * Tables and charts share the panel's place; a choice says which is on screen. All of them follow the timeline.
 */
import { element, lineKey, segments, setAttribute, setText } from '../../../kit/dom.js';
import { curveColors } from '../../../kit/palette.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { ScrollBox } from '../../../kit/scroll_box.js';
import { UNDEFINED, formatLoss, formatScore, plotlyText } from '../../../kit/text.js';
import { classesLegend } from '../../../plot/legends.js';
import { PlotFrame, chartLayout } from '../../../plot/plot_frame.js';
import { isChanged, originalFrame, originalStatics } from '../../run/target_units.js';
import { Panel } from '../panel.js';
import { ClassTable } from './class_table.js';
import { ConfusionTables } from './confusion.js';
import { reliabilityChart } from './reliability.js';
import { predictionChart, residualChart } from './residuals.js';

const MARGIN = { left: 52, right: 12, top: 6, bottom: 40 };
/** More classes than this, and two tables don't fit side by side. */
const MOST_BESIDE = 4;
const NO_PROBABILITY = 'This network’s output isn’t a probability, so there is nothing to calibrate.';

const TABLES = {
  confusion: {
    text: 'Confusion',
    about: 'Rows: true class. Columns: predicted class. The diagonal is correct. Each row has the colour of its class; the stronger, the larger the share of the row.',
  },
  classes: {
    text: 'Per class',
    about: 'Precision: of the samples predicted as a class, the share that belong to it. Recall: of the samples of a class, the share that are recognised. A dash: nothing to divide by.',
  },
};
const CHARTS = {
  calibration: { text: 'Calibration', chart: reliabilityChart },
  predictions: { text: 'Predicted', chart: predictionChart },
  residuals: { text: 'Residuals', chart: residualChart },
};
const UNITS = [
  { value: 'original', text: 'Original units' },
  { value: 'learned', text: 'As trained' },
];
const CHOICES = { regression: ['predictions', 'residuals'], classes: ['confusion', 'classes', 'calibration'] };

export class MeasuresPanel extends Panel {
  #run = null;
  #theme = null;
  #frame = null;
  #chosen = preference('measure', '');
  #set;
  #firstSet;
  #ranges = null;
  #builtChart = null;
  #units = preference('units', 'original');
  /** Statics, and the frame, with values in the target's own units; null where the network learns those anyway. */
  #ownStatics = null;
  #ownFrame = null;

  /** @param {import('../panel.js').Services & {set?: 0|1}} options which table is shown first where there is room for one: 0 training, 1 test */
  constructor({ set = 0 }) {
    super({ id: 'measures', title: 'Measures', about: '', onLarge: () => this.#rebuild() });
    this.#firstSet = set;
    this.confusion = new ConfusionTables();
    this.classes = new ClassTable();
    this.setChoice = element('div', { class: 'nn-set-choice' });
    this.hint = element('p', { class: 'nn-hint', text: 'Rows: true class. Columns: predicted class.' });
    this.message = element('p', { class: 'nn-hint', text: NO_PROBABILITY });
    /** On the page of tables no other panel names the classes. */
    this.names = element('div', { class: 'nn-class-names', 'data-testid': 'class-names' });
    this.foot = element('div', { class: 'nn-foot' }, this.hint, this.names, this.setChoice);
    this.scroll = new ScrollBox('Measures of the classes', this.confusion.root, this.classes.root, this.message, this.foot);
    this.tables = this.scroll.root;
    this.label = element('span', { class: 'nn-key-label' });
    this.values = [element('span', { class: 'nn-value' }), element('span', { class: 'nn-value' })];
    this.keys = ['train', 'test'].map((name, k) =>
      element('span', { class: 'nn-key' }, lineKey(k === 1), element('span', { text: name }), this.values[k]),
    );
    this.readout = element('div', { class: 'nn-readout-line' }, this.label, ...this.keys);
    this.choice = element('div', { class: 'nn-choice' });
    this.unitChoice = element('div', { class: 'nn-choice' });
    this.box.controls.append(this.choice, this.unitChoice, this.readout);
    this.box.body.append(this.tables);
    this.plot = new PlotFrame(this.box.plot, { margin: MARGIN, paint: () => this.#paint(), fileName: 'measures' });
  }

  get needs() {
    return ['measures'];
  }

  get drawn() {
    return this.#frame !== null && (this.#chart === null || this.plot.ready);
  }

  attach(Plotly) {
    this.plot.attach(Plotly);
  }

  setRun(run) {
    this.#run = run;
    this.#frame = null;
    this.#set = run.info.has_test ? this.#firstSet : 0;
    const choices = run.info.task === 'regression' ? CHOICES.regression : CHOICES.classes;
    if (!choices.includes(this.#chosen)) [this.#chosen] = choices;
    const options = choices.map((value) => ({ value, text: (TABLES[value] ?? CHARTS[value]).text }));
    this.choice.replaceChildren(segments('Measure', options, this.#chosen, (value) => this.#choose(value)));
    this.keys[1].hidden = !run.info.has_test;
    this.#prepareUnits();
    if (this.#theme) this.#rebuild();
  }

  /** Offer a regression's own units where the network learns something else, as its logarithm. */
  #prepareUnits() {
    const target = this.#run.info.table?.target;
    this.#ownFrame = null;
    this.#ownStatics = isChanged(target) ? originalStatics(this.#run.statics, target) : null;
    this.unitChoice.hidden = this.#ownStatics === null;
    if (this.#ownStatics === null) return;
    this.unitChoice.replaceChildren(segments('Units', UNITS, this.#units, (value) => {
      this.#units = value;
      keepPreference('units', value);
      this.#rebuild();
    }));
  }

  /** The frame and the statics in the units chosen. */
  get #shown() {
    const { info, statics } = this.#run;
    if (this.#ownStatics === null || this.#units !== 'original' || !this.#chart) return { frame: this.#frame, statics };
    if (this.#ownFrame?.of !== this.#frame) {
      this.#ownFrame = { of: this.#frame, frame: originalFrame(this.#frame, this.#ownStatics, info.table.target, info.undefined_score) };
    }
    return { frame: this.#ownFrame.frame, statics: this.#ownStatics };
  }

  setTheme(theme) {
    this.#theme = theme;
    curveColors(theme.dark).forEach((color, k) => this.keys[k].style.setProperty('--nn-key', color));
    if (this.#run) this.#rebuild();
  }

  draw({ frame }) {
    if (!this.brings(frame.confusion ?? frame.predictions) || frame === this.#frame) return;
    const first = this.#frame === null;
    this.#frame = frame;
    if (first) this.#rebuild();
    else this.#paint();
  }

  showValues() {
    if (!this.#frame) return;
    if (this.#chart) {
      const values = this.#chart.values(this.#shown.frame);
      const reasons = this.#chart.isScore ? this.#run.info.undefined_score : [null, null];
      values.forEach((value, k) => {
        setText(this.values[k], reasons[k] ? UNDEFINED : this.#chart.percent ? formatScore(value, true) : formatNumber(value));
        setAttribute(this.values[k], 'title', reasons[k] ?? '');
      });
    } else if (this.#chosen === 'confusion') this.confusion.update(this.#frame);
    else this.classes.update(this.#frame);
  }

  destroy() {
    super.destroy();
    this.plot.destroy();
    this.scroll.destroy();
  }

  /** The chart that is chosen; null for a table, or where there is nothing to show. */
  get #chart() {
    return this.#isEmpty ? null : CHARTS[this.#chosen]?.chart ?? null;
  }

  /** Calibration without probabilities. */
  get #isEmpty() {
    return this.#chosen === 'calibration' && this.#frame !== null && this.#frame.reliability_counts.every((count) => count === 0);
  }

  /** What values are of, or an empty text where nothing is known of it. */
  get #unitWord() {
    const target = this.#run.info.table?.target;
    if (!target) return '';
    return this.#ownStatics !== null && this.#units !== 'original' ? 'as trained' : plotlyText(target.name);
  }

  /** Whether the numbers are of the target or of its logarithm, where those differ. */
  get #unitNote() {
    if (this.#ownStatics === null || !this.#run.info.table.target.log) return '';
    return this.#units === 'original' ? ', original units' : ' of the log';
  }

  get #sets() {
    return this.#run.info.has_test ? [0, 1] : [0];
  }

  #choose(value) {
    this.#chosen = value;
    keepPreference('measure', value);
    this.#rebuild();
  }

  #rebuild() {
    if (!this.#run || !this.#theme) return;
    const { info } = this.#run;
    const chart = this.#chart;
    this.#builtChart = null;
    this.#ranges = null;
    this.box.setAbout(chart?.about ?? TABLES[this.#chosen]?.about ?? NO_PROBABILITY);
    this.box.plot.hidden = chart === null;
    this.tables.hidden = chart !== null;
    this.readout.hidden = chart === null;
    this.confusion.root.hidden = this.foot.hidden = this.#chosen !== 'confusion';
    this.classes.root.hidden = this.#chosen !== 'classes';
    this.message.hidden = !this.#isEmpty;
    if (chart) setText(this.label, `${chart.label}${this.#unitNote}`);
    if (this.#chosen === 'confusion') this.#buildConfusion();
    if (this.#chosen === 'classes') this.classes.build(info, this.#theme);
    this.showValues();
    this.#paint();
  }

  #buildConfusion() {
    const { info } = this.#run;
    this.names.replaceChildren(...(info.table && !this.box.large ? [classesLegend(info, this.#theme)] : []));
    const both = this.box.large || info.class_names.length <= MOST_BESIDE;
    this.confusion.build(info, this.#theme, both ? this.#sets : [this.#set]);
    const options = ['train', 'test'].map((text, k) => ({ value: String(k), text }));
    this.setChoice.replaceChildren();
    if (both || !info.has_test) return;
    this.setChoice.append(segments('Samples', options, String(this.#set), (value) => {
      this.#set = Number(value);
      this.confusion.build(info, this.#theme, [this.#set]);
      this.showValues();
    }));
  }

  #paint() {
    const chart = this.#chart;
    if (!chart || !this.#frame || !this.#theme) return;
    const { info } = this.#run;
    const { frame, statics } = this.#shown;
    const before = this.#ranges;
    this.#ranges = chart.ranges(frame, statics, before);
    const { x, y } = this.#ranges;
    if (this.#builtChart !== chart) {
      this.#builtChart = chart;
      const layout = chartLayout(this.#theme, { ...chart.axes(info, this.#unitWord), grid: true });
      layout.yaxis.nticks = layout.xaxis.nticks = 6;
      this.plot.render([{ type: 'scatter', mode: 'markers', x: [], y: [], hoverinfo: 'skip' }], layout, { x, y });
    } else if (this.#ranges !== before) this.plot.setHome(x, y);
    if (!this.plot.ready) return;
    chart.paint(this.plot, frame, { colors: curveColors(this.#theme.dark), theme: this.#theme, sets: this.#sets, statics });
  }
}

const formatNumber = (value) => formatLoss(value).replace('-', '−');
