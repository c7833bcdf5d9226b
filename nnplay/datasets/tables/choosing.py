"""From a table to data to learn from: which columns are inputs, which one is the target, and what is done to them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.dataset import Dataset
from nnplay.datasets.names import printable
from nnplay.datasets.own import (
    FARTHEST,
    MAX_CLASSES,
    MAX_COLUMNS,
    MAX_FEATURES,
    MAX_POINTS,
    MAX_ROWS,
    MIN_POINTS,
)
from nnplay.datasets.tables.table import Column, Table
from nnplay.datasets.tables.writing import unguarded
from nnplay.datasets.targets import TASKS
from nnplay.random_streams import random_stream
from nnplay.validation import boolean, choice, shown

#: Most different words of a column of text that is an input.
MAX_WORDS = 12
#: What people call a target.
_TARGETS = ("target", "class", "label", "species", "category", "kind", "type", "outcome", "result")
#: What is smaller throughout is counted in smaller units.
_SMALL = 1e-3
#: Fewest rows of a class: one to train on, one to test on.
_MIN_OF_A_CLASS = 2


@dataclass(frozen=True)
class Guess:
    """What is most likely meant: names of the inputs, the target's name, and the task."""

    inputs: tuple[str, ...]
    target: str
    task: str


def guess(table: Table, n_inputs: int = 2, target: str | None = None) -> Guess:
    """Return a guess of what in `table` is to be learned from what.

    Parameters
    ----------
    table : Table
    n_inputs : int
        At most so many inputs; of more than two some may be words.
    target : str, optional
        Name of the column to predict; by default that is guessed, too.
    """
    named = [name for wanted in _TARGETS for name in table.names if name.lower() == wanted]
    words = [column.name for column in table.columns if not column.is_numeric and 2 <= _n_values(column) <= MAX_CLASSES]
    y = [name for name in table.names[2:] if name.lower() == "y"]  # behind two others, or it is a coordinate
    target = target or (named or words[-1:] or y or table.names[-1:])[0]
    others = [column for column in table.columns if column.name != target]
    few_words = [c.name for c in others if not c.is_numeric and n_inputs > 2 and 2 <= _n_values(c) <= MAX_WORDS]
    usable = [column.name for column in others if column.is_numeric or column.name in few_words]
    telling = [name for name in usable if not _is_row_number(table.column(name))]
    inputs = telling if len(telling) >= 2 else usable
    return Guess(tuple(inputs[:n_inputs]), target, guess_task(table.column(target)))


def guess_task(column: Column) -> str:
    """Return the task if `column` is the target: few whole numbers, and words, are classes."""
    if column.numbers is None:
        return "classification"
    values = np.unique(column.numbers[~np.isnan(column.numbers)])
    return "classification" if len(values) <= MAX_CLASSES and (values == np.trunc(values)).all() else "regression"


def choose(
    table: Table,
    inputs: Sequence[str],
    target: str,
    task: str | None = None,
    standardise: bool = True,
    *,
    as_table: bool = False,
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
    as_table : bool
        Whether they are for the page of tables, which shows no plane, takes more rows and columns, and standardises by
        itself. Columns of very large numbers are counted in thousands, millions, … there.

    Returns
    -------
    data : Dataset
        At most 1000 samples, of a table 10 000, drawn at random where there are more. A table's is named after the
        target.
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
    max_rows, max_inputs = (MAX_ROWS, MAX_COLUMNS) if as_table else (MAX_POINTS, MAX_FEATURES)
    _check_roles([column.name for column in chosen], aim.name, max_inputs)
    notes: list[str] = []

    X = np.column_stack([_as_input(column, notes) for column in chosen])
    complete = ~np.isnan(X).any(axis=1) & ~aim.missing
    values = aim.numbers
    if values is not None:
        complete &= ~np.isnan(values)
    elif task == "regression":
        raise ValueError(f"target must hold numbers for regression; {shown(aim.name)} got words such as {_word(aim)}.")
    rows = np.flatnonzero(complete)
    if len(rows) < table.n_rows:
        notes.append(f"{table.n_rows - len(rows):,} of {table.n_rows:,} rows left out: a value is missing in them.")
    if len(rows) > max_rows:
        notes.append(f"A random {max_rows:,} of {len(rows):,} rows are used.")
        rows = np.sort(random_stream(0, "data").choice(rows, max_rows, replace=False))

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
    names, aim_name = [column.name for column in chosen], aim.name
    if as_table:
        for k, name in enumerate(names):
            names[k], X[:, k] = _handy(name, X[:, k], notes)
        if task == "regression":
            aim_name, y = _handy(aim_name, y, notes)
    for name, entries in [*zip(names, X.T, strict=True), (aim_name, y)]:
        if np.abs(entries).max() > FARTHEST:
            raise ValueError(
                f"column must lie within {FARTHEST:,.0f} of 0 unless it is standardised; {shown(name)} got "
                f"{entries[np.abs(entries).argmax()]:g}."
            )
    if len(names) > 2 and not as_table:
        notes.append(f"The network sees all {len(names)} columns, the plane their first two principal components.")
    return Dataset(X, y, task, class_names, names, name=aim_name if as_table else "csv"), notes


def _handy(
    name: str, values: NDArray[np.float64] | NDArray[np.int64], notes: list[str]
) -> tuple[str, NDArray[np.float64]]:
    """Return a column of very large or very small numbers in units of a power of a thousand, and with its name."""
    largest = float(np.abs(values).max())
    thousands = 0
    if largest > FARTHEST:
        thousands = math.ceil((math.log10(largest) - math.log10(FARTHEST)) / 3)
    elif 0 < largest < _SMALL:
        thousands = math.floor(math.log10(largest) / 3)
    if not thousands:
        return name, values.astype(np.float64)
    power = f"1e{3 * thousands}"
    unit = f"{10 ** (3 * thousands):,}" if 0 < thousands <= 3 else power
    named = f"{name[:26]} / {power}"
    notes.append(f"{shown(name)} is counted in units of {unit}, as {shown(named)}.")
    return named, values / float(power)


def _check_roles(inputs: list[str], target: str, max_inputs: int) -> None:
    if not inputs:
        raise ValueError("inputs must be at least 1 column; got none: choose a column to learn from.")
    if len(inputs) > max_inputs:
        raise ValueError(f"inputs must be from 1 to {max_inputs} columns; got {len(inputs)}.")
    if len(set(inputs)) < len(inputs):
        raise ValueError(f"inputs must be different columns; got {shown(inputs)}.")
    if target in inputs:
        raise ValueError(f"target must be none of the inputs; got {shown(target)}, which is one.")


def _n_values(column: Column) -> int:
    return len(set(_words(column)))


def _words(column: Column) -> list[str]:
    """Return the cells that aren't missing, without a spreadsheet's guard."""
    return [unguarded(text) for text, gap in zip(column.texts, column.missing, strict=True) if not gap]


def _is_row_number(column: Column) -> bool:
    """Return whether a column only counts the rows: it says nothing of them."""
    if column.numbers is None or len(column.numbers) < 3:
        return False
    return bool(np.array_equal(column.numbers, column.numbers[0] + np.arange(len(column.numbers))))


def _word(column: Column) -> str:
    return shown(printable(next(iter(_words(column)), "")))


def _as_input(column: Column, notes: list[str]) -> NDArray[np.float64]:
    """Return a column's entries as numbers, NaN where one is missing."""
    if column.numbers is not None:
        return column.numbers
    words = sorted(set(_words(column)))
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
    return np.where(column.missing, np.nan, [codes.get(unguarded(text), np.nan) for text in column.texts])


def _classes(
    column: Column, rows: NDArray[np.intp], notes: list[str]
) -> tuple[NDArray[np.intp], NDArray[np.int64], list[str]]:
    """Return the rows whose class has enough of them, the class of each, and the names of the classes."""
    numbers = column.numbers
    labels = (
        np.array([unguarded(column.texts[row]) for row in rows], dtype=object) if numbers is None else numbers[rows]
    )
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
            f"target must have at least 2 classes with {_MIN_OF_A_CLASS} or more rows each; "
            f"got {enough.sum()} of them in {shown(column.name)}."
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
