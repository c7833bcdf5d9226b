/**
 * "Show me": what a control's help offers to set, too little or too much, for the stage to do on a branch of its own.
 *
 * @typedef {{setting: string, label: string, live: boolean, shows: {text: string, values: Object<string, *>}[]}} Shown
 *   `live`: whether it acts on a run that goes on
 */
import { element } from '../kit/dom.js';

export const SHOW = 'nnplay:show';

/** What the server says of this page's settings. @type {Shown[]} */
let settings = [];

/** @param {Shown[]} told */
export function tellShown(told) {
  settings = told;
}

/** @param {Shown} shown @param {number} which 0 for too little, 1 for too much */
function show({ setting, label, live, shows }, which) {
  document.dispatchEvent(new CustomEvent(SHOW, { detail: { setting, label, live, ...shows[which] } }));
}

/** Show what a link in a control's help names: `learning_rate.1`. @param {string} named */
export function showNamed(named) {
  const [setting, which] = named.split('.');
  const found = settings.find((each) => each.setting === setting);
  if (found?.shows[Number(which)]) show(found, Number(which));
}

/** A line each for too little and too much of the setting that goes by a term's name, with a button. @param {import('./terms.js').Term} term @param {() => void} onShow */
export function showMeRows(term, onShow) {
  const names = [term.name, ...(term.also ?? [])].map((name) => name.toLowerCase());
  const found = settings.find(({ label }) => names.includes(label.toLowerCase()));
  if (!found) return [];
  return found.shows.map(({ text }, which) => {
    const button = element('button', { type: 'button', class: 'nn-text-button', text: 'Show me', 'aria-label': `Show me: ${text}` });
    button.addEventListener('click', () => {
      onShow();
      show(found, which);
    });
    return element('p', { class: 'nn-term-show' }, element('span', { text }), button);
  });
}
