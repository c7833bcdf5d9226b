"""From the playground to the page Step by step: the step that follows the frame on screen is explained."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nnplay.server.request_fields import BadRequest, whole
from nnplay.server.steps import handover
from nnplay.ui import shell, state
from nnplay.ui.steps import held
from nnplay.ui.text import plain

#: What the playground calls it, as it calls its dialogs; and where it keeps the frame.
NAME, _FRAME = "explain", "explain.frame"


def ask(said: Any) -> None:
    """Note that the step after a frame is to be explained: ``{"frame": …, "newest": …}``."""
    try:
        frame = whole(said, "frame")
    except BadRequest:
        return
    st.session_state[_FRAME] = (frame, said.get("newest") is True)
    state.ask_for_dialog(NAME)


def go_if_asked(wanted: str | None) -> None:
    """Go to the page Step by step, if that is what is `wanted`."""
    if wanted != NAME:
        return
    # Not forgotten yet: where this run gives way to another one of the page, that one goes there.
    frame, is_newest = st.session_state.get(_FRAME, (0, False))
    feed = state.feed()
    chosen = handover.moment_at(feed.recording, frame, is_newest)
    if chosen is None:
        st.toast(plain(handover.UNKNOWN), icon=":material/error:")
        return
    shell.open_page(held.PAGE, held.hand_over(chosen, feed.run))
