"""Learning-rate schedules: by what factor the learning rate is multiplied in each epoch."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, ClassVar

from nnplay.registry import Registry, describe, make
from nnplay.validation import integer, number
from nnplay.wording import Help

#: Longest span of a schedule, in epochs.
MAX_EPOCHS = 1_000_000_000
#: Largest number of an epoch: up to there, every one is a float, too.
MAX_EPOCH = 2**53

SCHEDULES: Registry[type[Schedule]] = Registry("schedule")


@dataclass(frozen=True)
class Schedule:
    """A factor for each epoch, 1 in epoch 0."""

    name: ClassVar[str] = ""

    def factor(self, epoch: int) -> float:
        """Return what the learning rate is multiplied by while epoch `epoch` (0, 1, …) is trained."""
        return self._factor(integer("epoch", epoch, 0, MAX_EPOCH))

    def _factor(self, epoch: int) -> float:
        raise NotImplementedError

    def __str__(self) -> str:
        return describe(self, self.name)


def get(schedule: str | Schedule) -> Schedule:
    """Return the schedule that a name, or a name with parameters such as ``"step(every=50)"``, stands for."""
    return make(SCHEDULES, schedule, Schedule)


def _n_epochs(name: str, value: Any) -> int:
    return integer(name, integer(name, value, 1), 1, MAX_EPOCHS)


def _factor_of(when: str, default: float) -> Any:
    """Declare the factor by which a rate falls."""
    help = Help(
        f"What the rate is multiplied by {when}.",
        "Too small: the rate is soon so low that nothing more is learned.",
        "Too large, close to 1: the rate hardly falls.",
    )
    return field(default=default, metadata=help.metadata)


@SCHEDULES.register("constant")
@dataclass(frozen=True)
class Constant(Schedule):
    """The same rate all along."""

    name = "constant"

    def _factor(self, epoch: int) -> float:
        return 1.0


@SCHEDULES.register("step")
@dataclass(frozen=True)
class Step(Schedule):
    """Multiply by `gamma` after every `every` epochs: ``gamma ** (epoch // every)``."""

    every: int = field(
        default=100,
        metadata=Help(
            "How many epochs pass before the rate is lowered again.",
            "Too few: the rate is almost gone before much is learned.",
            "Too many: the rate is never lowered while you watch.",
        ).metadata,
    )
    gamma: float = _factor_of("each time", 0.5)

    name = "step"

    def __post_init__(self) -> None:
        object.__setattr__(self, "every", _n_epochs("every", self.every))
        object.__setattr__(self, "gamma", number("gamma", self.gamma, above=0, high=1))

    def _factor(self, epoch: int) -> float:
        return self.gamma ** (epoch // self.every)


@SCHEDULES.register("exponential")
@dataclass(frozen=True)
class Exponential(Schedule):
    """Multiply by `gamma` after each epoch: ``gamma ** epoch``."""

    gamma: float = _factor_of("after each epoch", 0.995)

    name = "exponential"

    def __post_init__(self) -> None:
        object.__setattr__(self, "gamma", number("gamma", self.gamma, above=0, high=1))

    def _factor(self, epoch: int) -> float:
        return self.gamma**epoch


@SCHEDULES.register("cosine")
@dataclass(frozen=True)
class Cosine(Schedule):
    """Fall from 1 to `floor` along half a cosine in `epochs` epochs, and stay there.

    ``floor + (1 − floor)·(1 + cos(π·epoch / epochs)) / 2``

    Source: Loshchilov and Hutter (2017), https://arxiv.org/abs/1608.03983
    """

    epochs: int = field(
        default=500,
        metadata=Help(
            "How many epochs the rate takes to fall to its lowest.",
            "Too few: learning stops before it is done.",
            "Too many: the rate hardly falls while you watch.",
        ).metadata,
    )
    floor: float = field(
        default=0.0,
        metadata=Help(
            "The lowest rate, as a share of the first one.",
            "Too low: in the end nothing more is learned.",
            "Too high: the steps stay large, and the loss keeps jittering.",
        ).metadata,
    )

    name = "cosine"

    def __post_init__(self) -> None:
        object.__setattr__(self, "epochs", _n_epochs("epochs", self.epochs))
        object.__setattr__(self, "floor", number("floor", self.floor, 0, 1))

    def _factor(self, epoch: int) -> float:
        progress = min(epoch / self.epochs, 1.0)
        return self.floor + (1.0 - self.floor) * (1.0 + math.cos(math.pi * progress)) / 2.0


# Short names for notebooks: nn.schedules.cosine(epochs=200).
constant, step, exponential, cosine = Constant, Step, Exponential, Cosine
