"""Which column of a table is most likely the target, and which are the inputs."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from nnplay.datasets.input_columns import MAX_CATEGORIES
from nnplay.datasets.own_data import MAX_CLASSES, MAX_INPUTS
from nnplay.datasets.tables.table import Column, Table

#: What people call a target: the first of these that is a column's name, and can be predicted, is taken.
TARGETS = (
    "target", "class", "label", "species", "survived", "outcome", "result", "diagnosis", "category", "kind",
    "type", "income", "price", "quality", "y",
)  # fmt: skip
#: What people call a column that numbers the rows, or names them.
_ID = re.compile(
    r"(.*[ _.-])?(id|ids|index|idx|nr|no|num|number|key|uuid|guid|code|row|name|names|column \d+)|unnamed.*",
    re.IGNORECASE,
)
#: Likewise, as PassengerId has it.
_CAMEL_ID = re.compile(r".*[a-z](Id|ID|Nr|No|Key|Name|Number)")
#: Of a column that is used without being asked for, at least so much is known.
_LEAST_KNOWN = 0.5


@dataclass(frozen=True)
class Guess:
    """What is most likely meant.

    Attributes
    ----------
    inputs : tuple of str
        Names of columns.
    target : str
        Name of another one.
    task : {"classification", "regression"}
    left_out : dict
        Why other columns are no inputs: by name, as "has 891 different words".
    """

    inputs: tuple[str, ...]
    target: str
    task: str
    left_out: dict[str, str] = field(default_factory=dict)


def guess(table: Table, n_inputs: int = 2, target: str | None = None) -> Guess:
    """Return a guess of what in `table` is to be learned from what.

    The target is the column whose name is in :data:`TARGETS`, where several are the one that comes first there, and
    else the last column; of those that can be predicted. Can't be: a column that is constant or mostly empty, one that
    numbers or names the rows, and words that hardly repeat. A column named "y" among the first two may be a coordinate.

    Parameters
    ----------
    table : Table
    n_inputs : int
        At most so many inputs; of more than two some may be words.
    target : str, optional
        Name of the column to predict; by default that is guessed, too.
    """
    target = target or _target(table)
    inputs: list[str] = []
    left_out: dict[str, str] = {}
    total = 0
    for column in table.columns:
        if column.name == target:
            continue
        reason = why_no_input(column)
        n_words = 0 if column.is_numeric else column.n_values
        wanted = len(inputs) < n_inputs and (column.is_numeric or n_inputs > 2)
        # A column's gaps are one more input.
        if not reason and wanted and total + max(n_words, 1) + 1 > MAX_INPUTS:
            reason = f"would bring the inputs to more than {MAX_INPUTS}"
        if reason:
            left_out[column.name] = reason
        elif wanted:
            inputs.append(column.name)
            total += max(n_words, 1) + 1
    if not inputs:  # better one that says little than none
        others = (c for c in table.columns if c.name != target and c.is_numeric and c.n_values > 1)
        inputs = [column.name for column in others][:n_inputs]
        left_out = {name: reason for name, reason in left_out.items() if name not in inputs}
    return Guess(tuple(inputs), target, guess_task(table.column(target)), left_out)


def guess_task(column: Column) -> str:
    """Return the task if `column` is the target: few whole numbers that repeat, and words, are classes."""
    if column.numbers is None or column.is_written_in_digits:
        return "classification"
    known = column.numbers[~np.isnan(column.numbers)]
    values = np.unique(known)
    few = len(values) <= MAX_CLASSES and 2 * len(values) <= len(known)
    return "classification" if few and (values == np.trunc(values)).all() else "regression"


def why_no_input(column: Column) -> str:
    """Return why a column had better be no input unless it is asked for, as "has 891 different words"; else nothing."""
    known = column.n_known
    values = column.n_values
    if not known:
        return "is empty"
    if values < 2:
        return "is the same in every row"
    if known < _LEAST_KNOWN * len(column.texts):
        return f"is missing in {len(column.texts) - known:,} of {len(column.texts):,} rows"
    if _is_id(column):
        return "numbers the rows" if column.is_numeric else "names the rows"
    if not column.is_numeric and values > MAX_CATEGORIES:
        return f"has {values:,} different words, and at most {MAX_CATEGORIES} can become inputs"
    return ""


def _target(table: Table) -> str:
    sensible = [column.name for column in table.columns if _can_be_predicted(column)]
    coordinates = [name for name in table.names[:2] if name.lower() == "y" and len(table.names) > 2]
    named = {name.strip().lower(): name for name in reversed(sensible) if name not in coordinates}
    for wanted in TARGETS:
        if wanted in named:
            return named[wanted]
    rest = [name for name in sensible if name not in coordinates]
    return (rest or sensible or table.names)[-1]


def _can_be_predicted(column: Column) -> bool:
    values, known = column.n_values, column.n_known
    if values < 2 or known < _LEAST_KNOWN * len(column.texts) or _is_id(column):
        return False
    if column.is_numeric:
        return True
    return values <= MAX_CLASSES and sum(count > 1 for count in column.counts.values()) >= 2


def _is_id(column: Column) -> bool:
    """Return whether a column only numbers or names the rows: it says nothing of them."""
    name = column.name.strip()
    if len(column.texts) < 3 or not (_ID.fullmatch(name) or _CAMEL_ID.fullmatch(name)):
        return False
    if name.lower().startswith("column "):  # the table has no name for it
        numbers = column.numbers
        return numbers is not None and bool(np.array_equal(numbers, numbers[0] + np.arange(len(numbers))))
    if column.numbers is not None and (column.numbers % 1 > 0).any():
        return False
    return column.n_values == column.n_known
