"""The part *Replay page*: the run as one HTML file that plays it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

import streamlit as st

from nnplay.refusal import Refusal
from nnplay.server.answers import TRAINING
from nnplay.server.link import Link
from nnplay.server.replay.page import replay_page
from nnplay.server.setting_words import refusal_words
from nnplay.ui import state
from nnplay.ui.dialogs.share import address_of
from nnplay.ui.dialogs.take_away.moment import Moment
from nnplay.ui.text import complain

_MADE, _LINK = "take_away.replay.made", "take_away.replay.link"


@dataclass(frozen=True)
class _Made:
    """A page that was made.

    Attributes
    ----------
    of : tuple
        The run, its last frame on the page, and the link: what makes it another page.
    page : bytes
    """

    of: tuple[str, int, str]
    page: bytes


def draw(moment: Moment) -> None:
    """Make the page when it is asked for, and offer it."""
    st.caption(
        "One HTML file that plays this run, up to the last frame you have seen, in any browser. It needs neither "
        "this server nor the internet: mail it, put it on a web page, or keep it for a lecture."
    )
    link = _link(moment)
    of = (state.feed().run, moment.furthest, link)
    made: _Made | None = st.session_state.get(_MADE)
    if made is None or made.of != of:
        place = st.empty()
        if not place.button("Make the page", icon=":material/movie:", key="take_away.replay.make"):
            return
        place.empty()
        st.session_state[_MADE] = made = _make(moment, of, link)
        if made is None:
            return
    size = math.ceil(len(made.page) / 100_000) / 10
    st.download_button(
        f"Save the page ({size:g} MB)",
        made.page,
        file_name=moment.file_name("html"),
        mime="text/html",
        icon=":material/download:",
        on_click="ignore",
        key="take_away.replay.save",
    )


def _make(moment: Moment, of: tuple[str, int, str], link: str) -> _Made | None:
    """Return the page; what hinders it is told."""
    try:
        with st.spinner("Making the page…"), TRAINING.turn(state.account()):
            return _Made(of, replay_page(moment.recording, link, last=moment.furthest).encode())
    except Refusal as refusal:
        complain(f"No page: {refusal_words(refusal, 'the run' if refusal.argument == 'recording' else '')}")
        return None


def _link(moment: Moment) -> str:
    """Let the visitor choose whether the page links to the run here; return the link, if so."""
    address = address_of(moment.page, Link(), moment.frame)
    if _is_of_one_machine(urlsplit(address).hostname or ""):
        return ""
    st.session_state.setdefault(_LINK, True)
    wanted = st.toggle(
        "Link to this run", key=_LINK, help="The page then says where the run can be opened and changed."
    )
    return address if wanted else ""


def _is_of_one_machine(host: str) -> bool:
    """Return whether nobody elsewhere can open an address there."""
    if host in ("", "localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
