/** The data of a step, within a lecturer's reach by key: what else of them can be set, and others of their kind. */

/** @typedef {(act: {do: string, [name: string]: any}) => void} Act says something to the server */

const COLUMN = '.st-key-lesson-column';
const PICKER = `${COLUMN} .nnplay-picker`;
/** So long the controls may take to come. */
const PATIENCE_MS = 4000;
/** As the die of the data sets has them (static/picker/picker.js). */
const SIDES = 10_000;

/** What of the column's controls has the focus first: the data set that is chosen. @returns {HTMLElement|null} */
const first = () => document.querySelector(`${PICKER} [role=radio][aria-checked=true]`);

/** Show the data's controls below the words, with the focus on the data set that is chosen, or put them away. @param {Act} act */
export function toggleData(act) {
  const column = document.querySelector(COLUMN);
  if (column?.contains(document.activeElement)) /** @type {HTMLElement} */ (document.activeElement).blur();
  const opens = document.querySelector(PICKER) === null;
  act({ do: 'data' });
  if (opens) focusWhenThere(performance.now());
}

function focusWhenThere(since) {
  const target = first();
  if (target) {
    target.focus();
    target.closest('.nnplay-picker')?.scrollIntoView({ block: 'nearest' });
  } else if (performance.now() - since < PATIENCE_MS) requestAnimationFrame(() => focusWhenThere(since));
}

/** Draw other data of the same kind. @param {Act} act */
export function drawData(act) {
  act({ do: 'draw', number: Math.floor(Math.random() * SIDES) });
}
