/**
 * What is known of a run, frame by frame: the buffered pictures, the loss history, and which frame is on screen.
 */
import { epochOf, frameNumber, testLoss, trainLoss } from './frame.js';
import { FrameBuffer } from './frame_buffer.js';
import { History } from './history.js';

export class Timeline {
  frames = new FrameBuffer();
  history = new History();
  /** Number of the frame on screen, and the largest one that ever was on screen in this run. */
  shown = 0;
  furthest = 0;
  #stepsPerEpoch = 1;

  get shownFrame() {
    return this.frames.get(this.shown);
  }

  get newest() {
    return this.frames.newest;
  }

  /** Frames ready to be shown. */
  get lead() {
    return this.newest - this.shown;
  }

  /** Forget everything and begin with the one frame of a sync. */
  start(statics, frame, stepsPerEpoch) {
    this.#stepsPerEpoch = stepsPerEpoch;
    this.frames.clear();
    this.history.load(statics);
    this.shown = this.furthest = frameNumber(frame);
    this.store(frame);
    this.history.truncateAfter(this.shown);
  }

  store(frame) {
    this.frames.put(frame, this.shown);
    const epoch = epochOf(frame, this.#stepsPerEpoch);
    this.history.record(frameNumber(frame), epoch, trainLoss(frame), testLoss(frame));
  }

  show(number) {
    this.shown = number;
    if (number > this.furthest) this.furthest = number;
  }

  /** Show the next buffered frame. @returns {boolean} whether there was one */
  advance() {
    const next = this.frames.after(this.shown);
    if (next === null) return false;
    this.show(next);
    return true;
  }

  /** Forget what came after a frame; if that one is on screen, the last one before it takes its place. */
  dropAfter(number) {
    this.frames.dropAfter(number);
    this.history.truncateAfter(number);
    this.furthest = Math.min(this.furthest, number);
    if (this.shown > number) this.shown = this.frames.newest;
  }

  /** The buffered frame nearest to `number` among those that were on screen. */
  nearestSeen(number) {
    return this.frames.nearest(number, this.furthest);
  }
}
