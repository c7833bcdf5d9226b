/**
 * The surface one draws on, by pointer or by keys, and what is painted there. Places are shares of its side; what a
 * gesture means is up to its owner.
 */
import { element } from '../kit/dom.js';
import { OnePointer } from '../kit/one_pointer.js';
import { pixelRatio } from '../kit/pixel_ratio.js';
import { parseColor } from '../kit/theme.js';
import { inkOf } from './ink.js';
import { PEN, paintDrawing } from './paint.js';

/** Side of the ink that is read: a multiple of the images', so that one of them comes back as it went. */
const INK_SIDE = 112;
/** The keyboard's steps, as shares of the side; with Shift the longer one. */
const KEY_STEP = 1 / 48;
const LONG_KEY_STEP = 1 / 12;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const LABEL = 'Drawing area. Arrow keys move the pen, Space puts it down and lifts it, Backspace undoes the last stroke, Delete clears the drawing.';

export class Easel {
  /** Where the keyboard's pen is, and whether it draws. @type {import('./strokes.js').Place} */
  #pen = [0.5, 0.5];
  #penDown = false;
  /** Whether the hand is on the keys: a finger's focus looks like theirs to a browser. */
  #byKeys = true;
  #theme = null;

  /**
   * @param {import('./strokes.js').Strokes} strokes
   * @param {{onDraw: () => void, onUndo: () => void, onClear: () => void, onPen: (down: boolean) => void}} events
   *   what is drawn is painted when its owner says so: a hand may be faster than the screen
   */
  constructor(strokes, events) {
    this.strokes = strokes;
    this.events = events;
    this.canvas = element('canvas', { class: 'nn-easel', tabindex: '0', role: 'application', 'aria-label': LABEL, 'data-testid': 'easel' });
    this.hint = element('span', { class: 'nn-easel-hint', text: 'Draw a digit here', 'aria-hidden': 'true' });
    this.root = element('div', { class: 'nn-easel-box' }, this.canvas, this.hint);
    this.context = this.canvas.getContext('2d');
    this.small = new OffscreenCanvas(INK_SIDE, INK_SIDE).getContext('2d', { willReadFrequently: true });
    const { canvas } = this;
    this.pointer = new OnePointer(canvas, {
      down: (event) => this.#down(event),
      move: (event) => this.#move(event),
      takeBack: () => events.onUndo(),
    });
    canvas.addEventListener('keydown', (event) => this.#key(event));
    canvas.addEventListener('focus', () => this.paint());
    canvas.addEventListener('blur', () => {
      this.#byKeys = true;
      this.#lift();
    });
    new ResizeObserver(() => this.#resize()).observe(canvas);
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#resize();
    this.paint();
  }

  /** @returns {import('./images.js').Image|null} what is on the pad; null where it is bare */
  ink() {
    paintDrawing(this.small, this.strokes, INK_SIDE, [0, 0, 0]);
    return inkOf(this.small.getImageData(0, 0, INK_SIDE, INK_SIDE).data, INK_SIDE);
  }

  paint() {
    const { canvas, context } = this;
    if (!this.#theme || canvas.width === 0) return;
    paintDrawing(context, this.strokes, canvas.width, parseColor(this.#theme.text));
    this.hint.hidden = !this.strokes.isEmpty;
    if (this.#byKeys && document.activeElement === canvas && canvas.matches(':focus-visible')) this.#paintPen();
  }

  #paintPen() {
    const { context, canvas } = this;
    const [x, y] = this.#pen.map((share) => share * canvas.width);
    context.beginPath();
    context.arc(x, y, (PEN * canvas.width) / 2, 0, 2 * Math.PI);
    context.lineWidth = 2 * pixelRatio();
    context.strokeStyle = this.#theme.primary;
    context.stroke();
    if (!this.#penDown) return;
    context.fillStyle = this.#theme.primary;
    context.fill();
  }

  #resize() {
    const side = Math.round(this.canvas.clientWidth * pixelRatio());
    if (side === 0 || side === this.canvas.width) return;
    this.canvas.width = this.canvas.height = side;
    this.paint();
  }

  /** @param {PointerEvent} event @returns {import('./strokes.js').Place} */
  #placeOf(event) {
    const box = this.canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
  }

  #down(event) {
    event.preventDefault();
    this.#byKeys = false;
    this.canvas.focus({ preventScroll: true });
    this.#lift();
    if (!this.strokes.begin(this.#placeOf(event))) return false;
    this.events.onDraw();
    return true;
  }

  #move(event) {
    const all = event.getCoalescedEvents?.() ?? [];
    let new_ = false;
    for (const each of all.length > 0 ? all : [event]) new_ = this.strokes.extend(this.#placeOf(each)) || new_;
    if (new_) this.events.onDraw();
  }

  #lift() {
    if (this.#penDown) this.events.onPen(false);
    this.#penDown = false;
    this.paint();
  }

  /** Keys that mean something here go no further: elsewhere on the page they may mean something else. */
  #key(event) {
    this.#byKeys = true;
    if (!this.#takeKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  #takeKey(event) {
    const command = event.ctrlKey || event.metaKey;
    if (command && event.key.toLowerCase() === 'z') this.events.onUndo();
    else if (command || event.altKey) return false;
    else if (ARROWS[event.key]) this.#movePen(ARROWS[event.key], event.shiftKey ? LONG_KEY_STEP : KEY_STEP);
    else if (event.key === ' ') this.#togglePen();
    else if (event.key === 'Backspace') this.events.onUndo();
    else if (event.key === 'Delete') this.events.onClear();
    else return false;
    return true;
  }

  #movePen([dx, dy], step) {
    const within = (share) => Math.min(1 - PEN / 2, Math.max(PEN / 2, share));
    this.#pen = [within(this.#pen[0] + dx * step), within(this.#pen[1] + dy * step)];
    if (this.#penDown && this.strokes.extend(this.#pen)) this.events.onDraw();
    else this.paint();
  }

  #togglePen() {
    this.#penDown = !this.#penDown;
    this.events.onPen(this.#penDown);
    if (this.#penDown) this.strokes.begin(this.#pen);
    this.events.onDraw();
  }
}
