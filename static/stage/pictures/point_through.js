/**
 * The point of the plane that one points at, and what the network of the frame on screen makes of it.
 */
import { PictureMaker } from '../../network/picture.js';

/** @typedef {{place: number[], pinned: boolean, inputs: Float64Array, layers: Float64Array[], sums: Float64Array[], outputs: Float64Array}} Point and what the network makes of it; `sums` as network/forward.js has them */

export class PointThrough {
  #onChange;
  #run = null;
  #maker = null;
  #place = null;
  #isPinned = false;
  /** @type {{place: number[], frame: Object, point: Point}|null} */
  #last = null;

  /** @param {() => void} onChange another place */
  constructor(onChange) {
    this.#onChange = onChange;
  }

  setRun(run) {
    this.#run = run.info.network ? run : null;
    this.#maker = null;
    this.#last = null;
  }

  /** @param {number[]|null} place null for none @param {boolean} [isPinned] whether it stays */
  at(place, isPinned = false) {
    if (place === this.#place) return;
    this.#place = place;
    this.#isPinned = isPinned;
    this.#onChange();
  }

  /** @param {import('./pictures.js').Drawn} frame @returns {Point|null} */
  through(frame) {
    const place = this.#place;
    if (!place || !this.#run) return null;
    if (this.#last?.place !== place || this.#last.frame !== frame) {
      this.#maker ??= new PictureMaker(this.#run);
      this.#last = { place, frame, point: { place, pinned: this.#isPinned, ...this.#maker.at(frame.parameters, place[0], place[1]) } };
    }
    return this.#last.point;
  }
}
