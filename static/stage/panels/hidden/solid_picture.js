/**
 * The hidden-layer panel in three coordinates: a picture that is turned by dragging or with the arrow keys, and zoomed
 * with the wheel. What it paints is in solid_painter.js.
 */
import { element } from '../../../kit/dom.js';
import { OnePointer } from '../../../kit/one_pointer.js';
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { growTight, padded } from '../../../plot/ranges.js';
import { HOME, turned, zoomed } from './orbit.js';
import { SolidPainter } from './solid_painter.js';
import { asUnits, directionNames, extentOf } from './view.js';

const RADIANS_PER_PIXEL = 0.01;
const RADIANS_PER_KEY = 0.12;
const NAME = 'Hidden layer in three dimensions. Drag or use the arrow keys to rotate it, the wheel or plus and minus to zoom, Home to reset the view';

export class SolidPicture {
  #run = null;
  #frame = null;
  #view = null;
  #orbit = HOME;
  #ranges = new Map();
  #painter = new SolidPainter();
  #queued = 0;
  #showTest;

  /** @param {boolean} showTest */
  constructor(showTest) {
    this.#showTest = showTest;
    this.canvas = element('canvas', { class: 'nn-solid-canvas', tabindex: '0', role: 'application', 'aria-label': NAME, 'data-testid': 'solid' });
    this.context = this.canvas.getContext('2d');
    this.root = element('div', { class: 'nn-plot nn-solid', hidden: true }, this.canvas);
    this.observer = new ResizeObserver(() => this.#resize());
    this.observer.observe(this.root);
    this.#listen();
  }

  get drawn() {
    return this.#frame !== null && this.canvas.width > 1;
  }

  setRun(run) {
    this.#run = run;
    this.#frame = null;
    this.#ranges.clear();
    this.#painter.setRun(run);
  }

  setTheme(theme) {
    this.#painter.setTheme(theme);
    this.#resize();
    this.#paintSoon();
  }

  setShowTest(show) {
    this.#showTest = show;
    this.#paintSoon();
  }

  /** @param {import('../../../messages/decode.js').Arrays} frame @param {import('../../run/run_state.js').View} view the one that drew it */
  draw(frame, view) {
    this.#frame = frame;
    this.#view = view;
    this.#paint();
  }

  destroy() {
    this.observer.disconnect();
    cancelAnimationFrame(this.#queued);
  }

  #listen() {
    const { canvas } = this;
    let from = null;
    this.pointer = new OnePointer(canvas, {
      down: (event) => {
        from = event;
      },
      move: (event) => {
        const [right, down] = [event.clientX - from.clientX, event.clientY - from.clientY];
        from = event;
        this.#turn(turned(this.#orbit, -RADIANS_PER_PIXEL * right, RADIANS_PER_PIXEL * down));
      },
    });
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.#turn(zoomed(this.#orbit, Math.exp(-0.002 * event.deltaY)));
    }, { passive: false });
    canvas.addEventListener('dblclick', () => this.#turn(HOME));
    canvas.addEventListener('keydown', (event) => {
      const next = event.ctrlKey || event.metaKey || event.altKey ? null : this.#afterKey(event.key);
      if (!next) return;
      event.preventDefault();
      event.stopPropagation(); // the arrows mean something else to the page
      this.#turn(next);
    });
  }

  #afterKey(key) {
    const step = RADIANS_PER_KEY;
    /** @type {Record<string, [number, number]>} */
    const moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[key]) return turned(this.#orbit, ...moves[key]);
    if (key === '+' || key === '=') return zoomed(this.#orbit, 1.15);
    if (key === '-') return zoomed(this.#orbit, 1 / 1.15);
    return key === 'Home' ? HOME : null;
  }

  #turn(orbit) {
    this.#orbit = orbit;
    this.#paintSoon();
  }

  #resize() {
    const scale = pixelRatio();
    const { clientWidth: width, clientHeight: height } = this.root;
    if (width < 40 || height < 40) return;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.#paint();
  }

  /** However many events there are, one picture for each of the display's. */
  #paintSoon() {
    this.#queued ||= requestAnimationFrame(() => {
      this.#queued = 0;
      this.#paint();
    });
  }

  #paint() {
    if (!this.drawn || this.root.hidden) return;
    const layer = this.#run.info.layers[this.#view.layer];
    const units = asUnits(this.#view, layer);
    const ranges = this.#rangesFor(units && layer.range.every((end) => end !== null) ? padded(layer.range) : null);
    const names = units ? this.#view.units.map((unit) => `unit ${unit + 1}`) : directionNames(this.#view, this.#run.info, 3);
    this.#painter.paint(this.context, this.#frame, { orbit: this.#orbit, ranges, names, showTest: this.#showTest });
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
