"""Text on the page that may hold what a visitor, a link or a file brought: it is shown as it is, and never marked up.

Streamlit reads Markdown in notices, captions, labels, help and the options of radios, pills and segments. Whatever goes
there and isn't ours goes through :func:`plain`. A test looks at all of it on every page.
"""

from __future__ import annotations

import re

import streamlit as st

from nnplay.validation import one_line

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~$:^&=])")
#: What is found after all escapes are read: addresses (www., http:, @), icons and emoji (:name:), arrows and dashes.
_FOUND_LATER = re.compile(r"www(?=\.)|:(?=\S)|@|-(?=[->])|<(?=-)|[<>~](?==)", re.IGNORECASE)
#: Word joiner: nothing is seen of it, and what it parts is no address any more.
_JOINER = "\u2060"


def plain(text: str) -> str:
    """Return `text`, on one line, so that Markdown shows it as it is: no link, no image, no formula comes of it."""
    parted = _FOUND_LATER.sub(rf"\g<0>{_JOINER}", one_line(text).strip())
    return _MARKDOWN.sub(r"\\\1", parted)


def complain(text: str | None) -> None:
    """Show one line beside the control that caused it; nothing for None."""
    if text:
        st.error(plain(text), icon=":material/error:")
