/**
 * The keys of the whole page, as data, and what a press means. No DOM in here but for the listener, so that node can test it.
 */

/**
 * In the order in which the list shows them. `keys` are names as KeyboardEvent.key has them; `command` is what is done.
 * @type {{keys: string[], label: string, text: string, command: string, repeats?: boolean}[]}
 */
export const KEYS = [
  { keys: [' '], label: 'Space', text: 'Play, and pause', command: 'toggle' },
  { keys: ['ArrowLeft'], label: '←', text: 'Back to the frame before', command: 'back', repeats: true },
  { keys: ['ArrowRight'], label: '→', text: 'On to the next frame; past the newest, train one epoch (one step where the speed counts steps)', command: 'forward', repeats: true },
  { keys: ['r'], label: 'R', text: 'Reset: the untrained network again', command: 'reset' },
  { keys: [], label: 'Ctrl Z', text: 'Undo the last edit, or go back to the run before; with Shift: redo', command: 'undo' },
  { keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'], label: '1 – 9', text: 'Speed, from 1 to 500 epochs a frame', command: 'speed' },
  { keys: ['p'], label: 'P', text: 'Presenter mode: large type, nothing but the stage', command: 'present' },
  { keys: ['Escape'], label: 'Esc', text: 'Leave presenter mode', command: 'leave' },
  { keys: ['?'], label: '?', text: 'This list', command: 'keys' },
];

const ARROWS = new Set(['ArrowLeft', 'ArrowRight']);
/** What takes text, or letters to choose by: it has the keyboard to itself. */
const TYPING_ROLES = new Set(['textbox', 'searchbox', 'combobox', 'spinbutton', 'listbox', 'option', 'menu', 'menuitem', 'application', 'grid', 'gridcell']);
const TYPING_INPUTS = new Set(['text', 'search', 'number', 'email', 'url', 'tel', 'password', 'date', 'time', 'color', 'file']);
/** What Space presses, and what arrows move. */
const PRESSED = new Set(['button', 'checkbox', 'switch', 'radio', 'tab', 'link', 'slider']);
const MOVED = new Set(['slider', 'radio', 'radiogroup', 'tab', 'tablist', 'scrollbar', 'separator', 'tree', 'treeitem']);

/**
 * Where the focus is. `clicked`: it came there by pointer, and nothing has been opened there.
 * @typedef {{tag: string, type: string, role: string, editable: boolean, inDialog: boolean, clicked?: boolean}} Place
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
 * What a press means where the focus is.
 * @param {{key: string, ctrlKey?: boolean, altKey?: boolean, metaKey?: boolean, repeat?: boolean, isComposing?: boolean, defaultPrevented?: boolean}} press
 * @param {Place} place
 * @returns {{command: string, key: string}|null} null where the key isn't ours
 */
export function commandFor(press, place) {
  if (press.ctrlKey || press.altKey || press.metaKey || press.isComposing || press.defaultPrevented) return null;
  const role = roleOf(place);
  const key = press.key.length === 1 ? press.key.toLowerCase() : press.key;
  if (place.inDialog || place.editable) return null;
  if (TYPING_ROLES.has(role) && !isLeftOver(key, place)) return null;
  if (key === ' ' && PRESSED.has(role) && !isLeftOver(key, place)) return null;
  if (ARROWS.has(key) && MOVED.has(role)) return null;
  const entry = KEYS.find(({ keys }) => keys.includes(key));
  if (!entry || (press.repeat && !entry.repeats)) return null;
  return { command: entry.command, key };
}

/**
 * Whether Space is pressed where a click only left the focus behind: then the run is meant, not the button clicked before.
 * @param {string} key @param {Place} place
 */
function isLeftOver(key, place) {
  const role = roleOf(place);
  return key === ' ' && place.clicked === true && (PRESSED.has(role) || role === 'combobox');
}

/** Whether the last thing done was a click or a touch, not a move by Tab. */
let byPointer = false;

/** Where the focus is, and whether a dialog is open on the page. @param {KeyboardEvent} event @returns {Place} */
function placeOf(event) {
  const target = event.composedPath()[0];
  const is = target instanceof Element;
  const expanded = is && target.getAttribute('aria-expanded') === 'true' && target.getAttribute('role') === 'combobox';
  return {
    tag: is ? target.tagName.toLowerCase() : '',
    type: is ? (target.getAttribute('type') ?? '') : '',
    role: is ? (target.getAttribute('role') ?? '') : '',
    editable: is && target.isContentEditable,
    inDialog: document.querySelector('[role="dialog"], dialog[open]') !== null,
    clicked: byPointer && !expanded,
  };
}

/** Streamlit runs the page anew on these, which closes any dialog, and lets nobody else have them: they are taken before. */
const TAKEN_FIRST = new Set(['r']);

/**
 * Listen on the page. Last of all where that is possible, so that whatever has the focus may take a key first.
 * @param {Object<string, (key: string) => boolean|void>} commands by name; one that returns false lets the key pass
 * @param {AbortSignal} signal
 */
export function listenToKeys(commands, signal) {
  const obey = (event, { command, key }) => {
    if (commands[command](key) === false) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const first = (event) => {
    const place = placeOf(event);
    if (event.key === 'Tab') byPointer = false;
    const found = commandFor(event, { ...place, inDialog: false });
    if (!found || !(TAKEN_FIRST.has(found.key) || isLeftOver(found.key, place))) return;
    if (place.inDialog) event.stopImmediatePropagation();
    else obey(event, found);
  };
  const last = (event) => {
    const found = commandFor(event, placeOf(event));
    if (found) obey(event, found);
  };
  window.addEventListener('pointerdown', () => (byPointer = true), { signal, capture: true });
  window.addEventListener('keydown', first, { signal, capture: true });
  window.addEventListener('keydown', last, { signal });
}
