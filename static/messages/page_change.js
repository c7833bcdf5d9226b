/**
 * The visitor goes to another page of the app, or to another entry of the browser's history: from then on, nothing more
 * is said for the page that is left. Streamlit takes what comes together with a change of page for one request, and then
 * stays where it was.
 */
import { whenQuiet } from './component_turns.js';

/** If no other page has come by then, the visitor is still here; where the address names another page, a busy server gets longer. */
const GIVE_UP_MS = 5000, GIVE_UP_ELSEWHERE_MS = 60_000;
/** A press of Back that the server doesn't tell of is said again, each time after twice as long; so many times. */
const AGAIN_MS = 3000, AGAIN_TIMES = 4;
/** The page that is at the address without a name. */
const FRONT = 'playground';

let leftAt = -Infinity;
/** The path of the page that has the stage. */
let here = window.location.pathname;
/** The link whose press waited its turn, and now counts. @type {HTMLAnchorElement|null} */
let passing = null;
/** The event of the history that is said again. @type {PopStateEvent|null} */
let repeated = null;
/**
 * A press of Back or Forward that the server hasn't told of: the number of such presses that it had told of before.
 * @type {{before: number, said: number, timer?: ReturnType<typeof setTimeout>}|null}
 */
let press = null;
const listeners = new Set();

/** Whether the visitor is going to another page. */
export const isLeaving = () => press !== null || performance.now() - leftAt
  < (window.location.pathname === here ? GIVE_UP_MS : GIVE_UP_ELSEWHERE_MS);

/** Whether the address is that of a page. @param {string} page */
function isAt(page) {
  const name = window.location.pathname.split('/').at(-1);
  return name === page || (name === '' && page === FRONT);
}

/** Another page is there. */
export function arrive() {
  leftAt = -Infinity;
  here = window.location.pathname;
  forgetPress();
}

function forgetPress() {
  clearTimeout(press?.timer);
  press = null;
}

/** The server has begun a run of a page: who went back within a page is there when it is for that address. */
function hear() {
  const told = window.nnplayTold;
  const { pathname, search } = window.location;
  if (press === null || !told || told.times <= press.before || !isAt(told.page) || told.query !== btoa(search.slice(1))) return;
  forgetPress();
  if (pathname === here) arrive();
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
  forgetPress();
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
  forgetPress();
  const again = () => {
    repeated = new PopStateEvent('popstate', { state: event.state });
    window.dispatchEvent(repeated);
  };
  press = { before: window.nnplayTold?.times ?? 0, said: 0 };
  awaitAnswer(press, again);
  if (whenQuiet(again)) event.stopImmediatePropagation();
}

/**
 * The server may take Back for a mere request, and then tells of no run that Back led to.
 * @param {NonNullable<typeof press>} asked @param {() => void} again
 */
function awaitAnswer(asked, again) {
  asked.timer = setTimeout(() => {
    leftAt = performance.now();
    asked.said += 1;
    if (asked.said > AGAIN_TIMES) return forgetPress();
    awaitAnswer(asked, again);
    again();
  }, AGAIN_MS * 2 ** asked.said);
}

window.nnplayHear = hear;
window.nnplayGoesBack = () => press !== null;
// Before anybody else hears of it.
window.addEventListener('click', onClick, { capture: true });
if (window.nnplayHistory) window.nnplayHistory.listener = onHistory;
