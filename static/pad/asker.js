/**
 * When the server is asked: one request at a time, and of two that wait for the same the newer one counts. Pure, so that
 * node can test it: time is passed in (milliseconds).
 */
import { RequestChannel } from '../messages/request_channel.js';

/** Between a request and one that only a new frame brings: training goes first. */
const FRAME_PAUSE_MS = 200;
/** On a slow line, the pause as a multiple of what an answer takes: the line is to be free for frames, too. */
const PAUSE_BY_ROUND_TRIP = 1.5;

/** @typedef {{kind: 'network'|'take', body: () => Object|null, from: number}} Wish `body` is made when it is asked; null: not any more */

export class Asker {
  #channel;
  /** One of a kind. @type {Map<string, Wish>} */
  #wishes = new Map();
  /** @type {Wish|null} */
  #asked = null;
  #lastAt = -Infinity;

  /** @param {{send: (request: Object) => void, firstId: number}} options */
  constructor({ send, firstId }) {
    this.#channel = new RequestChannel(send, firstId);
  }

  /** Ask as soon as nothing is under way. */
  wish(kind, body, now) {
    this.#wishes.set(kind, { kind, body, from: now });
    this.tick(now);
  }

  /** Ask once there was some time for others, unless the same is asked anyway. */
  wishPatiently(kind, body, now) {
    const pause = Math.max(FRAME_PAUSE_MS, PAUSE_BY_ROUND_TRIP * this.#channel.roundTrip);
    if (!this.#wishes.has(kind)) this.#wishes.set(kind, { kind, body, from: this.#lastAt + pause });
    this.tick(now);
  }

  /** Call now and then. */
  tick(now) {
    if (this.#channel.takeOverdue(now) && !this.#wishes.has(this.#asked.kind)) this.#wishes.set(this.#asked.kind, { ...this.#asked, from: now });
    for (const wish of this.#wishes.values()) {
      if (this.#channel.inflight) return;
      if (now >= wish.from) this.#ask(wish, now);
    }
  }

  #ask(wish, now) {
    this.#wishes.delete(wish.kind);
    const body = wish.body();
    if (!body) return;
    this.#asked = wish;
    this.#lastAt = now;
    this.#channel.ask(wish.kind, { kind: wish.kind, ...body }, now);
  }

  /** Take note of an answer. @returns {Object|null} the request that it answers, if that one is waited for */
  settle(reply, now) {
    const waiting = this.#channel.inflight;
    const asked = this.#channel.settle(reply, now);
    return waiting && asked === waiting ? asked.body : null;
  }

  /** Nothing that was wished or asked matters any more. */
  forget() {
    this.#wishes.clear();
    this.#channel.inflight = null;
  }
}
