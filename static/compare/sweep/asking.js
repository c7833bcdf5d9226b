/** When the browser asks the server for more of a sweep: one request at a time, again if no answer comes. No DOM in here. */

/** While a sweep runs, it is asked how far it is so often. */
const PAUSE_MS = 150;
/** An answer that takes longer is asked for again; each time one waits twice as long. */
const [FIRST_LIMIT_MS, LONGEST_LIMIT_MS] = [3000, 16000];

/** @typedef {{id: string, size: number, running: boolean}} Known what the browser shows: which sweep, how many trainings, and whether it goes on */

export class Asking {
  #send;
  #lastId;
  /** @type {{id: number, act: string|null, at: number}|null} */
  #waiting = null;
  #next = Infinity;
  #limit = FIRST_LIMIT_MS;
  /** What is to be done once the answer under way is there. @type {string|null} */
  #act = null;

  /** @param {(request: Object) => void} send @param {number} firstId ids start above it */
  constructor(send, firstId) {
    this.#send = send;
    this.#lastId = firstId;
  }

  /** Whether something was asked to be done, and isn't yet, as far as the browser knows. */
  get isActing() {
    return this.#act !== null || (this.#waiting?.act ?? null) !== null;
  }

  /** Ask for something to be done. @param {string} act @param {Known} known @param {number} now */
  act(act, known, now) {
    this.#ask(act, known, now);
  }

  /** Ask for what isn't known, unless an answer is under way. @param {Known} known @param {number} now */
  look(known, now) {
    if (this.#waiting) this.#next = now;
    else this.#ask(null, known, now);
  }

  /** The same in a while. @param {number} now */
  lookLater(now) {
    this.#next = now + PAUSE_MS;
  }

  /** A message came. @param {number} reply the newest request that it answers @param {number} now */
  heard(reply, now) {
    if (reply > this.#lastId) this.#lastId = reply;
    if (!this.#waiting || reply < this.#waiting.id) return;
    this.#waiting = null;
    this.#limit = FIRST_LIMIT_MS;
    this.#next = Math.max(this.#next, now);
    if (this.#next === now) this.#next = Infinity;
  }

  /** @param {Known} known @param {number} now */
  tick(known, now) {
    if (this.#waiting && now - this.#waiting.at > this.#limit) {
      this.#limit = Math.min(LONGEST_LIMIT_MS, 2 * this.#limit);
      this.#ask(this.#waiting.act, known, now);
    } else if (!this.#waiting && now >= this.#next) this.#ask(null, known, now);
  }

  #ask(act, known, now) {
    this.#lastId += 1;
    this.#next = Infinity;
    this.#waiting = { id: this.#lastId, act, at: now };
    this.#send({ id: this.#lastId, do: act, sweep: known.id, have: known.size, running: known.running });
  }
}
