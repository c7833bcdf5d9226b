"""The pad: draw a digit, and the network reads it. Its browser side, which does both, is in ``static/pad``.

The component has nothing to show of its own. It is the wire between the server and the stage's panel, apart from the
stage's: a network doesn't wait for frames, nor frames for a network.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from nnplay.server.pad_feed import PadFeed
from nnplay.ui import component, on_page, state
from nnplay.ui.streamlit_internals import script_run

KEY = "pad"

_component = component.declare("nnplay_pad", "nnplay-pad", "pad")


@on_page.fragment
def connect(read_controls: Callable[[], None]) -> None:
    """Connect the pad with the present run; what it asks for reruns this fragment alone.

    Parameters
    ----------
    read_controls : callable
        Takes the controls' values for the run: when a control and a request arrive together, Streamlit reruns only the
        fragment.
    """
    if state.page_is_behind():
        script_run.rerun()
    _component(
        key=state.key(KEY),
        data=_feed().message,
        on_request_change=on_page.bound(partial(_answer, read_controls)),
    )


def _answer(read_controls: Callable[[], None]) -> None:
    request = component.said(state.key(KEY), "request")
    if not isinstance(request, dict):
        return
    if state.knows_controls(request):
        read_controls()
    feed = state.feed()
    _feed().answer(request, feed.recording, feed.run)


def _feed() -> PadFeed:
    key = state.key("pad.feed")
    if key not in st.session_state:
        st.session_state[key] = PadFeed()
    return st.session_state[key]
