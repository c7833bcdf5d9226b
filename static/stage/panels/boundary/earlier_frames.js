/** Which frames before the one on screen have their boundaries drawn, too. Pure. */

/** How many. */
export const COUNT = 5;
/** They reach about so far back: as many steps between them as this has into the number of the frame on screen. */
const SPREAD = 12;

const stepOf = (/** @type {number} */ shown) => 2 ** Math.max(0, Math.ceil(Math.log2(Math.max(1, shown) / SPREAD)));

/**
 * Numbers of frames before one, the newest first: even steps of a power of two, so that most stay the same while frames play.
 * @param {number} shown
 */
export function numbersBefore(shown) {
  const step = stepOf(shown);
  const last = Math.ceil(shown / step) - 1;
  return Array.from({ length: COUNT }, (_, k) => (last - k) * step).filter((number) => number >= 0);
}

/** Those of them that lie here, or what lies nearest. @param {import('../../run/timeline.js').Timeline} timeline @returns {Object[]} frames */
export function framesBefore({ frames, shown }) {
  const numbers = numbersBefore(shown).map((number) => frames.nearest(number, shown - 1));
  return [...new Set(numbers)].filter((number) => number !== null && number < shown).map((number) => frames.get(number));
}

/** The first of them that is neither here nor anywhere near, or null. @param {import('../../run/timeline.js').Timeline} timeline @param {Set<number>} known that are asked for no more */
export function missingBefore({ frames, shown }, known) {
  const isNear = (/** @type {number} */ number) => Math.abs((frames.nearest(number, shown - 1) ?? Infinity) - number) < stepOf(shown) / 2;
  return numbersBefore(shown).find((number) => !known.has(number) && !isNear(number)) ?? null;
}
