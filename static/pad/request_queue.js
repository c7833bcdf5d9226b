/**
 * When the server is asked: one request at a time, and of two that wait for the same the newer one counts. Pure, so that
 * node can test it: time is passed in (milliseconds).
 */
import { RequestChannel } from '../messages/request_channel.js';

/** Between a request and one that only a new frame brings: training goes first. */
const FRAME_PAUSE_MS = 200;
/** On a slow line, the pause as a multiple of what an answer takes: the line is to be free for frames, too. */
const PAUSE_BY_ROUND_TRIP = 1.5;

/** @typedef {{kind: 'network'|'take', body: () => Object|null, from: number}} Request `body` is made when it is asked; null: not any more */

export class RequestQueue {
  #channel;
  /** One of a kind. @type {Map<string, Request>} */
  #waiting = new Map();
  /** @type {Request|null} */
  #asked = null;
  #lastAt = -Infinity;

  /** @param {{send: (request: Object) => void, firstId: number}} options */
  constructor({ send, firstId }) {
    this.#channel = new RequestChannel(send, firstId);
  }

  /** Ask as soon as nothing is under way. */
  ask(kind, body, now) {
    this.#waiting.set(kind, { kind, body, from: now });
    this.tick(now);
  }

  /** Ask once there was some time for others, unless the same is asked anyway. */
  askPatiently(kind, body, now) {
    const pause = Math.max(FRAME_PAUSE_MS, PAUSE_BY_ROUND_TRIP * this.#channel.roundTrip);
    if (!this.#waiting.has(kind)) this.#waiting.set(kind, { kind, body, from: this.#lastAt + pause });
    this.tick(now);
  }

  /** Call now and then. */
  tick(now) {
    if (this.#channel.takeOverdue(now) && !this.#waiting.has(this.#asked.kind)) this.#waiting.set(this.#asked.kind, { ...this.#asked, from: now });
    for (const request of this.#waiting.values()) {
      if (this.#channel.inflight) return;
      if (now >= request.from) this.#send(request, now);
    }
  }

  #send(request, now) {
    this.#waiting.delete(request.kind);
    const body = request.body();
    if (!body) return;
    this.#asked = request;
    this.#lastAt = now;
    this.#channel.ask(request.kind, { kind: request.kind, ...body }, now);
  }

  /** Take note of an answer. @returns {Object|null} the request that it answers, if that one is waited for */
  settle(reply, now) {
    const waiting = this.#channel.inflight;
    const asked = this.#channel.settle(reply, now);
    return waiting && asked === waiting ? asked.body : null;
  }

  /** Nothing that is waiting or was asked matters any more. */
  forget() {
    this.#waiting.clear();
    this.#channel.inflight = null;
  }
}
