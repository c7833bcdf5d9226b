/**
 * What the network answers at the place of the plane that one points at: with the mouse, with a finger, or by keys. A click pins
 * the place, so that it stays while frames play; another click or Escape frees it. A finger's place stays until another one is
 * touched. Written in a corner of the picture; nothing here is in the way of zooming.
 */
import { element, setAttribute, setText } from '../../../kit/dom.js';
import { formatShort } from '../../../kit/text.js';

/** Pixels from the picture's corner. */
const INSET = 8;
/** A press that moves farther than this, or takes longer, is no click: one zooms. */
const [STILL, BRIEF_MS] = [4, 600];
/** Steps of the arrow keys, as shares of what is in sight; with Shift the smaller one. */
const [KEY_STEP, SMALL_KEY_STEP] = [1 / 24, 1 / 120];
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
const LABEL = 'Point at the plane. Arrow keys move the point, with Shift by less; Enter pins it, Escape frees it.';
/** What has Escape to itself. */
const OWN_ESCAPE = '[role="dialog"], dialog, input, textarea, select, .nn-show, .nn-card, .nn-pad';

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
  return output === 'identity' ? `${name} (${number(values[best])})` : `${name}, ${percent(values[best])} sure`;
}

/** Where that is. @param {string[]} names of the axes @param {number[]} place */
export const placeText = (names, place) => names.map((name, axis) => `${name} ${number(place[axis])}`).join(', ');

export class PointReading {
  #run = null;
  #mapping = null;
  #listeners = new AbortController();
  #isActive = true;
  /** Pinned, or touched: to be seen until something else is. */
  #isHeld = false;
  /** Whether it is moved by keys. */
  #byKeys = false;
  /** @type {number[]|null} */
  #place = null;
  /** Of which data, and which part of it. */
  #plane = '';
  /** Where a button was pressed, and when. @type {{x: number, y: number, at: number}|null} */
  #press = null;

  /** @param {HTMLElement} host of the plot @param {(place: number[]|null, isPinned: boolean) => void} pointAt */
  constructor(host, pointAt) {
    this.host = host;
    this.pointAt = (/** @type {number[]|null} */ place) => {
      this.#place = place;
      pointAt(place, this.#isHeld);
    };
    this.text = element('p', { class: 'nn-point', 'data-testid': 'point', hidden: true });
    this.mark = element('span', { class: 'nn-point-mark', 'aria-hidden': 'true', hidden: true });
    this.said = element('span', { class: 'nn-point-said', role: 'status' });
    this.cursor = element('div', { class: 'nn-point-cursor', tabindex: '0', role: 'application', 'aria-label': LABEL });
    host.append(this.cursor, this.mark, this.text, this.said);
    this.#listen();
  }

  setRun(run) {
    this.#run = run;
    const { domain, dataset, input_names: axes } = run.info;
    // On another plane, or among other samples, it is another place.
    const plane = JSON.stringify([dataset, domain]);
    const place = this.#place;
    const stays = this.#isHeld && plane === this.#plane && place?.length === axes.length && place.every((value, axis) => value >= domain[axis][0] && value <= domain[axis][1]);
    this.#plane = plane;
    if (!stays) this.#free();
  }

  /** @param {boolean} active not while one draws */
  setActive(active) {
    this.#isActive = active;
    this.cursor.tabIndex = active ? 0 : -1;
    if (!active) this.#free();
  }

  /** @param {Object} mapping of the plot */
  follow(mapping) {
    this.#mapping = mapping;
    const { left, top, width, height, scale } = mapping;
    Object.assign(this.cursor.style, { left: `${left}px`, top: `${top}px`, width: `${width / scale}px`, height: `${height / scale}px` });
  }

  /** @param {import('../../pictures/point_through.js').Point|null} point @param {string} [more] what there is besides */
  show(point, more = '') {
    this.text.hidden = point === null;
    const isMarked = point !== null && (this.#isHeld || this.#byKeys);
    this.mark.hidden = true;
    this.mark.classList.toggle('nn-pinned', this.#isHeld);
    setAttribute(this.host, 'data-pinned', String(point !== null && this.#isHeld));
    if (point === null) return;
    const { info } = this.#run;
    setText(this.text, [`${placeText(info.input_names, point.place)} → ${answerText(info, point.outputs)}`, more].filter(Boolean).join(' · '));
    const { x, kx, y, ky, width, height, scale, left, top } = this.#mapping;
    const [across, down] = [x + kx * point.place[0], point.place.length > 1 ? y + ky * point.place[1] : height / 2];
    // Not where one points.
    const isBelow = down < height / 3 && across < (2 * width) / 3;
    Object.assign(this.text.style, { left: `${left + INSET}px`, top: `${top + (isBelow ? height / scale - INSET - this.text.offsetHeight : INSET)}px` });
    // Not where it has been pushed out of sight.
    this.mark.hidden = !isMarked || across < 0 || across > width || down < 0 || down > height;
    if (isMarked) this.mark.style.transform = `translate(${left + across / scale}px, ${top + down / scale}px)`;
  }

  destroy() {
    this.#listeners.abort();
  }

  #listen() {
    const { host, cursor } = this;
    const { signal } = this.#listeners;
    host.addEventListener('pointermove', (event) => event.pointerType !== 'touch' && this.#move(event), { signal, passive: true });
    host.addEventListener('pointerleave', (event) => event.pointerType !== 'touch' && !this.#isHeld && this.pointAt(null), { signal });
    document.addEventListener('pointerdown', (event) => this.#down(event), { signal, passive: true, capture: true });
    document.addEventListener('pointerup', (event) => this.#up(event), { signal, passive: true, capture: true });
    document.addEventListener('keydown', (event) => this.#onEscape(event), { signal, capture: true });
    cursor.addEventListener('focus', () => cursor.matches(':focus-visible') && this.#begin(), { signal });
    cursor.addEventListener('blur', () => this.#end(), { signal });
    cursor.addEventListener('keydown', (event) => this.#onKey(event), { signal });
  }

  #free() {
    this.#isHeld = false;
    this.pointAt(null);
  }

  #move(event) {
    if (this.#isHeld) return;
    this.#byKeys = false;
    this.pointAt(this.#isActive ? this.#placeOf(event) : null);
  }

  #down(event) {
    const isHere = this.#isActive && this.host.contains(event.target) && !event.target.closest('.modebar, .nn-pad');
    if (event.pointerType !== 'touch') {
      this.#press = isHere && event.button === 0 && this.#placeOf(event) ? { x: event.clientX, y: event.clientY, at: event.timeStamp } : null;
      return;
    }
    const place = isHere ? this.#placeOf(event) : null;
    if (place === null && !this.#isHeld) return;
    this.#isHeld = place !== null;
    this.pointAt(place);
  }

  /** The chart has the mouse from a press on, so there is no click to hear of. */
  #up(event) {
    const press = this.#press;
    this.#press = null;
    if (!press || event.pointerType === 'touch') return;
    if (Math.hypot(event.clientX - press.x, event.clientY - press.y) > STILL || event.timeStamp - press.at > BRIEF_MS) return;
    this.#byKeys = false;
    this.#isHeld = !this.#isHeld;
    // Another array, for the same place is to be drawn in another way.
    this.pointAt(this.#placeOf(event));
  }

  #onEscape(event) {
    if (event.key !== 'Escape' || !this.#isHeld || event.defaultPrevented || event.target.closest?.(OWN_ESCAPE)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#isHeld = false;
    this.pointAt(this.#byKeys && this.#place ? [...this.#place] : null);
    setText(this.said, 'Freed.');
  }

  // -- by keys

  #begin() {
    this.#byKeys = true;
    if (this.#place === null && this.#isActive) this.#goTo(this.#inSight.map(([low, high]) => (low + high) / 2));
  }

  #end() {
    this.#byKeys = false;
    if (!this.#isHeld) this.pointAt(null);
  }

  #onKey(event) {
    if (event.ctrlKey || event.altKey || event.metaKey || !this.#mapping || !this.#isActive) return;
    const arrow = ARROWS[event.key];
    if (!arrow && event.key !== 'Enter') return;
    event.preventDefault();
    event.stopPropagation();
    this.#byKeys = true;
    const share = event.shiftKey ? SMALL_KEY_STEP : KEY_STEP;
    const place = this.#place ?? this.#inSight.map(([low, high]) => (low + high) / 2);
    if (!arrow) this.#isHeld = !this.#isHeld;
    this.#goTo(this.#inSight.map(([low, high], axis) => Math.max(low, Math.min(high, place[axis] + (arrow ? arrow[axis] * share * (high - low) : 0)))));
  }

  #goTo(place) {
    this.pointAt(place);
    // It is drawn with the next frame of the display, and then said.
    requestAnimationFrame(() => requestAnimationFrame(() => setText(this.said, `${this.text.textContent}${this.#isHeld ? ', pinned' : ''}`)));
  }

  /** The part of the plane that is in sight, an interval for each axis. @returns {number[][]} */
  get #inSight() {
    if (!this.#mapping) return [];
    const { x, kx, y, ky, width, height } = this.#mapping;
    return [[-x / kx, (width - x) / kx], [(height - y) / ky, -y / ky]].slice(0, this.#run.info.input_names.length);
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
