"""Pages that are opened by hostile links: whatever a link leads to can be drawn, without a traceback."""

from __future__ import annotations

from random import Random
from typing import Any

from streamlit.testing.v1 import AppTest

from tests import ROOT
from tests.hostile.case import Case
from tests.hostile.links import query_of

PAGES = ("", "digits", "tabular")


def case(random: Random) -> Case:
    """Return a page and a link to it."""
    page, query = random.choice(PAGES), query_of(random)
    query = {name: text.encode("utf-8", "replace").decode() for name, text in query.items()}  # as it comes by a net
    n_bytes = sum(len(name) + len(text) for name, text in query.items())
    return Case(f"{page} {query!r:.300}", n_bytes, lambda: None, lambda _: _open(page, query))


def _open(page: str, query: dict[str, str]) -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, text in query.items():
        app.query_params[name] = text
    if page:
        app.switch_page(str(ROOT / "pages" / f"{page}.py"))
    app.run()
    _look_at(app)


def _look_at(app: Any) -> None:
    assert not app.exception, app.exception[0].stack_trace
    assert len(app.toast) <= 6
    for toast in app.toast:
        assert toast.value.replace("\u2060", "").isprintable(), toast.value
