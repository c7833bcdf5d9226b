/**
 * The browser's part of the share and file dialogs.
 *
 * data: { kind: 'look' } tells the server, once, what the page shows: state `seen`, { address, frame, furthest, preferences, view };
 * { kind: 'line', label, text } is a line to copy; { kind: 'qr', label, image } a code to point a phone at.
 */
import { element } from '../kit/dom.js';
import { allPreferences } from '../kit/preferences.js';
import { applyTheme, readTheme } from '../kit/theme.js';

const COPIED_MS = 2000;

/** What the page shows as the dialog opens: that is shared or saved, while the stage plays on. @returns {Object} */
function lookAround() {
  /** @type {HTMLElement|null} */
  const stage = document.querySelector('[data-testid="stage"]');
  const frame = Number(stage?.dataset.frame ?? NaN);
  /** @type {HTMLInputElement|null} */
  const timeline = stage?.querySelector('.nn-timeline-row .nn-timeline') ?? null;
  const furthest = Number(timeline?.max ?? NaN);
  const { origin, pathname } = window.location;
  const view = JSON.parse(stage?.dataset.view ?? 'null');
  return { address: origin + pathname, frame: Number.isInteger(frame) ? frame : null, furthest: Number.isInteger(furthest) ? furthest : null, preferences: allPreferences(), view };
}

/** Without a secure page there is no clipboard; then the old way. @param {HTMLInputElement|HTMLTextAreaElement} input */
export async function copy(input) {
  try {
    await navigator.clipboard.writeText(input.value);
    return true;
  } catch {
    input.select();
    return document.execCommand('copy');
  }
}

function line(root, { label, text }) {
  let input = root.querySelector('input');
  if (!input) {
    input = element('input', { type: 'text', readonly: true, spellcheck: 'false' });
    const name = element('span', { class: 'nn-share-label' });
    const button = element('button', { type: 'button', text: 'Copy' });
    const said = element('span', { role: 'status', class: 'nn-share-said' });
    input.addEventListener('focus', () => input.select());
    button.addEventListener('click', async () => {
      said.textContent = (await copy(input)) ? 'Copied' : 'Select the text and copy it';
      setTimeout(() => (said.textContent = ''), COPIED_MS);
    });
    const row = element('div', { class: 'nn-share-row' }, input, button);
    root.replaceChildren(element('label', {}, name, row), said);
  }
  root.querySelector('.nn-share-label').textContent = label;
  root.querySelector('button').setAttribute('aria-label', `Copy: ${label}`);
  input.setAttribute('aria-label', label);
  input.value = text;
}

/** A code as large as the dialog, and at a click as large as the screen. */
function qr(root, { label, image }) {
  let picture = root.querySelector('img');
  if (!picture) {
    picture = element('img', { class: 'nn-share-qr' });
    const button = element('button', { type: 'button', text: 'Full screen' });
    button.addEventListener('click', () => picture.requestFullscreen?.());
    picture.addEventListener('click', () => document.fullscreenElement && document.exitFullscreen());
    root.replaceChildren(picture, element('div', { class: 'nn-share-full' }, button));
  }
  picture.alt = label;
  picture.src = image;
}

export default function share({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector('.nnplay-share');
  applyTheme(root, readTheme(root));
  if (data.kind === 'line') line(root, data);
  else if (data.kind === 'qr') qr(root, data);
  else if (!root.dataset.told) {
    root.dataset.told = 'true';
    setStateValue('seen', lookAround());
  }
}
