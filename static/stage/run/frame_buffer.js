/**
 * Decoded frames by number, within a limit of bytes: the timeline's memory. Nothing here takes longer the more frames there
 * are, but for a search by halves.
 *
 * When it is full, frames far from the one on screen are thinned out evenly, so that any moment of the past has one nearby.
 * Each frame knows which one it follows when the run is played: mostly the one with the number before, but in a run that
 * was thinned out there are gaps.
 */
import { frameBytes, frameNumber } from '../../messages/frame.js';

/** Frames that are the network's parameters are small; those that are drawn by the server are pictures. */
const MOST_BYTES = 32e6;
const MOST_BYTES_DRAWN = 96e6;
/** What a frame takes beside its arrays' numbers. */
const OVERHEAD = 1000;
/** Frames this near to the one on screen stay: what lies ready among them. */
const NEAR = 128;
/** Thinned out, there is room for a while. */
const SHARE_LEFT = 0.75;

export class FrameBuffer {
  #entries = new Map();
  /** In order. */
  #numbers = [];
  #bytes = 0;
  /** Far from the one on screen every so many-th number is kept. */
  #stride = 1;

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
    this.#stride = 1;
  }

  /**
   * Store a frame; beyond the limit, thin out the others.
   * @param {number} shown number of the frame on screen
   * @param {number} follows number of the frame that this one comes after when played
   */
  put(frame, shown, follows = frameNumber(frame) - 1) {
    const number = frameNumber(frame);
    const old = this.#entries.get(number);
    if (old) this.#bytes -= old.bytes;
    else this.#numbers.splice(this.#firstAbove(number), 0, number);
    const known = old && old.follows !== number - 1 && follows === number - 1;
    const bytes = frameBytes(frame) + OVERHEAD;
    this.#entries.set(number, { frame: own(frame, old?.frame), bytes, follows: known ? old.follows : this.#linkAll(follows, number) });
    this.#bytes += bytes;
    const limit = frame.parameters ? MOST_BYTES : MOST_BYTES_DRAWN;
    if (this.#bytes > limit) this.#thinOut(shown, number, SHARE_LEFT * limit);
  }

  /** Frames that are left here between two that follow each other elsewhere are played, too. @returns {number} the last one before `end` */
  #linkAll(start, end) {
    let last = start;
    if (start === end - 1) return last;
    for (let k = this.#firstAbove(start); this.#numbers[k] < end; k++) {
      this.#entries.get(this.#numbers[k]).follows = last;
      last = this.#numbers[k];
    }
    return last;
  }

  /** Drop frames that are no multiple of the stride, and make that larger until there is room; the nearest ones last. */
  #thinOut(shown, stored, room) {
    const within = (reach) => (number) => number === stored || Math.abs(number - shown) <= reach;
    while (this.#bytes > room && this.#stride < 2 ** 24) {
      this.#keep((number) => number % this.#stride === 0, within(NEAR));
      if (this.#bytes > room) this.#stride *= 2;
    }
    // Frames may be so large that even those nearby are too many.
    for (let reach = NEAR; this.#bytes > room && reach >= 1; reach /= 2) this.#keep(() => false, within(reach));
  }

  #keep(isWanted, isNear) {
    const kept = this.#numbers.filter((number) => isNear(number) || isWanted(number));
    if (kept.length === this.size) return;
    const before = this.#entries;
    this.#entries = new Map(kept.map((number) => [number, before.get(number)]));
    this.#numbers = kept;
    this.#bytes = kept.reduce((sum, number) => sum + before.get(number).bytes, 0);
  }

  #forget(number) {
    this.#bytes -= this.#entries.get(number).bytes;
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

/** A frame without the message that it came in, which is much larger. Of the same network it has the same parameters. */
function own(frame, old) {
  const copy = Object.fromEntries(Object.entries(frame).map(([name, array]) => [name, array.slice()]));
  if (old?.parameters && copy.parameters?.every((value, k) => Object.is(value, old.parameters[k]))) copy.parameters = old.parameters;
  return copy;
}
