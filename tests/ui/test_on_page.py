"""What comes for a page that the visitor has left is ignored."""

from __future__ import annotations

import ast

import pytest
from streamlit.testing.v1 import AppTest

from nnplay.ui import on_page
from tests import ROOT

FILES = [*(ROOT / "nnplay" / "ui").rglob("*.py"), *(ROOT / "pages").glob("*.py")]


def test_what_comes_late_is_not_done_and_what_comes_in_time_is_done_on_its_own_page() -> None:
    def page() -> None:
        import streamlit as st

        from nnplay.ui import on_page

        done = st.session_state.done = []
        on_page.enter("playground")
        playground = on_page.bound(lambda word: done.append((word, on_page.name())))
        fragment = on_page.fragment(lambda: done.append(("fragment", on_page.name())))
        fragment()
        on_page.enter("digits")
        digits = on_page.bound(lambda word: done.append((word, on_page.name())))
        playground("late")
        digits("in time")
        on_page.enter("playground")
        playground("back again")

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert app.session_state.done == [
        ("fragment", "playground"),
        ("in time", "digits"),
        ("back again", "playground"),
    ]


def test_code_of_no_page_is_told_so() -> None:
    with pytest.raises(LookupError):
        on_page.name()
    with on_page.of("digits"):
        assert on_page.name() == "digits"


def is_kept_apart(value: ast.expr) -> bool:
    """Return whether a callback is one of its page alone, or does nothing."""
    if isinstance(value, ast.Constant):  # a word of Streamlit's, such as "ignore"
        return True
    if isinstance(value, ast.Lambda):
        return isinstance(value.body, ast.Constant)
    return ast.unparse(value).startswith("on_page.bound(")


def test_every_callback_fragment_and_dialog_knows_its_page() -> None:
    wrong = []
    for file in FILES:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            place = f"{file.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"
            if isinstance(node, ast.keyword) and (node.arg or "").startswith("on_") and not is_kept_apart(node.value):
                wrong.append(f"{place} {ast.unparse(node)}")
            if isinstance(node, ast.Attribute) and ast.unparse(node) in ("st.fragment", "st.dialog"):
                wrong.append(f"{place} {ast.unparse(node)}")
    assert [each for each in wrong if not each.startswith("nnplay/ui/on_page.py")] == []
