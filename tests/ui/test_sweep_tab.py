"""The tab Sweep by AppTest: settings, lists and ranges from links and by hand, refusals, runs, tables, files."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from nnplay import ExperimentConfig
from nnplay.experiment.compare.sweeps.sweep import Sweep
from nnplay.server.compare import sweep_link
from nnplay.server.compare.sweep_feed import SweepFeed
from nnplay.server.compare.sweep_link import VARIED, Axis, Plan
from nnplay.ui.dialogs import share
from tests import ROOT
from tests.server.test_frames import read_message
from tests.ui.test_compare import lanes_of, open_compare
from tests.ui.test_luck import said

SMALL = {"tab": "sweep", "dataset": "moons", "n_samples": "60"}
CONFIG = ExperimentConfig(dataset="moons", n_samples=60)
PLAN = Plan((Axis("learning_rate", ("0.01", "0.1")), Axis("hidden_sizes", ("2", "4-4"))), 2, 6)


def open_sweep(plan: Plan | None = None, **query: str) -> AppTest:
    return open_compare(None, **(SMALL | (sweep_link.to_query(plan) if plan else {}) | query))


def feed_of(app: AppTest) -> SweepFeed:
    feed: SweepFeed = app.session_state["compare.sweep.feed"]
    return feed


def plan_of(app: AppTest) -> Plan:
    plan: Plan = app.session_state["compare.sweep.plan"]
    return plan


def header_of(app: AppTest) -> dict[str, Any]:
    return read_message(feed_of(app).message)[0]


def run_to_the_end(app: AppTest) -> AppTest:
    feed = feed_of(app)
    feed.answer({"id": feed._reply + 1, "do": "run", "sweep": "", "have": 0})
    assert feed._job is not None
    feed._job.wait(60)
    app.run()
    assert not app.exception
    return app


def test_a_beginner_gets_rates_and_widths_of_the_present_run() -> None:
    app = open_sweep()
    assert plan_of(app) == Plan()
    assert feed_of(app).config == CONFIG
    assert [axis["label"] for axis in header_of(app)["grid"]["axes"]] == ["Learning rate", "Hidden layers"]
    assert said(app) == []
    assert "sweep_a" not in app.query_params  # no entry in the history for what nobody chose


def test_a_link_says_what_varies() -> None:
    plan = Plan((Axis("learning_rate", span=("0.001", "1", 4)), Axis("activation", ("tanh", "relu"))), 3, 40)
    app = open_sweep(plan)
    assert plan_of(app) == plan
    assert header_of(app)["grid"]["axes"][0]["values"] == ["0.001", "0.01", "0.1", "1"]
    assert not app.toast


def test_what_of_a_link_can_not_be_had_is_said() -> None:
    app = open_sweep(sweep_a="seed~1", sweep_seeds="1000")
    assert len(app.toast) == 2
    assert plan_of(app) == Plan()


def test_settings_values_seeds_and_epochs_are_chosen_and_in_the_address() -> None:
    app = open_sweep()
    app.selectbox(key="compare.sweep.setting.0").set_value("momentum").run()
    app.multiselect(key="compare.sweep.list.0.momentum").set_value(["0", "0.5", "0.95"]).run()
    app.selectbox(key="compare.sweep.setting.1").set_value("none").run()
    app.number_input(key="compare.sweep.n_seeds").set_value(3).run()
    app.number_input(key="compare.sweep.epochs").set_value(25).run()
    assert not app.exception
    assert said(app) == []
    wanted = Plan((Axis("momentum", ("0", "0.5", "0.95")),), 3, 25)
    assert plan_of(app) == wanted
    query = {name: str(value) for name, value in dict(app.query_params).items()}
    assert sweep_link.from_query(query) == (wanted, [])
    assert query["dataset"] == "moons"
    assert header_of(app)["next"]["trainings"] == 9


def test_a_range_is_chosen_and_goes_back_to_a_list_of_its_values() -> None:
    app = open_sweep()
    app.segmented_control(key="compare.sweep.shape.0").set_value("range").run()
    app.text_input(key="compare.sweep.high.0.learning_rate").set_value("10").run()
    app.number_input(key="compare.sweep.n.0.learning_rate").set_value(5).run()
    assert plan_of(app).axes[0] == Axis("learning_rate", span=("0.001", "10", 5))
    assert any("0\\.001, 0\\.01, 0\\.1, 1, 10" in caption.value for caption in app.caption)
    app.segmented_control(key="compare.sweep.shape.0").set_value("list").run()
    assert plan_of(app).axes[0] == Axis("learning_rate", ("0.001", "0.01", "0.1", "1", "10"))
    assert not app.exception


@pytest.mark.parametrize("setting", VARIED)
def test_every_setting_can_be_chosen(setting: str) -> None:
    app = open_sweep(Plan((Axis("seed" if setting == "data_seed" else "shuffle", ("true", "false")),), 1, 1))
    if setting != "shuffle":
        app.selectbox(key="compare.sweep.setting.0").set_value(setting).run()
    assert not app.exception
    assert plan_of(app).axes[0].setting == setting
    assert app.multiselect(key=f"compare.sweep.list.0.{setting}").value


def test_a_setting_of_all_cells_is_changed_or_refused() -> None:
    app = open_sweep()
    app.selectbox(key="compare.sweep.common").set_value("activation").run()
    app.selectbox(key="compare.sweep.value.activation").set_value("relu").run()
    assert feed_of(app).config.activation == "relu"
    app.selectbox(key="compare.sweep.common").set_value("features").run()
    app.text_input(key="compare.sweep.value.features").set_value("x9").run()
    assert not app.exception
    assert len(said(app)) == 1
    assert feed_of(app).config.features == CONFIG.features
    app.text_input(key="compare.sweep.value.features").set_value("x1").run()
    assert said(app) == []
    assert feed_of(app).config.features == ("x1",)


# -- refusals ----------------------------------------------------------------------------------------------------------


def test_no_seeds_an_empty_list_and_too_many_trainings_are_a_sentence_each_and_nothing_is_lost() -> None:
    app = run_to_the_end(open_sweep(PLAN))
    rows = feed_of(app).sweep and header_of(app)["done"]
    refused = [
        (
            lambda: app.number_input(key="compare.sweep.n_seeds").set_value(0),
            "seeds must be a whole number from 1 to 64",
        ),
        (lambda: app.number_input(key="compare.sweep.n_seeds").set_value(2), ""),
        (lambda: app.multiselect(key="compare.sweep.list.0.learning_rate").set_value([]), "an empty list"),
        (lambda: app.multiselect(key="compare.sweep.list.0.learning_rate").set_value(["fast"]), "must be a number"),
        (lambda: app.multiselect(key="compare.sweep.list.0.learning_rate").set_value(["0.1"]), ""),
        (lambda: app.number_input(key="compare.sweep.epochs").set_value(10**6), "epochs must be"),
        (lambda: app.number_input(key="compare.sweep.epochs").set_value(6), ""),
    ]
    for act, words in refused:
        act().run()
        assert not app.exception
        errors = said(app)
        assert len(errors) == (words != "")
        assert all(words in error for error in errors), errors
        assert header_of(app)["done"] == rows == 8
        assert (header_of(app)["next"]["refusal"] is None) == (words == "")


def test_a_million_trainings_are_refused() -> None:
    app = open_sweep(Plan((Axis("learning_rate", span=("0.001", "1", 1000)), Axis("noise", span=("0", "0.9", 90))), 20))
    (error,) = said(app)
    assert error.startswith("trainings must be at most 2,000")
    assert header_of(app)["grid"] is None
    feed_of(app).run()
    assert not feed_of(app).is_running


def test_a_cluster_that_does_not_answer_is_told_beside_its_control(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNPLAY_DASK", "tcp://127.0.0.1:9")
    monkeypatch.setattr("nnplay.experiment.compare.sweeps.workers.PATIENCE_SECONDS", 0.2)
    app = open_sweep(PLAN)
    app.segmented_control(key="compare.sweep.place").set_value("dask").run()
    run_to_the_end(app)
    assert said(app) == ["The cluster doesn't answer."]
    app.segmented_control(key="compare.sweep.place").set_value("threads").run()
    run_to_the_end(app)
    assert said(app) == []
    assert header_of(app)["done"] == 8


def test_where_it_is_trained_is_asked_only_where_there_is_a_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NNPLAY_DASK", raising=False)
    monkeypatch.delenv("NNPLAY_PROCESSES", raising=False)
    keys = [control.key for control in open_sweep().segmented_control]
    assert "compare.sweep.place" not in keys


# -- what comes of it --------------------------------------------------------------------------------------------------


def test_the_table_and_the_files_have_every_training() -> None:
    app = run_to_the_end(open_sweep(PLAN))
    table = app.dataframe[0].value
    assert list(table.columns[:3]) == ["Learning rate", "Hidden layers", "Seed"]
    assert len(table) == 8
    assert list(table["Hidden layers"][:3]) == ["2", "2", "4-4"]
    sweep = feed_of(app).sweep
    assert sweep is not None
    rows = list(csv.DictReader(io.StringIO(sweep.result.to_csv())))
    assert [float(row["test_score"]) for row in rows] == list(table["Test score"])
    offered: Any = app.get("download_button")
    assert {button.label for button in offered} == {"CSV", "JSON", "Save the sweep"}


def test_a_column_of_numbers_and_words_is_one_of_words() -> None:
    app = run_to_the_end(open_sweep(Plan((Axis("batch_size", ("10", "full")),), 1, 2)))
    assert list(app.dataframe[0].value["Batch size"]) == ["10", "full"]


def test_on_another_page_the_sweep_goes_on_and_is_there_when_one_comes_back() -> None:
    app = open_sweep(PLAN)
    feed_of(app).run()
    app.switch_page(str(ROOT / "pages" / "playground.py")).run()
    job = feed_of(app)._job
    assert job is not None
    job.wait(60)
    app.query_params.clear()  # as the menu's links do
    open_compare(app, tab="sweep")
    assert header_of(app)["done"] == 8
    assert plan_of(app) == PLAN


def test_a_training_opens_in_the_playground_as_it_was_trained() -> None:
    app = run_to_the_end(open_sweep(PLAN))
    sweep = feed_of(app).sweep
    assert sweep is not None
    app.session_state["compare.sweep.opening"] = {"what": "run", "cells": [3], "from": 1}
    app.run()
    assert not app.exception
    config = app.session_state["config"]
    assert config == sweep.result.config(3, 1)
    recording = app.session_state["feed"].recording
    assert recording.session.epoch == 6
    assert recording.session.score(recording.setup.test) == pytest.approx(sweep.result.rows[7]["test_score"])


def test_cells_become_a_race_and_one_is_raced_against_the_run_as_it_is() -> None:
    app = run_to_the_end(open_sweep(PLAN))
    sweep = feed_of(app).sweep
    assert sweep is not None
    for cells in ([0, 3], [2]):
        app.session_state["compare.sweep.opening"] = {"what": "race", "cells": cells, "from": None}
        app.run()
        assert not app.exception
        lanes = lanes_of(app)
        assert [sweep.result.config(cell) for cell in cells] == list(lanes[-len(cells) :])
        assert len(lanes) == 2
        assert app.session_state["compare.tab"] == "race"
        assert len({lane.data_seed for lane in lanes}) == 1
        app.segmented_control(key="compare.tab").set_value("sweep").run()
        assert not app.exception
        assert header_of(app)["done"] == 8
        assert not header_of(app)["next"]["new"]


def test_a_request_to_open_what_is_not_there_is_ignored() -> None:
    app = run_to_the_end(open_sweep(PLAN))
    for opening in ({"what": "race", "cells": [99], "from": None}, {"what": "run", "cells": [0], "from": 77}):
        app.session_state["compare.sweep.opening"] = opening
        app.run()
        assert not app.exception
        assert app.session_state["compare.tab"] == "sweep"


def test_a_saved_sweep_is_opened_with_its_settings_and_gone_on_from() -> None:
    done = Sweep(CONFIG, {"momentum": [0.0, 0.5]}, seeds=2, epochs=4)
    done.run()
    saved = done.to_dict()
    saved["done"] = saved["done"][:3]
    app = open_sweep()
    app.button(key="compare.ask.files").click().run()
    for content, words in (
        (b"", "is empty"),
        (b"[]", "isn't a saved sweep"),
        (b'{"grid": {"seed": [1]}}', "can't be opened"),
    ):
        app.session_state["compare.dialog"] = "files"  # AppTest runs the page, not the dialog alone
        app.file_uploader(key="compare.sweep.upload.0").set_value(("sweep.json", content, "application/json")).run()
        assert not app.exception
        (error,) = said(app)
        assert words in error
        assert error.endswith("The sweep on screen stays.")
    upload = ("sweep.json", json.dumps(saved).encode(), "application/json")
    app.session_state["compare.dialog"] = "files"
    app.file_uploader(key="compare.sweep.upload.0").set_value(upload).run()
    assert not app.exception
    feed = feed_of(app)
    assert header_of(app)["done"] == 3
    assert plan_of(app) == Plan((Axis("momentum", ("0", "0.5")),), 2, 4)
    assert not header_of(app)["next"]["new"]
    feed.answer({"id": 10**14, "do": "go_on", "sweep": "", "have": 0})
    assert feed._job is not None
    feed._job.wait(60)
    assert feed.sweep is not None
    assert feed.sweep.result.rows == done.result.rows


@pytest.mark.parametrize(("group", "there"), [("training", False), ("loss", True)])
def test_a_link_hides_the_controls(group: str, there: bool) -> None:
    app = open_sweep(hide=group)
    assert ("compare.sweep.setting.0" in [box.key for box in app.selectbox]) == there


def test_share_gives_a_link_to_the_sweep(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[dict[str, str]] = []
    monkeypatch.setattr(share, "draw", lambda shared: told.append(shared.query(None)))
    app = open_sweep(PLAN)
    app.button(key="compare.ask.share").click().run()
    assert not app.exception
    assert told[-1]["tab"] == "sweep"
    assert sweep_link.from_query(told[-1]) == (PLAN, [])
    assert ExperimentConfig.from_query(told[-1])[0] == CONFIG
