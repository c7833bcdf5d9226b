/**
 * When the server is asked: one request at a time, of two that wait the newer one wins. Pure, so that node can test it:
 * time is passed in (milliseconds).
 */
import { RequestChannel } from '../stage/request_channel.js';

/** Between two questions that only a new frame brings: training goes first. */
const FRAME_PAUSE_MS = 200;

/** @typedef {{kind: 'read'|'take'|'near', body: () => Object|null, from: number}} Wish `body` is made when it is asked; null: not any more */

export class Asker {
  #channel;
  /** @type {Wish|null} */
  #wish = null;
  /** @type {Wish|null} */
  #asked = null;
  #lastAt = -Infinity;

  /** @param {{send: (request: Object) => void, firstId: number}} options */
  constructor({ send, firstId }) {
    this.#channel = new RequestChannel(send, firstId);
  }

  /** Whether anything is under way, or waits for its turn. */
  get isBusy() {
    return this.#channel.inflight !== null || this.#wish !== null;
  }

  /** Ask as soon as nothing is under way. */
  wish(kind, body, now) {
    this.#wish = { kind, body, from: now };
    this.tick(now);
  }

  /** Ask once there was some time for others, unless something is asked anyway. */
  wishPatiently(kind, body, now) {
    this.#wish ??= { kind, body, from: this.#lastAt + FRAME_PAUSE_MS };
    this.tick(now);
  }

  /** Call now and then. */
  tick(now) {
    if (this.#channel.takeOverdue(now)) this.#wish ??= { ...this.#asked, from: now };
    if (this.#channel.inflight || !this.#wish || now < this.#wish.from) return;
    this.#asked = this.#wish;
    this.#wish = null;
    const body = this.#asked.body();
    if (!body) return;
    this.#lastAt = now;
    this.#channel.ask(this.#asked.kind, { kind: this.#asked.kind, ...body }, now);
  }

  /** Take note of an answer. @returns {Object|null} the request that it answers, if that one is waited for */
  settle(reply, now) {
    const waiting = this.#channel.inflight;
    const asked = this.#channel.settle(reply, now);
    return waiting && asked === waiting ? asked.body : null;
  }

  /** Nothing that was wished or asked matters any more. */
  forget() {
    this.#wish = null;
    this.#channel.inflight = null;
  }
}
