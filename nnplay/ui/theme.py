"""Which theme the visitor sees."""

from __future__ import annotations

import streamlit as st


def is_dark() -> bool:
    """Return whether the page is shown on a dark ground."""
    return st.context.theme.type == "dark"
