/**
 * Texts whose terms can be tapped.
 */
import { element } from '../kit/dom.js';
import { openTerm } from './card.js';
import { partsOf } from './find_terms.js';

/**
 * What shows a text: each term of the glossary, where it stands for the first time, opens its card.
 * @param {string} text
 * @returns {Node[]}
 */
export const marked = (text) => partsOf(text).map(({ text: part, term }) => (term ? mark(part, term) : document.createTextNode(part)));

/** Put a text into a node, unless it is there. @param {HTMLElement} node @param {string} text */
export function setMarked(node, text) {
  if (node.textContent !== text) node.replaceChildren(...marked(text));
}

/** @param {string} text @param {import('./terms.js').Term} term */
function mark(text, term) {
  const button = element('button', { type: 'button', class: 'nn-term', 'aria-haspopup': 'dialog', title: `What is “${term.name}”?`, text });
  button.addEventListener('click', (event) => {
    event.stopPropagation();
    openTerm(term, button);
  });
  return button;
}
