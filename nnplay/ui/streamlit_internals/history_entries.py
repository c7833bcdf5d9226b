"""The browser's history has an entry for each choice of the visitor's, and for nothing else.

Streamlit makes an entry of whatever the app writes into the address, by ``history.pushState``, and no setting keeps it
from that. So the function is replaced in the browser: what the app writes replaces the entry that is there. The
visitor's own entries are made in ``static/stage/page/address.js``, by the function that is kept as ``nnplayPush``.
"""

#: JavaScript that may run any number of times.
HISTORY_ENTRIES = """
if (!window.nnplayPush) {
  window.nnplayPush = history.pushState.bind(history);
  history.pushState = (state, title, url) => {
    const there = new URL(url ?? "", location.href);
    // What the pages Articles and Compare write are their visitors' choices.
    const article = (address) => new URLSearchParams(address.search).get("article");
    const chosen = (address) => /\\/compare$/.test(address.pathname) ? address.search : article(address);
    const same = there.pathname === location.pathname && chosen(there) === chosen(location);
    (same ? history.replaceState.bind(history) : window.nnplayPush)(state, title, url);
  };
}
"""
