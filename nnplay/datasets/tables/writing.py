"""Data as CSV, which every spreadsheet and :func:`nnplay.datasets.tables.read_table` read."""

from __future__ import annotations

import csv
import io
import re

from nnplay.datasets.dataset import Dataset
from nnplay.datasets.input_columns import PlainColumn, plain
from nnplay.datasets.names import distinct

#: With these a spreadsheet takes an entry for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r]")


def write_csv(train: Dataset, test: Dataset | None = None, target: str = "target") -> str:
    """Return data as CSV: the columns that the inputs were made of, the target, and the set, "train" or "test".

    Classes and categories are written by name, and a gap that was filled as an empty cell, so that the same data can be
    read again. A name that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    targets = [target] if train.y.ndim == 1 else [f"{target}{k}" for k in range(1, train.y.shape[1] + 1)]
    names = [column.name for column in plain(train.columns, train.X[:1])]
    writer.writerow([guarded(name) for name in distinct([*names, *targets, "set"])])
    for part, name in ((train, "train"), (test, "test")):
        if part is None:
            continue
        cells = [_cells(column) for column in plain(part.columns, part.X)]
        for *x, y in zip(*cells, part.y.tolist(), strict=True):
            aim = [guarded(part.class_names[y])] if part.class_names else y if isinstance(y, list) else [y]
            writer.writerow([*x, *aim, name])
    return out.getvalue()


def _cells(column: PlainColumn) -> list[float | str]:
    cells: list[float | str] = column.values.tolist()
    if column.categories:
        cells = [guarded(column.categories[int(code)]) for code in column.values]
    return cells if column.gaps is None else ["" if gap else x for x, gap in zip(cells, column.gaps, strict=True)]


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return an entry without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text, 1) else text
