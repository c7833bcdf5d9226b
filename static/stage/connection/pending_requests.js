/**
 * Requests that have not been sent yet, because another one is under way. Of each kind only the newest counts, except for
 * steps, of which a few may queue up.
 */

/** Most urgent first; prefetching comes after all of these. */
const URGENCY = ['reset', 'undo', 'redo', 'recover', 'sync', 'fork', 'branch', 'delete_branch', 'carry_over', 'view', 'edit', 'place', 'step', 'show', 'rest', 'follow', 'diagnose'];
const MOST_STEPS = 3;

export class PendingRequests {
  /** Number of the past frame that was asked for and is not on screen yet, or null. */
  target = null;
  #bodies = new Map();
  #steps = [];
  /** What is asked for when nothing else is, or null: whoever wants it says so anew after each answer. @type {Object|null} */
  aside = null;
  /** The same for frames that are to be recorded (stage/recorded.js), which come first. @type {Object|null} */
  recorded = null;

  /** Kind of the most urgent request, or undefined. */
  get next() {
    return URGENCY.find((kind) => (kind === 'step' ? this.#steps.length > 0 : this.#bodies.has(kind)));
  }

  has(kind) {
    return this.#bodies.has(kind);
  }

  /** @param {{kind: string, [key: string]: *}} body the request to be made */
  put(body) {
    this.#bodies.set(body.kind, body);
  }

  /** @returns {Object|undefined} the request of this kind, which stays pending */
  peek(kind) {
    return this.#bodies.get(kind);
  }

  /** @returns {Object} the request of this kind, which is pending no longer */
  take(kind) {
    const body = this.#bodies.get(kind);
    this.#bodies.delete(kind);
    return body;
  }

  /** @param {'step'|'epoch'} unit @param {boolean} first before those already waiting */
  queueStep(unit, first = false) {
    if (this.#steps.length >= MOST_STEPS) return;
    if (first) this.#steps.unshift(unit);
    else this.#steps.push(unit);
  }

  takeStep() {
    return this.#steps.shift();
  }

  /** Ask for a frame of the past. */
  askToShow(number) {
    this.target = number;
    this.put({ kind: 'show', frame: number });
  }

  /** Take back a frame of the past, and the steps unless they are to be kept. */
  forgetMoves({ keepSteps = false } = {}) {
    this.target = null;
    this.#bodies.delete('show');
    if (!keepSteps) this.#steps.length = 0;
  }

  /** Ask again for what went unanswered, unless something newer took its place. @param {Object|null} asked */
  putBack(asked) {
    if (!asked || ['frames', 'replay', 'landscape', 'recorded'].includes(asked.purpose)) return;
    if (asked.purpose === 'step') this.queueStep(asked.body.unit, true);
    else if (!this.#bodies.has(asked.purpose)) this.put(asked.body);
  }

  /** Take back what was to be asked about a run that another one has taken the place of. */
  forgetRun() {
    this.forgetMoves();
    this.recorded = null;
    for (const kind of ['undo', 'redo', 'recover', 'sync', 'view', 'edit', 'place', 'rest', 'follow', 'diagnose']) this.#bodies.delete(kind);
  }
}
