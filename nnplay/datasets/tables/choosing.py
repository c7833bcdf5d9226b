"""From a table to data to learn from: which columns are inputs, which one is the target, and what is done to them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.dataset import Dataset
from nnplay.datasets.input_columns import PlainColumn, described, n_inputs_of
from nnplay.datasets.own_data import FARTHEST, MAX_COLUMNS, MAX_FEATURES, MAX_INPUTS, MAX_POINTS, MAX_ROWS
from nnplay.datasets.tables.gathering import gather, varies
from nnplay.datasets.tables.guessing import guess
from nnplay.datasets.tables.table import Table
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import boolean, choice, is_list_of_values, shown

#: What is smaller throughout is counted in smaller units.
_SMALL = 1e-3


def _named(columns: Any) -> list[Any]:
    """Return the names in `columns`, which may be anything."""
    try:
        return list(columns)
    except TypeError:
        raise TypeRefusal("columns", "must be names of columns", shown(columns)) from None


def from_table(
    table: Table,
    target: str | None = None,
    columns: Iterable[str] | None = None,
    missing: str = "drop",
    task: str | None = None,
) -> Dataset:
    """Return data that predict one column of a table from others.

    Numbers stay as they are. A column of words becomes an input for each of its words, named ``island = Dream``, which
    is 1 in the rows of that word and 0 in all others; of at most 20 different words. ``data.columns`` says which inputs
    belong to which column; ``data.notes`` says what was left out and why, and what else was done.

    Parameters
    ----------
    table : Table
        As :func:`read_table` returns it.
    target : str, optional
        Name of the column to predict. None takes one named target, class, label, y, species, survived, outcome, result,
        diagnosis, category, kind, type, income, price or quality, the first of these that there is, and else the last
        column; of those that can be predicted. Can't be: a column that is constant or mostly empty, one that numbers or
        names the rows, and words that hardly repeat.
    columns : iterable of str, optional
        Names of the columns to learn from. None takes all others but those that can't help: constant or mostly empty
        ones, those that number or name the rows, and those of more than 20 different words.
    missing : {"drop", "fill"}
        What is done about rows in which a value is missing: they are left out; or it is filled in, the median of the
        column's numbers or its most frequent word, and an input named ``horsepower missing`` is 1 in those rows.
        ``data.split`` fills both parts by what the training rows know alone. A row without a target is always left out.
    task : {"classification", "regression"}, optional
        None takes words, and at most 10 whole numbers that repeat, for classes.

    Raises
    ------
    TypeError, ValueError
        If there is no such column, or one can't be used in this way.

    Examples
    --------
    >>> table = read_table("size,colour,price\\n1,red,3\\n2,blue,5\\n3,red,9\\n4,,8\\n")
    >>> data = from_table(table, target="price", missing="fill")
    >>> data.feature_names
    ('size', 'colour = blue', 'colour = red', 'colour missing')
    """
    if not isinstance(table, Table):
        raise TypeRefusal("table", "must be what nnplay.datasets.read_table returns", shown(table))
    if target is not None:
        target = choice("target", target, table.names)
    if columns is not None and not is_list_of_values(columns):
        raise TypeRefusal("columns", "must be names of columns", shown(columns))
    guessed = guess(table, MAX_COLUMNS, target)
    notes = []
    if columns is None:
        notes = left_out_notes(guessed.left_out)
        columns = guessed.inputs
        if not columns:
            raise Refusal(
                "table", f"must have a column to learn from besides the target {shown(guessed.target)}", "none"
            )
    chosen = gather(table, _named(columns), guessed.target, task, missing, notes, argument="columns")
    X, names, described_columns = described(chosen.inputs)
    data = Dataset(X, chosen.y, chosen.task, chosen.class_names, names, name=guessed.target)
    return data.of_columns(described_columns, notes)


def left_out_notes(left_out: dict[str, str]) -> list[str]:
    """Return a sentence for each column that is no input, and why."""
    return [f"{shown(name)} was left out: it {reason}." for name, reason in left_out.items()]


def choose(
    table: Table,
    inputs: Sequence[str],
    target: str,
    task: str | None = None,
    standardise: bool = True,
    missing: str = "drop",
    *,
    as_table: bool = False,
) -> tuple[Dataset, list[str]]:
    """Return data for a page with the chosen columns, and what was done to get them, a sentence each.

    Parameters
    ----------
    table : Table
    inputs : sequence of str
        Names of columns. Of words each one becomes an input.
    target : str
        Name of another one.
    task : {"classification", "regression"}, optional
        None guesses by the target.
    standardise : bool
        Whether to shift and scale columns of numbers, and a regression's target, to mean 0 and standard deviation 1.
    missing : {"drop", "fill"}
        As in :func:`from_table`.
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
    boolean("standardise", standardise)
    max_rows, max_inputs = (MAX_ROWS, MAX_INPUTS) if as_table else (MAX_POINTS, MAX_FEATURES)
    notes: list[str] = []
    chosen = gather(table, list(inputs), target, task, missing, notes, max_rows=max_rows)
    n_inputs = n_inputs_of(chosen.inputs)
    if n_inputs > max_inputs:
        raise Refusal(
            "inputs",
            f"must be from 1 to {max_inputs}, where each word of a column is one",
            f"{n_inputs}: choose fewer columns",
        )
    columns, y = chosen.inputs, chosen.y
    if standardise:
        columns = [column if column.categories else _standardised_column(column) for column in columns]
        if any(not column.categories for column in columns):
            notes.append(
                "Each column of numbers was standardised: 0 is its mean, 1 is one standard deviation above it."
            )
    if chosen.task == "regression":
        y = _regression_target(y, target, standardise, notes)
    aim_name = target
    if as_table:
        columns = [column if column.categories else _in_handy_units(column, notes) for column in columns]
        if chosen.task == "regression":
            aim_name, y = _handy(aim_name, y, y, notes)
    for name, entries in [*((c.name, c.known) for c in columns if not c.categories), (aim_name, y)]:
        if np.abs(entries).max() > FARTHEST:
            raise Refusal(
                "column",
                f"must lie within {FARTHEST:,.0f} of 0 unless it is standardised",
                finding=f"{shown(name)} got {entries[np.abs(entries).argmax()]:g}",
            )
    X, names, made = described(columns)
    if len(names) > 2 and not as_table:
        notes.append(f"The network sees all {len(names)} inputs; the plane shows their first two principal components.")
    data = Dataset(X, y, chosen.task, chosen.class_names, names, name=aim_name if as_table else "csv")
    return data.of_columns(made), notes


# --- numbers ------------------------------------------------------------------------------------------------


def _in_handy_units(column: PlainColumn, notes: list[str]) -> PlainColumn:
    name, values = _handy(column.name, column.values, column.known, notes)
    return replace(column, name=name, values=values)


def _handy(
    name: str,
    values: NDArray[np.float64] | NDArray[np.int64],
    known: NDArray[np.float64] | NDArray[np.int64],
    notes: list[str],
) -> tuple[str, NDArray[np.float64]]:
    """Return a column of very large or very small numbers in units of a power of a thousand, and with its name."""
    largest = float(np.abs(known).max())
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
    notes.append(f"{shown(name)} was converted to units of {unit} and renamed {shown(named)}.")
    return named, values / float(power)


def _standardised_column(column: PlainColumn) -> PlainColumn:
    values = column.values.copy()
    known = slice(None) if column.gaps is None else ~column.gaps
    values[known] = _standardised(values[known])
    return replace(column, values=values)


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # Scaled first, as the squares of very large or very small values are no finite numbers.
    scaled = values / np.abs(values).max()
    return np.asarray((scaled - scaled.mean()) / (scaled.std() or 1.0))


def _regression_target(
    y: NDArray[np.float64] | NDArray[np.int64], name: str, standardise: bool, notes: list[str]
) -> NDArray[np.float64]:
    values = y.astype(np.float64)
    if not varies(values):
        raise Refusal("target", "must vary from row to row", finding=f"{shown(name)} got {values[0]:g} in each")
    if not standardise:
        return values
    notes.append(f"The target was standardised, too: 0 is {values.mean():.4g}, and 1 is {values.std():.4g} more.")
    return _standardised(values)
