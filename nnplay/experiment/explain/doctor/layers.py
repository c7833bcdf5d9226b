"""What is wrong with the gradient on its way back through the layers: it vanishes, or explodes."""

from __future__ import annotations

import numpy as np

from nnplay.engine import SGD
from nnplay.experiment.explain.doctor.case import Case
from nnplay.experiment.explain.doctor.conditions import condition
from nnplay.experiment.explain.doctor.finding import Finding
from nnplay.experiment.explain.doctor.rates import nice

#: Of the gradient at the output, what arrives in the first layer. Runs that learn well have at least 0.05, whatever the
#: data; five layers of sigmoids about 0.001.
VANISHED = 0.02
#: Hidden layers from which on that is the cause. With two, the gradient is as small for a while on any plateau.
DEEP = 3
#: How many times the loss of a constant answer the untrained network's loss is. 1 to 2 with the usual first weights.
ABSURD = 10.0
#: How many times as large as the inputs the values in the last hidden layer are: bounded activations don't let them.
GROWN = 10.0


@condition("vanishing_gradients", rank=45, explains=("plateau", "underfitting", "rate_too_small"))
def vanishing_gradients(case: Case) -> Finding | None:
    """The gradient gets so small on its way back that the first layers don't learn."""
    if case.course.is_short or len(case.hidden_sizes) < DEEP or case.lags < 0.1 or case.left < 0.5:
        return None
    sizes = case.now.gradient_sizes
    if not np.isfinite(sizes).all() or not sizes[-1] > 0 or not sizes[0] < VANISHED * sizes[-1]:
        return None
    evidence = {f"gradient in layer {layer}": float(size) for layer, size in enumerate(sizes[:-1], 1)}
    evidence["gradient in the output layer"] = float(sizes[-1])
    ratio = sizes[-1] / sizes[0] if sizes[0] > 0 else np.inf
    sentence = (
        f"The gradient is {ratio:,.0f} times smaller in the first layer than at the output: that layer hardly learns."
    )
    return Finding("vanishing_gradients", 1.0, sentence, evidence, "layers", *_let_it_through(case))


def _let_it_through(case: Case) -> tuple[str, dict[str, object]]:
    """Return an activation with a steeper slope, and a rate that is no longer too large where the gradient arrives."""
    optimizer = case.session.optimizer
    names = {activation.name for activation in case.session.network.activations}
    change: dict[str, object] = {"activation": "relu" if "tanh" in names else "tanh"}
    change["initializer"] = "he_uniform" if "tanh" in names else "xavier_uniform"
    if isinstance(optimizer, SGD) and optimizer.learning_rate / (1 - optimizer.momentum) > 0.5:
        change["learning_rate"] = rate = nice(0.1 * (1 - optimizer.momentum))
        return f"Begin again with {change['activation']} and a learning rate of {rate:g}.", change
    return f"Begin again with {change['activation']}, which lets the gradient through.", change


def _size(values: np.ndarray) -> float:
    return float(np.sqrt(np.mean(np.square(values))))


@condition(
    "exploding_gradients",
    rank=20,
    explains=(
        "rate_too_large", "near_edge", "noise", "rate_too_small", "dead_units", "vanishing_gradients", "plateau",
        "underfitting",
    ),
)  # fmt: skip
def exploding_gradients(case: Case) -> Finding | None:
    """First weights are so large that values, and gradients, grow from layer to layer: the first steps wreck them."""
    if len(case.hidden_sizes) < 2 or case.is_solved or not case.lags > 0.1:
        return None
    first = case.first
    sizes, weights = first.gradient_sizes, first.weight_sizes
    worse = first.loss / case.constant_loss if case.constant_loss > 0 else 0.0
    grown = _size(first.hidden[-1]) / max(_size(case.inputs), 1e-12)
    if not (worse > ABSURD and grown > GROWN):
        return None
    evidence = {f"first gradient in layer {layer}": float(size) for layer, size in enumerate(sizes[:-1], 1)}
    evidence["first gradient in the output layer"] = float(sizes[-1])
    evidence["size of the first weights"] = float(weights.max())
    sentence = (
        f"Gradients exploded at the start: with such large weights, the untrained network's loss was {worse:,.0f} "
        "times that of a constant answer."
    )
    relu = all(activation.name in ("relu", "leaky_relu", "elu") for activation in case.session.network.activations)
    name = "he_uniform" if relu else "xavier_uniform"
    return Finding(
        "exploding_gradients", 1.0, sentence, evidence, "layers", "Begin again with smaller first weights.",
        {"initializer": name},
    )  # fmt: skip
