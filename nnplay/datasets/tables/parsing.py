"""From text to rows of cells, by a stated separator, quotation mark and escape sign."""

from __future__ import annotations

import csv
import io
import re
from typing import NamedTuple

from nnplay.datasets.tables.table import MAX_COLUMNS, MAX_ROWS
from nnplay.refusal import Refusal

#: What may part cells, most usual first, and what it is called.
SEPARATORS = {
    ",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces", "  ": "tabs or several spaces",
    ":": "colons", "~": "tildes", "^": "carets",
}  # fmt: skip
#: Rows that may stand around those of a table: titles, notes, totals.
_AROUND = 100
#: Longest line of a table, in separators: a row of so many cells is none.
_MOST_CELLS = 20_000
_RUN = re.compile(r"\t[ \t]*|[ ]{2,}\t?[ \t]*")
_UNUSED = "\x1f"  # a control character, so none of the text


class Form(NamedTuple):
    """How cells are parted and enclosed."""

    separator: str
    quote: str = '"'
    escape: str = ""


class Row(NamedTuple):
    """A row's cells, and the number of the line that it begins in, counted from 0."""

    cells: list[str]
    line: int


def parse(text: str, form: Form, most: int = MAX_ROWS + _AROUND) -> list[Row]:
    """Return the rows of `text` that aren't empty, at most so many, without the blanks around their cells.

    Raises
    ------
    ValueError
        If a cell is too long, or a row has far too many.
    """
    text, delimiter = _prepared(text, form.separator)
    reader = csv.reader(
        io.StringIO(text, newline="\n"),
        delimiter=delimiter,
        quotechar=form.quote or None,
        quoting=csv.QUOTE_MINIMAL if form.quote else csv.QUOTE_NONE,
        escapechar=form.escape or None,
        skipinitialspace=True,
    )
    rows: list[Row] = []
    has_blanks = not text.isascii() or " " in text or "\t" in text
    line = 0
    widest = 4 * MAX_COLUMNS
    try:
        for cells in reader:
            if any(cells):
                if len(cells) > widest:
                    del cells[widest:]  # told apart by its width, and left out
                if delimiter == _UNUSED:  # a tab inside of quotation marks
                    cells = [cell.replace(_UNUSED, "\t") for cell in cells]
                if has_blanks:
                    cells = [cell.strip() for cell in cells]
                if delimiter == " " and not cells[-1] and len(cells) > 1:  # blanks at the end of the line
                    cells.pop()
                if any(cells):
                    rows.append(Row(cells, line))
                    if len(rows) >= most:
                        break
            line = reader.line_num
    except csv.Error:
        raise Refusal(
            "table",
            f"must have cells of at most {csv.field_size_limit():,} characters",
            f"a longer one, or a quotation mark that never ends, in line {reader.line_num:,}",
        ) from None
    return rows


def _prepared(text: str, separator: str) -> tuple[str, str]:
    """Return the text as the parser takes it, and the single sign that parts its cells."""
    sign = separator
    if separator == "  ":
        text, sign = _RUN.sub(_UNUSED, "\n".join(line.strip(" \t") for line in text.split("\n"))), _UNUSED
    elif separator == " ":
        text = text.replace("\t", " ")
    start = 0
    while start + _MOST_CELLS < len(text):
        end = text.rfind("\n", start, start + _MOST_CELLS)
        if end < 0:  # a long line
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            count = text.count(sign, start, end)
            if count > _MOST_CELLS:
                parted = SEPARATORS.get(separator, "separators")
                raise Refusal("table", f"must have at most {MAX_COLUMNS} columns", f"a line with {count:,} {parted}")
        start = end + 1
    return text, sign


def unwrapped(text: str) -> str | None:
    """Return `text` with each line's quotation marks taken off, if every whole line is quoted as one cell."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    if len(lines) < 2 or not all(len(line) > 2 and line[0] == line[-1] == '"' for line in lines):
        return None
    inner = [line[1:-1] for line in lines]
    if any('"' in line.replace('""', "") for line in inner):
        return None
    return "\n".join(line.replace('""', '"') for line in inner)
