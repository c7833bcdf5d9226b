"""What the hidden-layer panel shows: a morph through the engine's own numbers, components that stay, straight cuts."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression
from sklearn.preprocessing import StandardScaler

import nnplay as nn
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame import Frame
from nnplay.experiment.frames.hidden_space import View
from nnplay.experiment.frames.linear_probe import LinearProbe
from nnplay.experiment.frames.surface import Surface
from nnplay.experiment.recording.recording import Recording

PLENTY = 1e9
CONFIG = nn.ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(2, 2), batch_size=7, seed=3)
MORPH = View(mode="morph")


def trained(config: nn.ExperimentConfig, view: View, epochs: int = 10) -> tuple[Recording, Frame]:
    recording = Recording(config)
    recording.look(view)
    (frame,) = recording.advance(0, "epoch", epochs, 1, PLENTY)
    return recording, frame


# --- morph --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu"])
def test_the_stages_of_a_morph_are_the_engines_own_numbers(activation: str) -> None:
    recording, frame = trained(dataclasses.replace(CONFIG, activation=activation), MORPH)
    network, X = recording.session.network, recording.setup.inputs
    a = X
    assert frame.hidden.points.shape == (5, 40, 2)
    assert frame.hidden.grid.shape == (5, *recording.grid_shape, 2)
    assert np.allclose(frame.hidden.points[0], X, atol=1e-6)
    for layer, activations in enumerate(network.hidden_activations(X)):
        product = a @ network.weights[layer]
        shifted, a = frame.hidden.points[1 + 2 * layer], activations
        assert np.allclose(shifted, product + network.biases[layer], atol=1e-5)
        assert np.allclose(shifted - frame.hidden.shifts[layer], product, atol=1e-5)
        assert np.allclose(frame.hidden.points[2 + 2 * layer], activations, atol=1e-5)
    plane = frame.hidden.grid[0].reshape(-1, 2)
    assert np.allclose(frame.hidden.grid[-1].reshape(-1, 2), network.hidden_activations(plane)[-1], atol=1e-5)


def test_in_a_morph_more_than_two_units_are_seen_along_the_components_of_their_layer() -> None:
    config = dataclasses.replace(CONFIG, hidden_sizes=(6, 1, 3))
    recording, frame = trained(config, MORPH)
    for layer in (0, 2):
        recording.look(View(layer))
        assert np.allclose(frame.hidden.points[2 + 2 * layer], recording.frame(1).hidden.points, atol=1e-5)
    one_unit = recording.session.network.hidden_activations(recording.setup.inputs)[1]
    assert np.allclose(frame.hidden.points[4], np.hstack([one_unit, 0 * one_unit]), atol=1e-5)


def test_in_a_morph_features_are_a_stage_between_the_plane_and_the_first_layer() -> None:
    recording, frame = trained(dataclasses.replace(CONFIG, features=("x2", "x1*x2")), MORPH)
    x1, x2 = recording.setup.inputs.T
    assert frame.hidden.points.shape == (6, 40, 2)
    assert np.allclose(frame.hidden.points[0], recording.setup.inputs, atol=1e-6)
    assert np.allclose(frame.hidden.points[1], np.column_stack([x2, x1 * x2]), atol=1e-6)
    product = frame.hidden.points[1] @ recording.session.network.weights[0]
    assert np.allclose(frame.hidden.points[2] - frame.hidden.shifts[0], product, atol=1e-5)


def test_a_morph_of_functions_of_one_input_begins_with_a_line() -> None:
    recording, frame = trained(nn.ExperimentConfig(dataset="sine", n_samples=40, hidden_sizes=(3,)), MORPH)
    assert frame.hidden.points.shape == (3, 40, 2)
    assert np.allclose(
        frame.hidden.points[0], np.hstack([recording.setup.inputs, 0 * recording.setup.inputs]), atol=1e-6
    )


def test_without_hidden_layers_there_is_nothing_to_morph() -> None:
    for mode in ("morph", "3d"):
        _, frame = trained(dataclasses.replace(CONFIG, hidden_sizes=()), View(mode=mode))
        assert frame.hidden.points.shape == (40, 2)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("mode", ["morph", "3d"])
def test_a_run_that_diverges_is_drawn_to_the_end(mode: str) -> None:
    wild = dataclasses.replace(CONFIG, dataset="hills", hidden_sizes=(4, 3), activation="relu", learning_rate=100.0)
    recording = Recording(wild)
    recording.look(View(0, "pca", (0, 1, 2), mode=mode))
    frames = recording.advance(0, "step", 1, 1000, PLENTY)
    assert recording.stopped
    for frame in frames:
        for array in (frame.hidden.points, frame.hidden.grid, frame.hidden.shifts):
            assert np.isfinite(array).all()


# --- components that stay -----------------------------------------------------------------------------------


def test_components_stay_as_first_fitted_until_they_are_fitted_again() -> None:
    config = dataclasses.replace(CONFIG, hidden_sizes=(8,))
    recording = Recording(config)
    network = recording.session.network
    first = network.hidden_activations(recording.setup.inputs)[0]
    recording.look(View(0))
    at_first = recording.frame(0).hidden.points
    basis = np.linalg.lstsq(first - first.mean(axis=0), at_first, rcond=None)[0]

    recording.look(View(0))
    (later,) = recording.advance(0, "epoch", 40, 1, PLENTY)
    now = network.hidden_activations(recording.setup.inputs)[0]
    assert np.allclose(later.hidden.points, (now - first.mean(axis=0)) @ basis, atol=1e-4)
    assert np.array_equal(recording.frame(0).hidden.points, at_first)  # and a rewind shows what was

    recording.look(View(0, fit=1))
    spread = np.linalg.svd(now - now.mean(axis=0), compute_uv=False)
    again = recording.frame(1).hidden.points.astype(float)
    assert np.allclose(np.linalg.norm(again, axis=0), spread[:2], rtol=1e-4)
    assert not np.allclose(np.linalg.norm(later.hidden.points, axis=0), spread[:2], rtol=1e-2)
    assert not np.array_equal(recording.frame(0).hidden.points, at_first)


def test_components_of_a_layer_that_says_nothing_yet_are_not_kept() -> None:
    config = dataclasses.replace(CONFIG, hidden_sizes=(3,))
    recording = Recording(config)
    surface = Surface(recording.session.network, recording.setup.inputs, recording.setup.plane)
    for parameters in (np.zeros(13), recording.session.network.parameters):
        surface.evaluate(parameters)
        points = surface.hidden_space(View(0)).points
    now = recording.session.network.hidden_activations(recording.setup.inputs)[0]
    spread = np.linalg.svd(now - now.mean(axis=0), compute_uv=False)
    assert np.allclose(np.linalg.norm(points.astype(float), axis=0), spread[:2], rtol=1e-4)


# --- three dimensions ---------------------------------------------------------------------------------------


def test_three_coordinates_are_three_units_or_three_components() -> None:
    config = dataclasses.replace(CONFIG, hidden_sizes=(5,))
    recording, frame = trained(config, View(0, "units", (4, 0, 2), mode="3d"))
    hidden = recording.session.network.hidden_activations(recording.setup.inputs)[0]
    assert np.allclose(frame.hidden.points, hidden[:, [4, 0, 2]], atol=1e-5)
    recording.look(View(0, "pca", (0, 1, 2), mode="3d", fit=1))
    solid = recording.frame(1).hidden.points
    spread = np.linalg.svd(hidden - hidden.mean(axis=0), compute_uv=False)
    assert np.allclose(np.linalg.norm(solid.astype(float), axis=0), spread[:3], rtol=1e-3)
    recording.look(View(0, "pca", fit=1))
    assert np.allclose(recording.frame(1).hidden.points, solid[:, :2], atol=1e-6)  # the flat view is its shadow
    assert np.isnan(frame.hidden.line).all()


@pytest.mark.parametrize("projection", ["units", "pca"])
def test_the_undecided_plane_parts_the_samples_as_the_network_does(projection: str) -> None:
    recording, frame = trained(
        dataclasses.replace(CONFIG, hidden_sizes=(4, 3)), View(1, projection, (2, 0, 1), mode="3d")
    )
    side = frame.hidden.points @ frame.hidden.line[:3] + frame.hidden.line[3] > 0
    assert np.array_equal(side, recording.session.network.predict(recording.setup.inputs) == 1)


# --- straight cuts ------------------------------------------------------------------------------------------


def test_a_straight_cut_parts_what_can_be_parted_and_not_what_cannot() -> None:
    corners = np.array([[0.0, 0, 1, 1], [0, 1, 0, 1]])
    assert LinearProbe(np.array([0, 0, 1, 1]), 2).score(corners) == 1.0
    assert LinearProbe(np.array([0, 1, 1, 0]), 2).score(corners) < 1.0
    assert LinearProbe(np.array([0, 1, 1, 0]), 2).score(np.vstack([corners, corners[0] * corners[1]])) == 1.0
    assert LinearProbe(np.array([0, 1, 2, 3]), 4).score(corners) == 1.0
    assert LinearProbe(3 * corners[0] - corners[1] + 5, 0).score(corners) == pytest.approx(1.0)


@pytest.mark.parametrize("n_classes", [0, 2, 3, 10])
@pytest.mark.parametrize("n_units", [1, 2, 8, 64])
def test_the_score_is_that_of_scikit_learns_least_squares(n_classes: int, n_units: int) -> None:
    rng = np.random.default_rng(n_units)
    units = (rng.normal(size=(n_units, 200)) * 10.0 ** rng.integers(-3, 4, (n_units, 1)) + 7).astype(np.float32)
    y = rng.integers(0, n_classes, 200) if n_classes else rng.normal(size=200) + units[0] / np.ptp(units[0])
    targets = np.eye(n_classes)[y] if n_classes else y
    X = StandardScaler().fit_transform(units.T.astype(float))  # else it takes the small units for noise
    model = LinearRegression().fit(X, targets)
    expected = np.mean(model.predict(X).argmax(axis=1) == y) if n_classes else model.score(X, y)
    score = LinearProbe(y, n_classes).score(units)
    if n_classes == 2:  # refined, it can only be better
        assert expected - 1e-9 <= score <= expected + 0.15
    else:
        assert score == pytest.approx(expected, abs=1e-6)


def test_a_cut_that_least_squares_misses_is_found() -> None:
    rng = np.random.default_rng(0)
    near, far = rng.uniform(0.2, 0.3, 40), rng.uniform(2, 4, 60)  # far on the right side, they bend the fit
    x = np.concatenate([near, far, rng.uniform(-0.3, -0.2, 100)])
    y = (x > 0).astype(int)
    plain = LinearRegression().fit(x[:, None], 2 * y - 1)
    assert np.mean((plain.predict(x[:, None]) > 0) == y) < 0.9
    assert LinearProbe(y, 2).score(x[None]) == 1.0


def test_units_that_say_nothing_or_the_same_change_nothing() -> None:
    rng = np.random.default_rng(0)
    units = rng.normal(size=(3, 100)).astype(np.float32)
    y = (units[0] + 0.5 * rng.normal(size=100) > 0).astype(int)
    fit, share = LinearProbe(y, 2), np.mean(y)
    constant, double = np.full((2, 100), [[0.0], [1e8]], np.float32), 3 * units[:1]
    assert fit.score(np.vstack([units, constant, double])) == fit.score(units)
    assert fit.score(constant) == max(share, 1 - share)  # all one class, the larger one
    assert np.isnan(LinearProbe(np.zeros(10), 0).score(rng.normal(size=(2, 10))))  # there is nothing to explain


@pytest.mark.parametrize("value", [np.nan, np.inf, 3e38])
def test_numbers_too_large_have_no_score_and_do_not_raise(value: float) -> None:
    units = np.ones((2, 10), np.float32)
    units[0, :5] = value
    score = LinearProbe(np.arange(10) % 2, 2).score(units)
    assert np.isnan(score) == (not np.isfinite(value))


@pytest.mark.parametrize(
    ("fields", "n_classes"), [({}, 2), ({"dataset": "spiral(arms=3)"}, 3), ({"dataset": "hills"}, 0)]
)
def test_a_frame_brings_the_score_of_every_layer_on_the_training_samples(
    fields: dict[str, Any], n_classes: int
) -> None:
    recording, frame = trained(dataclasses.replace(CONFIG, hidden_sizes=(4, 3), **fields), View(shows=("straight",)))
    session = recording.session
    fit = LinearProbe(session.train.y, n_classes)
    spaces = [session.train.X, *session.network.hidden_activations(session.train.X)]
    expected = [fit.score(space.T) for space in spaces]
    if n_classes:  # the network's output is a straight cut, too
        expected[-1] = max(expected[-1], session.score(session.train))
    assert np.allclose(frame.parts["straight_scores"], expected, atol=1e-4 if n_classes == 0 else 1e-6)
    assert recording.frame(0).parts["straight_scores"][0] == frame.parts["straight_scores"][0]
    assert not np.array_equal(recording.frame(0).parts["straight_scores"], frame.parts["straight_scores"])


def test_frames_that_play_say_their_straight_scores_now_and_then_and_one_at_rest_always() -> None:
    recording = Recording(CONFIG)
    frames = recording.advance(0, "epoch", 1, 8, PLENTY)
    said = [frame.number for frame in frames if not np.isnan(frame.parts["straight_scores"]).any()]
    assert said == [frame.number for frame in frames if not frame.in_passing] == [4, 8]
    again = recording.frame(7)
    assert not again.in_passing
    assert not np.isnan(again.parts["straight_scores"]).any()
    (alone,) = recording.advance(8, "epoch", 1, 1, PLENTY)
    assert not alone.in_passing


# --- the view in which the cut shows ------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["2d", "3d"])
@pytest.mark.parametrize(
    ("dataset", "sizes", "epochs"),
    [("spiral", (8, 8), 400), ("moons", (6,), 200), ("circles", (5, 3), 200), ("xor", (8, 8), 200)],
)
def test_who_reads_100_percent_sees_the_gap(dataset: str, sizes: tuple[int, ...], epochs: int, mode: str) -> None:
    recording = Recording(ExperimentConfig(dataset=dataset, hidden_sizes=sizes, seed=0))
    recording.look(View(len(sizes) - 1, "straight", tuple(range(3)), ("straight",), mode))
    frame = recording.advance(0, "epoch", 10, epochs // 10, PLENTY)[-1]  # in parts: a frame has a time limit
    score = frame.parts["straight_scores"][-1]
    y = recording.setup.targets[~recording.setup.is_test]
    across = frame.hidden.points[~recording.setup.is_test, 0]
    assert np.mean((across > 0) == (y == 1)) == pytest.approx(score, abs=1e-6)
    assert frame.hidden.line.tolist() == [1, 0, 0, 0][: 3 + (mode == "3d")]  # the cut: where the first coordinate is 0
    assert score == 1.0
    gap = across[y == 1].min() - across[y != 1].max()
    assert gap > 0.02 * np.ptp(across)


def test_directions_of_a_view_are_at_right_angles_and_the_rest_spreads_most() -> None:
    recording = Recording(ExperimentConfig(hidden_sizes=(8, 8), seed=1))
    recording.look(View(1, "straight"))
    (frame,) = recording.advance(0, "epoch", 30, 1, PLENTY)
    hidden = recording.session.network.hidden_activations(recording.setup.inputs)[1]
    centred = hidden - hidden.mean(axis=0)
    points = frame.hidden.points - frame.hidden.points.mean(axis=0)
    basis, *_ = np.linalg.lstsq(centred, points, rcond=None)
    lengths = np.linalg.norm(basis, axis=0)
    assert abs(basis[:, 0] @ basis[:, 1]) < 1e-3 * lengths[0]
    assert lengths[1] == pytest.approx(1.0, rel=1e-3)
    unit = basis[:, 0] / lengths[0]
    rest = centred - np.outer(centred @ unit, unit)
    assert np.linalg.norm(points[:, 1]) == pytest.approx(np.linalg.norm(rest, 2), rel=1e-3)


def test_three_classes_are_parted_in_the_plane_of_their_differences() -> None:
    recording = Recording(ExperimentConfig(dataset="spiral(arms=3)", hidden_sizes=(8, 8), seed=1))
    recording.look(View(1, "straight", shows=("straight",)))
    frame = recording.advance(0, "epoch", 10, 30, PLENTY)[-1]
    train = ~recording.setup.is_test
    fit = LinearProbe(recording.setup.targets[train], 3)
    whole = fit.score(recording.session.network.hidden_activations(recording.setup.inputs[train])[1].T)
    assert whole > 0.9
    assert fit.score(frame.hidden.points[train].T) >= whole - 0.02
    assert np.isnan(frame.hidden.line).all()


def test_a_morph_s_end_is_the_view_of_the_last_layer() -> None:
    recording = Recording(ExperimentConfig(hidden_sizes=(8, 8), seed=1))
    recording.advance(0, "epoch", 30, 1, PLENTY)
    recording.look(View(1, "straight"))
    flat = recording.frame(1).hidden
    recording.look(View(1, "straight", mode="morph"))
    morph = recording.frame(1).hidden
    assert np.allclose(morph.points[-1], flat.points, atol=1e-4)
    assert np.array_equal(morph.line, flat.line)


@pytest.mark.parametrize("dataset", ["hills", "sine", "blobs"])
def test_a_view_of_the_straight_fit_is_finite_for_every_task_and_layer(dataset: str) -> None:
    recording = Recording(ExperimentConfig(dataset=dataset, hidden_sizes=(5, 4, 3), n_samples=60))
    for layer in range(3):
        for mode in ("2d", "3d"):
            recording.look(View(layer, "straight", mode=mode))
            assert np.isfinite(recording.frame(0).hidden.points).all()
