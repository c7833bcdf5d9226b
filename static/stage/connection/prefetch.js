/**
 * What to ask for ahead, and how many frames of it: enough never to run dry, few enough that a change is seen soon.
 */

/** @typedef {{unit: 'step'|'epoch', amount: number}} Speed how much is trained from frame to frame */

/** More frames are asked for when fewer than this lie ready; slow answers raise it, up to a limit. */
const LOW_WATER = 16;
const MOST_LOW_WATER = 32;
/**
 * Frames a request tops the buffer up to, beyond the low-water mark. Every answer makes Streamlit render its part of the
 * page again, which costs the browser as much as several frames: few large answers play smoother than many small ones.
 */
const TOP_UP = 64;
/** No answer has more. */
const MOST = 80;
/** Frames asked for first after a change, so that its effect is seen at once. */
const FIRST = 3;
const FRAME_MS = 1000 / 60;
/** Answers may take this much longer than they did of late. */
const CAUTION = 1.3;

/**
 * @param {number} lead frames ready to be shown
 * @param {number} roundTrip milliseconds from a request to its answer
 * @param {boolean} fresh nothing has come yet since a change
 * @param {number} most frames that may lie ready: training can't be taken up at older ones than that
 * @returns {number} frames to ask for, 0 for none yet
 */
export function framesToAsk(lead, roundTrip, fresh, most = Infinity) {
  const awaited = Math.ceil((CAUTION * roundTrip) / FRAME_MS);
  const lowWater = Math.max(LOW_WATER, Math.min(MOST_LOW_WATER, awaited));
  if (lead >= Math.min(lowWater, most)) return 0;
  return Math.min(fresh ? FIRST : lowWater + TOP_UP - lead, most - lead, MOST);
}

/**
 * What a run that plays needs next: what was recorded and is no longer buffered, or else further training.
 * @param {{timeline: import('../run/timeline.js').Timeline, state: import('../run/run_state.js').RunState,
 *   speed: Speed, roundTrip: number, fresh: boolean}} playing
 * @returns {Object|null} the request
 */
export function nextRequest({ timeline, state, speed, roundTrip, fresh }) {
  const { newest, ready } = timeline;
  const recorded = ready.end < newest;
  if (!recorded && state.endsBy(newest)) return null;
  const n = framesToAsk(ready.count, roundTrip, fresh && !recorded, state.mostAhead);
  if (n <= 0) return null;
  return recorded ? { kind: 'replay', from: ready.end, n } : state.requestFrom(newest, { ...speed, n });
}
