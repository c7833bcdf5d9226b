"""Which library finds the dialect of a table: CleverCSV, DuckDB's sniff_csv, pandas and Python's own csv.Sniffer.

    pip install duckdb             # the others are there
    python benchmarks/tables.py    # about a minute

Three things are compared, each library in its own words:

- Separators: on how many tables it names the one that the table was written with. Generated tables (``tests/
  generated_tables.py``: random separator, grouping, decimal sign, header, gaps, quoting) are given in UTF-8, so that
  encodings don't count. With a folder of files as ``--cases``, also on these, where a file's separator is the one that
  nnplay reads it by. Runs of blanks count as a blank, and so do doubled tabs: where a library has no word for them, a
  tab or a blank are taken, too.
- Values: on how many generated tables every number and word comes out as it was written, decimal sign, grouping and
  all. CleverCSV and csv.Sniffer only say how cells are parted; they have no such figure.
- Cost: on texts that are made to be costly, of two lengths. Linear cost is 4 times as much for 4 times the length.

A library that isn't installed is left out. Times are CPU times of the process, DuckDB's threads
included.
"""

import os

os.environ.update(OPENBLAS_NUM_THREADS="1")

import argparse
import contextlib
import csv
import importlib.util
import io
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parent.parent))

from nnplay.datasets import read_table
from nnplay.datasets.tables import dialects
from tests.datasets.generated_tables import Generated, generated

HAS_DUCKDB = importlib.util.find_spec("duckdb") is not None


def by_clevercsv(text: str) -> str:
    import clevercsv

    found = clevercsv.Sniffer().sniff(text)
    return found.delimiter or "" if found else ""


def by_sniffer(text: str) -> str:
    return csv.Sniffer().sniff(text).delimiter


def by_pandas(text: str) -> str:
    """pandas looks at the first line with csv.Sniffer."""
    return csv.Sniffer().sniff(text.split("\n", 1)[0]).delimiter


def by_duckdb(text: str) -> str:
    import duckdb

    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        return duckdb.connect().execute(f"SELECT Delimiter FROM sniff_csv('{file.name}')").fetchall()[0][0]


def by_nnplay(text: str) -> str:
    return read_table(text).dialect.separator


def proposed(text: str) -> str:
    """What our reader asks CleverCSV: of a short sample, without long runs."""
    form = dialects.propose(text)
    return form.separator if form else ""


FINDERS: dict[str, Callable[[str], str]] = {
    "nnplay": by_nnplay,
    "CleverCSV, as asked by nnplay": proposed,
    "CleverCSV": by_clevercsv,
    **({"DuckDB sniff_csv": by_duckdb} if HAS_DUCKDB else {}),
    "csv.Sniffer": by_sniffer,
    "pandas, sep=None": by_pandas,
}


def is_right(find: Callable[[str], str], text: str, separator: str) -> bool:
    try:
        found = find(text)
    except Exception:  # whatever a library raises: it has not found it
        return False
    blank = {" ", "  ", "\t"}
    return found == separator or ("  " in (found, separator) and {found, separator} <= blank)


def separators(tables: list[tuple[str, str]]) -> dict[str, int]:
    return {name: sum(is_right(find, *table) for table in tables) for name, find in FINDERS.items()}


# --- values -------------------------------------------------------------------------------------------------


def are_equal(columns: list[list[object]], written: Generated) -> bool:
    if len(columns) != len(written.columns):
        return False
    for got, wanted in zip(columns, written.columns.values(), strict=True):
        if len(got) != len(wanted):
            return False
        if isinstance(wanted[0], str):
            if list(got) != wanted:
                return False
        else:
            try:
                numbers = np.array(got, dtype=float)
            except (TypeError, ValueError):
                return False
            if not np.array_equal(numbers, wanted, equal_nan=True):
                return False
    return True


def values_nnplay(table: Generated) -> list[list[object]]:
    columns = read_table(table.content).columns
    return [list(c.texts) if c.numbers is None else c.numbers.tolist() for c in columns]


def values_pandas(table: Generated) -> list[list[object]]:
    import pandas

    frame = pandas.read_csv(io.StringIO(table.text), sep=None, engine="python")
    return [frame[name].tolist() for name in frame]


def values_duckdb(table: Generated) -> list[list[object]]:
    import duckdb

    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        file.write(table.text)
        file.flush()
        rows = duckdb.connect().execute(f"SELECT * FROM read_csv('{file.name}')").fetchall()
    return [[np.nan if cell is None else cell for cell in column] for column in zip(*rows, strict=True)]


READERS: dict[str, Callable[[Generated], list[list[object]]]] = {
    "nnplay": values_nnplay,
    "pandas, sep=None": values_pandas,
    **({"DuckDB sniff_csv": values_duckdb} if HAS_DUCKDB else {}),
}


def n_read(read: Callable[[Generated], list[list[object]]], tables: list[Generated]) -> int:
    count = 0
    for table in tables:
        try:
            count += are_equal(read(table), table)
        except Exception:
            continue
    return count


# --- cost ---------------------------------------------------------------------------------------------------

COSTLY: dict[str, Callable[[int], str]] = {
    '"1" × n + "x"': lambda n: "1" * n + "x",
    '"a." × n/2': lambda n: "a." * (n // 2),
    '"-1.1e" × n/5': lambda n: "-1.1e" * (n // 5),
    "'\",' × n/2": lambda n: '",' * (n // 2),
    '"," × n': lambda n: "," * n,
}


def seconds(find: Callable[[str], str], text: str) -> float:
    start = time.process_time()
    with contextlib.suppress(Exception):
        find(text)
    return time.process_time() - start


def largest() -> str:
    """Return the largest table that is allowed: 10 000 rows of 50 columns, nearly 5 MB."""
    rng = np.random.default_rng(0)
    header = ",".join(f"c{k}" for k in range(50))
    return header + "\n" + "\n".join(",".join(f"{v:.6f}" for v in row) for row in rng.random((10_000, 50))) + "\n"


# --- the table ----------------------------------------------------------------------------------------------


def start_up(name: str, module: str) -> str:
    code = f"import time, numpy; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
    times = [float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout) for _ in "123"]
    from importlib.metadata import files

    paths = [Path(str(file.locate())) for file in files(name) or ()]
    size = sum(path.stat().st_size for path in paths if path.exists())
    return f"{size / 1e6:6.1f} MB installed, imported in {min(times):.2f} s"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--cases", type=Path, help="a folder of files to compare the separators of, too")
    parser.add_argument("--tables", type=int, default=500, help="how many generated tables")
    asked = parser.parse_args()

    tables = [generated(seed) for seed in range(asked.tables)]
    right = separators([(table.text, table.separator) for table in tables])
    cases: dict[str, int] = {}
    files = sorted(p for p in asked.cases.iterdir() if p.suffix != ".md") if asked.cases else []
    if files:
        known = [read_table(path.read_bytes()).dialect for path in files]
        texts = [
            path.read_bytes().decode({"utf-16-le": "utf-16", "utf-32-le": "utf-32"}.get(d.encoding, d.encoding))
            for path, d in zip(files, known, strict=True)
        ]
        cases = separators([(text, d.separator) for text, d in zip(texts, known, strict=True)])
    print(f"\n{'':32} separators of {asked.tables} generated tables" + (f", of {len(files)} files" if files else ""))
    for name, count in right.items():
        print(f"{name:32} {count:10}" + (f"{cases[name]:30}" if files else ""))

    print(f"\n{'':32} of these, every value as it was written")
    for name, read in READERS.items():
        print(f"{name:32} {n_read(read, tables):10}")

    for lengths, names in (((2_000, 8_000), [*FINDERS]), ((100_000, 400_000), ["nnplay", "DuckDB sniff_csv"])):
        print(f"\n{f'seconds, of {lengths[0]:,} and {lengths[1]:,}':32}" + "".join(f"{name:>20}" for name in COSTLY))
        for name in names:
            if name in FINDERS:
                costs = [[seconds(FINDERS[name], make(n)) for n in lengths] for make in COSTLY.values()]
                print(f"{name:32}" + "".join(f"{short:10.3f} {long:9.3f}" for short, long in costs), flush=True)

    text = largest()
    times = []
    for _ in range(5):
        start = time.thread_time()
        read_table(text)
        times.append(time.thread_time() - start)
    print(f"\nnnplay reads the largest table, 10 000 × 50 of {len(text) / 1e6:.1f} MB, in {min(times):.2f} s")
    print(f"CleverCSV: {start_up('clevercsv', 'clevercsv')}")
    if HAS_DUCKDB:
        print(f"DuckDB:    {start_up('duckdb', 'duckdb')}")


if __name__ == "__main__":
    main()
