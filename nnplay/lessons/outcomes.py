"""Whether a lesson keeps what it promises: each step is trained with five seeds, and each claim is looked at."""

from __future__ import annotations

import copy
import warnings
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from nnplay.experiment.compare.seed_fan import SeedFan
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recipe import Recipe
from nnplay.experiment.training.divergence import DivergenceWarning
from nnplay.experiment.training.session import TrainingSession
from nnplay.lessons import measures
from nnplay.lessons.lesson import N_SEEDS, Claim, Lesson, Number, Step
from nnplay.server import moments


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
        many = "" if claim.n_seeds == 1 else f", in {often} of {N_SEEDS} runs"
        told = f"{claim.measure}{of} {' and '.join(self.bounds)} at epoch {claim.epoch}{many}"
        return f"next: {told}" if claim.is_next else told

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
    wanted: dict[tuple[ExperimentConfig, int], dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    for claim in step.claims:
        for config in {_about(step, claim), _against(step, claim)}:
            wanted[config, claim.n_seeds][claim.epoch].add(claim.measure)
    known: dict[tuple[ExperimentConfig, int, int, str], np.ndarray] = {}
    for (config, n_seeds), epochs in wanted.items():
        for epoch, runs in _runs(step, config, list(epochs), n_seeds).items():
            for name in epochs[epoch]:
                measure = measures.get(name)
                with np.errstate(all="ignore"):
                    known[config, n_seeds, epoch, name] = np.array([measure.of(trained) for trained in runs])
    for claim in step.claims:
        values = known[_about(step, claim), claim.n_seeds, claim.epoch, claim.measure]
        held, bounds = np.ones(claim.n_seeds, bool), []
        for sign, bound in (("at least", claim.at_least), ("at most", claim.at_most)):
            if bound is not None:
                held &= values >= bound if sign == "at least" else values <= bound
                bounds.append(f"{sign} {bound:g}")
        for sign, other in (("more than", claim.more_than), ("less than", claim.less_than)):
            if other:
                against = claim.times * known[_against(step, claim), claim.n_seeds, claim.epoch, claim.measure]
                held &= values > against if sign == "more than" else values < against
                bounds.append(f"{sign} {'' if claim.times == 1 else f'{claim.times:g} times '}that of {other}")
        yield Finding(number, claim, tuple(values.tolist()), tuple(bounds), tuple(held.tolist()))


def right_answers(lesson: Lesson) -> dict[int, float]:
    """Return what the questions of a lesson ask for that is measured, by their steps, counted from 0, in their units.

    The runs are those that a reader sees.
    """
    answers = {}
    for k, step in enumerate(lesson.steps):
        question = step.question
        if isinstance(question, Number) and question.measure:
            measure = measures.get(question.measure)
            (run,) = _runs(step, step.config_of(question.run), [step.epochs], n_seeds=1)[step.epochs]
            answers[k] = measures.in_unit(measure, measure.of(run), str(question.unit or ""))
    return answers


def _about(step: Step, claim: Claim) -> ExperimentConfig:
    """Return the run that a claim is about."""
    return claim.config or step.config_of(claim.run)


def _against(step: Step, claim: Claim) -> ExperimentConfig:
    """Return the run that it is held against; where there is none, the one that it is about."""
    other = claim.more_than or claim.less_than
    return (claim.against or step.config_of(other)) if other else _about(step, claim)


def _runs(
    step: Step, config: ExperimentConfig, epochs: Sequence[int], n_seeds: int
) -> dict[int, list[measures.Trained]]:
    """Train a configuration of a step's from several seeds; return the runs as they stood at each of the epochs."""
    found: dict[int, list[measures.Trained]] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DivergenceWarning)
        if moments.NAME in step.query and config == step.config:
            sessions = [_taken_up(step, config.seed + k) for k in range(n_seeds)]
            for epoch in sorted(epochs):
                for session in sessions:
                    session.run(max(0, epoch - session.epoch))
                found[epoch] = [measures.Trained.of_session(copy.deepcopy(session)) for session in sessions]
            return found
        # Other data with each seed, as when a reader draws them anew; unless the step says which data it means.
        fan = SeedFan(config, range(config.seed, config.seed + n_seeds), fresh_data=config.data_seed is None)
        done = 0
        for epoch in sorted(epochs):
            fan.run(epoch - done)
            done = epoch
            found[epoch] = [measures.Trained.of_fan(fan, k) for k in range(n_seeds)]
    return found


def _taken_up(step: Step, seed: int) -> TrainingSession:
    """Return the run that a step's link tells of, from another seed, where the step takes it up.

    Raises
    ------
    Refusal
        If it diverges on the way.
    """
    moment = moments.from_link(step.query[moments.NAME], step.config)
    told = moment.recipe.to_dict()
    told["config"]["seed"] = seed
    return Recipe.from_dict(told).replay(moment.n_steps)
