"""A race in frames: all lanes at the same moment of the clock, back to any frame that is kept, bit for bit."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.compare import moments, race_recording
from nnplay.experiment.compare.race_recording import RaceRecording
from nnplay.experiment.frames.frame import Frame

PLENTY = 1e9
CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(3,), batch_size=7, seed=3)
LANES = [CONFIG, dataclasses.replace(CONFIG, batch_size=3), dataclasses.replace(CONFIG, hidden_sizes=(6, 6))]
HOPELESS = dataclasses.replace(CONFIG, learning_rate=1e4, activation="relu", hidden_sizes=(8, 8, 8))


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No frame is cut short because the machine is slow."""
    monkeypatch.setattr(race_recording, "FRAME_SECONDS", PLENTY)


def bytes_of(frame: Frame) -> list[bytes]:
    return [array.tobytes() for name, array in frame.arrays().items() if name != "lanes"]


def row(frame: Frame, lane: int) -> np.ndarray:
    """Return what a frame tells of a lane, but for the time that it took."""
    told: np.ndarray = np.delete(frame.parts["lanes"][lane], 8)
    return told


def test_all_lanes_are_at_the_same_epoch_in_every_frame() -> None:
    race = RaceRecording(LANES)
    for frame in race.advance(0, 3, 5, PLENTY):
        assert (frame.parts["lanes"][:, 0] == 3 * frame.number).all()
        assert (frame.parts["lanes"][:, 1] == 0).all()
        assert frame.epoch == 3 * frame.number


def test_a_lane_is_the_single_run_bit_for_bit() -> None:
    race = RaceRecording(LANES)
    frames = race.advance(0, 2, 4, PLENTY)
    for name, config in zip(race.names, LANES, strict=True):
        alone = config.build().run(epochs=8)
        parameters = frames[-1].parts[f"{name}_parameters"]
        assert np.array_equal(parameters, alone.network.parameters.astype("f4"))
        assert race.history[f"{name}_test_loss"][-1] == alone.history["test_loss"][-1]


def test_too_much_for_a_frame_is_less_for_all_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(race_recording, "FRAME_SECONDS", 1e-9)
    race = RaceRecording(LANES)
    (frame,) = race.advance(0, 500, 1, PLENTY)
    assert (frame.parts["lanes"][:, 0] == 1).all()


def test_going_back_and_on_again_is_the_same_race() -> None:
    race = RaceRecording([*LANES, dataclasses.replace(CONFIG, optimizer="adam", dropout=0.3)])
    first = race.advance(0, 1, 9, PLENTY)
    race.rewind(4)
    assert (race.last_frame, race.now) == (4, 4.0)
    assert race.history["frame"][-1] == 4
    again = race.advance(4, 1, 5, PLENTY)
    assert [bytes_of(frame) for frame in again] == [bytes_of(frame) for frame in first[4:]]
    for lane in range(4):
        assert np.array_equal(row(again[-1], lane), row(first[-1], lane))


def test_an_answer_that_got_lost_is_told_again() -> None:
    race = RaceRecording(LANES)
    first = race.advance(0, 1, 5, PLENTY)
    again = race.advance(2, 1, 3, PLENTY)
    assert [frame.number for frame in again] == [3, 4, 5]
    assert np.array_equal(again[-1].parts["lanes"], first[-1].parts["lanes"], equal_nan=True)  # the time, too
    other = race.advance(2, 2, 1, PLENTY)  # asked for otherwise: trained
    assert other[0].epoch == 4
    assert race.last_frame == 3


def test_a_frame_that_is_not_kept_can_not_be_gone_back_to() -> None:
    race = RaceRecording(LANES)
    race.advance(0, 1, 3, PLENTY)
    with pytest.raises(LookupError, match="the nearest one is 3"):
        race.rewind(7)
    assert race.last_frame == 3


def test_old_frames_make_room_evenly(monkeypatch: pytest.MonkeyPatch) -> None:
    race = RaceRecording(LANES)
    monkeypatch.setattr(moments, "MOST_BYTES", 60 * race.kept[0].nbytes)
    race.advance(0, 1, 400, PLENTY)
    assert race.kept.nbytes <= moments.MOST_BYTES
    assert race.kept.nbytes == sum(race.kept[number].nbytes for number in race.kept.numbers)
    kept = race.kept.numbers
    assert kept == sorted(set(kept))
    assert kept[0] == 0
    assert kept[-race.n_recent :] == list(range(401 - race.n_recent, 401))
    gaps = np.diff(kept[: -race.n_recent])
    assert gaps.max() <= race.kept._stride
    assert race.nearest_kept(37) in kept
    race.rewind(race.nearest_kept(100))
    assert race.kept.nbytes == sum(race.kept[number].nbytes for number in race.kept.numbers)


def test_a_lane_that_diverges_stands_still_and_comes_back_by_going_back() -> None:
    race = RaceRecording([CONFIG, HOPELESS])
    frames = race.advance(0, 1, 30, PLENTY)
    assert len(frames) == 30
    stop = race.stop_of(1)
    assert stop is not None
    number, words = stop
    assert words.startswith("Diverged in epoch")
    assert race.stop_of(0) is None
    fall = race.lanes[1].fall
    assert fall
    assert np.array_equal(frames[number - 1].parts["B_parameters"], fall[0][0].parameters.astype("f4"))  # it is seen
    epochs = [epoch for _, epoch, _ in fall]
    assert number - 1 < epochs[0] <= epochs[-1] < number + 1
    for frame in frames:
        assert np.isfinite(frame.parts["B_parameters"]).all()
        assert frame.parts["lanes"][0, 0] == frame.number
        assert frame.parts["lanes"][1, 9] == (frame.number < number)
    race.rewind(number - 1)
    assert race.stop_of(1) is None
    race.advance(number - 1, 1, 3, PLENTY)
    assert race.stop_of(1) == stop


def test_a_race_is_over_when_no_lane_goes_on() -> None:
    race = RaceRecording([HOPELESS, HOPELESS])
    frames = race.advance(0, 1, 50, PLENTY)
    assert 0 < len(frames) < 50
    assert race.is_over
    assert race.advance(race.last_frame, 1, 5, PLENTY) == []


def test_by_training_time_lanes_get_the_same_and_may_differ_in_epochs(monkeypatch: pytest.MonkeyPatch) -> None:
    race = RaceRecording([CONFIG, dataclasses.replace(CONFIG, hidden_sizes=(32, 32, 32))], "time")
    frames = race.advance(0, 5, 8, PLENTY)
    for frame in frames:
        assert frame.epoch == pytest.approx(0.005 * frame.number)
        assert frame.n_steps == 5 * frame.number
        assert (frame.parts["lanes"][:, 8] >= frame.epoch).all()
    small, large = frames[-1].parts["lanes"][:, 2]
    assert small > large


@pytest.mark.parametrize("clock", race_recording.CLOCKS)
def test_a_race_is_trained_again_up_to_a_moment(clock: race_recording.Clock) -> None:
    race = RaceRecording(LANES, clock)
    until = 300.0 if clock == "epochs" else 0.3
    slices = 0
    while not race.train_to(until, 0.02, 40):
        slices += 1
    assert race.now == pytest.approx(until)
    assert slices > 0
    assert 30 <= race.last_frame <= 50
    assert race.nearest_to_clock(until) == race.last_frame


def test_what_a_frame_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    race = RaceRecording([CONFIG, dataclasses.replace(CONFIG, test_fraction=0.0)])
    frame = race.advance(0, 1, 1, PLENTY)[0]
    first, second = frame.parts["lanes"]
    session = race.lanes[0].session
    assert first[:3].tolist() == [1, 0, session.steps_per_epoch]
    assert tuple(first[3:7]) == session.measure()
    assert first[7] == session.learning_rate
    assert first[8] > 0
    assert first[9] == 1
    assert np.isnan(second[[4, 6]]).all()


def test_what_is_fair_is_known_before_anything_is_trained() -> None:
    told: dict[str, Any] = {each.what: each.is_equal for each in RaceRecording(LANES).fairness}
    assert told == {"data": True, "split": True, "order": False, "first weights": False}
