"""A request that is refused changes nothing: it is checked first."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay.experiment.config.data_source import Generated
from nnplay.experiment.recording.branches import MAX_BRANCHES
from tests.server.test_branch_requests import unhurried, use, visitor_at  # noqa: F401
from tests.server.test_frames import Visitor


def forked() -> Visitor:
    """Return a visitor with as many branches as there may be, at frame 9 of 12 on the last one."""
    visitor = visitor_at(6)
    for _ in range(MAX_BRANCHES - 1):
        visitor.ask("fork", frame=5, furthest=6)
    visitor.ask_frames(5, 7, "epoch")
    return visitor


def everything(visitor: Visitor) -> dict[str, Any]:
    """Return what there is of a run."""
    feed, recording = visitor.feed, visitor.feed.recording
    tracks = {
        track.name: (
            track.config,
            [(number, track.kept[number].snapshot.parameters.tobytes()) for number in track.kept.numbers],
            track.history["train_loss"].tobytes(),
            track.last_frame,
            list(track.edits),
            track.stopped,
        )
        for track in recording.branches
    }
    session = recording.session
    now = (session.epoch, session.n_steps, np.asarray(session.network.parameters).tobytes())
    return {
        "run": feed.run,
        "active": recording.track.name,
        "view": (recording.view_id, recording.shows),
        "now": now,
        "config": feed.config,
    } | tracks


EDIT = {"index": 3, "value": 0.5}


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        ("fork", {"frame": 9, "furthest": 9}),  # the seventh
        ("branch", {"name": "Z", "furthest": 9}),
        ("branch", {"name": "", "furthest": 9}),
        ("branch", {"name": "A", "furthest": -1}),
        ("delete_branch", {"name": "Z"}),
        ("delete_branch", {}),
        ("carry_over", {"frame": 9}),  # nobody asked for other data
        ("view", {"frame": -1, "shows": []}),
        ("view", {"frame": 9, "shows": ["surface"]}),
        ("view", {"frame": 9, "shows": [], "fit": -1}),
        ("edit", EDIT | {"frame": 9, "index": 10_000}),
        ("edit", EDIT | {"frame": 9, "value": 1e6}),
        ("edit", EDIT | {"frame": 9, "value": None}),
        ("edit", EDIT | {"frame": -9}),
        ("frames", {"from": 9, "unit": "year", "amount": 1, "n": 1}),
        ("frames", {"from": 9, "unit": "step", "amount": 0, "n": 1}),
        ("frames", {"from": 9, "unit": "step", "amount": 1, "n": 1000}),
        ("frames", {"from": 9.5, "unit": "step", "amount": 1, "n": 1}),
        ("replay", {"from": 9, "n": 0}),
        ("replay", {"from": 0, "n": 5, "to": -1}),
        ("show", {"frame": "9"}),
        ("undo", {"frame": "9"}),
        ("nonsense", {}),
    ],
    ids=repr,
)
def test_a_refused_request_changes_nothing(kind: str, more: dict[str, Any]) -> None:
    visitor = forked()
    before = everything(visitor)
    header, _, frames = visitor.ask(kind, **more)
    assert (header["kind"], frames) == ("frames", [])
    assert everything(visitor) == before


def test_the_only_branch_stays() -> None:
    visitor = visitor_at(6)
    before = everything(visitor)
    visitor.ask("delete_branch", name="A")
    assert everything(visitor) == before


def test_data_that_cannot_be_had_are_not_gone_over_to(monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = visitor_at(6)
    visitor.ask("fork", frame=5, furthest=6)
    visitor.ask_frames(5, 4, "epoch")
    before = everything(visitor)
    use(visitor, dataset="circles")

    def fail(*_: Any) -> None:
        raise ValueError("data must be there.")

    monkeypatch.setattr(Generated, "plane", fail)
    header, _, frames = visitor.ask("carry_over", frame=7)
    assert (header["kind"], frames, header["carry_over"]) == ("frames", [], False)
    assert everything(visitor) == before


def test_frames_that_are_kept_no_more_are_answered_by_the_nearest_and_nothing_is_dropped() -> None:
    visitor = forked()
    before = everything(visitor)
    header, _, _ = visitor.ask("frames", **{"from": 4000, "unit": "step", "amount": 1, "n": 1})
    assert header["kind"] == "sync"
    header, _, _ = visitor.ask("edit", **EDIT, frame=4000)
    assert header["kind"] == "sync"
    assert everything(visitor) == before
    assert dataclasses.replace(before["config"]) == visitor.feed.config
