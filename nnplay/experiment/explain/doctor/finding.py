"""A finding: what is wrong with a run, the numbers that show it, and what to try."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nnplay.experiment.config.fields import LIVE_FIELDS

#: Settings that can be changed while a network learns. Others than these make another network of it, or tell it what it
#: is to be tested on.
GOES_ON_WITH = frozenset({*LIVE_FIELDS, "batch_size"})


class Share(float):
    """A number of the evidence that is a share, from 0 to 1, and is told in per cent."""


@dataclass(frozen=True)
class Finding:
    """What is wrong with a run.

    Attributes
    ----------
    kind : str
        A name of :data:`~nnplay.experiment.explain.doctor.conditions.CONDITIONS`, such as ``"dead_units"``.
    severity : float, from 0 to 1
        How bad it is among findings of its kind: 1 is as bad as it gets.
    sentence : str
        What is the matter, in one sentence.
    evidence : dict of str to float
        The numbers that show it, by what they are, in words. One that is told in per cent is a :class:`Share`.
    panel : str
        Where it is seen: ``"loss"``, ``"layers"``, ``"measures"``, ``"hidden"``, ``"boundary"``, ``"data"`` or
        ``"diagram"``.
    advice : str
        One thing to try, in one sentence.
    change : dict
        The same as settings of an :class:`~nnplay.experiment.config.config.ExperimentConfig`; empty where no setting
        mends it.
    otherwise : str
        What to do where there is no such setting.
    """

    kind: str
    severity: float
    sentence: str
    evidence: Mapping[str, float]
    panel: str
    advice: str
    change: Mapping[str, Any] = field(default_factory=dict)
    otherwise: str = ""

    @property
    def goes_on(self) -> bool:
        """Whether the change can be made to the network as it is now, as on a fork; else the run has to begin again."""
        return set(self.change) <= GOES_ON_WITH

    def __str__(self) -> str:
        numbers = ", ".join(f"{name} {in_words(value)}" for name, value in self.evidence.items())
        return f"{self.sentence} ({numbers}) {self.advice}"


def in_words(value: float) -> str:
    """Return a number of the evidence as a reader writes it: "81 %", "12,346", "0.812"."""
    if isinstance(value, Share):
        return percent(value)
    if math.isfinite(value) and value == int(value) and abs(value) < 1e6:
        return f"{value:,.0f}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def percent(share: float) -> str:
    """Return a share as a reader writes it: "3.2 %", "80 %"."""
    return f"{100 * share:.1f} %" if 0 < abs(share) < 0.1 else f"{100 * share:.0f} %"
