/** A small chart of curves, as SVG: its axes, its lines, and a mark that can be moved along it. */
import { element, setAttribute, svg, svgPath } from '../../kit/dom.js';

/** @typedef {{values: number[], color: string, dashed?: boolean, width?: number}} Line */
/** @typedef {{x: number[], lines: Line[], ticks: {at: number, text: string}[], marks?: number[], dividers?: number[], label: string, xTitle: string}} Drawing */

const [LEFT, RIGHT, TOP, BOTTOM] = [40, 18, 8, 34];
const SMALLEST = 60;

export class LineChart {
  /** @type {Drawing|null} */
  #drawing = null;
  #mark = NaN;
  #onPick;
  #observer;
  #scale = 1;

  /** @param {((x: number) => void)|null} onPick a place along the chart was pressed, or dragged to */
  constructor(onPick = null) {
    this.#onPick = onPick;
    this.root = element('div', { class: 'nn-lab-chart' });
    this.picture = svg({ role: 'img' });
    this.root.append(this.picture);
    this.#observer = new ResizeObserver(() => this.#draw());
    this.#observer.observe(this.root);
    if (onPick) this.#listen();
  }

  /** @param {Drawing} drawing @param {number} scale of the type */
  show(drawing, scale) {
    this.#drawing = drawing;
    this.#scale = scale;
    this.#draw();
  }

  /** Put the mark there. @param {number} x */
  mark(x) {
    this.#mark = x;
    const line = this.picture.querySelector('.nn-lab-mark');
    if (!line || !this.#drawing) {
      this.#draw();
      return;
    }
    for (const end of ['x1', 'x2']) setAttribute(line, end, String(this.#across(x)));
  }

  destroy() {
    this.#observer.disconnect();
  }

  #listen() {
    const pick = (/** @type {PointerEvent} */ event) => {
      if (!this.#drawing) return;
      const { x } = this.#drawing;
      const { left, width: shown } = this.picture.getBoundingClientRect(); // enlarged on a projector
      const { width } = this.#size;
      const share = (((event.clientX - left) / shown) * width - this.#left) / (width - this.#left - RIGHT);
      this.#onPick?.(x[0] + Math.min(1, Math.max(0, share)) * (x[x.length - 1] - x[0]));
    };
    this.root.classList.add('nn-lab-picked');
    this.picture.addEventListener('pointerdown', (event) => {
      this.picture.setPointerCapture(event.pointerId);
      pick(event);
    });
    this.picture.addEventListener('pointermove', (event) => this.picture.hasPointerCapture(event.pointerId) && pick(event));
  }

  get #size() {
    const { clientWidth: width, clientHeight: height } = this.root;
    return { width: Math.max(SMALLEST, width), height: Math.max(SMALLEST, height) };
  }

  get #left() {
    return LEFT * this.#scale;
  }

  #across(/** @type {number} */ x) {
    const all = /** @type {Drawing} */ (this.#drawing).x;
    const [first, last] = [all[0], all[all.length - 1]];
    return this.#left + ((x - first) / (last - first || 1)) * (this.#size.width - this.#left - RIGHT);
  }

  #draw() {
    const drawing = this.#drawing;
    if (!drawing || this.root.clientWidth === 0) return;
    const { width, height } = this.#size;
    const bottom = BOTTOM * this.#scale;
    const finite = drawing.lines.flatMap(({ values }) => values.filter(Number.isFinite));
    const top = Math.max(...finite, 1e-9) * 1.04;
    const up = (/** @type {number} */ value) => TOP + (1 - Math.min(value, top) / top) * (height - TOP - bottom);
    const parts = [];
    for (const value of niceTicks(top)) {
      parts.push(lineNode('nn-lab-grid', this.#left, up(value), width - RIGHT, up(value)));
      parts.push(textNode(String(Number(value.toPrecision(3))), this.#left - 6, up(value) + 4 * this.#scale, 'end'));
    }
    for (const { at, text } of drawing.ticks) parts.push(textNode(text, this.#across(at), height - bottom + 14 * this.#scale, 'middle'));
    for (const at of drawing.dividers ?? []) parts.push(lineNode('nn-lab-divider', this.#across(at), TOP, this.#across(at), height - bottom));
    parts.push(textNode(drawing.xTitle, (this.#left + width - RIGHT) / 2, height - 4, 'middle'));
    for (const { values, color, dashed, width: stroke = 2 } of drawing.lines) {
      const d = values.map((value, k) => `${k === 0 ? 'M' : 'L'}${this.#across(drawing.x[k]).toFixed(1)} ${up(value).toFixed(1)}`).join('');
      parts.push(svgPath({ d, fill: 'none', stroke: color, 'stroke-width': String(stroke), 'stroke-linejoin': 'round', ...(dashed ? { 'stroke-dasharray': '5 4' } : {}) }));
    }
    if (Number.isFinite(this.#mark)) parts.push(lineNode('nn-lab-mark', this.#across(this.#mark), TOP, this.#across(this.#mark), height - bottom));
    setAttribute(this.picture, 'viewBox', `0 0 ${width} ${height}`);
    setAttribute(this.picture, 'width', String(width));
    setAttribute(this.picture, 'height', String(height));
    setAttribute(this.picture, 'aria-label', drawing.label);
    this.picture.replaceChildren(...parts);
  }
}

/** A few round numbers from 0 up. @param {number} top */
export function niceTicks(top) {
  const raw = top / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((each) => each >= raw) ?? raw;
  return Array.from({ length: Math.floor(top / step + 1e-9) + 1 }, (_, k) => k * step);
}

const SVG = 'http://www.w3.org/2000/svg';

function lineNode(name, x1, y1, x2, y2) {
  const node = document.createElementNS(SVG, 'line');
  for (const [key, value] of Object.entries({ class: name, x1, y1, x2, y2 })) node.setAttribute(key, String(value));
  return node;
}

function textNode(text, x, y, anchor) {
  const node = document.createElementNS(SVG, 'text');
  for (const [key, value] of Object.entries({ x, y, 'text-anchor': anchor })) node.setAttribute(key, String(value));
  node.textContent = text;
  return node;
}
