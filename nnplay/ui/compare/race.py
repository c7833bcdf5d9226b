"""The first tab: a race of two to four lanes. Its browser side is in ``static/compare/race``."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nnplay.server.request_fields import BadRequest, whole
from nnplay.ui import component, on_page, shell
from nnplay.ui.compare import lane_form, lanes
from nnplay.ui.compare.lanes import kept
from nnplay.ui.streamlit_internals import script_run

KEY = lanes.key("race")

_component = component.declare("nnplay_race", "nnplay-stage nnplay-race", "race")


def show(row: st.delta_generator.DeltaGenerator | None) -> None:
    """Show the race; quick starts go in `row`, above, and its controls in the sidebar, unless the link hides these."""
    lanes.note_drawn()
    if row is not None:
        lane_form.draw_quick_starts(row)
    _stage()
    if row is not None:
        with st.sidebar:
            lane_form.draw_sidebar()


@on_page.fragment
def _stage() -> None:
    """Show the race; a request of the browser reruns this fragment alone.

    When a control and a request arrive together, Streamlit reruns only the fragment: the control's callback has changed
    the lanes by then, and the page follows.
    """
    if lanes.page_is_behind():
        script_run.rerun()
    message = lanes.feed().message
    lanes.write_link()
    _component(key=KEY, data=message, on_request_change=on_page.bound(_answer), on_open_change=on_page.bound(_open))
    shell.let_page_arrive()


def _answer() -> None:
    lanes.feed().answer(component.said(KEY, "request"))


def _open() -> None:
    """Note that a lane is to be opened in the playground; the page's next run does it."""
    said: Any = component.said(KEY, "open")
    try:
        place, frame = whole(said, "lane", 0, len(lanes.names()) - 1), whole(said, "frame")
    except BadRequest:
        return
    kept.opening = (place, frame)
