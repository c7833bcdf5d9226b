"""From the playground to the page Compare: the run on the stage becomes lane A."""

from __future__ import annotations

import streamlit as st

from nnplay.ui import on_page, shell, state
from nnplay.ui.compare import lanes
from nnplay.ui.form import in_sight

#: What the playground calls it, as it calls its dialogs.
NAME = "compare"


def draw_button() -> None:
    """Draw the button that takes the run along, unless the link hides what is for the curious."""
    if state.link().shows("more") and in_sight.are_all():
        st.button(
            "Compare this run",
            icon=":material/compare_arrows:",
            help="Race this run against copies of itself with other settings.",
            key="compare-this",
            on_click=on_page.bound(state.ask_for_dialog),
            args=(NAME,),
        )


def go_if_asked(wanted: str | None) -> None:
    """Go to the page Compare with the run on the stage, if that is what is `wanted`."""
    if wanted == NAME:
        shell.open_page(lanes.PAGE, lanes.hand_over(state.config()))
