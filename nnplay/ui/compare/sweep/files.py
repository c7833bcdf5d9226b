"""What comes of a sweep, to look at and to take away: the table below the map, and the dialogs of the header."""

from __future__ import annotations

import json
from typing import Any

import streamlit as st

from nnplay.experiment.compare.sweeps.sweep import Sweep
from nnplay.experiment.config.fields import SETTINGS
from nnplay.refusal import Refusal
from nnplay.server.compare import sweep_link
from nnplay.server.compare.sweep_limits import MOST_MEGABYTES
from nnplay.ui import on_page
from nnplay.ui.compare import header, lanes
from nnplay.ui.compare.sweep import asked
from nnplay.ui.compare.sweep.asked import key
from nnplay.ui.dialogs import share
from nnplay.ui.dialogs.share import Shared
from nnplay.ui.streamlit_internals import script_run
from nnplay.ui.text import complain, plain

_UPLOAD, _N_OPENED = key("upload"), key("n_opened")


def draw_table() -> None:
    """Show every training that is done, and offer them as files."""
    sweep = asked.feed().sweep
    if sweep is None or (not sweep.result.outcomes and not asked.feed().is_running):
        return
    with st.expander("Table", expanded=False, icon=":material/table_rows:"):
        if asked.feed().is_running:
            st.caption("The table is filled when the sweep stops or is done. The files have what is done by then.")
        if sweep.result.outcomes:
            st.dataframe(_table(sweep), hide_index=True, height=320, key=key("table"))
        with st.container(horizontal=True, gap="small"):
            _offer(sweep, "CSV", "csv", "text/csv", sweep.result.to_csv)
            _offer(sweep, "JSON", "json", "application/json", sweep.result.to_json)
            _offer_file(sweep, "table")


def _table(sweep: Sweep) -> list[dict[str, Any]]:
    """Return the rows with headings as a page has them; settings as they are written."""
    axes = sweep.grid.axes
    as_text = {name for name, values in axes.items() if not all(type(value) in (int, float) for value in values)}
    return [
        {
            SETTINGS[name].label if name in axes else sweep_link.COLUMNS[name]: (
                sweep_link.text_of(name, value) if name in as_text else value
            )
            for name, value in row.items()
        }
        for row in sweep.result.rows
    ]


def _offer(sweep: Sweep, label: str, suffix: str, mime: str, make: Any) -> None:
    st.download_button(
        label,
        lambda: make(),
        file_name=f"nnplay-sweep.{suffix}",
        mime=mime,
        icon=":material/download:",
        on_click="ignore",
        key=key(f"download.{suffix}"),
    )


def _offer_file(sweep: Sweep, where: str) -> None:
    st.download_button(
        "Save the sweep",
        lambda: json.dumps(sweep.to_dict(), allow_nan=False),
        file_name="nnplay-sweep.sweep.json",
        mime="application/json",
        icon=":material/save:",
        on_click="ignore",
        key=key(f"save.{where}"),
        help="Settings and all that is done, loss curves included. Open it here to go on, or in Python: "
        "python -m nnplay.sweep FILE.",
    )


# -- dialogs -------------------------------------------------------------------------------------------------------


def _draw_files() -> None:
    st.markdown("**Save**")
    sweep = asked.feed().sweep
    if sweep is None:
        st.caption("There is nothing to save before the sweep has run.")
    else:
        _offer_file(sweep, "dialog")
    st.markdown("**Open**")
    # Another key after each file, or it would be opened again and again.
    widget = f"{_UPLOAD}.{st.session_state.setdefault(_N_OPENED, 0)}"
    upload = st.file_uploader("Open a saved sweep", type="json", max_upload_size=MOST_MEGABYTES, key=widget)
    if upload is None:
        return
    try:
        asked.open_sweep(upload.getvalue().decode("utf-8", "replace"))
    except Refusal as refusal:
        complain(f"The file can't be opened: {sweep_link.in_words(refusal)} The sweep on screen stays.")
        return
    st.session_state[_N_OPENED] += 1
    script_run.rerun()


def _offer_in_share(frame: object) -> None:
    sweep = asked.feed().sweep
    if sweep is not None:
        _offer_file(sweep, "share")


def _shared() -> Shared:
    return Shared(
        query=lambda frame: asked.query(),
        link=lanes.link(),
        groups=sweep_link.GROUPS,
        offer_file=_offer_in_share,
        view=lambda seen: None,
    )


def _draw_share() -> None:
    st.caption(plain("The link has the settings of the sweep. Whoever opens it runs it; the numbers are the same."))
    share.draw(_shared())


share_dialog = on_page.dialog("Share this sweep", width="large", icon=":material/share:")(_draw_share)
files_dialog = on_page.dialog("Save and open", icon=":material/save:")(_draw_files)

#: The buttons in the header, by name.
DIALOGS: dict[str, header.Button] = {
    "share": header.share_button(share_dialog),
    "files": ("Save and open", ":material/save:", "Save this sweep as a file, or open one", files_dialog),
}
