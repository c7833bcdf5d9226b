"""What becomes of a table between its rows and a network: which columns, standardised or not, and of what target.

Everything is made from the training rows alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nnplay.datasets import Dataset
from nnplay.experiment.scaling import InputScaling, TargetScaling, scaled


@dataclass(frozen=True, eq=False)
class Preparation:
    """How rows of a table become samples.

    Attributes
    ----------
    columns : tuple of int
        Which of the table's columns are used, counted from 0.
    inputs : InputScaling or None
        None leaves them as they are.
    target : TargetScaling
        Of no effect on classes.
    """

    columns: tuple[int, ...]
    inputs: InputScaling | None = None
    target: TargetScaling = field(default_factory=TargetScaling)

    @classmethod
    def of(cls, train: Dataset, columns: tuple[int, ...], *, standardise: bool, log_target: bool) -> Preparation:
        """Return the preparation of a table whose training rows are `train`.

        Raises
        ------
        ValueError
            If `log_target` and a target isn't positive.
        """
        inputs = InputScaling.of(train.X[:, columns]) if standardise else None
        if train.task != "regression":
            return cls(columns, inputs)
        return cls(columns, inputs, TargetScaling.of(train.y, log=log_target, standardise=standardise))

    def apply(self, data: Dataset) -> Dataset:
        """Return rows of the table as a network sees them."""
        if self.columns != tuple(range(data.n_features)):
            data = data.with_features(data.X[:, self.columns], [data.feature_names[k] for k in self.columns])
        return scaled(data, self.inputs, self.target)

    def column_units(self, X: np.ndarray) -> np.ndarray:
        """Return what the network sees of the columns, (n_samples, n_columns), in the units of the table."""
        return X if self.inputs is None else self.inputs.undo(X)
