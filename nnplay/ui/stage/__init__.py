"""The stage: the component on which a run is played. Its browser side is in ``static/stage``."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st

from nnplay.ui import state

KEY = "stage"

# The loader travels with every message, so it is three lines; the modules it imports are loaded once. The line break
# keeps Streamlit from taking it for a path.
_LOADER = """export default async (component) =>
  (await import(new URL("app/static/stage/index.js", document.baseURI).href)).default(component);
"""

_component = st.components.v2.component(
    "nnplay_stage", html='<div class="nnplay-stage"></div>', js=_LOADER, isolate_styles=False
)


# The stage's modules and Plotly come from here as soon as the page begins, while Streamlit still loads its own widgets.
_PRELOAD = '<script>import(new URL("app/static/stage/index.js", document.baseURI).href)</script>'


def preload() -> None:
    """Let the browser fetch the stage's files before it knows that there is a stage."""
    st.html(_PRELOAD, unsafe_allow_javascript=True)


@st.fragment
def show(read_controls: Callable[[], None]) -> None:
    """Show the stage of the present run; a request of the browser reruns this fragment alone.

    When a control and a request arrive together, Streamlit reruns only the fragment. Hence a request first takes the
    controls' values, and lets the page follow if they changed.
    """
    if state.page_is_behind():
        state.note_page_behind(False)
        st.rerun()
    _component(key=KEY, data=state.feed().message, on_request_change=partial(_answer, read_controls))


def _answer(read_controls: Callable[[], None]) -> None:
    before = state.config()
    read_controls()
    state.note_page_behind(state.config() != before)
    state.feed().answer(st.session_state[KEY].get("request"))
