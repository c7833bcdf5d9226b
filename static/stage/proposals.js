/**
 * What the stage would like the run to be: values for fields of the configuration, which the server puts into the
 * controls of the page (docs/protocol.md). The answer is an ordinary new run, or nothing but a notice on the page.
 */
export class Proposals {
  #send;
  #lastId;

  /**
   * @param {(proposal: {id: number, values: Object}) => void} send
   * @param {number} firstId ids start above it; must exceed every id used by an earlier mount of the same session
   */
  constructor(send, firstId) {
    this.#send = send;
    this.#lastId = firstId;
  }

  /** @param {Object<string, *>} values by the names of the configuration's fields */
  propose(values) {
    this.#send({ id: ++this.#lastId, values });
  }
}
