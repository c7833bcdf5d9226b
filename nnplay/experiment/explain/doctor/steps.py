"""What is wrong with the steps: their rate is too small, too large or near its edge, or they are too noisy."""

from __future__ import annotations

import math

from nnplay.engine import SGD
from nnplay.experiment.explain.doctor.case import Case
from nnplay.experiment.explain.doctor.conditions import condition
from nnplay.experiment.explain.doctor.finding import Finding, Share, percent
from nnplay.experiment.explain.doctor.rates import larger, smaller, stable

#: A rate is near its edge from this share of the largest stable one. Runs that learn well nearly all
#: stay below 0.4; those with rates on the edge lie between 0.7 and 2.4, since their steps flatten what is too steep.
EDGE = 0.6
#: From this share on, a loss that jumps is the rate's fault, and below it that of small batches.
TO_BLAME = 0.5
#: Median jump of the loss from one record to the next, as a share of it. Of runs that learn well by batches of 10, some
#: jump by 0.17 before they have learned their data, few by 0.3; with batches of 1, the same data give 0.18 to 1.3.
JUMPY = 0.15
#: Batches of so many samples are small. Larger ones are to blame only for jumps more than twice as far.
SMALL = 8
#: How long the difference of a batch's gradient from that of all samples is, beside the latter: from a third on, single
#: batches lead astray. Batches of 10 have 0.3 to 20 in all runs, so that this says nothing without the jumps.
NOISY = 0.3
#: Of falling losses, few records are higher than the one before; of jumping ones, about half.
OFTEN = 0.3
#: How far behind what can be learned a network must be, in score: less may be the luck of the samples.
BEHIND = 0.1
#: Times that an epoch's steps divide what is left in the steepest direction by e. Runs that learn well are above 1.
#: At 0.5, one epoch takes less than half of it away, and other directions are many times flatter.
SLOW = 0.5


def _with_largest(case: Case, evidence: dict[str, float], share: float) -> dict[str, float]:
    if share > 0 and math.isfinite(share):
        evidence["largest rate without overshooting"] = case.learning_rate / share
    return evidence


@condition(
    "rate_too_large",
    rank=30,
    explains=("noise", "near_edge", "plateau", "underfitting", "rate_too_small", "vanishing_gradients", "overfitting"),
)
def rate_too_large(case: Case) -> Finding | None:
    """Steps overshoot: the loss explodes, stays above that of a constant answer, or jumps without getting anywhere."""
    course, share = case.course, case.largest_rate_share
    evidence = {"learning rate": case.learning_rate}
    if case.diverged:
        what = "The loss grew beyond all bounds: the steps are too large."
        change = {"learning_rate": stable(case.learning_rate, share)}
        return Finding("rate_too_large", 1.0, what, _with_largest(case, evidence, share), "loss", *_lower(change))
    if course.is_short or case.is_solved or not share >= TO_BLAME:
        return None
    worse = course.loss / case.constant_loss
    # By a twentieth: a plateau lies at the constant's loss, and a little above with small batches.
    is_worse = worse > 1.05
    jumps = course.bounce >= JUMPY and course.rises >= OFTEN and case.lags > 1.5 * BEHIND
    if not (is_worse and course.bounce > 0.01) and not jumps:
        return None
    evidence |= {"loss": float(course.train_loss[-1]), "median of the last 5": course.loss}
    evidence["loss of a constant answer"] = case.constant_loss
    evidence["typical jump between epochs"] = Share(course.bounce)
    sentence = (
        "The loss jumps, and is higher than a constant answer would give: the steps are too large."
        if is_worse
        else "The loss jumps up and down instead of falling: the steps are too large."
    )
    change = {"learning_rate": stable(case.learning_rate, share)}
    return Finding(
        "rate_too_large", min(1.0, 0.5 + share / 4), sentence, _with_largest(case, evidence, share), "loss",
        *_lower(change),
    )  # fmt: skip


def _lower(change: dict[str, float]) -> tuple[str, dict[str, float]]:
    return f"Try a learning rate of {change['learning_rate']:g}.", change


@condition("near_edge", rank=32, explains=("noise",))
def near_edge(case: Case) -> Finding | None:
    """The rate is about as large as it can be: the loss may fall, but steps overshoot in the steepest direction."""
    share = case.rate_share
    if case.course.is_short or case.is_solved or not share >= EDGE or not math.isfinite(share):
        return None
    evidence = {
        "learning rate": case.learning_rate,
        "largest rate without overshooting": case.learning_rate / share,
        "sharpness": case.sharpness,
    }
    sentence = f"The learning rate is {percent(share)} of the largest at which steps don't overshoot here."
    return Finding("near_edge", min(1.0, share / 2), sentence, evidence, "loss", *_away_from_edge(case))


def _away_from_edge(case: Case) -> tuple[str, dict[str, float]]:
    """Return what keeps the pace along flat directions: shorter steps, of which momentum keeps more."""
    optimizer = case.session.optimizer
    change = {"learning_rate": smaller(case.learning_rate, 3.0)}
    if not isinstance(optimizer, SGD) or optimizer.momentum >= 0.5:
        return _lower(change)
    return f"Try a learning rate of {change['learning_rate']:g} with a momentum of 0.9.", {**change, "momentum": 0.9}


@condition("rate_too_small", rank=50, explains=("plateau", "underfitting"))
def rate_too_small(case: Case) -> Finding | None:
    """The loss falls, but so slowly that it will take hundreds of epochs."""
    course = case.course
    if course.is_short or case.lags < BEHIND or not case.rate_share < EDGE / 10 or course.rises > 0.5:
        return None
    speed = speed_of(case)
    # What still gets better by a tenth in a few epochs is in no need of help, however small the steps are.
    if not speed < SLOW or course.fall_an_epoch > 0.02:
        return None
    rate = case.learning_rate
    # As much as makes it fast, but only to a fifth of the edge, and at most three hundredfold.
    change = {"learning_rate": larger(rate, min(300.0, max(3.0, 4.0 / speed), 0.2 / max(case.rate_share, 1e-9)))}
    evidence = {
        "learning rate": rate,
        "largest rate without overshooting": rate / case.rate_share,
        "fall of the loss in an epoch": Share(max(0.0, course.fall_an_epoch)),
    }
    sentence = "The loss falls very slowly: the steps are much smaller than they could be."
    return Finding(
        "rate_too_small", min(1.0, SLOW / max(speed, 1e-9) / 100 + 0.5), sentence, evidence, "loss", *_lower(change)
    )


def speed_of(case: Case) -> float:
    """Return how often an epoch's steps divide by e what is left in the steepest direction, momentum included."""
    optimizer = case.session.optimizer
    carried = 1 / (1 - optimizer.momentum) if isinstance(optimizer, SGD) else 1.0
    return case.learning_rate * carried * case.sharpness * case.session.steps_per_epoch


@condition("noise", rank=40, explains=("plateau",))
def noise(case: Case) -> Finding | None:
    """The rate would do for all samples at once, but batches are so small that each pulls elsewhere."""
    course = case.course
    if course.is_short or not case.uses_batches or case.is_solved or case.largest_rate_share >= TO_BLAME:
        return None
    size, n_train = case.session.batch_size, case.session.train.n_samples
    is_small = size <= SMALL
    if course.bounce < (JUMPY if is_small else 2.2 * JUMPY) or not (is_small or case.lags > 0.05):
        return None
    if course.rises < OFTEN or case.gradient_noise < NOISY:
        return None
    larger_size = next((each for each in (10, 20, 32, 64, 128, 256, 512) if each >= 8 * size), None)
    change = {"batch_size": larger_size if larger_size is not None and larger_size < n_train else None}
    evidence = {
        "batch size": float(size),
        "noise in a batch's gradient": case.gradient_noise,
        "typical jump between epochs": Share(course.bounce),
    }
    sentence = (
        f"The loss jumps because a batch of {size} says little: its gradient is off by {case.gradient_noise:.1f} times "
        "the true one's length."
    )
    advice = "Try the full batch." if change["batch_size"] is None else f"Try batches of {change['batch_size']}."
    return Finding("noise", min(1.0, course.bounce), sentence, evidence, "loss", advice, change)
