"""Runs that stop by themselves: at the very epoch, whatever the frames, and only until one goes on."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.trainer import Unit

PLENTY = 1e9
CONFIG = ExperimentConfig(dataset="moons", n_samples=60, hidden_sizes=(4,), batch_size=9, learning_rate=0.1, seed=2)
WAYS = [("step", 1), ("step", 4), ("epoch", 1), ("epoch", 7), ("epoch", 500)]


def recording_of(**fields: Any) -> Recording:
    return Recording(dataclasses.replace(CONFIG, **fields))


def reference(epochs: int) -> dict[str, np.ndarray]:
    """Return the history of a session that just runs."""
    return dict(CONFIG.build().run(epochs).history)


@pytest.mark.parametrize(("unit", "amount"), WAYS)
def test_a_run_ends_after_so_many_epochs(unit: Unit, amount: int) -> None:
    recording = recording_of(max_epochs=13)
    frames = recording.advance(0, unit, amount, 1000, PLENTY)
    assert (frames[-1].epoch, frames[-1].step_in_epoch) == (13, 0)
    assert recording.stopped
    assert (recording.stopped.reason, recording.stopped.frame) == ("max_epochs", frames[-1].number)
    assert recording.advance(recording.last_frame, unit, amount, 5, PLENTY) == []


@pytest.mark.parametrize(("unit", "amount"), WAYS)
def test_a_target_stops_at_the_first_epoch_that_meets_it(unit: Unit, amount: int) -> None:
    losses = reference(60)["train_loss"]
    target = float(losses[40])
    expected = int(np.argmax(losses[1:] <= target)) + 1
    recording = recording_of(target_loss=target)
    frames = recording.advance(0, unit, amount, 1000, PLENTY)
    assert (frames[-1].epoch, frames[-1].measures[0]) == (expected, losses[expected])
    assert recording.stopped
    assert recording.stopped.reason == "target_loss"


@pytest.mark.parametrize("test_fraction", [0.25, 0.0])
@pytest.mark.parametrize(("unit", "amount"), WAYS)
def test_patience_counts_epochs_without_a_lower_loss(unit: Unit, amount: int, test_fraction: float) -> None:
    fields: dict[str, Any] = {"test_fraction": test_fraction, "learning_rate": 1.5}
    history = dataclasses.replace(CONFIG, **fields).build().run(400).history
    losses = history["test_loss" if test_fraction else "train_loss"][1:]
    best = np.minimum.accumulate(losses)
    since = [int(k - np.argmin(losses[: k + 1])) for k in range(len(best))]
    expected = since.index(3) + 1
    recording = recording_of(patience=3, **fields)
    frames = recording.advance(0, unit, amount, 10_000, PLENTY)
    assert frames[-1].epoch == expected
    assert recording.stopped
    assert recording.stopped.reason == "patience"
    assert f"after epoch {expected - 3}" in recording.stopped.message


@pytest.mark.parametrize("fields", [{"max_epochs": 5}, {"target_loss": 10.0}, {"patience": 2, "learning_rate": 0.0}])
def test_one_can_go_on_past_a_condition_and_the_run_is_what_it_would_have_been(fields: dict[str, Any]) -> None:
    recording = recording_of(**fields)
    recording.advance(0, "epoch", 1, 100, PLENTY)
    stop = recording.stopped
    assert stop
    at = recording.last_frame
    beyond = recording.advance(at, "epoch", 1, 2, PLENTY, go_on=True)
    free = recording_of(**{name: value for name, value in fields.items() if name == "learning_rate"})
    assert [f.measures for f in beyond] == [f.measures for f in free.advance(0, "epoch", 1, at + 2, PLENTY)[at:]]
    if stop.reason == "patience":
        assert recording.stopped
        assert recording.stopped.epoch == at + 2  # it is counted anew
    else:
        assert recording.stopped is None


def test_a_changed_condition_counts_again() -> None:
    recording = recording_of(max_epochs=5)
    recording.advance(0, "epoch", 1, 100, PLENTY)
    recording.apply(dataclasses.replace(recording.config, learning_rate=0.01))
    assert recording.stopped  # still met
    recording.apply(dataclasses.replace(recording.config, max_epochs=8))
    assert recording.stopped is None
    assert len(recording.advance(5, "epoch", 1, 100, PLENTY)) == 3
    recording.apply(dataclasses.replace(recording.config, max_epochs=3))
    assert recording.stopped
    assert recording.stopped.epoch == 8
    recording.apply(dataclasses.replace(recording.config, max_epochs=0))
    assert len(recording.advance(8, "epoch", 1, 5, PLENTY)) == 5


def test_going_back_before_a_stop_comes_to_it_again() -> None:
    recording = recording_of(patience=2, learning_rate=0.0)
    first = recording.advance(0, "epoch", 1, 100, PLENTY)
    recording.rewind(1)
    assert recording.stopped is None
    again = recording.advance(1, "epoch", 1, 100, PLENTY)
    assert [frame.measures for frame in again] == [frame.measures for frame in first[1:]]
    assert recording.stopped


@pytest.mark.parametrize(("unit", "amount"), [("epoch", 1), ("epoch", 7), ("step", 4)])
@pytest.mark.parametrize("kind", ["max_epochs", "target_loss", "patience"])
def test_a_condition_set_while_later_frames_are_trained_ahead_stops_at_its_very_epoch(
    unit: Unit, amount: int, kind: str
) -> None:
    recording = recording_of()
    frames = recording.advance(0, unit, amount, 60, PLENTY)
    here = next(frame for frame in frames if frame.epoch >= 6)
    losses = reference(frames[-1].epoch)["train_loss"]
    value: Any = {"max_epochs": here.epoch + 2, "target_loss": float(losses[here.epoch + 2]), "patience": 1}[kind]
    other = dataclasses.replace(recording.config, **{kind: value})
    recording.apply(other)
    again = recording.advance(here.number, unit, amount, 60, PLENTY)

    fresh = recording_of()
    fresh.advance(0, unit, amount, here.number, PLENTY)
    fresh.apply(other)
    expected = fresh.advance(here.number, unit, amount, 60, PLENTY)
    assert [(f.epoch, f.measures) for f in again] == [(f.epoch, f.measures) for f in expected]
    assert recording.stopped == fresh.stopped
    assert recording.last_frame == again[-1].number
    if kind == "max_epochs":
        assert (again[-1].epoch, again[-1].step_in_epoch) == (here.epoch + 2, 0)
    elif kind == "target_loss":
        assert again[-1].epoch == here.epoch + 1 + int(np.argmax(losses[here.epoch + 1 :] <= value))
