/**
 * Decoded frames by number, with an upper limit: the timeline's short-term memory. Nothing here takes longer the more
 * frames there are, but for a search by halves.
 *
 * Each frame knows which one it follows when the run is played: mostly the one with the number before, but in a run that
 * was thinned out there are gaps.
 */
import { frameBytes, frameNumber } from '../../messages/frame.js';

const MOST_FRAMES = 1500;
const FEWEST_FRAMES = 100;
const MOST_BYTES = 96e6;

export class FrameBuffer {
  #entries = new Map();
  /** In order. */
  #numbers = [];
  #bytes = 0;

  get size() {
    return this.#numbers.length;
  }

  get(number) {
    return this.#entries.get(number)?.frame;
  }

  has(number) {
    return this.#entries.has(number);
  }

  clear() {
    this.#entries.clear();
    this.#numbers.length = 0;
    this.#bytes = 0;
  }

  /**
   * Store a frame and drop those farthest from the one shown beyond the limit, but neither this one nor that.
   * @param {number} shown number of the frame on screen
   * @param {number} follows number of the frame that this one comes after when played
   */
  put(frame, shown, follows = frameNumber(frame) - 1) {
    const number = frameNumber(frame);
    const old = this.#entries.get(number);
    if (old) this.#bytes -= frameBytes(old.frame);
    else this.#numbers.splice(this.#firstAbove(number), 0, number);
    const known = old && old.follows !== number - 1 && follows === number - 1;
    this.#entries.set(number, { frame, follows: known ? old.follows : follows });
    this.#bytes += frameBytes(frame);
    while (this.#isFull()) this.#dropFarthest(shown, number);
  }

  /** Frames grow with the parts that are shown, so their bytes are counted as they come. */
  #isFull() {
    return this.size > MOST_FRAMES || (this.size > FEWEST_FRAMES && this.#bytes > MOST_BYTES);
  }

  #dropFarthest(shown, stored) {
    const first = this.#numbers[0];
    const last = this.#numbers.at(-1);
    const fromStart = first !== stored && (shown - first >= last - shown || last === stored);
    this.#forget(fromStart ? this.#numbers.shift() : this.#numbers.pop());
  }

  #forget(number) {
    this.#bytes -= frameBytes(this.#entries.get(number).frame);
    this.#entries.delete(number);
  }

  /** Forget every frame after `number`. */
  dropAfter(number) {
    while (this.size > 0 && this.#numbers.at(-1) > number) this.#forget(this.#numbers.pop());
  }

  /** Number of the buffered frame that comes after frame `number` when played, or null. */
  after(number) {
    const next = this.#numbers[this.#firstAbove(number)];
    return next !== undefined && this.#entries.get(next).follows === number ? next : null;
  }

  /** Number of the buffered frame nearest to `number`, not above `highest`; null when there is none. */
  nearest(number, highest = Infinity) {
    const end = this.#firstAbove(highest);
    const above = Math.min(this.#firstAbove(number), end);
    const low = above > 0 ? this.#numbers[above - 1] : null;
    const high = above < end ? this.#numbers[above] : null;
    if (low === null || high === null) return low ?? high;
    return number - low <= high - number ? low : high;
  }

  /** Index of the first number above `number`. */
  #firstAbove(number) {
    let low = 0;
    let high = this.#numbers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#numbers[middle] <= number) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
