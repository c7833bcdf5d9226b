"""The conditions that a doctor looks for: a registry, in which each is one function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from nnplay.experiment.explain.doctor.case import Case
from nnplay.experiment.explain.doctor.finding import Finding
from nnplay.registry import Registry

#: Looks at a case; returns what it found, or None.
Look = Callable[[Case], Finding | None]


@dataclass(frozen=True)
class Condition:
    """Something that can be wrong with a run.

    Attributes
    ----------
    look : callable
    rank : int
        Its place in the list of findings: causes before what follows from them.
    explains : tuple of str
        Kinds that say nothing new, and give other advice, where this one is found.
    """

    look: Look
    rank: int
    explains: tuple[str, ...]


CONDITIONS: Registry[Condition] = Registry("condition")


def condition(kind: str, *, rank: int, explains: tuple[str, ...] = ()) -> Callable[[Look], Look]:
    """Return a decorator that enters a function of a case among the conditions.

    Parameters
    ----------
    kind : str
        The name; its findings have it as ``kind``.
    rank : int
        Causes have low ranks: the data come first, then the first weights, then the steps, then what units and layers
        do, and last what became of the loss.
    explains : tuple of str
        What is left out where this is found.
    """

    def enter(look: Look) -> Look:
        CONDITIONS.register(kind)(Condition(look, rank, explains))
        return look

    return enter
