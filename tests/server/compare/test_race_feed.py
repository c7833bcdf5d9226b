"""A race over the stage protocol: lanes together in every frame, and any request brings a readable message."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.compare import race_recording
from nnplay.server import answers
from nnplay.server.compare.race_feed import RaceFeed, headings
from tests.server.test_frames import read_message

CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(3,), batch_size=7, seed=3)
LANES = (CONFIG, dataclasses.replace(CONFIG, momentum=0.0), dataclasses.replace(CONFIG, hidden_sizes=(2, 2)))
HOPELESS = dataclasses.replace(CONFIG, learning_rate=1e4, activation="relu", hidden_sizes=(8, 8, 8))


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race_recording, "FRAME_SECONDS", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 1e9)
    monkeypatch.setattr(answers, "CPU_SECONDS", 1e9)


class Visitor:
    """Who asks a feed, as the browser does."""

    def __init__(self, feed: RaceFeed) -> None:
        self.feed, self.number = feed, 0

    def read(self) -> tuple[dict[str, Any], dict[str, np.ndarray], list[dict[str, np.ndarray]]]:
        return read_message(self.feed.message)

    def ask(self, kind: Any, **more: Any) -> tuple[dict[str, Any], list[dict[str, np.ndarray]]]:
        self.number += 1
        self.feed.answer({"id": self.number, "run": self.feed.run, "kind": kind, "controls": 0, **more})
        header, _, frames = self.read()
        assert header["reply"] == self.number
        return header, frames

    def play(self, after: int, n: int = 5, amount: int = 1) -> tuple[dict[str, Any], list[dict[str, np.ndarray]]]:
        return self.ask("frames", **{"from": after}, unit="epoch", amount=amount, n=n)


def visitor(lanes: Any = LANES, clock: Any = "epochs") -> Visitor:
    return Visitor(RaceFeed(lanes, clock))


def test_a_race_begins_with_all_that_is_to_be_known_of_its_lanes() -> None:
    header, statics, frames = visitor().read()
    assert header["kind"] == "sync"
    assert [lane["name"] for lane in header["info"]["lanes"]] == ["A", "B", "C"]
    assert [lane["parameters"] for lane in header["info"]["lanes"]] == [13, 13, 15]
    assert header["info"]["lanes"][2]["info"]["network"]["layer_sizes"] == [2, 2, 2, 1]
    assert header["info"]["equal"] == ["data", "split", "order"]
    assert len(statics["A_inputs"]) == 40
    assert np.array_equal(statics["A_sample_inputs"], statics["B_sample_inputs"])
    assert statics["history_A_train_loss"].shape == (1,)
    (frame,) = frames
    assert frame["lanes"].shape == (3, 10)
    assert np.array_equal(frame["A_parameters"], frame["B_parameters"])


def test_lanes_are_together_in_every_frame() -> None:
    one = visitor()
    header, frames = one.play(0, 9, amount=2)
    assert [frame["counters"][0] for frame in frames] == list(range(1, 10))
    for frame in frames:
        assert (frame["lanes"][:, 0] == frame["counters"][1]).all()
    assert header["last_frame"] == 9
    assert header["stops"] == [None, None, None]


def test_rewinding_takes_all_lanes_back() -> None:
    one = visitor()
    _, first = one.play(0, 6)
    header, again = one.play(2, 2, amount=3)
    assert header["last_frame"] == 4
    assert (again[0]["lanes"][:, 0] == 5).all()
    assert np.array_equal(again[0]["A_parameters"], first[4]["A_parameters"])


def test_the_past_is_shown_and_played_again() -> None:
    one = visitor()
    _, trained = one.play(0, 6)
    _, (shown,) = one.ask("show", frame=3)
    assert np.array_equal(shown["C_parameters"], trained[2]["C_parameters"])
    _, replayed = one.ask("replay", **{"from": 2}, n=3)
    assert [frame["counters"][0] for frame in replayed] == [3, 4, 5]


def test_reset_begins_another_race_of_the_same_lanes() -> None:
    one = visitor()
    one.play(0, 3)
    before = one.feed.run
    header, _ = one.ask("reset")
    assert header["kind"] == "sync"
    assert header["run"] != before
    assert header["last_frame"] == 0


def test_other_lanes_or_another_clock_begin_another_race() -> None:
    one = visitor()
    one.play(0, 3)
    before = one.feed.run
    one.feed.use(LANES, "epochs")
    assert (one.feed.run, one.feed.recording.last_frame) == (before, 3)
    one.feed.use(LANES[:2], "epochs")
    assert (one.feed.run != before, one.feed.recording.last_frame) == (True, 0)
    before = one.feed.run
    one.feed.use(LANES[:2], "time")
    assert one.feed.run != before
    assert one.read()[0]["info"]["clock"] == "time"


def test_a_request_is_answered_once_and_one_about_another_race_by_a_sync() -> None:
    one = visitor()
    one.play(0, 3)
    seq = one.feed.seq
    one.feed.answer({"id": one.number, "run": one.feed.run, "kind": "reset"})
    assert one.feed.seq == seq
    one.number += 1
    one.feed.answer({"id": one.number, "run": "another", "kind": "frames", "from": 0, "amount": 1, "n": 1})
    header, _, _ = one.read()
    assert (header["kind"], header["last_frame"]) == ("sync", 3)


def test_whoever_comes_back_finds_the_frame_that_was_left() -> None:
    one = visitor()
    one.play(0, 5)
    _, (frame,) = one.ask("sync", left={"run": one.feed.run, "frame": 2})
    assert frame["counters"][0] == 2


def test_a_lane_that_diverges_says_so_and_the_others_go_on() -> None:
    one = visitor((CONFIG, HOPELESS))
    header, frames = one.play(0, 20)
    assert len(frames) == 20
    assert header["stops"][0] is None
    assert header["stops"][1]["message"].startswith("Diverged in epoch")
    assert header["stopped"] is None
    one = visitor((HOPELESS, HOPELESS))
    header, frames = one.play(0, 40)
    assert header["stopped"]["reason"] == "diverged"
    assert header["stopped"]["frame"] == header["last_frame"] == len(frames)
    header, frames = one.play(len(frames), 5)
    assert frames == []


# -- after a restart -----------------------------------------------------------------------------------------------


def test_after_a_restart_the_race_is_trained_again_up_to_where_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    one = visitor()
    header, frames = one.play(0, 60)
    last = frames[-1]
    monkeypatch.setattr(answers, "CPU_SECONDS_ALONE", 0.0)
    monkeypatch.setattr(answers, "CPU_SECONDS", 0.0)
    two = visitor()
    said, _ = two.ask("recover", recipe=header["recipe"], steps=float(last["counters"][3]))
    assert said["replaying"] == [1, 60]
    for _ in range(100):
        said, frames = two.ask("recover", recipe=header["recipe"], steps=60)
        if not said["replaying"]:
            break
    assert said["kind"] == "sync"
    assert said["recovered"]
    assert frames[0]["counters"][1] == 60
    for name in "ABC":
        assert np.array_equal(frames[0][f"{name}_parameters"], last[f"{name}_parameters"])


def test_another_race_is_not_taken_for_the_one_that_was_lost() -> None:
    header, _ = visitor().play(0, 3)
    other = visitor(LANES[:2])
    said, _ = other.ask("recover", recipe=header["recipe"], steps=3)
    assert said["lost"] == "The race can’t be brought back: its lanes have changed."
    said, _ = other.ask("recover", recipe=said["recipe"], steps=2**40)
    assert said["lost"] == "The race would take too long to train again."


# -- bad requests --------------------------------------------------------------------------------------------------

BAD: list[Any] = [
    None, 3, "frames", [], {}, {"id": 1}, {"id": "1", "kind": "frames"}, {"id": 1e300, "kind": "sync"},
    {"id": 1, "kind": "frames"}, {"id": 1, "kind": "frames", "from": -1, "amount": 1, "n": 1},
    {"id": 1, "kind": "frames", "from": 0, "amount": 10**6, "n": 1},
    {"id": 1, "kind": "frames", "from": 0, "amount": 1, "n": True},
    {"id": 1, "kind": "frames", "from": 0, "amount": float("nan"), "n": 1}, {"id": 1, "kind": "show", "frame": None},
    {"id": 1, "kind": "replay", "from": "0", "n": 3}, {"id": 1, "kind": "fork", "frame": 0}, {"id": 1, "kind": "edit"},
    {"id": 1, "kind": "sync", "left": {"run": 1}}, {"id": 1, "kind": "recover"},
    {"id": 1, "kind": "recover", "recipe": [], "steps": 3},
    {"id": 1, "kind": ["frames"]}, {"id": 1, "kind": "recover", "recipe": "x", "steps": -3},
]  # fmt: skip


@pytest.mark.parametrize("request_", BAD, ids=str)
def test_a_bad_request_loses_nothing(request_: Any) -> None:
    one = visitor()
    one.play(0, 3)
    if isinstance(request_, dict):
        request_ = {"run": one.feed.run, **request_}
        if request_.get("id") == 1:
            request_["id"] = one.number + 1
    one.feed.answer(request_)
    one.read()
    assert one.feed.recording.last_frame == 3


def test_headings_name_only_what_differs_and_has_an_effect() -> None:
    lanes = (CONFIG, dataclasses.replace(CONFIG, momentum=0.0), dataclasses.replace(CONFIG, optimizer="adam"))
    assert headings(lanes) == ["The run as it is", "Momentum 0", "Adam"]
    two = dataclasses.replace(CONFIG, optimizer="adam", learning_rate=0.3)
    assert headings((CONFIG, two, lanes[2])) == ["SGD", "Adam, learning rate 0.3", "Adam"]
    sizes: list[tuple[int, ...]] = [(), (1,), (4, 4), (8, 4)]
    assert headings(tuple(dataclasses.replace(CONFIG, hidden_sizes=each) for each in sizes)) == [
        "No hidden layer",
        "1 hidden layer of 1 unit",
        "2 hidden layers of 4 units",
        "Hidden layers of 8, 4 units",
    ]
    assert headings((CONFIG, CONFIG)) == ["The same settings", "The same settings"]
