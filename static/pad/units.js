/** What the network is fed with, and each hidden layer's units as little squares, one colour for one activation. */
import { element, setAttribute, setText } from '../kit/dom.js';
import { divergingColor } from '../kit/palette.js';
import { css, mix, parseColor } from '../kit/theme.js';
import { layerGrid, scaleOf } from './layer_grid.js';

/** Side of a unit's square in the canvas, and the gap between two. */
const CELL = 10;
const GAP = 2;

/** Full colour for so many steps on both sides of 0. */
const STEPS = 127;

/** Colours from the lowest to the highest, for light and dark: made once, as there are many units. */
const colors = new Map();

function colorOf(share, dark) {
  if (!colors.has(dark)) colors.set(dark, Array.from({ length: 2 * STEPS + 1 }, (_, k) => css(divergingColor(k / STEPS - 1, dark))));
  return colors.get(dark)[STEPS + Math.round(STEPS * Math.min(1, Math.max(-1, share)))];
}

/** A canvas with its name below. */
function figure(className) {
  const canvas = element('canvas', { role: 'img' });
  const caption = element('figcaption');
  return { canvas, caption, root: element('figure', { class: className }, canvas, caption) };
}

export class Seen {
  constructor() {
    const { canvas, caption, root } = figure('nn-seen');
    this.root = root;
    this.canvas = canvas;
    this.caption = caption;
    this.canvas.setAttribute('aria-label', 'The drawing as the network sees it');
  }

  /** @param {ArrayLike<number>|null} pixels in 0…1 @param {[number, number]} shape */
  show(pixels, [rows, columns], theme) {
    if (this.canvas.width !== columns || this.canvas.height !== rows) Object.assign(this.canvas, { width: columns, height: rows });
    setText(this.caption, `Input, ${rows}×${columns}`);
    const image = new ImageData(columns, rows);
    const [paper, ink] = [parseColor(theme.surface), parseColor(theme.text)];
    for (let k = 0; k < rows * columns; k++) image.data.set([...mix(paper, ink, pixels?.[k] ?? 0), 255], 4 * k);
    this.canvas.getContext('2d').putImageData(image, 0, 0);
  }
}

export class Units {
  #figures = [];

  constructor() {
    this.root = element('div', { class: 'nn-units' });
  }

  /** @param {(Float32Array|Float64Array)[]} layers activations @param {[number|null, number|null][]} ranges of the activations */
  show(layers, ranges, theme) {
    if (this.#figures.length !== layers.length) {
      this.#figures = layers.map(() => figure('nn-layer-units'));
      this.root.replaceChildren(...this.#figures.map(({ root }) => root));
    }
    layers.forEach((activations, k) => this.#paint(this.#figures[k], k + 1, activations, ranges[k], theme));
  }

  #paint({ canvas, caption }, number, activations, range, theme) {
    const { rows, columns } = layerGrid(activations.length);
    const [width, height] = [columns * CELL - GAP, rows * CELL - GAP];
    // A canvas that is given its size again, even the same, is laid out again.
    if (canvas.width !== width || canvas.height !== height) {
      Object.assign(canvas, { width, height });
      canvas.style.maxWidth = `${width}px`;
    }
    const scale = scaleOf(activations, range);
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, width, height);
    activations.forEach((a, unit) => {
      context.fillStyle = colorOf(Number.isFinite(a) ? a / scale : 0, theme.dark);
      context.fillRect((unit % columns) * CELL, Math.floor(unit / columns) * CELL, CELL - GAP, CELL - GAP);
    });
    const largest = scale >= 100 ? scale.toFixed(0) : scale.toPrecision(2).replace(/\.0$/, '');
    setText(caption, `Hidden layer ${number}, full colour at ${largest}`);
    const lit = activations.reduce((n, a) => n + (Math.abs(a) > scale / 2), 0);
    setAttribute(canvas, 'aria-label', `Hidden layer ${number}: ${lit} of ${activations.length} units above half of ${largest}`);
  }
}
