/**
 * The small card that says what a term means: below what was tapped, on a phone at the lower edge.
 *
 * It is a popover: a press beside it closes it, so does Escape, and the focus goes back to the term.
 */
import { element } from '../kit/dom.js';
import { sayCommand } from '../kit/page_commands.js';
import { applyTheme, readTheme } from '../kit/theme.js';
import { partsOf } from './find_terms.js';
import { placeOf, showPlace } from './places.js';
import { showMeRows } from './show_me.js';

/** @typedef {import('./terms.js').Term} Term */

const [WIDTH, MARGIN] = [320, 8];
const NARROW = 480;

/** The card that is open. @type {{close: (refocus?: boolean) => void}|null} */
let open = null;

/** Whether what happens in an element is the card's affair. @param {EventTarget|null} target */
export const isInCard = (target) => target instanceof Element && target.closest('.nn-term-card') !== null;

/** @param {Term} term @param {HTMLElement} opener what was tapped @param {DOMRect} [box] where that is */
export function openTerm(term, opener, box = opener.getBoundingClientRect()) {
  open?.close(false);
  // In there, it has the stage's theme, and takes another one with it.
  const themed = opener.closest('dialog[open], .nnplay-stage [data-theme]') ?? document.querySelector('.nnplay-stage [data-theme]');
  const card = element('div', { class: 'nn-term-card', role: 'dialog', popover: 'auto', tabindex: '-1', 'aria-labelledby': 'nnplay-term', 'aria-describedby': 'nnplay-term-text' });
  const closed = new AbortController();
  const close = (refocus = true) => {
    if (closed.signal.aborted) return;
    closed.abort();
    open = null;
    card.remove();
    if (refocus && opener.isConnected) opener.focus({ preventScroll: true });
  };
  card.addEventListener('toggle', (event) => /** @type {ToggleEvent} */ (event).newState === 'closed' && close(card.contains(document.activeElement) || document.activeElement === document.body));
  // Before anything else of the page takes Escape for itself.
  window.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    event.stopImmediatePropagation();
    close();
  }, { capture: true, signal: closed.signal });
  fill(card, term, close);
  (themed ?? document.body).append(card);
  if (!themed) applyTheme(card, readTheme(card));
  card.showPopover();
  place(card, box);
  card.focus({ preventScroll: true });
  open = { close };
}

/** @param {HTMLElement} card @param {Term} term @param {(refocus?: boolean) => void} close */
function fill(card, term, close) {
  const words = partsOf(term.text, [term]).map(({ text, term: other }) => {
    if (!other) return document.createTextNode(text);
    const button = element('button', { type: 'button', class: 'nn-term', text });
    button.addEventListener('click', () => {
      fill(card, other, close);
      card.focus({ preventScroll: true });
    });
    return button;
  });
  const also = term.also?.length ? [element('p', { class: 'nn-term-also', text: `Also: ${term.also.join(', ')}.` })] : [];
  const actions = element('div', { class: 'nn-term-actions' });
  const seen = placeOf(term);
  if (seen) actions.append(button('Show on the page', () => { close(false); showPlace(seen); }));
  actions.append(button('All terms', () => { close(false); sayCommand('glossary'); }));
  actions.append(button('Close', () => close()));
  card.replaceChildren(
    element('h2', { id: 'nnplay-term', text: term.name }),
    element('p', { id: 'nnplay-term-text' }, ...words),
    ...also,
    ...showMeRows(term, () => close(false)),
    actions,
  );
}

function button(text, onClick) {
  const node = element('button', { type: 'button', class: 'nn-text-button', text });
  node.addEventListener('click', onClick);
  return node;
}

/** Below what was tapped, or above it where there is more room. @param {HTMLElement} card @param {DOMRect} box */
function place(card, box) {
  if (window.innerWidth <= NARROW) return; // the style sheet puts it at the lower edge
  const { height } = card.getBoundingClientRect();
  const left = Math.max(MARGIN, Math.min(box.left, window.innerWidth - WIDTH - MARGIN));
  const below = box.bottom + MARGIN + height <= window.innerHeight;
  const top = below ? box.bottom + 4 : Math.max(MARGIN, box.top - height - 4);
  card.style.left = `${left}px`;
  card.style.top = `${top}px`;
}
