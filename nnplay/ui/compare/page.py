"""The page: what of the lanes the link says, the tabs, and the buttons in the header."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import streamlit as st

from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.server.link import brief
from nnplay.ui import shell, tabs
from nnplay.ui.compare import header, lanes, luck, race
from nnplay.ui.compare.lanes import kept, key
from nnplay.ui.compare.sweep import asked
from nnplay.ui.compare.sweep import files as sweep_files
from nnplay.ui.compare.sweep import tab as sweep
from nnplay.ui.text import plain

#: Time to read what of a link was ignored.
_NOTICE_SECONDS = 20


@dataclass(frozen=True)
class Tab:
    """One way to compare.

    Attributes
    ----------
    label : str
    show : callable
        Draws the tab, its controls in the sidebar included; called with the row above it, or None where the link hides
        what changes something.
    dialogs : mapping
        The tab's buttons in the header, as :func:`~nnplay.ui.compare.header.draw_buttons` takes them.
    """

    label: str
    show: Callable[[st.delta_generator.DeltaGenerator | None], None]
    dialogs: Mapping[str, header.Button]


#: By the name in the address.
TABS = {
    "race": Tab("Race", race.show, header.DIALOGS),
    luck.NAME: Tab("Luck", luck.show, {"share": header.share_button(luck.share_dialog)}),
    asked.NAME: Tab("Sweep", sweep.show, sweep_files.DIALOGS),
}


def show() -> None:
    """Show the page."""
    address_counts = lanes.begin_visit()
    luck.begin_visit(address_counts)
    asked.begin_visit(address_counts)
    sweep.open_if_asked()
    if kept.opening is not None:
        _open_in_playground(*kept.take("opening"))
    header.make_room()
    dialog = kept.take("dialog")
    row = header.row() if lanes.link().shows("training") else None
    tab = TABS[tabs.choose(row, "What to compare", TABS, lambda name: TABS[name].label, key("tab"))]
    tab.show(row)
    header.draw_buttons(dialog, tab.dialogs)
    for notice in brief(kept.take("notices") or []):
        st.toast(plain(notice), icon=":material/link_off:", duration=_NOTICE_SECONDS)
    shell.let_page_arrive()


def _open_in_playground(place: int, frame: int) -> None:
    shell.open_page(PLAYGROUND, lanes.playground_query(lanes.feed().recording, place, frame))
