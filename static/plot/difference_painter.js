/** Paints where two networks' answers differ (difference.js): nothing where they agree, the full colour where they name different classes. */
import { mix, parseColor } from '../kit/theme.js';

/** The palest where the same class is named, and where another one is. */
const [PALE, OTHER] = [0.45, 0.72];

/** Shares of the full colour, for answers so far apart, 0 … 1. */
const SHARES = {
  same: (/** @type {number} */ apart) => PALE * apart,
  other: (/** @type {number} */ apart) => OTHER + (1 - OTHER) * apart,
  values: (/** @type {number} */ apart) => apart,
};

export class DifferencePainter {
  #tables = { same: new Uint32Array(256), other: new Uint32Array(256), values: new Uint32Array(256) };
  #image = new ImageData(1, 1);
  #small = document.createElement('canvas');
  #colors = [[255, 255, 255], [0, 0, 0]];

  /** @param {import('../kit/theme.js').Theme} theme */
  setTheme(theme) {
    this.#colors = [theme.background, theme.primary].map((color) => /** @type {number[]} */ (parseColor(color)));
    for (const [name, shareOf] of Object.entries(SHARES)) {
      for (let byte = 0; byte < 256; byte++) this.#tables[name][byte] = abgr(this.#mixed(shareOf(byte / 255)));
    }
  }

  /** The colour of answers so far apart. @param {keyof typeof SHARES} kind @param {number} apart 0 … 1 */
  colorOf(kind, apart) {
    return `rgb(${this.#mixed(SHARES[kind](apart)).map(Math.round).join(', ')})`;
  }

  /**
   * Paint onto a canvas, the grid's first and last points in the middle of its outermost pixels' places.
   * @param {CanvasRenderingContext2D} context @param {import('./difference.js').Difference} difference @param {boolean} isRegression
   * @param {{left: number, top: number, width: number, height: number}} place of the whole grid
   */
  paint(context, { columns, rows, apart, other }, isRegression, { left, top, width, height }) {
    if (this.#image.width !== columns || this.#image.height !== rows) {
      this.#image = new ImageData(columns, rows);
      this.#small.width = columns;
      this.#small.height = rows;
    }
    const pixels = new Uint32Array(this.#image.data.buffer);
    const { same, other: full, values } = this.#tables;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const i = row * columns + column;
        // Row 0 is the lowest.
        pixels[(rows - 1 - row) * columns + column] = (isRegression ? values : other[i] ? full : same)[apart[i]];
      }
    }
    /** @type {CanvasRenderingContext2D} */ (this.#small.getContext('2d')).putImageData(this.#image, 0, 0);
    context.imageSmoothingEnabled = true;
    context.drawImage(this.#small, left, top, width, height);
  }

  #mixed(/** @type {number} */ share) {
    return mix(/** @type {any} */ (this.#colors[0]), /** @type {any} */ (this.#colors[1]), share);
  }
}

const abgr = ([r, g, b]) => (0xff000000 | (Math.round(b) << 16) | (Math.round(g) << 8) | Math.round(r)) >>> 0;

const percent = (/** @type {number} */ share) => `${(100 * share).toFixed(1)} %`;

/** How far apart, in words. @param {import('./difference.js').Difference} difference @param {boolean} isRegression */
export const differenceText = ({ mean, share }, isRegression) =>
  isRegression ? `On average ${percent(mean)} of the scale apart.` : `Different classes on ${percent(share)} of the plane.`;
