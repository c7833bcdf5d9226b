"""The page of lessons by AppTest: which step is on the stage, what the browser is told, and what it says."""

from __future__ import annotations

import dataclasses
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnplay import ExperimentConfig
from nnplay.experiment.compare.race_recording import RaceRecording
from nnplay.experiment.recording.recipe import NewSettings, Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.lessons import all_lessons, find
from nnplay.lessons.lesson import LEVELS, Lesson, Number, Step
from nnplay.lessons.outcomes import right_answers
from nnplay.lessons.writing import lesson_from_steps, step_from_recipe
from nnplay.ui.form import controls, digits_sidebar, table_fields
from nnplay.ui.lessons import measured, place
from nnplay.ui.lessons.told import following_told, step_told
from tests import ROOT

LESSONS = all_lessons()[0]


def open_lessons(**query: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    app.switch_page(str(ROOT / "pages" / "lessons.py"))
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def told_by(app: AppTest) -> dict[str, Any]:
    """Return what the browser's words are told."""
    found = [json.loads(element.proto.json) for element in app.get("bidi_component") if element.proto.json]
    told = [each for each in found if isinstance(each, dict) and each.get("kind") in ("list", "step")]
    assert len(told) == 1
    return told[0]


def act(app: AppTest, **what: Any) -> AppTest:
    """Do as the visitor does in the words, who can't be had by AppTest: its component says nothing."""
    # The page keeps these two, and its next run does the rest.
    for name, value in what.items():
        app.session_state[f"lessons.place.{name}"] = value
    app.run()
    assert not app.exception
    return app


def config_of(app: AppTest) -> Any:
    return app.session_state["lessons.config"]


def test_the_list_tells_of_every_lesson() -> None:
    told = told_by(open_lessons())
    assert [each["key"] for each in told["lessons"]] == [lesson.key for lesson in LESSONS]
    assert all(len(each["titles"]) == len(each["names"]) for each in told["lessons"])


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_every_step_is_on_the_stage_with_its_controls_alone(lesson: Lesson) -> None:
    app = open_lessons(lesson=lesson.key)
    fields = {*controls.FIELDS._by_name, *digits_sidebar.FIELDS._by_name, *table_fields.FIELDS._by_name}
    for index, step in enumerate(lesson.steps):
        app.query_params["step"] = str(index + 1)
        app.run()
        assert not app.exception
        told = told_by(app)
        assert json.loads(json.dumps(step_told(lesson, index, "en")["step"])) == told["step"]
        assert (told["lesson"]["key"], told["index"], told["step"]["epochs"]) == (lesson.key, index, step.epochs)
        assert dict(app.query_params) == {"lesson": lesson.key, "step": str(index + 1)}
        if step.compare:
            assert app.session_state["lessons.place.race"].lanes == tuple(run.config for run in step.compare)
            continue
        assert config_of(app) == dataclasses.replace(step.config, max_epochs=step.epochs)
        kinds = ("slider", "select_slider", "selectbox", "number_input", "toggle", "text_input", "multiselect", "pills")
        drawn = {str(widget.key).split(".")[2] for kind in kinds for widget in app.get(kind) if widget.key}
        assert drawn & fields <= {*step.controls}


def test_the_run_on_the_stage_becomes_a_step() -> None:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    app.query_params["dataset"] = "moons"
    app.run()
    app.session_state["dialog"] = "share"
    app.run()
    assert "config:\n      dataset: moons\n" in next(code.value for code in app.code if "question:" in code.value)


@pytest.mark.parametrize(
    ("query", "words"), [({"lesson": "nobody"}, "no lesson"), ({"lesson": "xor", "step": "x"}, "no step")]
)
def test_what_there_is_not_is_said(query: dict[str, str], words: str) -> None:
    app = open_lessons(**query)
    assert words in app.toast[0].value


def test_another_step_begins_a_run_that_has_nothing_to_do_with_the_one_before() -> None:
    app = open_lessons(lesson="xor", step="1")
    feed = app.session_state["lessons.feed"]
    feed.answer({"id": 1, "kind": "frames", "run": feed.run, "from": 0, "n": 5, "unit": "epoch", "amount": 1})
    assert feed.recording.last_frame > 0
    run = feed.run
    app.query_params["step"] = "2"
    app.run()
    assert app.session_state["lessons.feed"] is feed
    assert feed.run != run
    assert feed.run[:16] == run[:16]  # the browser takes another one for a server that was restarted
    assert feed._earlier.before is None
    assert told_by(app)["run"] == feed.run


def test_what_is_changed_leaves_the_step_and_one_comes_back() -> None:
    app = open_lessons(lesson="xor", step="1")
    assert told_by(app)["away"] is False
    assert "Show me" not in app.select_slider[0].help
    app.select_slider[0].set_value(0.3).run()
    assert config_of(app).learning_rate == 0.3
    assert told_by(app)["away"] is True
    act(app, opened=None)
    assert config_of(app).learning_rate == 0.1
    assert told_by(app)["away"] is False


def test_the_transfer_is_tried_and_left_again() -> None:
    app = open_lessons(lesson="xor", step="1")
    act(app, is_trying=True, opened=None)
    assert config_of(app).dataset == "blobs"
    told = told_by(app)
    assert config_of(app).max_epochs == told["ends"] == told["step"]["epochs"]
    assert told["trying"] is True
    assert "dataset" in told["step"]["controls"]
    act(app, is_trying=False)
    assert config_of(app).dataset == "xor"


def test_the_transfer_of_one_step_is_not_that_of_the_next() -> None:
    app = open_lessons(lesson="xor", step="1")
    act(app, is_trying=True, opened=None)
    app.query_params["step"] = "2"
    app.run()
    assert told_by(app)["trying"] is False
    assert config_of(app).dataset == "xor"


def test_a_run_that_was_changed_on_its_way_begins_where_it_stood(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = ExperimentConfig(n_samples=60, batch_size=15)
    recipe = Recipe(config, (NewSettings(6, dataclasses.replace(config, learning_rate=0.3)),))
    step = step_from_recipe(recipe, epochs=40)
    (tmp_path / "changed.yaml").write_text(lesson_from_steps([step] * 3))
    monkeypatch.setenv("NNPLAY_LESSONS_DIR", str(tmp_path))
    app = open_lessons(lesson="changed", step="1")
    assert config_of(app).learning_rate == 0.3
    feed = app.session_state["lessons.feed"]
    assert feed.recording.session.n_steps == 6
    assert feed.recording.recipe.config.learning_rate == config.learning_rate
    app.query_params["step"] = "2"
    app.run()
    assert not app.exception
    assert feed.recording.session.n_steps == 6
    assert told_by(app)["run"] == feed.run


def test_a_lecture_stays_in_the_address() -> None:
    app = open_lessons(lesson="xor", step="1", scenes="xor.1,momentum.2")
    assert told_by(app)["scenes"] == "xor.1,momentum.2"
    assert app.query_params["scenes"] == "xor.1,momentum.2"


def test_a_sheet_is_told_to_the_one_who_asked_for_it() -> None:
    app = open_lessons(lesson="xor", step="1")
    assert told_by(app)["sheet"] is None
    act(app, sheet={"id": 7, "html": "<p>"})
    assert told_by(app)["sheet"] == {"id": 7, "html": "<p>"}


def test_whoever_comes_back_from_another_page_finds_the_step() -> None:
    app = open_lessons(lesson="xor", step="2")
    app.switch_page(str(ROOT / "pages" / "articles.py")).run()
    app.query_params.clear()
    app.switch_page(str(ROOT / "pages" / "lessons.py")).run()
    assert not app.exception
    told = told_by(app)
    assert (told["lesson"]["key"], told["index"]) == ("xor", 1)


def test_a_text_comes_in_the_language_that_the_address_names() -> None:
    app = open_lessons(lesson="xor", step="1", lang="de")
    assert told_by(app)["step"]["title"] == "Ein winziges Schachbrett"
    app = open_lessons(lesson="xor", step="1", lang="xx")
    assert told_by(app)["step"]["title"] == "A tiny chessboard"


def _asking(step: Step, measure: str, unit: str, run: str = "") -> Step:
    question = Number(step.title, dataclasses.replace(step.title, versions=(("en", unit),)), None, measure, run, 1.0)
    return dataclasses.replace(step, question=question)


def test_what_a_question_asks_for_is_measured_of_the_run_on_the_stage() -> None:
    lesson = find("xor")
    assert lesson
    step = lesson.steps[1]
    recording = Recording(step.config)
    while recording.session.epoch < step.epochs:
        recording.advance(recording.last_frame, "epoch", 1, 20, 10.0)
    score = measured.of_run(_asking(step, "test_score", "%"), recording, "en")
    assert score == pytest.approx(100 * recording.session.score(recording.session.test))
    reached = measured.of_run(_asking(step, "epochs_to(train_score=0.9)", "epochs"), recording, "en")
    assert reached is not None
    assert 0 < reached < step.epochs
    assert measured.of_run(step, recording, "en") is None


def test_what_is_measured_on_the_way_does_not_depend_on_the_speed() -> None:
    lesson = find("learning_rate")
    assert lesson
    step, found = lesson.steps[1], set()
    for speed in (1, 5, 25):
        recording = Recording(step.config)
        while recording.session.epoch < step.epochs:
            recording.advance(recording.last_frame, "epoch", speed, 1, 10.0)
        assert recording.last_frame == step.epochs // speed
        found.add(
            tuple(
                measured.of_run(_asking(step, name, ""), recording, "en")
                for name in ("epochs_to(train_loss=0.01)", "loss_rises", "test_loss_rise")
            )
        )
    assert len(found) == 1
    assert found.pop()[0] == right_answers(lesson)[1]


def test_what_is_measured_on_the_way_of_a_race_does_not_depend_on_the_speed() -> None:
    lesson = find("momentum")
    assert lesson
    step = next(step for step in lesson.steps if isinstance(step.question, Number) and step.compare)
    found = set()
    for n_frames in (1, step.epochs):
        recording = RaceRecording(tuple(run.config for run in step.compare))
        recording.train_to(step.epochs, 10.0, n_frames)
        found.add(measured.of_race(step, recording, recording.last_frame, "en"))
    assert len(found) == 1


def test_a_run_that_diverged_is_measured_as_one_whichever_of_its_frames_is_the_newest() -> None:
    lesson = find("learning_rate")
    assert lesson
    step = lesson.steps[2]
    recording = Recording(step.config)
    while recording.stopped is None:
        recording.advance(recording.last_frame, "epoch", 1, 20, 10.0)
    assert recording.stopped.reason == "diverged"
    assert measured.of_run(_asking(step, "diverged", ""), recording, "en") == 1
    assert measured.of_run(_asking(step, "train_loss", ""), recording, "en") == float("inf")
    score = measured.of_run(_asking(step, "test_score", "%"), recording, "en")
    assert score is not None
    assert math.isnan(score)


@pytest.mark.parametrize(
    ("measure", "value", "told"),
    [
        ("epochs_to(train_loss=0)", np.inf, "never"),
        ("train_loss", np.inf, None),
        ("test_score", np.nan, None),
        ("test_score", 5.0, 5.0),
    ],
)
def test_what_is_measured_can_be_told_to_a_browser(measure: str, value: float, told: float | str | None) -> None:
    found = measured.told(_asking(find("xor").steps[1], measure, ""), value)
    assert found == told
    json.dumps(found, allow_nan=False)


def test_the_lesson_that_comes_next_is_that_of_the_list() -> None:
    levels = [lesson.level for lesson in LESSONS]
    assert levels == sorted(levels, key=LEVELS.index)
    keys = [following["key"] if (following := following_told(each, LESSONS, "en")) else None for each in LESSONS]
    assert keys == [*(lesson.key for lesson in LESSONS[1:]), None]
    first = told_by(open_lessons(lesson=LESSONS[0].key))["following"]
    assert first == {"key": LESSONS[1].key, "title": str(LESSONS[1].title)}


def test_of_runs_that_race_it_is_measured_of_the_one_that_the_question_names() -> None:
    lesson = find("xor")
    assert lesson
    step = lesson.steps[2]
    recording = RaceRecording(tuple(run.config for run in step.compare))
    recording.train_to(step.epochs, 10.0, step.epochs)
    last = recording.last_frame
    one, four = (
        measured.of_race(_asking(step, "test_score", "%", run), recording, last, "en") for run in ("one", "four")
    )
    assert one is not None
    assert four is not None
    assert (one / 100, four / 100) == pytest.approx([lane.measures[3] for lane in recording.lanes])
    before = measured.of_race(_asking(step, "train_loss", "", "four"), recording, 0, "en")
    assert before == pytest.approx(float(recording.history["B_train_loss"][0]))


def test_a_transfer_of_runs_that_race_is_raced_unless_it_is_about_what_they_differ_in() -> None:
    rates, layers = find("learning_rate"), find("xor")
    assert rates
    assert layers
    app = open_lessons(lesson="learning_rate", step="4")
    act(app, is_trying=True, opened=None)
    assert {lane.dataset for lane in app.session_state["lessons.place.race"].lanes} == {"spiral"}
    assert rates.steps[3].next
    app = open_lessons(lesson="xor", step="3")
    act(app, is_trying=True, opened=None)
    assert config_of(app).hidden_sizes == (3,)
    assert place.PAGE == "lessons"
