"""Components of our own: an element on the page, and the module in ``static`` that brings it to life."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nnplay.ui.way_in import bundle

# The loader travels with every message, so it is a few lines; the modules it imports are loaded once. The line break
# keeps Streamlit from taking it for a path. Where the modules are the page's head says (nnplay/ui/way_in/head.py).
_LOADER = """export default async (component) => {{
  const {{ href = "app/static/{components}" }} = document.querySelector("link[data-nnplay]") ?? {{}};
  return (await import(new URL(href, document.baseURI))).{part}(component);
}};
"""


def said(key: str, name: str) -> Any:
    """Return the value of this name that a component said in this run, or None; also where there is no component."""
    values = st.session_state.get(key)
    return values.get(name) if values else None


def declare(name: str, css_class: str, part: str, page: str = "") -> Any:
    """Return the component `name`: a div of class `css_class` that a part of the browser's side is called with.

    Parameters
    ----------
    name, css_class : str
    part : str
        An export of ``static/entry/components.js``.
    page : str
        What the div's ``data-page`` says, for a part that serves several pages.
    """
    of_page = f' data-page="{page}"' if page else ""
    loader = _LOADER.format(components=bundle.COMPONENTS, part=part)
    return st.components.v2.component(
        name, html=f'<div class="{css_class}"{of_page}></div>', js=loader, isolate_styles=False
    )
