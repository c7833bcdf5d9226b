/**
 * A canvas with a picture in three coordinates: turned by dragging or with the arrow keys, zoomed with the wheel.
 */
import { element } from '../../../kit/dom.js';
import { OnePointer } from '../../../kit/one_pointer.js';
import { pixelRatio } from '../../../kit/pixel_ratio.js';
import { HOME, turned, zoomed } from './orbit.js';

const RADIANS_PER_PIXEL = 0.01;
const RADIANS_PER_KEY = 0.12;
/** A pointer that goes no farther than so many pixels doesn't turn: it clicks. */
const STILL = 4;

export class OrbitCanvas {
  /** @type {import('./orbit.js').Orbit} */
  orbit = HOME;
  #queued = 0;
  #paint;
  #click;

  /**
   * @param {{name: string, testid: string, paint: () => void, click?: (x: number, y: number) => void}} options
   *   `click` is told where, in device pixels of the canvas
   */
  constructor({ name, testid, paint, click = () => {} }) {
    this.#paint = paint;
    this.#click = click;
    this.canvas = element('canvas', { class: 'nn-solid-canvas', tabindex: '0', role: 'application', 'aria-label': name, 'data-testid': testid });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    this.root = element('div', { class: 'nn-plot nn-solid', hidden: true }, this.canvas);
    this.observer = new ResizeObserver(() => this.resize());
    this.observer.observe(this.root);
    this.#listen();
  }

  /** Whether it has a size. */
  get ready() {
    return this.canvas.width > 1;
  }

  destroy() {
    this.observer.disconnect();
    cancelAnimationFrame(this.#queued);
  }

  #listen() {
    const { canvas } = this;
    let from = null;
    let way = 0;
    this.pointer = new OnePointer(canvas, {
      down: (event) => {
        from = event;
        way = 0;
      },
      move: (event) => {
        const [right, down] = [event.clientX - from.clientX, event.clientY - from.clientY];
        way += Math.hypot(right, down);
        from = event;
        this.#turn(turned(this.orbit, -RADIANS_PER_PIXEL * right, RADIANS_PER_PIXEL * down));
      },
      up: (event) => {
        if (way > STILL || event.type !== 'pointerup') return;
        const box = canvas.getBoundingClientRect();
        const scale = canvas.width / Math.max(1, box.width);
        this.#click((event.clientX - box.left) * scale, (event.clientY - box.top) * scale);
      },
    });
    canvas.addEventListener('wheel', (event) => {
      event.preventDefault();
      this.#turn(zoomed(this.orbit, Math.exp(-0.002 * event.deltaY)));
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
    if (moves[key]) return turned(this.orbit, ...moves[key]);
    if (key === '+' || key === '=') return zoomed(this.orbit, 1.15);
    if (key === '-') return zoomed(this.orbit, 1 / 1.15);
    return key === 'Home' ? HOME : null;
  }

  #turn(orbit) {
    this.orbit = orbit;
    this.paintSoon();
  }

  resize() {
    const scale = pixelRatio();
    const { clientWidth: width, clientHeight: height } = this.root;
    if (width < 40 || height < 40) return;
    this.canvas.width = Math.round(width * scale);
    this.canvas.height = Math.round(height * scale);
    this.#paint();
  }

  /** However many events there are, one picture for each of the display's. */
  paintSoon() {
    this.#queued ||= requestAnimationFrame(() => {
      this.#queued = 0;
      this.#paint();
    });
  }
}
