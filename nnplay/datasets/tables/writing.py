"""Data as CSV, which every spreadsheet and :func:`nnplay.datasets.tables.read_table` read."""

from __future__ import annotations

import csv
import io
import re

from nnplay.datasets.dataset import Dataset

#: With these a spreadsheet takes an entry for a formula.
_FORMULA = re.compile(r"[=+\-@\t\r]")


def write_csv(train: Dataset, test: Dataset | None = None) -> str:
    """Return data as CSV: a column for each input, the target, and the set, "train" or "test".

    Classes are written by name; a name that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    targets = ["target"] if train.y.ndim == 1 else [f"target{k}" for k in range(1, train.y.shape[1] + 1)]
    writer.writerow([guarded(name) for name in train.feature_names] + [*targets, "set"])
    for part, name in ((train, "train"), (test, "test")):
        if part is None:
            continue
        for x, y in zip(part.X.tolist(), part.y.tolist(), strict=True):
            target = [guarded(part.class_names[y])] if part.class_names else y if isinstance(y, list) else [y]
            writer.writerow([*x, *target, name])
    return out.getvalue()


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return an entry without the apostrophe that keeps a spreadsheet from taking it for a formula."""
    return text[1:] if re.match(r"'[=+\-@\t\r]", text) else text
