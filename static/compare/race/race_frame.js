/** Names for what a race's frame tells of its lanes, and each lane as a frame of its own run. No DOM in here. */

/** @typedef {import('../../messages/decode.js').Arrays} Arrays */
/**
 * @typedef {Object} LaneNumbers
 * @property {number} epoch with a fraction inside an epoch, of `stepsPerEpoch`
 * @property {number} steps @property {number} trainLoss @property {number} testLoss @property {number} trainScore
 * @property {number} testScore @property {number} seconds of training @property {boolean} isRunning
 */

/** Numbers of a lane in a frame. */
const ROW = 10;

/** @param {Arrays} frame @param {number} lane @param {number} [stepsPerEpoch] @returns {LaneNumbers} */
export function numbersOf(frame, lane, stepsPerEpoch = 1) {
  const [epochs, inEpoch, steps, trainLoss, testLoss, trainScore, testScore, , seconds, running] = frame.lanes.subarray(lane * ROW, (lane + 1) * ROW);
  return { epoch: epochs + inEpoch / Math.max(1, stepsPerEpoch), steps, trainLoss, testLoss, trainScore, testScore, seconds, isRunning: running === 1 };
}

/** How many lanes a frame tells of. @param {Arrays} frame */
export const laneCount = (frame) => frame.lanes.length / ROW;

/** What the clock says: epochs, or seconds of training. @param {Arrays} frame */
export const clockOf = (frame) => frame.counters[1];

/** @type {WeakMap<Arrays, Arrays[]>} */
const known = new WeakMap();

/** Each lane as a frame of its own run, for whatever draws such. @param {Arrays} frame @param {string[]} names @returns {Arrays[]} */
export function lanesOf(frame, names) {
  let lanes = known.get(frame);
  if (!lanes) {
    lanes = names.map((name, k) => {
      const row = /** @type {Float64Array} */ (frame.lanes).subarray(k * ROW, (k + 1) * ROW);
      const counters = Float64Array.of(frame.counters[0], row[0], row[1], row[2], 0);
      return { counters, measures: row.slice(3, 8), parameters: frame[`${name}_parameters`] };
    });
    known.set(frame, lanes);
  }
  return lanes;
}

/** A lane as a run of its own. @param {{id: string, info: any, statics: Arrays}} race @param {number} index */
export function runOf({ id, info, statics }, index) {
  const lane = info.lanes[index];
  const prefix = `${lane.name}_`;
  const own = Object.entries(statics).filter(([name]) => name.startsWith(prefix)).map(([name, array]) => [name.slice(prefix.length), array]);
  return { id: `${id} ${lane.name}`, info: lane.info, statics: Object.fromEntries(own) };
}
