/**
 * Two buttons in the page's header that speak to the stage: presenter mode, and the list of keys.
 */
import { element, icon } from '../kit/dom.js';
import { applyTheme, readTheme } from '../kit/theme.js';
import { loadStyles } from './styles.js';

const say = (command) => () => document.dispatchEvent(new CustomEvent('nnplay:command', { detail: command }));

function build(root) {
  const present = element('button', { type: 'button', class: 'nn-hall-button', title: 'Large type, nothing but the stage (P)' }, icon('present'), element('span', { text: 'Present' }));
  present.addEventListener('click', say('present'));
  const keys = element('button', { type: 'button', class: 'nn-hall-button nn-hall-keys', 'aria-label': 'Keys', title: 'The list of keys (?)', text: '?' });
  keys.addEventListener('click', say('keys'));
  root.replaceChildren(present, keys);
}

export default function hall({ parentElement }) {
  const root = parentElement.querySelector('.nnplay-hall');
  loadStyles();
  applyTheme(root, readTheme(root));
  if (root.children.length === 0) build(root);
}
