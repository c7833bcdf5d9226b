"""Tables: honest ones with damage, and text that costs a careless reader dearly."""

from __future__ import annotations

from random import Random
from typing import Any

import numpy as np

from nnplay import ExperimentConfig
from nnplay.datasets import from_table, own_data
from nnplay.datasets.tables import Table, read_table
from nnplay.datasets.tables.choosing import choose
from nnplay.datasets.tables.guessing import guess
from tests.hostile import values
from tests.hostile.case import Case, fault_of
from tests.hostile.links import train

ENCODINGS = ("utf-8", "utf-8", "utf-8-sig", "utf-16", "latin-1", "cp1252", "utf-32", "utf-16-le")
CELLS = (
    "1", "2", "3.5", "-1", "1e3", "1,5", "1.234", "1,234", "1.234,5", "1 234", "1'234", "NA", "n/a", "", "?", "-",
    "inf",
    "a", "b", "yes", "2020-01-01", "12:30", "50%", "$5", "=1+1", '"', "'1", "1e999", "٣", "#DIV/0!", "nan", "TRUE",
)  # fmt: skip


def case(random: Random) -> Case:
    """Return a table, as text or as bytes."""
    written = _content(random)
    content: str | bytes = written
    if random.random() < 0.5:
        content = written.encode(random.choice(ENCODINGS), "replace")
        if random.random() < 0.2:
            at = random.randrange(len(content) + 1)
            content = content[:at] + random.randbytes(random.choice((1, 3, 200))) + content[at:]
    n_bytes = len(content) if isinstance(content, bytes) else len(content.encode("utf-8", "replace"))
    return Case(f"{len(content)} × {content!r:.200}", n_bytes, lambda: read_table(content), _use)


def _content(random: Random) -> str:
    kind = random.random()
    if kind < 0.2:
        return values.long_text(random, 400_000)
    if kind < 0.3:
        return "\n".join(values.text(random) for _ in range(random.choice((1, 5, 40))))
    separator, end = (
        random.choice((",", ";", "\t", "|", " ", ", ", "  ", ":")),
        random.choice(("\n", "\r\n", "\r", "\n\n")),
    )
    n_rows, n_columns = random.choice((1, 3, 20, 20, 200, 3000)), random.choice((1, 2, 3, 5, 20, 60))
    honest = [_column(random, n_rows) for _ in range(n_columns)]
    rows = [[column[k] for column in honest] for k in range(n_rows)]
    if random.random() < 0.7:
        rows.insert(
            0,
            [random.choice(("x", "y", "name", "", "x", values.text(random, 2))) + str(k % 7) for k in range(n_columns)],
        )
    for _ in range(random.choice((0, 0, 1, 5, 50))):
        row = random.choice(rows)
        what = random.random()
        if what < 0.6 and row:
            row[random.randrange(len(row))] = random.choice(CELLS)
        elif what < 0.7 and row:
            row.pop()
        elif what < 0.8:
            row.append("1")
        elif what < 0.9 and row:
            row[0] = values.long_text(random, 100_000)
        elif row:
            row[-1] = values.text(random)
    return end.join(separator.join(row) for row in rows) + random.choice(("", end))


def _column(random: Random, n: int) -> list[str]:
    kind = random.random()
    if kind < 0.3:
        return [random.choice(("red", "green", "blue")) for _ in range(n)]
    if kind < 0.4:
        return [random.choice(CELLS) for _ in range(n)]
    if kind < 0.5:
        return [f"{random.uniform(0, 1e6):,.2f}" if random.random() < 0.9 else "" for _ in range(n)]
    scale = 10.0 ** random.choice((-300, -5, 0, 3, 12, 300))
    return [repr(random.gauss(0, 1) * scale) for _ in range(n)]


def _use(table: Any) -> None:
    assert isinstance(table, Table)
    for column in table.columns:
        assert column.name.isprintable()
        assert len(column.name) <= 40
        assert len(column.texts) == table.n_rows
    for note in table.notes:
        assert note.isprintable(), note
    for missing in ("drop", "fill"):
        try:
            data = from_table(table, missing=missing)
        except (TypeError, ValueError) as error:  # there is nothing to learn from
            if fault := fault_of(str(error)):
                raise AssertionError(f"{fault}: {error}") from error
        else:
            assert np.isfinite(data.X).all()
            assert all(note.isprintable() for note in data.notes), data.notes
    for kind in (own_data.OWN, own_data.TABLE):
        try:
            config = _config(table, kind)
        except (TypeError, ValueError) as error:  # these columns can't be learned from
            if fault := fault_of(str(error)):
                raise AssertionError(f"{fault}: {error}") from error
        else:
            train(config)


def _config(table: Table, kind: str) -> ExperimentConfig:
    as_table = kind == own_data.TABLE
    guessed = guess(table, own_data.MAX_COLUMNS) if as_table else guess(table)
    if not guessed.inputs:
        raise ValueError("inputs must be at least one column.")
    data, notes = choose(table, guessed.inputs, guessed.target, guessed.task, not as_table, "drop", as_table=as_table)
    assert all(note.isprintable() for note in notes)
    points = own_data.encode(data, target=data.name, as_table=True) if as_table else own_data.encode(data)
    return ExperimentConfig(dataset=kind, points=points, hidden_sizes=(2,))
