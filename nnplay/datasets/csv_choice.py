"""From a table to data to learn from: which columns are inputs, which one is the target, and what is done to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.csv import Column, Table
from nnplay.datasets.dataset import Dataset
from nnplay.datasets.names import printable
from nnplay.datasets.own import FARTHEST, MAX_CLASSES, MAX_FEATURES, MAX_POINTS, MIN_POINTS
from nnplay.datasets.targets import TASKS
from nnplay.random_streams import random_stream
from nnplay.validation import boolean, choice, shown

#: Most different words of a column of text that is an input.
MAX_WORDS = 12
#: What people call a target.
_TARGETS = ("target", "class", "label", "species", "category", "kind", "type", "outcome", "result")
#: Fewest rows of a class: one to train on, one to test on.
_MIN_OF_A_CLASS = 2


@dataclass(frozen=True)
class Guess:
    """What is most likely meant: names of the inputs, the target's name, and the task."""

    inputs: tuple[str, ...]
    target: str
    task: str


def guess(table: Table) -> Guess:
    """Return a guess of what in `table` is to be learned from what."""
    named = [name for wanted in _TARGETS for name in table.names if name.lower() == wanted]
    words = [column.name for column in table.columns if not column.is_numeric and 2 <= _n_values(column) <= MAX_CLASSES]
    y = [name for name in table.names[2:] if name.lower() == "y"]  # behind two others, or it is a coordinate
    target = (named or words[-1:] or y or table.names[-1:])[0]
    usable = [column.name for column in table.columns if column.name != target and column.is_numeric]
    telling = [name for name in usable if not _is_row_number(table.column(name))]
    inputs = telling if len(telling) >= 2 else usable
    return Guess(tuple(inputs[:2]), target, guess_task(table.column(target)))


def guess_task(column: Column) -> str:
    """Return the task if `column` is the target: few whole numbers, and words, are classes."""
    if column.numbers is None:
        return "classification"
    values = np.unique(column.numbers[~np.isnan(column.numbers)])
    return "classification" if len(values) <= MAX_CLASSES and (values == np.trunc(values)).all() else "regression"


def choose(
    table: Table, inputs: Sequence[str], target: str, task: str | None = None, standardise: bool = True
) -> tuple[Dataset, list[str]]:
    """Return data with the chosen columns, and what was done to get them, a sentence each.

    Parameters
    ----------
    table : Table
    inputs : sequence of str
        Names of columns. Words become numbers, in alphabetical order.
    target : str
        Name of another one.
    task : {"classification", "regression"}, optional
        None guesses by the target.
    standardise : bool
        Whether to shift and scale the inputs, and a regression's target, to mean 0 and standard deviation 1.

    Returns
    -------
    data : Dataset
        At most 1000 samples, drawn at random where there are more.
    notes : list of str

    Raises
    ------
    ValueError
        If a column can't be used so, in a sentence.
    """
    chosen = [table.column(choice("column", name, table.names)) for name in inputs]
    aim = table.column(choice("target", target, table.names))
    task = guess_task(aim) if task is None else choice("task", task, TASKS)
    boolean("standardise", standardise)
    _check_roles([column.name for column in chosen], aim.name)
    notes: list[str] = []

    X = np.column_stack([_as_input(column, notes) for column in chosen])
    complete = ~np.isnan(X).any(axis=1) & np.array([text != "" for text in aim.texts])
    values = aim.numbers
    if values is not None:
        complete &= ~np.isnan(values)
    elif task == "regression":
        raise ValueError(f"target must hold numbers for regression; {shown(aim.name)} got words such as {_word(aim)}.")
    rows = np.flatnonzero(complete)
    if len(rows) < table.n_rows:
        notes.append(f"{table.n_rows - len(rows):,} of {table.n_rows:,} rows left out: a value is missing in them.")
    if len(rows) > MAX_POINTS:
        notes.append(f"A random {MAX_POINTS:,} of {len(rows):,} rows are used.")
        rows = np.sort(random_stream(0, "data").choice(rows, MAX_POINTS, replace=False))

    y: NDArray[np.float64] | NDArray[np.int64]
    class_names = None
    if task == "classification":
        rows, y, class_names = _classes(aim, rows, notes)
    else:
        assert values is not None
        y = values[rows]
    if len(rows) < MIN_POINTS:
        raise ValueError(f"table must have at least {MIN_POINTS} complete rows; got {len(rows)}.")
    X = X[rows]
    _note_repeated(X, y, notes)
    for column, entries in zip(chosen, X.T, strict=True):
        if np.ptp(entries / (np.abs(entries).max() or 1.0)) == 0:
            raise ValueError(f"column must vary from row to row; {shown(column.name)} got {entries[0]:g} in each.")
    if standardise:
        X = np.column_stack([_standardised(column) for column in X.T])
        notes.append("Each input is standardised: 0 is its mean, 1 a standard deviation above.")
    if task == "regression":
        y = _regression_target(y, aim.name, standardise, notes)
    for name, entries in [*zip((column.name for column in chosen), X.T, strict=True), (aim.name, y)]:
        if np.abs(entries).max() > FARTHEST:
            raise ValueError(
                f"column must lie within {FARTHEST:,.0f} of 0 unless it is standardised; {shown(name)} got "
                f"{entries[np.abs(entries).argmax()]:g}."
            )
    names = [column.name for column in chosen]
    if len(names) > 2:
        notes.append(f"The network sees all {len(names)} columns, the plane their first two principal components.")
    return Dataset(X, y, task, class_names, names, name="csv"), notes


def _check_roles(inputs: list[str], target: str) -> None:
    if not inputs:
        raise ValueError("inputs must be at least 1 column; got none: choose a column to learn from.")
    if len(inputs) > MAX_FEATURES:
        raise ValueError(f"inputs must be from 1 to {MAX_FEATURES} columns; got {len(inputs)}.")
    if len(set(inputs)) < len(inputs):
        raise ValueError(f"inputs must be different columns; got {shown(inputs)}.")
    if target in inputs:
        raise ValueError(f"target must be none of the inputs; got {shown(target)}, which is one.")


def _n_values(column: Column) -> int:
    return len({text for text in column.texts if text})


def _is_row_number(column: Column) -> bool:
    """Return whether a column only counts the rows: it says nothing of them."""
    if column.numbers is None or len(column.numbers) < 3:
        return False
    return bool(np.array_equal(column.numbers, column.numbers[0] + np.arange(len(column.numbers))))


def _word(column: Column) -> str:
    return shown(printable(next((text for text in column.texts if text), "")))


def _as_input(column: Column, notes: list[str]) -> NDArray[np.float64]:
    """Return a column's entries as numbers, NaN where one is missing."""
    if column.numbers is not None:
        return column.numbers
    words = sorted({text for text in column.texts if text})
    if len(words) > MAX_WORDS:
        raise ValueError(
            f"column must hold numbers or at most {MAX_WORDS} different words to be an input; {shown(column.name)} got "
            f"{len(words)} words."
        )
    codes = {word: float(code) for code, word in enumerate(words)}
    if words:
        meaning = ", ".join(f"{shown(printable(word))} {code}" for code, word in enumerate(words[:4]))
        more = ", …" if len(words) > 4 else ""
        notes.append(f"The words of {shown(column.name)} became numbers: {meaning}{more}.")
    return np.array([codes.get(text, np.nan) for text in column.texts])


def _classes(
    column: Column, rows: NDArray[np.intp], notes: list[str]
) -> tuple[NDArray[np.intp], NDArray[np.int64], list[str]]:
    """Return the rows whose class has enough of them, the class of each, and the names of the classes."""
    numbers = column.numbers
    labels = np.array([column.texts[row] for row in rows], dtype=object) if numbers is None else numbers[rows]
    if not len(labels):
        raise ValueError(f"table must have at least {MIN_POINTS} complete rows; got none.")
    values, indices, counts = np.unique(labels, return_inverse=True, return_counts=True)
    if len(values) > MAX_CLASSES:
        hint = "" if numbers is None else " Or choose regression."
        raise ValueError(
            f"target must have at most {MAX_CLASSES} classes; {shown(column.name)} got {len(values)} different values."
            f"{hint}"
        )
    enough = counts >= _MIN_OF_A_CLASS
    if not enough.all():
        rare = ", ".join(shown(_class_name(value)) for value in values[~enough][:4])
        notes.append(f"Classes of a single row left out: {rare}{', …' if (~enough).sum() > 4 else ''}.")
    if enough.sum() < 2:
        raise ValueError(
            f"target must have at least 2 classes of {_MIN_OF_A_CLASS} rows; {shown(column.name)} got {enough.sum()}."
        )
    kept = enough[indices]
    renumbered = np.cumsum(enough) - 1
    names = [_class_name(value) for value in values[enough]]
    return rows[kept], renumbered[indices[kept]].astype(np.int64), names


def _class_name(value: object) -> str:
    return printable(f"{value:.10g}" if isinstance(value, float) else str(value)) or "?"


def _note_repeated(X: NDArray[np.float64], y: NDArray[np.float64] | NDArray[np.int64], notes: list[str]) -> None:
    repeated = len(X) - len(np.unique(np.column_stack([X, y]), axis=0))
    if repeated:
        rows = "1 row repeats" if repeated == 1 else f"{repeated:,} rows repeat"
        notes.append(f"{rows} another one; kept.")


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # Scaled first, as the squares of very large or very small values are no finite numbers.
    scaled = values / np.abs(values).max()
    return np.asarray((scaled - scaled.mean()) / (scaled.std() or 1.0))


def _regression_target(
    y: NDArray[np.float64] | NDArray[np.int64], name: str, standardise: bool, notes: list[str]
) -> NDArray[np.float64]:
    values = y.astype(np.float64)
    if np.ptp(values / (np.abs(values).max() or 1.0)) == 0:
        raise ValueError(f"target must vary from row to row; {shown(name)} got {values[0]:g} in each.")
    if not standardise:
        return values
    notes.append(f"So is the target: 0 is {values.mean():.4g}, and 1 is {values.std():.4g} more.")
    return _standardised(values)
