"""What the last hidden layer sees of samples without a plane: along principal components that stay."""

from __future__ import annotations

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.frames.components import Components
from nnplay.experiment.frames.frame import Arrays, Frame
from nnplay.experiment.recording.recording import Recording

PLENTY = 1e9
DIGITS = ExperimentConfig(dataset="digits", hidden_sizes=(12, 8), n_rows=300)


def restored(arrays: Arrays) -> np.ndarray:
    """Return the coordinates (n, 2) that the arrays of a frame stand for."""
    scale = arrays["hidden_scale"].astype(float)
    assert np.isfinite(scale).all()
    return scale[::2] + scale[1::2] * arrays["hidden_points"]


def drawn(values: np.ndarray) -> np.ndarray:
    return restored(Components().draw(values, 0))


def shown(frame: Frame) -> np.ndarray:
    return restored(frame.parts)


def last_layer(recording: Recording) -> np.ndarray:
    return recording.session.network.hidden_activations(recording.setup.inputs)[-1]


def test_the_components_spread_the_samples_most_and_stay_until_they_are_chosen_again() -> None:
    recording = Recording(DIGITS)
    first = last_layer(recording)
    at_first = shown(recording.frame(0))
    spread = np.linalg.svd(first - first.mean(axis=0), compute_uv=False)
    assert np.allclose(np.linalg.norm(at_first, axis=0), spread[:2], rtol=1e-3)
    basis = np.linalg.lstsq(first - first.mean(axis=0), at_first, rcond=None)[0]

    recording.look(("layers",))
    (later,) = recording.advance(0, "epoch", 5, 1, PLENTY)
    now = last_layer(recording)
    assert np.allclose(shown(later), (now - first.mean(axis=0)) @ basis, atol=1e-3)
    assert np.array_equal(shown(recording.frame(0)), at_first)  # and a rewind shows what was

    recording.look((), fit=1)
    spread = np.linalg.svd(now - now.mean(axis=0), compute_uv=False)
    assert np.allclose(np.linalg.norm(shown(recording.frame(1)), axis=0), spread[:2], rtol=1e-3)
    assert not np.allclose(np.linalg.norm(shown(later), axis=0), spread[:2], rtol=1e-2)


@pytest.mark.parametrize("units", [1, 2])
def test_a_layer_of_one_or_two_units_is_shown_as_it_is(units: int) -> None:
    recording = Recording(ExperimentConfig(**DIGITS.to_dict() | {"hidden_sizes": (5, units)}))
    expected = np.zeros((len(recording.setup.inputs), 2))
    expected[:, :units] = last_layer(recording)
    assert np.allclose(shown(recording.frame(0)), expected, atol=1e-4)


def test_without_hidden_layers_the_images_are_shown() -> None:
    recording = Recording(ExperimentConfig(**DIGITS.to_dict() | {"hidden_sizes": ()}))
    inputs = recording.setup.inputs
    spread = np.linalg.svd(inputs - inputs.mean(axis=0), compute_uv=False)
    assert np.allclose(np.linalg.norm(shown(recording.frame(0)), axis=0), spread[:2], rtol=1e-3)


def test_components_of_a_layer_that_says_nothing_yet_are_not_kept() -> None:
    components = Components()
    components.draw(np.zeros((3, 40), "f4"), 0)
    values = np.random.default_rng(0).normal(size=(3, 40)).astype("f4")
    points = restored(components.draw(values, 0))
    spread = np.linalg.svd(values.T - values.T.mean(axis=0), compute_uv=False)
    assert np.allclose(np.linalg.norm(points, axis=0), spread[:2], rtol=1e-3)


# --- as steps of a scale ------------------------------------------------------------------------------------


def test_coordinates_survive_as_steps_of_their_scale() -> None:
    values = np.random.default_rng(0).normal(size=(2, 40)).astype("f4") * [[3.0], [0.01]]
    assert np.allclose(drawn(values), values.T, atol=np.ptp(values, axis=1) / 60_000)


@pytest.mark.parametrize("value", [0.0, 5.0, 1e14, -1e14])
def test_a_layer_that_is_the_same_everywhere_can_be_packed(value: float) -> None:
    assert np.allclose(drawn(np.full((2, 40), value, "f4")), value)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("n_units", [2, 5])
@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize("bad", [np.inf, -np.inf, np.nan, 3e38])
def test_coordinates_past_all_measure_are_packed_on_a_finite_scale(bad: float, dtype: str, n_units: int) -> None:
    values = np.random.default_rng(0).normal(size=(n_units, 40)).astype(dtype)
    values[0, 3] = bad
    points = drawn(values)
    assert np.isfinite(points).all()
    if n_units == 2 and not np.isnan(bad):
        assert points[3, 0] == pytest.approx(np.clip(bad, -1e15, 1e15), rel=1e-4)
