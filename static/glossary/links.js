/**
 * Links in the texts that Streamlit writes: `#nnplay-term=…` opens a term's card, `#nnplay-show=…` shows too little or too
 * much of a setting.
 */
import { openTerm } from './card.js';
import { termNamed } from './find_terms.js';
import { showNamed } from './show_me.js';

const LINK = 'a[href^="#nnplay-"]';

/** @param {MouseEvent} event */
function follow(event) {
  const link = event.target instanceof Element ? event.target.closest(LINK) : null;
  if (!(link instanceof HTMLElement)) return;
  event.preventDefault();
  event.stopPropagation();
  const [kind, value] = decodeURIComponent(link.getAttribute('href') ?? '').slice('#nnplay-'.length).split('=');
  const term = kind === 'term' ? termNamed(value) : undefined;
  if (term) openTerm(term, link);
  if (kind === 'show') showNamed(value);
}

/** Follow them, on whatever page they are. */
export const followLinks = () => document.addEventListener('click', follow, { capture: true });
