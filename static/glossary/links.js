/**
 * Links in the texts that Streamlit writes: `#nnplay-term=…` opens a term's card, `#nnplay-show=…` shows too little or too
 * much of a setting.
 */
import { openTerm } from './card.js';
import { termNamed } from './find_terms.js';
import { showNamed } from './show_me.js';

const LINK = 'a[href^="#nnplay-"]';
/** After a finger or a mouse's button was lifted, the click that a browser makes of it comes, if it does, within this time. */
const CLICK_MS = 700;

/** @param {Event} event @returns {HTMLElement|null} */
const linkOf = (event) => (event.target instanceof Element ? /** @type {HTMLElement|null} */ (event.target.closest(LINK)) : null);

/** @param {HTMLElement} link @param {DOMRect} box where it was: it may be gone by now */
function follow(link, box) {
  const [kind, value] = decodeURIComponent(link.getAttribute('href') ?? '').slice('#nnplay-'.length).split('=');
  const term = kind === 'term' ? termNamed(value) : undefined;
  if (term) openTerm(term, link, box);
  if (kind === 'show') showNamed(value);
}

/** Follow them, on whatever page they are. */
export function followLinks() {
  let followed = -Infinity;
  document.addEventListener('click', (event) => {
    const link = linkOf(event);
    if (!link) return;
    event.preventDefault();
    event.stopPropagation();
    if (performance.now() - followed > CLICK_MS) follow(link, link.getBoundingClientRect());
  }, { capture: true });
  // A help closes as soon as a finger touches it, and one that was opened by a click as soon as it is pressed: no click comes of it.
  document.addEventListener('pointerdown', (event) => {
    const link = linkOf(event);
    if (!link || event.button !== 0) return;
    const box = link.getBoundingClientRect();
    const act = (/** @type {PointerEvent} */ { pointerType, clientX, clientY }) => {
      const isOff = clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
      if (pointerType === 'mouse' && isOff) return; // pressed, and thought better of it
      followed = performance.now();
      setTimeout(() => follow(link, box));
    };
    window.addEventListener('pointerup', act, { capture: true, once: true });
  }, { capture: true });
}
