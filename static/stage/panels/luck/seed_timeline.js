/** The timeline of a fan: besides the frames, the losses of every seed. */
import { epochsDone, frameNumber } from '../../../messages/frame.js';
import { Timeline } from '../../run/timeline.js';
import { SeedHistory } from './seed_history.js';

export class SeedTimeline extends Timeline {
  seeds = new SeedHistory();

  /** @override */
  start(statics, frame, stepsPerEpoch, furthest = 0) {
    this.seeds.load(statics);
    super.start(statics, frame, stepsPerEpoch, furthest);
    this.seeds.truncateAfter(this.furthest);
  }

  /** @override */
  store(frame, follows) {
    super.store(frame, follows);
    this.seeds.record({ frame: frameNumber(frame), epoch: epochsDone(frame), seeds: frame.seeds.slice() });
  }

  /** @override */
  dropAfter(number) {
    super.dropAfter(number);
    this.seeds.truncateAfter(number);
  }
}
