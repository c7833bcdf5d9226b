"""What a recording trains and draws with: the session, and the samples that are looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.datasets import Dataset
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.drawn_samples import DrawnEvaluation, DrawnSamples
from nnplay.experiment.frames.kept_frames import NOT_MEASURED
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.evaluation import Evaluation
from nnplay.random_streams import random_stream


class Setup:
    """All that is made of a configuration in order to train and draw it.

    Attributes
    ----------
    config : ExperimentConfig
        What it was made for.
    session : TrainingSession
        Stands at the newest frame.
    plane : InputPlane
        What is on screen of the space that the samples lie in.
    train, test : Dataset, Dataset or None
        The samples that are looked at, as the network takes them: all that there are, or of large stored sets a fixed
        part. Losses and scores are measured on them.
    whole_test : Evaluation or None
        Measures the whole test set, where only a part of it is looked at.
    inputs : ndarray, (n_samples, n_coordinates)
        The samples that are looked at, as they lie on the plane, the training samples first.
    surface_range : tuple of float
        The outputs that are drawn in full colour.
    drawn : DrawnSamples or None
        What frames are drawn from where the samples have no plane.
    memory : dict
        Where the parts of a frame keep what they make only once.
    """

    def __init__(self, config: ExperimentConfig) -> None:
        self.config = config
        train, test = config.data.split()
        self.plane = config.data.plane(config.features)
        whole_test, seen = test, (train, test)
        if not config.data.has_plane:
            seen = looked_at(train, test, config.seed)
        self.train = self.plane.as_inputs(seen[0])
        self.test = None if seen[1] is None else self.plane.as_inputs(seen[1])
        take_break()
        self.session = config.build_on(self.plane, train, test, evaluate_every=0, measured=(self.train, self.test))
        take_break()
        self.whole_test = None
        if whole_test is not None and whole_test is not seen[1]:
            self.whole_test = Evaluation(self.session.network, whole_test, self.session.loss)
        parts = [part for part in seen if part is not None]
        self.inputs = np.concatenate([part.X for part in parts])
        self.targets = np.concatenate([part.y for part in parts])
        self.is_test = np.arange(len(self.inputs)) >= parts[0].n_samples
        self.class_names = train.class_names
        self.domain = self.plane.domain_with(self.targets, len(self.class_names))
        self.surface_range = output_range(self.class_names, self.targets)
        take_break()
        self.drawn: DrawnSamples | None = None
        if not config.data.has_plane:
            self.drawn = DrawnSamples(self.session.network, self.inputs)
            if self.drawn.is_exact:
                self._measure_what_is_drawn(self.drawn)
        self.memory: dict[str, Any] = {}

    def _measure_what_is_drawn(self, drawn: DrawnSamples) -> None:
        """Measure what is computed to be drawn: of many inputs, a second pass would cost as much as the training."""
        session, n_train = self.session, self.train.n_samples
        train = DrawnEvaluation(session.network, self.train, session.loss, drawn, slice(0, n_train))
        test = None
        if self.test is not None:
            test = DrawnEvaluation(session.network, self.test, session.loss, drawn, slice(n_train, None))
        session.measured_by(train, test)

    def whole_test_measures(self) -> tuple[float, float]:
        """Return loss and score over the whole test set, at the end of an epoch, if that isn't what is measured anyway.

        Within an epoch it would take longer than the training between two frames.
        """
        if self.whole_test is None or self.session.step_in_epoch:
            return NOT_MEASURED
        with np.errstate(all="ignore"):
            return self.whole_test.measure()


def output_range(class_names: Sequence[str], targets: np.ndarray) -> tuple[float, float]:
    """Return the outputs that the ends of the colour scale stand for: probabilities, or values about 0."""
    if class_names:
        return 0.0, 1.0
    largest = float(np.abs(targets).max()) or 1.0
    unit = 10.0 ** (np.floor(np.log10(largest)) - 1)
    high = round(float(np.ceil(largest / unit) * unit), 9)
    return -high, high


#: Sets of no more rows are looked at whole.
MOST_WHOLE = 2000
#: Rows of a larger training set, and of a larger test set, that are looked at; more where a row has few values.
TRAIN_ROWS, TEST_ROWS = 500, 1000
_FEW_VALUES = 50


def sample_of(data: Dataset, rows: int, seed: int) -> Dataset:
    """Return `data`, or of large data a sample of so many rows, in their order; the same seed gives the same rows."""
    rows = _rows(data.n_samples, rows, data.n_features)
    if rows == data.n_samples:
        return data
    chosen = random_stream(seed, "sample").choice(data.n_samples, rows, replace=False)
    return data.take(np.sort(chosen))


def rows_looked_at(n_train: int, n_test: int, n_features: int) -> int:
    """Return how many rows are looked at, for training and testing together."""
    return _rows(n_train, TRAIN_ROWS, n_features) + _rows(n_test, TEST_ROWS, n_features)


def _rows(n_samples: int, rows: int, n_features: int) -> int:
    if n_samples <= MOST_WHOLE:
        return n_samples
    return rows if n_features > _FEW_VALUES else MOST_WHOLE


def looked_at(train: Dataset, test: Dataset | None, seed: int) -> tuple[Dataset, Dataset | None]:
    """Return what losses and scores are measured on while a run is recorded, and what is drawn of it."""
    return sample_of(train, TRAIN_ROWS, seed), test and sample_of(test, TEST_ROWS, seed)
