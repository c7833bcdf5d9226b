"""What a browser holds: branches, the runs before, and points of one's own come back on a server that knows nothing."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.datasets import own_data
from nnplay.datasets.dataset import Dataset
from nnplay.experiment.config.url import fit_for_address
from nnplay.server import budget, moments
from nnplay.server.recovery import held
from nnplay.server.stage_feed import Feed
from tests.experiment.recording.test_recipe import CONFIG, newest, state_of
from tests.server.test_frames import read_message
from tests.server.test_moments import ask, epochs_shown, in_slices


class Browser:
    """Hears messages, and holds what it is told to hold."""

    def __init__(self, feed: Feed) -> None:
        self.texts: dict[str, str] = {}
        self.meet(feed)

    def meet(self, feed: Feed) -> None:
        self.feed = feed
        self.header = read_message(feed.message)[0]

    def ask(self, kind: str, **more: Any) -> dict[str, Any]:
        self.header = ask(self.feed, kind, holds=list(self.texts), **more)
        texts = self.header.get("texts", {})
        assert not texts.keys() & self.texts.keys(), "sent though it is held"
        self.texts = {name: (texts | self.texts)[name] for name in self.header["hold"].values()}
        return self.header

    def play(self, after: int, n: int) -> None:
        self.ask("frames", **{"from": after, "unit": "epoch", "amount": 1, "n": n, "shown": after})

    def recover(self, feed: Feed) -> dict[str, Any]:
        """Let a server that knows nothing bring back what this one had."""
        texts = {kind: self.texts[name] for kind, name in self.header["hold"].items()}
        moment = {"recipe": self.header["recipe"], "steps": self.feed.recording.session.n_steps}
        self.meet(feed)
        header = self.ask("recover", run="x", **moment, **texts)
        while header["replaying"]:
            header = self.ask("recover", run="x", again=True, **moment)
        return header


def with_branches_and_a_run_before() -> Browser:
    visitor = Browser(Feed(CONFIG))
    visitor.play(0, 6)
    visitor.feed.use(dataclasses.replace(CONFIG, activation="relu"))
    visitor.play(0, 10)
    visitor.ask("fork", frame=4, furthest=10)
    visitor.feed.use(dataclasses.replace(visitor.feed.config, learning_rate=0.01))
    visitor.play(4, 3)
    return visitor


@pytest.mark.parametrize("slices", [False, True])
def test_branches_and_the_run_before_come_back_on_another_server(slices: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = with_branches_and_a_run_before()
    before = visitor.feed
    if slices:
        in_slices(monkeypatch)
    after = Feed(ExperimentConfig())
    header = visitor.recover(after)
    assert (header["kind"], header["recovered"], header["branch"]) == ("sync", True, "B")
    assert [branch["label"] for branch in header["branches"]] == [
        branch["label"] for branch in read_message(before.message)[0]["branches"]
    ]
    assert state_of(newest(after.recording).snapshot) == state_of(newest(before.recording).snapshot)
    for feed in (before, after):
        ask(feed, "branch", name="A", furthest=feed.recording.last_frame)
    assert epochs_shown(after) == 10
    assert state_of(newest(after.recording).snapshot) == state_of(newest(before.recording).snapshot)
    assert header["undo"]["why"] == "run"
    header = visitor.ask("undo")
    while header["replaying"]:
        header = visitor.ask("follow")
    assert (header["kind"], header["was"] != "", epochs_shown(after)) == ("sync", True, 0)
    assert after.config == CONFIG
    ask(before, "undo")
    assert state_of(newest(after.recording).snapshot) == state_of(newest(before.recording).snapshot)
    header = visitor.ask("redo")
    assert (header["branch"], epochs_shown(after)) == ("A", 10)


def test_what_is_held_survives_two_servers() -> None:
    visitor = with_branches_and_a_run_before()
    visitor.recover(Feed(CONFIG))
    header = visitor.recover(Feed(CONFIG))
    assert [branch["name"] for branch in header["branches"]] == ["A", "B"]
    assert header["undo"]["why"] == "run"


def test_without_branches_and_runs_before_nothing_is_held() -> None:
    visitor = Browser(Feed(CONFIG))
    visitor.play(0, 6)
    assert (visitor.header["hold"], visitor.texts) == ({}, {})


def test_texts_are_sent_until_the_browser_says_that_it_has_them_and_once_more_when_they_change() -> None:
    visitor = with_branches_and_a_run_before()
    feed, name = visitor.feed, next(iter(visitor.texts))
    assert "texts" not in visitor.ask("rest")
    assert ask(feed, "rest")["texts"].keys() == {name}  # another tab, or the answer got lost
    visitor.ask("fork", frame=6, furthest=7)
    assert visitor.texts.keys().isdisjoint({name})


def own_table(n: int) -> ExperimentConfig:
    X = np.random.default_rng(0).normal(size=(n, 5))
    points = own_data.encode(Dataset(X, np.arange(n) % 2), as_table=True)
    return ExperimentConfig(dataset="table", points=points, hidden_sizes=(2,), batch_size=20)


def test_points_of_ones_own_that_the_address_has_no_room_for_come_back() -> None:
    few, many = own_table(40), own_table(1000)
    assert [fit_for_address(config.to_query())[1] is None for config in (few, many)] == [True, False]
    visitor = Browser(Feed(few))
    visitor.play(0, 3)
    visitor.feed.use(many)
    visitor.play(0, 4)
    assert visitor.header["hold"].keys() == {"beside", "points"}
    after = Feed(ExperimentConfig())
    visitor.recover(after)
    assert (after.config, epochs_shown(after)) == (many, 4)
    visitor.ask("undo")
    assert after.config == few


@pytest.mark.parametrize(
    "beside",
    [
        "x",
        7,
        moments.packed([]),
        moments.packed({}),
        moments.packed({"points": [3]}),
        moments.packed(
            {"active": ["A", "", {}], "forked": 1, "order": ["A"], "branches": [[1]], "runs": [], "points": []}
        ),
        moments.packed(
            {"active": ["??", "", {}], "forked": 1, "order": ["A"], "branches": [], "runs": [], "points": []}
        ),
        "A" * (held.MAX_CHARACTERS + 1),
    ],
)
def test_what_there_is_besides_may_be_damaged_and_the_run_comes_back_all_the_same(beside: Any) -> None:
    visitor = Browser(Feed(CONFIG))
    visitor.play(0, 6)
    after = Feed(CONFIG)
    header = ask(after, "recover", run="x", recipe=visitor.header["recipe"], steps=30, beside=beside)
    assert (header["recovered"], epochs_shown(after), header["undo"]) == (True, 6, None)


def test_a_server_that_was_restarted_meanwhile_too_is_told_everything_again(monkeypatch: pytest.MonkeyPatch) -> None:
    in_slices(monkeypatch)
    after = Feed(CONFIG)
    header = ask(after, "recover", run="x", recipe=moments.packed([0, {}, []]), steps=30, again=True)
    assert (header["kind"], header["replaying"]) == ("sync", None)
    assert header.get("recovered") is None


@pytest.mark.parametrize("again", [{}, {"again": True}])
def test_who_asks_once_more_as_the_answer_was_dropped_gets_the_run_that_is_there(
    monkeypatch: pytest.MonkeyPatch, again: dict[str, bool]
) -> None:
    visitor = Browser(Feed(CONFIG))
    visitor.play(0, 6)
    visitor.feed.use(dataclasses.replace(CONFIG, activation="relu"))
    visitor.play(0, 10)
    moment = {"recipe": visitor.header["recipe"], "steps": visitor.feed.recording.session.n_steps}
    after = Feed(visitor.feed.config)
    visitor.recover(after)
    told, run = visitor.header, after.recording
    in_slices(monkeypatch)  # in which it would take several requests
    header = visitor.ask("recover", run="x", **moment, **again)
    names = ("kind", "run", "recovered", "fresh_optimizer", "replaying", "undo", "recipe")
    assert {name: header[name] for name in names} == {name: told[name] for name in names}
    assert after.recording is run
    other = visitor.ask("recover", run="x", recipe=moment["recipe"], steps=moment["steps"] - 10)
    assert other["replaying"], "another moment is another run"


def test_a_run_before_that_would_take_too_long_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = with_branches_and_a_run_before()
    seconds_a_step = budget.LEAST_STEP_SECONDS + budget.cost_of(CONFIG).step_seconds
    monkeypatch.setattr(budget, "REPLAY_SECONDS", 40 * seconds_a_step)
    after = Feed(CONFIG)
    header = visitor.recover(after)
    assert [branch["name"] for branch in header["branches"]] == ["B"]
    assert (epochs_shown(after), header["undo"]["why"]) == (7, "run")
