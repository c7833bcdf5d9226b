"""The sidebar's beginning on a page of stored data sets: the presets as buttons, the data, and what the data are."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from nnplay.experiment.config.checks import MAX_UNITS
from nnplay.experiment.config.presets import PRESETS
from nnplay.ui import awaiting_data, on_page, state
from nnplay.ui.form import controls, in_sight
from nnplay.ui.form.page_fields import PageFields


def draw_sidebar(fields: PageFields, draw_data: Callable[[], None]) -> None:
    """Draw the sidebar of a page whose data sets are stored; `draw_data` says what the chosen one is."""
    if state.link().shows("data"):
        if state.assignment() is None:
            _draw_presets(fields)
        st.markdown("##### Data")
        if in_sight.shows("dataset"):
            fields["dataset"].draw()
        awaiting_data.draw_offer()
        draw_data()
    controls.draw_below_data(fields, most_units=MAX_UNITS)


def _draw_presets(fields: PageFields) -> None:
    """Draw a button for each of the page's presets, the one on screen marked."""
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
