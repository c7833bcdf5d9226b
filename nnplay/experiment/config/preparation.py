"""How the rows of a table are prepared for a network: which columns, standardised or not, and which target.

Everything is made from the training rows alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from nnplay.datasets import Dataset
from nnplay.datasets.input_columns import are_categories
from nnplay.experiment.config.scaling import InputScaling, TargetScaling, scaled


@dataclass(frozen=True, eq=False)
class Preparation:
    """How rows of a table become samples.

    Attributes
    ----------
    columns : tuple of int
        Which of the table's columns are used, counted from 0.
    inputs : InputScaling or None
        None leaves them as they are; inputs that say a category or a gap, 0 or 1, always stay so.
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
        used = _using(train, columns)
        inputs = InputScaling.of(used.X, are_categories(used.columns)) if standardise else None
        if train.task != "regression":
            return cls(columns, inputs)
        return cls(columns, inputs, TargetScaling.of(train.y, log=log_target, standardise=standardise))

    def apply(self, data: Dataset) -> Dataset:
        """Return rows of the table as a network sees them."""
        return scaled(_using(data, self.columns), self.inputs, self.target)

    def column_units(self, X: np.ndarray) -> np.ndarray:
        """Return what the network sees of the columns, (n_samples, n_features), in the units of the table."""
        return X if self.inputs is None else self.inputs.undo(X)


def _using(data: Dataset, columns: tuple[int, ...]) -> Dataset:
    """Return `data` with these columns alone."""
    return data if columns == tuple(range(len(data.columns))) else data.with_columns(columns)
