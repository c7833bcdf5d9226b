"""A visitor's sweep: trained in a thread, told to the browser piece by piece, stopped, gone on with, taken over."""

from __future__ import annotations

import dataclasses
import gc
import json
import time
import weakref
from typing import Any

import numpy as np
import pytest

from nnplay.experiment.compare.sweeps.sweep import Sweep
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.refusal import Refusal
from nnplay.server.compare import sweep_feed, sweep_job
from nnplay.server.compare.sweep_feed import SweepFeed
from nnplay.server.compare.sweep_link import Axis, Plan

CONFIG = ExperimentConfig(dataset="moons", n_samples=60)
PLAN = Plan((Axis("learning_rate", ("0.01", "0.1")), Axis("hidden_sizes", ("2", "4"))), n_seeds=3, epochs=8)
LONG = dataclasses.replace(PLAN, epochs=10_000)


def fed(plan: Plan = PLAN) -> SweepFeed:
    feed = SweepFeed()
    feed.use(CONFIG, plan)
    return feed


def finish(feed: SweepFeed) -> None:
    assert feed._job is not None
    feed._job.wait(60)
    assert not feed.is_running


def header_of(feed: SweepFeed) -> dict[str, Any]:
    message = feed.message
    return dict(json.loads(message[8 : 8 + int.from_bytes(message[4:8], "little")]))


def array(feed: SweepFeed, name: str) -> np.ndarray:
    """Return an array of the message, read as ``static/messages/decode.js`` does."""
    message = feed.message
    at = 8 + int.from_bytes(message[4:8], "little")
    for field in header_of(feed)["static_layout"]:
        at += -at % 8
        n = int(np.prod(field["shape"]))
        dtype = np.dtype(f"<{field['dtype']}")
        if field["name"] == name:
            return np.frombuffer(message, dtype, n, at)
        at += n * dtype.itemsize
    raise KeyError(name)


def test_before_it_begins_the_cells_are_told_already() -> None:
    header = header_of(fed())
    assert [axis["values"] for axis in header["grid"]["axes"]] == [["0.01", "0.1"], ["2", "4"]]
    assert header["next"] == {"refusal": None, "new": True, "trainings": 12}
    assert header["done"] == 0
    assert not header["running"]


def test_what_is_told_is_what_a_sweep_in_a_notebook_gives() -> None:
    feed = fed()
    feed.answer({"id": 1, "have": 0, "sweep": "", "do": "run"})
    finish(feed)
    expected = Sweep(CONFIG, {"learning_rate": [0.01, 0.1], "hidden_sizes": [(2,), (4,)]}, 3, 8).run()
    order = np.argsort(array(feed, "index"))
    np.testing.assert_array_equal(array(feed, "test_score")[order], [row["test_score"] for row in expected.rows])
    np.testing.assert_array_equal(array(feed, "train_loss")[order], [row["train_loss"] for row in expected.rows])
    assert array(feed, "points").sum() == array(feed, "curve_epoch").size == array(feed, "curve_test").size
    header = header_of(feed)
    assert header["done"] == 12
    assert header["progress"]["finished"]
    assert not header["next"]["new"]


def test_the_browser_gets_what_it_does_not_know(monkeypatch: pytest.MonkeyPatch) -> None:
    feed = fed()
    feed.run()
    finish(feed)
    name = header_of(feed)["sweep"]
    feed.answer({"id": 5, "have": 9, "sweep": name})
    assert header_of(feed)["from"] == 9
    assert array(feed, "index").size == 3
    feed.answer({"id": 6, "have": 9, "sweep": "another"})
    assert array(feed, "index").size == 12
    monkeypatch.setattr(sweep_feed, "MOST_TOLD", 5)
    feed.answer({"id": 7, "have": 5, "sweep": name})
    assert array(feed, "index").size == 5


def test_a_request_that_comes_twice_acts_once() -> None:
    feed = fed()
    feed.answer({"id": 1, "have": 0, "sweep": "", "do": "run"})
    first = feed.sweep
    feed.answer({"id": 1, "have": 0, "sweep": "", "do": "run"})
    assert feed.sweep is first
    bad: tuple[Any, ...] = (None, [], {}, {"id": "x", "have": 0}, {"id": 2, "have": -1})
    for request in bad:
        feed.answer(request)
    finish(feed)


def test_the_page_is_drawn_again_only_once_the_map_shows_that_the_sweep_began_or_ended() -> None:
    feed = fed(dataclasses.replace(PLAN, epochs=4000))
    feed.answer({"id": 1, "have": 0, "sweep": "", "running": False, "do": "run"})
    name = header_of(feed)["sweep"]
    asked = {"have": 0, "sweep": name}
    assert feed.shown == ("", False, None)
    feed.answer({"id": 2, **asked, "running": False})  # it was sent before the answer came
    assert feed.shown == ("", False, None)
    feed.answer({"id": 3, **asked, "running": True})
    assert feed.shown == (name, True, None)
    feed.answer({"id": 4, **asked, "running": True, "do": "stop"})
    feed.stop(60)
    assert feed.shown == (name, True, None)
    feed.answer({"id": 5, **asked, "running": False})
    assert feed.shown == (name, False, None)


def test_stop_keeps_what_is_done_and_go_on_ends_with_the_same_numbers() -> None:
    feed = fed(dataclasses.replace(PLAN, epochs=400))
    feed.run()
    sweep = feed.sweep
    assert sweep is not None
    while not sweep.progress.share:
        time.sleep(0.005)
    feed.stop(30)
    assert not feed.is_running
    before = dict(sweep.result.outcomes)
    feed.answer({"id": 1, "have": 0, "sweep": "", "do": "go_on"})
    finish(feed)
    assert feed.sweep is sweep
    assert sweep.finished
    assert before.items() <= sweep.result.outcomes.items()
    assert sweep.result.rows == Sweep.from_dict(sweep.grid.to_dict()).run().rows


def test_a_new_sweep_takes_over_what_is_done_of_the_same_trainings() -> None:
    feed = fed()
    feed.run()
    finish(feed)
    wider = dataclasses.replace(PLAN, axes=(Axis("learning_rate", ("0.01", "0.1", "1")), PLAN.axes[1]))
    feed.use(CONFIG, wider)
    assert header_of(feed)["next"]["new"]
    assert header_of(feed)["done"] == 12  # the map stays until the new one begins
    taken = Sweep.of_grid(wider.grid(CONFIG))
    assert feed.sweep is not None
    assert taken.take_over(feed.sweep) == 12
    feed.run()
    finish(feed)
    assert feed.sweep.result.rows == Sweep.from_dict(feed.sweep.grid.to_dict()).run().rows
    other = Sweep.of_grid(dataclasses.replace(wider, epochs=9).grid(CONFIG))
    assert other.take_over(feed.sweep) == 0


def test_it_ends_when_the_visit_ends() -> None:
    feed = fed(LONG)
    feed.run()
    job = feed._job
    assert job is not None
    assert job.is_running
    del feed
    gc.collect()
    job.wait(30)
    assert not job.is_running
    assert not job.sweep.finished


def test_sweeps_that_were_replaced_are_let_go_of() -> None:
    feed = fed()
    feed.run()
    finish(feed)
    replaced = weakref.ref(feed._job)
    feed.use(CONFIG, dataclasses.replace(PLAN, epochs=4))
    feed.run()
    finish(feed)
    gc.collect()
    assert replaced() is None


def test_a_refused_plan_changes_nothing() -> None:
    feed = fed()
    feed.run()
    finish(feed)
    done, name = feed.sweep, header_of(feed)["sweep"]
    feed.use(CONFIG, dataclasses.replace(PLAN, n_seeds=0))
    feed.answer({"id": 9, "have": 0, "sweep": name, "do": "run"})
    header = header_of(feed)
    assert feed.sweep is done
    assert header["done"] == 12
    assert header["next"]["refusal"].startswith("Seeds") or header["next"]["refusal"].startswith("seeds")


def test_a_file_is_opened_and_gone_on_from() -> None:
    feed = fed()
    feed.run()
    finish(feed)
    assert feed.sweep is not None
    saved = feed.sweep.to_dict()
    saved["done"] = saved["done"][:5]
    other = SweepFeed()
    other.open(Sweep.from_dict(saved))
    assert header_of(other)["done"] == 5
    other.go_on()
    finish(other)
    assert other.sweep is not None
    assert other.sweep.result.rows == feed.sweep.result.rows


def test_a_file_that_is_too_much_for_a_shared_server_is_refused() -> None:
    feed = fed()
    values = [round(0.001 * k, 3) for k in range(1, 1002)]
    with pytest.raises(Refusal, match="trainings must be at most"):
        feed.open(Sweep(CONFIG, {"learning_rate": values}, seeds=2, epochs=1))
    assert feed.sweep is None


def test_a_cluster_that_does_not_answer_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NNPLAY_DASK", "tcp://127.0.0.1:9")
    monkeypatch.setattr("nnplay.experiment.compare.sweeps.workers.PATIENCE_SECONDS", 0.2)
    feed = fed(dataclasses.replace(PLAN, place="dask"))
    feed.run()
    finish(feed)
    assert header_of(feed)["problem"] == "The cluster doesn't answer."
    feed.use(CONFIG, PLAN)
    feed.go_on()
    finish(feed)
    assert header_of(feed)["problem"] is None
    assert header_of(feed)["done"] == 12


def test_a_diverged_training_has_no_numbers() -> None:
    feed = fed(Plan((Axis("learning_rate", ("0.01", "9000")),), n_seeds=2, epochs=30))
    feed.use(dataclasses.replace(CONFIG, activation="relu", loss="mean_squared_error", output="identity"), feed.plan)
    feed.run()
    finish(feed)
    diverged = array(feed, "diverged").astype(bool)
    assert diverged.sum() == 2
    assert np.isnan(array(feed, "train_loss")[diverged]).all()


def test_a_server_trains_so_many_sweeps_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sweep_job, "MOST_SWEEPS", 1)
    first, second = fed(LONG), fed(PLAN)
    first.run()
    second.run()
    assert (first.is_running, second.is_running) == (True, False)
    assert header_of(second)["problem"] == "This server already trains 1 sweep, as many as it takes. Try again later."
    first.stop(60)
    second.go_on()
    finish(second)
    assert (header_of(second)["problem"], header_of(second)["progress"]["finished"]) == (None, True)
