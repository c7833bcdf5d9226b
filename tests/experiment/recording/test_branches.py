"""Branches of a run: they share the past bit for bit, go on as if alone, and carry over what was learned."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nnplay import ExperimentConfig
from nnplay.experiment.frames import frame_memory
from nnplay.experiment.frames.frame import Frame
from nnplay.experiment.recording.branches import MAX_BRANCHES
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.trainer import Unit
from nnplay.experiment.saved_runs.saved_run import from_json, to_json

PLENTY = 1e9
CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(4, 2), batch_size=7, seed=3)
KINDS: list[dict[str, Any]] = [
    {},
    {"dropout": 0.3},
    {"optimizer": "adam", "schedule": "cosine(epochs=5)", "dropout": 0.2},
    {"optimizer": "rmsprop", "regularizer": "l2", "schedule": "step(every=2)"},
    {"nesterov": True, "dtype": "float32", "shuffle": False, "schedule": "exponential"},
]


def bytes_of(frames: list[Frame]) -> list[bytes]:
    return [b"".join(array.tobytes() for array in frame.arrays().values()) for frame in frames]


def changed(config: ExperimentConfig, **fields: Any) -> ExperimentConfig:
    return dataclasses.replace(config, **fields)


@settings(max_examples=15, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    way=st.sampled_from([("step", 1), ("step", 4), ("epoch", 1), ("epoch", 3)]),
    at=st.integers(0, 12),
    change=st.sampled_from([{}, {"learning_rate": 0.5}, {"optimizer": "adagrad"}, {"dropout": 0.5}]),
)
def test_a_fork_shares_the_past_and_leaves_the_old_branch_as_it_was(
    kind: dict, way: tuple[Unit, int], at: int, change: dict
) -> None:
    config = changed(CONFIG, **kind)
    alone = Recording(config).advance(0, *way, 20, PLENTY)
    recording = Recording(config)
    recording.advance(0, *way, 12, PLENTY)
    recording.fork(at, 12)
    assert [track.name for track in recording.branches] == ["A", "B"]
    assert bytes_of([recording.frame(n) for n in range(1, at + 1)]) == bytes_of(alone[:at])
    recording.apply(changed(config, **change))
    beyond = recording.advance(at, *way, 5, PLENTY)
    if not change:
        assert bytes_of(beyond) == bytes_of(alone[at : at + 5])
    recording.switch("A", at + 5)
    assert recording.config == config
    assert bytes_of([recording.frame(n) for n in range(1, 13)]) == bytes_of(alone[:12])
    assert bytes_of(recording.advance(12, *way, 8, PLENTY)) == bytes_of(alone[12:])
    recording.switch("B", 20)
    assert bytes_of(recording.replay(at, 5)) == bytes_of(beyond)


@settings(max_examples=15, deadline=None)
@given(
    kind=st.sampled_from(KINDS),
    first=st.lists(st.sampled_from([("step", 1), ("step", 3), ("epoch", 1)]), min_size=1, max_size=12),
    data=st.data(),
)
def test_rewind_then_continue_gives_identical_losses(
    kind: dict, first: list[tuple[Unit, int]], data: st.DataObject
) -> None:
    recording = Recording(changed(CONFIG, **kind))
    frames = [recording.advance(n, unit, amount, 1, PLENTY)[0] for n, (unit, amount) in enumerate(first)]
    back = data.draw(st.integers(0, len(first) - 1))
    recording.rewind(back)
    again = [recording.advance(n, *first[n], 1, PLENTY)[0] for n in range(back, len(first))]
    assert bytes_of(again) == bytes_of(frames[back:])


def test_a_branch_with_another_learning_rate_goes_another_way() -> None:
    recording = Recording(CONFIG)
    first = recording.advance(0, "epoch", 1, 5, PLENTY)
    recording.fork(3, 5)
    recording.apply(changed(CONFIG, learning_rate=0.5))
    assert bytes_of(recording.advance(3, "epoch", 1, 2, PLENTY)) != bytes_of(first[3:])


def test_what_was_trained_ahead_and_never_seen_is_no_part_of_a_branch_that_is_left() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "epoch", 1, 10, PLENTY)
    recording.fork(3, furthest=6)
    recording.switch("A", 3)
    assert recording.last_frame == 6
    assert recording.history["frame"].tolist() == list(range(7))


def test_there_are_only_so_many_branches_and_any_can_be_deleted() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "epoch", 1, 2, PLENTY)
    for _ in range(MAX_BRANCHES - 1):
        recording.fork(1, 2)
    with pytest.raises(ValueError, match=f"at most {MAX_BRANCHES}"):
        recording.fork(1, 2)
    recording.switch("C", 1)
    recording.delete_branch("C")
    assert recording.track.name == "B"  # the one it came from
    recording.delete_branch("E")
    assert recording.track.name == "B"
    recording.fork(1, 1)
    assert recording.track.name == "C"
    for name in "ABDF":
        recording.delete_branch(name)
    with pytest.raises(ValueError, match="at least 2"):
        recording.delete_branch("C")
    assert len(recording.advance(1, "epoch", 1, 3, PLENTY)) == 3


def test_changed_settings_leave_a_mark_where_they_began_to_act() -> None:
    recording = Recording(CONFIG)
    recording.apply(changed(CONFIG, learning_rate=0.2))  # before any training: how the run began
    recording.advance(0, "epoch", 1, 5, PLENTY)
    recording.apply(changed(CONFIG, learning_rate=0.1, max_epochs=90))
    assert len(recording.track.changes) == 1
    recording.advance(4, "epoch", 1, 5, PLENTY)
    assert [(change.frame, change.epoch) for change in recording.track.changes] == [(0, 0.0), (4, 4.0)]
    recording.apply(changed(recording.config, max_epochs=80))  # takes no other step
    recording.advance(6, "step", 1, 1, PLENTY)
    assert len(recording.track.changes) == 2
    recording.rewind(4)
    assert len(recording.track.changes) == 1


# --- carried over ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fields",
    [
        {"dataset": "circles", "noise": 0.2},
        {"n_samples": 60, "test_fraction": 0.0},
        {"batch_size": None},
        {"loss": "quadratic"},
        {"seed": 9, "shuffle": False},
        {"learning_rate": 0.3, "noise": 0.0, "optimizer": "adam"},
    ],
)
@pytest.mark.parametrize("way", [("step", 3), ("epoch", 1)])
def test_what_was_learned_goes_on_with_other_data(fields: dict, way: tuple[Unit, int]) -> None:
    recording = Recording(CONFIG)
    recording.advance(0, *way, 6, PLENTY)
    recording.fork(4, 6)
    before = recording.session.network.parameters.copy()
    other = changed(CONFIG, **fields)
    assert CONFIG.can_carry_over(other)
    recording.carry_over(other, 4)
    assert recording.config == other
    assert np.array_equal(recording.session.network.parameters, before)
    assert len(recording.setup.inputs) == other.n_samples
    assert recording.nearest_kept(0) == 4  # earlier pictures were of other data
    assert recording.history["frame"].tolist() == [0, 1, 2, 3, 4]
    expected = recording.session.measure()
    assert np.array_equal(recording.frame(4).measures[:4], expected, equal_nan=True)
    first = recording.advance(4, "epoch", 1, 6, PLENTY)
    assert first[-1].epoch == first[0].epoch + 5
    recording.rewind(6)
    assert bytes_of(recording.advance(6, "epoch", 1, 4, PLENTY)) == bytes_of(first[2:])
    recording.switch("A", 10)
    assert len(recording.setup.inputs) == CONFIG.n_samples
    recording.switch("B", 6)
    assert bytes_of(recording.replay(4, 6)) == bytes_of(first)


@pytest.mark.parametrize(
    "fields",
    [
        {"hidden_sizes": (4, 3)},
        {"activation": "relu"},
        {"dataset": "blobs(classes=3)"},
        {"dataset": "hills"},
        {"output": "softmax"},
        {"bias": False},
        {"dtype": "float32"},
        {"initializer": "zeros"},
    ],
)
def test_another_architecture_is_not_carried_over(fields: dict) -> None:
    other = changed(CONFIG, **fields)
    assert not CONFIG.can_carry_over(other)
    assert not other.can_carry_over(CONFIG)


def test_edits_by_hand_stay_within_the_budget_and_are_not_carried_over() -> None:
    recording = Recording(changed(CONFIG, hidden_sizes=(64,) * 8, optimizer="adam"))
    for number in range(30):
        recording.set_parameter(0, number / 10)
        assert recording.last_frame == number + 1
        assert recording.branches.memory.nbytes <= recording.branches.memory.limit
    assert 0 < len(recording.track.edits) < 20
    recording.fork(30, 30)
    recording.carry_over(changed(recording.config, noise=0.2), 30)
    assert recording.track.edits == []


def test_a_large_network_forks_and_is_saved_at_the_frame_on_screen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_memory, "FRAME_BYTES", 1_500_000)
    recording = Recording(ExperimentConfig(hidden_sizes=(64, 64), batch_size=10, momentum=0.9))
    recording.advance(0, "step", 1, 60, PLENTY)
    kept = recording.track.kept
    light = next(number for number in reversed(kept.numbers) if not kept.can_resume(number))
    assert light > 5
    shown = recording.frame(light).measures
    opened = from_json(to_json(recording, light))
    recording.fork(light, recording.last_frame)
    assert recording.last_frame == opened.last_frame == light
    assert recording.frame(light).measures == shown
    following = [each.advance(light, "step", 1, 3, PLENTY)[-1].measures for each in (recording, opened)]
    assert following[0] == following[1]
    recording.switch("A", recording.last_frame)
    recording.rewind(light)
    assert recording.last_frame == light
