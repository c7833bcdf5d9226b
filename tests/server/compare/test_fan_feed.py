"""A fan over the stage protocol: all seeds in every frame, and any request brings a readable message."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.compare import fan_recording
from nnplay.experiment.config.url import read_query
from nnplay.refusal import Refusal
from nnplay.server import answers, moments
from nnplay.server.compare.fan_feed import FanFeed
from nnplay.server.compare.fan_link import FanSettings
from tests.server.compare.test_race_feed import BAD
from tests.server.test_frames import read_message

CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(3,), batch_size=7, seed=3)
SETTINGS = FanSettings(n_seeds=16)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_recording, "FRAME_SECONDS", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS", 1e9)


class Visitor:
    """Who asks a feed, as the browser does."""

    def __init__(self, config: ExperimentConfig = CONFIG, settings: FanSettings = SETTINGS) -> None:
        self.feed, self.number = FanFeed(config, settings), 0

    def read(self) -> tuple[dict[str, Any], dict[str, np.ndarray], list[dict[str, np.ndarray]]]:
        return read_message(self.feed.message)

    def ask(self, kind: Any, **more: Any) -> tuple[dict[str, Any], list[dict[str, np.ndarray]]]:
        self.number += 1
        self.feed.answer({"id": self.number, "run": self.feed.run, "kind": kind, "controls": 0, **more})
        header, _, frames = self.read()
        assert header["reply"] == self.number
        return header, frames

    def play(self, after: int, n: int = 5, unit: str = "epoch") -> tuple[dict[str, Any], list[dict[str, np.ndarray]]]:
        return self.ask("frames", **{"from": after}, unit=unit, amount=1, n=n)


def test_a_fan_begins_with_all_that_is_to_be_known_of_it() -> None:
    header, statics, frames = Visitor().read()
    assert header["kind"] == "sync"
    assert header["info"]["fan"] == {"seeds": list(range(16)), "target": 0.95, "fresh_data": False}
    assert header["info"]["network"]["layer_sizes"] == [2, 3, 1]
    assert statics["inputs"].shape == (40, 2)
    assert statics["history_losses"].shape == (1, 32)
    (frame,) = frames
    assert frame["seeds"].shape == (16, 5)
    assert frame["parameters"].shape == (16, 13)


def test_every_frame_tells_of_all_seeds() -> None:
    one = Visitor()
    header, frames = one.play(0, 7)
    assert [frame["counters"][0] for frame in frames] == list(range(1, 8))
    assert header["last_frame"] == 7
    for frame in frames:
        assert (frame["seeds"][:, 4] == 1).all()
        assert frame["measures"][1] == np.median(frame["seeds"][:, 1])
    _, statics, _ = one.read() if one.ask("sync") else ({}, {}, [])
    assert statics["history_losses"].shape == (8, 32)
    np.testing.assert_allclose(statics["history_losses"][-1].reshape(16, 2), frames[-1]["seeds"][:, :2], rtol=1e-6)


def test_rewinding_takes_all_seeds_back() -> None:
    one = Visitor()
    _, first = one.play(0, 6)
    header, again = one.play(2, 2, "step")
    assert header["last_frame"] == 4
    assert again[0]["counters"][:4].tolist() == [3, 2, 1, 2 * one.feed.recording.session.steps_per_epoch + 1]
    _, (shown,) = one.ask("show", frame=2)
    assert np.array_equal(shown["parameters"], first[1]["parameters"])
    _, replayed = one.ask("replay", **{"from": 1}, n=2)
    assert [frame["counters"][0] for frame in replayed] == [2, 3]


def test_another_target_changes_no_training_and_anything_else_begins_again() -> None:
    one = Visitor()
    one.play(0, 3)
    feed, run = one.feed, one.feed.run
    feed.use(CONFIG, dataclasses.replace(SETTINGS, target=0.8))
    assert (feed.run, feed.recording.last_frame) == (run, 3)
    one.ask("sync")
    assert one.read()[0]["info"]["fan"]["target"] == 0.8
    for config, settings in (
        (CONFIG, dataclasses.replace(SETTINGS, fresh_data=True)),
        (CONFIG, dataclasses.replace(SETTINGS, n_seeds=20)),
        (dataclasses.replace(CONFIG, momentum=0.0), SETTINGS),
    ):
        run = feed.run
        feed.use(config, settings)
        assert feed.run != run
        assert feed.recording.last_frame == 0
    with pytest.raises(Refusal, match="seeds must be at most"):
        feed.use(dataclasses.replace(CONFIG, hidden_sizes=(44, 44)), FanSettings(n_seeds=64, target=0.1))
    assert feed.settings == SETTINGS


def test_reset_begins_again() -> None:
    one = Visitor()
    one.play(0, 3)
    header, _ = one.ask("reset")
    assert (header["kind"], header["last_frame"]) == ("sync", 0)


def test_a_proposal_is_heard() -> None:
    one = Visitor()
    one.feed.hear(7)
    one.feed.hear("x")
    one.feed.hear(3)
    assert one.read()[0]["proposal"] == 7


@pytest.mark.parametrize("fresh_data", [False, True])
def test_a_seed_opens_as_a_run_with_the_same_numbers(fresh_data: bool) -> None:
    one = Visitor(settings=FanSettings(n_seeds=16, fresh_data=fresh_data))
    _, frames = one.play(0, 6)
    query = one.feed.playground_query(5, 4)
    config, refused = read_query(ExperimentConfig(), {name: text for name, text in query.items() if name != "recipe"})
    assert refused == {}
    moment = moments.from_link(query["recipe"], config)
    session = config.build()
    session.advance(moment.n_steps)
    train_loss, test_loss, train_score, test_score = session.latest_measures()
    row = frames[3]["seeds"][5]
    np.testing.assert_allclose(row[:4], [train_loss, test_loss, train_score, test_score], rtol=1e-9)
    assert moments.from_link(one.feed.playground_query(5, 0)["recipe"], config).n_steps == 0
    with pytest.raises(ValueError, match="not in"):
        one.feed.playground_query(99, 0)


def test_after_a_restart_the_fan_is_trained_again_up_to_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    one = Visitor()
    one.play(0, 40)
    header, frames = one.play(40, 1, "step")
    last = frames[-1]
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 0.0)
    monkeypatch.setattr(answers, "CPU_SECONDS", 0.0)
    two = Visitor()
    said, _ = two.ask("recover", recipe=header["recipe"], steps=float(last["counters"][3]))
    assert said["replaying"] == [0, 41]
    for _ in range(300):
        said, frames = two.ask("follow")
        if not said["replaying"]:
            break
    assert said["kind"] == "sync"
    assert said["recovered"]
    assert np.array_equal(frames[0]["parameters"], last["parameters"])
    assert frames[0]["counters"][1:4].tolist() == last["counters"][1:4].tolist()


def test_another_fan_is_not_taken_for_the_one_that_was_lost() -> None:
    header, _ = Visitor().play(0, 2)
    other = Visitor(settings=FanSettings(n_seeds=17))
    said, _ = other.ask("recover", recipe=header["recipe"], steps=3)
    assert said["lost"] == "The seeds can’t be brought back: their settings have changed."
    said, _ = other.ask("recover", recipe=said["recipe"], steps=2**40)
    assert said["lost"] == "The seeds would take too long to train again."


def test_where_all_seeds_diverge_that_is_said() -> None:
    hopeless = dataclasses.replace(
        CONFIG, learning_rate=1e4, activation="relu", loss="mean_squared_error", output="identity"
    )
    header, frames = Visitor(hopeless).play(0, 60)
    assert len(frames) < 60
    assert header["stopped"]["message"] == "All seeds have diverged."
    assert header["stopped"]["frame"] == header["last_frame"]


@pytest.mark.parametrize("request_", BAD, ids=str)
def test_a_bad_request_loses_nothing(request_: Any) -> None:
    one = Visitor()
    one.play(0, 3)
    if isinstance(request_, dict):
        request_ = {"run": one.feed.run, **request_}
        if request_.get("id") == 1:
            request_["id"] = one.number + 1
    one.feed.answer(request_)
    one.read()
    assert one.feed.recording.last_frame == 3
