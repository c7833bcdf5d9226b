"""Which page the code that runs now belongs to, and that it is ignored once the visitor has left that page.

Streamlit runs callbacks and fragments of a page also when they come late: after the visitor went to another page, or
beside that page's own run, in a thread of its own. So no code may ask which page the visitor is on, and take it for its
own: it keeps the page that drew it. All callbacks, fragments and dialogs are made by the functions in here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import streamlit as st

#: In the session: the page that the visitor is on.
_VISITED = "page"
#: Whether the visitor came from another page, until the page has taken notice.
_ARRIVED = "page.arrived"

_name: ContextVar[str] = ContextVar("name of the page")


def name() -> str:
    """Return the page that drew what runs now.

    Raises
    ------
    LookupError
        Outside of a page, and of callbacks, fragments and dialogs made by this module.
    """
    return _name.get()


@contextmanager
def of(page: str) -> Iterator[None]:
    """Run what is inside as code of a page."""
    token = _name.set(page)
    try:
        yield
    finally:
        _name.reset(token)


def enter(page: str) -> None:
    """Note that the visitor is on a page from now on: what runs next is that page's."""
    if is_left(page):
        st.session_state[_ARRIVED] = True
    st.session_state[_VISITED] = page
    _name.set(page)


def take_arrival() -> bool:
    """Return, once, whether the visitor came here from another page."""
    return bool(st.session_state.pop(_ARRIVED, False))


def is_left(page: str) -> bool:
    """Return whether the visitor is on another page than that."""
    return bool(st.session_state.get(_VISITED, page) != page)


def bound(callback: Callable[..., Any]) -> Callable[..., None]:
    """Return a callback of the page that is drawn now; it does nothing once the visitor has left that page."""
    page = name()

    @functools.wraps(callback)
    def call(*args: Any, **kwargs: Any) -> None:
        if not is_left(page):
            with of(page):
                callback(*args, **kwargs)

    return call


def fragment(function: Callable[..., Any], **options: Any) -> Callable[..., Any]:
    """Return the function as a fragment of the page that calls it, as ``st.fragment`` with these options does."""
    return _of_page_that_calls(function, lambda again: st.fragment(again, **options))


def dialog(title: str, **options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that makes a dialog of the page that opens it, as ``st.dialog`` with these options does."""
    return lambda function: _of_page_that_calls(function, st.dialog(title, **options))


def _of_page_that_calls(function: Callable[..., Any], decorate: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function, decorated; when Streamlit runs it again, it is on the page that called it first."""

    @functools.wraps(function)
    def again(page: str, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if not is_left(page):
            with of(page):
                function(*args, **kwargs)

    decorated = decorate(again)

    @functools.wraps(function)
    def first(*args: Any, **kwargs: Any) -> None:
        decorated(name(), args, kwargs)

    return first
