/**
 * Names for the numbers inside a decoded frame, so that no other module knows their positions in the wire format.
 */

/** @typedef {import('./decode.js').Arrays} Frame */

export const frameNumber = (frame) => frame.counters[0];
export const epochsDone = (frame) => frame.counters[1];
const stepInEpoch = (frame) => frame.counters[2];
export const stepsDone = (frame) => frame.counters[3];
export const viewId = (frame) => frame.counters[4];

export const trainLoss = (frame) => frame.measures[0];
export const testLoss = (frame) => frame.measures[1];
export const trainScore = (frame) => frame.measures[2];
export const testScore = (frame) => frame.measures[3];
/** Share of the whole test set that is recognised, at an epoch's end, where frames measure only a part of it; else NaN. */
export const wholeTestScore = (frame) => frame.whole_test?.[1] ?? NaN;
export const learningRate = (frame) => frame.measures[4];

/** Epochs as a number with a fraction inside an epoch. */
export const epochOf = (frame, stepsPerEpoch) => epochsDone(frame) + stepInEpoch(frame) / Math.max(1, stepsPerEpoch);

/** Bytes a frame's arrays take. */
export function frameBytes(frame) {
  let total = 0;
  for (const name in frame) total += frame[name].byteLength;
  return total;
}
