/**
 * Where runs stood when they were last on screen: whoever comes back to a page, or to the run before, finds it there. As long
 * as the browser's page lasts, as the runs do.
 */
import { HiddenView } from './hidden_view.js';

/** As many runs as the server keeps, on each page, and a few more. */
const MOST_RUNS = 64;

/** @typedef {{[kind: string]: {name: string, text: string}}} Texts what the server wants held besides, and what each goes by */
/**
 * @typedef {{run: string, frame: number, furthest: number, toLose: boolean, recipe: string, steps: number, events?: number, texts?: Texts,
 *   reloaded?: boolean, view?: import('./hidden_view.js').HiddenView}} Seen `frame` was on screen; `furthest` was, once; `toLose`: whether something is gone when the
 *   browser's page is; `recipe`, `texts`, `steps` and `events` say how to come to what was on screen again
 */
/** Whether it is known how to come to a frame again. @param {{recipe: string, steps: number, texts?: Texts}} seen */
export const canComeBack = ({ recipe, steps, texts = {} }) => steps > 0 && (recipe !== '' || texts.stand !== undefined);

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

/** A page is to begin with what the server says, and not with what was kept of it when the browser's page was loaded again. @param {string} page */
export function forgetReloaded(page) {
  if (byPage.get(page)?.reloaded) byPage.delete(page);
}

/** A run that was on screen. @param {string} run @returns {Seen|null} */
export const seenOf = (run) => byRun.get(run) ?? null;

/** Whether a reload would lose what took time to make, as it can't be trained again. */
export const isSomethingToLose = () => [...byPage.values()].some(({ toLose }) => toLose);

// -- when the page is loaded again -----------------------------------------------------------------------------------

/** In the tab's memory: where the runs stood on all pages, which page was left, and its address. */
const KEPT = 'nnplay.left';

/**
 * Keep what the pages show for when the page is loaded again.
 * @param {string|null} page that is left, if it has a stage @param {boolean} itself whether that, too: its address may be of a newer choice
 */
export function keepForReload(page, itself) {
  const pages = [...byPage].filter(([name, seen]) => canComeBack(seen) && (itself || name !== page));
  const kept = { page, query: window.location.search, pages };
  try {
    window.sessionStorage.setItem(KEPT, JSON.stringify(kept));
  } catch {
    keepLess(kept);
  }
}

/** A browser that has no room for all keeps what is on screen. */
function keepLess({ page, query, pages }) {
  const alone = pages.filter(([name]) => name === page).map(([name, seen]) => [name, { ...seen, texts: {} }]);
  try {
    window.sessionStorage.setItem(KEPT, JSON.stringify({ page, query, pages: alone }));
  } catch { /* a browser that keeps nothing */ }
}

/** Take note of what was kept if this is the same page, loaded again. */
export function takeAfterReload() {
  try {
    const kept = JSON.parse(window.sessionStorage.getItem(KEPT) ?? 'null');
    window.sessionStorage.removeItem(KEPT);
    const how = /** @type {PerformanceNavigationTiming|undefined} */ (performance.getEntriesByType('navigation')[0]);
    // By now, the app may have mended the address.
    const query = how ? new URL(how.name).search : window.location.search;
    if (!kept || how?.type === 'navigate' || (kept.page && kept.query !== query)) return;
    for (const [page, { view, ...seen }] of kept.pages) {
      byPage.set(page, { ...seen, view: view && HiddenView.from(view), toLose: false, reloaded: true });
    }
  } catch { /* a browser that keeps nothing, or something else */ }
}
