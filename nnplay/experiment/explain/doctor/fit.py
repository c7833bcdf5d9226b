"""What became of the loss: it stands still, it can't get lower, or it is low on the training samples only."""

from __future__ import annotations

import numpy as np

from nnplay.experiment.explain.doctor.case import Case
from nnplay.experiment.explain.doctor.conditions import condition
from nnplay.experiment.explain.doctor.finding import Finding, Share, percent
from nnplay.experiment.explain.doctor.rates import larger
from nnplay.wording import counted

#: Epochs that the loss must have stood still for: the default run falls slowly for about 40.
LONG = 20
#: By what share of itself a loss that stands still may fall in a third of the records.
STILL = 0.02
#: How far behind what can be learned the network must be, in score.
BEHIND = 0.1
#: Hidden units, of the narrowest layer, that are few: with 2, a boundary has two straight pieces.
FEW = 3
#: By how much the test loss must have risen above its lowest, and the training score be above the test score. Over test
#: sets of 100 samples, either moves by half of that by chance.
RISEN, GAP = 1.15, 0.04


@condition("overfitting", rank=70)
def overfitting(case: Case) -> Finding | None:
    """The test loss rises while the training loss falls: the network learns the training samples by heart."""
    course = case.course
    if case.test is None or course.is_short or case.is_solved or np.isnan(course.test_loss).any():
        return None
    # Medians over a tenth of the records, which a jump doesn't move.
    n = max(3, len(course.epochs) // 10) | 1
    if len(course.epochs) < 2 * n:
        return None
    test = np.median(np.lib.stride_tricks.sliding_window_view(course.test_loss, n), axis=1)
    train = np.median(np.lib.stride_tricks.sliding_window_view(course.train_loss, n), axis=1)
    lowest = int(test.argmin())
    if not test[-1] > RISEN * test[lowest] or not train[-1] < train[lowest] or lowest > 0.8 * len(test):
        return None
    if not case.train_score - case.test_score > GAP or not test[-1] > RISEN * train[-1]:
        return None
    epoch = float(course.epochs[lowest + n // 2])
    evidence = {
        "test loss": float(course.test_loss[-1]),
        "smoothed": float(test[-1]),
        f"lowest smoothed, in epoch {epoch:.0f}": float(test[lowest]),
        "training score": case.train_score,
        "test score": case.test_score,
    }
    sentence = (
        f"The test loss has been rising since epoch {epoch:.0f}, while the training loss falls: this is overfitting."
    )
    return Finding(
        "overfitting",
        min(1.0, float(test[-1] / test[lowest]) / 4),
        sentence,
        evidence,
        "loss",
        *_against_overfitting(case),
    )


def _against_overfitting(case: Case) -> tuple[str, dict[str, object]]:
    regularizer = case.session.regularizer
    rate = 0.01 if regularizer is None or regularizer.name != "l2" else larger(regularizer.rate, 3.0)
    return f"Try an L2 penalty of {rate:g}.", {"regularizer": "l2", "regularization_rate": rate}


@condition("underfitting", rank=80, explains=("plateau",))
def underfitting(case: Case) -> Finding | None:
    """The loss no longer falls, though there is more to learn: the network is too small, or held back."""
    if not _stands_still(case, 2.5 * STILL):
        return None
    held_back = _held_back(case)
    if not held_back and min(case.hidden_sizes, default=0) > FEW:
        return None
    evidence = {
        "training score": case.train_score,
        "score of the nearest neighbours": case.attainable,
        "hidden units": float(sum(case.hidden_sizes)),
    }
    if held_back:
        what, advice, change = held_back
        sentence = f"The loss no longer falls, though there is more to learn: {what} holds the network back."
    else:
        has = (
            "no hidden layer" if not case.hidden_sizes else f"only {counted(min(case.hidden_sizes), 'unit')} in a layer"
        )
        sentence = f"The loss no longer falls, though there is more to learn: the network has {has}."
        sizes = tuple(max(8, 4 * n) for n in case.hidden_sizes) or (8, 8)
        advice, change = f"Begin again with {' and '.join(map(str, sizes))} units.", {"hidden_sizes": sizes}
    return Finding("underfitting", min(1.0, case.lags * 2), sentence, evidence, "boundary", advice, change)


def _held_back(case: Case) -> tuple[str, str, dict[str, object]] | None:
    session = case.session
    if session.dropout >= 0.5:
        return f"dropout of {percent(session.dropout)}", "Try without dropout.", {"dropout": 0.0}
    if session.regularizer is not None and session.regularizer.rate >= 0.03:
        rate = session.regularizer.rate
        return f"a penalty of {rate:g}", "Try without the penalty.", {"regularizer": "none"}
    return None


@condition("plateau", rank=90)
def plateau(case: Case) -> Finding | None:
    """The loss has stood still for a long time, and none of the causes above is known to be at work."""
    course = case.course
    if not _stands_still(case, STILL):
        return None
    epochs = float(course.epochs[-1] - course.epochs[course.window][0])
    evidence = {
        "epochs": epochs,
        "fall of the loss over them": Share(course.fall),
        "training score": case.train_score,
        "score of the nearest neighbours": case.attainable,
    }
    sentence = f"The loss has stood still for {epochs:.0f} epochs, though there is more to learn: this is a plateau."
    return Finding("plateau", min(1.0, epochs / 100), sentence, evidence, "loss", *_off_a_plateau(case))


def _off_a_plateau(case: Case) -> tuple[str, dict[str, object]]:
    """Return Adam, whose steps don't shrink with the gradient; whoever has it already gets a larger rate."""
    if case.session.optimizer.name == "adam":
        rate = larger(case.learning_rate, 3.0)
        return f"Try a learning rate of {rate:g}.", {"learning_rate": rate}
    rate = 0.03 if case.session.network.parameters.size <= 1000 else 0.003
    return f"Try Adam with a learning rate of {rate:g}.", {"optimizer": "adam", "learning_rate": rate}


def _stands_still(case: Case, least: float) -> bool:
    course = case.course
    if course.is_short or case.lags < BEHIND:
        return False
    if course.epochs[-1] - course.epochs[course.window][0] < LONG:
        return False
    return abs(course.fall) < least and course.bounce < 0.1
