"""Why a step is as long as it is: what each optimizer multiplies and adds to make it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

from nnplay.engine import SGD, Adagrad, Adam, Optimizer, RMSProp
from nnplay.experiment.explain.layer_ledger import Factor, Term

#: What the optimizer remembers of one parameter, before and after the step, by name.
Remembered = Mapping[str, tuple[float, float]]


def terms_of(
    optimizer: Optimizer, rate: float, n_updates: int, gradient: float, memory: Remembered, step: float
) -> list[Term]:
    """Return the products that add up to the step of one parameter.

    Parameters
    ----------
    optimizer : Optimizer
    rate : float
        The learning rate after its schedule.
    n_updates : int
        The number of this step, where the optimizer counts them.
    gradient : float
        With the penalty's share.
    memory : mapping
    step : float
        What was added to the parameter.
    """
    for kind, terms in TERMS.items():
        if isinstance(optimizer, kind):
            return terms(optimizer, rate, n_updates, gradient, memory)
    return [Term((Factor(r"\Delta", "what the optimizer added", step),), step)]


def _term(*factors: Factor) -> Term:
    return Term(factors, math.prod(factor.value for factor in factors))


def _against(rate: float) -> Factor:
    return Factor(r"-\eta", "the learning rate, downhill", -rate)


def _gradient(value: float) -> Factor:
    return Factor("g", "the gradient", value)


def _over_root(name: str, symbol: str, square: float, epsilon: float) -> Factor:
    # Of a network in float32, too: what is told here is told in float64.
    return Factor(rf"\frac{{1}}{{\sqrt{{{symbol}}} + \varepsilon}}", f"divided by {name}", 1 / (square**0.5 + epsilon))


def _sgd(optimizer: Optimizer, rate: float, n_updates: int, gradient: float, memory: Remembered) -> list[Term]:
    assert isinstance(optimizer, SGD)
    downhill = _term(_against(rate), _gradient(gradient))
    if not optimizer.momentum:
        return [downhill]
    momentum = Factor(r"\mu", "the momentum", optimizer.momentum)
    before, after = memory["velocity"]
    if optimizer.nesterov:
        return [_term(momentum, Factor("v", "the velocity after this step", after)), downhill]
    return [_term(momentum, Factor("v", "the velocity so far", before)), downhill]


def _rmsprop(optimizer: Optimizer, rate: float, n_updates: int, gradient: float, memory: Remembered) -> list[Term]:
    assert isinstance(optimizer, RMSProp)
    root = _over_root("the size gradients have had of late", "s", memory["mean_square"][1], optimizer.epsilon)
    return [_term(_against(rate), _gradient(gradient), root)]


def _adagrad(optimizer: Optimizer, rate: float, n_updates: int, gradient: float, memory: Remembered) -> list[Term]:
    assert isinstance(optimizer, Adagrad)
    root = _over_root("the size of all gradients so far", "s", memory["sum_square"][1], optimizer.epsilon)
    return [_term(_against(rate), _gradient(gradient), root)]


def _adam(optimizer: Optimizer, rate: float, n_updates: int, gradient: float, memory: Remembered) -> list[Term]:
    assert isinstance(optimizer, Adam)
    first, second = 1.0 - optimizer.beta_1**n_updates, 1.0 - optimizer.beta_2**n_updates
    correction = Factor(
        r"\frac{\sqrt{1 - \beta_2^{\,t}}}{1 - \beta_1^{\,t}}",
        "the correction for averages that began at 0",
        math.sqrt(second) / first,
    )
    mean = Factor("m", "the average gradient of late", memory["mean"][1])
    root = _over_root("the size gradients have had of late", "s", memory["mean_square"][1], optimizer.epsilon)
    return [_term(_against(rate), correction, mean, root)]


#: What each kind of optimizer multiplies and adds; of any other, the step is told as it is.
TERMS: dict[type[Optimizer], Callable[[Optimizer, float, int, float, Remembered], list[Term]]] = {
    SGD: _sgd,
    RMSProp: _rmsprop,
    Adagrad: _adagrad,
    Adam: _adam,
}
