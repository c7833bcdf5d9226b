"""Assignments by AppTest: what a link opens, what is locked, what is made of the run on the stage."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnplay import ExperimentConfig
from nnplay.assignments.assignment import Assignment, Goal
from nnplay.experiment.recording.recipe import NewSettings, Recipe
from nnplay.experiment.saved_runs import saved_run
from nnplay.server import moments
from tests.experiment.saved_runs.test_saved_run import trained
from tests.ui.test_lecture import in_dialog, lines_of
from tests.ui.test_pages import config_of, header_of, open_app

START = ExperimentConfig(dataset="moons", learning_rate=0.1, seed=4)


def made(**more: Any) -> Assignment:
    given: dict[str, Any] = {"fixed": ("learning_rate", "hidden_sizes"), "away": ("momentum", "dropout")}
    goal = more.pop("goal", Goal("accuracy", 0.9, 16, 50))
    return Assignment("Moons", "Part the <b>moons</b>.", goal, START, **{**given, **more})


def opened(assignment: Assignment | None = None, **query: str) -> AppTest:
    return open_app(assignment=(assignment or made()).to_text(), **query)


def test_a_link_opens_the_run_with_its_task() -> None:
    app = opened()
    assert not app.exception
    assert not app.toast
    assert config_of(app) == made().config
    told = header_of(app)["info"]["assignment"]
    assert (told["title"], told["task"], told["units"]) == ("Moons", "Part the <b>moons</b>.", 16)
    assert dict(app.query_params) == {"assignment": made().to_text()}


def test_locked_controls_are_grey_and_say_why_or_are_not_there() -> None:
    app = opened()
    rate = app.select_slider(key="field.learning_rate")
    assert rate.disabled
    assert rate.label == "Learning rate (fixed)"
    assert "nnplay-term" in rate.help
    assert "Show me" not in rate.help
    assert rate.proto.help.startswith("Fixed by the assignment.")
    for key in ("field.n_samples", "field.noise"):
        assert app.slider(key=key).disabled
    assert app.number_input(key="field.hidden_sizes").disabled
    keys = {widget.key for kind in ("slider", "select_slider", "number_input") for widget in app.get(kind)}
    assert not keys & {"field.momentum", "field.dropout", "field.data_seed"}
    assert not app.selectbox(key="field.activation").disabled


def test_what_is_open_changes_and_the_address_says_so() -> None:
    app = opened()
    app.selectbox(key="field.activation").set_value("relu").run()
    assert config_of(app).activation == "relu"
    assert dict(app.query_params) == {"assignment": made().to_text(), "activation": "relu"}
    again = open_app(**dict(app.query_params))
    assert config_of(again) == config_of(app)
    app.selectbox(key="field.activation").set_value("tanh").run()  # the default, but another than a link leaves out
    assert open_app(**dict(app.query_params)).session_state["config"].activation == "tanh"


def test_a_forged_control_changes_nothing_that_is_locked() -> None:
    app = opened()
    app.session_state["field.learning_rate"] = 1.0
    app.run()
    assert config_of(app) == made().config
    assert "learning rate must stay 0.1: it is fixed by the assignment." in app.toast[0].value.replace("\\", "")


def test_an_address_that_changes_what_is_locked_is_refused_in_a_sentence() -> None:
    app = opened(noise="0.5", learning_rate="3.0", activation="relu", seed="9")
    assert config_of(app) == dataclasses.replace(made().config, activation="relu", seed=9)
    (toast,) = app.toast
    said = toast.value.replace("\\", "")
    assert said.startswith("Noise, learning rate in the link: fixed by the assignment")
    assert "noise" not in app.query_params


def test_a_recipe_in_the_address_that_touched_what_is_locked_is_refused() -> None:
    config = made().config
    cheat = Recipe(
        config, (NewSettings(3, dataclasses.replace(config, learning_rate=1.0)), NewSettings(9, config))
    )  # fmt: skip
    app = opened(recipe=moments.to_text(cheat, 20, config))
    assert header_of(app)["last_frame"] == 0
    assert "touch what the assignment locks" in app.toast[0].value
    fine = Recipe(config, (NewSettings(3, dataclasses.replace(config, momentum=0.9)),))
    assert moments.from_link(moments.to_text(fine, 20, config), config)


def test_a_file_with_other_settings_is_refused() -> None:
    app = in_dialog("take_away.dialog", assignment=made().to_text())
    text = saved_run.to_json(trained(ExperimentConfig(dataset="moons"), 2, 0))
    app.file_uploader(key="files.upload.0").upload("run.json", text.encode(), "application/json").run()
    assert "fixed by the assignment" in app.error[0].value
    assert app.session_state["config"] == made().config


@pytest.mark.parametrize("damage", [lambda text: text[:-5], lambda text: "x", lambda text: ""])
def test_a_damaged_assignment_is_said_to_be(damage: Any) -> None:
    app = open_app(assignment=damage(made().to_text()))
    assert not app.exception
    assert app.toast[0].value.startswith("The assignment in the link is damaged")
    assert "assignment" not in header_of(app)["info"]
    assert "assignment" not in app.query_params


def test_weights_are_not_set_by_hand_where_that_is_locked() -> None:
    for fixed, refused in ((("weights",), True), ((), False)):
        app = opened(made(fixed=fixed))
        feed = app.session_state["feed"]
        feed.answer({"id": 1, "run": feed.run, "kind": "edit", "frame": 0, "index": 0, "value": 1.0})
        assert ("refusal" in header_of(app)) == refused
        assert feed.recording.last_frame == (0 if refused else 1)


def test_the_answer_of_a_run_that_reaches_the_goal_is_made_and_of_another_refused() -> None:
    app = in_dialog("answer", assignment=made(goal=Goal("accuracy", 0.5, 16, 50)).to_text())
    assert "The goal isn’t reached" in app.error[0].value.replace("\\", "").replace("'", "’")
    feed = app.session_state["feed"]
    feed.answer({"id": 1, "run": feed.run, "kind": "frames", "from": 0, "unit": "epoch", "amount": 5, "n": 1})
    del app.session_state["answer.job"]
    app.session_state["answer.frame"] = 1
    app.run()
    assert not app.error
    data = [json.loads(each.proto.json) for each in app.get("bidi_component") if each.proto.json]
    assert any(each.get("body") for each in data)


def test_an_assignment_is_made_of_the_present_run() -> None:
    app = in_dialog("share", dataset="moons", learning_rate="0.1")
    assert not app.exception
    app.text_input(key="assignment.title").set_value("Two <moons>").run()
    app.number_input(key="assignment.value").set_value(0.8).run()
    app.number_input(key="assignment.most_units").set_value(8).run()
    app.multiselect(key="assignment.fixed").set_value(["learning_rate", "weights"]).run()
    app.multiselect(key="assignment.away").set_value(["dropout"]).run()
    link = lines_of(app)["Link for your students"]
    found = Assignment.from_text(link.partition("?assignment=")[2])
    assert (found.title, found.goal) == ("Two <moons>", Goal("accuracy", 0.8, 8))
    assert (found.lock_of("learning_rate"), found.lock_of("dropout"), found.lock_of("seed")) == ("fixed", "away", None)
    assert found.config.learning_rate == 0.1
    app.multiselect(key="assignment.fixed").set_value(["hidden_sizes"]).run()
    assert "Most hidden units must be at least 16, as the hidden layers are fixed; got 8" in app.error[0].value
