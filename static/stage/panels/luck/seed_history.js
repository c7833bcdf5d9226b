/**
 * The seeds' losses, frame by frame. It outlives the frames, which are thinned out, and stays small: when it is full, every
 * second entry goes. No DOM in here.
 */
import { ROW } from './seed_frame.js';

const MOST_ENTRIES = 2048;

/** @typedef {{frame: number, epoch: number, seeds: Float64Array}} Entry `seeds` as in a frame, or as a sync has them */

export class SeedHistory {
  /** Grows whenever an entry changes. */
  version = 0;
  /** @type {Entry[]} in the order of their frames */
  entries = [];

  /** Replace everything by the columns of a sync. @param {import('../../../messages/decode.js').Arrays} statics */
  load(statics) {
    this.version++;
    const { history_frame: frames, history_epoch: epochs, history_losses: losses } = statics;
    const width = frames.length ? losses.length / frames.length : 0;
    this.entries = Array.from(frames, (frame, k) => ({ frame, epoch: epochs[k], seeds: spread(losses.subarray(k * width, (k + 1) * width)) }));
  }

  /** Add a frame at the end, or put it in the place of the one of that number; a number from a thinned gap is ignored. @param {Entry} entry */
  record(entry) {
    const last = this.entries.at(-1);
    if (!last || entry.frame > last.frame) {
      if (this.entries.length === MOST_ENTRIES) this.entries = this.entries.filter((_, k) => k % 2 === 0);
      this.entries.push(entry);
    } else {
      const at = this.indexAt(entry.frame);
      if (at < 0 || this.entries[at].frame !== entry.frame) return;
      this.entries[at] = entry;
    }
    this.version++;
  }

  /** Forget everything after a frame. @param {number} frame */
  truncateAfter(frame) {
    const length = this.indexAt(frame) + 1;
    if (length === this.entries.length) return;
    this.entries.length = length;
    this.version++;
  }

  /** Index of the last entry whose frame is not after `frame`; −1 if there is none. @param {number} frame */
  indexAt(frame) {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.entries[middle].frame <= frame) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** A seed's loss in an entry. @param {Entry} entry @param {number} k @param {0|1} set training or test */
  lossOf({ seeds }, k, set) {
    return seeds[k * ROW + set];
  }
}

/** A sync's pairs of losses as a frame has them. @param {ArrayLike<number>} pairs */
function spread(pairs) {
  const seeds = new Float64Array((pairs.length / 2) * ROW).fill(NaN);
  for (let k = 0; 2 * k < pairs.length; k++) [seeds[k * ROW], seeds[k * ROW + 1]] = [pairs[2 * k], pairs[2 * k + 1]];
  return seeds;
}
