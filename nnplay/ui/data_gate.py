"""Data that take a while to come are waited for in sight, and before anybody trains on them."""

from __future__ import annotations

import streamlit as st

from nnplay.datasets import stored
from nnplay.datasets.stored import STORED
from nnplay.datasets.stored_files import NotAtHand
from nnplay.ui import state
from nnplay.ui.control_set import ControlSet


def pass_through(fields: ControlSet) -> None:
    """Load what the page is to learn; if that can't be, say why and stay with what there is."""
    wanted = state.awaited_dataset()
    if wanted is None:
        return
    entry = STORED[wanted]
    try:
        with st.spinner(entry.waiting_words):
            stored.load(wanted)
    except (NotAtHand, ValueError, OSError, MemoryError) as error:
        kept = state.keep_dataset()
        fields.put({"dataset": kept})
        pass_through(fields)
        state.give_up(f"{entry.label} is not to be had, {STORED[kept].label} stays: {error}")
    else:
        fields.read()
