/**
 * What the network answers at the place of the plane that one points at: with the mouse, or with a finger, which stays until
 * another place is touched. Written in a corner of the picture; nothing here is in the way of zooming.
 */
import { element, setText } from '../../../kit/dom.js';
import { formatShort } from '../../../kit/text.js';

/** Pixels from the picture's corner. */
const INSET = 8;

/** Digits of a share, and of other numbers. */
const percent = (share) => `${(100 * share).toFixed(1)} %`;
const number = (value) => formatShort(Number(value.toPrecision(3)));

/** The network's answer in words. @param {Object} info of the run @param {ArrayLike<number>} outputs */
export function answerText({ task, class_names: classes, output }, outputs) {
  if (task === 'regression') return number(outputs[0]);
  // One output is how likely the second of two classes is.
  const values = outputs.length === 1 ? [1 - outputs[0], outputs[0]] : Array.from(outputs);
  const best = values.indexOf(Math.max(...values));
  const name = classes[best] ?? '';
  if (best < 0) return '–';
  return output === 'identity' ? `${name} (${number(values[best])})` : `${name}, ${percent(values[best])}`;
}

/** Where that is. @param {string[]} names of the axes @param {number[]} place */
export const placeText = (names, place) => names.map((name, axis) => `${name} ${number(place[axis])}`).join(', ');

export class PointReading {
  #run = null;
  #mapping = null;
  #listeners = new AbortController();
  #isActive = true;
  /** Touched, and to be seen until something else is. */
  #isHeld = false;

  /** @param {HTMLElement} host of the plot @param {(place: number[]|null) => void} pointAt */
  constructor(host, pointAt) {
    this.host = host;
    this.pointAt = pointAt;
    this.text = element('p', { class: 'nn-point', 'data-testid': 'point', hidden: true });
    this.mark = element('span', { class: 'nn-point-mark', 'aria-hidden': 'true', hidden: true });
    host.append(this.mark, this.text);
    const { signal } = this.#listeners;
    host.addEventListener('pointermove', (event) => event.pointerType !== 'touch' && this.#move(event), { signal, passive: true });
    host.addEventListener('pointerleave', (event) => event.pointerType !== 'touch' && !this.#isHeld && this.pointAt(null), { signal });
    document.addEventListener('pointerdown', (event) => this.#touch(event), { signal, passive: true, capture: true });
  }

  setRun(run) {
    this.#run = run;
    this.pointAt(null);
  }

  /** @param {boolean} active not while one draws */
  setActive(active) {
    this.#isActive = active;
    if (!active) this.pointAt(null);
  }

  /** @param {Object} mapping of the plot */
  follow(mapping) {
    this.#mapping = mapping;
  }

  /** @param {import('../../pictures/point_through.js').Point|null} point */
  show(point) {
    this.text.hidden = point === null;
    const isMarked = point !== null && this.#isHeld;
    this.mark.hidden = !isMarked;
    if (point === null) return;
    const { info } = this.#run;
    setText(this.text, `${placeText(info.input_names, point.place)} → ${answerText(info, point.outputs)}`);
    const { x, kx, y, ky, width, height, scale, left, top } = this.#mapping;
    const [across, down] = [x + kx * point.place[0], point.place.length > 1 ? y + ky * point.place[1] : height / 2];
    // Not where one points.
    const isBelow = down < height / 3 && across < (2 * width) / 3;
    Object.assign(this.text.style, { left: `${left + INSET}px`, top: `${top + (isBelow ? height / scale - INSET - this.text.offsetHeight : INSET)}px` });
    if (isMarked) this.mark.style.transform = `translate(${left + across / scale}px, ${top + down / scale}px)`;
  }

  destroy() {
    this.#listeners.abort();
  }

  #move(event) {
    this.#isHeld = false;
    this.pointAt(this.#isActive ? this.#placeOf(event) : null);
  }

  #touch(event) {
    if (event.pointerType !== 'touch') return;
    const place = this.#isActive && this.host.contains(event.target) ? this.#placeOf(event) : null;
    if (place === null && !this.#isHeld) return;
    this.#isHeld = place !== null;
    this.pointAt(place);
  }

  /** @returns {number[]|null} null outside the axes */
  #placeOf({ clientX, clientY }) {
    if (!this.#mapping || !this.#run) return null;
    const { x, kx, y, ky, width, height, scale, left, top } = this.#mapping;
    const box = this.host.getBoundingClientRect();
    const [across, down] = [(clientX - box.left - left) * scale, (clientY - box.top - top) * scale];
    if (across < 0 || down < 0 || across > width || down > height) return null;
    return [(across - x) / kx, (down - y) / ky].slice(0, this.#run.info.input_names.length);
  }
}
