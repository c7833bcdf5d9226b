"""How the rows of a table are prepared for a network: which columns, standardised or not, and which target.

Everything is made from the training rows alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets import Dataset
from nnplay.datasets.input_columns import are_categories
from nnplay.refusal import Refusal

Values = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class InputScaling:
    """Shift and scale of each column.

    Parameters
    ----------
    centre, spread : ndarray, (n_columns,)
        What is subtracted, and what the difference is divided by.
    """

    centre: Values
    spread: Values

    @classmethod
    def of(cls, X: Values, kept: NDArray[np.bool_] | None = None) -> InputScaling:
        """Return the scaling that gives each column of `X` (n_samples, n_columns) mean 0 and standard deviation 1.

        A column that doesn't vary is only shifted. Those that are `kept` (n_columns,) stay as they are: inputs that say
        a category or a gap are 0 and 1, and a rare category divided by its small spread would shout.
        """
        centre, spread = X.mean(axis=0, dtype=np.float64), X.std(axis=0, dtype=np.float64)
        spread = np.where(spread > 0, spread, 1.0)
        if kept is None:
            return cls(centre, spread)
        return cls(np.where(kept, 0.0, centre), np.where(kept, 1.0, spread))

    def apply(self, X: Values) -> Values:
        """Return columns as the network sees them."""
        return np.asarray((X - self.centre) / self.spread)

    def undo(self, X: Values) -> Values:
        """Return columns in their own units."""
        return np.asarray(X * self.spread + self.centre)


@dataclass(frozen=True)
class TargetScaling:
    """What is learned of a regression's target: ``(y − centre) / spread``, of log y where `log`.

    Parameters
    ----------
    log : bool
    centre, spread : float
    """

    log: bool = False
    centre: float = 0.0
    spread: float = 1.0

    @classmethod
    def of(cls, y: Values, *, log: bool = False, standardise: bool = False) -> TargetScaling:
        """Return the scaling for training targets `y` (n_samples,).

        Standardised targets have mean 0 and standard deviation 1. Logarithms are shifted to mean 0 only: their squared
        errors then are what they are without any shift, squares of relative errors, and can be compared.

        Raises
        ------
        ValueError
            If `log` and a target isn't positive.
        """
        if log:
            check_positive(y)
            return cls(True, float(np.log(y).mean()) if standardise else 0.0)
        if not standardise:
            return cls()
        return cls(False, float(y.mean()), float(y.std()) or 1.0)

    @property
    def is_identity(self) -> bool:
        """Whether targets stay as they are."""
        return self == TargetScaling()

    def apply(self, y: Values) -> Values:
        """Return targets as the network learns them."""
        return np.asarray(((np.log(y) if self.log else y) - self.centre) / self.spread)

    def undo(self, values: Values) -> Values:
        """Return what the network answers, in the target's own units; too large a logarithm gives infinity."""
        result = values * self.spread + self.centre
        with np.errstate(over="ignore"):
            return np.asarray(np.exp(result) if self.log else result)


def check_positive(y: Values, name: str = "the target") -> None:
    """Raise ValueError unless all of `y` are positive, so that they have logarithms."""
    lowest = float(y.min())
    if lowest <= 0:
        raise Refusal("log_target", f"must be off unless {name} is positive in every row", f"{lowest:.4g}")


def scaled(data: Dataset, inputs: InputScaling | None, targets: TargetScaling | None) -> Dataset:
    """Return `data` as a network sees them; None leaves that part alone."""
    if inputs is not None:
        data = data.with_values(inputs.apply(data.X))
    if targets is None or targets.is_identity:
        return data
    learned = Dataset(data.X, targets.apply(data.y), data.task, None, data.feature_names, data.name)
    return learned.of_columns(data.columns, data.notes)


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
