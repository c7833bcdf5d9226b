"""The linear probe: the best straight line between classes, or the best linear fit, after each layer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import DTypeLike

from nnplay.experiment.training.r_squared import r_squared, spread_of

#: Added to each unit's variance, which is 1: too little to be seen, enough for units that say the same.
RIDGE = 1e-8
#: A unit that varies by less, relative to its mean, says nothing: the rest is rounding in float32.
CONSTANT = 1e-6
#: How often a cut between two classes is fitted again to the samples near it or on its wrong side.
REFINEMENTS = 2
#: How often one that parts them is fitted again, for more room.
ROOMIER = 3


@dataclass(frozen=True)
class Cut:
    """A straight cut, or linear fit: weights @ activations + constants.

    Attributes
    ----------
    score : float
        Accuracy, or R².
    weights : ndarray, (n_outputs, units)
        A single output for two classes: positive on the side of the second.
    constants : ndarray, (n_outputs,)
    """

    score: float
    weights: np.ndarray
    constants: np.ndarray


class LinearProbe:
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
        self.n_samples = len(y)
        self._labels = y == 1 if n_classes == 2 else y
        if n_classes == 2:
            targets = np.where(y == 1, 1.0, -1.0)
        elif n_classes:
            targets = np.eye(n_classes)[y.astype(int)]
        else:
            targets = np.asarray(y, np.float64)
        self._targets = targets.reshape(len(y), -1)
        self._spread = spread_of(self._targets, dtype)

    @property
    def is_classification(self) -> bool:
        """Whether it parts classes."""
        return self._n_classes > 0

    def judge(self, weights: np.ndarray, constants: np.ndarray, activations: np.ndarray) -> Cut:
        """Return a cut that somebody else made, with its accuracy."""
        fitted = weights @ activations + constants[:, None]
        if len(fitted) == 2 == self._n_classes:  # of a softmax the difference decides
            return self.judge(weights[1:] - weights[:1], constants[1:] - constants[:1], activations)
        answers = fitted[0] > 0 if len(fitted) == 1 else fitted.argmax(axis=0)
        return Cut(self._accuracy(answers), weights, constants)

    def score(self, activations: np.ndarray) -> float:
        """Return the accuracy of the cut through `activations` (units, n_samples), or R² of the fit for regression.

        NaN where one of them isn't finite.
        """
        return self._fit(_standardised(activations)[0])[0]

    def cut(self, activations: np.ndarray) -> Cut:
        """Return the cut through `activations` (units, n_samples) that the score is of, in their own coordinates.

        Between two classes that it parts, it is moved on to where it has more room on either side.
        """
        units, mean, per_unit = _standardised(activations)
        score, weights = self._fit(units)
        with np.errstate(all="ignore"):
            if score == 1.0 and self._n_classes == 2:
                weights = self._roomier(units, weights)
            own = weights[:, :-1] * per_unit
            return Cut(score, own, weights[:, -1] - own @ mean)

    @np.errstate(all="ignore")  # a run that is about to diverge has infinite activations
    def _fit(self, units: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the score, and the weights (n_outputs, units + 1) of the fit that has it."""
        weights = _least_squares(units, self._targets, units)
        fitted = weights @ units
        if not np.isfinite(fitted).all():
            return float("nan"), weights
        if not self._n_classes:
            residuals = self._targets.T - fitted
            return r_squared(float((residuals * residuals).sum()), self._spread), weights
        if self._n_classes > 2:
            return self._accuracy(fitted.argmax(axis=0)), weights
        best, best_weights = self._accuracy(fitted[0] > 0), weights
        for _ in range(REFINEMENTS):
            if best == 1.0:
                break
            weights = self._refined(units, fitted)
            fitted = weights @ units
            accuracy = self._accuracy(fitted[0] > 0)
            if accuracy > best:
                best, best_weights = accuracy, weights
        return best, best_weights

    def _refined(self, units: np.ndarray, fitted: np.ndarray) -> np.ndarray:
        """Return the weights fitted to the samples within the margin, or on the wrong side, alone."""
        near = fitted * self._targets.T < 1.0
        return _least_squares(units * near, self._targets, units)

    def _roomier(self, units: np.ndarray, weights: np.ndarray) -> np.ndarray:
        """Return the weights of the cut with the widest margin on the way to that of a support vector machine."""
        fitted = weights @ units
        best, most = weights, self._margin(fitted)
        for _ in range(ROOMIER):
            weights = self._refined(units, fitted)
            fitted = weights @ units
            margin = self._margin(fitted)
            if margin > most:
                best, most = weights, margin
        return best

    def _margin(self, fitted: np.ndarray) -> float:
        """Return the least distance of a sample from the cut, on its own side, as a share of how far they spread."""
        spread = float(np.ptp(fitted))
        return float((self._targets[:, 0] * fitted[0]).min()) / spread if spread > 0 else 0.0

    def _accuracy(self, answers: np.ndarray) -> float:
        return int(np.count_nonzero(answers == self._labels)) / len(answers)


@np.errstate(all="ignore")
def _standardised(activations: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return units (units + 1, n_samples) of mean 0 and variance 1, those that are constant as 0, and a row of ones.

    With them, what was subtracted of each, and what the difference was multiplied by.
    """
    rows = np.ones((len(activations) + 1, activations.shape[1]))
    units = rows[:-1]
    units[:] = activations
    mean = units.mean(axis=1)
    units -= mean[:, None]
    spread = np.sqrt(np.einsum("ij,ij->i", units, units) / units.shape[1])
    per_unit = np.where(spread > CONSTANT * np.abs(mean), 1.0 / spread, 0.0)
    units *= per_unit[:, None]
    return rows, mean, per_unit


def _least_squares(counted: np.ndarray, targets: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Return the weights (n_outputs, units) of the linear fit of `targets` (n_samples, n_outputs).

    `counted` are the units with 0 for samples that don't count.
    """
    covariance = counted @ units.T
    covariance.flat[:: len(covariance) + 1] += RIDGE * units.shape[1]
    return np.linalg.solve(covariance, counted @ targets).T
