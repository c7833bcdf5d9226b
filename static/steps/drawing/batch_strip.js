/**
 * The samples of the mini-batch: on the plane, and as a row of buttons. One of them can be chosen, or the whole batch.
 */
import { element, setAttribute, setText } from '../../kit/dom.js';
import { classColor, tableColor, valueTable } from '../../kit/palette.js';
import { draw } from './svg.js';

/** The picture's width, and its markers' size. */
const SIDE = 116;
const RADIUS = { other: 1.4, batch: 3.6, chosen: 5.5 };

export class BatchStrip {
  #choose;
  #key = '';
  #dark = false;
  /** @type {Element[]} */
  #marks = [];

  /** @param {(sample: number|null) => void} choose */
  constructor(choose) {
    this.#choose = choose;
    this.picture = draw('svg', { class: 'nn-bs-picture', viewBox: `0 0 ${SIDE} ${SIDE}`, role: 'img', 'aria-label': 'The training samples; those of the batch are large' });
    this.title = element('span', { class: 'nn-bs-title' });
    this.buttons = element('div', { class: 'nn-bs-buttons', role: 'group', 'aria-label': 'Samples of the batch' });
    this.note = element('p', { class: 'nn-bs-note' });
    this.root = element('div', { class: 'nn-bs' }, this.picture, element('div', { class: 'nn-bs-side' }, this.title, this.buttons, this.note));
  }

  /** @param {boolean} dark */
  setDark(dark) {
    if (dark === this.#dark) return;
    this.#dark = dark;
    this.#key = '';
  }

  /** @param {import('../ledger/step.js').Step} step @param {number|null} sample */
  show(step, sample) {
    const few = step.told < step.n ? `The first ${step.told} can be looked at one by one. ` : '';
    setText(this.note, `${few}${sample === null ? 'What goes forward is shown as a mean over the samples; errors and gradients are sums.' : ''}`);
    const key = `${step.run} ${step.number} ${this.#dark}`;
    if (key !== this.#key) {
      this.#key = key;
      this.#build(step);
    }
    for (const button of this.buttons.querySelectorAll('button')) {
      const mine = button.dataset.sample === '' ? null : Number(button.dataset.sample);
      setAttribute(button, 'aria-pressed', String(mine === sample));
    }
    this.#marks.forEach((mark, k) => {
      setAttribute(mark, 'r', String(k === sample ? RADIUS.chosen : RADIUS.batch));
      setAttribute(mark, 'data-chosen', String(k === sample));
    });
  }

  #build(step) {
    const { n, told } = step;
    const held = document.activeElement instanceof HTMLElement && this.buttons.contains(document.activeElement) ? document.activeElement.dataset.sample : null;
    this.title.textContent = n === 1 ? 'The mini-batch: 1 sample' : `The mini-batch: ${n.toLocaleString('en-US')} samples`;
    this.buttons.replaceChildren(this.#button('Whole batch', null, ''), ...[...Array(told).keys()].map((s) => this.#button(String(s + 1), s, this.#colorOf(step, s))));
    if (held !== null) /** @type {HTMLElement|null} */ (this.buttons.querySelector(`[data-sample="${held}"]`))?.focus();
    this.#drawPoints(step);
  }

  #button(text, sample, color) {
    const button = element('button', { type: 'button', class: 'nn-bs-button', 'data-sample': sample === null ? '' : String(sample), text });
    if (sample !== null) button.setAttribute('aria-label', `Sample ${sample + 1}`);
    if (color) button.style.setProperty('--nn-sample', color);
    button.addEventListener('click', () => this.#choose(sample));
    return button;
  }

  #colorOf(step, place) {
    const { points } = step;
    const target = points ? points.targets[place] : step.target(0, place);
    if (step.info.task !== 'regression') {
      const kind = points || step.sizes[step.last + 1] === 1 ? target : [...Array(step.sizes[step.last + 1]).keys()].find((k) => step.target(k, place) > 0.5) ?? 0;
      return classColor(Math.round(kind), this.#dark);
    }
    const targets = points?.targets ?? [target];
    const range = [Math.min(...targets), Math.max(...targets)];
    const byte = range[1] > range[0] ? Math.round((255 * (target - range[0])) / (range[1] - range[0])) : 128;
    return tableColor(valueTable(range, this.#dark), byte);
  }

  #drawPoints(step) {
    const { points } = step;
    this.#marks = [];
    /** @type {SVGElement} */ (this.picture).style.display = points ? '' : 'none';
    if (!points || !step.info.domain) return;
    const [[left, right], [low, high]] = step.info.domain;
    const place = (/** @type {number} */ k) => ({
      cx: ((SIDE * (points.points[2 * k] - left)) / (right - left)).toFixed(1),
      cy: ((SIDE * (high - points.points[2 * k + 1])) / (high - low)).toFixed(1),
    });
    const others = [], batch = [];
    for (let k = points.targets.length - 1; k >= 0; k--) {
      const fill = this.#colorOf(step, k);
      if (k >= step.n) others.push(draw('circle', { ...place(k), r: RADIUS.other, fill, class: 'nn-bs-other' }));
      else {
        const mark = draw('circle', { ...place(k), r: RADIUS.batch, fill, class: 'nn-bs-mark' });
        mark.append(draw('title', {}, `Sample ${k + 1}`));
        if (k < step.told) {
          mark.addEventListener('click', () => this.#choose(k));
          this.#marks[k] = mark;
        }
        batch.push(mark);
      }
    }
    this.picture.replaceChildren(...others, ...batch);
  }
}
