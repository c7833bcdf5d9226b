/**
 * The decision boundary: the network's output over the input plane, with the samples on it; of a single input, the curve.
 *
 * The surface changes with every frame and is painted on the canvas; the samples never move and are Plotly traces, which
 * gives them hover texts for free. What is seen of the plane is drawn in the canvas's own pixels at rest.
 */
import { checkbox, element, setAttribute } from '../../../kit/dom.js';
import { classTables, probabilityTable, valueTable } from '../../../kit/palette.js';
import { keepPreference, preference } from '../../../kit/preferences.js';
import { plotlyText } from '../../../kit/text.js';
import { fillScale } from '../../../plot/legends.js';
import { groupMarker, groupSamples } from '../../../plot/markers.js';
import { PlotFrame, chartLayout, mapX, mapY } from '../../../plot/plot_frame.js';
import { SampleStamps } from '../../../plot/sample_stamps.js';
import { SurfacePainter } from '../../../plot/surface_painter.js';
import { Drawing } from '../drawing/drawing.js';
import { Panel } from '../panel.js';
import { SAMPLE_LOOK, aboutCurve, axisNames, curveTitle, fillCurveLegend, isCurve, paintCurve } from './fitted_curve.js';
import { Overlays } from './overlays.js';
import { PointReading } from './point_reading.js';

const MARGIN = { left: 46, right: 6, top: 6, bottom: 44 };
const RADIUS = 4;
/** Before the panel has a size, the surface has this one. */
const FIRST_SIDE = 300;
const ABOUT = {
  binary: 'The ground shows which class the network predicts at each place, in the colour of that class: blue for the first, orange for the second. A stronger colour means more certain; where the colours meet, it is undecided. Points have the colour of their true class.',
  multiclass: 'The ground has the colour of the most likely class at each place, fainter where the network is less certain. Points have the colour of their true class.',
  regression: 'The ground shows the predicted value at each place: orange high, blue low, pale between. Each point is filled with the colour of its true value.',
};
/** What can be done with any of them. */
const MORE = ' Click a place to pin it: the network diagram then shows what each unit makes of it, also while the run plays. Show adds the creases of the units, earlier boundaries, and the difference to another frame or branch.';

export class BoundaryPanel extends Panel {
  #run = null;
  #theme = null;
  #frame = null;
  #tables = [];
  #groups = [];
  #crisp = preference('discretize', false);
  #showTest = preference('testPoints', false);
  #painter = new SurfacePainter();
  /** In place of Plotly's markers, until they are there. */
  #stamps = new SampleStamps(RADIUS);

  /** @param {import('../panel.js').Services} services */
  constructor({ player, setShowTest, propose, pointAt, lookAtUnit, redraw, overBoundary, isRecorded = false }) {
    super({ id: 'boundary', title: 'Decision boundary', about: ABOUT.binary });
    this.side = element('div', { class: 'nn-side' });
    this.box.body.append(this.side);
    this.scale = element('div', { class: 'nn-side-scale' });
    this.crispBox = checkbox('Discretise', this.#crisp, (checked) => this.#setCrisp(checked));
    this.testBox = checkbox('Test points', this.#showTest, setShowTest);
    this.side.classList.toggle('nn-with-test', this.#showTest);
    this.overlays = new Overlays({ player, crisp: this.crispBox, onChange: () => this.#changeOverlays(redraw) });
    this.overlays.setCrisp(this.#crisp);
    this.side.append(this.scale, ...this.overlays.notes);
    this.box.controls.append(this.overlays.menu.root, this.testBox);
    /** Where other data can be drawn. */
    this.drawing = isRecorded ? null : new Drawing({ box: this.box, propose, onToggle: (active) => this.#setDrawing(active) });
    this.lookAtUnit = lookAtUnit;
    this.reading = new PointReading(this.box.plot, (place, isPinned) => {
      pointAt(place, isPinned);
      this.#lookAtCrease(place);
    });
    this.plot = new PlotFrame(this.box.plot, { margin: MARGIN, square: true, paint: () => this.#paint(), fileName: 'boundary' });
    /** What a page lays over it. */
    this.over = overBoundary?.(this.box, this.plot) ?? null;
  }

  get drawn() {
    return this.plot.ready && this.#frame !== null;
  }

  /** The part of the plane that is in sight, which may be another one than the data's. */
  get draws() {
    const { mapping, canvas } = this.plot;
    const { domain } = this.#run.info;
    if (!mapping) return { surface: { columns: FIRST_SIDE, rows: FIRST_SIDE, domain } };
    const { x, kx, y, ky } = mapping;
    const { width, height } = canvas;
    const surface = { columns: width, rows: height, domain: [[-x / kx, (width - x) / kx], [(height - y) / ky, -y / ky]] };
    return { surface, ...this.overlays.draws(surface.domain, surface) };
  }

  attach(Plotly) {
    this.plot.attach(Plotly);
  }

  setRun(run) {
    this.#run = run;
    this.reading.setRun(run);
    this.#frame = null;
    this.#groups = groupSamples(run);
    this.#stamps.setRun(run);
    const regression = run.info.task === 'regression';
    const curve = isCurve(run.info);
    this.box.setTitle(curve ? curveTitle(run.info) : regression ? 'Prediction' : 'Decision boundary');
    this.box.setAbout((curve ? aboutCurve(run.info) : ABOUT[run.info.task]) + MORE);
    this.crispBox.hidden = curve;
    this.testBox.hidden = !run.info.has_test;
    this.drawing?.setRun(run);
    this.overlays.setRun(run);
    this.over?.setRun(run);
    if (this.#theme) this.#build();
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#stamps.setTheme(theme);
    this.drawing?.setTheme(theme);
    this.overlays.setTheme(theme);
    this.over?.setTheme(theme);
    if (this.#run) this.#build();
  }

  setShowTest(show) {
    this.#showTest = show;
    this.side.classList.toggle('nn-with-test', show);
    this.#restyleSamples();
  }

  /** While one draws, the drawing shows the samples. */
  #setDrawing(active) {
    this.reading.setActive(!active);
    this.root.classList.toggle('nn-drawing', active);
    this.#restyleSamples();
  }

  #isVisible(group) {
    return !this.drawing?.active && (!group.isTest || this.#showTest);
  }

  #restyleSamples() {
    if (this.#groups.length) this.plot.restyle({ visible: this.#groups.map((group) => this.#isVisible(group)) });
  }

  draw({ frame, isNew, point, unit }) {
    const isLookedAt = this.overlays.look(unit);
    this.reading.show(point, this.overlays.creaseText);
    if (!isNew) {
      if (isLookedAt) this.#paint();
      return;
    }
    this.#frame = frame;
    setAttribute(this.root, 'data-columns', String(frame.plot.columns));
    this.#paint();
    this.over?.draw(frame);
  }

  showValues(frame) {
    this.overlays.showValues(this.#frame ?? frame);
  }

  destroy() {
    super.destroy();
    this.overlays.destroy();
    this.drawing?.destroy();
    this.over?.destroy();
    this.reading.destroy();
    this.plot.destroy();
  }

  #setCrisp(crisp) {
    this.#crisp = crisp;
    keepPreference('discretize', crisp);
    this.overlays.setCrisp(crisp);
    this.#makeTables();
    this.#paint();
  }

  #changeOverlays(redraw) {
    this.#makeTables();
    redraw();
  }

  #lookAtCrease(place) {
    this.lookAtUnit(this.overlays.creaseAt(this.#frame, this.plot.mapping, place));
  }

  #makeTables() {
    const { info } = this.#run;
    this.overlays.build();
    const { dark } = this.#theme;
    if (isCurve(info)) {
      fillCurveLegend(this.scale, this.#run, this.#theme);
      return;
    }
    if (info.task === 'multiclass') this.#tables = classTables(info.class_names.length, dark, this.#crisp);
    else if (info.task === 'binary') this.#tables = [probabilityTable(dark, this.#crisp)];
    else this.#tables = [valueTable(info.surface_range, dark, this.#crisp)];
    if (this.overlays.differs) this.overlays.fillScale(this.scale);
    else fillScale(this.scale, info, this.#tables, this.#theme, this.#crisp);
  }

  #build() {
    this.#makeTables();
    const { info } = this.#run;
    const [x, y] = info.domain;
    const layout = chartLayout(this.#theme, { x: plotlyText(axisNames(info)[0]), y: plotlyText(axisNames(info)[1]) });
    if (!isCurve(info)) layout.yaxis.scaleanchor = 'x';
    this.plot.render(this.#groups.map((group) => this.#trace(group)), layout, { x, y });
    this.#paint();
  }

  #trace(group) {
    const { info, statics } = this.#run;
    const { radius, opacity } = isCurve(info) ? SAMPLE_LOOK : { radius: RADIUS, opacity: 1 };
    const marker = groupMarker(group, info, this.#theme, radius);
    const [first, second] = axisNames(info).map(plotlyText);
    const members = [...group.members];
    const kind = group.isTest ? 'test' : 'training';
    const what = isCurve(info) && !info.class_names.length ? 'sample' : info.task === 'regression' ? 'target: %{customdata:.3f}' : plotlyText(info.class_names[group.index]);
    return {
      type: 'scatter',
      mode: 'markers',
      x: members.map((i) => statics.inputs[2 * i]),
      y: members.map((i) => statics.inputs[2 * i + 1]),
      customdata: members.map((i) => statics.targets[i]),
      marker: {
        symbol: marker.symbol,
        size: 2 * marker.radius,
        color: marker.fill,
        opacity,
        line: { color: marker.stroke, width: marker.lineWidth },
      },
      visible: this.#isVisible(group),
      hovertemplate: `${first}: %{x:.3f}<br>${second}: %{y:.3f}<br>${what} (${kind})<extra></extra>`,
    };
  }

  #paint() {
    const { mapping } = this.plot;
    if (mapping) {
      this.drawing?.follow(mapping);
      this.reading.follow(mapping);
      this.over?.follow(mapping);
    }
    if (!mapping || !this.#frame || !this.#run) return;
    const { info } = this.#run;
    if (isCurve(info)) {
      paintCurve(this.plot, this.#run, this.#frame, this.#theme);
      this.overlays.paintLines(this.plot, this.#frame);
      if (!this.plot.charted) this.#paintSamples();
      return;
    }
    if (!this.overlays.paintGround(this.plot, this.#frame)) this.#paintAnswer(info);
    this.overlays.paintLines(this.plot, this.#frame);
    if (!this.plot.charted) this.#paintSamples();
  }

  #paintAnswer(info) {
    const { columns, rows, domain: [[left, right], [bottom, top]] } = this.#frame.plot;
    const ends = { left: mapX(this.plot, left), right: mapX(this.plot, right), top: mapY(this.plot, top), bottom: mapY(this.plot, bottom) };
    const planes = info.task === 'multiclass' ? info.class_names.length : 1;
    this.#painter.paint(this.plot.begin(), ends, { bytes: this.#frame.surface, planes, columns, rows }, this.#tables);
  }

  #paintSamples() {
    const { context, mapping } = this.plot;
    const { inputs } = this.#run.statics;
    this.#stamps.at(mapping.scale).forEach(({ members, stamp }, k) => {
      if (!this.#isVisible(this.#groups[k])) return;
      for (const i of members) {
        context.drawImage(stamp, mapX(this.plot, inputs[2 * i]) - stamp.width / 2, mapY(this.plot, inputs[2 * i + 1]) - stamp.height / 2);
      }
    });
  }
}
