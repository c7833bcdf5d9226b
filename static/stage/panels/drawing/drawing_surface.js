/**
 * The surface one draws on: a canvas over the plot area that takes pointers and keys and paints the points.
 *
 * It knows pixels and the plot's mapping; what a gesture does is up to its owner.
 */
import { element } from '../../../kit/dom.js';
import { OnePointer } from '../../../kit/one_pointer.js';
import { markerStamp } from '../../../plot/shapes.js';

export const ERASER_RADIUS = 14;
/** The crosshair's steps by arrow key, as shares of the plot; with Shift the longer one. */
const KEY_STEP = 1 / 60;
const LONG_KEY_STEP = 1 / 12;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LABEL = 'Drawing area. Arrow keys move the crosshair, Enter adds a point, Delete erases, digits choose the class.';

export class DrawingSurface {
  #mapping = null;
  #stamps = new Map();
  /** Where the crosshair is, in CSS pixels of the pad. */
  #cross = null;
  #pointer = null;

  /**
   * @param {HTMLElement} host
   * @param {{down: Function, move: Function, up: Function, takeBack: Function, key: (event: KeyboardEvent) => boolean, enter: Function, erase: Function, paint: Function}} events
   *   places are in CSS pixels of the pad
   */
  constructor(host, events) {
    this.events = events;
    this.canvas = element('canvas', { class: 'nn-pad', tabindex: '0', role: 'application', 'aria-label': LABEL, hidden: true });
    this.context = this.canvas.getContext('2d');
    host.append(this.canvas);
    this.pointer = new OnePointer(this.canvas, {
      down: (event) => this.#down(event),
      move: (event) => this.#move(event),
      up: (event) => this.#up(event),
      takeBack: () => {
        this.#pointer = null;
        events.takeBack();
      },
      hover: (event) => this.#point(event && this.#mapping ? this.#place(event) : null),
    });
    this.canvas.addEventListener('keydown', (event) => this.#key(event));
    for (const name of ['focus', 'blur']) this.canvas.addEventListener(name, () => events.paint());
  }

  show(shown) {
    this.canvas.hidden = !shown;
    if (shown && this.#mapping) this.events.paint();
  }

  /** Lie over the plot area. @param {Object} mapping of the plot frame */
  follow(mapping) {
    if (this.#mapping === mapping) return;
    this.#mapping = mapping;
    const { canvas } = this;
    canvas.width = mapping.width;
    canvas.height = mapping.height;
    canvas.style.left = `${mapping.left}px`;
    canvas.style.top = `${mapping.top}px`;
    canvas.style.width = `${mapping.width / mapping.scale}px`;
    canvas.style.height = `${mapping.height / mapping.scale}px`;
    this.#stamps.clear();
    this.#cross = null;
    if (!canvas.hidden) this.events.paint();
  }

  forgetStamps() {
    this.#stamps.clear();
  }

  /** The values at a place. @param {{x: number, y: number}} place @returns {[number, number]} */
  valuesAt({ x, y }) {
    const { scale, kx, ky, x: x0, y: y0 } = this.#mapping;
    return [(x * scale - x0) / kx, (y * scale - y0) / ky];
  }

  /** A length in CSS pixels as lengths along both axes. */
  lengths(pixels) {
    const { scale, kx, ky } = this.#mapping;
    return [(pixels * scale) / kx, (pixels * scale) / -ky];
  }

  /**
   * @param {import('./drawn_points.js').Point[]} points
   * @param {(target: number) => import('../../../plot/shapes.js').Marker} markerOf
   * @param {boolean} erasing whether to show the eraser's size
   */
  paint(points, markerOf, erasing, theme) {
    if (!this.#mapping) return;
    const { context, canvas } = this;
    const { scale, kx, ky, x: x0, y: y0 } = this.#mapping;
    context.clearRect(0, 0, canvas.width, canvas.height);
    for (const [x, y, target] of points) {
      const stamp = this.#stamp(target, markerOf, scale);
      context.drawImage(stamp, Math.round(x0 + kx * x - stamp.width / 2), Math.round(y0 + ky * y - stamp.height / 2));
    }
    context.save();
    context.scale(scale, scale);
    context.strokeStyle = theme.text;
    context.lineWidth = 1.5;
    if (erasing && this.#pointer) this.#circle(this.#pointer, ERASER_RADIUS);
    if (document.activeElement === canvas && canvas.matches(':focus-visible')) this.#crosshair(erasing);
    context.restore();
  }

  #stamp(target, markerOf, scale) {
    const marker = markerOf(target);
    const key = `${marker.symbol} ${marker.fill}`;
    if (!this.#stamps.has(key)) this.#stamps.set(key, markerStamp(marker, scale));
    return this.#stamps.get(key);
  }

  #circle({ x, y }, radius) {
    this.context.beginPath();
    this.context.arc(x, y, radius, 0, 2 * Math.PI);
    this.context.stroke();
  }

  #crosshair(erasing) {
    const { x, y } = this.cross;
    this.context.beginPath();
    for (const [dx, dy] of Object.values(ARROWS)) {
      this.context.moveTo(x + 5 * dx, y + 5 * dy);
      this.context.lineTo(x + 15 * dx, y + 15 * dy);
    }
    this.context.stroke();
    this.#circle({ x, y }, erasing ? ERASER_RADIUS : 9);
  }

  /** The crosshair's place; at first the middle. */
  get cross() {
    this.#cross ??= { x: this.canvas.clientWidth / 2, y: this.canvas.clientHeight / 2 };
    return this.#cross;
  }

  #place(event) {
    const box = this.canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  #inside({ x, y }) {
    return x >= 0 && y >= 0 && x <= this.canvas.clientWidth && y <= this.canvas.clientHeight;
  }

  #point(place) {
    this.#pointer = place;
    this.events.paint();
  }

  #down(event) {
    if (!this.#mapping) return false;
    event.preventDefault();
    this.canvas.focus({ preventScroll: true });
    this.#pointer = this.#place(event);
    this.events.down(this.#pointer);
    return true;
  }

  #move(event) {
    this.#pointer = this.#place(event);
    if (this.#inside(this.#pointer)) this.events.move(this.#pointer);
    else this.events.paint();
  }

  #up(event) {
    if (event.pointerType !== 'mouse') this.#pointer = null;
    this.events.up();
  }

  /** Keys that mean something here go no further: elsewhere they may mean something else. */
  #key(event) {
    if (!this.#mapping || !this.#takeKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #takeKey(event) {
    const direction = ARROWS[event.key];
    if (direction && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const step = event.shiftKey ? LONG_KEY_STEP : KEY_STEP;
      const { clientWidth: width, clientHeight: height } = this.canvas;
      const { x, y } = this.cross;
      const within = (value, size) => Math.max(1, Math.min(size - 1, value));
      this.#cross = { x: within(x + direction[0] * step * width, width), y: within(y + direction[1] * step * height, height) };
      this.events.paint();
      return true;
    }
    if (event.key === 'Enter' || event.key === ' ') this.events.enter(this.cross);
    else if (event.key === 'Delete' || event.key === 'Backspace') this.events.erase(this.cross);
    else return this.events.key(event);
    return true;
  }
}
