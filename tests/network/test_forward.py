"""The browser's forward pass says what the engine says, for whatever is registered there."""

from __future__ import annotations

import dataclasses
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nnplay as nn
from nnplay.datasets import Dataset
from nnplay.datasets.own_data import encode
from nnplay.engine.activations import ACTIVATIONS, Activation
from nnplay.engine.outputs import OUTPUTS
from nnplay.experiment.recording.recording import Recording
from nnplay.server.network_info import functions_of
from tests.network.network_in_node import Arrays, NetworkInNode
from tests.server.test_pad_network import unusual

#: More than a block, and no multiple of one.
N_SAMPLES = 300


def made(sizes: list[int], activations: list[Activation], output: str, bias: bool, seed: int = 0) -> nn.Network:
    """Return a network with parameters that single precision holds as they are."""
    network = nn.Network(sizes, activations or "tanh", output, bias=bias)
    rng = np.random.default_rng(seed)
    network.parameters = rng.normal(size=network.parameters.size).astype(np.float32)
    return network


def through(browser: NetworkInNode, network: nn.Network, X: np.ndarray) -> Arrays:
    """Return what the browser's network makes of the samples `X`."""
    description = {"layer_sizes": network.layer_sizes, "has_bias": network.has_bias, **functions_of(network)}
    arrays = {"parameters": network.parameters.astype("<f4"), "samples": X.astype("<f4")}
    return browser.ask({"call": "forward", "network": description}, arrays)


def check(browser: NetworkInNode, network: nn.Network, X: np.ndarray) -> None:
    """Compare all layers, for all samples at once and for the first one by itself."""
    said = through(browser, network, X)
    layers = [(f"layer_{k}", a) for k, a in enumerate(network.hidden_activations(X))]
    for name, expected in [*layers, ("outputs", network.forward(X))]:
        tolerance = {"rtol": 1e-5, "atol": 1e-7 * max(1.0, np.abs(expected).max())}
        np.testing.assert_allclose(said[name].reshape(expected.T.shape).T, expected, **tolerance)
        np.testing.assert_allclose(said[f"{name}_alone"], expected[0], **tolerance)


def samples(n_inputs: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-2, 2, (N_SAMPLES, n_inputs)).astype(np.float32).astype(float)


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_every_activation_with_every_output_however_deep(browser: NetworkInNode, name: str) -> None:
    for output, depth, bias in product(OUTPUTS, range(9), (True, False)):
        widths = [5, 4, 1, 2, 3, 8, 4, 5][:depth]  # odd and even, below, at and above four
        check(browser, made([3, *widths, 3], [unusual(name)] * depth, output, bias), samples(3))


@settings(max_examples=30)
@given(
    names=st.lists(st.sampled_from([*ACTIVATIONS]), max_size=4),
    width=st.integers(1, 20),
    output=st.sampled_from([*OUTPUTS]),
    bias=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
def test_any_mixture_and_width(
    browser: NetworkInNode, names: list[str], width: int, output: str, bias: bool, seed: int
) -> None:
    sizes = [width, *[width] * len(names), 2]
    network = made(sizes, [unusual(name) for name in names], output, bias, seed)
    network.parameters = (network.parameters / np.sqrt(width)).astype(np.float32)
    check(browser, network, samples(width, seed % 1000))


@pytest.mark.parametrize(
    ("name", "low", "high", "exact"),
    [("exp", -700, 700, np.exp), ("expm1", -700, 0, np.expm1), ("tanh", -30, 30, np.tanh)],
)
def test_the_functions_of_its_own_are_good_to_single_precision_and_better(
    browser: NetworkInNode, name: str, low: float, high: float, exact: Any
) -> None:
    rng = np.random.default_rng(0)
    near = np.array([s * 10.0**k for k in range(-12, 1) for s in (-1.0, 1.0) if s < 0 or high > 0])
    x = np.concatenate([np.linspace(low, high, 20_001), near, rng.uniform(max(low, -2), min(high, 2), 20_000)])
    values = browser.ask({"call": "elementary", "name": name}, {"x": x})["values"]
    np.testing.assert_allclose(values, exact(x), rtol=5e-9, atol=1e-300)


def test_beyond_their_tables_they_have_their_limits_and_no_number_stays_none(browser: NetworkInNode) -> None:
    x = np.array([np.inf, -np.inf, 1e300, -1e300, np.nan])
    said = {name: browser.ask({"call": "elementary", "name": name}, {"x": x})["values"] for name in ("exp", "tanh")}
    np.testing.assert_allclose(said["exp"], [np.inf, 0, np.inf, 0, np.nan], atol=1e-300)
    np.testing.assert_array_equal(said["tanh"], [1, -1, 1, -1, np.nan])


def test_what_the_browser_does_not_know_it_says(browser: NetworkInNode) -> None:
    class Cube(Activation):
        name = "cube"

    with pytest.raises(ValueError, match="doesn't know 'cube'"):
        through(browser, made([2, 3, 1], [Cube()], "sigmoid", True), samples(2))
    browser.begin(Recording(nn.ExperimentConfig(hidden_sizes=(3,))))
    with pytest.raises(ValueError, match="has 13 parameters, not 12"):
        browser.picture(np.zeros(12), maps=5)


# --- from the plane to the inputs ---------------------------------------------------------------------------

FORMULAS = [
    ("x1", "x2"),
    ("x1**2", "x1*x2", "sin(2*pi*x1)", "x2"),
    ("-x1/(3+x2)", "2**x2-e", "max(x1,x2)+min(x1,0.5)", "abs(x1)*sign(x2)", "floor(3*x1)", "exp(x1)-cos(x2)*tan(x1)"),
    ("tanh(x1+x2)", "log(x1+4)", "sqrt(x2+4)", "(x1-x2)**3"),
]


@pytest.mark.parametrize("features", FORMULAS)
def test_formulas_as_inputs_are_the_same_everywhere(browser: NetworkInNode, features: tuple[str, ...]) -> None:
    config = nn.ExperimentConfig(dataset="moons", n_samples=40, features=features, hidden_sizes=(4,))
    recording = Recording(config)
    network, plane = recording.session.network, recording.setup.plane
    browser.begin(recording)
    points = np.random.default_rng(0).uniform(-1, 1, (5, 2))
    fed = plane.inputs_at(points)
    hidden, outputs = network.hidden_activations(fed)[0], network.forward(fed)
    for row, (x, y) in enumerate(points):
        said = browser.at(network.parameters, float(x), float(y))
        np.testing.assert_allclose(said["inputs"], fed[row], rtol=1e-12)
        np.testing.assert_allclose(said["layer_0"], hidden[row], rtol=1e-5, atol=1e-7)
        np.testing.assert_allclose(said["outputs"], outputs[row], rtol=1e-5)
    grid = browser.hidden(network.parameters, projection="units")["grid"]
    inputs = plane.inputs_at(lines_of(recording))
    expected = network.hidden_activations(inputs)[0][:, :2]
    np.testing.assert_allclose(grid.reshape(-1, 2), expected, rtol=1e-5, atol=1e-6)


def lines_of(recording: Recording) -> np.ndarray:
    """Return the points of the warped grid: 13 lines of constant x of 31 points each, then as many of constant y."""
    (low, high), (bottom, top) = recording.setup.domain
    upright = [(x, y) for x in np.linspace(low, high, 13) for y in np.linspace(bottom, top, 31)]
    level = [(x, y) for y in np.linspace(bottom, top, 13) for x in np.linspace(low, high, 31)]
    return np.array(upright + level)


def test_of_many_columns_a_point_of_the_plane_is_the_sample_right_on_it(browser: NetworkInNode) -> None:
    rng = np.random.default_rng(0)
    X = rng.normal(size=(80, 5)) @ rng.normal(size=(5, 5)) + 3
    points = encode(Dataset(X, (X[:, 0] > 3).astype(int)))
    recording = Recording(nn.ExperimentConfig(dataset="own", points=points, hidden_sizes=(3, 2)))
    network, plane = recording.session.network, recording.setup.plane
    browser.begin(recording)
    grid = browser.hidden(network.parameters, layer=1)["grid"].reshape(-1, 2)
    expected = network.hidden_activations(plane.inputs_at(lines_of(recording)))[1]
    np.testing.assert_allclose(grid, expected, rtol=1e-5, atol=1e-6)
    said = browser.at(network.parameters, 0.25, -0.5)
    np.testing.assert_allclose(said["inputs"], plane.inputs_at(np.array([[0.25, -0.5]]))[0])


def test_a_point_on_a_sample_goes_through_as_that_sample_does(browser: NetworkInNode) -> None:
    recording = Recording(dataclasses.replace(nn.ExperimentConfig(), bias=False, n_samples=30))
    browser.begin(recording)
    x, y = recording.setup.inputs[3]
    said = browser.at(recording.session.network.parameters, float(x), float(y))
    expected = recording.session.network.forward(recording.setup.inputs[3:4])[0]
    np.testing.assert_allclose(said["outputs"], expected, rtol=1e-5)
