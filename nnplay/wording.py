"""Small things of English that sentences for people need."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any


def counted(n: int, noun: str, plural: str = "") -> str:
    """Return so many of a thing in words: "1 epoch", "2,000 epochs"."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"


def in_words(size: float) -> str:
    """Return a large number as people say it: "31,000", "3.1 million"; one beyond words as a power of ten."""
    if size >= 1e15:
        return f"10 to the power of {math.floor(math.log10(size))}"
    for unit, name in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if size >= unit:
            return f"{float(f'{size / unit:.2g}'):g} {name}"
    return f"{float(f'{size:.2g}'):,.0f}" if size >= 100 else f"{size:.2g}"


@dataclass(frozen=True)
class Help:
    """What a control says: what it is, and what too little and too much look like, or of a choice, when to take it.

    Attributes
    ----------
    what : str
        What it is, in a sentence or two.
    too_little, too_much : str
        What one then sees, of an amount: a sentence each that begins with its condition, "Too small: slow."
    when : str
        Of a choice: which to take, or why one would change it.
    shows : tuple
        The values that show too little and too much, in this order. A dict has several settings, by name.
    """

    what: str
    too_little: str = ""
    too_much: str = ""
    when: str = ""
    shows: tuple[Any, ...] = ()

    @property
    def metadata(self) -> dict[str, Help]:
        """What a field of a dataclass has, so that its widget says it."""
        return {"help": self}

    @property
    def parts(self) -> list[str]:
        """What it says, a part each."""
        return [part for part in (self.what, self.too_little, self.too_much, self.when) if part]

    def __str__(self) -> str:
        """Return all of it, in lines, as Markdown has them."""
        return "\n\n".join(self.parts)
