/** When a lane reaches a score for the first time. No DOM in here. */

/**
 * @param {any} history of the lane (stage/run/history.js)
 * @param {number} furthest frame that was on screen @param {number} target score @param {boolean} hasTest whether it is measured on test samples
 * @returns {number|null} the moment of the clock, or null while it isn't reached
 */
export function reachedAt(history, furthest, target, hasTest) {
  const column = hasTest ? history.testScore : history.trainScore;
  const end = history.indexAt(furthest);
  for (let i = 0; i <= end; i++) if (column[i] >= target) return history.epoch[i];
  return null;
}

/** A share that was typed as a percentage, or null where it is none. @param {string} text */
export function targetOf(text) {
  const value = Number(text.replace(',', '.').replace('%', '').trim());
  return text.trim() !== '' && Number.isFinite(value) && value > 0 && value <= 100 ? value / 100 : null;
}
