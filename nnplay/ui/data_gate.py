"""Data that take a while to come are waited for in sight, and before anybody trains on them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as NotYet

import streamlit as st

from nnplay.datasets import stored
from nnplay.datasets.stored import STORED
from nnplay.datasets.stored_files import NotAtHand, fetched_megabytes
from nnplay.ui import state
from nnplay.ui.control_set import ControlSet

#: How often the page says how much has arrived.
_SECONDS = 0.5


def pass_through(fields: ControlSet) -> None:
    """Load what the page is to learn; if that can't be, say why beside the choice, and stay with what there is."""
    wanted = state.awaited_dataset()
    if wanted is None:
        return
    try:
        _load(wanted)
    except (NotAtHand, ValueError, OSError, MemoryError) as error:
        kept = state.keep_dataset()
        fields.put({"dataset": kept})
        pass_through(fields)
        state.give_up(f"{STORED[wanted].label} is not to be had, {STORED[kept].label} stays: {error}")
    else:
        fields.read()


def _load(name: str) -> None:
    """Load a stored set; while it is fetched from the net, show how far it has come."""
    entry = STORED[name]
    place = st.empty()
    if entry.is_at_hand:
        with place, st.spinner(entry.waiting_words):
            stored.load(name)
        return
    with ThreadPoolExecutor(1) as pool:
        loading = pool.submit(stored.load, name)
        while True:
            try:
                loading.result(_SECONDS)
            except NotYet:
                arrived = fetched_megabytes(name)
                share = min(0.99, arrived / entry.fetched_megabytes)
                place.progress(share, f"{entry.waiting_words} {arrived:.1f} MB have arrived.")
            else:
                break
    place.empty()
