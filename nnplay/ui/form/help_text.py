"""The help of a page's settings: its terms open their cards, and too little and too much can be shown on the stage."""

from __future__ import annotations

import re
from typing import Any

from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.setting import EVERYWHERE
from nnplay.ui import on_page, state
from nnplay.ui.glossary import linked

_OFFER = re.compile(r" \[Show me\]\(#nnplay-show=[^)]*\)")


def help_text(name: str, page: str) -> str | None:
    """Return the help of setting `name` on a page, as Markdown."""
    row = SETTINGS[name]
    said = row.help_on(page)
    if said is None or row.help is None:
        return None
    what, *rest = linked(said, row.label).split("\n\n")
    for which in range(len(row.help.shows)):
        rest[which] += f" [Show me](#nnplay-show={name}.{which})"
    return "\n\n".join([what, *rest])


def can_show() -> bool:
    """Return whether too little and too much can be shown: a lesson's run, or an assignment's, isn't one's own."""
    return on_page.name() in EVERYWHERE and state.assignment() is None


def as_it_is_here(said: str | None) -> str | None:
    """Return a help with what it offers to show, or without, where that can't be."""
    return said if said is None or can_show() else _OFFER.sub("", said)


def shown_on(page: str) -> list[dict[str, Any]]:
    """Return what the browser needs to show too little and too much of each setting of a page."""
    told = []
    for name, row in SETTINGS.items():
        if row.help and row.help.shows and page in row.pages:
            parts = (row.help.too_little, row.help.too_much)
            shows = [
                {"text": text, "values": value if isinstance(value, dict) else {name: value}}
                for text, value in zip(parts, row.help.shows, strict=True)
            ]
            told.append({"setting": name, "label": row.label, "live": row.live, "shows": shows})
    return told
