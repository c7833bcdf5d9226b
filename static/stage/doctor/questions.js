/**
 * When the server is asked what is wrong with a run: at rest about the frame on screen, and now and then while frames play.
 * Pure, so that node can test it.
 */

/** While frames play, so often at most. */
const EVERY_MS = 5000;
/** And at rest, where somebody goes from frame to frame. */
const LEAST_MS = 300;
/** An answer that is waited for comes soon, or isn't waited for any more. */
const PATIENCE_MS = 4000;

/** @typedef {{run: string, frame: number, settings: number, diverged: boolean}} Place what a diagnosis is about; `diverged`: training ended there */
/** @typedef {{run: string, frame: number, epoch: number, findings: Object[]}} Diagnosis */

/** Whether there is something to diagnose: of the untrained network only that training failed at once. @param {Place} place */
export const hasTrained = ({ frame, diverged }) => frame > 0 || diverged;

export class Questions {
  /** What was asked about last. @type {Place|null} */
  #asked = null;
  #askedAt = -Infinity;
  /** From which frame on somebody wants to know, and since when. @type {{run: string, frame: number, since: number}|null} */
  #wanted = null;

  /**
   * Whether to ask now.
   * @param {Place} place on screen @param {{playing: boolean, now: number}} when
   */
  isDue(place, { playing, now }) {
    if (!hasTrained(place)) return false;
    const asked = this.#asked;
    if (asked && asked.run === place.run && asked.frame === place.frame && asked.settings === place.settings && asked.diverged === place.diverged) return false;
    return now - this.#askedAt >= (playing && this.#wanted === null ? EVERY_MS : LEAST_MS);
  }

  /** @param {Place} place @param {number} now */
  note(place, now) {
    this.#asked = place;
    this.#askedAt = now;
  }

  /**
   * What is known of a frame, or of a later one; null while that is waited for.
   * @param {Diagnosis|null} diagnosis the newest @param {{run: string, frame: number, now: number}} about
   * @returns {Object[]|null}
   */
  answer(diagnosis, { run, frame, now }) {
    if (this.#wanted?.run !== run) this.#wanted = { run, frame, since: now };
    const known = diagnosis !== null && diagnosis.run === run && diagnosis.frame >= this.#wanted.frame;
    if (!known && now - this.#wanted.since < PATIENCE_MS) return null;
    this.#wanted = null;
    return known ? diagnosis.findings : [];
  }
}
