/**
 * The hidden-layer panel in three coordinates: a picture that is turned by dragging or with the arrow keys, and zoomed
 * with the wheel. What it paints is in solid_painter.js.
 */
import { growTight, padded } from '../../../plot/ranges.js';
import { OrbitCanvas } from './orbit_canvas.js';
import { SolidPainter } from './solid_painter.js';
import { asUnits, directionNames, extentOf } from './view.js';

const NAME = 'Hidden layer in three dimensions. Drag or use the arrow keys to rotate it, the wheel or plus and minus to zoom, Home to reset the view';

export class SolidPicture {
  #run = null;
  #frame = null;
  #view = null;
  #ranges = new Map();
  #painter = new SolidPainter();
  #showTest;

  /** @param {boolean} showTest */
  constructor(showTest) {
    this.#showTest = showTest;
    this.turning = new OrbitCanvas({ name: NAME, testid: 'solid', paint: () => this.#paint() });
    this.root = this.turning.root;
  }

  get drawn() {
    return this.#frame !== null && this.turning.ready;
  }

  setRun(run) {
    this.#run = run;
    this.#frame = null;
    this.#ranges.clear();
    this.#painter.setRun(run);
  }

  setTheme(theme) {
    this.#painter.setTheme(theme);
    this.turning.resize();
    this.turning.paintSoon();
  }

  setShowTest(show) {
    this.#showTest = show;
    this.turning.paintSoon();
  }

  /** @param {import('../../../messages/decode.js').Arrays} frame @param {import('../../run/run_state.js').View} view the one that drew it */
  draw(frame, view) {
    this.#frame = frame;
    this.#view = view;
    this.#paint();
  }

  destroy() {
    this.turning.destroy();
  }

  #paint() {
    if (!this.drawn || this.root.hidden) return;
    const layer = this.#run.info.layers[this.#view.layer];
    const units = asUnits(this.#view, layer);
    const ranges = this.#rangesFor(units && layer.range.every((end) => end !== null) ? padded(layer.range) : null);
    const names = units ? this.#view.units.map((unit) => `unit ${unit + 1}`) : directionNames(this.#view, this.#run.info, 3);
    this.#painter.paint(this.turning.context, this.#frame, { orbit: this.turning.orbit, ranges, names, showTest: this.#showTest });
  }

  /** Axis ranges: the activation's own where it is bounded, else grown to hold the samples. */
  #rangesFor(fixed) {
    if (fixed) return [fixed, fixed, fixed];
    const id = this.#view.hidden;
    const before = this.#ranges.get(id);
    const ranges = [0, 1, 2].map((k) => growTight(before?.[k] ?? null, ...extentOf(this.#frame, k, 3)));
    this.#ranges.set(id, ranges);
    return ranges;
  }
}
