/**
 * The keys of the whole page, as data, and what a press means. No DOM in here but for the listener, so that node can test it.
 */

/**
 * In the order in which the list shows them. `keys` are names as KeyboardEvent.key has them; `command` is what is done.
 * @type {{keys: string[], label: string, text: string, command: string, repeats?: boolean}[]}
 */
export const KEYS = [
  { keys: [' '], label: 'Space', text: 'Play or pause', command: 'toggle' },
  { keys: ['ArrowLeft'], label: '←', text: 'Previous frame', command: 'back', repeats: true },
  { keys: ['ArrowRight'], label: '→', text: 'Next frame; after the newest, train one epoch (or one step, if the speed counts steps)', command: 'forward', repeats: true },
  { keys: ['r'], label: 'R', text: 'Reset: start again from the untrained network', command: 'reset' },
  { keys: [], label: 'Ctrl Z', text: 'Undo the last edit, or return to the previous run; with Shift: redo', command: 'undo' },
  { keys: ['u', 'Backspace'], label: 'U', text: 'In presenter mode: take back what was done last, also a setting (or Backspace)', command: 'takeBack' },
  { keys: ['d'], label: 'D', text: 'In presenter mode: the data beside the stage; arrows and Tab choose there, and D puts it away', command: 'data' },
  { keys: ['x'], label: 'X', text: 'In presenter mode: draw new data of the same kind', command: 'draw' },
  { keys: ['e'], label: 'E', text: 'Explain the next step: every number of it', command: 'explain' },
  { keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], label: '1 – 9', text: 'Speed, from 1 to 500 epochs per frame', command: 'speed' },
  { keys: ['p'], label: 'P', text: 'Presenter mode: large text, no sidebar', command: 'present' },
  { keys: ['Escape'], label: 'Esc', text: 'Leave presenter mode', command: 'leave' },
  { keys: ['?'], label: '?', text: 'Show these keys', command: 'keys' },
  { keys: ['g'], label: 'G', text: 'Glossary: what the words mean', command: 'glossary' },
];

/** Besides, where the stage is for a lesson: those that a clicker has, too. @type {typeof KEYS} */
export const LESSON_KEYS = [
  { keys: ['PageDown'], label: 'Page down', text: 'Next step of the lesson, in presenter mode', command: 'nextStep' },
  { keys: ['PageUp'], label: 'Page up', text: 'Previous step of the lesson, in presenter mode', command: 'previousStep' },
  { keys: ['a'], label: 'A', text: 'Answer the question: go to where one chooses, types or draws; 1 to 9 choose at once, in presenter mode', command: 'answer' },
  { keys: ['s'], label: 'S', text: 'Skip the question', command: 'skip' },
  { keys: ['t'], label: 'T', text: 'Try what the step proposes, or go back to the step', command: 'attempt' },
  { keys: ['ArrowDown'], label: '↓', text: 'On with the step’s words, in presenter mode', command: 'scrollDown', repeats: true },
  { keys: ['ArrowUp'], label: '↑', text: 'Back in the step’s words', command: 'scrollUp', repeats: true },
  { keys: ['n'], label: 'N', text: 'Speaker’s notes, in a window of their own', command: 'notes' },
];

const ARROWS = new Set(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']);
/** What takes text, or letters to choose by: it has the keyboard to itself. */
const TYPING_ROLES = new Set(['textbox', 'searchbox', 'combobox', 'spinbutton', 'listbox', 'option', 'menu', 'menuitem', 'application', 'grid', 'gridcell']);
const TYPING_INPUTS = new Set(['text', 'search', 'number', 'email', 'url', 'tel', 'password', 'date', 'time']);
/** What turns the pages of a lecture: on one line of text, or in a drawing, it has no other use. */
const TURNS = new Set(['PageDown', 'PageUp']);
/** Where what is typed appears: there Space is a character. */
const TEXT_ROLES = new Set(['textbox', 'searchbox', 'spinbutton']);
/** What Space alone can switch: for whoever came there by Tab it has no other key. */
const SWITCHED = new Set(['checkbox', 'switch', 'menuitemcheckbox']);
/** What arrows move. */
const MOVED = new Set(['slider', 'radio', 'radiogroup', 'tab', 'tablist', 'scrollbar', 'separator', 'tree', 'treeitem']);

/**
 * Where the focus is. `clicked`: it came there by pointer; `expanded`: its list is open; `unchosen`: a choice that only Space
 * can make, as nothing is chosen yet.
 * @typedef {{tag: string, type: string, role: string, editable: boolean, inDialog: boolean, clicked?: boolean, expanded?: boolean, unchosen?: boolean}} Place
 */

/** The role that an element has by its tag, unless it says otherwise. @param {Place} place */
function roleOf({ tag, type, role }) {
  if (role) return role;
  if (tag === 'button' || tag === 'summary') return 'button';
  if (tag === 'a') return 'link';
  if (tag === 'textarea') return 'textbox';
  if (tag === 'select') return 'combobox';
  if (tag !== 'input') return '';
  if (type === 'range') return 'slider';
  if (type === 'checkbox' || type === 'radio') return type;
  return TYPING_INPUTS.has(type) || type === '' ? 'textbox' : 'button';
}

/**
 * Whether Space plays, whatever has the focus: everywhere but in a text field. What it would press elsewhere, Enter presses
 * as well.
 * @param {Place} place
 */
function playsAt(place) {
  const role = roleOf(place);
  if (place.editable || TEXT_ROLES.has(role)) return false;
  if (role === 'combobox') return !place.expanded; // an open one is searched by typing
  return place.clicked === true || !(SWITCHED.has(role) || role === 'application' || place.unchosen);
}

/**
 * What a press means where the focus is.
 * @param {{key: string, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean, shiftKey?: boolean, repeat?: boolean, isComposing?: boolean, defaultPrevented?: boolean}} press
 * @param {Place} place
 * @param {typeof KEYS} known
 * @returns {{command: string, key: string}|null} null where the key isn't ours
 */
export function commandFor(press, place, known = KEYS) {
  if (press.ctrlKey || press.altKey || press.metaKey || press.isComposing || press.defaultPrevented) return null;
  const role = roleOf(place);
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (key === ' ') {
    // A drawing area that had no use for it has let it pass.
    return (playsAt(place) || role === 'application') && !press.shiftKey && !press.repeat ? { command: 'toggle', key } : null;
  }
  const turns = TURNS.has(key) && place.tag !== 'textarea' && !place.expanded;
  if (place.inDialog || place.editable || (TYPING_ROLES.has(role) && !turns)) return null;
  if (ARROWS.has(key) && MOVED.has(role)) return null;
  const entry = known.find(({ keys }) => keys.includes(key));
  if (!entry || (press.repeat && !entry.repeats)) return null;
  return { command: entry.command, key };
}

/** Whether the last thing done was a click or a touch, not a move by Tab; and on what. */
let byPointer = false;
let clickedOn = null;

/** Where the focus is, and whether a dialog is open on the page. @param {KeyboardEvent} event @returns {Place} */
function placeOf(event) {
  const target = event.composedPath()[0];
  const is = target instanceof Element;
  return {
    tag: is ? target.tagName.toLowerCase() : '',
    type: is ? (target.getAttribute('type') ?? '') : '',
    role: is ? (target.getAttribute('role') ?? '') : '',
    editable: target instanceof HTMLElement && target.isContentEditable,
    inDialog: document.querySelector('[role="dialog"], dialog[open]') !== null,
    // What is drawn on by keys, too, has Space to itself unless it was just drawn on by hand.
    clicked: byPointer && (!is || target.getAttribute('role') !== 'application' || target.contains(clickedOn)),
    unchosen: target instanceof HTMLInputElement && target.type === 'radio' && !target.checked,
    expanded: is && target.getAttribute('aria-expanded') === 'true',
  };
}

/** Streamlit runs the page again on these, which closes any dialog, and lets nobody else have them: they are taken before. */
const TAKEN_FIRST = new Set(['r']);

/**
 * Listen on the page. Last of all where that is possible, so that whatever has the focus may take a key first.
 * @param {Object<string, (key: string) => boolean|void>} commands by name; one that returns false lets the key pass
 * @param {AbortSignal} signal @param {typeof KEYS} [known]
 * @param {() => boolean} [isHere] whether the stage is on the page: one that waits for a new place leaves the keys to others
 */
export function listenToKeys(commands, signal, known = KEYS, isHere = () => true) {
  const obey = (event, { command, key }) => {
    if (commands[command](key) === false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  /** Whether Space is down and was taken: its release is then nobody else's either, or a button would be pressed by it. */
  let taken = false;
  const takeSpace = (event, place) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || event.isComposing || !playsAt(place)) return;
    taken = true;
    const found = commandFor(event, place);
    if (found) commands[found.command](found.key);
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const first = (event) => {
    const place = placeOf(event);
    if (event.key === 'Tab') byPointer = false;
    if (ARROWS.has(event.key)) clickedOn = null;
    if (event.key === ' ') return takeSpace(event, place);
    const found = commandFor(event, { ...place, inDialog: false });
    if (!found || !TAKEN_FIRST.has(found.key)) return undefined;
    if (place.inDialog) event.stopImmediatePropagation();
    else obey(event, found);
    return undefined;
  };
  const released = (event) => {
    if (event.key !== ' ' || !taken) return;
    taken = false;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const last = (event) => {
    const found = commandFor(event, placeOf(event), known);
    if (found) obey(event, found);
  };
  const clicked = (event) => {
    byPointer = true;
    [clickedOn] = event.composedPath();
  };
  const here = (/** @type {(event: any) => void} */ listener) => (/** @type {Event} */ event) => isHere() && listener(event);
  window.addEventListener('pointerdown', clicked, { signal, capture: true });
  window.addEventListener('keydown', here(first), { signal, capture: true });
  window.addEventListener('keyup', here(released), { signal, capture: true });
  window.addEventListener('keydown', here(last), { signal });
}
