/** In a narrow window Streamlit has the list of pages in its sidebar, and leaves that lie over the page that one has chosen. */
const NARROW = '(max-width: 767.98px)';
const LINK = '[data-testid="stSidebarNavLink"]';
const CLOSE = '.stSidebar[data-collapsed="false"] [data-testid="stSidebarCollapseButton"] button';
/** On these pages it is a sheet below, which covers nothing (nnplay/ui/streamlit_internals/phone_sheet.py); by their addresses. */
const WITH_SHEET = new Set(['', 'playground', 'digits', 'tabular']);
/** So long after it was loaded, a page may still bring a list that was left open on another one. */
const COMING_MS = 5000;

const isNarrow = () => window.matchMedia(NARROW).matches;
const close = () => /** @type {HTMLElement|null} */ (document.querySelector(CLOSE))?.click();

/** Put the list away once a page is chosen, and where it was left open on another one. */
export function putListAway() {
  document.addEventListener('click', ({ target }) => {
    // After the link has taken the press.
    if (target instanceof Element && target.closest(LINK) && isNarrow()) setTimeout(close);
  });
  if (!isNarrow() || WITH_SHEET.has(window.location.pathname.split('/').at(-1) ?? '')) return;
  const watch = new MutationObserver(() => {
    if (!document.querySelector(CLOSE)) return;
    watch.disconnect();
    close();
  });
  watch.observe(document.body, { childList: true, subtree: true, attributeFilter: ['data-collapsed'] });
  for (const kind of ['pointerdown', 'keydown']) window.addEventListener(kind, () => watch.disconnect(), { capture: true, once: true });
  setTimeout(() => watch.disconnect(), COMING_MS);
}
