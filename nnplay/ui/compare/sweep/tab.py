"""The tab: the map and what starts it; its browser side is in ``static/compare/sweep``."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.server.request_fields import LARGEST, BadRequest, whole
from nnplay.ui import component, on_page, shell, tabs
from nnplay.ui.compare import lanes
from nnplay.ui.compare.sweep import asked, files, form
from nnplay.ui.compare.sweep.asked import kept, key
from nnplay.ui.streamlit_internals import script_run

KEY = key("map")
#: As many cells as a race has lanes.
_MOST_CELLS = 4

_component = component.declare("nnplay_sweep", "nnplay-stage nnplay-sweep", "sweep")


def show(row: st.delta_generator.DeltaGenerator | None) -> None:
    """Show the map, its controls in the sidebar unless the link hides them, and the table below."""
    asked.note_drawn()
    _stage()
    if row is not None:
        with st.sidebar:
            form.draw_sidebar()
    files.draw_table()


@on_page.fragment
def _stage() -> None:
    """Show the map; a request of the browser reruns this fragment alone, but for when the sweep has begun or ended."""
    message = asked.feed().message
    if kept.opening is not None:
        script_run.rerun()
    asked.write_link()
    _component(key=KEY, data=message, on_request_change=on_page.bound(_answer), on_open_change=on_page.bound(_open))
    shell.let_page_arrive()
    if asked.page_is_behind():
        script_run.rerun()


def _answer() -> None:
    asked.feed().answer(component.said(KEY, "request"))


def _open() -> None:
    """Note what is to be opened elsewhere; the page's next run does it."""
    said: Any = component.said(KEY, "open")
    if not isinstance(said, dict) or said.get("what") not in ("run", "race"):
        return
    cells = said.get("cells")
    sweep = asked.feed().sweep
    if sweep is None or not isinstance(cells, list) or not 1 <= len(cells) <= _MOST_CELLS:
        return
    try:
        last = len(sweep.grid.cells) - 1
        numbers = [whole({"cell": cell}, "cell", 0, last) for cell in cells]
        first = whole(said, "from", 0, LARGEST) if said["what"] == "run" else None
    except BadRequest:
        return
    kept.opening = {"what": said["what"], "cells": numbers, "from": first}


def open_if_asked() -> None:
    """Go to the playground with a cell's run, or to the first tab with several cells, if that was asked for."""
    opening: dict[str, Any] | None = kept.take("opening")
    if opening is None:
        return
    if opening["what"] == "race":
        if asked.race_of(opening["cells"]):
            st.session_state[lanes.key("tab")] = st.query_params[tabs.TAB] = "race"
        return
    query = asked.playground_query(opening["cells"][0], opening["from"])
    if query is not None:
        shell.open_page(PLAYGROUND, query)
