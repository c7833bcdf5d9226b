"""Text on the page that may hold what a visitor typed."""

from __future__ import annotations

import re

import streamlit as st

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^&=])")


def plain(text: str) -> str:
    """Return `text` so that Markdown shows it as it is: no link, no image, no formula comes of it."""
    return _MARKDOWN.sub(r"\\\1", text)


def complain(text: str | None) -> None:
    """Show one line beside the control that caused it; nothing for None."""
    if text:
        st.error(plain(text), icon=":material/error:")
