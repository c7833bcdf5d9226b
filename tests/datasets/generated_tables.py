"""Tables with known values, written in a random dialect: separator, grouping, decimal sign, header, gaps, encoding."""

from __future__ import annotations

import csv
import io
import math
import random
from dataclasses import dataclass
from typing import Any

SEPARATORS = (",", ",", ";", "\t", "|", " ")
GAPS = ("", "NA", "N/A", "?", "null", "NULL", "nan", "-", "#N/A", "NaN")
WORDS = (
    "red",
    "blue",
    "green",
    "New York",
    "São Paulo",
    "a, b",
    "good; bad",
    'say "hi"',
    "Müller",
    "x/y",
    "B-2",
    "yes",
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252")


@dataclass
class Generated:
    """A table as written, and what is in it.

    Attributes
    ----------
    content : bytes
    text : str
        The same, decoded.
    columns : dict
        By name: numbers with NaN for gaps, or words.
    separator, decimal : str
    description : str
    """

    content: bytes
    text: str
    columns: dict[str, list[float] | list[str]]
    separator: str
    decimal: str
    description: str


def generated(seed: int) -> Generated:
    """Return the table of that seed."""
    rng = random.Random(seed)
    separator = rng.choice(SEPARATORS)
    decimal = rng.choice(".,") if separator != "," else rng.choice("...,")
    group = rng.choice(
        ["", "", {".": ",", ",": "."}[decimal], "'"] + ([] if separator == " " else [" ", "\xa0", "\u202f"])
    )
    encoding = "utf-8" if group == "\u202f" else rng.choice(ENCODINGS)
    n_rows, n_columns = rng.randint(8, 60), rng.randint(2, 7)
    gap, gap_share = rng.choice(GAPS), rng.choice([0.0, 0.0, 0.1])
    if separator == " " and gap == "":
        gap = "NA"
    kinds = ["decimal"] + [rng.choice(["decimal", "whole", "words", "large"]) for _ in range(n_columns - 1)]
    header = rng.random() < 0.8
    names = [f"{kind} {k}" if separator != " " else f"{kind}{k}" for k, kind in enumerate(kinds, 1)]
    columns: dict[str, list[float] | list[str]] = {}
    written: list[list[str]] = []
    for k, kind in enumerate(kinds):
        name = names[k] if header else f"column {k + 1}"
        if kind == "words":
            some = rng.sample(WORDS, 3)
            words = [rng.choice(some) for _ in range(n_rows)]
            columns[name] = words
            written.append(list(words))
            continue
        places = rng.randint(1, 4) if kind != "whole" else 0
        span = {"decimal": 900.0, "whole": 90_000.0, "large": 2e6}[kind]
        values = [round(rng.uniform(-0.2, 1) * span, places) for _ in range(n_rows)]
        # A row of nothing but empty cells would be an empty line.
        gaps = [(k > 0 or gap != "") and rng.random() < gap_share for _ in range(n_rows)]
        written.append([gap if g else number(v, places, decimal, group) for v, g in zip(values, gaps, strict=True)])
        columns[name] = [math.nan if g else v for v, g in zip(values, gaps, strict=True)]
    out = io.StringIO()
    quoting: Any = rng.choice([csv.QUOTE_MINIMAL, csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
    writer = csv.writer(out, delimiter=separator, quoting=quoting, lineterminator=rng.choice(["\n", "\r\n"]))
    if header:
        writer.writerow(names)
    writer.writerows(zip(*written, strict=True))
    if rng.random() < 0.15:
        out.write("\n")
    told = f"separator {separator!r}, decimal {decimal!r}, groups {group!r}, {encoding}, header {header}, gap {gap!r}"
    return Generated(out.getvalue().encode(encoding), out.getvalue(), columns, separator, decimal, told)


def number(value: float, places: int, decimal: str, group: str) -> str:
    """Return a number as people write it."""
    text = f"{value:_.{places}f}" if group else f"{value:.{places}f}"
    return text.replace(".", "\0").replace("_", group).replace("\0", decimal)
