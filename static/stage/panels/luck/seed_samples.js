/** The training samples that all seeds share, as one small picture to be laid over each seed's own. */
import { SampleStamps } from '../../../plot/sample_stamps.js';

const RADIUS = 1.8;
/** More would hide what a small picture shows. */
const MOST = 60;

export class SeedSamples {
  #stamps = new SampleStamps(RADIUS, MOST);
  #canvas = document.createElement('canvas');
  #run = null;
  #drawn = '';

  setRun(run) {
    this.#run = run;
    this.#stamps.setRun(run);
    this.#drawn = '';
  }

  /** @param {import('../../../kit/theme.js').Theme} theme */
  setTheme(theme) {
    this.#stamps.setTheme(theme);
    this.#drawn = '';
  }

  /** @param {number} side in pixels @param {number} scale of them for each CSS pixel @returns {HTMLCanvasElement} */
  at(side, scale) {
    if (this.#drawn !== `${side} ${scale}`) this.#draw(side, scale);
    return this.#canvas;
  }

  #draw(side, scale) {
    this.#drawn = `${side} ${scale}`;
    this.#canvas.width = this.#canvas.height = side;
    const context = this.#canvas.getContext('2d');
    const { info, statics } = this.#run;
    const [[left, right], [low, high]] = info.domain;
    for (const { members, isTest, stamp } of this.#stamps.at(scale)) {
      if (isTest) continue;
      for (const i of members) {
        const x = ((statics.inputs[2 * i] - left) / (right - left)) * side;
        const y = side - ((statics.inputs[2 * i + 1] - low) / (high - low)) * side;
        context.drawImage(stamp, Math.round(x - stamp.width / 2), Math.round(y - stamp.height / 2));
      }
    }
  }
}
