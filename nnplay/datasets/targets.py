"""Read `y`: decide whether it holds classes or numbers, and bring it into the one form the engine takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from nnplay.datasets.names import name_tuple, shortened
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import choice, finite, numbers_of, refuse_sparse_and_masked, shown

TASKS = ("classification", "regression")


class Targets(NamedTuple):
    """What :func:`read_targets` found in `y`."""

    task: str
    y: NDArray[Any]
    class_names: tuple[str, ...]
    labels: tuple[str, ...]


def read_targets(
    y: ArrayLike, n_samples: int, task: str | None = None, class_names: Iterable[str] | None = None
) -> Targets:
    """Return the task, the targets in the engine's form, and the names of the classes.

    Parameters
    ----------
    y : array-like of shape (n_samples,) or (n_samples, n_outputs)
        Class labels (text, booleans, whole numbers), one-hot rows, or real targets.
    n_samples : int
        How many samples there must be.
    task : {"classification", "regression"}, optional
        If None, it is inferred by :func:`infer_task`.
    class_names : iterable of str, optional
        One name a class, in the sorted order of the labels. If None, the labels themselves. There may be more names
        than labels: then the labels are names, or whole numbers that count the names from 0.

    Returns
    -------
    Targets
        Its `y` is an int64 array (n_samples,) of class indices, or a float64 array (n_samples,) or
        (n_samples, n_outputs) of real targets; `labels` are the classes as `y` had them, as text.

    Raises
    ------
    TypeError, ValueError
        If `y` cannot be read or does not suit `task`.
    """
    values = _as_labels_or_numbers(y, n_samples)
    task = infer_task(values) if task is None else choice("task", task, TASKS)

    if task == "regression":
        if values.dtype == object:
            raise TypeRefusal("y", "must hold numbers for regression", f"text such as {shown(values.flat[0])}")
        if class_names is not None:
            raise Refusal("class_names", "must be None for regression", shown(class_names))
        return Targets(task, values.astype(np.float64), (), ())

    indices, labels = _class_indices(values)
    if class_names is None:
        return Targets(task, indices.astype(np.int64), tuple(shortened(label) for label in labels), labels)
    named = _among(class_names, labels) if values.ndim == 1 else None
    if named is not None:
        places, names, labels = named
        return Targets(task, places[indices], names, labels)
    return Targets(task, indices.astype(np.int64), name_tuple("class_names", class_names, len(labels)), labels)


def _among(
    class_names: Iterable[str], labels: tuple[str, ...]
) -> tuple[NDArray[np.int64], tuple[str, ...], tuple[str, ...]] | None:
    """Return where each of the `labels` stands among more `class_names` than labels, the names, and all labels.

    None if there are not more of them, or they don't say which label is which.
    """
    if isinstance(class_names, str) or not isinstance(class_names, Sequence) or len(class_names) <= len(labels):
        return None
    listed = name_tuple("class_names", class_names, len(class_names))
    if set(labels) <= set(class_names):
        return np.array([list(class_names).index(label) for label in labels]), listed, tuple(class_names)
    numbers = [str(k) for k in range(len(listed))]
    if set(labels) <= set(numbers):
        return np.array([int(label) for label in labels]), listed, tuple(numbers)
    return None


def infer_task(values: NDArray[Any]) -> str:
    """Return the task that `values` look like.

    Text, booleans and integers are class labels, and so are floats that are exactly 0 and 1, since many
    programs write two classes that way. A matrix of one-hot rows is classification. All else is regression.
    """
    if values.ndim == 2:
        return "classification" if _is_one_hot(values) else "regression"
    if values.dtype.kind != "f":
        return "classification"
    return "classification" if np.array_equal(np.unique(values), [0.0, 1.0]) else "regression"


def _as_labels_or_numbers(y: ArrayLike, n_samples: int) -> NDArray[Any]:
    """Return `y` as an array (n_samples,) or (n_samples, n_outputs ≥ 2); text has the dtype object."""
    wanted = "must hold class labels (text, booleans, whole numbers) or real numbers"
    refuse_sparse_and_masked("y", y)
    try:
        values = np.asarray(y)
    except ValueError:  # rows of different lengths
        raise TypeRefusal("y", wanted, shown(y)) from None
    if values.dtype.kind in "UTO":
        # NumPy makes ["cat", nan] the texts "cat" and "nan": only the objects show the missing label.
        objects = np.array(y, dtype=object)
        kinds = {"str" if isinstance(value, str) else type(value).__name__ for value in objects.flat}
        values = objects if kinds == {"str"} else _numbers_in(objects)
        if values.dtype == object and kinds - {"str"}:
            raise TypeRefusal("y", f"{wanted}, all of one kind", f"objects of type {', '.join(sorted(kinds))}")
    elif values.dtype.kind not in "biuf":
        raise TypeRefusal("y", wanted, shown(values))
    if values.dtype.kind in "biuf":
        finite("y", values)

    if values.ndim == 2 and values.shape[1] == 1:
        values = values[:, 0]
    is_text = values.dtype == object
    if values.ndim not in ((1,) if is_text else (1, 2)) or values.shape[1:] == (0,):
        shapes = "(n_samples,)" if is_text else "(n_samples,) or (n_samples, n_outputs)"
        raise Refusal("y", f"must be an array of shape {shapes}", f"shape {values.shape}")
    if len(values) != n_samples:
        raise Refusal("y", f"must have one row for each of the {n_samples} samples of X", len(values))
    return values


def _numbers_in(objects: NDArray[Any]) -> NDArray[Any]:
    """Return an array of nothing but truth values, or nothing but numbers, in a dtype for them; others as they are."""
    are_truths = {isinstance(value, (bool, np.bool_)) for value in objects.flat}
    return numbers_of(objects) if len(are_truths) == 1 else objects


def _class_indices(values: NDArray[Any]) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Return the class index of each sample, and the label of each class as text."""
    if values.ndim == 2:
        if not _is_one_hot(values):
            raise Refusal(
                "y",
                "must be a vector of class labels, or a matrix with a single 1 in each row, for classification",
                shown(values),
            )
        # A column without a 1 stays a class: the columns, not the rows, say how many there are.
        return values.argmax(axis=1), tuple(str(column) for column in range(values.shape[1]))

    if values.dtype.kind == "f":
        fractions = values[values != np.trunc(values)]
        if fractions.size:
            raise Refusal("y", "must hold text, booleans or whole numbers for classification", shown(fractions[0]))
    labels, indices = np.unique(values, return_inverse=True)
    # As Python objects, 1.0 becomes the label "1", as 1 does.
    texts = (str(int(label)) if isinstance(label, float) else str(label) for label in labels.tolist())
    return indices, tuple(texts)


def _is_one_hot(matrix: NDArray[Any]) -> bool:
    """Return whether each row holds exactly one 1, and 0 elsewhere."""
    return bool(np.isin(matrix, (0, 1)).all() and (matrix.sum(axis=1) == 1).all())
