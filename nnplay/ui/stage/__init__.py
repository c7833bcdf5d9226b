"""The stage: the component on which a run is played. Its browser side is in ``static/stage``."""

from __future__ import annotations

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


@st.fragment
def show() -> None:
    """Show the stage of the present run; a request of the browser reruns this fragment alone."""
    _component(key=KEY, data=state.feed().message, on_request_change=_answer)


def _answer() -> None:
    state.feed().answer(st.session_state[KEY].get("request"))
