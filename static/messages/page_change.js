/**
 * The visitor goes to another page of the app: from the press on the link on, nothing more is said for the page that is
 * left. Streamlit takes what comes together with a change of page for one request, and then stays where it was.
 */
import { whenQuiet } from './component_turns.js';

/**
 * If no other page has come by then, the visitor is still here; a busy server gets longer where the address names
 * another page already.
 */
const GIVE_UP_MS = 5000, GIVE_UP_ELSEWHERE_MS = 60_000;

let leftAt = -Infinity;
/** The path of the page that has the stage. */
let here = window.location.pathname;
/** The link whose press waited its turn, and now counts. @type {HTMLAnchorElement|null} */
let passing = null;
/** The event of the history that waited its turn. @type {PopStateEvent|null} */
let repeated = null;
const listeners = new Set();

/** Whether the visitor is going to another page. */
export const isLeaving = () => performance.now() - leftAt
  < (window.location.pathname === here ? GIVE_UP_MS : GIVE_UP_ELSEWHERE_MS);

/** Another page is there. */
export function arrive() {
  leftAt = -Infinity;
  here = window.location.pathname;
}

/** Who only went back within a page is there when the server tells that address. @param {string} query */
export function hear(query) {
  const { pathname, search } = window.location;
  if (isLeaving() && pathname === here && search.slice(1) === query) arrive();
}

/** @param {() => void} listener is called when the visitor leaves the page @param {AbortSignal} signal */
export function onLeave(listener, signal) {
  listeners.add(listener);
  signal.addEventListener('abort', () => listeners.delete(listener));
}

function leave() {
  leftAt = performance.now();
  for (const listener of listeners) listener();
}

/** The link to another page of the app that a press goes to, or null. @param {MouseEvent} event @returns {HTMLAnchorElement|null} */
function linkOf(event) {
  /** @type {HTMLAnchorElement|null} */
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  if (!link || link.target === '_blank' || link.hasAttribute('download')) return null;
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return null;
  const { origin, pathname } = new URL(link.href);
  return origin === window.location.origin && pathname !== window.location.pathname ? link : null;
}

function onClick(event) {
  const link = linkOf(event);
  if (!link || event.defaultPrevented) return;
  if (link === passing) {
    passing = null;
    return;
  }
  leave();
  const waited = whenQuiet(() => {
    passing = link;
    link.click();
  });
  if (!waited) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** Back and Forward, too, are to come alone: with a request, Streamlit takes them for a mere request. */
function onHistory(event) {
  if (event === repeated) return;
  leftAt = performance.now();
  const waited = whenQuiet(() => {
    const again = new PopStateEvent('popstate', { state: event.state });
    repeated = again;
    window.dispatchEvent(again);
  });
  if (waited) event.stopImmediatePropagation();
}

// Before anybody else hears of it.
window.addEventListener('click', onClick, { capture: true });
window.addEventListener('popstate', onHistory, { capture: true });
