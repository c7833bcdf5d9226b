/** What the network is fed with, and each hidden layer's units as little squares, one colour for one activation. */
import { element } from '../stage/dom.js';
import { divergingColor } from '../stage/palette.js';
import { css, mix, parseColor } from '../stage/theme.js';
import { layerGrid, scaleOf } from './layer_grid.js';

/** Side of a unit's square in the canvas, and the gap between two. */
const CELL = 10;
const GAP = 2;

/** A canvas with its name below. */
function figure(className) {
  const canvas = element('canvas', { role: 'img' });
  const caption = element('figcaption');
  return { canvas, caption, root: element('figure', { class: className }, canvas, caption) };
}

export class Seen {
  constructor() {
    Object.assign(this, figure('nn-seen'));
    this.canvas.setAttribute('aria-label', 'The drawing as the network is fed with it');
  }

  /** @param {Uint8Array|null} pixels @param {[number, number]} shape */
  show(pixels, [rows, columns], theme) {
    if (this.canvas.width !== columns || this.canvas.height !== rows) Object.assign(this.canvas, { width: columns, height: rows });
    this.caption.textContent = `Input, ${rows}×${columns}`;
    const image = new ImageData(columns, rows);
    const [paper, ink] = [parseColor(theme.surface), parseColor(theme.text)];
    for (let k = 0; k < rows * columns; k++) image.data.set([...mix(paper, ink, (pixels?.[k] ?? 0) / 255), 255], 4 * k);
    this.canvas.getContext('2d').putImageData(image, 0, 0);
  }
}

export class Units {
  #figures = [];

  constructor() {
    this.root = element('div', { class: 'nn-units' });
  }

  /** @param {Float32Array[]} layers activations @param {[number|null, number|null][]} ranges of the activations */
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
    // A canvas that is given its size anew, even the same, is laid out anew.
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    canvas.style.maxWidth = `${width}px`;
    const scale = scaleOf(activations, range);
    const context = canvas.getContext('2d');
    context.clearRect(0, 0, width, height);
    activations.forEach((a, unit) => {
      context.fillStyle = css(divergingColor(Number.isFinite(a) ? a / scale : 0, theme.dark));
      context.fillRect((unit % columns) * CELL, Math.floor(unit / columns) * CELL, CELL - GAP, CELL - GAP);
    });
    const largest = scale >= 100 ? scale.toFixed(0) : scale.toPrecision(2).replace(/\.0$/, '');
    caption.textContent = `Hidden layer ${number}, full colour at ${largest}`;
    const lit = activations.reduce((n, a) => n + (Math.abs(a) > scale / 2), 0);
    canvas.setAttribute('aria-label', `Hidden layer ${number}: ${lit} of ${activations.length} units beyond half of ${largest}`);
  }
}
