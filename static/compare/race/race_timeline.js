/** The timeline of a race: besides the frames, a history for each lane, which ends where the lane goes no further. */
import { frameNumber } from '../../messages/frame.js';
import { History } from '../../stage/run/history.js';
import { Timeline } from '../../stage/run/timeline.js';
import { clockOf, laneCount, numbersOf } from './race_frame.js';

const COLUMNS = ['train_loss', 'test_loss', 'train_score', 'test_score'];

export class RaceTimeline extends Timeline {
  /** In the lanes' order; `epoch` is the race's clock. @type {History[]} */
  lanes = [];

  /** @override */
  start(statics, frame, stepsPerEpoch, furthest = 0) {
    const names = Object.keys(statics).map((name) => /^history_([A-Z])_epoch$/.exec(name)?.[1]).filter(Boolean);
    this.lanes = names.map((name) => laneHistory(statics, name));
    super.start({ ...statics, history_epoch: statics.history_clock }, frame, stepsPerEpoch, furthest);
    for (const lane of this.lanes) lane.truncateAfter(this.furthest);
  }

  /** @override */
  store(frame, follows) {
    super.store(frame, follows);
    const number = frameNumber(frame);
    for (let k = 0; k < Math.min(this.lanes.length, laneCount(frame)); k++) {
      const { isRunning, trainLoss, testLoss, trainScore, testScore } = numbersOf(frame, k);
      if (isRunning || number === 0) this.lanes[k].record(number, clockOf(frame), trainLoss, testLoss, trainScore, testScore);
    }
  }

  /** @override */
  dropAfter(number) {
    super.dropAfter(number);
    for (const lane of this.lanes) lane.truncateAfter(number);
  }
}

/** A lane's history, up to where it went no further. @param {import('../../messages/decode.js').Arrays} statics @param {string} name */
function laneHistory(statics, name) {
  const history = new History();
  const epochs = statics[`history_${name}_epoch`];
  const columns = COLUMNS.map((column) => statics[`history_${name}_${column}`]);
  for (let i = 0; i < epochs.length; i++) {
    if (i > 0 && epochs[i] === epochs[i - 1]) break;
    history.record(statics.history_frame[i], statics.history_clock[i], ...columns.map((column) => column[i]));
  }
  return history;
}
