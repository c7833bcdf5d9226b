/**
 * A drawing made to look like the digits that a network was trained on: the one place where that is done. Ink is an image
 * of any size, in any unit; what comes out is what the data hold, in 0…1: MNIST's 28×28 pixels, or the 8×8 of
 * scikit-learn's digits. A network knows digits of one size, in one place and, for the small ones, of one weight of stroke;
 * without this it would be asked about something that it has never seen. No DOM in here, so that node can test it.
 */
import { bare, centreOfMass, cropped, mapped, placed, resized, strongest } from './images.js';

/** @typedef {import('./images.js').Image} Image */

const MNIST_SIDE = 28;
const MNIST_BOX = 20;
/** The small digits come from bitmaps of this side; the ink was scaled to fill its height and this much of its width. */
const BITMAP_SIDE = 32;
const BITMAP_WIDTH = 20;
const BLOCK = 4;
/** Ink from this share of the strongest on is a bit. */
const THRESHOLD = 0.5;
/** How many of a bitmap's 1024 bits are ink, about: scikit-learn's digits have 313 on average. */
const LEAST_INK = 290;
const MOST_INK = 340;
/** Strokes are made thicker or thinner this many times at most. */
const MOST_PASSES = 4;

const NORMALISATIONS = { '28×28': likeMnist, '8×8': likeSmallDigits };

/**
 * Ink as the data whose images have this shape hold it; bare paper stays bare.
 * @param {Image} ink at least 0 @param {[number, number]} shape [28, 28] or [8, 8]
 */
export function normalised(ink, [rows, columns]) {
  const normalise = NORMALISATIONS[`${rows}×${columns}`];
  if (!normalise) throw new Error(`shape must be ${Object.keys(NORMALISATIONS).join(' or ')}; got ${rows}×${columns}.`);
  const part = cropped(ink);
  if (!part) return bare(rows, columns);
  const most = strongest(part.values);
  return normalise(mapped(part, (value) => value / most));
}

/**
 * As MNIST's makers would have it: the digit is scaled, its aspect kept, to fit a box of 20×20, and placed so that the
 * centre of mass of its pixels falls on the pixel in the middle. A larger drawing gets its greys from being averaged, as
 * MNIST did.
 *
 * Source: LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/; that the place is rounded to whole pixels is seen
 * from the images.
 */
function likeMnist(ink) {
  const [rows, columns] = [ink.rows, ink.columns].map((side) => Math.max(1, Math.round((MNIST_BOX * side) / Math.max(ink.rows, ink.columns))));
  const greys = resized(ink, rows, columns);
  const most = strongest(greys.values);
  const digit = mapped(greys, (value) => value / most);
  // A centre right between two pixels counts as the further one, whatever rounding made of it.
  const [top, left] = centreOfMass(digit).map((centre) => MNIST_SIDE / 2 - Math.floor(centre + 0.5 + 1e-6));
  return placed(bare(MNIST_SIDE, MNIST_SIDE), digit, top, left);
}

/**
 * As scikit-learn's digits were made: a bitmap of 32×32, which the digit fills from top to bottom, is cut into blocks of
 * 4×4, and the bits in each are counted. NIST's programs, which made the bitmaps, stretch every digit to the same height
 * and width, thicken or thin its strokes until there is a usual amount of ink, and shift its rows until it stands upright.
 *
 * Source: Alpaydin and Kaynak (1998), https://archive.ics.uci.edu/dataset/80; the bitmaps: Garris et al. (1994), NIST
 * Form-Based Handprint Recognition System, NISTIR 5469.
 */
function likeSmallDigits(ink) {
  const bits = cropped(mapped(ink, (value) => Number(value > THRESHOLD)));
  const shares = resized(bits, BITMAP_SIDE, BITMAP_WIDTH);
  const least = THRESHOLD * strongest(shares.values); // hairlines fill no bit
  const filled = mapped(shares, (share) => Number(share > least));
  const bitmap = placed(bare(BITMAP_SIDE, BITMAP_SIDE), filled, 0, (BITMAP_SIDE - BITMAP_WIDTH) / 2);
  return countsOfBits(upright(ofUsualWeight(bitmap)));
}

/** Share of the bits that are set in each block. */
function countsOfBits({ values }) {
  const side = BITMAP_SIDE / BLOCK;
  const image = bare(side, side);
  values.forEach((bit, k) => {
    const [row, column] = [Math.floor(k / BITMAP_SIDE), k % BITMAP_SIDE];
    image.values[Math.floor(row / BLOCK) * side + Math.floor(column / BLOCK)] += bit / BLOCK ** 2;
  });
  return image;
}

function ofUsualWeight(bitmap) {
  let usual = bitmap;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const weight = nBits(usual);
    if (weight < LEAST_INK) usual = spread(usual);
    else if (weight > MOST_INK) {
      const thinner = inverted(spread(inverted(usual)));
      if (nBits(thinner) === 0) break;
      usual = thinner;
    }
  }
  return usual;
}

const nBits = ({ values }) => values.reduce((sum, bit) => sum + bit, 0);
const inverted = (bitmap) => mapped(bitmap, (bit) => 1 - bit);

/** The four neighbours of every bit set, too. */
function spread({ rows, columns, values }) {
  const wide = bare(rows, columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const k = row * columns + column;
      wide.values[k] = Number(
        values[k] > 0 ||
          (row > 0 && values[k - columns] > 0) ||
          (row < rows - 1 && values[k + columns] > 0) ||
          (column > 0 && values[k - 1] > 0) ||
          (column < columns - 1 && values[k + 1] > 0),
      );
    }
  }
  return wide;
}

/** Its rows shifted so that the first and the last one begin in the same column. */
function upright(bitmap) {
  const { rows, columns, values } = bitmap;
  const begins = Array.from({ length: rows }, (_, row) => values.subarray(row * columns, (row + 1) * columns).indexOf(1));
  const first = begins.findIndex((begin) => begin >= 0);
  const last = begins.findLastIndex((begin) => begin >= 0);
  if (first === last) return bitmap;
  const slant = (begins[last] - begins[first]) / (last - first);
  const straight = bare(rows, columns);
  for (let row = first; row <= last; row++) {
    const moved = Math.round(slant * (row - (first + last) / 2));
    const line = { rows: 1, columns, values: values.subarray(row * columns, (row + 1) * columns) };
    placed(straight, line, row, -moved);
  }
  return straight;
}
