/**
 * The samples' markers as small pictures, made once for each theme and screen: what the hidden layer's painters stamp.
 */
import { groupMarker, groupSamples } from './markers.js';
import { markerStamp } from './shapes.js';

export class SampleStamps {
  #run = null;
  #theme = null;
  #groups = [];
  #stamps = [];
  #scale = 0;

  /** @param {number} radius of a marker */
  constructor(radius) {
    this.radius = radius;
  }

  setRun(run) {
    this.#run = run;
    this.#groups = groupSamples(run);
    this.#stamps = [];
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#stamps = [];
  }

  /**
   * @param {number} scale device pixels per CSS pixel
   * @returns {{members: Uint32Array, isTest: boolean, stamp: HTMLCanvasElement}[]}
   */
  at(scale) {
    if (this.#stamps.length === 0 || this.#scale !== scale) {
      this.#scale = scale;
      this.#stamps = this.#groups.map((group) => {
        const marker = groupMarker(group, this.#run.info, this.#theme, this.radius);
        return { members: group.members, isTest: group.isTest, stamp: markerStamp(marker, scale) };
      });
    }
    return this.#stamps;
  }
}
