"""Tables from CSV files and pasted text: whatever a spreadsheet writes, read with care and told about in sentences.

Reading takes two steps: :func:`read_table` makes columns of text or numbers, and
:func:`nnplay.datasets.tables.choosing.choose` takes some of them for inputs and one for the target.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections import Counter
from collections.abc import Iterable

import numpy as np

from nnplay.datasets.names import printable
from nnplay.datasets.tables.table import MAX_BYTES, MAX_COLUMNS, MAX_ROWS, Column, Dialect, Table
from nnplay.datasets.tables.writing import unguarded
from nnplay.validation import shown

DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", " ": "spaces"}
#: What stands for a value that is missing, in small letters.
MISSING = {"", "na", "n/a", "nan", "null", "none", "nil", "-", "--", "?", ".", "#n/a", "missing"}

#: Share of a column's entries that must be numbers for the others to be mistakes.
_MOSTLY = 0.8
_LINES_TO_SNIFF = 60
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_COMMA_NUMBER = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+)?,\d+([eE][+-]?\d+)?", re.ASCII)
_INFINITE = re.compile(r"[+-]?(inf|infinity|∞|#div/0!)", re.IGNORECASE)
_KINDS = {
    b"\x89PNG": "a PNG picture",
    b"\xff\xd8\xff": "a JPEG picture",
    b"GIF8": "a GIF picture",
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a zip file or an Excel workbook; save its sheet as CSV first",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook; save its sheet as CSV first",
    b"\x1f\x8b": "a compressed file; unpack it first",
}


def read_table(
    content: bytes | str,
    *,
    separator: str | None = None,
    decimal: str | None = None,
    thousands: str | None = None,
    header: bool | None = None,
    skip: int | None = None,
    encoding: str | None = None,
    missing: str | Iterable[str] | None = None,
) -> Table:
    """Read a table from the content of a file, or from text. What isn't said is guessed from the whole content.

    Parameters
    ----------
    content : bytes or str
        At most 5 MB; rows beyond the 10 000th are left out.
    separator : str, optional
        What stands between two cells; a blank means any number of blanks.
    decimal : {".", ","}, optional
        The decimal sign.
    thousands : str, optional
        What groups the digits of a number; empty: nothing.
    header : bool, optional
        Whether the first row holds names.
    skip : int, optional
        How many lines before the table are left out.
    encoding : str, optional
        How bytes become letters: a name that Python knows.
    missing : str or iterable of str, optional
        What stands for a missing value, in place of the usual words. An empty cell always does.

    Raises
    ------
    ValueError
        If it is no table, in a sentence that says why.
    """
    notes: list[str] = []
    if encoding is not None and isinstance(content, bytes):
        content = content.decode(encoding)
    text = _decoded(content, notes) if isinstance(content, bytes) else _checked_text(content)
    if skip:
        text = "\n".join(text.splitlines()[skip:])
    delimiter = separator or _delimiter(text)
    rows = _rows(text, delimiter, notes)
    if header is None:
        header = _has_header(rows)
    names = rows.pop(0) if header else [f"column {k}" for k in range(1, len(rows[0]) + 1)]
    if not rows:
        raise ValueError("table must have rows of values below its names; got the names only.")
    if len(rows) > MAX_ROWS:
        del rows[MAX_ROWS:]
        notes.append(f"Only the first {MAX_ROWS:,} rows were read.")
    words = (
        MISSING if missing is None else {word.lower() for word in ([missing] if isinstance(missing, str) else missing)}
    )
    columns = [
        _column(name, list(texts), words | {""}, notes)
        for name, texts in zip(_distinct(names), zip(*rows, strict=True), strict=True)
    ]
    dialect = Dialect(delimiter, decimal or ".", thousands or "", header, skip or 0, encoding or "utf-8")
    return Table(tuple(columns), notes, dialect)


# --- bytes to text ------------------------------------------------------------------------------------------


def _decoded(content: bytes, notes: list[str]) -> str:
    if len(content) > MAX_BYTES:
        raise ValueError(f"file must have at most {MAX_BYTES / 1e6:.0f} MB; got {len(content) / 1e6:.1f} MB.")
    for magic, kind in _KINDS.items():
        if content.startswith(magic):
            raise ValueError(f"file must be a text file with a table; got {kind}.")
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeError:
            continue
        if encoding == "cp1252":
            notes.append("The file is not in UTF-8; it was read as Windows-1252, so look at its letters.")
        return _checked_text(text)
    raise ValueError("file must be text in UTF-8; got bytes that are no letters in any usual encoding.")


def _checked_text(text: str) -> str:
    if len(text) > MAX_BYTES:
        raise ValueError(f"text must have at most {MAX_BYTES:,} characters; got {len(text):,}.")
    strange = re.search("[\x00-\x08\x0e-\x1f\x7f]", text)
    if strange:
        where = f"{shown(strange.group())} at character {strange.start() + 1:,}"
        raise ValueError(f"file must be a text file with a table; got a control character, {where}.")
    text = text.removeprefix("\ufeff")
    if not text.strip():
        raise ValueError("file must hold a table; got nothing.")
    return text


# --- text to rows -------------------------------------------------------------------------------------------


def _delimiter(text: str) -> str:
    """Return what parts the entries: what gives the most lines the same number of several entries."""
    lines = [line for line in text.splitlines() if line.strip()][:_LINES_TO_SNIFF]
    best, best_score = "", 0.0
    for delimiter in DELIMITERS:
        widths = Counter(len(row) for row in _parsed("\n".join(lines), delimiter))
        width, count = widths.most_common(1)[0] if widths else (1, 0)
        # Where several do equally well the earlier one counts: "1,5;2,5" has a comma in each entry and semicolons.
        score = count / len(lines) * (width > 1) * (1 + 0.01 * width)
        if delimiter == "," and _are_decimal_commas(lines):
            continue
        if score > best_score + 1e-9:
            best, best_score = delimiter, score
    if best_score < 0.5:
        raise ValueError("table must have entries parted by commas, semicolons, tabs or bars; got a single column.")
    return best


def _are_decimal_commas(lines: list[str]) -> bool:
    """Return whether commas are only found inside numbers, with other delimiters around: "1,5;2,5"."""
    others = [d for d in DELIMITERS if d not in ", " and any(d in line for line in lines)]
    sample = "".join(lines)
    return bool(others) and not re.search(r"(?<!\d),|,(?!\d)", sample)


def _parsed(text: str, delimiter: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
    rows = []
    try:
        for row in reader:
            if delimiter == " ":  # several in a row are one
                row = [entry for entry in row if entry]
            if any(entry.strip() for entry in row):
                rows.append([entry.strip() for entry in row])
            if len(rows) > MAX_ROWS + 1:  # a header, and one to know that there are more
                break
    except csv.Error as error:
        raise ValueError(f"table must be readable row by row; got {error} in line {reader.line_num}.") from None
    return rows


def _rows(text: str, delimiter: str, notes: list[str]) -> list[list[str]]:
    """Return rows of equal length, and say what became of the others."""
    rows = _parsed(text, delimiter)
    width = Counter(len(row) for row in rows).most_common(1)[0][0]
    if width > MAX_COLUMNS:
        raise ValueError(f"table must have at most {MAX_COLUMNS} columns; got {width}.")
    if width < 2:
        raise ValueError("table must have at least 2 columns; got rows of a single entry.")
    # Spreadsheets leave empty entries at the end of a row.
    rows = [row[:width] if not any(row[width:]) else row for row in rows]
    kept = [row + [""] * (width - len(row)) for row in rows if len(row) <= width]
    short = sum(len(row) < width for row in rows)
    if short:
        notes.append(f"{_counted(short, 'row')} had fewer than {width} entries; the others count as missing.")
    if len(kept) < len(rows):
        notes.append(f"{_counted(len(rows) - len(kept), 'row')} with more than {width} entries left out.")
    if delimiter != ",":
        notes.append(f"The entries are parted by {DELIMITERS[delimiter]}.")
    return kept


def _has_header(rows: list[list[str]]) -> bool:
    """Return whether the first row looks like names: none is a number or missing, unlike the rows below."""
    first, others = rows[0], rows[1:]
    if any(_is_number(entry) or entry.lower() in MISSING for entry in first):
        # An unnamed first column is a row number's.
        return bool(others) and not any(_is_number(entry) for entry in first) and any(map(_is_number, others[0]))
    if not others:
        return True
    if any(_is_number(entry) for row in others[:20] for entry in row):
        return True
    return len(set(first)) == len(first) and not any(entry in first for row in others for entry in row)


def _distinct(names: list[str]) -> list[str]:
    """Return names for columns: printable, and each like no other."""
    taken: set[str] = set()
    result = []
    for index, raw in enumerate(names, 1):
        name = printable(unguarded(raw)) or f"column {index}"
        base, number = name[:34], 2
        while name in taken:
            name, number = f"{base} ({number})", number + 1
        taken.add(name)
        result.append(name)
    return result


# --- rows to columns ----------------------------------------------------------------------------------------


def _column(name: str, texts: list[str], words: set[str], notes: list[str]) -> Column:
    missing = np.array([text.lower() in words for text in texts])
    entries = ["" if is_missing else text for text, is_missing in zip(texts, missing, strict=True)]
    there = [text for text in entries if text]
    are_numbers = [_is_number(text) for text in there]
    if not there or sum(are_numbers) < _MOSTLY * len(there):
        return Column(name, tuple(texts), missing, None)
    bad = [text for text, is_number in zip(there, are_numbers, strict=True) if not is_number]
    if bad:
        notes.append(
            f"{_counted(len(bad), 'entry', 'entries')} of {shown(name)} can't be read as a number, such as "
            f"{shown(bad[0])}; counted as missing."
        )
    numbers = np.array([_number(text) for text in entries])
    infinite = int(np.isinf(numbers).sum())
    if infinite:
        count = _counted(infinite, "entry", "entries")
        notes.append(f"{count} of {shown(name)} can't be used, being infinite; counted as missing.")
        numbers[np.isinf(numbers)] = np.nan
    return Column(name, tuple(texts), missing, numbers)


def _is_number(text: str) -> bool:
    text = text.replace("−", "-")
    return any(form.fullmatch(text) for form in (_NUMBER, _COMMA_NUMBER, _INFINITE))


def _number(text: str) -> float:
    text = text.replace("−", "-")
    if _INFINITE.fullmatch(text):
        return math.inf
    if _COMMA_NUMBER.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    return float(text) if _NUMBER.fullmatch(text) else math.nan


def _counted(count: int, noun: str, plural: str | None = None) -> str:
    return f"{count:,} {noun if count == 1 else plural or noun + 's'}"
