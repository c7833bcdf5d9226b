"""What became of answers, as a table: for a spreadsheet, and for a terminal."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from nnplay.assignments.assignment import MEASURES
from nnplay.assignments.checking import Verdict

COLUMNS = (
    "file", "name", "verdict", "reason", "assignment", "fingerprint", "measure", "value", "hidden units", "epochs",
    "parameters", "run",
)  # fmt: skip
#: What a spreadsheet takes for the beginning of a formula; a tab or a line's end may come before one.
#: Some take fullwidth signs for the usual ones.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")
ACCEPTED, REFUSED = "accepted", "refused"


def rows_of(verdicts: Sequence[Verdict]) -> list[dict[str, str | float | int | None]]:
    """Return a row for each verdict, by the names of the columns; None where nothing is known."""
    return [_row(verdict) for verdict in verdicts]


def _row(verdict: Verdict) -> dict[str, str | float | int | None]:
    stand = verdict.standing
    numbers = (stand.value, stand.units, stand.epochs, stand.parameters) if stand else (None,) * 4
    said = ACCEPTED if verdict.accepted else REFUSED
    measure = MEASURES.get(verdict.measure, "")
    cells = (verdict.source, verdict.name, said, verdict.reason, verdict.title, verdict.fingerprint, measure, *numbers)
    return dict(zip(COLUMNS, (*cells, verdict.run), strict=True))


def to_csv(verdicts: Sequence[Verdict]) -> str:
    """Return the table as CSV; no text in it becomes a formula in a spreadsheet."""
    file = io.StringIO()
    write = csv.writer(file, lineterminator="\n")
    write.writerow(COLUMNS)
    write.writerows([_cell(value) for value in row.values()] for row in rows_of(verdicts))
    return file.getvalue()


def _cell(value: str | float | int | None) -> str:
    if not isinstance(value, str):
        return "" if value is None else repr(value)
    return f"'{value}" if value.lstrip(" ").startswith(_FORMULA) else value


def to_text(verdicts: Sequence[Verdict]) -> str:
    """Return the table as lines of text: who, whether it is accepted, and why not."""
    heads = ("name", "verdict", "value", "file", "reason")
    cells = [[str(row[head] if row[head] is not None else "–") for head in heads] for row in map(_told, verdicts)]
    widths = [max(map(len, column)) for column in zip(heads, *cells, strict=True)][:-1]
    lines = [
        "  ".join([*(f"{cell:{width}}" for cell, width in zip(line, widths, strict=False)), line[-1]]).rstrip()
        for line in [list(heads), *cells]
    ]
    n = sum(verdict.accepted for verdict in verdicts)
    return "\n".join([*lines, f"{n:,} of {len(verdicts):,} accepted"])


def _told(verdict: Verdict) -> dict[str, str | float | int | None]:
    row = _row(verdict)
    value = row["value"]
    return row | {"value": f"{value:.4g}" if isinstance(value, float) else None}
