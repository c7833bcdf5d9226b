"""A fan in frames: every seed the single run, back to any frame that is kept, bit for bit."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.compare import fan_recording, moments
from nnplay.experiment.compare.fan_recording import FanRecording, medians
from nnplay.experiment.frames.frame import Frame

PLENTY = 1e9
CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(3,), batch_size=7, seed=3, dropout=0.1)
#: Some of its seeds diverge, others don't.
WILD = ExperimentConfig(
    dataset="moons", n_samples=40, hidden_sizes=(8, 8), activation="relu", loss="mean_squared_error",
    output="identity", learning_rate=1.0, batch_size=7,
)  # fmt: skip


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """No frame is cut short because the machine is slow."""
    monkeypatch.setattr(fan_recording, "FRAME_SECONDS", PLENTY)


def bytes_of(frame: Frame) -> list[bytes]:
    return [array.tobytes() for array in frame.arrays().values()]


@pytest.mark.parametrize("fresh_data", [False, True])
def test_a_seed_is_the_single_run(fresh_data: bool) -> None:
    fan = FanRecording(dataclasses.replace(CONFIG, max_epochs=3), 5, fresh_data)
    frame = fan.advance(0, 2, 4, PLENTY)[-1]
    assert frame.epoch == 8
    for k, config in enumerate(fan.configs):
        alone = config.build().run(epochs=8)
        np.testing.assert_allclose(frame.parts["parameters"][k], alone.network.parameters, rtol=1e-5)
        expected = [alone.history[name][-1] for name in ("train_loss", "test_loss", "train_score", "test_score")]
        np.testing.assert_allclose(frame.parts["seeds"][k], [*expected, 1], rtol=1e-9)
    assert len({config.data for config in fan.configs}) == (5 if fresh_data else 1)


def test_steps_and_epochs() -> None:
    fan = FanRecording(CONFIG, 4)
    frame = fan.advance(0, 2, 1, PLENTY, unit="step")[0]
    assert (frame.epoch, frame.step_in_epoch, frame.n_steps) == (0, 2, 2)
    frame = fan.advance(1, 1, 1, PLENTY)[0]
    assert (frame.epoch, frame.step_in_epoch, frame.n_steps) == (1, 0, fan.session.steps_per_epoch)


def test_the_fan_goes_back_bit_for_bit() -> None:
    fan = FanRecording(CONFIG, 4)
    first = fan.advance(0, 3, 6, PLENTY)
    fan.rewind(2)
    assert (fan.last_frame, fan.now, fan.history["frame"][-1]) == (2, 6, 2)
    again = fan.advance(2, 3, 4, PLENTY)
    assert [bytes_of(frame) for frame in again] == [bytes_of(frame) for frame in first[2:]]
    told = fan.advance(2, 3, 2, PLENTY)
    assert [frame.number for frame in told] == [3, 4]
    assert fan.last_frame == 6
    with pytest.raises(LookupError):
        fan.rewind(99)


def test_the_frame_tells_the_medians() -> None:
    fan = FanRecording(CONFIG, 5)
    frame = fan.advance(0, 1, 1, PLENTY)[0]
    assert frame.measures[:4] == pytest.approx(np.median(frame.parts["seeds"][:, :4], axis=0))
    assert frame.measures[4] == CONFIG.learning_rate
    assert fan.history["test_loss"][-1] == frame.measures[1]
    assert fan.history["test_loss_3"][-1] == frame.parts["seeds"][3, 1]


def test_of_medians_a_diverged_seed_is_the_worst() -> None:
    nan = np.nan
    measures = np.array([[1, 2, nan], [1, nan, nan], [0.5, 0.7, nan], [nan, nan, nan]])
    assert medians(measures) == pytest.approx((2, nan, 0.5, nan), nan_ok=True)


def test_a_seed_that_diverges_stops_and_the_others_go_on() -> None:
    fan = FanRecording(WILD, 16)
    frames = fan.advance(0, 1, 60, PLENTY)
    seeds = frames[-1].parts["seeds"]
    stopped = seeds[:, 4] == 0
    assert 0 < stopped.sum() < 16
    assert np.isnan(seeds[stopped, 3]).all()
    assert np.isfinite(seeds[~stopped, :4]).all()
    assert not fan.is_over
    before = next(frame.number for frame in frames if frame.parts["seeds"][:, 4].sum() < 16) - 1
    fan.rewind(before)
    assert fan.frame(before).parts["seeds"][:, 4].all()
    hopeless = FanRecording(dataclasses.replace(WILD, learning_rate=1e4), 4)
    frames = hopeless.advance(0, 1, 60, PLENTY)
    assert hopeless.is_over
    assert len(frames) < 60


def test_training_again_comes_to_the_same_place() -> None:
    fan = FanRecording(CONFIG, 4)
    fan.advance(0, 3, 5, PLENTY)
    steps, expected = fan.n_steps, fan.session.parameters.copy()
    again = FanRecording(CONFIG, 4)
    turns = 0
    while not again.train_to(steps, 0.0, 10):
        turns += 1
    assert turns > 3
    assert again.n_steps == steps
    assert np.array_equal(again.session.parameters, expected)


def test_old_frames_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    fan = FanRecording(CONFIG, 4)
    monkeypatch.setattr(moments, "MOST_BYTES", 40 * fan.kept[0].nbytes)
    fan.advance(0, 1, 200, PLENTY)
    assert fan.kept.nbytes <= moments.MOST_BYTES
    assert fan.kept.numbers[0] == 0
    assert fan.kept.numbers[-fan.n_recent :] == list(range(201 - fan.n_recent, 201))


def test_a_frame_takes_no_longer_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fan_recording, "FRAME_SECONDS", 1e-9)
    fan = FanRecording(CONFIG, 4)
    assert fan.advance(0, 500, 1, PLENTY)[0].epoch == 1
