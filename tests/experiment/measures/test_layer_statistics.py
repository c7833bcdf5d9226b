"""What goes on inside each layer: gradients equal to the engine's, and known states of units recognized."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay import ExperimentConfig
from nnplay.engine.activations import ACTIVATIONS
from nnplay.experiment.frames import frame_context
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.measures import layer_statistics
from nnplay.experiment.measures.layer_statistics import (
    BINS,
    PAST,
    Flat,
    StuckUnits,
    TrainingGradient,
    flat_sides,
    spread_evenly,
)
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.training import evaluation

CONFIG = ExperimentConfig(dataset="moons", n_samples=60, hidden_sizes=(4, 3), batch_size=9, seed=3)


def recorded(config: ExperimentConfig = CONFIG, n_frames: int = 0) -> Recording:
    recording = Recording(config)
    if n_frames:
        recording.advance(0, "epoch", 1, n_frames, 1e9)
    recording.look(("layers",))
    return recording


def part_of(network_changes: dict[str, Any], **fields: Any) -> Arrays:
    """Return the part of an untrained network after changing all of its weights or biases."""
    recording = recorded(dataclasses.replace(CONFIG, **fields))
    network = recording.session.network.copy()
    for layer in range(len(network.hidden_sizes)):
        if "bias" in network_changes:
            network.biases[layer][:] = network_changes["bias"]
        if "std" in network_changes:
            rng = np.random.default_rng(layer)
            network.weights[layer][:] = rng.normal(0, network_changes["std"], network.weights[layer].shape)
    recording.track.kept[0].snapshot.parameters[:] = network.parameters
    return recording.frame(0).parts


# --- units that no longer answer ----------------------------------------------------------------------------


def test_a_relu_network_with_biases_of_minus_100_is_dead() -> None:
    parts = part_of({"bias": -100.0}, activation="relu")
    assert parts["stuck_units"].tolist() == [1.0, 1.0]
    assert parts["stuck_kind"].tolist() == [Flat.ONE_SIDE] * 2
    assert part_of({"bias": 100.0}, activation="relu")["stuck_units"][0] == 0.0
    first = parts["gradient_norms"][-1, 1]
    assert first == 0.0  # and nothing reaches its weights


def test_a_tanh_network_with_huge_weights_is_saturated() -> None:
    parts = part_of({"std": 100.0}, activation="tanh")
    assert parts["stuck_units"].min() >= 2 / 3
    assert parts["stuck_kind"].tolist() == [Flat.BOTH_SIDES] * 2
    assert part_of({"std": 0.1}, activation="tanh")["stuck_units"].tolist() == [0.0, 0.0]
    assert part_of({"bias": -100.0}, activation="sigmoid")["stuck_units"].tolist() == [1.0, 1.0]


@pytest.mark.parametrize("activation", ["identity", "leaky_relu", "sine"])
def test_an_activation_that_never_levels_off_has_no_stuck_units(activation: str) -> None:
    parts = part_of({"std": 100.0}, activation=activation)
    assert np.isnan(parts["stuck_units"]).all()
    assert parts["stuck_kind"].tolist() == [Flat.NONE] * 2


def test_which_activations_level_off_where() -> None:
    sides = {name: flat_sides(make()) for name, make in ACTIVATIONS.items()}
    assert {name for name, flat in sides.items() if flat is Flat.BOTH_SIDES} == {"tanh", "sigmoid"}
    assert {name for name, flat in sides.items() if flat is Flat.ONE_SIDE} == {
        "relu",
        "elu",
        "softplus",
        "silu",
        "gelu",
    }


def test_units_are_counted_over_all_parts_of_the_samples() -> None:
    dead = StuckUnits(nn.activations.get("relu"))
    dead.add(np.array([[0.0, 0.0], [0.0, 0.0], [0.0, 1e-9]]))
    assert dead.share == pytest.approx(2 / 3)
    dead.add(np.array([[0.0], [0.5], [0.0]]))
    assert dead.share == pytest.approx(1 / 3)  # only the first never answered
    saturated = StuckUnits(nn.activations.get("tanh"))
    saturated.add(np.tanh(np.array([[5.0] * 9 + [0.0], [-5.0] * 8 + [0.0] * 2, [2.0] * 10])))
    assert saturated.share == pytest.approx(1 / 3)  # on 9 of 10; on 8; and tanh 2 = 0.964 is not there yet
    elu = StuckUnits(nn.activations.elu(alpha=2.0))
    elu.add(np.array([[-1.99, -1.98], [-1.99, 0.0]]))
    assert elu.share == 0.5


# --- weights and gradients ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [{}, {"activation": "relu", "dropout": 0.3}, {"loss": "mean_squared_error"}, {"bias": False}, {"hidden_sizes": ()}],
    ids=str,
)
def test_the_gradient_is_that_of_the_loss_over_all_training_samples(changes: dict[str, Any]) -> None:
    config = dataclasses.replace(CONFIG, **changes)
    recording = recorded(config, 4)
    for number in (4, 0):
        session = config.build().run(number)
        network, train = session.network, session.train
        _, gradient = network.loss_and_gradient(train.X, train.y, loss=config.resolved_loss)
        np.testing.assert_allclose(TrainingGradient(session)(network.parameters), gradient, rtol=1e-12, atol=1e-15)
        parts = recording.frame(number).parts
        norms = [np.linalg.norm(block) for block in network.blocks_of(gradient)]
        assert parts["gradient_norms"][-1].tolist() == pytest.approx([number, *norms], rel=1e-6)
        assert parts["weight_counts"].shape == parts["gradient_counts"].shape == (len(norms), BINS)
        for layer, weights in enumerate(network.weights):
            assert parts["weight_counts"][layer].sum() == parts["gradient_counts"][layer].sum() == weights.size
            assert parts["weight_counts"][layer][: BINS // 2].sum() == np.count_nonzero(weights < 0)
            assert np.abs(weights).max() <= parts["weight_reach"][layer] <= 5 * np.abs(weights).max()


def test_large_sets_are_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    session = CONFIG.build().run(3)
    whole = TrainingGradient(session)(session.network.parameters)
    monkeypatch.setattr(evaluation, "FEWEST_ROWS", 7)
    monkeypatch.setattr(evaluation, "MOST_ROWS", 7)
    np.testing.assert_allclose(TrainingGradient(session)(session.network.parameters), whole, rtol=1e-12, atol=1e-15)


def test_the_norms_are_told_from_the_start_to_the_frame_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_statistics, "PAST_SECONDS", 1e9)
    recording = recorded(CONFIG, 200)
    rows = recording.frame(200).parts["gradient_norms"]
    assert rows.shape == (PAST + 1, 4)
    told = rows[~np.isnan(rows[:, 0])]
    assert told[:, 0].tolist() == [*range(0, 200, 4), 200]
    for epoch in (0, 100, 200):
        alone = recorded(CONFIG, epoch).frame(epoch).parts["gradient_norms"][-1]
        np.testing.assert_allclose(told[told[:, 0] == epoch][0], alone, rtol=1e-6)
    back = recording.frame(10).parts["gradient_norms"]
    assert back[~np.isnan(back[:, 0])][:, 0].tolist() == list(range(11))


def test_after_going_back_the_norms_are_those_of_the_new_frames() -> None:
    recording = recorded(CONFIG, 20)
    before = recording.frame(20).parts["gradient_norms"]
    recording.rewind(10)
    recording.apply(dataclasses.replace(CONFIG, learning_rate=0.3))
    recording.advance(10, "epoch", 1, 10, 1e9)
    after = recording.frame(20).parts["gradient_norms"]
    np.testing.assert_array_equal(after[-21:-10], before[-21:-10])
    assert (after[-10:, 1:] != before[-10:, 1:]).all()


def test_without_time_the_past_is_told_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layer_statistics, "PAST_SECONDS", -1.0)
    recording = recorded(CONFIG, 6)
    assert np.count_nonzero(~np.isnan(recording.frame(6).parts["gradient_norms"][:, 1])) == 1
    monkeypatch.setattr(layer_statistics, "PAST_SECONDS", 1e9)
    assert np.count_nonzero(~np.isnan(recording.frame(6).parts["gradient_norms"][:, 1])) == 7


def test_moments_are_spread_evenly_and_stay() -> None:
    assert spread_evenly(list(range(11)), 10, 4) == [0, 4, 8, 10]
    assert spread_evenly(list(range(17)), 16, 4) == [0, 4, 8, 12, 16]
    assert spread_evenly(list(range(18)), 17, 4) == [0, 8, 16, 17]
    assert spread_evenly([0, 4, 8, 9], 9, 64) == [0, 4, 8, 9]
    assert spread_evenly([5], 5, 64) == [5]


@pytest.mark.parametrize("limit", [0, 10**9])
def test_what_a_large_network_is_drawn_with_is_let_go(monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    monkeypatch.setattr(frame_context, "MOST_PARAMETERS_KEPT", limit)
    config = ExperimentConfig(dataset="diabetes", hidden_sizes=(6,))
    recording = Recording(config)
    recording.look(("layers", "measures", "importance", "responses"))
    recording.advance(0, "step", 1, 2, 9.0)
    assert recording.frame(1).parts.keys() >= {"weight_counts", "importance", "responses"}
    assert bool(recording.setup.memory.keys() - {"norms"}) == (limit > 0)
