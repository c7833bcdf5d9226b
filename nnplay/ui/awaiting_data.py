"""Data that take a while to load: the page shows that they are being read, or downloaded in the background.

A link never starts a fetch, nor does a choice in a menu: the page then shows the data that it has, and offers to fetch
the others at a click. Meanwhile everybody can work with what there is.
"""

from __future__ import annotations

import streamlit as st

from nnplay.datasets.stored import STORED, StoredSet, fetching, sets
from nnplay.datasets.stored import files as stored_files
from nnplay.datasets.stored.fetching import Fetch
from nnplay.datasets.stored.files import NotAtHand
from nnplay.ui import on_page, state
from nnplay.ui.form.page_fields import PageFields
from nnplay.ui.streamlit_internals import script_run
from nnplay.ui.text import complain

#: How often the page says how much has arrived.
_SECONDS = 0.5


def pass_through(fields: PageFields) -> None:
    """Load what the page is to learn; if that can't be, say why beside the choice, and stay with what there is."""
    _take_what_arrived(fields)
    wanted = state.awaited_dataset()
    if wanted is None:
        return
    entry = STORED[wanted]
    if not entry.is_readable:
        state.kept.wanted = state.kept.awaited
        _stay(fields)
        return
    try:
        with st.empty(), st.spinner(entry.waiting_words):
            sets.load(wanted)
    except (NotAtHand, ValueError, OSError, MemoryError) as error:
        kept = _stay(fields)
        state.kept.gave_up = f"{entry.label} isn't available; {STORED[kept].label} stays. {error}"
    else:
        fields.read()


def _stay(fields: PageFields) -> str:
    """Stay with the data that there are, and return which."""
    kept = state.keep_dataset()
    fields.put({"dataset": kept})
    pass_through(fields)
    return kept


def _take_what_arrived(fields: PageFields) -> None:
    """Learn what was wanted, if it was fetched meanwhile; otherwise keep waiting."""
    wanted, fetch = state.kept.wanted, state.kept.fetch
    if wanted is None or fetch is None or fetch.is_running:
        return
    state.kept.fetch = None
    if fetch.problem:
        state.kept.gave_up = f"{STORED[fetch.name].label} couldn't be downloaded. {fetch.problem}"
    elif wanted["dataset"] == fetch.name:
        state.kept.wanted = None
        fields.put(wanted)


def draw_offer() -> None:
    """Offer to fetch the data that are wanted, or say how far they have come, or why they are not available."""
    complain(state.kept.gave_up)
    wanted, fetch = state.kept.wanted, state.kept.fetch
    if wanted is None:
        return
    entry = STORED[wanted["dataset"]]
    if fetch is not None:
        on_page.fragment(_draw_progress, run_every=_SECONDS)(entry, fetch)
        return
    if not state.kept.gave_up:
        host = stored_files.HOSTS[entry.name]
        st.info(f"{entry.label} isn't on this server yet. It is a {entry.fetched_megabytes:g} MB download from {host}.")
    st.button(
        "Try again" if state.kept.gave_up else f"Download {entry.label}",
        icon=":material/download:",
        key=state.key("data_gate.start"),
        on_click=on_page.bound(_start),
        args=(entry.name,),
    )


def _draw_progress(entry: StoredSet, fetch: Fetch) -> None:
    """Say how far the data have come; when they are there, let the page learn them."""
    if not fetch.is_running:
        script_run.rerun()
    host = stored_files.HOSTS[entry.name]
    st.progress(min(0.99, fetch.share), f"Downloading {entry.label} from {host}. You can carry on meanwhile.")
    st.button("Cancel", key=state.key("data_gate.cancel"), on_click=on_page.bound(_cancel))


def _start(name: str) -> None:
    state.kept.gave_up = None
    state.kept.fetch = fetching.start(name)


def _cancel() -> None:
    if state.kept.fetch is not None:
        state.kept.fetch.cancel()
    state.kept.fetch = state.kept.wanted = None
