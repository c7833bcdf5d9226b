"""Columns of a table as a network's inputs: one for numbers, one per category of words, one that marks missing values.

Words have no order and no distance, so no number could stand for them: each category is an input of its own, 1 in its
rows and 0 in all others ("one-hot"). A gap is filled with a value that the known rows have most often or in the middle,
and an input says where: then a network can tell what was measured from what was put there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.names import MAX_NAME_LENGTH, distinct, shortened

#: Most different words of a column that is an input.
MAX_CATEGORIES = 20
#: What the categories of a column that tells of gaps are called.
NO_GAP, GAP = "no", "yes"
#: Of a name that is too long so much is kept for the category.
_FOR_CATEGORY = 24


@dataclass(frozen=True)
class InputColumn:
    """Which of the features are a column of the table, and what they say.

    Attributes
    ----------
    name : str
    first, n_features : int
        Its features: the first one, and how many.
    categories : tuple of str
        Empty for numbers. Of words one for each feature, which is 1 in that category's rows and 0 in all others.
    gaps_of : int or None
        The place among the columns of the one whose gaps this one tells: its single feature is 1 where a value was
        missing, and 0 elsewhere; the categories then are "no" and "yes".
    """

    name: str
    first: int
    n_features: int = 1
    categories: tuple[str, ...] = ()
    gaps_of: int | None = None

    @property
    def features(self) -> slice:
        """Its columns of ``Dataset.X``."""
        return slice(self.first, self.first + self.n_features)

    @property
    def is_numeric(self) -> bool:
        """Whether it holds numbers, and no categories."""
        return not self.categories

    def inputs_of(self, category: int) -> NDArray[np.float64]:
        """Return what its features are in a row of that category, (n_features,)."""
        return np.array([float(category)]) if self.n_features == 1 else np.eye(self.n_features)[category]


@dataclass(frozen=True, eq=False)
class PlainColumn:
    """A column before it becomes inputs, and as it is written.

    Attributes
    ----------
    name : str
    values : ndarray, (n_samples,)
        Numbers, or indices of categories; anything where there is a gap.
    categories : tuple of str
        Empty for numbers.
    gaps : ndarray of bool, (n_samples,), or None
        Where a value is missing; None where none is.
    """

    name: str
    values: NDArray[np.float64]
    categories: tuple[str, ...] = ()
    gaps: NDArray[np.bool_] | None = None

    @property
    def known(self) -> NDArray[np.float64]:
        """The values that are not missing."""
        return self.values if self.gaps is None else self.values[~self.gaps]


def described(columns: Sequence[PlainColumn]) -> tuple[NDArray[np.float64], list[str], tuple[InputColumn, ...]]:
    """Return the inputs that `columns` become: ``X``, the features' names, and which feature is of which column.

    Gaps are filled by all of the rows; :func:`filled` fills them by some.
    """
    parts: list[NDArray[np.float64]] = []
    names: list[str] = []
    made: list[InputColumn] = []
    for column in columns:
        if column.categories:
            codes = np.where(column.gaps, 0, column.values) if column.gaps is not None else column.values
            part = np.eye(len(column.categories))[codes.astype(np.intp)]
            feature_names = [_named(column.name, f" = {word}") for word in column.categories]
        else:
            part, feature_names = column.values.reshape(-1, 1), [column.name]
        made.append(InputColumn(column.name, len(names), len(feature_names), column.categories))
        parts.append(part)
        names += feature_names
        if column.gaps is not None:
            name = _named(column.name, " missing")
            made.append(InputColumn(name, len(names), 1, (NO_GAP, GAP), gaps_of=len(made) - 1))
            parts.append(column.gaps.astype(np.float64).reshape(-1, 1))
            names.append(name)
    X = np.concatenate(parts, axis=1)
    return np.asarray(filled(made, X, [X])[0], np.float64), distinct(names), tuple(made)


def n_inputs_of(columns: Iterable[PlainColumn]) -> int:
    """Return how many inputs :func:`described` makes of `columns`."""
    return sum((len(column.categories) or 1) + (column.gaps is not None) for column in columns)


def filled(
    columns: Sequence[InputColumn], train: NDArray[np.floating], parts: Sequence[NDArray[np.floating]]
) -> list[NDArray[np.floating]]:
    """Return inputs with their gaps filled by what the training rows know: the median, or the most frequent category.

    What test rows know has no part in it: it would leak into training.

    Parameters
    ----------
    columns : sequence of InputColumn
    train : ndarray, (n_train, n_features)
        The training rows.
    parts : sequence of ndarray, (n, n_features)
        The rows that are filled, such as `train` itself.
    """
    results = [part.copy() for part in parts]
    for column in columns:
        if column.gaps_of is None:
            continue
        of = columns[column.gaps_of]
        known = train[train[:, column.first] == 0][:, of.features]
        if not len(known):  # nothing to go by: what is there stays
            continue
        # Of categories as frequent the first one in the alphabet.
        fill = np.median(known, axis=0) if of.is_numeric else of.inputs_of(int(known.sum(axis=0).argmax()))
        for result in results:
            result[result[:, column.first] == 1, of.features] = fill
    return results


def plain(columns: Sequence[InputColumn], X: NDArray[np.floating]) -> list[PlainColumn]:
    """Return the columns that `X` (n_samples, n_features) was made of: what :func:`described` does, undone.

    A column that tells of the gaps of one that isn't there is a column of two words.
    """
    result: list[PlainColumn] = []
    gaps = {c.gaps_of: X[:, c.first] == 1 for c in columns if c.gaps_of is not None}
    for place, column in enumerate(columns):
        if column.gaps_of is not None:
            continue
        part = X[:, column.features]
        values = part[:, 0] if column.n_features == 1 else part.argmax(axis=1)
        result.append(PlainColumn(column.name, values.astype(np.float64), column.categories, gaps.get(place)))
    return result


def chosen(columns: Sequence[InputColumn], places: Sequence[int]) -> tuple[list[int], tuple[InputColumn, ...]]:
    """Return the features of the columns at `places`, and those columns as they are when only they are left."""
    features: list[int] = []
    kept: list[InputColumn] = []
    for place in places:
        column = columns[place]
        gaps_of = places.index(column.gaps_of) if column.gaps_of in places else None
        kept.append(InputColumn(column.name, len(features), column.n_features, column.categories, gaps_of))
        features += range(*column.features.indices(column.first + column.n_features))
    return features, tuple(kept)


def are_categories(columns: Iterable[InputColumn]) -> NDArray[np.bool_]:
    """Return which features say a category or a gap, 0 or 1, (n_features,)."""
    return np.array([not column.is_numeric for column in columns for _ in range(column.n_features)], dtype=bool)


def _named(name: str, addition: str) -> str:
    """Return both together, of bounded length: what tells the features of a column apart is kept longest."""
    addition = addition if len(addition) <= _FOR_CATEGORY else shortened(addition, _FOR_CATEGORY)
    return shortened(name, MAX_NAME_LENGTH - len(addition)) + addition
