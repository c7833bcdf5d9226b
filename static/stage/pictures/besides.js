/**
 * Pictures of other networks than the one on screen, to be seen beside it: the boundaries of earlier frames, and the answers of
 * a frame that was kept. Each is made once, when there is time. No DOM in here.
 */

import { pixelGrid } from './resolution.js';

/** Points along a side in which earlier boundaries are found; of an axis alone, along its curve. */
const BORDERS = 81;
const CURVE = 241;

/**
 * @typedef {Object} Wanted
 * @property {Float32Array[]} networks by their parameters
 * @property {number[][]} domain the part of the plane that is in sight
 * @property {{columns: number, rows: number}} [pixels] in which it is shown; without, lines are drawn
 * @property {Object|null} [of] the description of the run that the networks are from, where that is another one
 * @property {boolean} isCurve whether there is an axis alone
 */
/** @typedef {'earlier'|'beside'} Kind */
/** @typedef {{parameters: Float32Array} & import('../../network/picture.js').Picture & {plot: Object}} Made a network's picture */

export class Besides {
  #worker;
  #onArrival;
  /** @type {{earlier?: Wanted, beside?: Wanted}} */
  #wanted = {};
  /** By parameters; what is forgotten there is forgotten here. @type {Record<Kind, WeakMap<Float32Array, {key: string, picture: Object}>>} */
  #pictures = { earlier: new WeakMap(), beside: new WeakMap() };
  /** What is under way. @type {Map<Float32Array, string>} */
  asked = new Map();
  /** @type {{key: any[], made: {earlier?: Made[], beside?: Made[]}}} */
  #last = { key: [], made: {} };

  /** @param {Pick<import('../../network/picture_worker.js').PictureWorker, 'ask'>|null} worker @param {() => void} onArrival */
  constructor(worker, onArrival) {
    this.#worker = worker;
    this.#onArrival = onArrival;
  }

  clear() {
    this.asked.clear();
    this.#pictures = { earlier: new WeakMap(), beside: new WeakMap() };
    this.#last = { key: [], made: {} };
  }

  /** @param {{earlier?: Wanted, beside?: Wanted}} wanted */
  look({ earlier, beside }) {
    this.#wanted = { earlier, beside };
  }

  /** Those that are there, the same object as long as they are the same. @returns {{earlier?: Made[], beside?: Made[]}} */
  get made() {
    /** @type {{earlier?: Made[], beside?: Made[]}} */
    const made = {};
    const key = [];
    for (const kind of /** @type {Kind[]} */ (['earlier', 'beside'])) {
      const wanted = this.#wanted[kind];
      if (!wanted) continue;
      made[kind] = [];
      for (const parameters of wanted.networks) {
        const found = this.#pictures[kind].get(parameters);
        // What was drawn of another part of the plane is still true where it is.
        if (!found) continue;
        made[kind].push(/** @type {Made} */ ({ parameters, ...found.picture }));
        key.push(kind, found);
      }
    }
    if (key.length !== this.#last.key.length || key.some((each, k) => each !== this.#last.key[k]) || Object.keys(made).length !== Object.keys(this.#last.made).length) this.#last = { key, made };
    return this.#last.made;
  }

  /** Ask for what is missing. @param {boolean} playing one at a time, then: frames are more urgent */
  ask(playing) {
    for (const kind of /** @type {Kind[]} */ (['beside', 'earlier'])) {
      const wanted = this.#wanted[kind];
      const key = wanted ? `${wanted.domain} ${wanted.pixels?.columns} ${wanted.pixels?.rows}` : '';
      for (const parameters of wanted?.networks ?? []) {
        if (this.#pictures[kind].get(parameters)?.key === key || this.asked.get(parameters) === kind + key) continue;
        if (playing && this.asked.size > 0) return;
        this.#ask(kind, /** @type {Wanted} */ (wanted), parameters, key);
      }
    }
  }

  /** @param {Kind} kind @param {Wanted} wanted @param {Float32Array} parameters @param {string} key */
  #ask(kind, { domain, pixels, isCurve, of = null }, parameters, key) {
    this.asked.set(parameters, kind + key);
    const lines = isCurve ? { columns: CURVE, rows: 1, domain } : { columns: BORDERS, rows: BORDERS, domain };
    // The same points as a frame has at rest: what is alike is to be alike everywhere.
    const grid = pixels ? pixelGrid({ ...pixels, domain }, isCurve) : lines;
    const wants = pixels ? { surface: grid, of } : { borders: grid };
    this.#worker?.ask(kind, parameters, wants, (picture) => {
      if (this.asked.get(parameters) === kind + key) this.asked.delete(parameters);
      this.#pictures[kind].set(parameters, { key, picture: { ...picture, plot: grid } });
      this.#onArrival();
    });
  }
}
