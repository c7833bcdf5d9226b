"""The pad: one draws, and the network answers. Its browser side is in ``static/pad``.

The component has nothing to show of its own. It is the wire between the server and the stage's panel, apart from the
stage's: an answer doesn't wait for frames, nor frames for an answer.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from nnplay.ui import component, state
from nnplay.ui.pad.reader import Reader

KEY = "pad"

_component = component.declare("nnplay_pad", "nnplay-pad", "pad/index.js")


@st.fragment
def connect(read_controls: Callable[[], None]) -> None:
    """Connect the pad with the present run; a drawing reruns this fragment alone.

    Parameters
    ----------
    read_controls : callable
        Takes the controls' values for the run: when a control and a drawing arrive together, Streamlit reruns only the
        fragment.
    """
    if state.page_is_behind():
        st.rerun()
    _component(key=state.key(KEY), data=_reader().message, on_drawing_change=lambda: _read(read_controls))


def _read(read_controls: Callable[[], None]) -> None:
    drawing = st.session_state[state.key(KEY)].get("drawing")
    if not isinstance(drawing, dict):
        return
    if state.knows_controls(drawing):
        read_controls()
    feed = state.feed()
    if drawing.get("haste") is True:
        feed.make_haste()
    _reader().read(drawing, feed.recording, feed.run)


def _reader() -> Reader:
    key = state.key("pad.reader")
    if key not in st.session_state:
        st.session_state[key] = Reader()
    return st.session_state[key]
