"""The browser's history has an entry for each choice of the visitor's, and for nothing else.

Streamlit makes an entry of whatever the app writes into the address, by ``history.pushState``, and no setting keeps it
from that. It writes the query of a page into the address that there is, even if that is another page's by then: the
path follows a moment after the page, and Back is there before the server knows. So both functions are replaced in the
browser. What the app writes waits a moment, and replaces the entry that is there. It is dropped if the visitor is
elsewhere by then; where Back leads, the page writes once more (``script_run.begin``). The visitor's own entries are
made in ``static/stage/page/address.js``, by the function that is kept as ``nnplayPush``.
"""

from __future__ import annotations

import base64
import json

import streamlit as st

from nnplay.ui.streamlit_internals.script_run import Address

#: For the head of every page. Browsers tell of Back in the order in which one has asked for it; Streamlit asks early.
HEAD = """<script>{
  window.nnplayHistory = { listener: null };
  addEventListener("popstate", (event) => window.nnplayHistory.listener?.(event));
  const own = { push: history.pushState.bind(history), replace: history.replaceState.bind(history) };
  const of = (...names) => ({ searchParams }) => names.map((name) => searchParams.get(name)).join();
  window.nnplayPush = own.push;
  window.nnplayReplace = own.replace;
  // The address as it is to be: with what waits.
  window.nnplayQuery = () => (waiting?.before === location.href ? waiting.url : location).search;
  // What these pages write of themselves are their visitors' choices.
  const CHOICES = { compare: ({ search }) => search, lessons: of("lesson", "step"), articles: of("article") };
  const chosen = (url) => CHOICES[url.pathname.split("/").at(-1)]?.(url);
  // Streamlit changes the path of the address when it has drawn the page, and writes the page's query before that.
  const PATH_FOLLOWS_MS = 50;
  let waiting = null;
  const write = () => {
    // Until the server knows of Back, what it writes may be the page's that is left.
    if (window.nnplayGoesBack?.()) return setTimeout(write, PATH_FOLLOWS_MS);
    const { how, url, before } = waiting;
    waiting = null;
    if (location.href !== before) return;
    const isChoice = how === "push" && chosen(url) !== chosen(new URL(location.href));
    own[isChoice ? "push" : "replace"]({}, "", url);
  };
  const replaced = (how) => (state, title, url) => {
    const there = new URL(url ?? "", location.href);
    if (there.pathname !== location.pathname) return window.nnplayGoesBack?.() || own[how](state, title, url);
    if (!waiting) setTimeout(write, PATH_FOLLOWS_MS);
    waiting = { how, url: there, before: location.href };
  };
  history.pushState = replaced("push");
  history.replaceState = replaced("replace");
}</script>"""

_TELL = """<script>
window.nnplayTold = {told};
window.nnplayHear?.();
</script>"""


def tell(page: str, address: Address) -> None:
    """Tell the browser which page runs now, and for which address; the page it came from says no more."""
    # Whoever wrote the link, it is no text of the script.
    query = base64.b64encode(address.query.encode()).decode()
    told = {"page": page, "query": query, "times": address.times}
    st.html(_TELL.format(told=json.dumps(told)), unsafe_allow_javascript=True)
