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
    st.markdown("##### Begin with")
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
            "Here the run is also drawn and measured as it goes, which takes several times as long as the training "
            f"alone. In the project's folder `{command}` trains it without, with one seed after another."
        )
