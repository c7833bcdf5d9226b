"""How far a straight cut gets at each layer: the number that rises as a network unfolds its data."""

from __future__ import annotations

import numpy as np
from numpy.typing import DTypeLike

from nnplay.engine.scores import r_squared, spread_of
from nnplay.experiment.breaks import take_break
from nnplay.experiment.frames import Arrays
from nnplay.experiment.moment import Moment

#: Added to each unit's variance, which is 1: too little to be seen, enough for units that say the same.
RIDGE = 1e-8
#: A unit that varies by less, relative to its mean, says nothing: the rest is rounding in float32.
CONSTANT = 1e-6
#: How often a cut between two classes is fitted again to the samples near it or on its wrong side.
REFINEMENTS = 2


class StraightFit:
    """The best straight cut through samples that a few linear fits find, scored on those very samples.

    Least squares gives the first: of several classes each gets a linear function, fitted to 1 for its samples and 0
    for the others, and the largest one wins; of two classes the sign of one function decides. Samples far on the right
    side bend such a fit, so between two classes it is fitted again to those within its margin alone: Newton's steps
    on a squared hinge loss. Source: Keerthi and DeCoste (2005), https://jmlr.org/papers/v6/keerthi05a.html

    Parameters
    ----------
    y : ndarray, (n_samples,) or (n_samples, n_outputs)
        Class indices, or target values.
    n_classes : int
        0 for regression.
    dtype : {"float64", "float32"}
        The precision that the run uses the targets in.
    """

    def __init__(self, y: np.ndarray, n_classes: int, dtype: DTypeLike = np.float64) -> None:
        self._n_classes = n_classes
        self._labels = y == 1 if n_classes == 2 else y
        if n_classes == 2:
            targets = np.where(y == 1, 1.0, -1.0)
        elif n_classes:
            targets = np.eye(n_classes)[y.astype(int)]
        else:
            targets = np.asarray(y, np.float64)
        self._targets = targets.reshape(len(y), -1)
        self._spread = spread_of(self._targets, dtype)

    @np.errstate(all="ignore")  # a run that is about to diverge has infinite activations
    def score(self, activations: np.ndarray) -> float:
        """Return the accuracy of the cut through `activations` (units, n_samples), or R² of the fit for regression.

        NaN where one of them isn't finite.
        """
        units = _standardised(activations)
        fitted = _least_squares(units, self._targets, units) @ units
        if not np.isfinite(fitted).all():
            return float("nan")
        if not self._n_classes:
            residuals = self._targets.T - fitted
            return r_squared(float((residuals * residuals).sum()), self._spread)
        if self._n_classes > 2:
            return self._accuracy(fitted.argmax(axis=0))
        best = self._accuracy(fitted[0] > 0)
        for _ in range(REFINEMENTS):
            if best == 1.0:
                break
            near = fitted * self._targets.T < 1.0
            fitted = _least_squares(units * near, self._targets, units) @ units
            best = max(best, self._accuracy(fitted[0] > 0))
        return best

    def _accuracy(self, answers: np.ndarray) -> float:
        return int(np.count_nonzero(answers == self._labels)) / len(answers)


def straight_scores(moment: Moment) -> Arrays:
    """Return the score of a straight cut on the training samples as the inputs are, and after each hidden layer."""
    train, surface, memory = moment.train, moment.surface, moment.memory
    n, n_classes = train.n_samples, len(train.class_names)
    if "straight" not in memory:
        fit = StraightFit(train.y, n_classes, moment.session.network.dtype)
        memory["straight"] = fit, fit.score(surface.sample_inputs[:, :n])
    fit, at_inputs = memory["straight"]
    if moment.in_passing:
        return {"straight_scores": np.full(1 + len(surface.sample_activations), np.nan, "<f4")}
    scores = [at_inputs]
    for activations in surface.sample_activations:
        take_break()
        scores.append(fit.score(activations[:, :n]))
    if n_classes:  # the network itself is one more straight cut, through the last of these spaces
        scores[-1] = np.fmax(scores[-1], moment.kept[moment.frame].measures[2])
    return {"straight_scores": np.array(scores, "<f4")}


def _standardised(activations: np.ndarray) -> np.ndarray:
    """Return units (units + 1, n_samples) of mean 0 and variance 1, those that are constant as 0, and a row of ones."""
    rows = np.ones((len(activations) + 1, activations.shape[1]))
    units = rows[:-1]
    units[:] = activations
    mean = units.mean(axis=1)
    units -= mean[:, None]
    spread = np.sqrt(np.einsum("ij,ij->i", units, units) / units.shape[1])
    per_unit = np.where(spread > CONSTANT * np.abs(mean), 1.0 / spread, 0.0)
    units *= per_unit[:, None]
    return rows


def _least_squares(counted: np.ndarray, targets: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return the weights (n_outputs, units) of the linear fit of `targets` (n_samples, n_outputs).

    `counted` are the units with 0 for samples that don't count.
    """
    covariance = counted @ units.T
    covariance.flat[:: len(covariance) + 1] += RIDGE * units.shape[1]
    return np.linalg.solve(covariance, counted @ targets).T
