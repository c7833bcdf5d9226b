/**
 * Paints small images of bytes through a colour table, each pixel a square: weights, and digits.
 */
import { mix, parseColor } from './theme.js';
import { valueTable } from './palette.js';

/** 256 colours of a weight: byte 128 is 0. */
export const weightTable = (dark) => valueTable([-128 / 127, 1], dark);

/** 256 shades of ink on paper: the ground at 0, the ink at 255. @param {import('./theme.js').Theme} theme */
export function inkTable(theme) {
  const [ground, ink] = [parseColor(theme.background), parseColor(theme.text)];
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const [r, g, b] = mix(ground, ink, byte / 255).map(Math.round);
    return (0xff000000 | (b << 16) | (g << 8) | r) >>> 0;
  });
}

export class ImagePainter {
  #key = '';

  /** @param {number[]} shape rows and columns of an image */
  setShape([rows, columns]) {
    if (`${rows} ${columns}` === this.#key) return;
    this.#key = `${rows} ${columns}`;
    this.canvas = document.createElement('canvas');
    this.canvas.width = columns;
    this.canvas.height = rows;
    this.context = this.canvas.getContext('2d');
    this.image = this.context.createImageData(columns, rows);
    this.pixels = new Uint32Array(this.image.data.buffer);
  }

  /**
   * Paint image `index` of `images` into a rectangle.
   * @param {CanvasRenderingContext2D} context @param {Uint8Array} images one after another @param {number} index
   * @param {Uint32Array} table @param {number} x @param {number} y @param {number} width @param {number} height
   */
  paint(context, images, index, table, x, y, width, height) {
    const { pixels } = this;
    const start = index * pixels.length;
    for (let i = 0; i < pixels.length; i++) pixels[i] = table[images[start + i]];
    this.context.putImageData(this.image, 0, 0);
    context.imageSmoothingEnabled = false;
    context.drawImage(this.canvas, x, y, width, height);
  }
}
