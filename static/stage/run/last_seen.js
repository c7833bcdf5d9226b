/**
 * Where runs stood when they were last on screen: whoever comes back to a page, or to the run before, finds it there. As long
 * as the browser's page lasts, as the runs do.
 */
import { HiddenView } from './hidden_view.js';

/** As many runs as the server keeps, on each page, and a few more. */
const MOST_RUNS = 64;

/** @typedef {{run: string, frame: number, furthest: number, toLose: boolean, played: boolean, recipe: string, steps: number,
 *   epoch: number, parameters?: Float32Array, reloaded?: boolean, view?: import('./hidden_view.js').HiddenView}} Seen `frame` was on screen; `furthest` was, once; `played`: whether something
 *   took time to make; `toLose`: whether that is gone when the browser's page is; `recipe`, `steps`,
 *   `epoch` and `parameters` say how to come to what was on screen again */
/** @type {Map<string, Seen>} */
const byPage = new Map();
/** @type {Map<string, Seen>} the one seen last comes last */
const byRun = new Map();

/** @param {string} page @param {Seen} seen */
export function noteSeen(page, seen) {
  byPage.set(page, seen);
  byRun.delete(seen.run);
  byRun.set(seen.run, seen);
  if (byRun.size > MOST_RUNS) byRun.delete(byRun.keys().next().value);
}

/** The run that was on a page. @param {string} page @returns {Seen|null} */
export const lastSeen = (page) => byPage.get(page) ?? null;

/** A run that was on screen. @param {string} run @returns {Seen|null} */
export const seenOf = (run) => byRun.get(run) ?? null;

/**
 * Whether a reload would lose what took time to make: what can't be trained again, and what is on another of the pages.
 * @param {string|null} here the page that has a stage now
 */
export const isSomethingToLose = (here) =>
  [...byPage].some(([page, { toLose, played }]) => toLose || (played && page !== here));

// -- when the page is loaded again -----------------------------------------------------------------------------------

/** In the tab's memory: where the run stood on the page that was left, and its address. */
const KEPT = 'nnplay.left';

/** Keep what a page shows for when it is loaded again. @param {string} page */
export function keepForReload(page) {
  const seen = byPage.get(page);
  if (!seen?.steps || !(seen.recipe || seen.parameters)) return;
  const parameters = !seen.recipe && seen.parameters ? [...seen.parameters] : null;
  try {
    window.sessionStorage.setItem(KEPT, JSON.stringify({ page, seen: { ...seen, parameters }, query: window.location.search }));
  } catch { /* a browser that keeps nothing */ }
}

/** Take note of what was kept if this is the same page, loaded again. */
export function takeAfterReload() {
  try {
    const kept = JSON.parse(window.sessionStorage.getItem(KEPT) ?? 'null');
    window.sessionStorage.removeItem(KEPT);
    const how = /** @type {PerformanceNavigationTiming|undefined} */ (performance.getEntriesByType('navigation')[0])?.type;
    if (kept && how !== 'navigate' && kept.query === window.location.search) {
      const { view, parameters, ...seen } = kept.seen;
      const frame = { parameters: parameters && Float32Array.from(parameters), view: view && HiddenView.from(view) };
      byPage.set(kept.page, { ...seen, ...frame, toLose: false, reloaded: true });
    }
  } catch { /* a browser that keeps nothing, or something else */ }
}
