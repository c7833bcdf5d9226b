"""Texts that Streamlit writes, with the terms of the glossary as links: static/glossary opens their cards.

The list of terms is the browser's (``static/glossary/terms.js``), where it is needed at once; this reads it.
"""

from __future__ import annotations

import functools
import json
import re
from typing import Any
from urllib.parse import quote

from nnplay.app_files import STATIC

TERMS = STATIC / "glossary/terms.js"


@functools.cache
def terms() -> list[dict[str, Any]]:
    """Return the rows of the glossary."""
    source = TERMS.read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = json.loads(
        re.sub(r",\s*\]$", "]", source[source.index("= [") + 2 : source.rindex("]") + 1])
    )
    return rows


@functools.cache
def _by_name() -> dict[str, str]:
    return {name.lower(): term["name"] for term in terms() for name in (term["name"], *term.get("also", []))}


@functools.cache
def _named() -> re.Pattern[str]:
    names = sorted(_by_name(), key=len, reverse=True)
    # A minus or a bracket beside it makes it a part of a formula.
    return re.compile(rf"(?<![\w`(-])(?:{'|'.join(map(re.escape, names))})(?![\w`(-])", re.IGNORECASE)


def linked(text: str, but: str = "") -> str:
    """Return Markdown whose terms, each where it stands first, are links to their cards.

    Parameters
    ----------
    text : str
    but : str
        A term that is left alone, by one of its names: what the text is about.
    """
    seen = {_by_name().get(but.lower())}

    def link(found: re.Match[str]) -> str:
        name = _by_name()[found[0].lower()]
        if name in seen:
            return found[0]
        seen.add(name)
        return f"[{found[0]}](#nnplay-term={quote(name)})"

    return _named().sub(link, text)
