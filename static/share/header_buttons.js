/**
 * Buttons in the page's header that speak to the stage: a newcomer's first steps, presenter mode, and the list of keys.
 *
 * data: { start: whether the page has first steps; shown: what its controls' help can show (glossary/show_me.js) }
 */
import { tellShown } from '../glossary/show_me.js';
import { element, icon } from '../kit/dom.js';
import { applyTheme, readTheme } from '../kit/theme.js';

const say = (command) => () => document.dispatchEvent(new CustomEvent('nnplay:command', { detail: command }));

function build(root, { start }) {
  const first = element('button', { type: 'button', class: 'nn-header-button', 'aria-label': 'Start here', title: 'Start here: three things to do' }, icon('start'));
  first.addEventListener('click', say('start'));
  const present = element('button', { type: 'button', class: 'nn-header-button', title: 'Presenter mode: large text, no sidebar (P)' }, icon('present'), element('span', { text: 'Present' }));
  present.addEventListener('click', say('present'));
  const keys = element('button', { type: 'button', class: 'nn-header-button nn-header-keys', 'aria-label': 'Keys', title: 'Keyboard shortcuts, and what the words mean (?)', text: '?' });
  keys.addEventListener('click', say('keys'));
  root.replaceChildren(...(start ? [first] : []), present, keys);
}

export default function headerButtons({ data, parentElement }) {
  const root = parentElement.querySelector('.nnplay-header-buttons');
  applyTheme(root, readTheme(root));
  tellShown(data.shown);
  if (root.children.length === 0) build(root, data);
}
