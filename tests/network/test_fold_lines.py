"""Fold lines and borders as the browser finds them, against nn.fold_lines and against the network's own answers."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig, fold_lines
from tests.network.network_in_node import NetworkInNode
from tests.network.test_pictures import CONFIG, begun, grid_of

SQUARES = 40


def wanted(domain: Any, squares: int = SQUARES, halvings: int = 12) -> dict[str, Any]:
    return {"domain": domain, "squares": squares, "halvings": halvings}


def segments_of(picture: dict[str, np.ndarray]) -> list[np.ndarray]:
    """The pieces (n, 2, 2) of each hidden unit."""
    ends = np.cumsum(picture["fold_counts"]).astype(int)[:-1]
    return np.split(picture["fold_lines"].reshape(-1, 2, 2), ends)


def assert_same(found: np.ndarray, expected: np.ndarray) -> None:
    """Both have the same pieces, in whatever order, and from either end."""
    assert len(found) == len(expected)
    if len(found):
        for a, b in ((found, expected), (expected, found)):
            one, two = a[:, None].reshape(-1, 1, 4), b.reshape(1, -1, 4)
            apart = np.minimum(np.abs(one - two).max(-1), np.abs(one - two[..., [2, 3, 0, 1]]).max(-1))
            assert apart.min(axis=1).max() < 1e-5


@pytest.mark.parametrize(
    "fields",
    [
        {"activation": "relu"},
        {"activation": "leaky_relu", "hidden_sizes": (6, 5, 4)},
        {"activation": "tanh"},
        {"activation": "relu", "features": ("x1**2", "x2**2", "sin(3*x1)")},
        {"activation": "sine", "hidden_sizes": (5, 5)},
        {"activation": "relu", "dataset": "spiral(arms=3)", "hidden_sizes": (8, 8)},
    ],
)
def test_the_browser_finds_the_lines_that_python_finds(browser: NetworkInNode, fields: dict[str, Any]) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, **fields))
    network, plane = recording.session.network, recording.setup.plane
    for domain in (recording.setup.domain, ((-0.5, 1.0), (-1.0, 0.5))):
        picture = browser.picture(network.parameters, folds=wanted(domain))
        expected = fold_lines(network, domain, inputs=plane.inputs_at, resolution=SQUARES)
        assert picture["fold_regions"][0] == pytest.approx(expected.n_regions or np.nan, nan_ok=True)
        for found, ours in zip(segments_of(picture), (unit for layer in expected for unit in layer), strict=True):
            assert_same(found, ours)


def test_what_goes_on_is_told_in_one_go(browser: NetworkInNode) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, activation="tanh"))
    picture = browser.picture(recording.session.network.parameters, folds=wanted(recording.setup.domain))
    for pieces in segments_of(picture)[4:]:
        breaks = np.any(pieces[1:, 0] != pieces[:-1, 1], axis=1).sum()
        assert breaks <= len(pieces) / 10


def test_along_an_axis_alone_they_are_upright(browser: NetworkInNode) -> None:
    recording = begun(browser, ExperimentConfig(dataset="sine", hidden_sizes=(5, 3), activation="relu"))
    network, domain = recording.session.network, recording.setup.domain
    picture = browser.picture(network.parameters, folds=wanted([*domain]))
    expected = fold_lines(network, domain[:1])
    assert picture["fold_regions"][0] == expected.n_regions
    low, high = browser.info["domain"][1]
    for found, ours in zip(segments_of(picture), (unit for layer in expected for unit in layer), strict=True):
        np.testing.assert_allclose(found[:, :, 0], np.column_stack([ours, ours]).reshape(-1, 2), atol=1e-5)
        np.testing.assert_allclose(np.sort(found[:, :, 1], axis=1), np.tile([low, high], (len(found), 1)), atol=1e-6)


def test_of_very_many_pieces_the_browser_goes_on_on_a_grid(browser: NetworkInNode) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, activation="relu", hidden_sizes=(65, 2)), epochs=0)
    network, domain = recording.session.network, recording.setup.domain
    network.biases[0][:] = np.random.default_rng(0).uniform(-0.05, 0.05, 65)
    middle = network.hidden_activations(np.mean(domain, axis=1)[None])[0] @ network.weights[1]
    network.biases[1][:] = -middle[0]  # the line goes through the middle
    picture = browser.picture(network.parameters, folds=wanted(domain))
    assert np.isposinf(picture["fold_regions"][0])  # too many to be counted
    found, expected = segments_of(picture)[-1], fold_lines(network, domain)[1][1]
    ends = found.reshape(-1, 2)
    z = network.hidden_activations(ends)[0] @ network.weights[1][:, 1] + network.biases[1][1]
    np.testing.assert_allclose(z, 0, atol=1e-4)
    length = lambda segments: np.linalg.norm(segments[:, 0] - segments[:, 1], axis=1).sum()  # noqa: E731
    assert length(found) == pytest.approx(length(expected), rel=0.02)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"output": "softmax"},
        {"dataset": "spiral(arms=3)"},
        {"dataset": "hills", "noise": 0.0},
    ],
)
def test_the_answer_changes_on_its_borders_and_nowhere_else(browser: NetworkInNode, fields: dict[str, Any]) -> None:
    recording = begun(browser, dataclasses.replace(CONFIG, **fields), epochs=20)
    network, domain = recording.session.network, recording.setup.domain
    lines = browser.picture(network.parameters, borders=browser.surface(60))["border_lines"].reshape(-1, 2, 2)
    points = grid_of(domain, 121)
    outputs = network.forward(points)
    answer = (
        outputs.argmax(axis=1)
        if outputs.shape[1] > 1
        else outputs[:, 0] > (0 if fields.get("dataset") == "hills" else 0.5)
    )
    answer = answer.reshape(121, 121)
    points = points.reshape(121, 121, 2)
    middles = (points[:, 1:] + points[:, :-1]) / 2
    changes = middles[answer[:, 1:] != answer[:, :-1]]
    assert len(changes) > 10
    pixel = np.ptp(domain[0]) / 120
    ends = np.concatenate([lines[:, 0], lines.mean(axis=1), lines[:, 1]])
    assert np.linalg.norm(changes[:, None] - ends, axis=-1).min(axis=1).max() <= 1.5 * pixel
    up = ((points[1:] + points[:-1]) / 2)[answer[1:] != answer[:-1]]
    every = np.concatenate([changes, up])
    assert np.linalg.norm(ends[:, None] - every, axis=-1).min(axis=1).max() <= 1.5 * pixel


def test_of_an_axis_alone_the_curve_stands_for_the_border(browser: NetworkInNode) -> None:
    recording = begun(browser, ExperimentConfig(dataset="sine", hidden_sizes=(5,), activation="tanh"))
    network, (domain, *_) = recording.session.network, recording.setup.domain
    curve = browser.picture(network.parameters, borders=browser.surface(31))["border_curve"]
    np.testing.assert_allclose(curve, network.forward(np.linspace(*domain, 31)[:, None])[:, 0], atol=1e-5)
