/**
 * Where on the page a term is to be seen.
 */

/** For how long it is pointed out. */
const SHOWN_MS = 2400;

/** @param {import('./terms.js').Term} term @returns {HTMLElement|null} what shows it, if that is in sight */
export function placeOf({ seen = '' }) {
  const [kind, name] = seen.split(':');
  const found = kind === 'panel' ? document.querySelectorAll(`[data-testid="panel-${name}"]`) : kind === 'field' ? document.querySelectorAll(['', 'digits-', 'tabular-'].map((page) => `.st-key-${page}field-${name}`).join(', ')) : [];
  return /** @type {HTMLElement[]} */ ([...found]).find((node) => node.checkVisibility?.() ?? true) ?? null;
}

/** Bring it into view, and point it out for a moment. @param {HTMLElement} node */
export function showPlace(node) {
  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  node.scrollIntoView({ block: 'nearest', behavior: calm ? 'auto' : 'smooth' });
  node.classList.add('nn-pointed-out');
  setTimeout(() => node.classList.remove('nn-pointed-out'), SHOWN_MS);
  /** @type {HTMLElement|null} */ (node.querySelector('button, input, [tabindex="0"], [role=slider]'))?.focus({ preventScroll: true });
}
