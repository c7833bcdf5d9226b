"""Memory of closed visits is freed by time; with a clock that stands still unless it is told to go on."""

from __future__ import annotations

import gc
import weakref
from typing import Any

import pytest

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.server.stage_feed import Feed
from nnplay.ui.closed_visits import KEPT_SECONDS, Sweep


class Server:
    def __init__(self) -> None:
        self.now = 0.0
        self.lost: set[str] = set()
        self.closed: list[str] = []
        self.collected = 0
        self.sweep = Sweep(self, lambda: self.now, self.collect)

    def disconnected(self) -> set[str]:
        return set(self.lost)

    def close(self, visit: str) -> None:
        self.closed.append(visit)
        self.lost.discard(visit)

    def collect(self) -> None:
        self.collected += 1

    def look_after(self, seconds: float) -> None:
        self.now += seconds
        self.sweep.look()


def test_a_visit_is_closed_when_its_connection_has_been_lost_for_long() -> None:
    server = Server()
    server.lost = {"a"}
    server.look_after(10)
    server.lost.add("b")
    server.look_after(KEPT_SECONDS - 1)
    assert server.closed == []
    server.look_after(2)
    assert server.closed == ["a"]
    server.look_after(1)
    assert server.collected == 1
    server.look_after(KEPT_SECONDS)
    assert server.closed == ["a", "b"]


def test_one_who_comes_back_is_not_closed_and_has_the_whole_time_again() -> None:
    server = Server()
    server.lost = {"a"}
    server.look_after(1)
    server.lost = set()
    server.look_after(KEPT_SECONDS)
    server.lost = {"a"}
    server.look_after(1)
    server.look_after(KEPT_SECONDS - 1)
    assert server.closed == []


def test_nothing_is_collected_while_nobody_leaves() -> None:
    server = Server()
    for _ in range(5):
        server.look_after(10)
    assert server.collected == 0


@pytest.mark.parametrize("fields", [{}, {"dataset": "digits", "hidden_sizes": (16,)}, {"dataset": "diabetes"}])
def test_nothing_of_ours_outlives_a_visit(fields: dict) -> None:
    feed = Feed(ExperimentConfig(**fields))
    recording = feed.recording
    left: list[Any] = [weakref.ref(each) for each in (feed, recording, recording.session, recording.setup)]
    left += [weakref.ref(recording.session.network), weakref.ref(recording.branches.memory)]
    del feed, recording
    gc.collect()
    assert [reference() for reference in left] == [None] * len(left)
