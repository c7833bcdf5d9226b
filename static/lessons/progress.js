/**
 * How far a visitor has come in the lessons, and what the answers were: kept in this browser alone. No DOM but for the
 * store, so that node can test it.
 */

const KEY = 'nnplay.lessons';

/**
 * What is kept of a step. `of` is the step's title: where an author has put another step in its place, nothing is known of that.
 * @typedef {{of: string, answer?: any, skipped?: boolean, done?: boolean, result?: Object<string, any>}} StepKept
 */

export class Progress {
  #store;

  /** @param {Pick<Storage, 'getItem'|'setItem'>|null} store null where a browser keeps nothing */
  constructor(store) {
    this.#store = store;
  }

  /** @returns {Object<string, {at?: number, steps?: Object<string, StepKept>}>} by lesson */
  #read() {
    try {
      const kept = JSON.parse(this.#store?.getItem(KEY) ?? '{}');
      return isObject(kept) ? kept : {};
    } catch {
      return {}; // somebody else's text
    }
  }

  #lesson(key) {
    const kept = this.#read();
    return Object.hasOwn(kept, key) && isObject(kept[key]) ? kept[key] : {};
  }

  /** @param {string} key of the lesson @param {number} index of the step @param {string} title its title @returns {StepKept} */
  step(key, index, title) {
    const { steps } = this.#lesson(key);
    const kept = isObject(steps) ? steps[String(index)] : null;
    return isObject(kept) && kept.of === title ? kept : { of: title };
  }

  /** @param {string} key @param {number} index @param {StepKept} kept */
  keep(key, index, kept) {
    const lesson = this.#lesson(key);
    this.#write({ ...this.#read(), [key]: { at: index, steps: { ...(isObject(lesson.steps) ? lesson.steps : {}), [String(index)]: kept } } });
  }

  /** Note at which step a lesson is. @param {string} key @param {number} index */
  visit(key, index) {
    this.#write({ ...this.#read(), [key]: { ...this.#lesson(key), at: index } });
  }

  /** @param {string} key @param {string[]} titles of its steps @returns {{done: boolean[], at: number, begun: boolean}} */
  of(key, titles) {
    const { at } = this.#lesson(key);
    const done = titles.map((title, index) => this.step(key, index, title).done === true);
    const known = Number.isInteger(at) && Number(at) >= 0 && Number(at) < titles.length;
    return { done, at: known ? Number(at) : 0, begun: known };
  }

  #write(kept) {
    try {
      this.#store?.setItem(KEY, JSON.stringify(kept));
    } catch { /* a browser that keeps nothing, or no more */ }
  }
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
