"""What a page keeps in the session state from one of its runs to the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st


class KeptValues:
    """The values of a page as attributes; one that was never set is None. A page's subclass names and types them.

    Parameters
    ----------
    key : callable
        Takes a value's name, and returns what it is called in the session state.
    """

    _key: Callable[[str], str]

    def __init__(self, key: Callable[[str], str]) -> None:
        object.__setattr__(self, "_key", key)

    def __getattr__(self, name: str) -> Any:
        return st.session_state.get(self._key(name))

    def __setattr__(self, name: str, value: Any) -> None:
        st.session_state[self._key(name)] = value

    def take(self, name: str) -> Any:
        """Return a value, once."""
        return st.session_state.pop(self._key(name), None)
