/** One seed on the wall: its network's answers over the plane, its number and its score. Pressed, it opens as a run of its own. */
import { element, setAttribute, setText } from '../../../kit/dom.js';

export class SeedCell {
  #place = '';
  #side = 0;

  /** @param {number} seed its number */
  constructor(seed) {
    this.seed = seed;
    this.canvas = element('canvas', { 'aria-hidden': 'true' });
    this.context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    this.number = element('span', { class: 'nn-seed-number', text: String(seed) });
    this.score = element('span', { class: 'nn-seed-score' });
    const words = element('span', { class: 'nn-seed-words', 'aria-hidden': 'true' }, this.number, this.score);
    this.root = element('button', { type: 'button', class: 'nn-seed', tabindex: '-1', 'data-seed': String(seed) }, this.canvas, words);
  }

  /** @param {number} x @param {number} y @param {number} side in CSS pixels @param {number} pixels of the canvas along a side */
  place(x, y, side, pixels) {
    const place = `translate(${x}px, ${y}px)`;
    if (place !== this.#place) this.root.style.transform = this.#place = place;
    if (side !== this.#side) {
      this.#side = side;
      this.root.style.width = `${side}px`;
      this.canvas.style.height = `${side}px`;
    }
    if (this.canvas.width !== pixels) this.canvas.width = this.canvas.height = pixels;
  }

  /** @param {{score: string, reaches: boolean, diverged: boolean, name: string}} said */
  say({ score, reaches, diverged, name }) {
    setText(this.score, diverged ? 'diverged' : score);
    setAttribute(this.root, 'data-reaches', String(reaches));
    setAttribute(this.root, 'data-diverged', String(diverged));
    setAttribute(this.root, 'aria-label', name);
    setAttribute(this.root, 'title', name);
  }
}
