/** What the page asks the server for: one request at a time, again if no answer comes. No DOM in here. */

/** An answer that takes longer is asked for again; each time one waits twice as long. */
const [FIRST_LIMIT_MS, LONGEST_LIMIT_MS] = [3000, 16000];

export class Asking {
  #send;
  #lastId;
  /** @type {{id: number, body: Object, at: number}|null} */
  #waiting = null;
  /** What is asked next, the newest of each kind. @type {Map<string, Object>} */
  #next = new Map();
  #limit = FIRST_LIMIT_MS;

  /** @param {(request: Object) => void} send @param {number} firstId ids start above it */
  constructor(send, firstId) {
    this.#send = send;
    this.#lastId = firstId;
  }

  /** Whether an answer is owed. */
  get isWaiting() {
    return this.#waiting !== null;
  }

  /** Ask, now or when the answer under way is there. @param {{kind: string}} body @param {number} now */
  ask(body, now) {
    if (this.#waiting) this.#next.set(body.kind, body);
    else this.#ask(body, now);
  }

  /** A message came. @param {number} reply the newest request that it answers @param {number} now */
  heard(reply, now) {
    if (reply > this.#lastId) this.#lastId = reply;
    if (this.#waiting && reply < this.#waiting.id) return;
    this.#waiting = null;
    this.#limit = FIRST_LIMIT_MS;
    const [first] = this.#next;
    if (!first) return;
    this.#next.delete(first[0]);
    this.#ask(first[1], now);
  }

  /** @param {number} now */
  tick(now) {
    if (!this.#waiting || now - this.#waiting.at < this.#limit) return;
    this.#limit = Math.min(LONGEST_LIMIT_MS, 2 * this.#limit);
    this.#ask(this.#waiting.body, now);
  }

  #ask(body, now) {
    this.#lastId += 1;
    this.#waiting = { id: this.#lastId, body, at: now };
    this.#send({ ...body, id: this.#lastId });
  }
}
