/**
 * Writes a GIF, frame by frame, with one palette for all of them: colours then don't flicker from frame to frame. Of each frame
 * only the pixels count that are other ones than before. Runs in a worker.
 */

const COLOURS = 255;
/** That one means: as before. */
const AS_BEFORE = 255;
const UNKNOWN = 0xffff;
/** Red, green and blue in 5, 6 and 5 bits: near enough to look a colour up. */
const N_KEYS = 65536;
/** Pixels that the palette is made of, at most. */
const MOST_SAMPLES = 400000;

export class GifWriter {
  #encoder;
  #palette;
  #width;
  #height;
  #indexOfKey = new Uint16Array(N_KEYS).fill(UNKNOWN);
  /** @type {Uint32Array|null} */
  #before = null;

  /** @param {any} gifenc @param {{width: number, height: number, samples: ArrayBuffer[]}} options `samples`: pixels of frames that have all colours */
  constructor(gifenc, { width, height, samples }) {
    this.#width = width;
    this.#height = height;
    this.#encoder = gifenc.GIFEncoder();
    const palette = gifenc.quantize(thinned(samples), COLOURS, { format: 'rgb565' });
    while (palette.length <= AS_BEFORE) palette.push([0, 0, 0]);
    this.#palette = palette;
  }

  /** @param {Uint32Array} pixels as a canvas has them @param {number} delay in milliseconds */
  add(pixels, delay) {
    const before = this.#before;
    const index = new Uint8Array(pixels.length);
    for (let i = 0; i < pixels.length; i++) index[i] = before && before[i] === pixels[i] ? AS_BEFORE : this.#indexOf(pixels[i]);
    this.#before = pixels;
    const first = before === null;
    this.#encoder.writeFrame(index, this.#width, this.#height, { delay, dispose: 1, transparent: !first, transparentIndex: AS_BEFORE, ...(first ? { palette: this.#palette, repeat: 0 } : {}) });
  }

  /** @returns {Uint8Array} the file */
  end() {
    this.#encoder.finish();
    return this.#encoder.bytes();
  }

  /** @param {number} pixel */
  #indexOf(pixel) {
    const [r, g, b] = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
    const key = ((r >> 3) << 11) | ((g >> 2) << 5) | (b >> 3);
    if (this.#indexOfKey[key] === UNKNOWN) this.#indexOfKey[key] = nearest(this.#palette, r, g, b);
    return this.#indexOfKey[key];
  }
}

/** @param {number[][]} palette @param {number} r @param {number} g @param {number} b */
function nearest(palette, r, g, b) {
  let best = 0;
  let least = Infinity;
  for (let k = 0; k < COLOURS; k++) {
    const [red, green, blue] = palette[k];
    const apart = 2 * (red - r) ** 2 + 4 * (green - g) ** 2 + 3 * (blue - b) ** 2;
    if (apart < least) [best, least] = [k, apart];
  }
  return best;
}

/** @param {ArrayBuffer[]} samples @returns {Uint8Array} every so many-th pixel of them */
function thinned(samples) {
  const all = samples.map((buffer) => new Uint32Array(buffer));
  const count = all.reduce((sum, { length }) => sum + length, 0);
  const every = Math.max(1, Math.ceil(count / MOST_SAMPLES)) | 1;
  const kept = new Uint32Array(Math.ceil(count / every) + all.length);
  let n = 0;
  for (const pixels of all) for (let i = 0; i < pixels.length; i += every) kept[n++] = pixels[i];
  return new Uint8Array(kept.buffer, 0, 4 * n);
}
