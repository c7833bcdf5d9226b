/** What the panels of a fan share: the seed that one points at, and the target. No DOM in here. */

/** @typedef {{seed: number|null, target: number}} Seen `seed` counted from 0 among those of the fan */

export class Spotlight {
  /** @type {number|null} */
  seed = null;
  target = 0.95;
  /** @type {(() => void)[]} */
  #listeners = [];

  /** @param {() => void} listener called when something changed */
  listen(listener) {
    this.#listeners.push(listener);
  }

  /** @param {number|null} seed */
  point(seed) {
    if (seed === this.seed) return;
    this.seed = seed;
    this.#tell();
  }

  /** @param {number} target */
  aim(target) {
    if (target === this.target) return;
    this.target = target;
    this.#tell();
  }

  #tell() {
    for (const listener of this.#listeners) listener();
  }
}
