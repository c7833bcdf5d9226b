"""What hidden layers see, as the browser draws it: the engine's own numbers, components that stay, straight cuts."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.datasets import Dataset
from nnplay.datasets.features import compute_features
from nnplay.datasets.own_data import encode
from nnplay.experiment.recording.recording import Recording
from tests.network.network_in_node import NetworkInNode
from tests.network.test_forward import lines_of
from tests.network.test_pictures import CONFIG, PLENTY, begun

TWO = dataclasses.replace(CONFIG, hidden_sizes=(2, 2))


def spread_of(hidden: np.ndarray) -> np.ndarray:
    """Return how far samples spread along each principal component."""
    return np.linalg.svd(hidden - hidden.mean(axis=0), compute_uv=False)


# --- a layer as it is, or some of its units -----------------------------------------------------------------


def test_a_layer_of_two_units_is_shown_as_it_is_with_the_line_that_parts_it(browser: NetworkInNode) -> None:
    recording = begun(browser, CONFIG, 10)
    network = recording.session.network
    hidden = network.hidden_activations(recording.setup.inputs)[1]
    for projection in ("units", "pca", "straight"):
        space = browser.hidden(network.parameters, 1, projection)
        np.testing.assert_allclose(space["points"], hidden, atol=1e-5)
        a, b, c = space["line"]
        assert np.array_equal(hidden @ [a, b] + c > 0, network.predict(recording.setup.inputs) == 1)
    np.testing.assert_allclose(
        space["grid"].reshape(-1, 2), network.hidden_activations(lines_of(recording))[1], atol=1e-5
    )


def test_a_view_chooses_the_layer_and_the_units(browser: NetworkInNode) -> None:
    recording = begun(browser, CONFIG)
    hidden = recording.session.network.hidden_activations(recording.setup.inputs)[0]
    flat = browser.hidden(recording.session.network.parameters, 0, "units", (3, 1))
    np.testing.assert_allclose(flat["points"], hidden[:, [3, 1]], atol=1e-5)
    solid = browser.hidden(recording.session.network.parameters, 0, "units", (2, 0, 3), "3d")
    np.testing.assert_allclose(solid["points"], hidden[:, [2, 0, 3]], atol=1e-5)
    assert np.isnan(flat["line"]).all()
    assert np.isnan(solid["line"]).all()


@pytest.mark.parametrize("projection", ["units", "pca"])
def test_the_undecided_plane_parts_the_samples_as_the_network_does(browser: NetworkInNode, projection: str) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, hidden_sizes=(4, 3)), 10)
    space = browser.hidden(recording.session.network.parameters, 1, projection, (2, 0, 1), "3d")
    side = space["points"] @ space["line"][:3] + space["line"][3] > 0
    assert np.array_equal(side, recording.session.network.predict(recording.setup.inputs) == 1)


def test_without_hidden_layers_the_inputs_are_shown(browser: NetworkInNode) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, hidden_sizes=()))
    for mode in ("2d", "3d", "morph"):
        space = browser.hidden(recording.session.network.parameters, mode=mode)
        np.testing.assert_allclose(space["points"], recording.setup.inputs, atol=1e-6)
    (x_low, x_high), (y_low, y_high) = recording.setup.domain
    grid = space["grid"]
    assert grid[0, 0, 0].tolist() == pytest.approx([x_low, y_low])
    assert grid[0, 0, -1].tolist() == pytest.approx([x_low, y_high])  # a line of constant x
    assert grid[1, 0, -1].tolist() == pytest.approx([x_high, y_low])  # a line of constant y


def test_without_hidden_layers_two_features_are_shown_as_they_are_and_three_by_components(
    browser: NetworkInNode,
) -> None:
    plain = dataclasses.replace(CONFIG, hidden_sizes=(), features=("x1**2", "x2**2"))
    recording = begun(browser, plain)
    space = browser.hidden(recording.session.network.parameters)
    np.testing.assert_allclose(space["points"], recording.setup.inputs**2, atol=1e-6)
    assert np.isfinite(space["line"]).all()
    features = ("x1**2", "x2**2", "sin(3*x1)")
    recording = begun(browser, dataclasses.replace(plain, features=features))
    space = browser.hidden(recording.session.network.parameters, projection="units")
    spread = spread_of(compute_features(features, recording.setup.inputs))
    np.testing.assert_allclose(np.linalg.norm(space["points"], axis=0), spread[:2], rtol=1e-4)
    assert np.isnan(space["line"]).all()


def test_a_layer_sees_an_axis_as_one_line(browser: NetworkInNode) -> None:
    recording = begun(browser, ExperimentConfig(dataset="sine", n_samples=60, hidden_sizes=(2,)))
    grid = browser.hidden(recording.session.network.parameters)["grid"]
    assert np.array_equal(grid[0], grid[1])
    x = np.linspace(*recording.setup.domain[0], 121)[:, None]
    np.testing.assert_allclose(grid[0, 0], recording.session.network.hidden_activations(x)[0], atol=1e-5)


# --- morph --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu"])
def test_the_stages_of_a_morph_are_the_engines_own_numbers(browser: NetworkInNode, activation: str, bias: bool) -> None:
    recording = begun(browser, dataclasses.replace(TWO, activation=activation, bias=bias), 10)
    network, X = recording.session.network, recording.setup.inputs
    space = browser.hidden(network.parameters, mode="morph")
    points, shifts = space["points"], space["shifts"]
    assert (points.shape, shifts.shape) == ((5, 40, 2), (2, 2))
    np.testing.assert_allclose(points[0], X, atol=1e-6)
    a = X
    for layer, activations in enumerate(network.hidden_activations(X)):
        product = a @ network.weights[layer]
        np.testing.assert_allclose(points[1 + 2 * layer], product + network.biases[layer], atol=1e-5)
        np.testing.assert_allclose(points[1 + 2 * layer] - shifts[layer], product, atol=1e-5)
        np.testing.assert_allclose(points[2 + 2 * layer], activations, atol=1e-5)
        a = activations
    plane = lines_of(recording)
    np.testing.assert_allclose(space["grid"][0].reshape(-1, 2), plane, atol=1e-6)
    expected = network.hidden_activations(plane)[-1]
    np.testing.assert_allclose(space["grid"][-1].reshape(-1, 2), expected, atol=1e-5)


def test_in_a_morph_more_than_two_units_are_seen_along_the_components_of_their_layer(browser: NetworkInNode) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, hidden_sizes=(6, 1, 3)), 10)
    parameters = recording.session.network.parameters
    points = browser.hidden(parameters, mode="morph")["points"]
    for layer in (0, 2):
        np.testing.assert_allclose(points[2 + 2 * layer], browser.hidden(parameters, layer)["points"], atol=1e-5)
    one_unit = recording.session.network.hidden_activations(recording.setup.inputs)[1]
    np.testing.assert_allclose(points[4], np.hstack([one_unit, 0 * one_unit]), atol=1e-5)


def test_in_a_morph_features_are_a_stage_between_the_plane_and_the_first_layer(browser: NetworkInNode) -> None:
    recording = begun(browser, dataclasses.replace(TWO, features=("x2", "x1*x2")), 10)
    space = browser.hidden(recording.session.network.parameters, mode="morph")
    x1, x2 = recording.setup.inputs.T
    assert space["points"].shape == (6, 40, 2)
    np.testing.assert_allclose(space["points"][0], recording.setup.inputs, atol=1e-6)
    np.testing.assert_allclose(space["points"][1], np.column_stack([x2, x1 * x2]), atol=1e-6)
    product = np.column_stack([x2, x1 * x2]) @ recording.session.network.weights[0]
    np.testing.assert_allclose(space["points"][2] - space["shifts"][0], product, atol=1e-5)


def test_a_morph_of_functions_of_one_input_begins_with_a_line(browser: NetworkInNode) -> None:
    recording = begun(browser, ExperimentConfig(dataset="sine", n_samples=40, hidden_sizes=(3,)))
    points = browser.hidden(recording.session.network.parameters, mode="morph")["points"]
    x = recording.setup.inputs
    np.testing.assert_allclose(points[0], np.hstack([x, 0 * x]), atol=1e-6)
    assert points.shape == (3, 40, 2)


def test_a_run_that_diverges_is_drawn_to_the_end(browser: NetworkInNode) -> None:
    wild = dataclasses.replace(CONFIG, dataset="hills", hidden_sizes=(4, 3), activation="relu", learning_rate=100.0)
    recording = Recording(wild)
    browser.begin(recording)
    frames = recording.advance(0, "step", 1, 1000, PLENTY)
    assert recording.stopped
    for frame in frames[-5:]:
        for projection in ("pca", "units", "straight"):
            for mode in ("3d", "morph"):
                space = browser.hidden(frame.parts["parameters"], 0, projection, (0, 1, 2), mode)
                assert np.isfinite(np.hstack([space[name].ravel() for name in ("points", "grid", "shifts")])).all()


# --- components that stay -----------------------------------------------------------------------------------


def test_principal_components_spread_the_samples_most_along_the_first(browser: NetworkInNode) -> None:
    recording = begun(browser, CONFIG)
    network = recording.session.network
    spread = spread_of(network.hidden_activations(recording.setup.inputs)[0])
    solid = browser.hidden(network.parameters, 0, "pca", (0, 1, 2), "3d")["points"]
    np.testing.assert_allclose(np.linalg.norm(solid, axis=0), spread[:3], rtol=1e-3)
    np.testing.assert_allclose(solid.T @ solid, np.diag(spread[:3] ** 2), atol=1e-4 * spread[0] ** 2)
    # The flat view is its shadow, and the way round as the plane is.
    flat = browser.hidden(network.parameters)["points"]
    np.testing.assert_allclose(flat, solid[:, :2], atol=1e-6)
    assert ((flat * recording.setup.inputs).sum(axis=0) >= 0).all()


def test_components_stay_as_first_fitted_until_they_are_fitted_again(browser: NetworkInNode) -> None:
    recording = Recording(dataclasses.replace(CONFIG, hidden_sizes=(8,)))
    browser.begin(recording)
    network = recording.session.network
    at_start = network.parameters.copy()
    first = network.hidden_activations(recording.setup.inputs)[0]
    at_first = browser.hidden(at_start)["points"]
    basis = np.linalg.lstsq(first - first.mean(axis=0), at_first, rcond=None)[0]
    recording.advance(0, "epoch", 40, 1, PLENTY)
    now = network.hidden_activations(recording.setup.inputs)[0]
    later = browser.hidden(network.parameters)["points"]
    np.testing.assert_allclose(later, (now - first.mean(axis=0)) @ basis, atol=1e-4)
    assert np.array_equal(browser.hidden(at_start)["points"], at_first)  # and a rewind shows what was
    again = browser.hidden(network.parameters, fit=1)["points"]
    np.testing.assert_allclose(np.linalg.norm(again, axis=0), spread_of(now)[:2], rtol=1e-4)
    assert not np.allclose(np.linalg.norm(later, axis=0), spread_of(now)[:2], rtol=1e-2)
    assert not np.array_equal(browser.hidden(at_start, fit=1)["points"], at_first)


def test_components_of_a_layer_that_says_nothing_yet_are_not_kept(browser: NetworkInNode) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, hidden_sizes=(3,)))
    network = recording.session.network
    assert np.isfinite(browser.hidden(np.zeros(13))["points"]).all()
    points = browser.hidden(network.parameters)["points"]
    spread = spread_of(network.hidden_activations(recording.setup.inputs)[0])
    np.testing.assert_allclose(np.linalg.norm(points, axis=0), spread[:2], rtol=1e-4)


# --- the view in which the cut shows ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "sizes", "epochs"),
    [("spiral", (8, 8), 400), ("moons", (6,), 200), ("circles", (5, 3), 200), ("xor", (8, 8), 200)],
)
def test_who_reads_100_percent_sees_the_gap(
    browser: NetworkInNode, dataset: str, sizes: tuple[int, ...], epochs: int
) -> None:
    recording = Recording(ExperimentConfig(dataset=dataset, hidden_sizes=sizes, seed=0))
    browser.begin(recording)
    parameters = recording.advance(0, "epoch", 10, epochs // 10, PLENTY)[-1].parts["parameters"]
    score = browser.picture(parameters, probe=True)["straight_scores"][-1]
    assert score == 1.0
    train = ~recording.setup.is_test
    y = recording.setup.targets[train]
    for mode in ("2d", "3d"):
        space = browser.hidden(parameters, len(sizes) - 1, "straight", (0, 1, 2), mode)
        across = space["points"][train, 0]
        assert np.array_equal(across > 0, y == 1)
        assert space["line"].tolist() == [1, 0, 0, 0][: 3 + (mode == "3d")]  # where the first coordinate is 0
        assert across[y == 1].min() - across[y != 1].max() > 0.02 * np.ptp(across)


def test_directions_of_a_view_are_at_right_angles_and_the_rest_spreads_most(browser: NetworkInNode) -> None:
    recording = begun(browser, ExperimentConfig(hidden_sizes=(8, 8), seed=1), 30)
    network = recording.session.network
    hidden = network.hidden_activations(recording.setup.inputs)[1]
    centred = hidden - hidden.mean(axis=0)
    points = browser.hidden(network.parameters, 1, "straight")["points"]
    points = points - points.mean(axis=0)
    basis = np.linalg.lstsq(centred, points, rcond=None)[0]
    lengths = np.linalg.norm(basis, axis=0)
    assert abs(basis[:, 0] @ basis[:, 1]) < 1e-3 * lengths[0]
    assert lengths[1] == pytest.approx(1.0, rel=1e-3)
    unit = basis[:, 0] / lengths[0]
    rest = centred - np.outer(centred @ unit, unit)
    assert np.linalg.norm(points[:, 1]) == pytest.approx(np.linalg.norm(rest, 2), rel=1e-3)


def test_three_classes_are_parted_in_the_plane_of_their_differences(browser: NetworkInNode) -> None:
    recording = Recording(ExperimentConfig(dataset="spiral(arms=3)", hidden_sizes=(8, 8), seed=1))
    browser.begin(recording)
    parameters = recording.advance(0, "epoch", 10, 30, PLENTY)[-1].parts["parameters"]
    train = ~recording.setup.is_test
    y = recording.setup.targets[train]
    hidden = recording.session.network.hidden_activations(recording.setup.inputs[train])[1]
    whole, weights, _ = browser.probe(hidden.T, y, 3)
    assert whole > 0.9
    space = browser.hidden(parameters, 1, "straight")
    assert browser.probe(space["points"][train].T, y, 3)[0] >= whole - 0.02
    assert np.isnan(space["line"]).all()
    # The directions are those of the differences between the classes' linear functions.
    basis = np.linalg.lstsq(hidden - hidden.mean(axis=0), space["points"][train], rcond=None)[0]
    plane = np.linalg.svd(weights - weights.mean(axis=0))[2][:2]
    outside = basis - plane.T @ (plane @ basis)
    assert np.abs(outside).max() < 1e-2 * np.abs(basis).max()


def test_a_regression_s_first_coordinate_is_the_value_that_is_fitted(browser: NetworkInNode) -> None:
    recording = begun(browser, ExperimentConfig(dataset="hills", hidden_sizes=(6,), seed=1), 20)
    network, train = recording.session.network, ~recording.setup.is_test
    across = browser.hidden(network.parameters, 0, "straight")["points"][train, 0]
    hidden = network.hidden_activations(recording.setup.inputs[train])[0]
    ones = np.ones((len(hidden), 1))
    fit = np.linalg.lstsq(np.hstack([hidden, ones]), recording.setup.targets[train], rcond=None)[0]
    np.testing.assert_allclose(across, np.hstack([hidden, ones]) @ fit, atol=1e-3)


def test_a_morph_s_end_is_the_view_of_the_last_layer(browser: NetworkInNode) -> None:
    recording = begun(browser, ExperimentConfig(hidden_sizes=(8, 8), seed=1), 30)
    parameters = recording.session.network.parameters
    flat = browser.hidden(parameters, 1, "straight")
    morph = browser.hidden(parameters, 1, "straight", mode="morph")
    np.testing.assert_allclose(morph["points"][-1], flat["points"], atol=1e-5)
    assert np.array_equal(morph["line"], flat["line"])


@pytest.mark.parametrize("dataset", ["hills", "sine", "blobs"])
def test_a_view_of_the_straight_fit_is_finite_for_every_task_and_layer(browser: NetworkInNode, dataset: str) -> None:
    recording = begun(browser, ExperimentConfig(dataset=dataset, hidden_sizes=(5, 4, 3), n_samples=60), 1)
    for layer in range(3):
        for mode in ("2d", "3d", "morph"):
            space = browser.hidden(recording.session.network.parameters, layer, "straight", mode=mode)
            assert np.isfinite(space["points"]).all()


def test_the_networks_own_cut_is_shown_where_it_is_the_better_one(browser: NetworkInNode) -> None:
    X = np.random.default_rng(0).uniform(-1, 1, (400, 2))
    y = X[:, 0] + 2 * X[:, 1] > 0.3  # parted by less than a few fits find
    points = encode(Dataset(X, y.astype(int)))
    config = ExperimentConfig(dataset="own", points=points, hidden_sizes=(3,), activation="identity", test_fraction=0.0)
    recording = begun(browser, config, 0)
    network = recording.session.network
    network.weights[0][:] = [[1, 0, 1], [0, 1, 1]]
    network.weights[1][:] = [[1], [2], [0]]
    network.biases[0][:], network.biases[1][:] = 0, -0.3
    assert browser.picture(network.parameters, probe=True)["straight_scores"][1] < 1
    across = browser.hidden(network.parameters, 0, "straight")["points"][:, 0]
    assert np.array_equal(across > 0, recording.setup.targets == 1)
