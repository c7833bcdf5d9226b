"""The kinds of hostile input, each a module that makes pieces of it."""

from __future__ import annotations

from random import Random

from tests.hostile import api, assignments, files, formulas, lessons, links, pages, requests, tables
from tests.hostile.case import Case

_MODULES = {
    "tables": tables, "links": links, "files": files, "formulas": formulas, "api": api, "requests": requests,
    "assignments": assignments, "lessons": lessons, "pages": pages,
}  # fmt: skip
KINDS = tuple(_MODULES)


#: Of pages, which take long to draw, there is one piece where there are so many of another kind.
PIECES_A_PAGE = 25


def pieces_of(kind: str, count: int) -> int:
    """Return how many pieces of a kind there are where there are `count` of the others."""
    return -(-count // PIECES_A_PAGE) if kind == "pages" else count


def case_of(kind: str, seed: int, number: int) -> Case:
    """Return one piece of a kind: the same for the same numbers."""
    return _MODULES[kind].case(Random(f"{kind} {seed} {number}"))
