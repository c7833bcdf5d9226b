/**
 * What answers the stage of a replay page in the server's place: the frames that lie in the page. It speaks the stage's
 * protocol (docs/protocol.md) as far as a recording can: nothing is trained, and no setting changes. Pure, so that node can
 * test it.
 */
import { epochOf, frameNumber } from '../messages/frame.js';

/** @typedef {import('../messages/decode.js').Message} Message */

export class Recorded {
  #sync;
  #frames;
  #receive;
  #seq = 0;

  /**
   * @param {Message} sync tells of the run, as the server would @param {Message} recording brings all frames
   * @param {(message: Message) => void} receive is called with each answer, after the question
   */
  constructor(sync, recording, receive) {
    this.#sync = sync;
    this.#frames = recording.frames;
    this.#receive = receive;
  }

  /** Name of the run. @returns {string} */
  get run() {
    return this.#sync.header.run;
  }

  /** All frames, in order. @returns {import('../messages/decode.js').Arrays[]} */
  get frames() {
    return this.#frames;
  }

  /** Numbers of the first frame and of the last. @returns {[number, number]} */
  get ends() {
    return [frameNumber(this.#frames[0]), frameNumber(/** @type {Object} */ (this.#frames.at(-1)))];
  }

  /** Take a request; the answer comes when whoever asks is done. @param {Object} request */
  ask(request) {
    queueMicrotask(() => this.#receive(this.answer(request)));
  }

  /** @param {Object} request @returns {Message} */
  answer({ id, kind, frame = 0, from = 0, n = 1 }) {
    const { header, statics } = this.#sync;
    const isSync = kind === 'sync';
    const frames = isSync ? [this.#frames[0]] : kind === 'show' || kind === 'view' ? [this.#nearest(frame)] : kind === 'replay' ? this.#following(from, n) : [];
    const said = { ...header, kind: isSync ? 'sync' : 'frames', seq: ++this.#seq, reply: id, last_frame: this.ends[1], stopped: header.stopped ?? this.#end };
    return { header: said, statics: isSync ? statics : {}, frames };
  }

  /** Nothing follows the last frame: to the player, training has stopped there, and there is nothing to say about it. */
  get #end() {
    const last = /** @type {Object} */ (this.#frames.at(-1));
    const epoch = epochOf(last, this.#sync.header.info.steps_per_epoch);
    return { frame: frameNumber(last), epoch, reason: 'recorded', message: '', advice: '', back_to: null, good: null, gone: null };
  }

  #nearest(number) {
    const apart = (frame) => Math.abs(frameNumber(frame) - number);
    return this.#frames.reduce((best, frame) => (apart(frame) < apart(best) ? frame : best));
  }

  #following(number, n) {
    const first = this.#frames.findIndex((frame) => frameNumber(frame) > number);
    return first < 0 ? [] : this.#frames.slice(first, first + n);
  }
}
