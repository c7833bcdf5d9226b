"""The page: what the address says, the tabs, and the step. Its browser side is in ``static/steps``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from nnplay.server.link import brief
from nnplay.ui import component, on_page, shell, tabs
from nnplay.ui.dialogs import header_buttons
from nnplay.ui.steps import bug_lab, held
from nnplay.ui.steps.held import kept, key
from nnplay.ui.streamlit_internals import page_frame, script_run
from nnplay.ui.text import plain

#: Time to read what of a link was ignored.
_NOTICE_SECONDS = 20
#: What is above the step and below it, in pixels; and of that the row of tabs.
_MARGINS, _MARGINS_EMBEDDED, _ROW = 46, 16, 52
#: The tabs stand apart from what is below them, and are as large as the rest where one presents.
_CSS = """
.st-key-steps-tabs { margin-bottom: 8px; }
html[data-nn-present] .st-key-steps-tabs { zoom: 1.15; }
@media (min-width: 1600px) { html[data-nn-present] .st-key-steps-tabs { zoom: 1.72; } }
"""
KEY = key("step")
_component = component.declare("nnplay_steps", "nnplay-stage nnplay-steps", "steps")


@dataclass(frozen=True)
class Tab:
    """What the page shows: what the tab is called, and what draws it."""

    label: str
    show: Callable[[], None]


def show() -> None:
    """Show the page."""
    held.begin_visit()
    if kept.take("leaving"):
        held.go_back()
    _make_room()
    row = None if st.context.is_embedded else st.container(key="steps-tabs")
    TABS[tabs.choose(row, "What to look at", TABS, lambda name: TABS[name].label, key("tab"))].show()
    if not st.context.is_embedded:
        with st.container(key="header-buttons", horizontal=True, width="content", gap="small"):
            header_buttons.draw_present_and_keys()
    for notice in brief(kept.take("notices") or []):
        st.toast(plain(notice), icon=":material/link_off:", duration=_NOTICE_SECONDS)
    shell.let_page_arrive()


def _make_room() -> None:
    """Give the step the room of the header inside another page, and that of the sidebar, as it has none."""
    embedded = st.context.is_embedded
    row = 0 if embedded else _ROW
    around = (_MARGINS_EMBEDDED if embedded else _MARGINS) + row
    presenting = _MARGINS_EMBEDDED + 4 + round(1.72 * row)
    rules = [f".nnplay-stage {{ --nn-around: {around}px; --nn-around-presenting: {presenting}px; }}"]
    rules += [page_frame.NO_SIDEBAR if embedded else page_frame.ONLY_PAGES_IN_SIDEBAR, _CSS]
    if embedded:
        rules += [page_frame.NARROW_MARGINS, page_frame.NO_HEADER]
    st.html(page_frame.NO_SIDEBAR_MARK)
    st.html(f"<style>{' '.join(rules)}</style>")


@on_page.fragment
def _explain() -> None:
    """Show the step; a request of the browser reruns this fragment alone."""
    if kept.leaving:
        script_run.rerun()
    message = held.feed().message
    held.write_link()
    _component(key=KEY, data=message, on_request_change=on_page.bound(_answer), on_leave_change=on_page.bound(_leave))
    shell.let_page_arrive()


def _answer() -> None:
    held.feed().answer(component.said(KEY, "request"))


def _leave() -> None:
    """Note that the visitor wants to go back to the playground; the page's next run does it."""
    if component.said(KEY, "leave"):
        kept.leaving = True


#: By the name in the address.
TABS = {"explain": Tab("Explain a step", _explain), "bug-lab": Tab("Bug lab", bug_lab.show)}
