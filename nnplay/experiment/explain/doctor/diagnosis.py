"""The diagnosis of a training session."""

from __future__ import annotations

import numpy as np

from nnplay.experiment.explain.doctor import data, fit, layers, steps, units  # noqa: F401 (they enter their conditions)
from nnplay.experiment.explain.doctor.case import Case, Moment
from nnplay.experiment.explain.doctor.conditions import CONDITIONS
from nnplay.experiment.explain.doctor.course import Course
from nnplay.experiment.explain.doctor.finding import Finding
from nnplay.experiment.training.session import TrainingSession
from nnplay.validation import must_be


def diagnose(session: TrainingSession) -> list[Finding]:
    """Return what is wrong with a run, causes before symptoms; an empty list where all is well.

    The session stays as it is. Its history tells how the loss went: with ``evaluate_every=0``, what needs that is not
    looked for, nor is it in the first few epochs.

    Parameters
    ----------
    session : TrainingSession

    Returns
    -------
    list of Finding

    Raises
    ------
    TypeError
        If it is no session.
    """
    must_be("session", session, TrainingSession)
    return findings_of(moment_of(session))


def moment_of(session: TrainingSession) -> Moment:
    """Return where a session stands."""
    history = session.history
    untrained = session.network.copy()
    untrained.reset()
    return Moment(
        session,
        session.optimizer,
        session.network.parameters.copy(),
        untrained.parameters,
        Course.of(history["epoch"], history["train_loss"], history["test_loss"]),
        session.train,
        session.test,
        0 if session.test is None else session.test.n_samples,
        session.divergence is not None,
        {},
    )


def findings_of(moment: Moment) -> list[Finding]:
    """Return what is wrong at a moment, causes before symptoms."""
    case = Case(moment)
    found: dict[str, Finding] = {}
    explained: set[str] = set()
    with np.errstate(all="ignore"):
        for kind, condition in sorted(CONDITIONS.items(), key=lambda item: item[1].rank):
            if kind not in explained:
                finding = condition.look(case)
                if finding is not None:
                    found[kind] = finding
                    explained.update(condition.explains)
    return list(found.values())
