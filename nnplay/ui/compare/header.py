"""The buttons in the header of the page Compare, and the dialogs that they open: a race as a link, as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import streamlit as st

from nnplay.refusal import Refusal
from nnplay.server.compare import race_link
from nnplay.server.setting_words import refusal_words
from nnplay.ui import on_page
from nnplay.ui.compare import lanes
from nnplay.ui.compare.lanes import kept, key
from nnplay.ui.dialogs import header_buttons, share
from nnplay.ui.dialogs.share import Shared
from nnplay.ui.form import activation_curves
from nnplay.ui.streamlit_internals import page_frame, script_run
from nnplay.ui.text import complain, plain

#: What is above the race and below it, in pixels.
_MARGINS, _MARGINS_EMBEDDED, _ROW = 46, 16, 44
#: The row of quick starts stays one on a phone, too: it is pushed along.
_CSS = """
.st-key-compare-starts { flex-wrap: nowrap !important; overflow-x: auto; scrollbar-width: none; padding: 2px 2px 6px; }
.st-key-compare-starts > * { flex: none; }
.st-key-compare-starts button { min-height: 2rem; padding: 0 0.7rem; white-space: nowrap; }
@media (pointer: coarse) { .st-key-compare-starts button { min-height: 44px; } }
html[data-nn-present] .st-key-compare-starts { zoom: 1.15; }
@media (min-width: 1600px) { html[data-nn-present] .st-key-compare-starts { zoom: 1.72; } }
"""
_UPLOAD, _N_OPENED = key("upload"), key("n_opened")


def make_room() -> None:
    """Give the race the room of what the link hides, and inside another page that of the header."""
    embedded = st.context.is_embedded
    row = _ROW * lanes.link().shows("training")
    around = (_MARGINS_EMBEDDED if embedded else _MARGINS) + row
    presenting = _MARGINS_EMBEDDED + 4 + 1.15 * row
    rules = [
        f".nnplay-stage {{ --nn-around: calc({around}px + var(--nn-line, 0px));"
        f" --nn-around-presenting: {presenting:.0f}px; }}",
        _CSS,
    ]
    if embedded:
        rules.append(page_frame.NARROW_MARGINS)
    if not lanes.link().shows("training"):
        rules.append(page_frame.NO_SIDEBAR)
        if embedded:
            rules.append(page_frame.NO_HEADER)
    st.html(f"<style>{' '.join(rules)}</style>")
    activation_curves.draw()


#: A button in the header: what it is called, its icon, its help, and the dialog that it opens.
Button = tuple[str, str, str, Callable[[], None]]


def row() -> st.delta_generator.DeltaGenerator:
    """Return the row above the stage, for the tabs and what a tab puts beside them."""
    return st.container(horizontal=True, gap="small", key="compare-starts", vertical_alignment="center")


def draw_buttons(wanted: str | None, dialogs: Mapping[str, Button]) -> None:
    """Put the buttons into the page's header; a page inside another page has none.

    Parameters
    ----------
    wanted : str, optional
        The dialog to open.
    dialogs : mapping
        The buttons by name.
    """
    if st.context.is_embedded or not lanes.link().shows("share"):
        return
    with st.container(key="header-buttons", horizontal=True, width="content", gap="small"):
        for name, (label, icon, help, _) in dialogs.items():
            st.button(
                label, icon=icon, help=help, type="tertiary", key=key(f"ask.{name}"),
                on_click=on_page.bound(_ask_for), args=(name,),
            )  # fmt: skip
        header_buttons.draw_present_and_keys()
    if wanted is not None and wanted in dialogs:
        dialogs[wanted][-1]()


def _ask_for(name: str) -> None:
    kept.dialog = name


def _shared() -> Shared:
    return Shared(
        query=lambda frame: race_link.to_query(kept.lanes or (), kept.clock),
        link=lanes.link(),
        groups=race_link.GROUPS,
        offer_file=lambda frame: _offer_file(),
        view=lambda seen: None,
    )


_share_dialog = on_page.dialog("Share this race", width="large", icon=":material/share:")(lambda: share.draw(_shared()))


def _draw_files() -> None:
    st.markdown("**Save**")
    _offer_file()
    st.markdown("**Open**")
    # Another key after each file, or it would be opened again and again.
    widget = f"{_UPLOAD}.{st.session_state.setdefault(_N_OPENED, 0)}"
    upload = st.file_uploader("Open a saved race", type="json", max_upload_size=1, key=widget)
    if upload is None:
        return
    try:
        opened, clock = race_link.from_json(upload.getvalue())
    except Refusal as refusal:
        why = f"it {refusal.plainly}." if refusal.argument == "file" and refusal.plainly else refusal_words(refusal)
        complain(f"The file can't be opened: {why} The race on screen stays.")
        return
    st.session_state[_N_OPENED] += 1
    lanes.open_race(opened, clock)
    script_run.rerun()


_files_dialog = on_page.dialog("Save and open", icon=":material/save:")(_draw_files)


def share_button(dialog: Callable[[], None]) -> Button:
    """Return the button that shares what is on screen."""
    return "Share", ":material/share:", "Link, QR code or a frame for slides", dialog


#: Of a race, by name.
DIALOGS: dict[str, Button] = {
    "share": share_button(_share_dialog),
    "files": ("Save and open", ":material/save:", "Save this race as a file, or open one", _files_dialog),
}


def _offer_file() -> None:
    st.download_button(
        "Save the race",
        race_link.to_json(kept.lanes or (), kept.clock),
        file_name="nnplay-race.json",
        mime="application/json",
        icon=":material/download:",
        on_click="ignore",
        key=key("save"),
    )
    st.caption(
        plain(
            "The file holds the settings of every lane. When you open it, the race begins at the start and, by epochs, "
            "takes the same course."
        )
    )
