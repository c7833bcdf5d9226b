/**
 * Requests to the server: their ids, the one under way, its time limit, and which late answers are out of date.
 *
 * Streamlit may deliver a trigger twice, drop an answer that a newer one overtook, or answer late; all of that is
 * settled here by comparing ids.
 */

/**
 * An answer that takes longer is asked for again. Where many visitors share a server answers take long and asking again
 * would only add to its work, so each time limit that passes doubles the next.
 */
const TIME_LIMIT_MS = 2000;
/** Until the first answer nobody knows how long they take. */
const FIRST_LIMIT_MS = 6000;
const LONGEST_LIMIT_MS = 16000;
const REMEMBERED = 32;
/** The quickest and the slowest are those of so many of the newest answers. */
const NEWEST = 8;
/** Share of the newest measurement in the round trip's running mean. */
const NEWEST_SHARE = 0.3;

/** @typedef {{id: number, purpose: string, body: Object, at: number}} Asked */

export class RequestChannel {
  /** @type {Asked|null} the request that waits for its answer */
  inflight = null;
  /** Milliseconds from a request to its answer, a running mean. */
  roundTrip = 0;
  /** The same of the newest answers. @type {number[]} */
  #took = [];
  /** The last answer that brought frames of those that were asked for. @type {{took: number, frames: number, asked: number}|null} */
  #last = null;
  /** Since when the server has owed an answer, whichever, or null. @type {number|null} */
  owedSince = null;
  #timeLimit = FIRST_LIMIT_MS;
  #lastId;
  #firstValid = 0;
  #asked = new Map();

  /**
   * @param {(request: Object) => void} send
   * @param {number} firstId ids start above it; must exceed every id used by an earlier mount of the same session
   */
  constructor(send, firstId) {
    this.send = send;
    this.#lastId = firstId;
  }

  /** How long the quickest and the slowest of the newest answers took, in milliseconds; 0 before the first. */
  get pace() {
    const { length } = this.#took;
    return { quickest: length ? Math.min(...this.#took) : 0, slowest: length ? Math.max(...this.#took) : 0 };
  }

  /**
   * Milliseconds until the answer under way is there, if its frames take as long each as those of the last one, and are no
   * more where that had fewer than it was asked for; 0 where nothing is under way.
   */
  remaining(now) {
    if (!this.inflight) return 0;
    const { at, body: { n = 0 } } = this.inflight;
    const { quickest } = this.pace;
    const { took, frames, asked } = this.#last ?? { took: quickest, frames: 1, asked: 1 };
    const awaited = frames < asked ? Math.min(n, frames) : n;
    return Math.max(0, at + quickest + ((took - quickest) * awaited) / frames - now);
  }

  /** Send a request. `purpose` says what the player wants with the answer; it stays in the browser. */
  ask(purpose, body, now) {
    const id = ++this.#lastId;
    this.inflight = { id, purpose, body, at: now };
    this.owedSince ??= now;
    this.#asked.set(id, this.inflight);
    if (this.#asked.size > REMEMBERED) this.#asked.delete(this.#asked.keys().next().value);
    this.send({ ...body, id });
  }

  /** Nobody will answer what is under way: the one who was asked is no more. */
  abandon() {
    this.inflight = null;
    this.#timeLimit = FIRST_LIMIT_MS;
  }

  /** Something came from the server: it is there. */
  heard(now) {
    this.owedSince = this.inflight ? now : null;
  }

  /** Nothing is waited for any more. */
  forgetDebt() {
    this.owedSince = null;
  }

  /** Take note of an answer with so many frames. @returns {Asked|undefined} the request it answers */
  settle(reply, now, frames = 0) {
    if (this.inflight && reply >= this.inflight.id) {
      const took = now - this.inflight.at;
      this.roundTrip += (this.roundTrip === 0 ? 1 : NEWEST_SHARE) * (took - this.roundTrip);
      this.#took = [...this.#took, took].slice(-NEWEST);
      const { n: asked } = this.inflight.body;
      if (asked > 0 && frames > 0) this.#last = { took, frames, asked };
      this.#timeLimit = Math.min(LONGEST_LIMIT_MS, Math.max(TIME_LIMIT_MS, 4 * this.roundTrip));
      this.inflight = null;
    }
    if (reply > this.#lastId) this.#lastId = reply;
    return this.#asked.get(reply);
  }

  /** The request under way if it has waited too long; it is then given up. @returns {Asked|null} */
  takeOverdue(now) {
    if (!this.inflight || now - this.inflight.at < this.#timeLimit) return null;
    this.#timeLimit = Math.min(LONGEST_LIMIT_MS, 2 * this.#timeLimit);
    const overdue = this.inflight;
    this.inflight = null;
    return overdue;
  }

  /** Training answers to what was asked so far no longer fit what is shown. */
  invalidate() {
    this.#firstValid = this.#lastId + 1;
    if (this.inflight && ['frames', 'replay', 'step'].includes(this.inflight.purpose)) this.inflight = null;
  }

  isStale(reply) {
    return reply < this.#firstValid;
  }
}
