"""Optimizers: how the gradient becomes a step.

An optimizer is a dataclass. Each hyperparameter is a field whose metadata (bounds, scale, help) both checks what is
assigned to it and makes its widget in the app. Hyperparameters may be changed at any time; the next step uses them.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy import add, divide, multiply, sqrt, subtract

from nnplay.attributes import fix, no_such_attribute
from nnplay.engine.activations import Array
from nnplay.refusal import Refusal
from nnplay.registry import Registry
from nnplay.validation import boolean, number, shown
from nnplay.wording import Help

#: One for all parameters, or for a stack of K networks one each, (K, 1).
Rate = float | Array

OPTIMIZERS: Registry[type[Optimizer]] = Registry("optimizer")


def hyperparameter(
    default: float | bool,
    help: Help,
    offered: tuple[float, float] = (0.0, 1.0),
    scale: str = "linear",
    accepted: dict[str, float] | None = None,
) -> Any:
    """Declare a field of an optimizer.

    Parameters
    ----------
    default : float or bool
    help : Help
        For the widget.
    offered : tuple of float
        The ends of the widget's range.
    scale : {"linear", "log"}
        How the widget is graduated.
    accepted : dict, optional
        Bounds as :func:`nnplay.validation.number` takes them; by default what is offered.
    """
    accepted = accepted or {"low": offered[0], "high": offered[1]}
    metadata = {"help": help, "offered": offered, "scale": scale, "accepted": accepted}
    return dataclasses.field(default=default, metadata=metadata)


def step_size(default: float) -> Any:
    """Declare the learning rate, which every optimizer has."""
    help = Help(
        "How large a step the weights take.",
        "Too small: the loss falls very slowly.",
        "Too large: it jumps or explodes.",
    )
    return hyperparameter(default, help, (1e-5, 10.0), "log", {"low": 0.0, "high": 1e4})


def share(default: float, help: Help, highest_offered: float) -> Any:
    """Declare a hyperparameter in [0, 1)."""
    return hyperparameter(default, help, (0.0, highest_offered), accepted={"low": 0.0, "below": 1.0})


def small_number(default: float) -> Any:
    """Declare the epsilon that keeps a division finite."""
    help = Help(
        "A small number added to what each step is divided by, so that this is never zero.",
        "Too small: where gradients are tiny, single steps can become huge.",
        "Too large: all weights take nearly the same step again, and a smaller one.",
    )
    return hyperparameter(default, help, (1e-12, 1e-2), "log", {"above": 0.0, "high": 1.0})


def memory(default: float, of: str, highest_offered: float) -> Any:
    """Declare how slowly a running average forgets."""
    help = Help(
        f"How much of the average {of} is kept in each step.",
        "Too little: only the last steps count, and the steps become uneven.",
        "Too much: the average is out of date when the slope changes.",
    )
    return share(default, help, highest_offered)


@dataclass
class Optimizer:
    """Base of the optimizers.

    :meth:`bind` makes the state for a number of parameters, :meth:`update` takes one step.
    """

    name: ClassVar[str] = ""
    learning_rate: float = step_size(0.1)

    #: Names of the state vectors, each as long as the parameters and 0 at first.
    state_names: ClassVar[tuple[str, ...]] = ()
    state: dict[str, Array] = dataclasses.field(init=False, repr=False, compare=False, default_factory=dict)
    n_updates: int = dataclasses.field(init=False, repr=False, compare=False, default=0)
    _dtype: ClassVar[np.dtype | None] = None  # of the parameters, once there are some

    def __setattr__(self, name: str, value: Any) -> None:
        fields = type(self).__dataclass_fields__
        field = fields.get(name)
        if field is not None and field.init:
            check = boolean if isinstance(field.default, bool) else number
            bounds = {} if check is boolean else field.metadata["accepted"]
            value = check(name, value, **bounds)
            if name == "epsilon":
                _check_precision(value, self._dtype)
        elif not name.startswith("_") and name not in ("state", "n_updates"):
            raise no_such_attribute(type(self).__name__, name, [each for each in fields if fields[each].init])
        super().__setattr__(name, value)

    @property
    def hyperparameters(self) -> dict[str, Any]:
        """The fields and their values."""
        return {field.name: getattr(self, field.name) for field in dataclasses.fields(self) if field.init}

    def bind(self, parameters: Array) -> None:
        """Make the state for `parameters`, all zeros.

        Raises
        ------
        ValueError
            If the epsilon would be 0 in their precision.
        """
        _check_precision(self.hyperparameters.get("epsilon"), parameters.dtype)
        fix(self, _dtype=parameters.dtype)
        self._scratch = np.zeros_like(parameters)
        self.n_updates = 0
        self.state = {name: np.zeros_like(parameters) for name in self.state_names}

    def update(self, parameters: Array, gradient: Array, learning_rate: Rate) -> None:
        """Change `parameters` in place for one step.

        Parameters
        ----------
        parameters, gradient : ndarray, (n_parameters,) or (K, n_parameters)
            Of one network, or of a stack of K.
        learning_rate : float or ndarray, (K, 1)
            The field of that name after the schedule; each network of a stack may have its own.
        """
        raise NotImplementedError

    def unbound_copy(self) -> Optimizer:
        """Return an optimizer with the same hyperparameters and no state."""
        return type(self)(**self.hyperparameters)

    def snapshot(self) -> dict[str, Any]:
        """Return everything that the next steps depend on."""
        vectors = {name: vector.copy() for name, vector in self.state.items()}
        return {
            "name": self.name,
            "n_updates": self.n_updates,
            "hyperparameters": self.hyperparameters,
            "vectors": vectors,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Return to a :meth:`snapshot` of the same kind of optimizer."""
        if state["name"] != self.name:
            raise Refusal("state", f"must be of optimizer {self.name!r}", f"one of {shown(state['name'])}")
        for name, value in state["hyperparameters"].items():
            setattr(self, name, value)
        self.n_updates = state["n_updates"]
        for name, vector in state["vectors"].items():
            self.state[name][:] = vector


@OPTIMIZERS.register("sgd")
@dataclass
class SGD(Optimizer):
    """Gradient descent with momentum: a ball that rolls downhill.

    ``velocity = momentum·velocity − learning_rate·gradient; parameters += velocity``

    With `nesterov`, the step looks ahead along the velocity: ``parameters += momentum·velocity −
    learning_rate·gradient``.

    Source: Sutskever et al. (2013), https://proceedings.mlr.press/v28/sutskever13.html
    """

    momentum: float = share(
        0.0,
        Help(
            "How much of the last step is carried into the next.",
            "Too little: slow progress along flat valleys.",
            "Too much: it rolls past the best point and swings back.",
        ),
        0.99,
    )
    nesterov: bool = hyperparameter(
        False,
        Help(
            "Looks ahead: the gradient is taken where momentum is about to lead.",
            when="Switch it on when momentum overshoots.",
        ),
    )

    name = "sgd"
    state_names = ("velocity",)

    def update(self, parameters: Array, gradient: Array, learning_rate: Rate) -> None:
        velocity = self.state["velocity"]
        still = self.momentum == 0.0  # an array where the networks of a stack have different ones
        if still is True:
            multiply(gradient, -learning_rate, velocity)
            add(parameters, velocity, parameters)
            return
        downhill = multiply(gradient, learning_rate, self._scratch)
        multiply(velocity, self.momentum, velocity)
        subtract(velocity, downhill, velocity)
        if not self.nesterov:
            add(parameters, velocity, parameters)
            return
        subtract(parameters, downhill, parameters)
        add(parameters, multiply(velocity, self.momentum, downhill), parameters)


@OPTIMIZERS.register("rmsprop")
@dataclass
class RMSProp(Optimizer):
    """Divide each step by a running average of the gradient's size.

    ``mean_square = decay·mean_square + (1 − decay)·gradient²``
    ``parameters −= learning_rate · gradient / (√mean_square + epsilon)``

    Source: Tieleman and Hinton (2012), lecture 6e of Neural Networks for Machine Learning.
    """

    learning_rate: float = step_size(0.01)
    decay: float = memory(0.9, "squared gradient", 0.999)
    epsilon: float = small_number(1e-7)

    name = "rmsprop"
    state_names = ("mean_square",)

    def update(self, parameters: Array, gradient: Array, learning_rate: Rate) -> None:
        mean_square, scratch = self.state["mean_square"], self._scratch
        _average_in(mean_square, multiply(gradient, gradient, scratch), self.decay, scratch)
        _step_by_ratio(parameters, gradient, mean_square, learning_rate, self.epsilon, scratch)


@OPTIMIZERS.register("adagrad")
@dataclass
class Adagrad(Optimizer):
    """Divide each step by the size of all gradients so far: parameters that moved much slow down.

    ``sum_square += gradient²; parameters −= learning_rate · gradient / (√sum_square + epsilon)``

    Source: Duchi, Hazan and Singer (2011), https://jmlr.org/papers/v12/duchi11a.html
    """

    learning_rate: float = step_size(0.1)
    epsilon: float = small_number(1e-10)

    name = "adagrad"
    state_names = ("sum_square",)

    def update(self, parameters: Array, gradient: Array, learning_rate: Rate) -> None:
        sum_square, scratch = self.state["sum_square"], self._scratch
        add(sum_square, multiply(gradient, gradient, scratch), sum_square)
        _step_by_ratio(parameters, gradient, sum_square, learning_rate, self.epsilon, scratch)


@OPTIMIZERS.register("adam")
@dataclass
class Adam(Optimizer):
    """Momentum and a step size for each parameter.

    ``mean = beta_1·mean + (1 − beta_1)·gradient``
    ``mean_square = beta_2·mean_square + (1 − beta_2)·gradient²``
    ``parameters −= learning_rate · √(1 − beta_2ᵗ)/(1 − beta_1ᵗ) · mean / (√mean_square + epsilon)``

    t counts the steps; the factor in front undoes that both averages start at 0.

    Source: Kingma and Ba (2015), the efficient form at the end of section 2, https://arxiv.org/abs/1412.6980
    """

    learning_rate: float = step_size(0.01)
    beta_1: float = memory(0.9, "gradient", 0.999)
    beta_2: float = memory(0.999, "squared gradient", 0.9999)
    epsilon: float = small_number(1e-8)

    name = "adam"
    state_names = ("mean", "mean_square")

    def update(self, parameters: Array, gradient: Array, learning_rate: Rate) -> None:
        self.n_updates += 1
        mean, mean_square, scratch = self.state["mean"], self.state["mean_square"], self._scratch
        _average_in(mean, gradient, self.beta_1, scratch)
        _average_in(mean_square, multiply(gradient, gradient, scratch), self.beta_2, scratch)
        correction = _root(1.0 - self.beta_2**self.n_updates) / (1.0 - self.beta_1**self.n_updates)
        _step_by_ratio(parameters, mean, mean_square, learning_rate * correction, self.epsilon, scratch)


def _check_precision(epsilon: float | None, dtype: np.dtype | None) -> None:
    """Raise ValueError if `epsilon` is too small for `dtype` to keep a division finite."""
    if epsilon is None or dtype is None:
        return
    smallest = float(np.finfo(dtype).tiny)
    epsilon = float(np.min(epsilon))  # of a stack, the smallest of them
    if epsilon < smallest:
        raise Refusal(
            "epsilon",
            f"must be at least {smallest:.3g} in {dtype.name}, where less may be rounded to 0",
            f"{epsilon:g}",
        )


def _root(x: Rate) -> Any:
    return math.sqrt(x) if isinstance(x, float) else sqrt(x)


def _average_in(average: Array, new: Array, memory: float, scratch: Array) -> None:
    """``average = memory·average + (1 − memory)·new``; `new` may be `scratch`."""
    multiply(average, memory, average)
    multiply(new, 1.0 - memory, scratch)
    add(average, scratch, average)


def _step_by_ratio(
    parameters: Array, direction: Array, square: Array, rate: Rate, epsilon: float, scratch: Array
) -> None:
    """``parameters −= rate · direction / (√square + epsilon)``; the epsilon is added after the root."""
    sqrt(square, scratch)
    add(scratch, epsilon, scratch)
    divide(direction, scratch, scratch)
    multiply(scratch, rate, scratch)
    subtract(parameters, scratch, parameters)
