"""Generated input, and what must become of it; each kind runs as a command and, in small, in the suite."""

from __future__ import annotations

from random import Random

from tests.hostile import api, files, formulas, links, requests, tables
from tests.hostile.case import Case

_MODULES = {
    "tables": tables, "links": links, "files": files, "formulas": formulas, "api": api, "requests": requests,
}  # fmt: skip
KINDS = tuple(_MODULES)


def case_of(kind: str, seed: int, number: int) -> Case:
    """Return one piece of a kind: the same for the same numbers."""
    return _MODULES[kind].case(Random(f"{kind} {seed} {number}"))
