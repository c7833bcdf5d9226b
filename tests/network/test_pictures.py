"""The boundary, the maps of units and inputs, and curves, as the browser draws them from a frame's parameters."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.datasets import Dataset
from nnplay.datasets.own_data import encode
from nnplay.experiment.recording.recording import Recording
from tests.network.network_in_node import NetworkInNode

PLENTY = 1e9
CONFIG = ExperimentConfig(dataset="moons", n_samples=40, hidden_sizes=(4, 2), batch_size=7, seed=3)


def begun(browser: NetworkInNode, config: ExperimentConfig, epochs: int = 5) -> Recording:
    """Train a little, and let the browser know of the run. Parameters are rounded as they travel."""
    recording = Recording(config)
    recording.advance(0, "epoch", epochs, 1, PLENTY)
    network = recording.session.network
    network.parameters = network.parameters.astype(np.float32)
    browser.begin(recording)
    return recording


def grid_of(domain: Any, side: int) -> np.ndarray:
    """Return points (side², 2): rows of constant y, from the lowest up."""
    x, y = (np.linspace(low, high, side) for low, high in domain)
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


@pytest.mark.parametrize(
    ("fields", "planes"),
    [
        ({}, 1),
        ({"output": "softmax"}, 1),
        ({"dataset": "spiral(arms=3)"}, 3),
        ({"dataset": "hills", "noise": 0.0}, 1),
        ({"hidden_sizes": ()}, 1),
        ({"test_fraction": 0.0}, 1),
        ({"features": ("x1**2", "x2**2", "sin(3*x1)")}, 1),
    ],
)
def test_the_surface_is_the_networks_output_also_over_a_part_of_the_plane(
    browser: NetworkInNode, fields: dict[str, Any], planes: int
) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, **fields))
    network, plane = recording.session.network, recording.setup.plane
    low, high = recording.setup.surface_range
    for side, domain in ((41, recording.setup.domain), (13, ((0.0, 0.5), (-3.0, -1.0)))):
        surface = browser.picture(network.parameters, surface=browser.surface(side, domain=domain))["surface"]
        assert surface.shape == (planes, side, side)
        outputs = network.forward(plane.inputs_at(grid_of(domain, side)))
        expected = (outputs[:, -1:] if planes == 1 else outputs).T.reshape(planes, side, side)
        shown = surface / 255 * (high - low) + low
        np.testing.assert_allclose(shown, np.clip(expected, low, high), atol=0.51 * (high - low) / 255)


@pytest.mark.parametrize("activation", ["tanh", "relu", "elu(alpha=0.5)"])
@pytest.mark.parametrize("hidden_sizes", [(4, 2), (5,), ()])
def test_the_maps_are_the_units_activations(
    browser: NetworkInNode, hidden_sizes: tuple[int, ...], activation: str
) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, hidden_sizes=hidden_sizes, activation=activation))
    network = recording.session.network
    points = grid_of(recording.setup.domain, 21)
    picture = browser.picture(network.parameters, maps=21)
    maps, scales = picture["unit_maps"], picture["unit_scales"]
    hidden = np.hstack([np.empty((len(points), 0)), *network.hidden_activations(points)]).T
    assert (maps.shape, scales.shape) == ((len(hidden) + 1, 21, 21), (len(hidden),))
    for unit, scale, values in zip(maps, scales, hidden, strict=False):
        assert scale == pytest.approx(1.0 if activation == "tanh" else max(1.0, np.abs(values).max()))
        np.testing.assert_allclose((unit.ravel() - 128.0) / 127.5 * scale, values, atol=scale / 100)
    np.testing.assert_allclose(maps[-1].ravel() / 255, network.forward(points)[:, 0], atol=1 / 250)


@pytest.mark.parametrize("dataset", ["moons", "spiral(arms=3)", "hills", "sine"])
def test_maps_are_the_same_taken_from_the_surface_or_by_themselves(browser: NetworkInNode, dataset: str) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, dataset=dataset))
    parameters = recording.session.network.parameters
    alone = browser.picture(parameters, maps=21)
    for side in (41, 61, 21, 40):
        both = browser.picture(parameters, maps=21, surface=browser.surface(side))
        for name, array in alone.items():
            np.testing.assert_array_equal(both[name], array, name)
    if dataset != "sine":  # every output's map has the colours of the surface
        both = browser.picture(parameters, maps=21, surface=browser.surface(61))
        np.testing.assert_array_equal(both["unit_maps"][-len(both["surface"]) :], both["surface"][:, ::3, ::3])


def test_a_map_without_bounds_is_scaled_by_what_it_reaches_and_drawn_whatever_that_is(browser: NetworkInNode) -> None:
    values = np.array([[0.0, 0.5], [-0.1, 0.2], [0.0, 8.0], [-np.inf, np.nan], [1.0, -1.0]])
    header = {"call": "signedBytes", "size": 2, "bounds": [1.0, None, None, None, 1.0], "least": 1}
    said = browser.ask(header, {"values": values.ravel()})
    scales, shown = said["scales"], said["bytes"].reshape(-1, 2)
    assert scales[[0, 1, 2, 4]].tolist() == [1.0, 1.0, 8.0, 1.0]
    assert np.isfinite(scales).all()
    assert shown.tolist() == [[128, 191], [115, 153], [128, 255], [0, 255], [255, 0]]


def test_values_become_bytes_of_their_range_and_are_clipped_outside(browser: NetworkInNode) -> None:
    values = np.array([-1e38, -1.0, 0.0, 1.0, 1e38, np.inf, -np.inf, np.nan])
    said = browser.ask({"call": "bytes", "range": [-1, 1]}, {"values": values})
    assert said["bytes"].tolist() == [0, 0, 128, 255, 255, 255, 0, 0]


def test_the_inputs_maps_are_the_plane_and_whatever_is_computed_of_it(browser: NetworkInNode) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, features=("x1", "x2", "x1*x2")))
    picture = browser.picture(recording.session.network.parameters, maps=21)
    shown = (picture["input_maps"] - 128.0) / 127.5 * picture["input_scales"][:, None, None]
    points = grid_of(recording.setup.domain, 21)
    wanted = recording.setup.plane.inputs_at(points).T.reshape(3, 21, 21)
    np.testing.assert_allclose(shown, wanted, atol=np.abs(wanted).max() / 100)
    again = browser.picture(-recording.session.network.parameters, maps=21)
    np.testing.assert_array_equal(again["input_maps"], picture["input_maps"])


def test_only_what_is_wanted_is_in_a_picture(browser: NetworkInNode) -> None:
    parameters = begun(browser, CONFIG).session.network.parameters
    assert browser.picture(parameters) == {}
    assert set(browser.picture(parameters, surface=browser.surface(5), maps=0, hidden=None, probe=False)) == {"surface"}
    assert set(browser.picture(parameters, maps=5)) == {"unit_maps", "unit_scales", "input_maps", "input_scales"}
    assert set(browser.picture(parameters, probe=True)) == {"straight_scores"}


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 3e38, 1e20])
@pytest.mark.parametrize("dataset", ["moons", "spiral(arms=3)", "hills", "sine"])
def test_parameters_past_all_measure_give_a_picture(browser: NetworkInNode, dataset: str, value: float) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, dataset=dataset, activation="relu", hidden_sizes=(4, 3)))
    parameters = recording.session.network.parameters.copy()
    parameters[[0, 7, -2]] = value
    view = {"layer": 1, "units": [0, 1], "fit": 0}
    for projection, mode in (("pca", "2d"), ("straight", "3d"), ("straight", "morph"), ("pca", "morph")):
        hidden = view | {"projection": projection, "mode": mode}
        picture = browser.picture(parameters, surface=browser.surface(9), maps=5, hidden=hidden, probe=True)
        for name in set(picture) - {"hidden_line", "straight_scores", "curve", "curve_pieces"}:
            assert np.isfinite(picture[name]).all(), name


# --- curves over an axis alone ------------------------------------------------------------------------------


@pytest.mark.parametrize("hidden_sizes", [(), (5,), (6, 3), (32,)])
def test_the_pieces_and_the_bias_add_up_to_the_networks_curve(
    browser: NetworkInNode, hidden_sizes: tuple[int, ...]
) -> None:
    config = ExperimentConfig(dataset="sine", n_samples=60, hidden_sizes=hidden_sizes, features=("x", "x**3"))
    recording = begun(browser, config, 2)
    network = recording.session.network
    for domain in (recording.setup.domain, ((-3.0, 0.5), (0.0, 1.0))):
        picture = browser.picture(network.parameters, surface=browser.surface(241, domain=domain), maps=21)
        x = np.linspace(*domain[0], 241)
        expected = network.forward(np.column_stack([x, x**3]))[:, 0]
        np.testing.assert_allclose(picture["curve"], expected[None], rtol=1e-5, atol=1e-6)
        n_pieces = (hidden_sizes or (2,))[-1]
        pieces = picture["curve_pieces"]
        assert pieces.shape == (min(n_pieces, 24), 241)
        if n_pieces <= 24:
            np.testing.assert_allclose(pieces.sum(axis=0) + network.biases[-1][0], expected, atol=1e-5)
        else:  # those that vary most, in their order
            all_pieces = (network.hidden_activations(np.column_stack([x, x**3]))[-1] * network.weights[-1][:, 0]).T
            kept = np.sort(np.argsort(np.ptp(all_pieces, axis=1))[-24:])
            np.testing.assert_allclose(pieces, all_pieces[kept], atol=1e-5)
        assert picture["unit_maps"].shape == (sum(hidden_sizes) + 1, 1, 21)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_classes_along_one_axis_have_a_curve_each_of_their_probability(browser: NetworkInNode, n_classes: int) -> None:
    x = np.linspace(-1, 1, 40)
    points = encode(Dataset(x[:, None], np.arange(40) * n_classes // 40))
    recording = begun(browser, ExperimentConfig(dataset="own", points=points, hidden_sizes=(5,)))
    network = recording.session.network
    picture = browser.picture(network.parameters, surface=browser.surface(241))
    assert len(picture["curve_pieces"]) == (5 if n_classes == 2 else 0)
    outputs = network.forward(np.linspace(*recording.setup.domain[0], 241)[:, None])
    expected = outputs[:, -1:] if n_classes == 2 else outputs
    np.testing.assert_allclose(picture["curve"].T, expected, rtol=1e-5, atol=1e-7)
