"""Fold lines, against the places of a fine grid where a unit's sum changes its sign, and against drawings by hand."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.datasets.features import compute_features
from nnplay.experiment.explain.folds import FoldLines

BOUNDS = np.array([(-1.5, 1.0), (-1.0, 2.0)])
SIDE = 160
AXES = [np.linspace(low, high, SIDE + 1) for low, high in BOUNDS]
GRID = np.stack(np.meshgrid(*AXES), axis=-1).reshape(-1, 2)
PIXEL = np.ptp(BOUNDS, axis=1).max() / SIDE


def network_of(sizes: list[int], activation: Any, seed: int = 0) -> nn.Network:
    network = nn.Network(sizes, activation=activation, seed=seed)
    network.parameters = network.parameters + np.random.default_rng(seed).normal(0, 0.4, network.parameters.size)
    return network


def sums_of(network: nn.Network, X: np.ndarray) -> list[np.ndarray]:
    """Each hidden layer's pre-activations, (units, n): from the layer before, as networks of one layer less say it."""
    before = [X, *network.hidden_activations(X)]
    layers = zip(before, network.weights, network.biases, strict=True)
    return [(a @ w + b).T for a, w, b in layers][:-1]


def changes_of(z: np.ndarray) -> np.ndarray:
    """The middles (n, 2) between neighbours of the grid of which one is positive and the other isn't."""
    signs = z.reshape(SIDE + 1, SIDE + 1) > 0
    points = GRID.reshape(SIDE + 1, SIDE + 1, 2)
    across, up = signs[:, 1:] != signs[:, :-1], signs[1:] != signs[:-1]
    return np.concatenate([((points[:, 1:] + points[:, :-1]) / 2)[across], ((points[1:] + points[:-1]) / 2)[up]])


def distances(points: np.ndarray, segments: np.ndarray) -> np.ndarray:
    """How far each point is from the nearest of the segments."""
    if len(segments) == 0:
        return np.full(len(points), np.inf)
    start, along = segments[:, 0], segments[:, 1] - segments[:, 0]
    share = ((points[:, None] - start) * along).sum(-1) / np.maximum((along**2).sum(-1), 1e-300)
    nearest = start + np.clip(share, 0, 1)[..., None] * along
    return np.asarray(np.linalg.norm(points[:, None] - nearest, axis=-1).min(axis=1))


def assert_fits(network: nn.Network, folds: FoldLines, X: np.ndarray) -> None:
    for z_of_layer, layer in zip(sums_of(network, X), folds, strict=True):
        for z, segments in zip(z_of_layer, layer, strict=True):
            changes = changes_of(z)
            assert (distances(changes, segments) <= PIXEL).all()
            # And no line is where nothing changes.
            if len(segments):
                assert len(changes)
                middles = segments.mean(axis=1)
                assert (np.linalg.norm(middles[:, None] - changes, axis=-1).min(axis=1) <= 2 * PIXEL).all()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    ("hidden_sizes", "activation"),
    [
        ([8], "relu"),
        ([8, 8], "relu"),
        ([8, 8], "leaky_relu(slope=0.3)"),
        ([5, 4, 3, 4, 6], "relu"),
        ([4, 4, 4], ["relu", "identity", "leaky_relu"]),
        ([6, 6], "tanh"),
        ([4, 4, 4], ["relu", "tanh", "sine"]),
        ([5, 5, 5], "silu"),
    ],
)
def test_every_change_of_the_pattern_is_within_a_pixel_of_a_line(
    hidden_sizes: list[int], activation: Any, seed: int
) -> None:
    network = network_of([2, *hidden_sizes, 1], activation, seed)
    assert_fits(network, nn.fold_lines(network, BOUNDS), GRID)


def test_features_computed_of_the_point_bend_the_first_layer_too() -> None:
    features = ("x1", "x1**2", "x2**2", "sin(3*x2)")
    network = network_of([4, 6, 5, 1], "relu")
    folds = nn.fold_lines(network, BOUNDS, inputs=lambda points: compute_features(features, points))
    assert folds.is_exact == (False, False)
    assert folds.n_regions is None
    assert_fits(network, folds, compute_features(features, GRID))


def test_a_plane_through_many_inputs_is_exact() -> None:
    rng = np.random.default_rng(1)
    centre, basis = rng.normal(size=7), rng.normal(size=(2, 7))
    network = network_of([7, 6, 4, 1], "relu", 5)
    folds = nn.fold_lines(network, BOUNDS, inputs=lambda points: centre + points @ basis)
    assert folds.is_exact == (True, True)
    assert folds.n_regions is not None
    assert_fits(network, folds, centre + GRID @ basis)


@pytest.mark.parametrize("seed", range(4))
def test_regions_of_one_layer_are_one_more_than_lines_and_crossings(seed: int) -> None:
    folds = nn.fold_lines(network_of([2, 9, 1], "relu", seed), BOUNDS)
    lines = [unit[0] for unit in folds[0] if len(unit)]
    crossings = 0
    for (a, b), (c, d) in combinations(lines, 2):
        s, t = np.linalg.solve(np.column_stack([b - a, c - d]), c - a)
        crossings += 0 <= s <= 1 and 0 <= t <= 1
    assert folds.n_regions == 1 + len(lines) + crossings


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_regions_of_two_layers_are_the_patterns_in_sight(activation: str) -> None:
    network = network_of([2, 3, 3, 1], activation, 1)
    signs = np.vstack(sums_of(network, GRID)) > 0
    assert nn.fold_lines(network, BOUNDS).n_regions == len(np.unique(signs, axis=1).T)


def test_of_smooth_units_there_are_no_regions_to_count() -> None:
    assert nn.fold_lines(network_of([2, 3, 1], "tanh"), BOUNDS).n_regions is None
    assert nn.fold_lines(nn.Network([2, 1]), BOUNDS).n_regions == 1


def test_a_crease_bends_where_it_crosses_that_of_a_layer_before() -> None:
    network = nn.Network([2, 1, 1, 1], activation="relu", output="identity")
    # The first unit is x where that is positive. The second is y + it - 1, but y comes from nowhere else: it has none.
    network = nn.Network([2, 3, 1, 1], activation="relu", output="identity")
    network.weights[0][:] = [[1, 0, 0], [0, 1, -1]]
    network.biases[0][:] = 0
    network.weights[1][:] = [[1], [1], [-1]]  # max(x, 0) + y, whatever the sign of y
    network.biases[1][:] = -0.5
    (line,) = nn.fold_lines(network, [-1, 1, -1, 1])[1]
    corners = sorted({tuple(np.round(end, 12)) for end in line.reshape(-1, 2)})
    assert corners == [(-1, 0.5), (0, 0.5), (0.5, 0.0), (1, -0.5)]


def test_without_a_sum_anywhere_there_is_no_line_and_an_axis_alone_has_points() -> None:
    network = nn.Network([1, 2, 1], activation="relu", initializer="zeros")
    network.weights[0][:] = [[2.0, 0.0]]
    network.biases[0][:] = [-1.0, 3.0]
    folds = nn.fold_lines(network, ((-1, 1),))
    assert [unit.tolist() for unit in folds[0]] == [[0.5], []]
    assert folds.n_regions == 2
    smooth = network_of([1, 4, 4, 1], "tanh", 3)
    axis = np.linspace(-2, 2, 4001)[:, None]
    for z_of_layer, layer in zip(sums_of(smooth, axis), nn.fold_lines(smooth, (-2, 2)), strict=True):
        for z, points in zip(z_of_layer, layer, strict=True):
            changes = axis[1:, 0][(z[1:] > 0) != (z[:-1] > 0)] - 0.0005
            np.testing.assert_allclose(np.sort(points), changes, atol=0.0006)


@pytest.mark.parametrize(
    ("bounds", "inputs", "said"),
    [
        ([(0, 1)], None, "bounds must have an interval for each of the network's 2 inputs; got 1 interval."),
        ([(1, 0), (0, 1)], None, "the lower end of each interval first"),
        ([(0, np.inf), (0, 1)], None, "must be finite"),
        ("all", None, "bounds must be ((x_low, x_high), (y_low, y_high))"),
        (BOUNDS, lambda points: points[:, :1], "an array of shape (64, 2) for 64 points; got shape (64, 1)"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused(bounds: Any, inputs: Any, said: str) -> None:
    with pytest.raises(nn.Refusal) as refusal:
        nn.fold_lines(nn.Network([2, 2, 1]), bounds, inputs=inputs)
    assert said in str(refusal.value)
