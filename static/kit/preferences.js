/**
 * How the visitor likes to look at things: kept for the tab, so that a reload changes none of it. A link may bring
 * preferences along; they count once, when the link is new to the tab.
 */

const KEY = 'nnplay.stage';

/** Names in a link, and what they are called here. */
const LINKED = { speed: 'speed', discretize: 'discretize', test_points: 'testPoints', creases: 'creases', earlier: 'earlierBoundaries', log_scale: 'logLoss' };
const SWITCHES = { true: true, false: false };
const SPEED = /^(step:(1|10|50|100|200|500)|epoch:[1-9]\d{0,2})$/;
/** Pages with a speed of their own: their epochs are other ones than the playground's. */
const OWN_SPEED = ['digits', 'tabular', 'lessons'];

/** What a preference is kept as, on the page where the visitor is. */
function keptAs(name) {
  const page = window.location.pathname.split('/').filter(Boolean).at(-1) ?? '';
  return name === 'speed' && OWN_SPEED.includes(page) ? `speed.${page}` : name;
}

function read() {
  try {
    const saved = JSON.parse(window.sessionStorage.getItem(KEY) ?? '{}');
    return saved && typeof saved === 'object' ? saved : {};
  } catch {
    return {}; // no storage, or somebody else's text in it
  }
}

let isKept = true;

/** Keep nothing from now on: what is chosen in here is no choice of the visitor's. */
export function keepNoPreferences() {
  isKept = false;
}

function write(preferences) {
  if (!isKept) return;
  try {
    window.sessionStorage.setItem(KEY, JSON.stringify(preferences));
  } catch {
    // Without storage the page works all the same.
  }
}

/** What a link says of preferences; values that can't be are left out. @param {string} search the address's query */
export function preferencesOf(search) {
  const query = new URLSearchParams(search);
  const found = {};
  for (const [name, ours] of Object.entries(LINKED)) {
    const value = query.get(name) ?? '';
    if (name === 'speed' ? SPEED.test(value) : Object.hasOwn(SWITCHES, value)) found[ours] = SWITCHES[value] ?? value;
  }
  return found;
}

/** Take over what a link says, unless the tab has taken it before. */
function takeLink(search) {
  const found = preferencesOf(search);
  const link = JSON.stringify(found);
  const kept = read();
  if (Object.keys(found).length === 0 || kept.link === link) return;
  const named = Object.entries(found).map(([name, value]) => [keptAs(name), value]);
  write({ ...kept, ...Object.fromEntries(named), link });
}

if (typeof window !== 'undefined') takeLink(window.location.search);

/** @param {string} name @param {*} fallback returned unless a value of the same type was kept */
export function preference(name, fallback) {
  const value = read()[keptAs(name)];
  return typeof value === typeof fallback ? value : fallback;
}

export function keepPreference(name, value) {
  write({ ...read(), [keptAs(name)]: value });
}

/** Everything that was kept. @returns {Object<string, *>} */
export function allPreferences() {
  const { link, ...preferences } = read();
  return { ...preferences, speed: preferences[keptAs('speed')] };
}

/** Whether the visitor chose to have all controls in sight (nnplay/ui/form/in_sight.py), and is no newcomer. */
export const hasAllControls = () => document.cookie.split('; ').includes('nnplay-controls=all');
