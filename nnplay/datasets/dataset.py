"""The one form that data have in nnplay: checked once, then never changed."""

from __future__ import annotations

import copy
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnplay.attributes import guarded
from nnplay.datasets.input_columns import InputColumn, chosen, filled
from nnplay.datasets.names import name_tuple, shortened, told_apart
from nnplay.datasets.targets import read_targets
from nnplay.random_streams import random_stream
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import choice, dtype_name, finite, float_matrix, nearest_choice, number, row_selection, shown

#: With more classes than this, ``repr`` gives their number only.
_MAX_CLASSES_IN_REPR = 5
#: And a refusal names no more of them.
_MAX_CLASSES_IN_REFUSAL = 10
#: Inputs that take more bytes are kept with a column of ones beside them.
LARGE = 1 << 24
#: Labels that are the same, as they are for Python.
_TRUTHS = {"False": "0", "True": "1", "0": "False", "1": "True"}


@guarded()
@dataclass(frozen=True, init=False, eq=False, repr=False)
class Dataset:
    """Hold inputs and targets: checked, copied, and read-only from then on.

    Parameters
    ----------
    X : array-like of shape (n_samples, n_features)
        Finite real numbers.
    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
        Class labels (text, booleans, whole numbers), one-hot rows, or real targets.
    task : {"classification", "regression"}, optional
        If None: text, booleans, integers, floats that are exactly 0.0 and 1.0, and one-hot rows are classes;
        other floats are regression targets.
    class_names : iterable of str, optional
        One name per class, in the sorted order of the labels; by default the labels themselves, as text. If the data
        lack some classes, the names of all: `y` then holds names, or whole numbers counted from 0.
    feature_names : iterable of str, optional
        One name per column of `X`; by default the columns' names of a table (pandas), else x1, x2, ….
    name : str
        What to call the data; by default the name of `y`, if it is a column of a table.
    dtype : {"float64", "float32"}
        Of `X`; single precision halves the memory of large data.

    Attributes
    ----------
    X : array of shape (n_samples, n_features)
        Of `dtype`.
    y : array
        Class indices 0 … n_classes - 1, int64 of shape (n_samples,); or targets, float64 of shape
        (n_samples,) or (n_samples, n_outputs).
    task : str
    class_names : tuple of str
        Empty for regression.
    feature_names : tuple of str
    name : str
    columns : tuple of InputColumn
        Which features are one column of a table: of words each category is a feature. Elsewhere each feature is one.
    notes : tuple of str
        What was done to a table to get these data, a sentence each.

    Raises
    ------
    TypeError
        If `X`, `y`, or a name is of the wrong kind: complex numbers, mixed labels, a name that isn't a string.
    ValueError
        If there is no sample or no feature, a NaN or an infinity, a wrong shape, `X` and `y` of different
        lengths, an unknown task or dtype, or a wrong number of names.
    """

    X: NDArray[np.floating]
    y: NDArray[Any]
    task: str
    class_names: tuple[str, ...]
    feature_names: tuple[str, ...]
    name: str
    _labels: tuple[str, ...]
    _task_was_guessed: bool
    notes: tuple[str, ...]
    _columns: tuple[InputColumn, ...] | None
    _inputs_and_ones: NDArray[np.floating] | None

    def __init__(
        self,
        X: ArrayLike,
        y: ArrayLike,
        task: str | None = None,
        class_names: Iterable[str] | None = None,
        feature_names: Iterable[str] | None = None,
        name: str = "",
        dtype: str = "float64",
    ) -> None:
        dtype = choice("dtype", dtype_name(dtype), ("float64", "float32"))
        given = float_matrix("X", X)
        with np.errstate(over="ignore"):
            inputs, inputs_and_ones = _kept(given, np.dtype(dtype))
        if inputs.itemsize < given.itemsize:
            finite("X", inputs)  # single precision ends at 3e38
        n_samples, n_features = inputs.shape
        targets = read_targets(y, n_samples, task, class_names)
        if class_names is None and targets.task == "classification" and np.ndim(y) == 2:
            class_names = _column_names(y, len(targets.class_names))
            targets = targets if class_names is None else read_targets(y, n_samples, task, class_names)
        if feature_names is None:
            feature_names = _column_names(X, n_features) or [f"x{column}" for column in range(1, n_features + 1)]
        if isinstance(name, str) and not name and isinstance(getattr(y, "name", None), str):
            name = y.name  # type: ignore[union-attr]
        if not isinstance(name, str):
            raise TypeRefusal("name", "must be a string", shown(name))
        # A frozen dataclass refuses ordinary assignment, from its own methods too.
        self.__dict__.update(
            X=_read_only(inputs),
            y=_read_only(targets.y),
            task=targets.task,
            class_names=targets.class_names,
            feature_names=name_tuple("feature_names", feature_names, n_features),
            name=shortened(name),
            notes=(),
            _labels=targets.labels,
            _task_was_guessed=task is None,
            _columns=None,
            _inputs_and_ones=inputs_and_ones,
        )

    @property
    def inputs_and_ones(self) -> NDArray[np.floating] | None:
        """Return `X` and a column of ones, (n_samples, n_features + 1), where large data are kept so; else None.

        A network with biases is fed with just that. `X` is a view of it: nobody needs a second copy.
        """
        return self._inputs_and_ones

    @property
    def columns(self) -> tuple[InputColumn, ...]:
        """Return the columns of the table that the features were, or one for each feature."""
        return self._columns or tuple(InputColumn(name, k) for k, name in enumerate(self.feature_names))

    @property
    def n_samples(self) -> int:
        """Return the number of samples, the rows of `X`."""
        return len(self.X)

    @property
    def n_features(self) -> int:
        """Return the number of features, the columns of `X`."""
        return int(self.X.shape[1])

    @property
    def n_classes(self) -> int:
        """Return the number of classes; 0 for regression."""
        return len(self.class_names)

    @property
    def n_outputs(self) -> int:
        """Return how many outputs a network needs: one for two classes, else one for each class or target."""
        if self.task == "classification":
            return 1 if self.n_classes == 2 else self.n_classes
        return 1 if self.y.ndim == 1 else int(self.y.shape[1])

    def __len__(self) -> int:
        return self.n_samples

    def __repr__(self) -> str:
        title = f"Dataset {self.name!r}" if self.name else "Dataset"
        size = f"{_counted(self.n_samples, 'sample')}, {_counted(self.n_features, 'feature')}"
        return f"<{title}: {size}, {self.task} ({self._describe_targets()})>"

    def _describe_targets(self) -> str:
        if self.task == "regression":
            return _counted(self.n_outputs, "output")
        if self.n_classes > _MAX_CLASSES_IN_REPR:
            return _counted(self.n_classes, "class", "classes")
        return ", ".join(
            f"{name!r}: {count}" for name, count in zip(self.class_names, self._class_counts(), strict=True)
        )

    def split(self, test_fraction: float = 0.25, seed: int = 0) -> tuple[Dataset, Dataset]:
        """Return a training set and a test set; stratified where there are classes.

        Both keep the order of the samples and all the class names, even that of a class too rare to be in the
        test set. Gaps of a table that were filled are filled again in both, by what the training rows know.

        Parameters
        ----------
        test_fraction : float
            Share of the samples in the test set, strictly between 0 and 1.
        seed : int
            The same seed gives the same split.

        Returns
        -------
        train, test : Dataset

        Raises
        ------
        TypeError, ValueError
            As :meth:`split_indices` does.
        """
        train, test = (self.take(rows) for rows in self.split_indices(test_fraction, seed))
        if all(column.gaps_of is None for column in self.columns):
            return train, test
        for part, X in zip((train, test), filled(self.columns, train.X, [train.X, test.X]), strict=True):
            part.__dict__.update(X=_read_only(X), _inputs_and_ones=None)
        return train, test

    def split_indices(self, test_fraction: float = 0.25, seed: int = 0) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return which samples :meth:`split` puts in the training set, and which in the test set.

        Of n samples, n_test = round(test_fraction · n) are test samples, though never none or all. Of the c
        samples of a class, c · n_test / n are, rounded up or down.

        Parameters
        ----------
        test_fraction : float
            Share of the samples in the test set, strictly between 0 and 1.
        seed : int
            The same seed gives the same split.

        Returns
        -------
        train, test : int arrays of shapes (n - n_test,) and (n_test,)
            Row numbers, ascending.

        Raises
        ------
        TypeError
            If `test_fraction` is no number or `seed` no integer.
        ValueError
            If one of them is out of its range, there is a single sample, or a class has too few samples to be
            sure of one in the training set.
        """
        test_fraction = number("test_fraction", test_fraction, above=0, below=1)
        n_samples = self.n_samples
        if n_samples < 2:
            raise Refusal("A split", "needs at least 2 samples", "1")
        n_test = n_test_samples(n_samples, test_fraction)
        self._refuse_to_lose_a_class(test_fraction, n_test)

        order = random_stream(seed, "split").permutation(n_samples)
        if self.task == "classification":
            order = order[np.argsort(self.y[order], kind="stable")]
        # At each place along `order`, n_test / n_samples of a test sample fall due; where that makes another
        # whole one, the sample there is taken. Test samples thus lie evenly along `order`, hence evenly among
        # the classes, each a run of it; within a run, chance has ordered the samples. Integers keep it exact.
        test_samples_due = np.arange(n_samples + 1) * n_test // n_samples
        is_test = np.diff(test_samples_due) == 1
        return np.sort(order[~is_test]), np.sort(order[is_test])

    def take(self, rows: Any) -> Dataset:
        """Return the samples in these rows; all the class names are kept, even of a class that isn't among them.

        Parameters
        ----------
        rows : slice, row numbers, or a truth value for each row
            A slice shares this data set's memory. Row numbers count from 0, negative ones from the end.

        Raises
        ------
        TypeError, ValueError
            If they are something else, or there are no such rows.
        """
        # Not through __init__: it would number the classes again if one is missing from these rows.
        rows = row_selection(rows, self.n_samples)
        y, inputs_and_ones = self.y[rows], None
        if self._inputs_and_ones is not None and isinstance(rows, slice):
            inputs_and_ones = _read_only(self._inputs_and_ones[rows])
        X = self.X[rows] if inputs_and_ones is None else inputs_and_ones[:, :-1]
        if not len(X):
            raise Refusal("rows", f"must hold at least 1 of the {self.n_samples} samples", "none")
        part = copy.copy(self)
        part.__dict__.update(X=_read_only(X), y=_read_only(y), _inputs_and_ones=inputs_and_ones)
        return part

    def with_features(self, X: NDArray[np.floating], feature_names: Iterable[str]) -> Dataset:
        """Return the same samples and targets, described by the columns of `X` (n_samples, any number)."""
        inputs = np.array(float_matrix("X", X), dtype=self.X.dtype, order="C")
        if len(inputs) != self.n_samples:
            raise Refusal("X", f"must have a row for each of the {self.n_samples} samples", len(inputs))
        described = copy.copy(self)
        names = name_tuple("feature_names", feature_names, inputs.shape[1])
        described.__dict__.update(X=_read_only(inputs), feature_names=names, _columns=None, _inputs_and_ones=None)
        return described

    def of_columns(self, columns: Iterable[InputColumn], notes: Iterable[str] = ()) -> Dataset:
        """Return the same data, knowing which features are which column of a table, and what was done to it."""
        described = copy.copy(self)
        described.__dict__.update(_columns=tuple(columns), notes=tuple(notes))
        return described

    def with_columns(self, places: Sequence[int]) -> Dataset:
        """Return the same samples, described by the columns at `places` alone, counted from 0."""
        features, columns = chosen(self.columns, places)
        part = self.with_features(self.X[:, features], [self.feature_names[k] for k in features])
        return part.of_columns(columns, self.notes)

    def with_values(self, X: NDArray[np.floating]) -> Dataset:
        """Return the same samples with other values (n_samples, n_features) of the same features."""
        part = self.with_features(X, self.feature_names)
        return part if self._columns is None else part.of_columns(self._columns, self.notes)

    def encoded_as(self, train: Dataset, name: str = "data") -> Dataset:
        """Return the same samples with the class indices, and the class names, that `train` has.

        A class is found by its label, as `y` had it, or by its name. Data of a regression stay as they are.

        Parameters
        ----------
        train : Dataset
        name : str
            What these data are called in a message.

        Raises
        ------
        ValueError
            If the task is another one, or a sample has a class that `train` doesn't know, or that can't be told.
        """
        if self._task_was_guessed and train.task == "classification" and _are_whole_numbers(self.y):
            labels = Dataset(self.X, self.y, "classification")  # of [1.0, 1.0] nothing says that they are labels
            return self._with_classes(labels.encoded_as(train, name).y, train)
        if self.task != train.task:
            raise Refusal(
                name,
                f"must be {train.task} data, as the training set is",
                f"{self.task} data",
                advice=f'Use Dataset(X, y, task="{train.task}").',
            )
        if (self.class_names, self._labels) == (train.class_names, train._labels):
            return self
        places = np.zeros(self.n_classes, np.int64)
        for index in np.unique(self.y).tolist():
            places[index] = _place_of(self._labels[index], self.class_names[index], train, name)
        return self._with_classes(places[self.y], train)

    def _with_classes(self, y: NDArray[Any], train: Dataset) -> Dataset:
        part = copy.copy(self)
        changes = {"y": _read_only(y), "task": train.task, "class_names": train.class_names, "_labels": train._labels}
        part.__dict__.update(changes)
        return part

    def __deepcopy__(self, memo: dict[int, Any]) -> Dataset:
        return self  # it never changes, and may be large

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_inputs_and_ones": None}  # X has it all

    def __setstate__(self, state: dict[str, Any]) -> None:
        # Copied and unpickled arrays can be written in; these are read-only again.
        self.__dict__.update(state)
        _read_only(self.X)
        _read_only(self.y)

    def _refuse_to_lose_a_class(self, test_fraction: float, n_test: int) -> None:
        """Raise ValueError if a class may be left without a training sample."""
        # A class is sure of floor(count · n_train / n_samples) training samples, and of one from
        # count = ceil(n_samples / n_train) on.
        needed = math.ceil(self.n_samples / (self.n_samples - n_test))
        for name, count in zip(self.class_names, self._class_counts(), strict=True):
            if 0 < count < needed:
                raise Refusal(
                    "test_fraction",
                    "must leave every class a training sample",
                    f"{test_fraction:g}, for which class {name!r} needs {needed} samples and has {count}",
                )

    def _class_counts(self) -> list[int]:
        """Return the number of samples of each class; empty for regression."""
        if self.task == "regression":
            return []
        return [int(count) for count in np.bincount(self.y, minlength=self.n_classes)]


def n_test_samples(n_samples: int, test_fraction: float) -> int:
    """Return how many of `n_samples` a split puts in the test set: ``round(test_fraction · n)``, never none or all."""
    return min(max(round(test_fraction * n_samples), 1), n_samples - 1)


def _are_whole_numbers(y: NDArray[Any]) -> bool:
    return y.dtype.kind == "f" and y.ndim == 1 and bool((y == np.trunc(y)).all())


def _place_of(label: str, class_name: str, train: Dataset, name: str) -> int:
    """Return which class of `train` has that label, or else that name."""
    alike = {label, _TRUTHS.get(label, label)}
    by_label = [k for k, each in enumerate(train._labels) if each in alike]
    by_name = [k for k, each in enumerate(train.class_names) if each == class_name]
    found = set(by_label or by_name)
    if by_name and by_label and by_label != by_name:
        raise Refusal(
            name,
            "must label its classes as the training set does",
            f"{shown(class_name)} for label {shown(label)}, which there is {shown(train.class_names[by_label[0]])}",
        )
    if len(found) != 1:
        known = ", ".join(shown(each) for each in train.class_names[:_MAX_CLASSES_IN_REFUSAL])
        more = ", …" if train.n_classes > _MAX_CLASSES_IN_REFUSAL else ""
        nearest = nearest_choice(class_name, train.class_names)
        wanted = f"must have classes that the training set has, {known}{more}"
        raise Refusal(name, wanted, shown(class_name), nearest)
    return found.pop()


def _column_names(table: Any, count: int) -> list[str] | None:
    """Return the names of a table's columns, if it has `count` of them and they are text."""
    names = list(getattr(table, "columns", ()))
    if len(names) != count or not all(isinstance(name, str) for name in names):
        return None
    return told_apart(names)


def _kept(given: NDArray[Any], dtype: np.dtype[Any]) -> tuple[NDArray[Any], NDArray[Any] | None]:
    """Return a copy of inputs; if they are large, as a view of an array with a column of ones, and that array."""
    n_samples, n_features = given.shape
    if n_samples * n_features * dtype.itemsize < LARGE:
        return np.array(given, dtype=dtype, order="C"), None
    inputs_and_ones = np.ones((n_samples, n_features + 1), dtype)
    inputs_and_ones[:, :n_features] = given
    return inputs_and_ones[:, :n_features], _read_only(inputs_and_ones)


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    array.flags.writeable = False
    return array


def _counted(count: int, noun: str, plural: str | None = None) -> str:
    return f"{count} {noun if count == 1 else plural or noun + 's'}"
