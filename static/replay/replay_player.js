/** A player of what was recorded: at the end, Play begins anew, and nothing is trained. Pure, so that node can test it. */
import { Player } from '../stage/player/player.js';

/** Frames a second that one can choose. */
export const RATES = [2, 5, 10, 20, 30, 60];
/** A whole recording takes about so many seconds, unless one chooses otherwise. */
const USUAL_SECONDS = 12;

/** The rate that suits so many frames. @param {number} count */
export function fittingRate(count) {
  const wanted = Math.max(1, count) / USUAL_SECONDS;
  return RATES.reduce((best, rate) => (Math.abs(Math.log(rate / wanted)) < Math.abs(Math.log(best / wanted)) ? rate : best));
}

export class ReplayPlayer extends Player {
  /** @param {number} rate frames a second */
  setRate(rate) {
    const { unit, amount } = this.speed;
    this.pace = { epochs: unit === 'epoch' ? amount : 0, stay: 1000 / rate };
  }

  /** @param {number} now */
  play(now) {
    const { stopped } = this.state;
    const end = Math.min(this.timeline.furthest, stopped?.good ?? Infinity);
    if (this.timeline.shown >= end) this.reset(now);
    super.play(now);
  }

  /** Beyond the last frame, there is nothing. */
  step() {}

  /** Back to the first frame. @param {number} now */
  reset(now) {
    this.scrub(0, now);
  }
}
