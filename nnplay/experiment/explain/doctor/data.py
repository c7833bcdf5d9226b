"""What is wrong with the data: columns of very different size, a rare class, a test set too small to tell."""

from __future__ import annotations

import math

import numpy as np

from nnplay.experiment.explain.doctor.case import Case, classes_of
from nnplay.experiment.explain.doctor.conditions import condition
from nnplay.experiment.explain.doctor.finding import Finding, Share, percent
from nnplay.experiment.explain.doctor.rates import larger

#: Root mean square from which on a column, or a target, is too large. First weights are drawn for columns about 1 in
#: size; at 8, a tanh unit is flat for nearly all samples, and the steepest direction is 64 times steeper.
TOO_LARGE = 8.0
#: A class is rare with less than this share of its fair part, 1 / classes.
RARE = 0.3
#: Of a class that is learned, the network recognises at least half.
HALF = 0.5
#: Half the width of a score's interval from which on it tells little: from 0.8 to 1 lie good and poor networks.
VAGUE = 0.1
#: Of fewer test samples, R² says nothing: its spread over test sets of 25 samples is about 0.1, too.
FEWEST_TARGETS = 25
#: Normal quantile of an interval that holds the true score in 95 of 100 cases.
Z = 1.96
#: What large columns make happen, too: what is to be done is the same.
_FOLLOWS = (
    "rate_too_large", "near_edge", "noise", "rate_too_small", "saturated_units", "dead_units", "vanishing_gradients",
    "exploding_gradients", "plateau", "underfitting",
)  # fmt: skip


@condition("unscaled_inputs", rank=10, explains=_FOLLOWS)
def unscaled_inputs(case: Case) -> Finding | None:
    """Some columns, or the target, are far larger than what first weights and usual rates are made for."""
    if case.is_solved or (not case.course.is_short and case.lags < 0.02):
        return None
    train = case.train
    sizes = np.sqrt(np.mean(np.square(np.asarray(train.X, float)), axis=0))
    largest = int(sizes.argmax())
    target = 0.0 if case.is_classification else float(np.sqrt(np.mean(np.square(np.asarray(train.y, float)))))
    if max(sizes[largest], target) < TOO_LARGE:
        return None
    if sizes[largest] >= TOO_LARGE:
        name = train.feature_names[largest]
        evidence = {f"size of {name}": float(sizes[largest])}
        others = np.delete(sizes, largest)
        if len(others):
            smallest = int(np.delete(np.arange(len(sizes)), largest)[others.argmin()])
            evidence[f"size of {train.feature_names[smallest]}"] = float(sizes[smallest])
        sentence = (
            f"The input {name} is about {_plainly(sizes[largest])} in size; networks learn well from inputs about 1."
        )
    else:
        evidence = {"size of the target": target}
        sentence = f"The target is about {_plainly(target)} in size; networks learn well to answer numbers about 1."
    severity = min(1.0, math.log10(max(sizes[largest], target)) / 3)
    advice = "Switch on Standardise: it gives each column mean 0 and standard deviation 1."
    return Finding(
        "unscaled_inputs", severity, sentence, evidence, "data", advice, {"standardise": True},
        "Scale it to numbers about 1.",
    )  # fmt: skip


def _plainly(size: float) -> str:
    return f"{size:,.0f}" if size >= 100 else f"{size:.2g}"


@condition("imbalance", rank=35, explains=("plateau", "underfitting", "rate_too_small"))
def imbalance(case: Case) -> Finding | None:
    """A class is so rare that the network gets a good score without it."""
    if not case.is_classification or case.course.is_short or not np.isfinite(case.now.outputs).all():
        return None
    truth, guessed = classes_of(case.targets), classes_of(case.now.outputs)
    n_classes = max(2, case.session.network.n_outputs)
    counts = np.bincount(truth, minlength=n_classes)
    shares = counts / counts.sum()
    rare = int(np.where(counts > 0, shares, np.inf).argmin())
    recall = float(np.mean(guessed[truth == rare] == rare))
    accuracy = float(np.mean(guessed == truth))
    if shares[rare] >= RARE / n_classes or recall >= HALF or accuracy < shares.max() - 0.02:
        return None
    name = case.session.train.class_names[rare]
    evidence = {
        f"share of class {name}": Share(shares[rare]),
        f"recognised of class {name}": Share(recall),
        "right altogether": Share(accuracy),
        "right by always saying the most frequent class": Share(shares.max()),
    }
    sentence = (
        f"Only {percent(shares[rare])} of the samples are of class {name}, and the network recognises "
        f"{percent(recall)} of them."
    )
    return Finding("imbalance", 1.0 - recall, sentence, evidence, "measures", *_for_a_rare_class(case))


def _for_a_rare_class(case: Case) -> tuple[str, dict[str, object]]:
    """Return a larger rate, where there is room for it: what few samples ask for is learned late."""
    look = "Look at each class by itself, not at the share that is right altogether"
    if not case.rate_share < 0.1:
        return f"{look}.", {}
    rate = larger(case.learning_rate, 10.0 if case.rate_share < 0.01 else 3.0)
    return f"{look}. A rare class is learned late: try a learning rate of {rate:g}.", {"learning_rate": rate}


@condition("small_test_set", rank=95)
def small_test_set(case: Case) -> Finding | None:
    """The test score is so uncertain that it can't tell a good network from a poor one."""
    n = case.n_test
    if not n or math.isnan(case.test_score):
        return None
    if case.is_classification:
        low, high = wilson(case.test_score, n)
        if (high - low) / 2 <= VAGUE:
            return None
        evidence = {"test samples": float(n), "test score": case.test_score, "from": Share(low), "to": Share(high)}
        sentence = (
            f"With {n} test samples, a score of {percent(case.test_score)} could just as well be anything "
            f"from {percent(low)} to {percent(high)}."
        )
    else:
        if n >= FEWEST_TARGETS:
            return None
        evidence = {"test samples": float(n), "test score": case.test_score}
        sentence = f"With {n} test samples, the test score is mostly luck."
    # So many that a score about 0.9 is known to 0.05; only generated data have such a setting.
    total = n + case.session.train.n_samples
    wanted = min(1000, math.ceil(150 * total / n / 50) * 50)
    return Finding(
        "small_test_set", min(1.0, 10 / n), sentence, evidence, "data", f"Begin again with {wanted} samples.",
        {"n_samples": wanted}, "Keep a larger share for testing, or find more samples.",
    )  # fmt: skip


def wilson(share: float, n: int) -> tuple[float, float]:
    """Return the ends of the 95 % interval of a share that was observed in `n` samples.

    Source: Wilson (1927), https://doi.org/10.1080/01621459.1927.10502953
    """
    centre = (share + Z * Z / (2 * n)) / (1 + Z * Z / n)
    reach = Z / (1 + Z * Z / n) * math.sqrt(share * (1 - share) / n + Z * Z / (4 * n * n))
    return max(0.0, centre - reach), min(1.0, centre + reach)
