/**
 * How the visitor likes to look at things: kept for the tab, so that a reload changes none of it. A link may bring
 * preferences along; they count once, when the link is new to the tab.
 */

const KEY = 'nnplay.stage';

/** Names in a link, and what they are called here. */
const LINKED = { speed: 'speed', discretize: 'discretize', test_points: 'testPoints', log_scale: 'logLoss' };
const SWITCHES = { true: true, false: false };
const SPEED = /^(step:1|epoch:[1-9]\d{0,2})$/;

function read() {
  try {
    const saved = JSON.parse(window.sessionStorage.getItem(KEY));
    return saved && typeof saved === 'object' ? saved : {};
  } catch {
    return {}; // no storage, or somebody else's text in it
  }
}

function write(preferences) {
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
    const value = query.get(name);
    if (name === 'speed' ? SPEED.test(value) : Object.hasOwn(SWITCHES, value)) found[ours] = SWITCHES[value] ?? value;
  }
  return found;
}

/** Take over what a link says, unless the tab has taken it before. */
function takeLink(search) {
  const found = preferencesOf(search);
  const link = JSON.stringify(found);
  const kept = read();
  if (Object.keys(found).length > 0 && kept.link !== link) write({ ...kept, ...found, link });
}

if (typeof window !== 'undefined') takeLink(window.location.search);

/** @param {string} name @param {*} fallback returned unless a value of the same type was kept */
export function preference(name, fallback) {
  const value = read()[name];
  return typeof value === typeof fallback ? value : fallback;
}

export function keepPreference(name, value) {
  write({ ...read(), [name]: value });
}

/** Everything that was kept. @returns {Object<string, *>} */
export function allPreferences() {
  const { link, ...preferences } = read();
  return preferences;
}
