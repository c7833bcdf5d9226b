/**
 * The browser's history: one entry for each choice of the visitor's. What the server writes into the address replaces the
 * entry there is (nnplay/ui/streamlit_internals/history_entries.py); here each choice gets one of its own.
 */
import { isLeaving } from '../../messages/page_change.js';
import { done } from '../commands/take_back.js';
import { newEntries, plain, queryToWrite } from './history_entries.js';

/** What the server said last. @type {import('./history_entries.js').Known|null} */
let known = null;

/** @param {string} page @param {{trail?: [number, string][], [key: string]: *}} header of a message, in the order in which they come */
export function noteAddress(page, header) {
  done.note(header);
  const { trail = [] } = header;
  if (trail.length === 0) return;
  const before = known;
  const [choices, address] = trail.at(-1);
  known = { page, choices, address };
  const entries = newEntries(before, page, trail);
  if (isLeaving() || !window.nnplayPush) return;
  const { pathname, hash } = window.location;
  const at = (query) => `${pathname}${query && `?${query}`}${hash}`;
  if (entries.length === 0) {
    const query = queryToWrite(before, known, queryOfPage());
    if (query !== null) window.nnplayReplace(window.history.state, '', at(query));
    return;
  }
  window.nnplayReplace(window.history.state, '', at(before.address));
  for (const entry of entries) window.nnplayPush({}, '', at(entry));
}

/** The query of the page's address, as it is to be: with what waits to be written. */
const queryOfPage = () => window.nnplayQuery?.() ?? window.location.search;

/** Whether the address is that of the run on the stage: one of a new choice may be there before the server says of its run. */
export const isOfTheRun = () => known !== null && plain(known.address) === plain(queryOfPage());
