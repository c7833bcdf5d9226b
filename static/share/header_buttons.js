/**
 * Buttons in the page's header that speak to the stage: a newcomer's first steps, presenter mode, and the list of keys.
 * One speaks to the page: light or dark (nnplay/ui/streamlit_internals/color_scheme.py).
 *
 * data: { start: whether the page has first steps; shown: what its controls' help can show (glossary/show_me.js) }
 */
import { tellShown } from '../glossary/show_me.js';
import { element, icon } from '../kit/dom.js';
import { sayCommand } from '../kit/page_commands.js';
import { applyTheme, readTheme } from '../kit/theme.js';

const say = (command) => () => sayCommand(command);

function build(root, { start }) {
  const first = element('button', { type: 'button', class: 'nn-header-button', 'aria-label': 'Start here', title: 'Start here: three things to do' }, icon('start'));
  first.addEventListener('click', say('start'));
  const present = element('button', { type: 'button', class: 'nn-header-button', title: 'Presenter mode: large text, no sidebar (P)' }, icon('present'), element('span', { text: 'Present' }));
  present.addEventListener('click', say('present'));
  const keys = element('button', { type: 'button', class: 'nn-header-button nn-header-keys', 'aria-label': 'Help and keys', title: 'Help: first steps, what the words mean, and keys (?)', text: '?' });
  keys.addEventListener('click', say('keys'));
  const colors = element('button', { type: 'button', class: 'nn-header-button nn-header-colors', 'aria-label': 'Dark colours', title: 'Light or dark colours' }, icon('colors'));
  colors.addEventListener('click', () => {
    const wanted = colors.ariaPressed === 'true' ? 'light' : 'dark';
    document.dispatchEvent(new CustomEvent('nnplay:colors', { detail: wanted }));
  });
  const box = element('div', { class: 'nn-header-box' }, ...(start ? [first] : []), colors, present, keys);
  // Where the pages' names need the room, these wait behind it (share.css).
  const more = element('button', { type: 'button', class: 'nn-header-button nn-header-more', 'aria-label': 'More', 'aria-expanded': 'false', text: '⋯' });
  const show = (isOpen) => more.setAttribute('aria-expanded', String(isOpen));
  more.addEventListener('click', () => show(more.ariaExpanded !== 'true'));
  box.addEventListener('click', () => show(false));
  root.addEventListener('focusout', ({ relatedTarget }) => relatedTarget instanceof Node && root.contains(relatedTarget) || show(false));
  root.replaceChildren(more, box);
}

export default function headerButtons({ data, parentElement }) {
  const root = parentElement.querySelector('.nnplay-header-buttons');
  const theme = readTheme(root);
  applyTheme(root, theme);
  tellShown(data.shown);
  if (root.children.length === 0) build(root, data);
  root.querySelector('.nn-header-colors').setAttribute('aria-pressed', String(theme.dark));
}
