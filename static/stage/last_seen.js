/**
 * Where a run stood when its page was left: whoever comes back within the app finds it there. As long as the browser's page
 * lasts, as the run does.
 */

/** @typedef {{run: string, frame: number, furthest: number}} Seen `frame` was on screen; `furthest` was, once */
/** @type {Map<string, Seen>} */
const byPage = new Map();

/** @param {string} page @param {Seen} seen */
export function noteSeen(page, seen) {
  byPage.set(page, seen);
}

/** @param {string} page @returns {Seen|null} */
export const lastSeen = (page) => byPage.get(page) ?? null;
