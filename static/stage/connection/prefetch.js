/**
 * What to ask for ahead, and how many frames of it: enough never to run dry, few enough that a change is seen soon.
 */

/** @typedef {{unit: 'step'|'epoch', amount: number}} Speed how much is trained from frame to frame */

/** More frames are asked for when fewer than this lie ready; slow answers raise it, up to a limit. */
const LOW_WATER = 16;
const MOST_LOW_WATER = 80;
/**
 * Frames a request tops the buffer up to, beyond the low-water mark. Every answer makes Streamlit render its part of the
 * page again, which costs the browser as much as several frames: few large answers play smoother than many small ones.
 */
const TOP_UP = 64;
/** No answer has more. */
const MOST = 80;
/**
 * Frames asked for first after a change, so that its effect is seen at once. Through a slow link they are as many more as
 * are shown until the next answer is there.
 */
const FIRST = 3;
const MOST_FIRST = 32;
/** Frames of the answer after that, and by how much later ones grow: a large one may take longer than the few frames last. */
const SECOND = 32;
const GROWTH = 2;
const FRAME_MS = 1000 / 60;
/** Answers may take this much longer than the slowest of late, or the quickest one does the next time. */
const CAUTION = 1.3;

/** How long answers took of late, in milliseconds from the request. @typedef {{quickest: number, slowest: number}} Pace */

/**
 * How many frames the next answer may have, while playing gets under way after a change.
 * @param {number|null} before how many were asked for the last time, null where nothing has come yet since the change
 * @param {Pace} pace
 */
export function ration(before, { quickest }) {
  if (before !== null) return Math.max(SECOND, GROWTH * before);
  return Math.min(MOST_FIRST, FIRST + Math.floor((CAUTION * quickest) / FRAME_MS));
}

/**
 * @param {number} lead frames ready to be shown
 * @param {Pace} pace
 * @param {number} most frames that may lie ready: training can't be taken up at older ones than that
 * @param {number} [rationed] frames that the answer may have
 * @returns {number} frames to ask for, 0 for none yet
 */
export function framesToAsk(lead, { slowest }, most = Infinity, rationed = Infinity) {
  const awaited = Math.ceil((CAUTION * slowest) / FRAME_MS);
  const lowWater = Math.max(LOW_WATER, Math.min(MOST_LOW_WATER, awaited));
  if (lead >= Math.min(lowWater, most)) return 0;
  return Math.min(lowWater + TOP_UP - lead, most - lead, MOST, rationed);
}

/**
 * What a run that plays needs next: what was recorded and is no longer buffered, or else further training.
 * @param {{timeline: import('../run/timeline.js').Timeline, state: import('../run/run_state.js').RunState,
 *   speed: Speed, pace: Pace, before: number|null}} playing `before`: as `ration` has it
 * @returns {Object|null} the request
 */
export function nextRequest({ timeline, state, speed, pace, before }) {
  const { newest, ready } = timeline;
  const recorded = ready.end < newest;
  if (!recorded && state.endsBy(newest)) return null;
  const n = framesToAsk(ready.count, pace, state.mostAhead, recorded ? Infinity : ration(before, pace));
  if (n <= 0) return null;
  return recorded ? { kind: 'replay', from: ready.end, n } : state.requestFrom(newest, { ...speed, n });
}
