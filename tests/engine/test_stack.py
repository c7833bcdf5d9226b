"""A stack of networks against the same networks one at a time."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import Optimizer
from nnplay.engine.outputs import OUTPUTS
from nnplay.engine.stack import NetworkStack
from nnplay.experiment.training.batches import Batches

PAIRS = [(loss, output) for loss in LOSSES for output in OUTPUTS if output in LOSSES[loss].valid_outputs]
K, N_SAMPLES, BATCH = 4, 21, 8
RTOL = 1e-9

OPTIMIZER_CHOICES: dict[str, Optimizer] = {
    "sgd": nn.SGD(0.1),
    "momentum": nn.SGD(0.1, momentum=0.9),
    "nesterov": nn.SGD(0.1, momentum=0.9, nesterov=True),
    "rmsprop": nn.RMSProp(),
    "adagrad": nn.Adagrad(),
    "adam": nn.Adam(),
}


def networks(
    activation: Any = "tanh", output: str = "sigmoid", hidden: tuple[int, ...] = (5, 4), **settings: Any
) -> list:
    n_outputs = 3 if output == "softmax" else 2
    return [nn.Network([3, *hidden, n_outputs], activation, output, seed=seed, **settings) for seed in range(K)]


def samples_for(output: str, stacked: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs and targets for all networks, or for each its own."""
    rng = np.random.default_rng(5)
    many = (K,) if stacked else ()
    X = rng.normal(size=(*many, N_SAMPLES, 3))
    if output == "softmax":
        return X, rng.integers(0, 3, (*many, N_SAMPLES))
    return X, rng.uniform(size=(*many, N_SAMPLES, 2)).round()


def trained_together(stack: NetworkStack, optimizer: Optimizer, X: np.ndarray, y: np.ndarray, **settings: Any) -> None:
    """Train 50 steps, each network on batches in an order of its own."""
    dropout, regularizer = settings.get("dropout", 0.0), settings.get("regularizer")
    (loss,) = (LOSSES[settings["loss"]](),)
    targets = stack.as_targets(y, N_SAMPLES, loss, each_its_own=False)[:, 0].T
    inputs = stack.as_columns(X).T
    feeds = [Batches(inputs, targets, BATCH, True, seed) for seed in range(K)]
    gradient = np.empty_like(stack.parameters)
    rngs = [np.random.default_rng([4, seed]) for seed in range(K)]
    passes = {
        size: stack.backpropagation(loss, size, gradient, dropout, rngs) for size in (BATCH, feeds[0].last_batch_size)
    }
    optimizer = optimizer.unbound_copy()
    optimizer.bind(stack.parameters)
    for _ in range(50):
        batches = [next(feed.rest_of_epoch(1)) for feed in feeds]
        x, t = np.stack([x for x, _ in batches]), np.stack([t for _, t in batches], axis=1)
        passes[x.shape[-1]].run(x, t)
        if regularizer:
            regularizer.add_gradient(gradient, stack.parameters, stack.is_weight)
        optimizer.update(stack.parameters, gradient, optimizer.learning_rate)


def trained_alone(
    network: nn.Network, k: int, optimizer: Optimizer, X: np.ndarray, y: np.ndarray, **settings: Any
) -> None:
    session = nn.TrainingSession(
        network, nn.datasets.Dataset(X, y), optimizer=optimizer, batch_size=BATCH, seed=k, evaluate_every=0, **settings
    )
    session.step(50)


@pytest.mark.parametrize("each_its_own", [False, True])
@pytest.mark.parametrize(("loss", "output"), PAIRS)
def test_losses_gradients_and_outputs_are_those_of_each_network(loss: str, output: str, each_its_own: bool) -> None:
    X, y = samples_for(output, each_its_own)
    for activation in ACTIVATIONS:
        singles = networks([activation, "tanh"], output, bias=activation != "sine")
        stack = NetworkStack(singles)
        values, gradients = stack.loss_and_gradient(X, y, loss)
        outputs = stack.forward(X)
        assert values.shape == (K,)
        for k, network in enumerate(singles):
            own_X, own_y = (X[k], y[k]) if each_its_own else (X, y)
            value, gradient = network.loss_and_gradient(own_X, own_y, loss)
            assert values[k] == pytest.approx(value, rel=RTOL)
            np.testing.assert_allclose(gradients[k], gradient, rtol=RTOL, atol=1e-15)
            np.testing.assert_allclose(outputs[k], network.forward(own_X), rtol=RTOL)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("name", OPTIMIZER_CHOICES)
def test_training_together_is_training_alone(name: str, dropout: float) -> None:
    X, y = samples_for("sigmoid", False)
    settings = {"loss": "binary_cross_entropy", "dropout": dropout, "regularizer": nn.L2(1e-2)}
    singles = networks(["relu", "silu"])
    stack = NetworkStack(singles)
    trained_together(stack, OPTIMIZER_CHOICES[name], X, y, **settings)
    for k, network in enumerate(singles):
        before = network.parameters.copy()
        trained_alone(network, k, OPTIMIZER_CHOICES[name], X, y, **settings)
        assert np.abs(network.parameters - before).max() > 1e-2
        np.testing.assert_allclose(stack.parameters[k], network.parameters, rtol=RTOL)


@pytest.mark.parametrize("hidden", [(), (6,)])
@pytest.mark.parametrize(("loss", "output"), [("categorical_cross_entropy", "softmax"), ("quadratic", "identity")])
def test_training_together_with_other_losses_and_shapes(loss: str, output: str, hidden: tuple[int, ...]) -> None:
    X, y = samples_for(output, False)
    settings = {"loss": loss, "regularizer": nn.L1(1e-2)}
    singles = networks("tanh", output, hidden)
    stack = NetworkStack(singles)
    trained_together(stack, nn.SGD(0.05, momentum=0.5), X, y, **settings)
    for k, network in enumerate(singles):
        trained_alone(network, k, nn.SGD(0.05, momentum=0.5), X, y, **settings)
        np.testing.assert_allclose(stack.network(k).parameters, network.parameters, rtol=RTOL)


def test_each_network_may_have_a_learning_rate_of_its_own() -> None:
    rates = [0.0, 0.01, 0.1, 1.0]
    stack = NetworkStack(networks())
    before = stack.parameters.copy()
    gradient = np.ones_like(before)
    for optimizer in (nn.SGD(), nn.Adam()):
        stack.parameters[:] = before
        optimizer.bind(stack.parameters)
        optimizer.update(stack.parameters, gradient, np.reshape(rates, (K, 1)))
        np.testing.assert_allclose(before - stack.parameters, np.outer(rates, gradient[0]), rtol=1e-6, atol=1e-15)


@pytest.mark.parametrize("regularizer", [nn.L1(0.1), nn.L2(0.1)])
def test_each_network_pays_for_its_own_weights(regularizer: Any) -> None:
    singles = networks()
    stack = NetworkStack(singles)
    penalties = [regularizer.penalty(network.parameters, network.is_weight) for network in singles]
    np.testing.assert_allclose(regularizer.penalty(stack.parameters, stack.is_weight), penalties, rtol=RTOL)


def test_a_network_that_diverges_leaves_the_others_alone() -> None:
    singles = networks()
    stack = NetworkStack(singles)
    stack.parameters[1] = np.nan
    X, y = samples_for("sigmoid", False)
    values, gradients = stack.loss_and_gradient(X, y)
    assert np.isnan(values).tolist() == [False, True, False, False]
    np.testing.assert_allclose(gradients[2], singles[2].loss_and_gradient(X, y)[1], rtol=RTOL)
    assert np.isnan(stack.network(1).parameters).all()


def test_a_stack_in_single_precision_stays_so() -> None:
    stack = NetworkStack(networks(dtype="float32"))
    X, y = samples_for("sigmoid", False)
    values, gradients = stack.loss_and_gradient(X, y)
    assert (stack.forward(X).dtype, gradients.dtype, values.dtype) == (np.float32, np.float32, np.float64)


def test_a_stack_has_parameters_of_its_own() -> None:
    singles = networks()
    stack = NetworkStack(singles)
    one = stack.network(2)
    assert len(stack) == K
    stack.parameters[:] = 0.0
    assert np.array_equal(one.parameters, singles[2].parameters)
    assert singles[2].parameters.any()


def test_networks_of_different_architectures_are_refused() -> None:
    for other, what in (
        (nn.Network([3, 5, 5, 2]), "layer_sizes"),
        (nn.Network([3, 5, 4, 2], "relu"), "activations"),
        (nn.Network([3, 5, 4, 2], output="identity"), "output"),
        (nn.Network([3, 5, 4, 2], dtype="float32"), "dtype"),
        (nn.Network([3, 5, 4, 2], bias=False), "has_bias"),
    ):
        with pytest.raises(ValueError, match=f"networks must have the same {what}; got"):
            NetworkStack([*networks(), other])
    with pytest.raises(ValueError, match=re.escape("networks must be at least one Network; got []")):
        NetworkStack([])
    with pytest.raises(TypeError, match="networks must be an instance of Network; got 3"):
        NetworkStack([3])  # type: ignore[list-item]


def test_samples_for_another_number_of_networks_are_refused() -> None:
    stack = NetworkStack(networks())
    with pytest.raises(ValueError, match="X must be for all networks, or for each of the 4; got it for 3"):
        stack.forward(np.zeros((3, N_SAMPLES, 3)))
    with pytest.raises(ValueError, match="X must be an array of numbers of shape"):
        stack.forward(np.zeros((N_SAMPLES, 2)))
