"""The dialog *Take away*: its parts, of which one is shown at a time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from nnplay.ui import on_page
from nnplay.ui.dialogs.browser_help import look_at_page
from nnplay.ui.dialogs.take_away import model, notebook, pictures, replay, run
from nnplay.ui.dialogs.take_away.moment import Moment, moment_at

_PART, _LAST = "take_away.part", "take_away.last"


@dataclass(frozen=True)
class Part:
    """What can be taken away.

    Attributes
    ----------
    label : str
    draw : callable
        Draws the part, of the moment that is on screen.
    """

    label: str
    draw: Callable[[Moment], None]


#: By name, in the order in which they are offered; the first is shown at first. Each is a module of this folder.
PARTS: dict[str, Part] = {
    "run": Part("Run", run.draw),
    "notebook": Part("Notebook", notebook.draw),
    "replay": Part("Replay page", replay.draw),
    "picture": Part("Picture", pictures.draw_picture),
    "video": Part("Video", pictures.draw_video),
    "model": Part("Model", model.draw),
}


def draw() -> None:
    """Let the visitor choose a part, and show that one."""
    seen = look_at_page("take_away.seen")
    moment = moment_at(seen.get("frame"), seen.get("furthest"), seen.get("address"))
    # A dialog that is opened again shows the part that it showed last; Streamlit forgets a widget that is gone.
    st.session_state.setdefault(_PART, st.session_state.get(_LAST, next(iter(PARTS))))
    chosen = st.segmented_control(
        "What to take away",
        list(PARTS),
        format_func=lambda name: PARTS[name].label,
        key=_PART,
        required=True,
        label_visibility="collapsed",
    )
    st.session_state[_LAST] = chosen
    PARTS[str(chosen)].draw(moment)


dialog = on_page.dialog("Take away", width="medium", icon=":material/download:")(draw)
