"""Recordings: a run in frames, that goes on from any of them as if nothing had been in between; and their history."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import nnplay as nn
from nnplay import ExperimentConfig
from nnplay.datasets.features import compute_features
from nnplay.experiment.frames import frame_memory
from nnplay.experiment.frames.frame import Frame
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.trainer import Unit
from nnplay.experiment.training.history import History

PLENTY = 1e9  # seconds: the number of frames alone decides
CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(4, 2), batch_size=7, dropout=0.1, seed=3)


def measures_of(frames: list[Frame]) -> list[bytes]:
    return [np.array(frame.measures).tobytes() + frame.parts["parameters"].tobytes() for frame in frames]


# --- forward and back ---------------------------------------------------------------------------------------


def test_frames_follow_the_session_that_the_configuration_builds() -> None:
    frames = Recording(CONFIG).advance(0, "epoch", 2, 5, PLENTY)
    session = CONFIG.build().run(10)
    assert [frame.number for frame in frames] == [1, 2, 3, 4, 5]
    assert [frame.epoch for frame in frames] == [2, 4, 6, 8, 10]
    assert [frame.n_steps for frame in frames] == [10, 20, 30, 40, 50]
    for i, name in enumerate(("train_loss", "test_loss", "train_score", "test_score", "learning_rate")):
        assert [frame.measures[i] for frame in frames] == session.history[name][2::2].tolist()


def test_frame_zero_is_the_untrained_network() -> None:
    frame = Recording(CONFIG).frame(0)
    assert (frame.number, frame.epoch, frame.step_in_epoch, frame.n_steps) == (0, 0, 0, 0)
    assert frame.measures[0] == CONFIG.build().history["train_loss"][0]


@pytest.mark.parametrize("optimizer", ["sgd", "adam", "rmsprop", "adagrad"])
@pytest.mark.parametrize(("unit", "amount"), [("step", 3), ("epoch", 1)])
def test_going_back_and_on_again_gives_the_same_frames_bit_for_bit(unit: Unit, amount: int, optimizer: str) -> None:
    recording = Recording(dataclasses.replace(CONFIG, optimizer=optimizer))
    first = recording.advance(0, unit, amount, 20, PLENTY)
    recording.rewind(7)
    assert recording.last_frame == 7
    assert measures_of(recording.advance(7, unit, amount, 13, PLENTY)) == measures_of(first[7:])
    assert measures_of(recording.advance(2, unit, amount, 18, PLENTY)) == measures_of(first[2:])  # rewinds by itself
    assert measures_of([recording.frame(n) for n in range(1, 21)]) == measures_of(first)


def test_the_size_of_the_chunks_does_not_matter() -> None:
    at_once = Recording(CONFIG).advance(0, "step", 2, 12, PLENTY)
    recording, pieces = Recording(CONFIG), []
    for n in (1, 4, 2, 5):
        pieces += recording.advance(recording.last_frame, "step", 2, n, PLENTY)
    assert measures_of(pieces) == measures_of(at_once)


def test_looking_at_old_frames_changes_nothing_in_the_run() -> None:
    plain, watched = Recording(CONFIG), Recording(CONFIG)
    frames = []
    for n in range(8):
        watched.frame(n // 2)
        watched.look(("layers", "measures")[: n % 3])
        frames += watched.advance(n, "step", 3, 1, PLENTY)
    assert measures_of(frames) == measures_of(plain.advance(0, "step", 3, 8, PLENTY))


def test_an_epoch_frame_begun_within_an_epoch_ends_with_it() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "step", 3, 1, PLENTY)
    (frame,) = recording.advance(1, "epoch", 1, 1, PLENTY)
    assert (frame.epoch, frame.step_in_epoch, frame.n_steps) == (1, 0, 5)


def test_who_asks_for_fewer_epochs_than_are_complete_within_one_has_that_one_trained_to_its_end() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "step", 7, 2, PLENTY)  # 4 steps of the third epoch
    recording.apply(dataclasses.replace(CONFIG, max_epochs=1))
    (frame,) = recording.advance(2, "step", 5, 4, PLENTY)
    assert (frame.epoch, frame.step_in_epoch) == (3, 0)
    assert recording.stopped is not None
    assert recording.stopped.reason == "max_epochs"


def test_rewinding_forgets_what_came_after() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "epoch", 1, 10, PLENTY)
    recording.rewind(4)
    assert recording.history["frame"].tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(LookupError, match=re.escape("frame 5 is not kept; the nearest one is 4.")):
        recording.rewind(5)


def test_the_history_has_fractions_of_epochs_within_one() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "step", 2, 4, PLENTY)
    assert recording.history["epoch"].tolist() == pytest.approx([0, 0.4, 0.8, 1.2, 1.6])


# --- what is kept -------------------------------------------------------------------------------------------


def test_old_frames_are_thinned_evenly_while_the_first_and_the_recent_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(frame_memory, "FRAME_BYTES", 300_000)
    recording = Recording(dataclasses.replace(CONFIG, hidden_sizes=(), activation="tanh"))
    for last in (60, 200, 700):
        recording.advance(recording.last_frame, "step", 1, last - recording.last_frame, PLENTY)
        kept = [n for n in range(last + 1) if recording.nearest_kept(n) == n]
        assert recording.branches.memory.nbytes <= 300_000
        assert kept[0] == 0
        assert kept[-25:] == list(range(last - 24, last + 1))
        assert len(set(np.diff(kept[:-35]).tolist())) <= 1
    assert recording.history["frame"].tolist() == list(range(701))  # the curve is kept all the same
    gone = next(n for n in range(701) if n not in kept)
    with pytest.raises(LookupError, match=f"frame {gone} is not kept"):
        recording.advance(gone, "step", 1, 1, PLENTY)
    oldest = kept[3]
    losses = recording.history["train_loss"][oldest:].tolist()
    again = recording.advance(oldest, "step", 1, 700 - oldest, PLENTY)
    assert [frame.measures[0] for frame in again] == losses[1:]


def test_a_small_network_has_all_its_frames_kept_for_long() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "step", 1, 300, PLENTY)
    assert all(recording.nearest_kept(n) == n for n in range(301))


# --- budget -------------------------------------------------------------------------------------------------


def test_without_time_there_is_still_exactly_one_frame() -> None:
    recording = Recording(CONFIG)
    assert [len(recording.advance(n, "step", 1, 50, 0.0)) for n in range(3)] == [1, 1, 1]


def test_a_frame_too_long_for_the_budget_is_cut_at_the_end_of_an_epoch() -> None:
    recording = Recording(CONFIG)
    (frame,) = recording.advance(0, "epoch", 100_000, 50, 0.0)
    assert 0 < frame.epoch < 100_000
    assert frame.step_in_epoch == 0
    straight = CONFIG.build().run(frame.epoch)
    assert frame.measures[0] == straight.history["train_loss"][-1]


# --- live settings ------------------------------------------------------------------------------------------


def test_a_new_learning_rate_acts_from_the_next_step_and_on_frames_gone_back_to() -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "step", 1, 6, PLENTY)
    recording.apply(dataclasses.replace(CONFIG, learning_rate=0.0, momentum=0.0))
    frozen = recording.advance(4, "step", 1, 3, PLENTY)
    assert {frame.measures[0] for frame in frozen} == {recording.history["train_loss"][4]}
    assert {frame.measures[4] for frame in frozen} == {0.0}
    recording.apply(CONFIG)
    resumed = recording.advance(4, "step", 1, 2, PLENTY)
    straight = Recording(CONFIG).advance(0, "step", 1, 6, PLENTY)
    assert measures_of(resumed) == measures_of(straight[4:])


def test_another_optimizer_takes_over_at_the_frame_gone_back_to() -> None:
    recording = Recording(CONFIG)
    first = recording.advance(0, "step", 1, 6, PLENTY)
    adam = dataclasses.replace(CONFIG, optimizer="adam")
    recording.apply(adam)
    other = recording.advance(3, "step", 1, 3, PLENTY)
    assert measures_of(other) != measures_of(first[3:])
    assert measures_of(recording.advance(3, "step", 1, 3, PLENTY)) == measures_of(other)


def test_settings_of_another_run_are_refused() -> None:
    with pytest.raises(ValueError, match="config must differ from the recorded one in live settings only"):
        Recording(CONFIG).apply(dataclasses.replace(CONFIG, seed=4))


# --- divergence ---------------------------------------------------------------------------------------------

WILD = ExperimentConfig(dataset="hills", n_samples=40, hidden_sizes=(4,), activation="relu", learning_rate=100.0)


@pytest.mark.parametrize("activation", ["relu", "tanh", "identity", "gelu"])
@pytest.mark.parametrize(("unit", "amount"), [("step", 1), ("epoch", 50)])
def test_divergence_stops_on_the_last_good_frame(unit: Unit, amount: int, activation: str) -> None:
    recording = Recording(dataclasses.replace(WILD, activation=activation))
    frames = recording.advance(0, unit, amount, 1000, PLENTY)
    stop = recording.stopped
    assert stop is not None
    assert stop.frame == recording.last_frame == len(frames) == recording.history["frame"][-1]
    assert np.isfinite(recording.history["train_loss"]).all()
    assert np.isfinite(recording.session.network.parameters).all()
    assert re.fullmatch(rf"Training stopped in epoch {stop.epoch}: .+\.", stop.message)
    assert re.search(r"try a learning rate of (10|1|0\.1|0\.01) or less", stop.advice)
    assert recording.advance(recording.last_frame, unit, amount, 5, PLENTY) == []  # and stays there


@pytest.mark.parametrize(("unit", "amount"), [("step", 1), ("epoch", 1), ("epoch", 50)])
def test_the_steps_in_which_a_run_diverges_are_frames_however_fast_it_is_shown(unit: Unit, amount: int) -> None:
    recording = Recording(ExperimentConfig(dataset="hills", learning_rate=1.0, activation="tanh", hidden_sizes=(8, 8)))
    frames = recording.advance(0, unit, amount, 1000, PLENTY)
    stop = recording.stopped
    assert stop is not None
    assert stop.good is not None
    fall = [frame for frame in frames if frame.number > stop.good]
    assert len(fall) >= 2
    assert np.diff([frame.n_steps for frame in fall]).tolist() == [1] * (len(fall) - 1)
    assert fall[-1].measures[0] > 100 * recording.history["train_loss"][0]
    assert stop.gone == pytest.approx((fall[-1].n_steps + 1) / recording.session.steps_per_epoch)
    again = recording.advance(stop.good, unit, amount, 1, PLENTY)  # an answer that got lost
    assert [frame.number for frame in again] == [stop.good + 1]
    assert recording.last_frame == stop.frame


def test_training_goes_on_after_a_divergence_with_a_smaller_rate() -> None:
    recording = Recording(WILD)
    recording.advance(0, "step", 1, 1000, PLENTY)
    recording.apply(dataclasses.replace(WILD, learning_rate=0.01))
    assert recording.stopped is None
    frames = recording.advance(0, "epoch", 1, 5, PLENTY)
    assert len(frames) == 5
    assert recording.stopped is None
    assert frames[-1].measures[0] < recording.history["train_loss"][0]


# --- what is drawn ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fields", [{}, {"hidden_sizes": ()}, {"bias": False}, {"dtype": "float32"}], ids=str)
def test_a_frame_is_the_networks_parameters(fields: dict[str, Any]) -> None:
    recording = Recording(dataclasses.replace(CONFIG, **fields))
    (frame,) = recording.advance(0, "epoch", 5, 1, PLENTY)
    assert list(frame.parts) == ["parameters"]
    assert frame.parts["parameters"].dtype == "<f4"
    assert np.array_equal(frame.parts["parameters"], recording.session.network.parameters.astype("f4"))


def test_every_sample_is_drawn_train_first_and_inside_the_domain() -> None:
    recording = Recording(CONFIG)
    assert recording.setup.is_test.tolist() == [False] * 30 + [True] * 10
    assert np.array_equal(recording.setup.inputs[:30], recording.session.train.X)
    (x_low, x_high), (y_low, y_high) = recording.setup.domain
    assert x_high - x_low == pytest.approx(y_high - y_low)
    assert ((recording.setup.inputs > [x_low, y_low]) & (recording.setup.inputs < [x_high, y_high])).all()


def test_features_are_computed_of_the_samples_which_stay_on_the_plane() -> None:
    features = ("x1**2", "x2**2", "sin(3*x1)")
    recording, plain = Recording(dataclasses.replace(CONFIG, features=features)), Recording(CONFIG)
    assert np.array_equal(recording.setup.inputs, plain.setup.inputs)
    assert recording.setup.domain == plain.setup.domain
    fed = np.concatenate([recording.setup.train.X, recording.setup.test.X])
    assert np.array_equal(fed, compute_features(features, recording.setup.inputs))


# --- the history as such ------------------------------------------------------------------------------------


@given(n=st.integers(0, 400), capacity=st.integers(3, 40))
def test_a_history_stays_small_even_and_keeps_its_ends(n: int, capacity: int) -> None:
    history = History(("key", "value"), capacity)
    for key in range(n):
        history.append(key, key * 10)
        assert history.n_rows <= capacity
    keys = history["key"]
    assert np.array_equal(history["value"], keys * 10)
    if n:
        assert (keys[0], keys[-1]) == (0, n - 1)
        assert (np.diff(keys) > 0).all()
    if n > capacity:
        assert history.n_rows > capacity // 2


@given(
    moves=st.lists(st.one_of(st.just("append"), st.just("snapshot"), st.integers(0, 30), st.integers(-4, -1))),
    capacity=st.integers(3, 12),
)
def test_a_history_restores_any_snapshot_whatever_happened_since(moves: list[Any], capacity: int) -> None:
    """Non-negative moves truncate after that key, negative ones restore one of the snapshots."""
    history = History(("key", "value"), capacity)
    history.append(0, 0)
    kept = [(history.snapshot(), history["key"].tolist())]
    for move in moves:
        if move == "append":
            key = history["key"][-1] + 1 if history.n_rows else 0
            history.append(key, -key)
        elif move == "snapshot":
            kept.append((history.snapshot(), history["key"].tolist()))
        elif move >= 0:
            before = history["key"]
            history.truncate_after(move)
            assert history["key"].tolist() == before[before <= move].tolist()
        else:
            state, keys = kept[move % len(kept)]
            history.restore(state)
            assert history["key"].tolist() == keys
        assert np.array_equal(history["value"], -history["key"])
    for state, keys in kept:
        history.restore(state)
        assert history["key"].tolist() == keys


def test_a_row_must_have_a_number_for_each_column() -> None:
    with pytest.raises(ValueError, match="argument"):
        History(("key", "value")).append(1)


def test_a_recordings_curve_is_bounded_too() -> None:
    recording = Recording(nn.ExperimentConfig(n_samples=20, hidden_sizes=(), batch_size=None))
    recording.history.capacity = 50
    recording.advance(0, "step", 1, 120, PLENTY)
    assert recording.history.n_rows <= 50
    assert recording.history["frame"][-1] == 120
