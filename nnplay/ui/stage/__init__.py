"""The stage: the component on which a run is played. Its browser side is in ``static/stage``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from nnplay.server.training_pages import TRAINING_PAGES
from nnplay.ui import component, on_page, state
from nnplay.ui.dialogs import answer
from nnplay.ui.steps import way_in
from nnplay.ui.streamlit_internals import script_run
from nnplay.ui.text import plain

KEY = "stage"

# One for each page: the browser is to know whose panels to show before it hears of a run.
_components = {
    name: component.declare(f"nnplay_stage_{name.replace('-', '_')}", "nnplay-stage", "stage", page=name)
    for name in (*TRAINING_PAGES, "lessons-digits", "lessons-tabular")
}


@on_page.fragment
def show(read_controls: Callable[[], None], put_controls: Callable[..., None], look: str = "") -> None:
    """Show the stage of the present run; a request of the browser reruns this fragment alone.

    When a control and a request arrive together, Streamlit reruns only the fragment. Hence a request first takes the
    controls' values, and lets the page follow if more of it than the control itself is to show the change.

    Parameters
    ----------
    read_controls : callable
        Takes the controls' values for the run.
    put_controls : callable
        Sets the controls to a dict with a value for each field: to what the stage proposes; with ``by_hand=False``, to
        what it shows.
    look : str
        Whose panels it has, of ``static/stage/index.js``; by default those of the page.
    """
    if state.page_is_behind():
        script_run.rerun()
    if refusal := state.take_refused_proposal():
        st.toast(f"Not applied: {plain(refusal)} The run stays as it is.", icon=":material/error:")
    message = state.feed().message
    state.write_link()  # before the message, which says which part of it was the visitor's choice
    _components[look or state.page().name](
        key=state.key(KEY),
        data=message,
        on_request_change=on_page.bound(partial(_answer, read_controls, put_controls)),
        on_proposal_change=on_page.bound(partial(_take_proposal, read_controls, put_controls)),
    )


def _answer(read_controls: Callable[[], None], put_controls: Callable[..., None]) -> None:
    """Answer a request; if it leads to a branch with other settings, set the controls to those."""
    request = component.said(state.key(KEY), "request")
    _read_if_known(request, read_controls, put_controls)
    feed = state.feed()
    feed.answer(request)
    if feed.config != state.config():
        put_controls(feed.config.to_dict(), by_hand=False)


def _take_proposal(read_controls: Callable[[], None], put_controls: Callable[..., None]) -> None:
    """Set the controls to what the stage proposes, once for each id."""
    proposal = component.said(state.key(KEY), "proposal")
    if not isinstance(proposal, dict):
        return
    is_new = state.is_new_proposal(proposal.get("id"))
    if is_new:
        _read_if_known(proposal, read_controls, put_controls)
    state.feed().hear(proposal.get("id"))
    values = proposal.get("values")
    if is_new and isinstance(values, dict) and "answer" in values:
        answer.ask(values["answer"])
    elif is_new and isinstance(values, dict) and "explain" in values:
        way_in.ask(values["explain"])
    elif is_new:
        put_controls(values)


def _read_if_known(message: Any, read_controls: Callable[[], None], put_controls: Callable[..., None]) -> None:
    """Take the controls' values, or set them once more where the browser didn't show yet what they were set to.

    The browser sends the values of all controls with every message; one that was under way when the server set the
    controls would set them back.
    """
    if not isinstance(message, dict) or state.knows_controls(message):
        read_controls()
    else:
        put_controls(state.config().to_dict(), by_hand=False)
