"""How far a straight cut gets at each layer: the number that rises as a network unfolds its data."""

from __future__ import annotations

import numpy as np

from nnplay.experiment.frames import Arrays
from nnplay.experiment.moment import Moment

#: Added to each unit's variance, which is 1: too little to be seen, enough for units that say the same.
RIDGE = 1e-9
#: A unit that varies by less, relative to its largest value, says nothing: the rest is rounding in float32.
CONSTANT = 1e-6


class StraightFit:
    """A linear fit by least squares, scored on the samples that it was fitted to.

    Of several classes each gets a linear function, fitted to 1 for its samples and 0 for the others, and the largest
    one wins; of two classes the sign of one function decides.

    Parameters
    ----------
    y : ndarray, (n_samples,) or (n_samples, n_outputs)
        Class indices, or target values.
    n_classes : int
        0 for regression.
    """

    def __init__(self, y: np.ndarray, n_classes: int) -> None:
        self._labels = y == 1 if n_classes == 2 else y
        self._n_classes = n_classes
        if n_classes == 2:
            targets = np.where(y == 1, 1.0, -1.0)[:, None]
        elif n_classes:
            targets = np.eye(n_classes)[y.astype(int)]
        else:
            targets = np.asarray(y, np.float64).reshape(len(y), -1)
        self._mean = targets.mean(axis=0)
        self._centred = targets - self._mean
        self._total = float((self._centred**2).sum())

    @np.errstate(all="ignore")  # a run that is about to diverge has infinite activations
    def score(self, activations: np.ndarray) -> float:
        """Return the accuracy, or R² for regression, of the fit to `activations` (units, n_samples).

        NaN where one of them isn't finite.
        """
        units = activations.astype(np.float64)
        mean = units.mean(axis=1)
        units -= mean[:, None]
        covariance = units @ units.T / units.shape[1]
        if not np.isfinite(covariance).all():
            return float("nan")
        spread = np.sqrt(covariance.diagonal())
        varies = spread > CONSTANT * np.abs(mean)
        per_unit = np.divide(1.0, spread, out=np.zeros_like(spread), where=varies)
        covariance *= per_unit * per_unit[:, None]
        covariance.flat[:: len(covariance) + 1] += RIDGE
        towards = per_unit[:, None] * (units @ self._centred / units.shape[1])
        weights = per_unit[:, None] * np.linalg.solve(covariance, towards)
        return self._score(weights.T @ units)

    def _score(self, fitted: np.ndarray) -> float:
        """Return the score of fitted values (n_outputs, n_samples), which lack the targets' mean."""
        if not self._n_classes:
            residuals = self._centred.T - fitted
            return 1.0 - float((residuals * residuals).sum()) / self._total if self._total else float("nan")
        values = fitted + self._mean[:, None]
        answers = values[0] > 0 if self._n_classes == 2 else values.argmax(axis=0)
        return int(np.count_nonzero(answers == self._labels)) / len(self._labels)


def straight_scores(moment: Moment) -> Arrays:
    """Return the score of a straight cut on the training samples as the inputs are, and after each hidden layer."""
    train, surface, memory = moment.session.train, moment.surface, moment.memory
    n = train.n_samples
    if "straight" not in memory:
        fit = StraightFit(train.y, len(train.class_names))
        memory["straight"] = fit, fit.score(surface.sample_inputs[:, :n])
    fit, at_inputs = memory["straight"]
    scores = [at_inputs, *(fit.score(activations[:, :n]) for activations in surface.sample_activations)]
    return {"straight_scores": np.array(scores, "<f4")}
