"""The buttons in the page's header (share, take away, present, keys), and the room that the stage has below it."""

from __future__ import annotations

import streamlit as st

from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.ui import component, on_page, state
from nnplay.ui.dialogs import share
from nnplay.ui.dialogs.take_away.dialog import dialog as take_away
from nnplay.ui.form import help_text
from nnplay.ui.streamlit_internals import page_frame

#: What is above the stage and below it, in pixels: the page's margins, and the bar of training settings.
_MARGINS, _MARGINS_EMBEDDED, _BAR = 46, 16, 84
_present_and_keys = component.declare("nnplay_header_buttons", "nnplay-header-buttons", "headerButtons")
_DIALOGS = {
    "share": ("Share", ":material/share:", "Link, QR code or a frame for slides", share.dialog),
    "take_away": (
        "Take away",
        ":material/download:",
        "Save this run or its network as a file, or open a saved run",
        take_away,
    ),
}
#: Groups of controls that the sidebar has.
SIDEBAR = ("data", "network", "more", "stop")


def make_room() -> None:
    """Give the stage the room of what the link hides, and inside another page that of the header."""
    link = state.link()
    embedded = st.context.is_embedded
    bar = link.shows("training")
    around = (_MARGINS_EMBEDDED if embedded else _MARGINS) + _BAR * bar
    presenting = _MARGINS_EMBEDDED + 4 + _BAR * bar * 1.15
    rules = [
        f".nnplay-stage {{ --nn-around: calc({around}px + var(--nn-line, 0px));"
        f" --nn-around-presenting: {presenting:.0f}px; }}"
    ]
    if embedded:
        rules.append(page_frame.NARROW_MARGINS)
    if not any(map(link.shows, SIDEBAR)):
        rules.append(page_frame.NO_SIDEBAR)
        st.html(page_frame.NO_SIDEBAR_MARK)
        if embedded:
            rules.append(page_frame.NO_HEADER)
    # By themselves: Streamlit puts styles that come with something else before those of the page's frame.
    st.html(f"<style>{' '.join(rules)}</style>")


def draw_buttons(wanted: str | None) -> None:
    """Put the buttons into the page's header; a page inside another page has none.

    Parameters
    ----------
    wanted : str, optional
        The dialog to open.
    """
    if st.context.is_embedded or not state.link().shows("share"):
        return
    with st.container(key="header-buttons", horizontal=True, width="content", gap="small"):
        for name, (label, icon, help, _) in _DIALOGS.items():
            st.button(
                label,
                icon=icon,
                help=help,
                type="tertiary",
                on_click=on_page.bound(state.ask_for_dialog),
                args=(name,),
            )
        draw_present_and_keys()
    if wanted in _DIALOGS:
        _DIALOGS[wanted][-1]()


def draw_present_and_keys() -> None:
    """Put the buttons there that the browser answers by itself."""
    page = on_page.name()
    shown = help_text.shown_on(page) if help_text.can_show() else []
    _present_and_keys(key="present-and-keys", data={"start": page == PLAYGROUND, "shown": shown}, width="content")
