"""The presets of a page, as buttons."""

from __future__ import annotations

import streamlit as st

from nnplay.experiment.config.presets import PRESETS
from nnplay.ui import on_page, state
from nnplay.ui.form.page_fields import PageFields


def draw(fields: PageFields) -> None:
    """Draw a button for each of the page's presets, the one on screen marked.

    Parameters
    ----------
    fields : PageFields
        What a preset sets.
    """
    presets = PRESETS[state.page().name]
    st.markdown("##### Start with")
    with st.container(horizontal=True, gap="small"):
        for preset in presets:
            chosen = state.config() == preset.config
            st.button(
                preset.label,
                key=state.key(f"preset.{preset.label}"),
                help=preset.description,
                # A button in the accent's colour has white letters, which are too pale to read on the dark theme's.
                icon=":material/check:" if chosen else None,
                on_click=on_page.bound(fields.put),
                args=(preset.config.to_dict(),),
            )
    shown = state.config()
    if command := next((preset.command for preset in presets if preset.is_trained_by(shown)), ""):
        st.caption(
            "Drawing and measuring take several times as long as the training itself. To train without them, run "
            f"`{command}` in the project's folder; it trains one seed after another."
        )
