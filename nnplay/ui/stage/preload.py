"""Lets the browser begin what a page's stage shows, while Streamlit still loads its own widgets."""

from __future__ import annotations

import streamlit as st

from nnplay.ui.way_in import bundle

# In a block of its own: every page that has a stage brings the script along, and a name can be declared only once.
_SCRIPT = """<script>{{
const {{ href = "app/static/{components}" }} = document.querySelector("link[data-nnplay]") ?? {{}};
import(new URL(href, document.baseURI)).then(({{ preparePage }}) => preparePage("{page}"));
}}</script>"""


def preload(page: str) -> None:
    """Let the browser begin the parts of a page's stage before it knows that there is one."""
    script = _SCRIPT.format(components=bundle.COMPONENTS, page=page)
    st.html(script, unsafe_allow_javascript=True)
