/**
 * Streamlit sends what components say within a moment as one message, and then runs only one of the fragments that they
 * belong to: the others would never be answered. So components of different fragments take turns.
 */

/** Longer than Streamlit collects: a timeout of 0, which browsers may stretch to 4 ms. */
const TURN_MS = 8;

/** Whose turn it is. @type {string|null} */
let owner = null;
let timer;
/** @type {[string, () => void][]} */
let waiting = [];
/** To be done once nothing is under way. @type {(() => void)|null} */
let afterwards = null;

/**
 * Send now, or when it is one's turn; in the order of asking.
 * @param {string} who the fragment @param {() => void} send
 */
export function sendInTurn(who, send) {
  if (owner !== null && owner !== who) {
    waiting.push([who, send]);
    return;
  }
  owner = who;
  clearTimeout(timer);
  timer = setTimeout(endTurn, TURN_MS);
  send();
}

/**
 * Do something once what is said now is on its way, and nothing that would be said meanwhile: at once if nothing is.
 * @param {() => void} act @returns {boolean} whether it waits
 */
export function whenQuiet(act) {
  if (owner === null) return false;
  waiting = [];
  afterwards = act;
  return true;
}

function endTurn() {
  owner = null;
  const queue = waiting;
  waiting = [];
  for (const [who, send] of queue) sendInTurn(who, send);
  const act = afterwards;
  afterwards = null;
  act?.();
}
