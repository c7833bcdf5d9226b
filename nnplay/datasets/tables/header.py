"""Whether the first row of a table holds names, and what a second row of words below them is."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from nnplay.datasets.names import printable
from nnplay.datasets.tables.dialects import DATE
from nnplay.datasets.tables.numbers import MOSTLY, looks_numeric
from nnplay.validation import shown

#: Rows that are looked at.
_SOME = 200
_YEAR = re.compile(r"1[5-9]\d\d|20\d\d|21\d\d")
_WHOLE = re.compile(r"\d{1,3}")
_UNIT = re.compile(r"[\[(].*[\])]|\S{1,6}|.*/.*")


def has_header(rows: Sequence[Sequence[str]], missing: frozenset[str]) -> tuple[bool, str | None]:
    """Return whether the first of some rows holds names, and what to say where that is not certain."""
    first, others = rows[0], rows[1 : _SOME + 1]
    if not others:
        return not any(map(looks_numeric, first)), None
    columns = _columns(others, missing)
    names, values = 0, 0
    for cell, column in zip(first, columns, strict=True):
        if not cell or cell in missing:
            continue
        for is_kind in (looks_numeric, _is_date):
            if column and _mostly(is_kind, column):
                names += not is_kind(cell)
                values += is_kind(cell)
                break
    counted = _counted_names(first, columns)
    if counted:
        said = ", ".join(map(shown, counted[:3]))
        return True, (
            f"The first row ({said}, …) was read as column names, although it holds numbers. It could also be values."
        )
    if names or values:
        return names > values, None
    if any(not cell for cell in first) or len(set(first)) < len(first):
        return False, None
    if any(cell in column for cell, column in zip(first, columns, strict=True)):
        return False, None
    if not any(columns):
        return True, None
    return True, "No column holds numbers. The first row was read as column names, but it could also be values."


def _counted_names(first: Sequence[str], columns: Sequence[Sequence[str]]) -> list[str]:
    """Return the names that are years one after the other, or count the columns; none if the values are like them."""
    numeric = [k for k, cell in enumerate(first) if looks_numeric(cell)]
    cells = [first[k] for k in numeric]
    below = [cell for k in numeric for cell in columns[k]]
    if len(cells) >= 2 and all(map(_YEAR.fullmatch, cells)) and not all(map(_YEAR.fullmatch, below)):
        steps = {int(b) - int(a) for a, b in itertools.pairwise(cells)}
        if len(steps) == 1 and steps != {0}:
            return cells
    if len(cells) >= 3 and len(cells) >= len(first) - 1 and all(map(_WHOLE.fullmatch, cells)):
        start = int(cells[0])
        counts = [int(cell) for cell in cells] == list(range(start, start + len(cells)))
        if counts and start in (0, 1) and any("." in cell or "," in cell for cell in below):
            return cells
    return []


def with_second_line(
    names: list[str], rows: list[list[str]], missing: frozenset[str], notes: list[str]
) -> tuple[list[str], list[list[str]]]:
    """Return names and rows where the row below the names holds units, or more of the names."""
    if len(rows) < 3:
        return names, rows
    second, columns = rows[0], _columns(rows[1 : _SOME + 1], missing)
    numeric = [k for k, column in enumerate(columns) if column and _mostly(looks_numeric, column)]
    words = [second[k] for k in numeric if second[k] and second[k] not in missing]
    if not words or any(map(looks_numeric, second)) or any(map(_is_date, second)):
        return names, rows
    if any(word[0].isdigit() for word in words):
        return names, rows  # a value with a mark: 1.5*
    if 2 * len(words) < len(numeric) or (len(words) == 1 and not _UNIT.fullmatch(words[0])):
        return names, rows
    if any(not name for name in names[1:]) or len(set(names)) < len(names) or not names[0]:
        upper, joined = "", []
        for above, below in zip(names, second, strict=True):
            upper = above or upper
            joined.append(f"{upper} {below}".strip())
        notes.append("The column names were in two rows and have been joined.")
        return joined, rows[1:]
    if any(second[k] in column for k, column in enumerate(columns) if k not in numeric and second[k]):
        return names, rows  # a row of values like the others
    notes.append(
        "The row below the column names was left out, as it holds no values "
        f"({', '.join(map(shown, map(printable, words[:3])))})."
    )
    return names, rows[1:]


def _columns(rows: Sequence[Sequence[str]], missing: frozenset[str]) -> list[list[str]]:
    """Return the cells of rows by columns, without the missing ones."""
    return [[cell for cell in column if cell not in missing] for column in zip(*rows, strict=True)]


def _mostly(is_kind: object, column: Sequence[str]) -> bool:
    return sum(map(is_kind, column)) >= MOSTLY * len(column)  # type: ignore[call-overload]


def _is_date(cell: str) -> bool:
    return len(cell) < 64 and DATE.fullmatch(cell) is not None
