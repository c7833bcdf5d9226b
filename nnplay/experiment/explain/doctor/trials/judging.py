"""Whether the doctor finds what is there, and whether what it advises helps."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from nnplay.datasets import make
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import LIVE_FIELDS, differing
from nnplay.experiment.explain.doctor.diagnosis import diagnose
from nnplay.experiment.explain.doctor.finding import GOES_ON_WITH, Finding
from nnplay.experiment.explain.doctor.trials.planted import HEALTHY_EPOCHS, Make, Planted
from nnplay.experiment.training.divergence import DivergenceWarning
from nnplay.experiment.training.session import TrainingSession

#: A loss counts as lower from this share on; less may be luck.
MARGIN = 0.02
_FRESH_SAMPLES = 2000


@dataclass(frozen=True)
class Verdict:
    """What became of one planted run.

    Attributes
    ----------
    seed : int
    kinds : tuple of str
        What the doctor found, in its order.
    found : bool
        Whether the planted fault is among it.
    helped : bool or None
        Whether its advice made the run better; None where there is none to try.
    before, after : float
        What was measured without and with the change.
    """

    seed: int
    kinds: tuple[str, ...]
    found: bool
    helped: bool | None = None
    before: float = float("nan")
    after: float = float("nan")


def trial(planted: Planted, seed: int) -> Verdict:
    """Train a run with a planted fault, ask the doctor, and try what it says of that fault."""
    config = planted.run(seed)
    session = _trained(config, planted.epochs)
    findings = diagnose(session)
    kinds = tuple(finding.kind for finding in findings)
    finding = next((each for each in findings if each.kind == planted.kind), None)
    if finding is None:
        return Verdict(seed, kinds, False)
    if not finding.change:
        return Verdict(seed, kinds, True)
    return replace(_tried(planted, config, session, finding), seed=seed, kinds=kinds)


def _tried(planted: Planted, config: ExperimentConfig, session: TrainingSession, finding: Finding) -> Verdict:
    """Go on from the same moment with the change and without it, for as many epochs again, and measure both."""
    measure, is_lower_better = MEASURES[planted.measure]
    changed = replace(config, **finding.change)
    more = planted.epochs
    other = go_on_with(config, session, changed, more)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DivergenceWarning)
        session.run(more)
    before, after = measure(session, config), measure(other, changed)
    if is_lower_better:
        helped = not np.isnan(after) and (np.isnan(before) or after < before * (1 - MARGIN))
    else:
        helped = not np.isnan(after) and (np.isnan(before) or after > before + MARGIN / 2)
    return Verdict(0, (), True, bool(helped), before, after)


def go_on_with(
    config: ExperimentConfig, session: TrainingSession, changed: ExperimentConfig, more: int
) -> TrainingSession:
    """Return a session that goes on from where `session` is as the stage would: on a fork, or else as another run.

    Parameters
    ----------
    config, changed : ExperimentConfig
        The run's, and the one that is advised.
    session : TrainingSession
        Stays as it is.
    more : int
        Epochs to go on. Another run is trained for those before, too.
    """
    differ = set(differing(config, changed))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DivergenceWarning)
        if session.divergence is None and differ <= set(LIVE_FIELDS):
            other = copy.deepcopy(session)
            changed.apply_live(other)
            return other.run(more)
        other = changed.build()
        if session.divergence is None and differ <= GOES_ON_WITH:
            other.network.parameters = session.network.parameters
            return other.run(more)
        return other.run(session.epoch + more)


def _trained(config: ExperimentConfig, epochs: int) -> TrainingSession:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DivergenceWarning)
        return config.build().run(epochs)


def false_alarms(run: Make, seed: int) -> list[tuple[int, tuple[str, ...]]]:
    """Return at which epochs the doctor was asked about a run that learns well, and what it said."""
    config = run(seed)
    session = config.build()
    said = []
    for epochs in HEALTHY_EPOCHS:
        if config.max_epochs and epochs > config.max_epochs:
            break
        session.run(epochs - session.epoch)
        said.append((epochs, tuple(finding.kind for finding in diagnose(session))))
    return said


# -- measures ----------------------------------------------------------------------------------------------------------


def _last(session: TrainingSession, column: str) -> float:
    """Return the mean of the last three records, which a jump moves less; NaN after training diverged."""
    return float("nan") if session.divergence else float(np.mean(session.history[column][-3:]))


def _train_loss(session: TrainingSession, config: ExperimentConfig) -> float:
    return _last(session, "train_loss")


def _test_loss(session: TrainingSession, config: ExperimentConfig) -> float:
    return _last(session, "test_loss")


def _test_score(session: TrainingSession, config: ExperimentConfig) -> float:
    return _last(session, "test_score")


def _balanced(session: TrainingSession, config: ExperimentConfig) -> float:
    """Return the mean of the shares of each class that are recognised, of training and test samples."""
    shares = []
    test = session.test
    assert test is not None
    X, y = np.concatenate([session.train.X, test.X]), np.concatenate([session.train.y, test.y])
    guessed = session.network.predict(X)
    for label in np.unique(y):
        shares.append(float(np.mean(guessed[y == label] == label)))
    return float(np.mean(shares))


def _test_error(session: TrainingSession, config: ExperimentConfig) -> float:
    """Return how far the test score is from the score on samples that nobody has seen."""
    fresh = make(config.dataset, n_samples=_FRESH_SAMPLES, noise=config.noise, seed=10_000 + config.seed)
    plane = config.data.plane(config.features)
    assert session.test is not None
    return abs(session.score(session.test) - session.score(plane.as_inputs(fresh)))


#: What is measured, and whether lower is better.
MEASURES: dict[str, tuple[Callable[[TrainingSession, ExperimentConfig], float], bool]] = {
    "train_loss": (_train_loss, True),
    "test_loss": (_test_loss, True),
    "test_score": (_test_score, False),
    "balanced": (_balanced, False),
    "test_error": (_test_error, True),
}
