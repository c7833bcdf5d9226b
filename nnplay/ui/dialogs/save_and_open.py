"""Save and open: a run as a file on the visitor's own disk."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nnplay.datasets.stored.files import NotAtHand
from nnplay.experiment.saved_runs import saved_run
from nnplay.refusal import Refusal
from nnplay.server.setting_words import refusal_words
from nnplay.server.training_pages import page_of
from nnplay.ui import on_page, state
from nnplay.ui.dialogs.browser_help import look_at_page
from nnplay.ui.streamlit_internals import script_run
from nnplay.ui.text import complain

_UPLOAD, _N_OPENED = "files.upload", "files.n_opened"


def draw() -> None:
    """Offer the run as a file, and take one."""
    seen = look_at_page("files.seen")
    st.markdown("**Save**")
    offer_file(seen.get("frame"))
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
        complain("This isn't an nnplay run file. The run on screen stays.")
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


dialog = on_page.dialog("Save and open", icon=":material/save:")(draw)


def offer_file(frame: Any) -> None:
    """Offer the run as a file, as it stands at `frame`, the one on screen, or at the newest one."""
    recording = state.feed().recording
    shown = frame if isinstance(frame, int) and not isinstance(frame, bool) else recording.last_frame
    number = recording.nearest_kept(shown)
    epoch = recording.track.kept[number].snapshot.epoch
    try:
        text = saved_run.to_json(recording, number)
    except Refusal as refusal:
        complain(f"Not saved: {refusal_words(refusal)}")
        return
    st.download_button(
        f"Save the run at epoch {epoch:,}",
        text,
        file_name=f"nnplay-{state.config().dataset.partition('(')[0]}-{epoch}.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key="files.save",
    )
    st.caption(
        "The file holds the settings, the weights, the optimiser's state and the losses so far. When you open it, "
        "the run continues exactly as it would have here. Earlier frames and other branches are not saved."
    )
