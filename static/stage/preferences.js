/**
 * How the visitor likes to look at things: kept for the tab, so that a reload changes none of it.
 */

const KEY = 'nnplay.stage';

function read() {
  try {
    const saved = JSON.parse(window.sessionStorage.getItem(KEY));
    return saved && typeof saved === 'object' ? saved : {};
  } catch {
    return {}; // no storage, or somebody else's text in it
  }
}

/** @param {string} name @param {*} fallback returned unless a value of the same type was kept */
export function preference(name, fallback) {
  const value = read()[name];
  return typeof value === typeof fallback ? value : fallback;
}

export function keepPreference(name, value) {
  try {
    window.sessionStorage.setItem(KEY, JSON.stringify({ ...read(), [name]: value }));
  } catch {
    // Without storage the page works all the same.
  }
}
