/**
 * The samples' markers as small pictures, made once for each theme and screen: what the hidden layer's painters stamp.
 */
import { groupMarker, groupSamples } from './markers.js';
import { markerStamp } from './shapes.js';

/** Of too many samples, every so many-th of each group. */
export function thinned(groups, most) {
  return groups.map((group) => {
    const n = groups.reduce((sum, { isTest, members }) => sum + (isTest === group.isTest ? members.length : 0), 0);
    const every = Math.ceil(n / most);
    return every > 1 ? { ...group, members: group.members.filter((_, k) => k % every === 0) } : group;
  });
}

/** A picture that nobody draws on any more: a canvas may have changed each time it is drawn, which takes time to find out. @param {HTMLCanvasElement} canvas */
function still(canvas) {
  const copy = new OffscreenCanvas(canvas.width, canvas.height);
  copy.getContext('2d').drawImage(canvas, 0, 0);
  return copy.transferToImageBitmap();
}

export class SampleStamps {
  #run = null;
  #theme = null;
  #groups = [];
  #stamps = [];
  #scale = 0;

  /** @param {number} radius of a marker @param {number} most training samples, and test samples, that are drawn */
  constructor(radius, most = Infinity) {
    this.radius = radius;
    this.most = most;
  }

  setRun(run) {
    this.#run = run;
    this.#groups = thinned(groupSamples(run), this.most);
    this.#stamps = [];
  }

  setTheme(theme) {
    this.#theme = theme;
    this.#stamps = [];
  }

  /**
   * @param {number} scale device pixels per CSS pixel
   * @returns {{members: Uint32Array, isTest: boolean, stamp: ImageBitmap}[]}
   */
  at(scale) {
    if (this.#stamps.length === 0 || this.#scale !== scale) {
      this.#scale = scale;
      this.#stamps = this.#groups.map((group) => {
        const marker = groupMarker(group, this.#run.info, this.#theme, this.radius);
        return { members: group.members, isTest: group.isTest, stamp: still(markerStamp(marker, scale)) };
      });
    }
    return this.#stamps;
  }
}
