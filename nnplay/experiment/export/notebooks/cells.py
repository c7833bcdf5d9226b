"""Cells, and the notebook that they make: JSON as nbformat 4.5 has it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook.

    Attributes
    ----------
    kind : {"markdown", "code"}
    text : str
    is_folded : bool
        Whether its text is folded away at first: there is nothing to read in it.
    """

    kind: Literal["markdown", "code"]
    text: str
    is_folded: bool = False


def words(text: str) -> Cell:
    """Return a cell of words; lines may be indented as the code is that they stand in."""
    return Cell("markdown", textwrap.dedent(text).strip())


def code(*lines: str | Iterable[str], is_folded: bool = False) -> Cell:
    """Return a cell of code."""
    return Cell("code", joined(*lines), is_folded)


def joined(*lines: str | Iterable[str]) -> str:
    """Return lines, or lists of lines, as one text."""
    flat = [line for each in lines for line in ([each] if isinstance(each, str) else each)]
    return "\n".join(flat).strip("\n")


def literal(value: object) -> str:
    """Return a value as Python writes it, texts in double quotes."""
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, (tuple, list)):
        inner = ", ".join(map(literal, value))
        return f"[{inner}]" if isinstance(value, list) else f"({inner}{',' * (len(value) == 1)})"
    return repr(value)


def to_json(cells: Iterable[Cell]) -> str:
    """Return the notebook as its file has it."""
    told = [_told(number, cell) for number, cell in enumerate(cells)]
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    notebook = {"cells": told, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(notebook, indent=1, ensure_ascii=False, allow_nan=False)


def code_of(notebook: str) -> list[str]:
    """Return the code of a notebook's cells, in order."""
    return ["".join(cell["source"]) for cell in json.loads(notebook)["cells"] if cell["cell_type"] == "code"]


def _told(number: int, cell: Cell) -> dict[str, Any]:
    told: dict[str, Any] = {
        "cell_type": cell.kind,
        "id": f"cell-{number}",
        "metadata": {"jupyter": {"source_hidden": True}} if cell.is_folded else {},
        "source": cell.text.splitlines(keepends=True),
    }
    return told | ({"execution_count": None, "outputs": []} if cell.kind == "code" else {})
