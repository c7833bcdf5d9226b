"""From rows to a table's parts: what stands before and after it, its names, its row names, and its rows of values."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nnplay.datasets.names import printable
from nnplay.datasets.tables.dialects import usual_width
from nnplay.datasets.tables.header import has_header, with_second_line
from nnplay.datasets.tables.numbers import looks_numeric
from nnplay.datasets.tables.parsing import Row
from nnplay.datasets.tables.table import MAX_COLUMNS, MAX_ROWS, Doubt
from nnplay.refusal import Refusal
from nnplay.validation import shown
from nnplay.wording import counted

_COMMENT = re.compile(r"#|%[\s%]|//|!\s")
#: What spreadsheets write in place of a value: #N/A, #DIV/0!, #REF!
_ERROR = re.compile(r"#(?:[A-Z]{2,7}[!?]|N/?A|NV|DIV/0!)")
_RULE = re.compile(r":?[-=+]{2,}:?")
_TOTAL = re.compile(
    r"(?:grand |sub)?(?:totals?|sum|summe|gesamt|insgesamt|somme|totale|totaal|suma|average|mean"
    r"|mittelwert|moyenne)\b:?.*",
    re.IGNORECASE,
)
#: Rows that are looked at to tell names from values.
_SOME = 200
#: Most rows that may stand before the names, and after the values.
_MOST_BEFORE, _MOST_AFTER = 40, 10


@dataclass
class Layout:
    """The parts of a table.

    Attributes
    ----------
    names : list of str
        A name for each column; empty where there is none.
    rows : list of list of str
        Rows of as many cells.
    header, row_names : bool
        Whether names stand above, and whether the first column, which is left out, named the rows.
    skip : int
        Lines before the table.
    notes : list of str
    doubts : list of Doubt
    """

    names: list[str]
    rows: list[list[str]]
    header: bool
    row_names: bool = False
    skip: int = 0
    notes: list[str] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)


def lay_out(rows: list[Row], missing: frozenset[str], header: bool | None, exact_start: bool) -> Layout:
    """Return the parts of a table.

    Parameters
    ----------
    rows : list of Row
        What was parsed; emptied on the way.
    missing : frozenset of str
        What stands for a missing value, in each spelling.
    header : bool, optional
        Whether the first row of the table holds names; None looks.
    exact_start : bool
        Whether the table begins with the first row, as the lines to skip were said.

    Raises
    ------
    ValueError
        If there are too many columns, or no rows of values.
    """
    notes: list[str] = []
    rows = [row for row in rows if not all(not cell or _RULE.fullmatch(cell) for cell in row.cells)] or rows
    commented = [] if exact_start else _take_comments(rows)
    if not rows:
        raise Refusal("table", "must have rows of values", "comments only")
    width = usual_width(rows)
    if width > MAX_COLUMNS:
        raise Refusal("table", f"must have at most {MAX_COLUMNS} columns", width)
    begin = 0 if exact_start else _begin(rows, width)
    _note_before(rows[:begin], commented, notes)
    del rows[:begin]
    skip = rows[0].line
    row_names = _has_row_names(rows, width)
    first = rows[0].cells
    if header is not False and not row_names and len(first) > width and any(first[width:]) and len(rows) > 1:
        width = min(len(_trimmed(first)), MAX_COLUMNS)  # a name more than values: the last column is empty
    _drop_comments(rows, width, commented != [], notes)
    _drop_after(rows, width, notes)
    cells = _even([row.cells for row in rows], width, row_names, notes)
    names: list[str] | None = None
    doubts: list[Doubt] = []
    if row_names:
        names, cells = cells[0], cells[1:]
        notes.append("There is one column name too few: the first column names the rows, and was left out.")
    elif header is None:
        header, doubt = has_header(cells, missing)
        if doubt:
            notes.append(doubt)
            doubts.append(Doubt(doubt, {"header": not header}))
        if not header and commented:
            names = _names_in_comment(commented[-1], width)
    if header and names is None:
        names, cells = cells[0], cells[1:]
    if not cells:
        raise Refusal("table", "must have rows of values below its names", "the names only")
    if names is not None and header is not False and not row_names:
        names, cells = with_second_line(names, cells, missing, notes)
    result = Layout(names or [""] * width, cells, names is not None, row_names, skip, notes, doubts)
    _drop_empty_columns(result)
    if len(result.rows) > MAX_ROWS:
        del result.rows[MAX_ROWS:]
        notes.append(f"Only the first {MAX_ROWS:,} rows were read.")
    return result


# --- before and after ---------------------------------------------------------------------------------------


def _take_comments(rows: list[Row]) -> list[Row]:
    """Take the comments off that the rows begin with."""
    count = 0
    while count < len(rows) and _is_comment(rows[count].cells[0]):
        count += 1
    if count == len(rows):
        return []  # each row begins so: that is no comment
    taken = rows[:count]
    del rows[:count]
    return taken


def _is_comment(cell: str) -> bool:
    return _COMMENT.match(cell) is not None and not _ERROR.fullmatch(cell)


def _names_in_comment(comment: Row, width: int) -> list[str] | None:
    """Return the names that a comment above the values holds, as NumPy's savetxt writes them."""
    cells = [comment.cells[0].lstrip("#%/! "), *comment.cells[1:]]
    cells = cells if cells[0] else cells[1:]
    return cells if len(cells) == width and not any(map(looks_numeric, cells)) else None


def _begin(rows: Sequence[Row], width: int) -> int:
    """Return where the table begins: before it, only rows with fewer cells."""
    begin = 0
    while begin < min(len(rows) - 1, _MOST_BEFORE) and _count(rows[begin].cells) < width:
        begin += 1
    if begin == 0:
        return _begin_padded(rows, width)
    if _count(rows[begin].cells) < width:
        return 0
    above = rows[begin - 1].cells
    # Names may be one fewer than the columns, or lack some at the end; a title is shorter still, or stands above names.
    if 2 * len(above) > width and not any(map(looks_numeric, above)):
        below = [row.cells for row in rows[begin : begin + _SOME] if len(row.cells) == width]
        if any(map(looks_numeric, below[0])) and not has_header(below, frozenset({""}))[0]:
            return begin - 1
    return begin


def _begin_padded(rows: Sequence[Row], width: int) -> int:
    """Return where the table begins if the lines before it have empty cells at their ends, as in spreadsheets."""
    begin = 0
    while begin < min(len(rows) - 2, _MOST_BEFORE) and len(_trimmed(rows[begin].cells)) < width:
        begin += 1
    names, values = rows[begin].cells, rows[min(begin + 1, len(rows) - 1)].cells
    # A single one may be the upper of two rows of names.
    is_start = begin > 1 and all(names) and not any(map(looks_numeric, names)) and any(map(looks_numeric, values))
    return begin if is_start and len(names) == width else 0


def _count(cells: Sequence[str]) -> int:
    """Return how many cells a row has, without empty ones at its end, where there are others."""
    return len(cells) if any(cells[1:]) or len(cells) == 1 else 1


def _note_before(before: Sequence[Row], comments: Sequence[Row], notes: list[str]) -> None:
    if before:
        text = " ".join(cell for cell in before[0].cells if cell)
        lines = counted(len(before), "line")
        notes.append(f"{lines} before the table left out: {shown(printable(text))}{', …' if len(before) > 1 else ''}.")
    if comments:
        notes.append(f"{counted(len(comments), 'comment')} before the table left out.")


def _has_row_names(rows: Sequence[Row], width: int) -> bool:
    """Return whether the header is one name short, as R writes tables with names of rows."""
    if len(rows) < 2 or width < 2 or len(rows[0].cells) != width - 1:
        return False
    others = [row.cells for row in rows[1:] if len(row.cells) == width]
    if len(others) < 0.9 * (len(rows) - 1) or any(map(looks_numeric, filter(None, rows[0].cells))):
        return False
    return sum(cells[-1] != "" for cells in others) > 0.5 * len(others)


def _drop_comments(rows: list[Row], width: int, expected: bool, notes: list[str]) -> None:
    """Leave out comments between the rows."""
    found = [row for row in rows[1:] if row.cells[0].startswith("#") and _is_comment(row.cells[0])]
    if not found or len(found) > 0.2 * len(rows):
        return
    others = [row.cells[0] for row in rows[1 : _SOME + 1] if not row.cells[0].startswith("#")]
    are_numbers = sum(map(looks_numeric, others)) > 0.5 * len(others)
    dropped = {row.line for row in found if expected or are_numbers or len(row.cells) != width}
    if dropped:
        rows[:] = [row for row in rows if row.line not in dropped]
        notes.append(f"{counted(len(dropped), 'comment')} between the rows left out.")


def _drop_after(rows: list[Row], width: int, notes: list[str]) -> None:
    """Leave out what stands below the table: a source, a note, a row of totals."""
    dropped: list[str] = []
    while len(rows) > 3 and len(dropped) < _MOST_AFTER:
        cells = rows[-1].cells
        there = [cell for cell in cells if cell]
        is_note = width > 2 and len(there) == 1 and cells[0] != "" and not looks_numeric(cells[0])
        is_note |= width == 2 and len(cells) == 1 and " " in cells[0] and not looks_numeric(cells[0])
        if not is_note and not (len(there) > 1 and _TOTAL.fullmatch(there[0]) and any(map(looks_numeric, there[1:]))):
            break
        dropped.append(" ".join(there))
        rows.pop()
    if dropped:
        lines = "line" if len(dropped) == 1 else f"{len(dropped)} lines"
        notes.append(f"The last {lines} left out: {shown(printable(dropped[-1]))}{', …' if len(dropped) > 1 else ''}.")


def _even(rows: list[list[str]], width: int, row_names: bool, notes: list[str]) -> list[list[str]]:
    """Return rows of equal length, and say what became of the others."""
    if row_names:
        rows = [rows[0], *(row[1:] for row in rows[1:])]
        width -= 1
    kept: list[list[str]] = []
    short = long = 0
    for row in rows:
        if len(row) < width:
            short += bool(kept)  # of names, fewer may be meant
            row = row + [""] * (width - len(row))
        elif len(row) > width:
            if any(row[width:]):
                long += 1
                continue
            row = row[:width]
        kept.append(row)
    if short:
        notes.append(f"{counted(short, 'row')} had fewer than {width} entries; the others count as missing.")
    if long:
        notes.append(f"{counted(long, 'row')} with more than {width} entries left out.")
    return kept


def _trimmed(cells: list[str]) -> list[str]:
    end = len(cells)
    while end and not cells[end - 1]:
        end -= 1
    return cells[:end]


def _drop_empty_columns(layout: Layout) -> None:
    """Leave out columns at the edges without name and values: a separator at the end or start of each line."""
    for edge in (-1, 0):
        while len(layout.names) > 1 and not layout.names[edge] and not any(row[edge] for row in layout.rows):
            layout.names.pop(edge)
            for row in layout.rows:
                row.pop(edge)
