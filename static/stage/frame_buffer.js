/**
 * Decoded frames by number, with an upper limit: the timeline's short-term memory.
 */
import { frameBytes, frameNumber } from './frame.js';

const MOST_FRAMES = 1500;
const FEWEST_FRAMES = 100;
const MOST_BYTES = 96e6;

export class FrameBuffer {
  #frames = new Map();
  #bytes = 0;

  /** Number of the newest frame; −1 when empty. */
  newest = -1;

  get size() {
    return this.#frames.size;
  }

  get(number) {
    return this.#frames.get(number);
  }

  has(number) {
    return this.#frames.has(number);
  }

  clear() {
    this.#frames.clear();
    this.#bytes = 0;
    this.newest = -1;
  }

  /** Store a frame and evict the oldest ones beyond the limit, but not this one nor the frame numbered `kept`. */
  put(frame, kept) {
    const number = frameNumber(frame);
    this.#remove(number);
    this.#frames.set(number, frame);
    this.#bytes += frameBytes(frame);
    if (number > this.newest) this.newest = number;
    while (this.#isFull()) {
      let oldest = Infinity;
      for (const key of this.#frames.keys()) if (key < oldest && key !== kept && key !== number) oldest = key;
      this.#remove(oldest);
    }
  }

  /** Frames grow with the parts that are shown, so their bytes are counted as they come. */
  #isFull() {
    const { size } = this.#frames;
    return size > MOST_FRAMES || (size > FEWEST_FRAMES && this.#bytes > MOST_BYTES);
  }

  #remove(number) {
    const frame = this.#frames.get(number);
    if (!frame) return;
    this.#bytes -= frameBytes(frame);
    this.#frames.delete(number);
  }

  /** Forget every frame after `number`. */
  dropAfter(number) {
    if (this.newest <= number) return;
    this.newest = -1;
    for (const key of this.#frames.keys()) {
      if (key > number) this.#remove(key);
      else if (key > this.newest) this.newest = key;
    }
  }

  /** Number of the first buffered frame after `number`, or null. */
  after(number) {
    if (this.#frames.has(number + 1)) return number + 1;
    if (this.newest <= number) return null;
    let best = Infinity;
    for (const key of this.#frames.keys()) if (key > number && key < best) best = key;
    return best;
  }

  /** Number of the buffered frame nearest to `number`, not above `highest`; null when there is none. */
  nearest(number, highest = Infinity) {
    let best = null;
    for (const key of this.#frames.keys()) {
      if (key <= highest && (best === null || Math.abs(key - number) < Math.abs(best - number))) best = key;
    }
    return best;
  }
}
