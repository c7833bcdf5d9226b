/**
 * Two buttons in the page's header that speak to the stage: presenter mode, and the list of keys.
 */
import { element, icon } from '../kit/dom.js';
import { applyTheme, readTheme } from '../kit/theme.js';

const say = (command) => () => document.dispatchEvent(new CustomEvent('nnplay:command', { detail: command }));

function build(root) {
  const present = element('button', { type: 'button', class: 'nn-header-button', title: 'Presenter mode: large text, no sidebar (P)' }, icon('present'), element('span', { text: 'Present' }));
  present.addEventListener('click', say('present'));
  const keys = element('button', { type: 'button', class: 'nn-header-button nn-header-keys', 'aria-label': 'Keys', title: 'Keyboard shortcuts (?)', text: '?' });
  keys.addEventListener('click', say('keys'));
  root.replaceChildren(present, keys);
}

export default function headerButtons({ parentElement }) {
  const root = parentElement.querySelector('.nnplay-header-buttons');
  applyTheme(root, readTheme(root));
  if (root.children.length === 0) build(root);
}
