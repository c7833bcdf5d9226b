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
    const isHere = there.pathname === location.pathname;
    const isCompare = /\\/compare$/.test(there.pathname);
    const isLessons = /\\/lessons$/.test(there.pathname);
    // Before Streamlit opens a run of Compare's, or of a lesson, elsewhere, it writes the query of that page here.
    if (isHere && isCompare && there.searchParams.has("recipe")) return;
    if (isHere && isLessons && there.searchParams.has("dataset")) return;
    // What the pages Articles, Compare and Lessons write are their visitors' choices.
    const chosen = ({ search }) => {
      const query = new URLSearchParams(search);
      return isCompare ? search : isLessons ? [query.get("lesson"), query.get("step")].join() : query.get("article");
    };
    const same = isHere && chosen(there) === chosen(location);
    (same ? history.replaceState.bind(history) : window.nnplayPush)(state, title, url);
  };
}
"""
