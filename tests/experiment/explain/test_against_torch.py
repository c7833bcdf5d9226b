"""The ledger against PyTorch: gradients and penalties by its autograd, steps by its optimizers."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import product
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.losses import LOSSES
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.regularizers import REGULARIZERS
from nnplay.experiment.explain.ledger import Ledger

pytestmark = pytest.mark.long  # loading PyTorch alone takes seconds; finite differences say much of the same

PAIRS = [(loss, output) for loss in LOSSES for output in LOSSES[loss].valid_outputs]
MADE: dict[str, nn.SGD | nn.RMSProp | nn.Adagrad | nn.Adam] = {
    "sgd": nn.SGD(0.3),
    "momentum": nn.SGD(0.3, momentum=0.8),
    "nesterov": nn.SGD(0.3, momentum=0.8, nesterov=True),
    "rmsprop": nn.RMSProp(0.05, decay=0.7, epsilon=1e-3),
    "adagrad": nn.Adagrad(0.2, epsilon=1e-3),
    "adam": nn.Adam(0.05, beta_1=0.8, beta_2=0.95, epsilon=1e-3),
}
PENALTIES: list[nn.L1 | nn.L2 | None] = [None, nn.L1(0.02), nn.L2(0.3)]
LIMIT = 1e-8
N_UPDATES = 3  # before the step that is compared


@pytest.fixture(scope="module")
def torch() -> Any:
    """PyTorch; without it the tests are skipped, except where CI=true, so that they can't go missing unnoticed."""
    try:
        import torch
    except ImportError:
        message = (
            "PyTorch isn't installed, so the ledger is not compared with it: pip install -r requirements-torch.txt"
        )
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    torch.set_num_threads(1)
    return torch


def test_everything_that_there_is_is_compared() -> None:
    assert {type(made) for made in MADE.values()} == set(OPTIMIZERS.values())
    assert {type(penalty) for penalty in PENALTIES} - {type(None)} == set(REGULARIZERS.values())
    assert len(PAIRS) == 11


def functions(torch: Any) -> dict[str, Callable[[Any], Any]]:
    """Return what each activation and output is called there."""
    f = torch.nn.functional
    return {
        "relu": torch.relu,
        "leaky_relu": f.leaky_relu,
        "tanh": torch.tanh,
        "elu": f.elu,
        "sigmoid": torch.sigmoid,
        "identity": lambda z: z,
        "softplus": f.softplus,
        "silu": f.silu,
        "gelu": lambda z: f.gelu(z, approximate="tanh"),
        "sine": torch.sin,
        "softmax": lambda z: torch.softmax(z, 1),
    }


def loss_there(torch: Any, name: str, z: Any, a: Any, y: Any) -> Any:
    """Return a loss, written with their functions."""
    f = torch.nn.functional
    return {
        "binary_cross_entropy": lambda: f.binary_cross_entropy_with_logits(z, y, reduction="sum") / len(y),
        "categorical_cross_entropy": lambda: f.cross_entropy(z, y),
        "mean_squared_error": lambda: f.mse_loss(a, y),
        "sum_squared_error": lambda: f.mse_loss(a, y, reduction="sum"),
        "quadratic": lambda: f.mse_loss(a, y, reduction="sum") / 2 / len(y),
    }[name]()


def problem(activation: str, loss: str, output: str) -> tuple[nn.Network, np.ndarray, np.ndarray]:
    """Return a network of random weights and biases, samples, and a target matrix."""
    rng = np.random.default_rng(7)
    network = nn.Network([2, 4, 3, 3], activation, output)
    network.parameters = rng.normal(0, 0.8, network.parameters.size)
    y = rng.random((5, 3)) if output != "identity" else rng.normal(size=(5, 3))
    return network, rng.normal(size=(5, 2)), y / y.sum(1, keepdims=True) if loss.startswith("categorical") else y


def optimizer_there(torch: Any, made: Any, parameters: list[Any]) -> Any:
    """Return their optimizer of the same kind and settings."""
    rate, o = made.learning_rate, torch.optim
    if made.name == "sgd":
        return o.SGD(parameters, lr=rate, momentum=made.momentum, nesterov=made.nesterov)
    if made.name == "rmsprop":
        return o.RMSprop(parameters, lr=rate, alpha=made.decay, eps=made.epsilon)
    if made.name == "adagrad":
        return o.Adagrad(parameters, lr=rate, eps=made.epsilon)
    # Theirs divides the root by √(1 − β₂ᵗ) before epsilon is added; so theirs must be larger by as much.
    epsilon = made.epsilon / np.sqrt(1 - made.beta_2 ** (N_UPDATES + 1))
    return o.Adam(parameters, lr=rate, betas=(made.beta_1, made.beta_2), eps=epsilon)


def remembered(torch: Any, made: Any, network: nn.Network, theirs: Any, parameters: list[Any]) -> Any:
    """Return our optimizer with a memory, and write the same memory into theirs."""
    names = {"velocity": "momentum_buffer", "mean": "exp_avg", "sum_square": "sum"}
    names["mean_square"] = "exp_avg_sq" if made.name == "adam" else "square_avg"
    ours, rng = made.unbound_copy(), np.random.default_rng(9)
    ours.bind(network.parameters)
    ours.n_updates = N_UPDATES if made.name == "adam" else 0
    for name, vector in ours.state.items():
        vector[:] = rng.random(vector.size) if "square" in name else rng.normal(size=vector.size)
        # Their velocity is the gradients', ours the step's.
        scale = -1 / made.learning_rate if name == "velocity" else 1.0
        for parameter, part in zip(parameters, parts_of(network, vector * scale), strict=True):
            theirs.state[parameter][names[name]] = torch.from_numpy(part.copy())
            theirs.state[parameter]["step"] = torch.tensor(float(N_UPDATES))
    return ours


def parts_of(network: nn.Network, vector: np.ndarray) -> list[np.ndarray]:
    """Return the weights and the biases of each layer, one after the other."""
    return [part for block in network.blocks_of(vector) for part in (block[:-1], block[-1])]


def told(ledger: Ledger, what: str) -> list[np.ndarray]:
    """Return a number of the ledger for the weights and the biases of each layer."""
    return [getattr(layer, f"{kind}_{what}") for layer in ledger.layers for kind in ("weight", "bias")]


def far(ours: list[np.ndarray], theirs: list[Any]) -> float:
    """Return the largest difference, relative to the number, or to a thousandth of the largest if that is more."""
    a, b = (np.concatenate([np.ravel(part) for part in parts]) for parts in (ours, theirs))
    return float((np.abs(a - b) / np.maximum(np.abs(b), 1e-3 * np.abs(b).max() + 1e-300)).max())


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_gradients_and_steps_are_those_of_pytorch(torch: Any, activation: str) -> None:
    there = functions(torch)
    for loss, output in PAIRS:
        network, X, y = problem(activation, loss, output)
        parameters = [torch.from_numpy(part.copy()).requires_grad_() for part in parts_of(network, network.parameters)]
        weights, a, seen = parameters[::2], torch.from_numpy(X), SimpleNamespace(z=[], a=[])
        for number, (w, b) in enumerate(zip(weights, parameters[1::2], strict=True)):
            z = a @ w + b
            a = there[output if number == len(weights) - 1 else activation](z)
            for kept, value in ((seen.z, z), (seen.a, a)):
                value.retain_grad()
                kept.append(value)
        value = loss_there(torch, loss, z, a, torch.from_numpy(y))
        value.backward(retain_graph=False)
        gradients = [parameter.grad.clone() for parameter in parameters]
        penalties = {
            "l1": [0.02 * torch.autograd.grad(w.abs().sum(), w)[0] for w in weights],
            "l2": [0.15 * torch.autograd.grad((w * w).sum(), w)[0] for w in weights],
        }
        for (name, made), penalty in product(MADE.items(), PENALTIES):
            shares = penalties[penalty.name] if penalty else [torch.zeros_like(w) for w in weights]
            theirs = optimizer_there(torch, made, parameters)
            ours = remembered(torch, made, network, theirs, parameters)
            before = [parameter.detach().numpy().copy() for parameter in parameters]
            for k, (parameter, gradient) in enumerate(zip(parameters, gradients, strict=True)):
                parameter.grad = gradient + shares[k // 2] if k % 2 == 0 else gradient.clone()
            theirs.step()
            steps = [parameter.detach().numpy() - old for parameter, old in zip(parameters, before, strict=True)]
            with torch.no_grad():
                for parameter, old in zip(parameters, before, strict=True):
                    parameter.copy_(torch.from_numpy(old))

            ledger = nn.explain_step(network, X, y, loss, ours, penalty)
            case = f"{loss} through {output}, {name}, {penalty}"
            assert ledger.loss == pytest.approx(value.item(), rel=LIMIT), case
            assert far(told(ledger, "gradients"), [gradient.numpy() for gradient in gradients]) < LIMIT, case
            assert far([layer.weight_penalties for layer in ledger.layers], shares) < LIMIT, case
            assert far(told(ledger, "steps"), steps) < LIMIT, case
            assert far([layer.errors for layer in ledger.layers], [z.grad.numpy() for z in seen.z]) < LIMIT, case
            assert far([layer.activations for layer in ledger.layers], [a.detach().numpy() for a in seen.a]) < LIMIT


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_slopes_and_masks_are_those_of_pytorch(torch: Any, activation: str) -> None:
    network, X, y = problem(activation, "mean_squared_error", "identity")
    ledger = nn.explain_step(network, X, y, dropout=0.4, rng=np.random.default_rng(2))
    a = torch.from_numpy(X)
    errors: list[Any] = []
    for layer in ledger.layers:
        w, b = (torch.from_numpy(each.copy()) for each in (layer.weights, layer.biases))
        z = (a @ w + b).requires_grad_()
        z.retain_grad()
        errors.append(z)
        a = functions(torch)[activation if not layer.is_output else "identity"](z)
        (slopes,) = torch.autograd.grad(a.sum(), z, retain_graph=True)
        assert far([layer.slopes], [slopes.numpy()]) < LIMIT
        a = a if layer.mask is None else a * torch.from_numpy(layer.mask.copy())
        assert far([layer.handed_on], [a.detach().numpy()]) < LIMIT
    for z in errors:
        z.grad = None  # the slopes left their mark there
    torch.nn.functional.mse_loss(a, torch.from_numpy(y)).backward()
    assert far([layer.errors for layer in ledger.layers], [z.grad.numpy() for z in errors]) < LIMIT
