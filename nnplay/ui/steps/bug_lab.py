"""The second tab: the bug lab. Its browser side is in ``static/steps/lab``."""

from __future__ import annotations

import streamlit as st

from nnplay.experiment.explain.bug_lab.case import ARTICLE_000, MOST_CASES
from nnplay.server.bug_lab.feed import BugLabFeed
from nnplay.server.link import quoted
from nnplay.ui import component, on_page, shell, state
from nnplay.ui.kept import KeptValues
from nnplay.ui.steps import held
from nnplay.ui.streamlit_internals import script_run

#: Of the address: the number of the case.
CASE = "case"
KEY = held.key("bug_lab")
_component = component.declare("nnplay_bug_lab", "nnplay-stage nnplay-bug-lab", "bugLab")


class Kept(KeptValues):
    """What a visitor's session holds for the bug lab.

    Attributes
    ----------
    feed : BugLabFeed
    """

    feed: BugLabFeed | None


kept = Kept(lambda name: held.key(f"bug_lab.{name}"))


def show() -> None:
    """Show the case that the address names, else the one that was looked at last."""
    named = _named_in_address()
    feed: BugLabFeed | None = kept.feed
    if feed is None:
        kept.feed = BugLabFeed(ARTICLE_000 if named is None else named, state.account())
    elif named is not None and named != feed.case.number and script_run.by_history():
        feed.show(named)
    _lab()


@on_page.fragment
def _lab() -> None:
    """Show the case; a request of the browser reruns this fragment alone."""
    feed = _feed()
    number = str(feed.case.number)
    if st.query_params.get(CASE) != number:
        st.query_params[CASE] = number
    _component(key=KEY, data=feed.message, on_request_change=on_page.bound(_answer))
    shell.let_page_arrive()


def _answer() -> None:
    _feed().answer(component.said(KEY, "request"))


def _feed() -> BugLabFeed:
    assert kept.feed is not None
    return kept.feed


def _named_in_address() -> int | None:
    """Return which case the address names, or None; of what is no case, the visitor is told."""
    written = st.query_params.get(CASE)
    if written is None:
        return None
    if written.isascii() and written.isdigit() and len(written) <= len(str(MOST_CASES)):
        return int(written)
    notice = f"A case of the bug lab is a number from 0 to {MOST_CASES}; the link has {quoted(written)}."
    held.kept.notices = [*(held.kept.notices or []), notice]
    return None
