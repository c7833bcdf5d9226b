/**
 * Paints small images of bytes through a colour table, each pixel a square: weights, and digits.
 */
import { valueTable } from '../../../kit/palette.js';
import { mix, parseColor } from '../../../kit/theme.js';

/** 256 colours of a weight: byte 128 is 0. */
export const weightTable = (dark) => valueTable([-128 / 127, 1], dark);

/** 256 shades of ink on paper: the ground at 0, the ink at 255. @param {import('../../../kit/theme.js').Theme} theme */
export function inkTable(theme) {
  const [ground, ink] = [parseColor(theme.background), parseColor(theme.text)];
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const [r, g, b] = mix(ground, ink, byte / 255).map(Math.round);
    return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
  });
}

/** Pixels, of the images' own size, between two of them. */
export const IMAGE_GAP = 1;

/**
 * Several images of one size on a canvas with one pixel for each of theirs; the page scales it. Putting all of them there at
 * once takes a small part of the time that drawing and scaling each one would.
 */
export class ImageSheet {
  #key = '';

  /** @param {HTMLCanvasElement} canvas */
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext('2d');
  }

  /**
   * @param {Uint8Array} images one after another @param {number} n how many @param {number[]} shape rows and columns of an image
   * @param {number} across images in a row of the sheet @param {Uint32Array} table a colour for each byte
   */
  paint(images, n, [rows, columns], across, table) {
    this.#prepare(n, rows, columns, across);
    const { pixels } = this;
    const { width } = this.canvas;
    for (let k = 0; k < n; k++) {
      const left = (k % across) * (columns + IMAGE_GAP);
      const top = Math.floor(k / across) * (rows + IMAGE_GAP);
      for (let y = 0; y < rows; y++) {
        const from = (k * rows + y) * columns;
        const to = (top + y) * width + left;
        for (let x = 0; x < columns; x++) pixels[to + x] = table[images[from + x]];
      }
    }
    this.context.putImageData(this.image, 0, 0);
  }

  #prepare(n, rows, columns, across) {
    const key = `${n} ${rows} ${columns} ${across}`;
    if (key === this.#key) return;
    this.#key = key;
    this.canvas.width = across * (columns + IMAGE_GAP) - IMAGE_GAP;
    this.canvas.height = Math.ceil(n / across) * (rows + IMAGE_GAP) - IMAGE_GAP;
    this.image = this.context.createImageData(this.canvas.width, this.canvas.height);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }
}
