"""Tables from files and pasted text: whatever a spreadsheet or a program writes, with notes on what was done.

The steps, each in a module of its own: bytes become text (``decoding``), the separator is found (``dialects``), text
becomes rows of cells (``parsing``), rows become names and values (``layout``, ``header``), and cells become numbers, a
column at a time (``signs``, ``numbers``). :func:`nnplay.datasets.tables.choosing.choose` takes some of the columns for
inputs and one for the target.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from nnplay.datasets.names import distinct, printable
from nnplay.datasets.tables import decoding, dialects, numbers, parsing, signs
from nnplay.datasets.tables.layout import lay_out
from nnplay.datasets.tables.numbers import Signs
from nnplay.datasets.tables.parsing import SEPARATORS, Form, Row
from nnplay.datasets.tables.table import MAX_BYTES, Column, Dialect, Doubt, Table
from nnplay.datasets.tables.writing import unguarded
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import boolean, choice, integer, is_list_of_values, shown
from nnplay.wording import counted

#: What stands for a missing value unless it is said, in small letters. An empty cell always does.
MISSING = (
    "na", "n/a", "n.a.", "<na>", "nan", "null", "(null)", "none", "nil", "-", "--", "---", "?", ".", "..", "...", "…",
    "–", "—", "#n/a", "#na", "#value!", "#ref!", "\\n", "missing", "k.a.", "n.d.", "$ -", "$-", "€ -", "- €",
)  # fmt: skip
#: Names of columns whose numbers are written with two digits: 01 to 12, 00 to 59.
_TWO_DIGITS = ("month", "day", "hour", "minute", "second", "week", "year", "mm", "dd", "hh", "monat", "tag", "stunde")
_MOST_WORDS = 50


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
    """Read a table from the content of a file, or from text. What isn't said is found from the whole content.

    Parameters
    ----------
    content : bytes or str
        At most 5 MB, with at most 50 columns; rows beyond the 10 000th are left out.
    separator : str, optional
        What stands between two cells. One blank means any number of blanks and tabs, two mean a tab or at least two
        blanks.
    decimal : {".", ","}, optional
        The decimal sign.
    thousands : {"", ",", ".", " ", "'"}, optional
        What groups the digits of a number; ``""``: nothing does.
    header : bool, optional
        Whether the first row holds names.
    skip : int, optional
        How many lines before the table are left out.
    encoding : str, optional
        How bytes become letters, by a name that Python knows. Text has none.
    missing : str or iterable of str, optional
        What stands for a missing value, in place of the usual words: :data:`MISSING`. An empty cell always does.

    Returns
    -------
    Table
        Its dialect tells how it was read, its notes what was done, its doubts what other readings there are.

    Raises
    ------
    ValueError
        If it is no table, in a sentence that says why; or if an option is none of those above.
    TypeError
        If `content` is neither bytes nor text, or an option is of another type.
    """
    if isinstance(content, (bytearray, memoryview)):
        content = bytes(content)
    if not isinstance(content, (bytes, str)):
        raise TypeRefusal("content", "must be bytes or a string", shown(content))
    separator, decimal, thousands, header, skip, encoding = _checked(
        separator, decimal, thousands, header, skip, encoding
    )
    gaps = _spellings(MISSING if missing is None else _words(missing))
    notes: list[str] = []
    text, encoding, doubts = decoding.text_of(content, encoding, notes)
    text, skipped, stated = _from_first_line(text, skip)
    rows, form, rival = _rows(text, separator or stated, notes)
    if rival and separator is None:
        named = SEPARATORS.get(form.separator, shown(form.separator))
        said = f"The entries were read as separated by {named}. It could also be {SEPARATORS.get(rival, shown(rival))}."
        doubts.append(Doubt(said, {"separator": rival}))
        notes.append(said)
    layout = lay_out(rows, gaps, header, skip is not None)
    if form.separator != "," and not (rival and separator is None):
        notes.append(f"The entries are separated by {SEPARATORS.get(form.separator, shown(form.separator))}.")
    notes += layout.notes
    texts = list(zip(*layout.rows, strict=True))
    layout.rows.clear()
    cells = [_Cells(name, column, gaps) for name, column in zip(_named(layout.names), texts, strict=True)]
    meaning, sign_doubt = _signs(cells, form.separator, decimal, thousands, notes)
    columns = tuple(_column(column, meaning, notes) for column in cells)
    found = sorted(
        {word.lower() for column in cells for word in column.words if word}, key=lambda word: (len(word), word)
    )
    dialect = Dialect(
        form.separator, meaning.decimal, meaning.groups[:1], layout.header, skipped + layout.skip, encoding,
        tuple(found[:_MOST_WORDS]), layout.row_names, form.quote, form.escape,
    )  # fmt: skip
    return Table(columns, notes, dialect, (*doubts, *sign_doubt, *layout.doubts))


# --- what was said ------------------------------------------------------------------------------------------


def _checked(
    separator: Any, decimal: Any, thousands: Any, header: Any, skip: Any, encoding: Any
) -> tuple[str | None, str | None, str | None, bool | None, int | None, str | None]:
    """Return the options, each of its type and one of its values."""
    if separator is not None and not _is_sign(separator):
        raise Refusal("separator", "must be a single sign, no letter and no digit", shown(separator))
    if decimal is not None:
        choice("decimal", decimal, (".", ","))
    if thousands is not None:
        thousands = signs.usual_blank(thousands) if isinstance(thousands, str) else thousands
        choice("thousands", thousands, ("", ",", ".", " ", "'"))
        if thousands and thousands == decimal:
            raise Refusal("thousands", "must differ from decimal", f"{thousands!r} for both")
    if header is not None:
        boolean("header", header)
    if skip is not None:
        integer("skip", skip, 0, MAX_BYTES)
    if encoding is not None:
        if not isinstance(encoding, str):
            raise TypeRefusal("encoding", "must be a string", shown(encoding))
        encoding = decoding.encoding_name(encoding)
    return separator, decimal, thousands, header, skip, encoding


def _is_sign(separator: Any) -> bool:
    if not isinstance(separator, str):
        return False
    return separator == "  " or (len(separator) == 1 and not separator.isalnum() and separator not in '\n\r"')


def _words(missing: Any) -> set[str]:
    words = list(missing) if is_list_of_values(missing) else [missing]
    if not all(isinstance(word, str) for word in words):
        raise TypeRefusal("missing", "must be a string or several", shown(missing))
    return {word.strip() for word in words}


def _spellings(words: Iterable[str]) -> frozenset[str]:
    """Return words in small and capital letters, with a capital first, and NaN; and the empty one."""
    forms = {form for word in words for form in (word, word.lower(), word.upper(), word.capitalize(), word.title())}
    return frozenset(forms | {""} | ({"NaN"} if "nan" in forms else set()))


# --- text to cells ------------------------------------------------------------------------------------------


def _from_first_line(text: str, skip: int | None) -> tuple[str, int, str | None]:
    """Return the text from the table's first line on, how many lines were skipped, and what separator they state."""
    stated = dialects.sep_line(text)
    skipped = skip if skip is not None else int(stated is not None)
    start = 0
    for _ in range(skipped):
        start = text.find("\n", start) + 1
        if not start:
            start = len(text)
            break
    text = text[start:]
    if not text.strip():
        raise Refusal("skip", "must leave lines to read", f"{skipped:,}, and no more lines")
    return text, skipped, stated


def _rows(text: str, separator: str | None, notes: list[str]) -> tuple[list[Row], Form, str | None]:
    """Return the rows of a text, how its cells are parted, and a separator that fits nearly as well."""
    found = dialects.detect(text, separator)
    inner = parsing.unwrapped(text) if text.lstrip()[0] == '"' else None
    if inner is not None:
        inside = dialects.detect(inner, separator)
        if inside.fit > dialects.GOOD:
            notes.append("Each line was in quotation marks as a whole; they were removed.")
            text, found = inner, inside
    form = found.form
    rows = parsing.parse(text, form) if '"' not in text else None
    if rows is None:
        try:
            rows = parsing.parse(text, form)
            swallowed = any(cell.count("\n") > 200 for row in rows for cell in row.cells if len(cell) > 400)
        except ValueError:
            swallowed = True
        if swallowed and form.quote:
            form = form._replace(quote="")
            rows = parsing.parse(text, form)
            notes.append("A quotation mark is never closed, so all quotation marks were read as text.")
    if not rows:
        raise Refusal("file", "must hold a table", "nothing")
    return rows, form, found.rival.separator if found.rival else None


# --- cells to columns ---------------------------------------------------------------------------------------


class _Cells:
    """A column's cells, where they are missing and by what words, and their shapes if they look like numbers."""

    def __init__(self, name: str, texts: tuple[str, ...], gaps: frozenset[str]) -> None:
        self.name = name
        self.texts = texts
        self.shapes = numbers.Shapes(texts) if numbers.looks_like_numbers(texts, gaps) else None
        # A word's shape is the word, unless it has digits.
        has_digits = any(any(map(str.isdigit, word)) for word in gaps)
        self.words = gaps.intersection(self.shapes.distinct if self.shapes and not has_digits else set(texts))
        if not self.words:
            self.missing = np.zeros(len(texts), dtype=bool)
        elif self.shapes and not has_digits:
            self.missing = self.shapes.holding(shape in self.words for shape in self.shapes.distinct)
        else:
            self.missing = np.fromiter((text in self.words for text in texts), dtype=bool, count=len(texts))


def _signs(
    columns: Sequence[_Cells], separator: str, decimal: str | None, thousands: str | None, notes: list[str]
) -> tuple[Signs, list[Doubt]]:
    """Return what the signs inside of numbers mean in the whole table."""
    evidence = signs.Evidence()
    for column in columns:
        if column.shapes is not None:
            evidence.look_at(column.name, column.texts, column.shapes)
    decision = signs.decide(evidence, separator, decimal, thousands)
    meaning = decision.signs
    if decision.doubt is None:
        if meaning.decimal == ",":
            notes.append("The decimal sign is a comma.")
        return meaning, []
    name, example, sign = decision.doubt
    whole, fraction = example.replace(sign, ""), example.replace(sign, ".")
    taken, other = (fraction, whole) if meaning.decimal == sign else (whole, fraction)
    said = f"{example} in {shown(name)} was read as {taken}. It could also be {other}."
    notes.append(said)
    return meaning, [Doubt(said, {"decimal": signs.OTHER[meaning.decimal]})]


def _column(cells: _Cells, meaning: Signs, notes: list[str]) -> Column:
    name = cells.name
    words = Column(name, cells.texts, cells.missing, None)
    if cells.shapes is None:
        return words
    why = numbers.is_identifier(cells.shapes)
    if why and not (why == "leading zeros" and _counts_time(name, cells.shapes.distinct)):
        notes.append(f"{shown(name)} has {why}, so it was read as words.")
        return words
    read = numbers.read_numbers(cells.texts, cells.missing, cells.shapes, meaning)
    if read is None:
        notes.append(f"Too few entries of {shown(name)} are numbers, so it was read as words.")
        return words
    if read.affix:
        notes.append(f"{shown(read.affix)} was removed from the numbers of {shown(name)}.")
    if read.bad:
        notes.append(
            f"{counted(len(read.bad), 'entry', 'entries')} of {shown(name)} can't be read as a number, such as "
            f"{shown(printable(read.bad[0]))}; counted as missing."
        )
    if read.n_infinite:
        entries = counted(read.n_infinite, "entry", "entries")
        notes.append(f"{entries} of {shown(name)} can't be used, being infinite; counted as missing.")
    return Column(name, cells.texts, cells.missing, read.values)


def _counts_time(name: str, shapes: Sequence[str]) -> bool:
    """Return whether two digits each are a month, a day, an hour, …: nothing is lost if they are read as numbers."""
    named = any(part in _TWO_DIGITS for part in name.lower().replace("_", " ").split())
    return named and all(shape == "00" for shape in shapes if "0" in shape)


def _named(names: Sequence[str]) -> list[str]:
    """Return a name for each column: printable, and like no other."""
    return distinct(printable(unguarded(name)) or f"column {k}" for k, name in enumerate(names, 1))
