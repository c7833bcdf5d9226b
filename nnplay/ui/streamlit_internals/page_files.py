"""The files that Streamlit's own page is made of: which of them a page with these elements needs.

Streamlit's page learns of an element's files only when the server says that there is such an element, and then asks for
one after another. No setting names them sooner. The list of all of them is Vite's, which bundles Streamlit's page.
"""

from __future__ import annotations

import functools
import json
import re
from pathlib import Path

import streamlit

_NAMED = re.compile(r'(?:href|src)="\./([^"]+)"')
FOLDER = Path(streamlit.__file__).parent / "static"
#: What the playground is made of for a newcomer, by the names of Streamlit's sources.
FIRST_ELEMENTS = (
    "elements/Html/Html",
    "widgets/BidiComponent/BidiComponent",
    "widgets/Slider/Slider",
    "widgets/Selectbox/Selectbox",
    "widgets/Button/Button",
)
#: What a page that trains something is made of.
ELEMENTS = (
    *FIRST_ELEMENTS,
    "widgets/NumberInput/NumberInput",
    "widgets/TextInput/TextInput",
    "widgets/ButtonGroup/ButtonGroup",
    "widgets/Checkbox/Checkbox",
    "widgets/DownloadButton/DownloadButton",
)


def files_of_every_page() -> list[str]:
    """Return the scripts and styles that Streamlit's page begins with, paths below `FOLDER`."""
    page = (FOLDER / "index.html").read_text(encoding="utf-8")
    return [name for name in _NAMED.findall(page) if (FOLDER / name).is_file()]


@functools.cache
def files_of_elements(elements: tuple[str, ...] = ELEMENTS) -> tuple[str, ...]:
    """Return the scripts of some elements, paths below `FOLDER`, without those that every page has."""
    try:
        listed = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ()
    of_every_page = {part for entry, about in listed.items() if about.get("isEntry") for part in _parts(listed, entry)}
    wanted = [name for element in elements for name in listed if name.rpartition(".")[0].endswith(f"/{element}")]
    found = {part: None for name in wanted for part in _parts(listed, name) if part not in of_every_page}
    return tuple(listed[part]["file"] for part in found)


def _parts(listed: dict[str, dict[str, object]], name: str) -> list[str]:
    """Return a part's name and those of all that it imports at once."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        part = waiting.pop()
        if part in found or part not in listed:
            continue
        found[part] = None
        imports = listed[part].get("imports")
        waiting += imports if isinstance(imports, list) else []
    return list(found)
