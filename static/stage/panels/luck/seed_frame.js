/** Names for what a fan's frame tells of its seeds (docs/protocol.md, "A fan"). No DOM in here. */

/** @typedef {import('../../../messages/decode.js').Arrays} Arrays */
/** @typedef {'trainLoss'|'testLoss'|'trainScore'|'testScore'} Measure */

/** Numbers of a seed in a frame. */
export const ROW = 5;
/** @type {Measure[]} in their order in a frame */
export const MEASURES = ['trainLoss', 'testLoss', 'trainScore', 'testScore'];
const TRAINS = 4;

/** @param {Arrays} frame */
export const seedCount = (frame) => frame.seeds.length / ROW;

/** One measure of all seeds; NaN where there is none. @param {Arrays} frame @param {Measure} measure @returns {Float64Array} */
export function measureOf(frame, measure) {
  const column = MEASURES.indexOf(measure);
  return Float64Array.from({ length: seedCount(frame) }, (_, k) => frame.seeds[k * ROW + column]);
}

/** Whether a seed still trains; one that diverged doesn't. @param {Arrays} frame @param {number} k */
export const isTraining = (frame, k) => frame.seeds[k * ROW + TRAINS] === 1;
