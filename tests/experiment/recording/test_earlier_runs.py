"""Nothing that took time to make is lost: runs come back with their branches, at the frame that was shown."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay.experiment.frames import frame_memory
from nnplay.experiment.recording.earlier_runs import MOST_RUNS
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs import saved_run
from tests.server.test_branch_requests import CONFIG, names, unhurried, use, visitor_at  # noqa: F401
from tests.server.test_frames import Visitor, bytes_of, numbers_of


def told(header: dict[str, Any]) -> tuple[Any, Any]:
    return header["undo"], header["redo"]


def test_a_run_that_is_reset_comes_back_at_the_frame_that_was_shown_and_goes_on_as_if_nothing_had_been() -> None:
    visitor = visitor_at(8)
    first = visitor.feed.run
    following = bytes_of(visitor.ask_frames(8, 2, "epoch"))
    at_five = bytes_of(visitor.ask("show", frame=5, shown=5)[2])
    header, _, frames = visitor.ask("reset", shown=5)
    assert numbers_of(frames) == [0]
    assert told(header) == ({"run": first, "why": "run"}, None)
    header, statics, frames = visitor.ask("undo", frame=5)
    assert (header["kind"], header["last_frame"]) == ("sync", 10)
    assert header["run"] not in (first, "")
    assert bytes_of(frames) == at_five
    assert statics["history_frame"].tolist() == list(range(11))
    assert bytes_of(visitor.ask_frames(8, 2, "epoch")) == following


@pytest.mark.parametrize(
    "change", [{"activation": "relu"}, {"dataset": "circles"}, {"hidden_sizes": (5,)}, {"seed": 8}], ids=repr
)
def test_a_changed_setting_leaves_a_way_back_to_the_branches_and_the_settings(change: dict[str, Any]) -> None:
    visitor = visitor_at(6)
    visitor.ask("fork", frame=4, furthest=6)
    use(visitor, learning_rate=0.1)
    visitor.ask_frames(4, 3, "epoch")
    config = visitor.feed.config
    # Of data alone, a run that has forked goes on with what was learned: that, too, has a way back.
    use(visitor, **change)
    if visitor.feed._carries_over:
        visitor.ask("carry_over", frame=7)
    assert visitor.feed.config == dataclasses.replace(config, **change)
    header, _, frames = visitor.ask("undo", frame=6)
    assert (visitor.feed.config, numbers_of(frames)) == (config, [6])
    assert [name for name, _ in names(header)] == ["A", "B"]
    header, _, frames = visitor.ask("branch", name="A", furthest=7)
    assert numbers_of(frames) == [6]


def test_a_deleted_branch_comes_back() -> None:
    visitor = visitor_at(6)
    visitor.ask("fork", frame=4, furthest=6)
    end = bytes_of(visitor.ask_frames(4, 3, "epoch"))[-1:]
    header, _, _ = visitor.ask("delete_branch", name="B")
    assert header["undo"]["why"] == "branch"
    visitor.ask_frames(6, 3, "epoch")
    header, _, frames = visitor.ask("undo")
    assert [name for name, _ in names(header)] == ["A", "B"]
    assert bytes_of(frames) == end
    header, _, frames = visitor.ask("redo", frame=9)
    assert (names(header), numbers_of(frames)) == ([("A", "")], [9])


def test_undo_and_redo_go_through_the_runs_in_their_order_and_a_new_run_loses_none() -> None:
    visitor = visitor_at(3)
    for seed in (11, 12):
        use(visitor, seed=seed)
        visitor.ask_frames(0, seed, "epoch")
    seeds = []
    for kind in ("undo", "undo", "redo", "redo", "undo", "undo"):
        visitor.ask(kind)
        seeds.append(visitor.feed.config.seed)
    assert seeds == [11, 3, 11, 12, 11, 3]
    use(visitor, seed=13)
    visitor.ask_frames(0, 2, "epoch")
    reached = []
    for _ in range(3):
        visitor.ask("undo")
        reached.append((visitor.feed.config.seed, visitor.feed.recording.last_frame))
    assert reached == [(3, 3), (11, 11), (12, 12)]
    before = visitor.feed.run
    assert visitor.ask("undo")[0]["kind"] == "frames"  # there is none before
    assert visitor.feed.run == before


def test_a_run_that_took_no_time_is_not_gone_back_to() -> None:
    visitor = Visitor()
    use(visitor, seed=11)
    header, _, _ = visitor.ask("sync")
    assert told(header) == (None, None)
    assert visitor.ask("undo")[0]["kind"] == "frames"


def test_a_run_that_was_opened_leaves_a_way_back_and_lives_on_the_same_budget() -> None:
    visitor = visitor_at(6)
    first = visitor.feed.run
    opened = saved_run.from_json(saved_run.to_json(Recording(dataclasses.replace(CONFIG, seed=9)), 0))
    visitor.feed.open(opened)
    assert opened.branches.memory is visitor.feed._memory
    header, _, _ = visitor.ask("sync")
    assert header["undo"] == {"run": first, "why": "run"}
    visitor.ask_frames(0, 2, "epoch")
    assert visitor.ask("undo")[0]["last_frame"] == 6


def test_the_budget_holds_for_all_runs_together_and_the_oldest_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_memory, "FRAME_BYTES", 200_000)
    visitor = Visitor()
    for seed in range(20, 22 + MOST_RUNS):
        use(visitor, seed=seed)
        visitor.ask_frames(0, 60, "epoch")
        memory = visitor.feed._memory
        assert memory.nbytes <= memory.limit == 200_000
    left = []
    while visitor.feed._earlier.before:
        visitor.ask("undo")
        left.append(visitor.feed.config.seed)
        assert memory.nbytes <= memory.limit
    assert 1 <= len(left) <= MOST_RUNS
    assert left == list(range(20 + MOST_RUNS, 20 + MOST_RUNS - len(left), -1))


def test_what_is_done_to_a_run_leaves_its_copy_as_it_was() -> None:
    recording = visitor_at(6).feed.recording
    copy = recording.copy_aside()
    parameters = [recording.track.kept[k].snapshot.parameters.copy() for k in recording.track.kept.numbers]
    recording.advance(2, "epoch", 2, 3, 1e9)
    recording.branches.frames.forget()
    copy.bring_back()
    assert copy.last_frame == 6
    for number, known in zip(copy.track.kept.numbers, parameters, strict=True):
        np.testing.assert_array_equal(copy.track.kept[number].snapshot.parameters, known)
