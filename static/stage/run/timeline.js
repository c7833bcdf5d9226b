/**
 * What is known of a run, frame by frame: the buffered pictures, the loss history, and which frame is on screen.
 */
import { epochOf, frameNumber, testLoss, testScore, trainLoss, trainScore, wholeTestScore } from '../../messages/frame.js';
import { FrameBuffer } from './frame_buffer.js';
import { History } from './history.js';

/** More frames than that need not lie ready, nor be counted. */
const MOST_LEAD = 128;

export class Timeline {
  frames = new FrameBuffer();
  history = new History();
  /** Number of the frame on screen, and the largest one that ever was on screen in this run. */
  shown = 0;
  furthest = 0;
  /** Number of the newest frame of the run, whether its picture is buffered or not. */
  newest = -1;
  /** Number of the frame that the last undo of an edit led to, or null. @type {number|null} */
  undoneTo = null;
  stepsPerEpoch = 1;

  get shownFrame() {
    return this.frames.get(this.shown);
  }

  /** Frames ready to be shown, and the number of the last of them. */
  get ready() {
    let end = this.shown;
    let count = 0;
    for (let next = this.frames.after(end); next !== null && count < MOST_LEAD; next = this.frames.after(end)) {
      end = next;
      count++;
    }
    return { count, end };
  }

  get lead() {
    return this.ready.count;
  }

  /**
   * Forget everything and begin with the one frame of a sync.
   * @param {number} furthest number of the last frame that was on screen before, where it comes after that one
   */
  start(statics, frame, stepsPerEpoch, furthest = 0) {
    this.stepsPerEpoch = stepsPerEpoch;
    this.undoneTo = null;
    this.frames.clear();
    this.history.load(statics);
    this.shown = frameNumber(frame);
    this.furthest = this.newest = Math.max(this.shown, furthest);
    this.store(frame);
    this.history.truncateAfter(this.furthest);
  }

  /** @param {number} [follows] number of the frame that this one comes after when played; without, the one before */
  store(frame, follows) {
    const number = frameNumber(frame);
    this.frames.put(frame, this.shown, follows);
    if (number > this.newest) this.newest = number;
    const epoch = epochOf(frame, this.stepsPerEpoch);
    this.history.record(number, epoch, trainLoss(frame), testLoss(frame), trainScore(frame), testScore(frame), wholeTestScore(frame));
  }

  /** Store frames that follow each other, the first one frame `number`, though some between them are gone. */
  storeChain(frames, number) {
    let before = number;
    for (const frame of frames) {
      this.store(frame, before);
      before = frameNumber(frame);
    }
  }

  show(number) {
    this.shown = number;
    if (number > this.furthest) this.furthest = number;
  }

  /** Buffered frames that come next, at most so many. */
  next(count) {
    const found = [];
    for (let next = this.frames.after(this.shown); next !== null && found.length < count; next = this.frames.after(next)) found.push(this.frames.get(next));
    return found;
  }

  /** Show the next buffered frame. @param {(frame: Object) => boolean} isReady whether it can be @returns {boolean} whether it is shown */
  advance(isReady) {
    const next = this.frames.after(this.shown);
    if (next === null || !isReady(this.frames.get(next))) return false;
    this.show(next);
    return true;
  }

  /** Forget what came after a frame; if that one is on screen, the last one before it takes its place. */
  dropAfter(number) {
    this.frames.dropAfter(number);
    this.history.truncateAfter(number);
    this.newest = Math.min(this.newest, number);
    this.furthest = Math.min(this.furthest, number);
    if (this.shown > number) this.shown = this.frames.nearest(number) ?? number;
  }

  /** The buffered frame nearest to `number` among those that were on screen. */
  nearestSeen(number) {
    return this.frames.nearest(number, this.furthest);
  }
}
