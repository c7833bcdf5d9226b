"""Whether a lesson keeps what it promises: each step is trained with five seeds, and each claim is looked at."""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from nnplay.experiment.compare.seed_fan import SeedFan
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.training.divergence import DivergenceWarning
from nnplay.lessons import measures
from nnplay.lessons.lesson import N_SEEDS, Claim, Lesson, Step


@dataclass(frozen=True)
class Finding:
    """What came of a claim.

    Attributes
    ----------
    step : int
        Of the lesson, counted from 1.
    claim : Claim
    values, bounds : tuple of float
        What was measured with each seed, the one that a reader sees first; what it was held against.
    held : tuple of bool
    """

    step: int
    claim: Claim
    values: tuple[float, ...]
    bounds: tuple[str, ...]
    held: tuple[bool, ...]

    @property
    def is_kept(self) -> bool:
        """Whether the claim holds in as many runs as it says, and in the one that a reader sees."""
        return self.held[0] and self.claim.fewest <= sum(self.held) <= self.claim.most

    @property
    def wanted(self) -> str:
        """What was promised, in words."""
        claim = self.claim
        of = f" of {claim.run}" if claim.run else ""
        often = f"{claim.fewest}" if claim.most == N_SEEDS else f"{claim.fewest} to {claim.most}"
        return f"{claim.measure}{of} {' and '.join(self.bounds)} at epoch {claim.epoch}, in {often} of {N_SEEDS} runs"

    @property
    def got(self) -> str:
        """What came of it, in words."""
        seen = "" if self.held[0] else ", but not in the one that is shown"
        return f"in {sum(self.held)}{seen}: {', '.join(f'{value:.4g}' for value in self.values)}"


def check(lesson: Lesson) -> Iterator[Finding]:
    """Train the steps of a lesson, and yield what came of each claim."""
    for number, step in enumerate(lesson.steps, 1):
        yield from check_step(step, number)


def check_step(step: Step, number: int = 1) -> Iterator[Finding]:
    """Train a step's runs with five seeds, and yield what came of each claim."""
    wanted: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for claim in step.outcome:
        for run in {claim.run, claim.more_than or claim.run, claim.less_than or claim.run}:
            wanted[run][claim.epoch].add(claim.measure)
    known = {
        (run, epoch, measure): values
        for run, epochs in wanted.items()
        for epoch, measure, values in _measured(step.config_of(run), epochs)
    }
    for claim in step.outcome:
        values = known[claim.run, claim.epoch, claim.measure]
        held, bounds = np.ones(N_SEEDS, bool), []
        for sign, bound in (("at least", claim.at_least), ("at most", claim.at_most)):
            if bound is not None:
                held &= values >= bound if sign == "at least" else values <= bound
                bounds.append(f"{sign} {bound:g}")
        for sign, other in (("more than", claim.more_than), ("less than", claim.less_than)):
            if other:
                against = claim.times * known[other, claim.epoch, claim.measure]
                held &= values > against if sign == "more than" else values < against
                bounds.append(f"{sign} {'' if claim.times == 1 else f'{claim.times:g} times '}that of {other}")
        yield Finding(number, claim, tuple(values.tolist()), tuple(bounds), tuple(held.tolist()))


def _measured(config: ExperimentConfig, wanted: dict[int, set[str]]) -> Iterator[tuple[int, str, np.ndarray]]:
    """Train a configuration from five seeds, and yield what was measured of each at each epoch."""
    # Other data with each seed, as when a reader draws them anew; unless the step says which data it means.
    fan = SeedFan(config, range(config.seed, config.seed + N_SEEDS), fresh_data=config.data_seed is None)
    done = 0
    for epoch in sorted(wanted):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DivergenceWarning)
            fan.run(epoch - done) if epoch > done else None
        done = epoch
        runs = [measures.Trained.of_fan(fan, k) for k in range(N_SEEDS)]
        for name in sorted(wanted[epoch]):
            measure = measures.get(name)
            with np.errstate(all="ignore"):
                yield epoch, name, np.array([measure.of(run) for run in runs])
