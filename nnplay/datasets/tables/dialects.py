"""How a text separates its cells: a library proposes an answer, and the text itself decides.

CleverCSV weighs how alike the rows are that a separator makes, and how many of their cells are numbers, dates or words.
Where it is weak (runs of blanks and tabs, cells of several lines, names with commas, a decimal comma) the usual
separators are tried beside its own. Its cost grows faster than the length of some texts, so that it is shown a short
sample without long runs of signs. ``docs/tables.md`` has the comparison with others.
"""

from __future__ import annotations

import contextlib
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nnplay.datasets.tables.numbers import looks_numeric
from nnplay.datasets.tables.parsing import SEPARATORS, Form, Row, parse

#: How much of a text is shown to the library, and looked at for each separator.
_LIBRARY_SAMPLE, _LIBRARY_LINES, _SAMPLE, _SAMPLE_ROWS = 6_000, 80, 48_000, 300
_ROWS_LOOKED_AT, _CELLS_LOOKED_AT = 24, 400
#: What a form that fits reaches.
GOOD = 0.75
_LONG_RUN = re.compile(r"[^,;\t| :~^\"'\\\n]{33,}")
_SEP_LINE = re.compile(r'"?sep=(.)"?[,;\t]*', re.IGNORECASE)
#: What only a wrong separator leaves in a cell: other separators, commas between what belongs apart, half a quotation.
_ODD = re.compile(r'[;\t|]|,(?:\S|$)|^"|"$')
_DECIMAL_COMMA = re.compile(r"[+-]?\d{1,20},\d{1,20}")
_TIME = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"
DATE = re.compile(rf"\d{{1,4}}[-/.]\d{{1,2}}[-/.]\d{{1,4}}(?:[ T]{_TIME}Z?)?|{_TIME}")


@dataclass(frozen=True)
class Choice:
    """A form, how well it fits, and the next best one that fits nearly as well, if there is one."""

    form: Form
    fit: float
    rival: Form | None = None


def sep_line(text: str) -> str | None:
    """Return the separator that a first line such as Excel's ``sep=;`` states."""
    stated = _SEP_LINE.fullmatch(text[:12].split("\n", 1)[0].strip(" "))
    return stated[1] if stated else None


def detect(text: str, separator: str | None = None) -> Choice:
    """Return how the cells of `text` are parted; where `separator` is said, how they are enclosed."""
    if separator is None and _is_decimal_column(text[:_SAMPLE]):
        return Choice(Form(";"), 1.0)
    sample = text if len(text) <= _SAMPLE else text[:_SAMPLE].rpartition("\n")[0] or text[:_SAMPLE]
    forms = _candidates(sample, separator)
    fits: list[tuple[float, Form]] = []
    for place, form in enumerate(forms):
        fits.append((_fit(sample, form) * (1.05 if place == 0 else 1.0), form))
    best, form = max(fits, key=lambda fit: fit[0])
    if '"' in sample and form.quote and _alike(sample, form) < 0.9:  # marks that enclose nothing: 5" for five inches
        plain = form._replace(quote="")
        fit = _fit(sample, plain)
        if fit > 1.1 * best:
            best, form = fit, plain
    # Blanks and tabs part the same cells in most tables where both fit.
    alike = {" ", "  ", "\t"} if form.separator in (" ", "  ", "\t") else {form.separator}
    rivals = [(fit, other) for fit, other in fits if other.separator not in alike and fit > max(0.93 * best, 0.5)]
    return Choice(form, best, max(rivals, key=lambda rival: rival[0])[1] if rivals else None)


def _is_decimal_column(sample: str) -> bool:
    """Return whether a text is a name without a comma, and below it nothing but numbers with a decimal comma."""
    name, *lines = [line.strip() for line in sample.split("\n") if line.strip()][:-1] or [""]
    return len(lines) > 1 and "," not in name and all(map(_DECIMAL_COMMA.fullmatch, lines)) and not looks_numeric(name)


def _candidates(sample: str, separator: str | None) -> list[Form]:
    """Return what to try: the library's proposal first."""
    proposed = propose(sample, separator)
    forms = [proposed] if proposed else []
    usual = (
        [separator] if separator else [s for s in [*SEPARATORS][:6] if s in sample or (s == "  " and "\t" in sample)]
    )
    for by in usual or [","]:
        forms.append(Form(by))
        if '\\"' in sample:
            forms.append(Form(by, '"', "\\"))
    return list(dict.fromkeys(forms))


def propose(sample: str, separator: str | None = None) -> Form | None:
    """Return what CleverCSV takes for the form of a text, or None."""
    import clevercsv  # it takes 0.2 s to load: only where a table is read

    short = "\n".join(sample[:_LIBRARY_SAMPLE].split("\n", _LIBRARY_LINES)[:_LIBRARY_LINES])
    if len(sample) > _LIBRARY_SAMPLE:
        short = short.rpartition("\n")[0] or short
    short = _LONG_RUN.sub(lambda run: run.group()[:32], short)
    found = None
    with contextlib.suppress(Exception):  # its own errors, and those of its parser: then it has nothing to propose
        found = clevercsv.Sniffer().sniff(short, delimiters=separator or "".join(s for s in SEPARATORS if len(s) == 1))
    if found is None or not found.delimiter or found.delimiter not in SEPARATORS:
        return None
    quote = found.quotechar if found.quotechar in ('"', "'") else '"'
    return Form(found.delimiter, quote, "\\" if found.escapechar == "\\" else "")


def _sampled(sample: str, form: Form) -> list[Row]:
    try:
        return [row for row in parse(sample, form, _SAMPLE_ROWS) if not row.cells[0].startswith("#")]
    except ValueError:
        return []


def _alike(sample: str, form: Form) -> float:
    """Return the share of rows that have as many cells as most."""
    rows = _sampled(sample, form)
    if not rows:
        return 0.0
    width = usual_width(rows)
    return sum(_width(row.cells, width) == width for row in rows) / len(rows)


def _fit(sample: str, form: Form) -> float:
    """Return how well a form fits: how many rows are alike, times how many of their cells make sense."""
    rows = _sampled(sample, form)
    if not rows:
        return 0.0
    width = usual_width(rows)
    first = next(k for k, row in enumerate(rows) if len(row.cells) == width)
    # Titles and notes before a table say nothing against a form, but names that it takes for such do.
    before = [row.cells for row in rows[:first]]
    odd_start = any((len(cells) > 1 and any(cells[1:])) or _ODD.search(cells[0][:200]) for cells in before)
    rows = rows[first:]
    alike = sum(_width(row.cells, width) == width for row in rows) / len(rows)
    sense = _sense([row.cells for row in rows if len(row.cells) >= width], width)
    if width == 1:
        return 0.25 * sense
    return alike**2 * sense * (1 + 0.004 * min(width, 50)) * (0.9 if odd_start else 1.0)


def usual_width(rows: Sequence[Row]) -> int:
    """Return how many cells most rows have; of two equally common numbers the larger one."""
    counts = Counter(len(row.cells) for row in rows)
    return max(counts, key=lambda width: (counts[width], width))


def _width(cells: list[str], width: int) -> int:
    """Return how many cells a row has, without empty ones beyond the usual `width`."""
    return width if len(cells) > width and not any(cells[width:]) else len(cells)


def _sense(rows: list[list[str]], width: int) -> float:
    """Return the share of cells that are numbers, dates or words, the header's among them."""
    wanted = max(8, min(_ROWS_LOOKED_AT, _CELLS_LOOKED_AT // width))
    some = rows[:: max(1, len(rows) // wanted)][: 2 * wanted]
    columns = range(min(width, 60))
    marks = [_mark(row[k]) for row in some for k in columns if row[k]]
    return sum(marks) / len(marks) if marks else 0.1


def _mark(cell: str) -> float:
    cell = cell[:200]
    if looks_numeric(cell) or DATE.fullmatch(cell):
        return 1.0
    if not _ODD.search(cell):
        return 0.9
    return 0.4 if " " in cell else 0.1
