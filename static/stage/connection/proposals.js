/**
 * What the stage would like the run to be: values for fields of the configuration, which the server puts into the
 * controls of the page (docs/protocol.md). The answer is an ordinary new run, or nothing but a notice on the page.
 *
 * Streamlit drops a trigger that a newer one overtakes, so a proposal is sent again until the server has heard of it.
 */
const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 8000;

export class Proposals {
  #send;
  #lastId;
  #pending = null;

  /**
   * @param {(proposal: {id: number, values: Object}) => void} send
   * @param {number} firstId ids start above it; must exceed every id used by an earlier mount of the same session
   */
  constructor(send, firstId) {
    this.#send = send;
    this.#lastId = firstId;
  }

  /**
   * @param {Object<string, *>} values by the names of the configuration's fields
   * @param {number} now
   * @returns {() => boolean} whether the server hasn't heard of it yet
   */
  propose(values, now) {
    const id = ++this.#lastId;
    this.#pending = { id, values: { ...this.#pending?.values, ...values }, wait: FIRST_WAIT_MS, at: now };
    this.#sendPending();
    return () => this.#pending !== null && this.#pending.id >= id;
  }

  /** The server has heard of every proposal up to this id. */
  settle(id) {
    if (this.#pending && id >= this.#pending.id) this.#pending = null;
  }

  /** Repeat what went unheard. */
  tick(now) {
    const pending = this.#pending;
    if (!pending || now - pending.at < pending.wait) return;
    pending.at = now;
    pending.wait = Math.min(LONGEST_WAIT_MS, 2 * pending.wait);
    this.#sendPending();
  }

  #sendPending() {
    const { id, values } = this.#pending;
    this.#send({ id, values });
  }
}
