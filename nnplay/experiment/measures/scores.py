"""How good a network is, beyond one number: which classes it confuses, how well calibrated it is, how far off it is.

Plain functions of arrays, and the frame part ``"measures"`` that is made of them. A value that isn't defined (the
precision of a class that is never predicted, R² of a constant target) is NaN, never 0: nobody has measured it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine import Network
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.frames.frame_context import FrameContext
from nnplay.experiment.measures.histogram import histogram_around_zero, round_up
from nnplay.experiment.training import r_squared as r2
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.evaluation import part_ranges

#: Bins of the reliability curve, and of the histogram of residuals (even, so that 0 is an edge).
RELIABILITY_BINS, RESIDUAL_BINS = 10, 20


@dataclass(frozen=True)
class Reliability:
    """How often a network is right where it says how sure it is.

    Attributes
    ----------
    counts : ndarray of int, (n_bins,)
        Samples in each bin of the stated probability.
    stated, observed : ndarray, (n_bins,)
        Mean stated probability, and share of the samples for which it came true; NaN where a bin is empty.
    calibration_error : float
        Expected calibration error: the mean of |observed − stated| over the bins, weighted by their counts; NaN without
        samples. Source: Naeini et al. (2015), https://doi.org/10.1609/aaai.v29i1.9602
    """

    counts: np.ndarray
    stated: np.ndarray
    observed: np.ndarray
    calibration_error: float


def confusion_matrix(y: np.ndarray, predicted: np.ndarray, n_classes: int) -> np.ndarray:
    """Return how many samples of each class (row) were taken for each class (column), (n_classes, n_classes)."""
    cells = np.asarray(y, np.int64) * n_classes + np.asarray(predicted, np.int64)
    return np.bincount(cells, minlength=n_classes * n_classes).reshape(n_classes, n_classes)


def precision_and_recall(confusion: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return for each class which share of what was taken for it is it, and which share of it was recognised.

    Parameters
    ----------
    confusion : ndarray, (n_classes, n_classes)
        As :func:`confusion_matrix` gives it.

    Returns
    -------
    precision, recall : ndarray, (n_classes,)
        NaN for a class that is never predicted, or of which there is no sample.
    """
    right = np.diagonal(confusion)
    return _share(right, confusion.sum(axis=0)), _share(right, confusion.sum(axis=1))


def reliability(probability: np.ndarray, came_true: np.ndarray, n_bins: int = RELIABILITY_BINS) -> Reliability:
    """Compare stated probabilities with what came true.

    Parameters
    ----------
    probability : ndarray, (n_samples,), in [0, 1]
        For two classes that of the second one; for more, that of the class found most likely.
    came_true : ndarray of bool, (n_samples,)
        Whether the sample is of that class.
    n_bins : int
        Of equal width; a bin holds its upper end, the first one also 0.
    """
    inner_edges = np.linspace(0.0, 1.0, n_bins + 1)[1:-1]
    bins = np.searchsorted(inner_edges, probability)
    counts = np.bincount(bins, minlength=n_bins)
    stated = _share(np.bincount(bins, weights=probability, minlength=n_bins), counts)
    observed = _share(np.bincount(bins, weights=came_true, minlength=n_bins), counts)
    gaps = np.abs(np.nan_to_num(observed - stated)) @ counts
    return Reliability(counts, stated, observed, float(gaps / len(bins)) if len(bins) else np.nan)


def r_squared(y: np.ndarray, predicted: np.ndarray) -> float:
    """Return 1 − Σ(y − predicted)² / Σ(y − mean of y)²; NaN where the targets are all the same."""
    precision = np.result_type(predicted, np.float32)
    return r2.r_squared(float(np.square(y - predicted).sum()), r2.spread_of(y, precision))


def measures_part(context: FrameContext) -> Arrays:
    """Return the arrays of the frame part ``"measures"``, for training (row 0) and test samples (row 1)."""
    session = context.session
    parts = [context.train, context.test]
    network = session.network
    if context.samples is not None and context.samples.is_exact:
        n_train = context.train.n_samples
        drawn = context.samples.outputs.T
        outputs = [drawn[:n_train], None if context.test is None else drawn[n_train:]]
    else:
        outputs = _outputs_in_own_precision(context, parts)
    measure = _regression_arrays if context.train.task == "regression" else _class_arrays
    return measure(parts, outputs, network)


def _outputs_in_own_precision(context: FrameContext, parts: list[Dataset | None]) -> list[np.ndarray | None]:
    """Return the outputs in the run's own dtype, so that these are the run's own scores."""

    def make() -> tuple[Network, list[OutputsOf | None]]:
        network = context.session.network.copy()
        return network, [None if data is None else OutputsOf(network, data.X) for data in parts]

    network, outputs_of = context.kept_for_run("measures", make)
    network.parameters[:] = context.parameters
    with np.errstate(over="ignore"):
        return [None if each is None else each() for each in outputs_of]


class OutputsOf:
    """Computes the outputs of `network` for samples `X`, part by part."""

    def __init__(self, network: Network, X: np.ndarray) -> None:
        columns, ranges = network.as_columns(X), part_ranges(len(X), network)
        passes = {size: network.forward_pass(size) for size in {stop - start for start, stop in ranges}}
        self._parts = [(passes[stop - start], columns[:, start:stop]) for start, stop in ranges]

    def __call__(self) -> np.ndarray:
        """Return the outputs, (n_samples, n_outputs)."""
        outputs = []
        for forward, x in self._parts:
            take_break()
            outputs.append(forward.run(x).T.copy())
        return np.concatenate(outputs)


def _class_arrays(parts: list[Dataset | None], outputs: list[np.ndarray | None], network: Network) -> Arrays:
    n = max(2, network.n_outputs)
    confusion = np.zeros((2, n, n), "<u4")
    per_class = np.full((2, 2, n), np.nan, "<f4")
    counts = np.zeros((2, RELIABILITY_BINS), "<u4")
    curve = np.full((2, 2, RELIABILITY_BINS), np.nan, "<f4")
    error = np.full(2, np.nan, "<f4")
    for row, (data, a) in enumerate(zip(parts, outputs, strict=True)):
        if data is None or a is None:
            continue
        predicted = a[:, 0] > 0.5 if a.shape[1] == 1 else a.argmax(axis=1)
        confusion[row] = confusion_matrix(data.y, predicted, n)
        per_class[row] = precision_and_recall(confusion[row])
        if network.output.name == "identity":
            continue  # then outputs are no probabilities
        stated, came_true = (a[:, -1], data.y == 1) if n == 2 else (a.max(axis=1), predicted == data.y)
        found = reliability(stated, came_true)
        counts[row], curve[row], error[row] = found.counts, (found.stated, found.observed), found.calibration_error
    return {
        "confusion": confusion,
        "precision_recall": per_class,
        "reliability_counts": counts,
        "reliability": curve,
        "calibration_error": error,
    }


def _regression_arrays(parts: list[Dataset | None], outputs: list[np.ndarray | None], network: Network) -> Arrays:
    predictions, residuals = [], []
    regression_scores = np.full((2, 3), np.nan, "<f8")
    for row, (data, a) in enumerate(zip(parts, outputs, strict=True)):
        if data is None or a is None:
            continue
        predicted = a[:, 0]
        difference = data.y.reshape(-1) - predicted
        root = float(np.sqrt(np.mean(np.square(difference))))
        regression_scores[row] = r_squared(data.y.reshape(-1), predicted), float(np.mean(np.abs(difference))), root
        predictions.append(predicted)
        residuals.append(difference)
    reach = round_up(max(float(np.abs(difference).max()) for difference in residuals))
    counts = np.zeros((2, RESIDUAL_BINS), "<u4")
    for row, difference in enumerate(residuals):
        counts[row], _ = histogram_around_zero(difference, RESIDUAL_BINS, reach)
    return {
        "predictions": np.concatenate(predictions).astype("<f4"),
        "regression_scores": regression_scores,
        "residual_counts": counts,
        "residual_reach": np.array([reach], "<f4"),
    }


def _share(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=whole > 0)
