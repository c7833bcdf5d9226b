"""The page Check answers by AppTest: what is pasted, what the browser read of files, and what becomes of it."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Generator

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from nnplay.assignments.answer import MAX_CODES, file_of
from nnplay.assignments.assignment import Assignment, Goal
from nnplay.experiment.recording.recipe import Recipe
from nnplay.refusal import Refusal
from nnplay.server.background import Background
from nnplay.server.turns import Account, Turns
from nnplay.ui import check_answers, component
from tests import ROOT
from tests.assignments.making import answer_of, assignment_of
from tests.ui.test_pages import open_app

ASSIGNMENT = assignment_of(goal=Goal("accuracy", 0.3))


def opened(**query: str) -> AppTest:
    app = open_app()
    for name, value in query.items():
        app.query_params[name] = value
    app.switch_page(str(ROOT / "pages" / "check.py")).run()
    assert not app.exception
    return app


def checked(app: AppTest, text: str = "") -> AppTest:
    app.text_area(key="check.text").set_value(text).run()
    next(button for button in app.button if button.label == "Check").click().run()
    if "check.job" in app.session_state:
        app.session_state["check.job"].wait(30)
    app.run()
    assert not app.exception
    return app


def code(name: str = "Anna", n_steps: int = 12, assignment: Assignment = ASSIGNMENT) -> str:
    return answer_of(assignment, Recipe(assignment.config), n_steps, name).to_code()


def test_pasted_codes_are_checked_against_the_assignment_of_the_address() -> None:
    other = dataclasses.replace(ASSIGNMENT, goal=Goal("accuracy", 0.1))
    app = opened(assignment=ASSIGNMENT.to_text())
    assert "accuracy at least 0.3" in app.caption[0].value.replace("\\", "")
    checked(app, f"{code()}\n\n{code('Emma', assignment=other)}")
    table = app.dataframe[0].value
    assert list(table["name"]) == ["Anna", "Emma"]
    assert list(table["verdict"]) == ["accepted", "refused"]
    assert table["reason"][1].startswith("Another assignment")
    assert any("1 of 2 answers accepted" in each.value for each in app.markdown)
    assert app.get("download_button")


def test_files_that_the_browser_read_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    app = opened()
    text = file_of(answer_of(ASSIGNMENT, Recipe(ASSIGNMENT.config), 12, "Zoë"))[1]
    told = [{"name": "zoe.txt", "text": text}, {"name": "[x](http://evil)", "text": ""}, "forged", {"name": 3}]
    monkeypatch.setattr(component, "said", lambda key, name: told)
    app.session_state["check.read"] = read_by_page(monkeypatch)
    checked(app)
    table = app.dataframe[0].value
    assert list(table["file"]) == ["zoe.txt", "[x](http://evil)", "3"]
    assert list(table["verdict"]) == ["accepted", "refused", "refused"]


def read_by_page(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return what the page keeps of what the browser says."""
    kept: dict[str, list[tuple[str, str]]] = {}
    monkeypatch.setattr(st, "session_state", kept)
    check_answers._take_files()
    monkeypatch.undo()
    return kept["check.read"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Choose files, or paste codes."),
        ("hello", "There is no answer in it."),
        ("nnplay1(" * (MAX_CODES + 1), f"must be at most {MAX_CODES} at a time"),
    ],
)
def test_what_holds_no_answer_is_said_to(text: str, said: str) -> None:
    app = checked(opened(), text)
    assert said in app.error[0].value.replace("\\", "")
    assert not app.dataframe


@pytest.mark.parametrize("link", ["https://example.org/?x=1", "x", "http://[", "?assignment=%ff"])
def test_a_link_without_an_assignment_is_refused_in_a_sentence(link: str) -> None:
    app = opened()
    app.text_input(key="check.link").set_value(link).run()
    assert not app.exception
    assert app.error[0].value.startswith("The assignment")
    assert next(button for button in app.button if button.label == "Check").disabled


def test_answers_to_several_assignments_are_told_of() -> None:
    other = dataclasses.replace(ASSIGNMENT, goal=Goal("accuracy", 0.1))
    app = checked(opened(), code() + code("Emma", assignment=other))
    assert "several assignments" in app.info[0].value
    assert list(app.dataframe[0].value["verdict"]) == ["accepted", "accepted"]


# -- in the background -------------------------------------------------------------------------------------------------


def counting(n: int) -> Generator[float, None, int]:
    for k in range(n):
        yield k / n
    return n


def refusing() -> Generator[float, None, int]:
    yield 0.5
    raise Refusal("answer", "must be another one")


def test_work_is_done_piece_by_piece() -> None:
    job = Background([lambda: counting(3), lambda: counting(5)], Turns(), Account())
    job.wait(10)
    assert (job.results, job.is_running, job.is_done, job.refusal) == ([3, 5], False, True, None)


def test_a_refusal_ends_it() -> None:
    job = Background([lambda: counting(3), refusing, lambda: counting(5)], Turns(), Account())
    job.wait(10)
    assert (job.results, job.is_done) == ([3], False)
    assert job.refusal is not None


def test_it_stops_when_asked_to_and_keeps_what_is_done() -> None:
    job = Background([lambda: counting(1), lambda: counting(10**9)], Turns(), Account())
    while not job.results:
        time.sleep(0.001)
    job.stop()
    job.wait(10)
    assert (job.results, job.is_running) == ([1], False)


def test_it_stops_when_nobody_looks_any_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nnplay.server.background.ABANDONED_SECONDS", 0.05)
    job = Background([lambda: counting(10**9)], Turns(), Account())
    job.wait(10)
    assert not job.is_running
