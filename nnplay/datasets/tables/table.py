"""What a table is once it has been read: columns of equal length, how they were read, and what was done to them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnplay import limits
from nnplay.datasets.names import one_line
from nnplay.datasets.tables.writing import unguarded
from nnplay.validation import choice

MAX_BYTES = limits.megabytes("upload_megabytes")
MAX_ROWS = 10_000
MAX_COLUMNS = 50
#: Up to so many different cells of a column are told apart as words.
_FEW_WORDS = 1000
#: From here on different whole numbers are the same float.
_LARGEST_EXACT = 2.0**53
_LEADING_ZERO = re.compile(r"\s*'?[+-]?0\d+\s*\Z")


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    Attributes
    ----------
    separator : str
        What stands between two cells. One blank means any number of blanks and tabs, two mean a tab or at least two
        blanks, so that words of a cell may be parted by one.
    decimal : str
        The decimal sign, ``"."`` or ``","``.
    thousands : str
        What groups the digits of a number; empty where nothing does.
    header : bool
        Whether names stand above the values.
    skip : int
        How many lines before the table are left out.
    encoding : str
        How bytes become letters; ``"text"`` where there were none to decode.
    missing : tuple of str
        What stands for a missing value, in small letters. An empty cell always does.
    row_names : bool
        Whether the first column names the rows and the header has no name for it, as R writes tables.
    quote, escape : str
        What encloses a cell, and what stands before a quotation mark that doesn't end it; empty: nothing.
    """

    separator: str = ","
    decimal: str = "."
    thousands: str = ""
    header: bool = True
    skip: int = 0
    encoding: str = "utf-8"
    missing: tuple[str, ...] = ()
    row_names: bool = False
    quote: str = '"'
    escape: str = ""


@dataclass(frozen=True)
class Doubt:
    """A second reading that a table leaves open.

    Attributes
    ----------
    sentence : str
        Which reading was taken, and what the other one is.
    options : dict
        What :func:`nnplay.datasets.read_table` is told to take it.
    """

    sentence: str
    options: dict[str, Any]


@dataclass(frozen=True)
class Column:
    """A column of a table.

    Attributes
    ----------
    name : str
        On one line, at most 40 characters, like no other column's.
    texts : tuple of str
        Its cells as written.
    missing : ndarray of bool, shape (n_rows,)
        Where a cell is empty, or holds what stands for a missing value.
    numbers : ndarray of float64, shape (n_rows,), or None
        Its cells as numbers, NaN where one is missing or can't be read as one; None for a column of words.
    """

    name: str
    texts: tuple[str, ...]
    missing: NDArray[np.bool_]
    numbers: NDArray[np.float64] | None

    @property
    def is_numeric(self) -> bool:
        """Whether it holds numbers."""
        return self.numbers is not None

    @cached_property
    def words(self) -> list[str]:
        """The cells on one line and without a spreadsheet's guard; what is missing is empty."""
        cleaned = {text: one_line(unguarded(text.strip())) for text in set(self.texts)}
        return ["" if gap else cleaned[text] for text, gap in zip(self.texts, self.missing.tolist(), strict=True)]

    @cached_property
    def counts(self) -> Counter[str]:
        """In how many rows each different word is, apart from those where it is missing."""
        return Counter(word for word, gap in zip(self.words, self.missing.tolist(), strict=True) if not gap)

    @cached_property
    def is_written_in_digits(self) -> bool:
        """Whether what can be read as numbers is labels: one has a leading zero, or more digits than a number holds."""
        if self.numbers is None:
            return False
        return bool((np.abs(self.numbers) >= _LARGEST_EXACT).any()) or any(map(_LEADING_ZERO.match, self.texts))

    @cached_property
    def n_known(self) -> int:
        """In how many rows it has a value."""
        return int(np.count_nonzero(~self.missing if self.numbers is None else ~np.isnan(self.numbers)))

    @cached_property
    def n_values(self) -> int:
        """How many different values it has; labels that are written in digits are told apart as they are written."""
        if self.numbers is None or self.is_written_in_digits:
            raw = set(self.texts)
            # Of so many it is of no interest which ones differ by a blank at their end alone.
            return len(self.counts) if len(raw) <= _FEW_WORDS else len(raw) - bool(self.missing.any())
        return len(np.unique(self.numbers[~np.isnan(self.numbers)]))


@dataclass(frozen=True)
class Table:
    """Columns of equal length.

    Attributes
    ----------
    columns : tuple of Column
    notes : list of str
        What was done to read them, a sentence each.
    dialect : Dialect
        How the table was read.
    doubts : tuple of Doubt
        Other readings, where the content leaves them open; the notes say which one was taken.
    """

    columns: tuple[Column, ...]
    notes: list[str] = field(default_factory=list)
    dialect: Dialect = Dialect()
    doubts: tuple[Doubt, ...] = ()

    @property
    def n_rows(self) -> int:
        """Number of rows, the header apart."""
        return len(self.columns[0].texts)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """Return the column of that name.

        Raises
        ------
        ValueError
            If there is none; it names those there are.
        """
        return self.columns[self.names.index(choice("column", name, self.names))]
