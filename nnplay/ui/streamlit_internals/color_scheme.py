"""Light or dark at a press, while the page stays as it is.

Streamlit's own menu, which could choose, isn't shown, and no function changes the theme of a page. But its page follows
the system, which it asks by ``matchMedia``: what it gets to hear there is the visitor's choice, if there is one. The
browser keeps it.
"""

from __future__ import annotations

#: In the head of every page, before Streamlit's scripts. A button asks for the other by the event (header_buttons.js).
SCRIPT = """<script>(() => {
  const QUERY = "(prefers-color-scheme: dark)", KEY = "nnplay.colors";
  const ask = window.matchMedia.bind(window), system = ask(QUERY), answer = new EventTarget();
  let chosen = null;
  try { chosen = window.localStorage.getItem(KEY); } catch {}
  const isDark = () => (chosen === "dark" || chosen === "light" ? chosen === "dark" : system.matches);
  const say = () => answer.dispatchEvent(Object.assign(new Event("change"), { matches: isDark(), media: QUERY }));
  Object.defineProperties(answer, { matches: { get: isDark }, media: { value: QUERY } });
  answer.addListener = (listener) => answer.addEventListener("change", listener);
  answer.removeListener = (listener) => answer.removeEventListener("change", listener);
  window.matchMedia = (query) => (query === QUERY ? answer : ask(query));
  system.addEventListener("change", say);
  document.addEventListener("nnplay:colors", ({ detail }) => {
    chosen = (detail === "dark") === system.matches ? null : detail;
    try { chosen ? window.localStorage.setItem(KEY, chosen) : window.localStorage.removeItem(KEY); } catch {}
    say();
  });
})();</script>"""
