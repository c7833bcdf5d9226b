"""What the lecture hall needs around the stage: share, save, open."""

from __future__ import annotations

import streamlit as st

from nnplay.ui import files, share, state

#: What is above the stage and below it, in pixels: the page's margins, and the bar of training settings.
_MARGINS, _MARGINS_EMBEDDED, _BAR = 42, 16, 84
_SIDEBAR = ("data", "network", "more", "stop")


def make_room() -> None:
    """Give the stage the room of what the link hides, and inside another page that of the header."""
    link = state.link()
    embedded = st.context.is_embedded
    around = (_MARGINS_EMBEDDED if embedded else _MARGINS) + _BAR * link.shows("training")
    rules = [f".nnplay-stage {{ --nn-around: {around}px; }}"]
    if embedded:
        rules.append(".stMainBlockContainer { padding: 0.5rem; }")
    if not any(map(link.shows, _SIDEBAR)):
        rules.append('.stSidebar, [data-testid="stExpandSidebarButton"] { display: none; }')
        if embedded:
            rules.append(".stAppHeader { display: none; }")
    st.html(f"<style>{' '.join(rules)}</style>")


def draw_buttons() -> None:
    """Put the buttons into the page's header; a page inside another page has none."""
    if st.context.is_embedded or not state.link().shows("share"):
        return
    with st.container(key="lecture", horizontal=True, width="content", gap="small"):
        shares = st.button("Share", icon=":material/share:", type="tertiary", help="Link, QR code, frame for slides")
        saves = st.button("Save and open", icon=":material/save:", type="tertiary", help="The run as a file")
    if shares:
        share.dialog()
    elif saves:
        files.dialog()
