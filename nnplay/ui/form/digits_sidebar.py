"""The digits page's sidebar."""

from __future__ import annotations

import streamlit as st

from nnplay.experiment.config.setting import DIGITS
from nnplay.ui import state
from nnplay.ui.form import controls, presets
from nnplay.ui.form.dataset_picker import StoredChoice
from nnplay.ui.form.page_fields import PageFields

FIELDS = PageFields(
    DIGITS, dataset=lambda name, _, help: StoredChoice(name, "Images", help, page=DIGITS), **controls.ON_EVERY_PAGE
)


def draw_sidebar() -> None:
    """Draw what the images and the network are."""
    presets.draw_sidebar(FIELDS, _draw_data)


def _draw_data() -> None:
    entry = state.config().data.stored
    assert entry
    st.caption(entry.description)
    FIELDS.draw_group("data", skip={"dataset"})
    if entry.n_test:
        st.caption(f"The {entry.n_test:,} official test images are never trained on.")
