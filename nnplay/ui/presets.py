"""The presets of a page, as buttons."""

from __future__ import annotations

import streamlit as st

from nnplay.experiment.presets import PRESETS
from nnplay.ui import state
from nnplay.ui.control_set import ControlSet


def draw(fields: ControlSet) -> None:
    """Draw a button for each of the page's presets, the one on screen marked.

    Parameters
    ----------
    fields : ControlSet
        What a preset sets.
    """
    st.markdown("##### Begin with")
    with st.container(horizontal=True, gap="small"):
        for preset in PRESETS[state.place().name]:
            chosen = state.config() == preset.config
            st.button(
                preset.label,
                key=state.key(f"preset.{preset.label}"),
                help=preset.description,
                # A button in the accent's colour has white letters, which are too pale to read on the dark theme's.
                icon=":material/check:" if chosen else None,
                on_click=fields.put,
                args=(preset.config.to_dict(),),
            )
