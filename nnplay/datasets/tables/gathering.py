"""The chosen rows and columns of a table: words as categories, missing values marked, classes with their names."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.input_columns import MAX_CATEGORIES, PlainColumn
from nnplay.datasets.names import told_apart
from nnplay.datasets.own_data import MAX_CLASSES, MIN_POINTS
from nnplay.datasets.tables.guessing import guess_task
from nnplay.datasets.tables.table import Column, Table
from nnplay.datasets.targets import TASKS
from nnplay.random_streams import random_stream
from nnplay.refusal import Refusal
from nnplay.validation import choice, shown

#: What may be done about rows in which a value is missing.
MISSING_WAYS = ("drop", "fill")
#: Fewest rows of a class on a page: one to train on, one to test on.
_MIN_OF_A_CLASS = 2


@dataclass(frozen=True)
class Chosen:
    """The chosen columns, of the chosen rows."""

    inputs: list[PlainColumn]
    y: NDArray[np.float64] | NDArray[np.int64]
    task: str
    class_names: list[str] | None


def gather(
    table: Table,
    inputs: list[str],
    target: str,
    task: str | None,
    missing: str,
    notes: list[str],
    *,
    max_rows: int | None = None,
    argument: str = "inputs",
) -> Chosen:
    """Return the chosen columns; for a page, which has `max_rows`, with the limits of a page."""
    aim = table.column(choice("target", target, table.names))
    chosen = [table.column(choice("column", name, table.names)) for name in inputs]
    task = guess_task(aim) if task is None else choice("task", task, TASKS)
    choice("missing", missing, MISSING_WAYS)
    _check_roles([column.name for column in chosen], aim.name, argument)
    if task == "regression" and aim.numbers is None:
        raise Refusal(
            "target",
            "must hold numbers for regression",
            finding=f"{shown(aim.name)} got words such as {shown(next(iter(aim.counts), ''))}",
        )
    plain = [_as_plain(column) for column in chosen]
    complete = ~aim.missing if aim.numbers is None else ~np.isnan(aim.numbers)
    without_target = int(np.count_nonzero(~complete))
    for column in plain:
        if missing == "drop" and column.gaps is not None:
            complete &= ~column.gaps
    rows = np.flatnonzero(complete)
    if len(rows) < table.n_rows:
        what = "a value" if missing == "drop" else "the target"
        notes.append(f"{table.n_rows - len(rows):,} of {table.n_rows:,} rows were left out, as {what} is missing.")
    if max_rows and len(rows) > max_rows:
        notes.append(f"Only {max_rows:,} of {len(rows):,} rows are used, chosen at random.")
        rows = np.sort(random_stream(0, "data").choice(rows, max_rows, replace=False))
    least = MIN_POINTS if max_rows else 1
    y: NDArray[np.float64] | NDArray[np.int64]
    class_names = None
    if len(rows) < least:
        raise _too_few(len(rows), least, table.n_rows - without_target, missing)
    if task == "classification":
        rows, y, class_names = _classes(aim, rows, notes, on_page=max_rows is not None)
    else:
        assert aim.numbers is not None
        y = aim.numbers[rows]
    if len(rows) < least:
        raise _too_few(len(rows), least, table.n_rows - without_target, missing)
    plain = [_in_rows(column, rows) for column in plain]
    _note_repeated(plain, y, notes)
    for column in plain:
        _check_varies(column)
    _note_words_and_gaps(plain, notes)
    return Chosen(plain, y, task, class_names)


def _too_few(n: int, least: int, n_with_target: int, missing: str) -> Refusal:
    hint = "Fill the gaps, or choose columns with fewer." if missing == "drop" and n_with_target >= least else ""
    return Refusal("table", f"must have at least {least} complete rows", n or "none", advice=hint)


def _check_roles(inputs: list[str], target: str, argument: str) -> None:
    if not inputs:
        raise Refusal(argument, "must be at least 1 column", "none: choose a column to learn from")
    if len(set(inputs)) < len(inputs):
        raise Refusal(argument, "must not name a column twice", shown(inputs))
    if target in inputs:
        raise Refusal("target", f"must be none of the {argument}", f"{shown(target)}, which is one")


def _as_plain(column: Column) -> PlainColumn:
    """Return a column as numbers, or as categories in alphabetical order."""
    if not column.n_known:
        raise Refusal("column", "must have values to be an input", finding=f"{shown(column.name)} got none")
    if column.numbers is not None:
        gaps = np.isnan(column.numbers)
        return PlainColumn(column.name, np.where(gaps, 0.0, column.numbers), (), gaps if gaps.any() else None)
    gaps = np.asarray(column.missing, bool)
    if column.n_values > MAX_CATEGORIES:
        raise Refusal(
            "column",
            f"must hold numbers or at most {MAX_CATEGORIES} different words to be an input",
            finding=f"{shown(column.name)} got {column.n_values:,} words",
        )
    listed = sorted(column.counts)
    codes = {word: float(code) for code, word in enumerate(listed)}
    values = np.array([codes.get(word, 0.0) for word in column.words])
    return PlainColumn(
        column.name, values, tuple(told_apart(word or "?" for word in listed)), gaps if gaps.any() else None
    )


def _in_rows(column: PlainColumn, rows: NDArray[np.intp]) -> PlainColumn:
    """Return some rows of a column, with the categories that there are in them."""
    values, gaps = column.values[rows], None if column.gaps is None else column.gaps[rows]
    if gaps is not None and not gaps.any():
        gaps = None
    if not column.categories:
        return PlainColumn(column.name, values, (), gaps)
    present, codes = np.unique(values, return_inverse=True)
    if gaps is not None:
        present = np.unique(values[~gaps])
        codes = np.minimum(np.searchsorted(present, values), max(len(present) - 1, 0))
    return PlainColumn(column.name, codes.astype(np.float64), tuple(column.categories[int(k)] for k in present), gaps)


def _check_varies(column: PlainColumn) -> None:
    known = column.known
    if not len(known):
        raise Refusal("column", "must have values in the rows that are used", finding=f"{shown(column.name)} got none")
    if not (len(column.categories) > 1 if column.categories else varies(known)):
        value = shown(column.categories[0]) if column.categories else f"{known[0]:g}"
        raise Refusal("column", "must vary from row to row", finding=f"{shown(column.name)} got {value} in each")


def varies(values: NDArray[np.float64]) -> bool:
    """Return whether not all values are the same."""
    return bool(len(values)) and bool(np.ptp(values / (np.abs(values).max() or 1.0)) > 0)


def _classes(
    column: Column, rows: NDArray[np.intp], notes: list[str], *, on_page: bool
) -> tuple[NDArray[np.intp], NDArray[np.int64], list[str]]:
    """Return the rows whose class is large enough, the class of each, and the names of the classes."""
    indices, names = classes_of(column, rows)
    counts = np.bincount(indices)
    hint = "" if column.numbers is None else "Or choose regression."
    if on_page and len(names) > MAX_CLASSES:
        raise Refusal(
            "target",
            f"must have at most {MAX_CLASSES} classes",
            finding=f"{shown(column.name)} got {len(names)} different values",
            advice=hint,
        )
    if len(names) > max(MAX_CLASSES, len(rows) / 2):
        raise Refusal(
            "target",
            "must hold classes that repeat",
            finding=f"{shown(column.name)} got {len(names)} different values in {len(rows)} rows",
            advice=hint,
        )
    enough = counts >= (_MIN_OF_A_CLASS if on_page else 1)
    if not enough.all():
        rare = [shown(name) for name, kept in zip(names, enough, strict=True) if not kept]
        notes.append(f"Classes with a single row were left out: {', '.join(rare[:4])}{', …' if len(rare) > 4 else ''}.")
    if enough.sum() < 2:
        each = f" with {_MIN_OF_A_CLASS} or more rows each" if on_page else ""
        raise Refusal(
            "target", f"must have at least 2 classes{each}", f"{enough.sum()} of them in {shown(column.name)}"
        )
    kept = enough[indices]
    renumbered = np.cumsum(enough) - 1
    names = [name for name, stays in zip(names, enough, strict=True) if stays]
    return rows[kept], renumbered[indices[kept]].astype(np.int64), names


# --- what was done ------------------------------------------------------------------------------------------


def _note_repeated(columns: list[PlainColumn], y: NDArray[np.float64] | NDArray[np.int64], notes: list[str]) -> None:
    values = [
        column.values if column.gaps is None else np.where(column.gaps, np.inf, column.values) for column in columns
    ]
    repeated = len(y) - len(np.unique(np.column_stack([*values, y]), axis=0))
    if repeated:
        rows = "1 row repeats" if repeated == 1 else f"{repeated:,} rows repeat"
        notes.append(f"{rows} another row; they were kept.")


def _note_words_and_gaps(columns: list[PlainColumn], notes: list[str]) -> None:
    of_words = [column for column in columns if column.categories]
    for column in of_words[:4]:
        listed = ", ".join(map(shown, column.categories[:4])) + (", …" if len(column.categories) > 4 else "")
        notes.append(f"{shown(column.name)} becomes {len(column.categories)} inputs, one per word: {listed}.")
    if len(of_words) > 4:
        others = ", ".join(shown(column.name) for column in of_words[4:])
        notes.append(f"The same goes for the words of {others}.")
    for column in columns:
        if column.gaps is None:
            continue
        n, fill = int(column.gaps.sum()), "most frequent word" if column.categories else "median"
        notes.append(
            f"The missing values of {shown(column.name)} ({n:,}) were filled with the {fill} of the training rows; "
            f"{shown(f'{column.name} missing')} marks those rows."
        )


def classes_of(column: Column, rows: NDArray[np.intp]) -> tuple[NDArray[np.intp], list[str]]:
    """Return the class of each of the `rows` and the classes' names, in order; every row must have a value.

    Classes of words are the words. Numbers written differently, as 1 and 1.0, are one class, unless they are labels
    that are written in digits: where one has a leading zero, or more digits than a number can hold, all are taken as
    written.
    """
    if column.numbers is None or column.is_written_in_digits:
        labels, indices = np.unique(np.array([column.words[row] for row in rows], dtype=object), return_inverse=True)
        return indices, told_apart(label or "?" for label in labels.tolist())
    numbers, indices = np.unique(column.numbers[rows], return_inverse=True)
    return indices, [str(int(value)) if value.is_integer() else repr(value) for value in numbers.tolist()]
