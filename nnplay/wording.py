"""Small things of English that sentences for people need."""

from __future__ import annotations


def counted(n: int, noun: str, plural: str = "") -> str:
    """Return so many of a thing in words: "1 epoch", "2,000 epochs"."""
    return f"{n:,} {noun if n == 1 else plural or noun + 's'}"
