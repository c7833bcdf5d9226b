"""Lets the browser fetch the stage's files as soon as a page begins, while Streamlit still loads its own widgets."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Iterable
from pathlib import Path

import streamlit as st

from nnplay.ui.streamlit_internals.history_entries import HISTORY_ENTRIES

STATIC = Path(__file__).parents[3] / "static"
_IMPORTED = re.compile(r"\bfrom '(\.[^']+)';")

# In a block of its own: every page that has a stage brings the script along, and a name can be declared only once.
_SCRIPT = """<script>{{
{history}
const address = (file) => new URL(`app/static/${{file}}`, document.baseURI).href;
for (const [kind, files] of Object.entries({files})) {{
  for (const file of files) {{
    const how = kind === "module" ? {{ rel: "modulepreload" }} : {{ rel: "preload", as: kind }};
    document.head.append(Object.assign(document.createElement("link"), {{ ...how, href: address(file) }}));
  }}
}}
import(address("stage/index.js"));
import(address("stage/pages/{page}.js"));
}}</script>"""


def preload(page: str) -> None:
    """Let the browser fetch the files of a page's stage before it knows that there is one."""
    st.html(_script(page), unsafe_allow_javascript=True)


@functools.cache
def _script(page: str) -> str:
    """Return the script that names all files, the largest first: no module need be read to learn of the next."""
    entries = ["stage/index.js", "stage/stage.js", f"stage/pages/{page}.js"]
    files = {
        "script": ["vendor/plotly/plotly-basic.min.js"],
        "style": [
            path.relative_to(STATIC).as_posix()
            for folder in ("stage", "pad")
            for path in (STATIC / folder).rglob("*.css")
        ],
        "module": sorted(with_imports(entries)),
    }
    return _SCRIPT.format(history=HISTORY_ENTRIES, files=json.dumps(files), page=page)


def with_imports(modules: Iterable[str]) -> set[str]:
    """Return the `modules`, paths below ``static``, and all that they import, except where that is done later."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        path = STATIC / module
        for imported in _IMPORTED.findall(path.read_text(encoding="utf-8")):
            waiting.append((path.parent / imported).resolve().relative_to(STATIC.resolve()).as_posix())
    return found
