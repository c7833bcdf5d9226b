"""The ledger of a step: what it says is what the engine does, and nothing that it is given is changed."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.engine.activations import ACTIVATIONS, Array
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS, Optimizer, Rate
from nnplay.experiment.explain.ledger import Ledger
from nnplay.refusal import Refusal

PAIRS = [(loss, output) for loss in LOSSES for output in LOSSES[loss].valid_outputs]
CONFIG = nn.ExperimentConfig(dataset="moons", n_samples=60, hidden_sizes=(4, 3), batch_size=7)


def steps_of(ledger: Ledger) -> np.ndarray:
    """Return what the ledger says is added, in the order of the parameters."""
    parts = [
        (layer.weight_steps.ravel(), layer.bias_steps if layer.has_bias else np.empty(0)) for layer in ledger.layers
    ]
    return np.concatenate([part for pair in parts for part in pair])


SESSIONS = [
    {},
    {"batch_size": None},
    {"dropout": 0.3, "regularizer": "l2"},
    {"optimizer": "adam", "regularizer": "l1", "schedule": "exponential(gamma=0.9)", "dropout": 0.5},
    {"optimizer": "rmsprop", "hidden_sizes": ()},
    {"optimizer": "adagrad", "shuffle": False, "activation": "gelu"},
    {"optimizer": "sgd", "nesterov": True, "momentum": 0.8, "dtype": "float32", "dropout": 0.2},
]


@pytest.mark.parametrize("changes", SESSIONS, ids=str)
@pytest.mark.parametrize("n_steps", [0, 3, 16])
def test_the_next_step_of_a_session_is_told_bit_for_bit(changes: dict, n_steps: int) -> None:
    session = replace(CONFIG, **changes).build()
    if n_steps:
        session.step(n_steps)
    twin = copy.deepcopy(session)
    ledger = nn.explain_next_step(session)
    before = session.network.parameters.copy()
    assert np.array_equal(before, twin.network.parameters)
    session.step()
    assert np.array_equal(session.network.parameters - before, steps_of(ledger))
    for name, vector in session.optimizer.state.items():
        after = np.concatenate(
            [
                part
                for layer in ledger.layers
                for part in (layer.weight_memory[name].after.ravel(), layer.bias_memory[name].after)
            ]
        )
        assert np.array_equal(after, vector)
    # Explained or not, the session goes on the same way.
    twin.step()
    assert np.array_equal(session.step(20).network.parameters, twin.step(20).network.parameters)


def test_the_samples_are_those_of_the_batch() -> None:
    session = CONFIG.build().step(2)
    ledger = nn.explain_next_step(session)
    assert np.array_equal(session.train.X[ledger.samples], ledger.inputs)
    assert np.array_equal(session.train.y[ledger.samples], ledger.targets[:, 0])
    whole = nn.explain_next_step(replace(CONFIG, batch_size=None).build())
    assert whole.samples.tolist() == list(range(session.train.n_samples))


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("dropout", [0.0, 0.4])
def test_each_number_follows_from_those_before_it(activation: str, dropout: float) -> None:
    rng = np.random.default_rng(3)
    network = nn.Network([2, 4, 3, 3], activation, "softmax")
    network.parameters = rng.normal(size=network.parameters.size)
    X, y = rng.normal(size=(6, 2)), rng.integers(0, 3, 6)
    ledger = nn.explain_step(network, X, y, dropout=dropout, rng=rng)
    x = X
    for layer, above in zip(ledger.layers, [*ledger.layers[1:], None], strict=True):
        assert np.array_equal(layer.inputs, x)
        np.testing.assert_allclose(layer.pre_activations, x @ layer.weights + layer.biases, rtol=1e-13, atol=1e-14)
        if above is not None:
            g = nn.activations.get(activation)
            assert np.array_equal(layer.activations, g(layer.pre_activations))
            mask = 1.0 if layer.mask is None else layer.mask
            assert np.array_equal(layer.handed_on, layer.activations * mask)
            slopes = (g(layer.pre_activations + 1e-6) - g(layer.pre_activations - 1e-6)) / 2e-6
            np.testing.assert_allclose(layer.slopes, slopes, rtol=1e-6, atol=1e-8)
            errors = above.errors @ above.weights.T * layer.slopes * mask
            np.testing.assert_allclose(layer.errors, errors, rtol=1e-12, atol=1e-15)
        np.testing.assert_allclose(layer.weight_gradients, layer.inputs.T @ layer.errors, rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(layer.bias_gradients, layer.errors.sum(0), rtol=1e-12, atol=1e-14)
        np.testing.assert_allclose(layer.weight_differences, layer.weight_gradients, rtol=1e-6, atol=1e-9)
        np.testing.assert_allclose(layer.bias_differences, layer.bias_gradients, rtol=1e-6, atol=1e-9)
        x = layer.handed_on
    assert np.array_equal(ledger.outputs, ledger.layers[-1].activations)


def test_nothing_that_is_given_is_changed() -> None:
    rng = np.random.default_rng(0)
    network = nn.Network([2, 3, 1])
    optimizer = nn.Adam()
    optimizer.bind(network.parameters)
    optimizer.update(network.parameters, rng.normal(size=network.parameters.size), 0.1)
    before = network.parameters.tobytes(), pickle.dumps(optimizer.snapshot()), pickle.dumps(rng.bit_generator.state)
    ledger = nn.explain_step(
        network, [[1.0, 2.0]], [1], optimizer=optimizer, regularizer=nn.L2(0.1), dropout=0.5, rng=rng
    )
    after = network.parameters.tobytes(), pickle.dumps(optimizer.snapshot()), pickle.dumps(rng.bit_generator.state)
    assert before == after
    assert ledger.n_updates == 2
    assert np.array_equal(ledger.layers[0].weight_memory["mean"].before.ravel(), optimizer.state["mean"][:6])
    # Training goes on, and the ledger stays what it was.
    network.parameters = np.zeros(network.parameters.size)
    assert ledger.layers[0].weights.any()
    assert ledger.layers[0].weight_differences[0, 0] == pytest.approx(ledger.gradient(0, 0, 0), rel=1e-6)
    with pytest.raises(ValueError, match="read-only"):
        ledger.layers[0].weights[0, 0] = 5


@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_the_losses_of_the_samples_add_up(loss: str, output: str) -> None:
    rng = np.random.default_rng(5)
    network = nn.Network([2, 3, 2], "tanh", output)
    y = rng.integers(0, 2, 5) if output == "softmax" else rng.integers(0, 2, (5, 2))
    ledger = nn.explain_step(network, rng.normal(size=(5, 2)), y, loss)
    whole = np.sum if loss == "sum_squared_error" else np.mean
    assert ledger.loss == pytest.approx(whole(ledger.sample_losses), rel=1e-13)
    assert ledger.loss == network.loss_and_gradient(ledger.inputs, y, loss)[0]
    assert ledger.loss_after < ledger.loss


@pytest.mark.parametrize("optimizer", [*OPTIMIZERS, "momentum", "nesterov"])
@pytest.mark.parametrize("penalty", [None, nn.L1(0.01), nn.L2(0.1)])
def test_the_terms_of_a_step_add_up_to_it(optimizer: str, penalty: nn.L1 | nn.L2 | None) -> None:
    made = {
        "momentum": nn.SGD(momentum=0.9),
        "nesterov": nn.SGD(momentum=0.9, nesterov=True),
    }.get(optimizer) or OPTIMIZERS[optimizer]()
    data = nn.datasets.make("moons", n_samples=20, seed=0)
    settings: dict[str, Any] = {"optimizer": made, "regularizer": penalty, "schedule": "step(every=1, gamma=0.7)"}
    session = nn.TrainingSession(nn.Network([2, 3, 1]), data, batch_size=5, **settings).step(9)
    ledger = nn.explain_next_step(session)
    assert ledger.learning_rate == ledger.base_rate * ledger.schedule_factor == session.learning_rate
    assert ledger.schedule_factor == pytest.approx(0.7**2)
    for number, layer in enumerate(ledger.layers):
        for i in range(layer.n_in + 1):
            for j in range(layer.n_out):
                terms = ledger.step_terms(number, i, j)
                step = layer.bias_steps[j] if i == layer.n_in else layer.weight_steps[i, j]
                assert sum(term.value for term in terms) == pytest.approx(step, rel=1e-9, abs=1e-15)
                for term in terms:
                    assert term.value == pytest.approx(np.prod([factor.value for factor in term.factors]), rel=1e-14)
                shares = ledger.contributions(number, i, j)
                assert shares.sum() == pytest.approx(ledger.gradient(number, i, j), rel=1e-10, abs=1e-15)
                for sample in range(ledger.n_samples):
                    factors = ledger.chain(number, i, j, sample)
                    assert np.prod([factor.value for factor in factors]) == pytest.approx(shares[sample], rel=1e-10)


def test_an_optimizer_that_nobody_explains_is_told_by_its_step() -> None:
    class Fixed(Optimizer):
        def update(self, parameters: Array, gradient: Array, learning_rate: Rate) -> None:
            parameters -= learning_rate * np.sign(gradient)

    ledger = nn.explain_step(nn.Network([2, 1]), [[1.0, 2.0]], [1], optimizer=Fixed(0.25))
    (term,) = ledger.step_terms(0, 0, 0)
    assert term.value == ledger.layers[0].weight_steps[0, 0]
    assert abs(term.value) == pytest.approx(0.25)


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_are_those_of_finite_differences(activation: str, loss: str, output: str) -> None:
    rng = np.random.default_rng(2)
    network = nn.Network([2, 3, 2], activation, output)
    network.parameters = rng.normal(0, 0.8, network.parameters.size)
    y = rng.random((4, 2)) if output != "identity" else rng.normal(size=(4, 2))
    y = y / y.sum(1, keepdims=True) if loss.startswith("categorical") else y
    ledger = nn.explain_step(network, rng.normal(size=(4, 2)), y, loss)
    for layer in ledger.layers:
        for backward, forward in (
            (layer.weight_gradients, layer.weight_differences), (layer.bias_gradients, layer.bias_differences)
        ):  # fmt: skip
            np.testing.assert_allclose(forward, backward, rtol=1e-6, atol=1e-9 * np.abs(backward).max())


@pytest.mark.parametrize("penalty", [nn.L1(0.02), nn.L2(0.3)])
def test_the_penaltys_share_is_the_slope_of_the_penalty(penalty: nn.L1 | nn.L2) -> None:
    network, step = nn.Network([2, 3, 1], seed=6), 1e-5
    ledger = nn.explain_step(network, [[1.0, 2.0]], [1], regularizer=penalty)
    assert ledger.penalty == penalty.penalty(network.parameters, network.is_weight)
    for layer in ledger.layers:
        for place in np.ndindex(layer.weights.shape):
            by = np.zeros(layer.weights.shape)
            by[place] = step
            one = np.ones(by.size)
            up, down = (penalty.penalty((layer.weights + sign * by).ravel(), one) for sign in (1, -1))
            assert layer.weight_penalties[place] == pytest.approx((up - down) / (2 * step), rel=1e-6)


@pytest.mark.parametrize("output", ["sigmoid", "softmax", "identity"])
def test_the_chain_of_a_squared_error_goes_through_the_output(output: str) -> None:
    rng = np.random.default_rng(1)
    network = nn.Network([2, 2], output=output)
    ledger = nn.explain_step(network, rng.normal(size=(3, 2)), rng.random((3, 2)), "quadratic")
    (layer,) = ledger.layers
    assert layer.error_rule == "jacobian"
    np.testing.assert_allclose(layer.loss_slopes, (ledger.outputs - ledger.targets) / 3)
    for j in range(2):
        factors = ledger.chain(0, 0, j, sample=2)
        assert np.prod([factor.value for factor in factors]) == pytest.approx(layer.inputs[2, 0] * layer.errors[2, j])


def test_masks_that_are_given_are_used() -> None:
    network = nn.Network([2, 3, 1], seed=4)
    X, y = np.random.default_rng(0).normal(size=(4, 2)), [0, 1, 1, 0]
    drawn = nn.explain_step(network, X, y, dropout=0.5, rng=np.random.default_rng(8))
    given = nn.explain_step(network, X, y, masks=[drawn.layers[0].mask])
    assert np.array_equal(steps_of(drawn), steps_of(given))
    one = nn.explain_step(network, X[2:3], y[2:3], masks=[drawn.layers[0].mask[2:3]])
    np.testing.assert_allclose(one.layers[0].errors[0] / 4, drawn.layers[0].errors[2], rtol=1e-12)
    assert set(np.unique(drawn.layers[0].mask)) == {0.0, 2.0}


def test_a_network_without_biases_has_none_in_its_ledger() -> None:
    network = nn.Network([2, 3, 1], bias=False)
    ledger = nn.explain_step(network, [[1.0, 2.0]], [1])
    assert not ledger.has_bias
    assert ledger.n_parameters == network.parameters.size == len(steps_of(ledger))
    assert not ledger.layers[0].bias_differences.any()
    with pytest.raises(Refusal, match="i must be an integer from 0 to 1"):
        ledger.gradient(0, 2, 0)


def test_a_ledger_can_be_kept() -> None:
    ledger = nn.explain_next_step(CONFIG.build())
    value = ledger.difference(0, 0, 0)  # what is computed late isn't kept, and is computed again
    again = pickle.loads(pickle.dumps(ledger))
    assert again.difference(0, 0, 0) == value
    assert copy.deepcopy(ledger).difference(1, 2, 1) == ledger.difference(1, 2, 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"network": 3}, "network must be an instance of Network"),
        ({"X": [[1.0]]}, r"X must be an array of numbers of shape \(n_samples, 2\)"),
        ({"y": [3]}, "y must lie between 0 and 1"),
        ({"loss": "categorical_cross_entropy"}, "loss must fit the output"),
        ({"optimizer": "adam"}, "optimizer must be an instance of Optimizer"),
        ({"regularizer": 0.1}, "regularizer must be an instance of Regularizer"),
        ({"dropout": 1.0}, "dropout must be a finite number"),
        ({"rng": 4}, "rng must be an instance of Generator"),
        ({"masks": [np.ones((2, 3))]}, r"masks\[0\] must have shape \(1, 3\); got shape \(2, 3\)"),
        ({"masks": 3}, "masks must be 1 arrays"),
        ({"schedule": "steps"}, "Did you mean 'step'"),
        ({"epoch": -1}, "epoch must be an integer at least 0"),
    ],
)
def test_what_cannot_be_is_refused(arguments: dict, message: str) -> None:
    given = {"network": nn.Network([2, 3, 1]), "X": [[1.0, 2.0]], "y": [1]} | arguments
    with pytest.raises(Refusal, match=message):
        nn.explain_step(**given)


def test_an_optimizer_of_another_network_is_refused() -> None:
    optimizer = nn.Adam()
    optimizer.bind(np.zeros(5))
    with pytest.raises(Refusal, match=r"optimizer must remember 13 parameters.*; got a mean of shape \(5,\)"):
        nn.explain_step(nn.Network([2, 3, 1]), [[1.0, 2.0]], [1], optimizer=optimizer)


def test_a_session_that_diverged_is_refused() -> None:
    session = replace(CONFIG, learning_rate=1e4, activation="relu", output="identity", dataset="plane").build()
    with pytest.warns(nn.DivergenceWarning):
        session.run(200)
    with pytest.raises(Refusal, match="session must not have diverged"):
        nn.explain_next_step(session)
