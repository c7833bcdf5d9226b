"""Components of our own: an element on the page, and the module in ``static`` that brings it to life."""

from __future__ import annotations

from typing import Any

import streamlit as st

# The loader travels with every message, so it is three lines; the modules it imports are loaded once. The line break
# keeps Streamlit from taking it for a path.
_LOADER = """export default async (component) =>
  (await import(new URL("app/static/{module}", document.baseURI).href)).default(component);
"""


def said(key: str, name: str) -> Any:
    """Return the value of this name that a component said in this run, or None; also where there is no component."""
    values = st.session_state.get(key)
    return values.get(name) if values else None


def declare(name: str, css_class: str, module: str, page: str = "") -> Any:
    """Return the component `name`: a div of class `css_class` that the default export of `module` is called with.

    Parameters
    ----------
    name, css_class : str
    module : str
        Below ``static``.
    page : str
        What the div's ``data-page`` says, for a module that serves several pages.
    """
    of_page = f' data-page="{page}"' if page else ""
    return st.components.v2.component(
        name, html=f'<div class="{css_class}"{of_page}></div>', js=_LOADER.format(module=module), isolate_styles=False
    )
