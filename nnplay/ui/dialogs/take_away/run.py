"""The part *Run*: the run as a file on the visitor's own disk, and back."""

from __future__ import annotations

import streamlit as st

from nnplay.datasets.stored.files import NotAtHand
from nnplay.engine.network_file import FORMAT as NETWORK
from nnplay.experiment.saved_runs import saved_run
from nnplay.refusal import Refusal
from nnplay.server.setting_words import refusal_words
from nnplay.server.training_pages import page_of
from nnplay.ui import state
from nnplay.ui.dialogs.take_away.moment import Moment
from nnplay.ui.streamlit_internals import script_run
from nnplay.ui.text import complain

_UPLOAD, _N_OPENED = "files.upload", "files.n_opened"


def draw(moment: Moment) -> None:
    """Offer the run as a file, and take one."""
    st.markdown("**Save**")
    offer_file(moment)
    st.markdown("**Open**")
    limit = saved_run.MAX_BYTES // 1_000_000
    # Another key after each file, or it would be opened again and again.
    key = f"{_UPLOAD}.{st.session_state.setdefault(_N_OPENED, 0)}"
    upload = st.file_uploader("Open a saved run", type="json", max_upload_size=limit, key=key)
    if upload is None:
        return
    try:
        opened = saved_run.from_json(upload.getvalue(), state.check_run)
    except saved_run.NotARunFile:
        complain(f"{_what_it_is(upload.getvalue())} The run on screen stays.")
        return
    except (Refusal, NotAtHand) as error:
        why = refusal_words(error) if isinstance(error, Refusal) else error
        complain(f"The file can't be opened: {why} The run on screen stays.")
        return
    if not state.page().accepts(opened.config.dataset):
        belongs_to = page_of(opened.config).title
        complain(f"This run belongs on the page {belongs_to}. Open it there. The run on screen stays.")
        return
    st.session_state[_N_OPENED] += 1
    state.kept.opened = opened
    script_run.rerun()


def _what_it_is(content: bytes) -> str:
    """Return what a file that holds no run holds instead: of a network, which is saved beside it, that can be said."""
    if f'"{NETWORK}"'.encode() in content[:100]:
        return "This is a network without its run. A run is saved by the button above; nn.load reads the network."
    return "This isn't an nnplay run file."


def offer_file(moment: Moment) -> None:
    """Offer the run as a file, as it stands at that moment."""
    try:
        text = saved_run.to_json(moment.recording, moment.frame)
    except Refusal as refusal:
        complain(f"Not saved: {refusal_words(refusal)}")
        return
    st.download_button(
        f"Save the run at epoch {moment.epoch:,}",
        text,
        file_name=moment.file_name("json"),
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key="files.save",
    )
    st.caption(
        "The file holds the settings, the weights, the optimiser's state and the losses so far. When you open it, "
        "the run continues exactly as it would have here. Earlier frames and other branches are not saved."
    )
