"""Execute a notebook's code, with or without its pictures."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import sys
import types
from typing import Any

import pytest

from nnplay.experiment.export.notebooks.cells import code_of


def executed(notebook: str, with_pictures: bool = False) -> dict[str, Any]:
    """Return what a notebook has defined in the end; whatever it asserts holds. Pictures take longer than training."""
    space: dict[str, Any] = {}
    stand_ins = {} if with_pictures else {name: types.ModuleType(name) for name in ("matplotlib", "matplotlib.pyplot")}
    with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(io.StringIO()):
        for name, module in stand_ins.items():
            patch.setitem(sys.modules, name, module)
        if stand_ins:
            patch.setattr(stand_ins["matplotlib"], "pyplot", stand_ins["matplotlib.pyplot"], raising=False)
        for number, cell in enumerate(code_of(notebook)):
            if with_pictures or "plt.subplots" not in cell:
                exec(compile(cell, f"<cell {number}>", "exec"), space)
    return space


def needed(name: str, requirements: str = "requirements-dev.txt") -> Any:
    """Return a package that only tests need; without it the test is skipped, except where CI=true."""
    try:
        return importlib.import_module(name)
    except ImportError:
        sentence = f"{name} isn't installed: pip install -r {requirements}"
        if os.environ.get("CI") == "true":
            pytest.fail(sentence)
        pytest.skip(sentence)


def largest_difference(space: dict[str, Any]) -> float:
    """Return by which share a number of an executed notebook differs most from what the page showed."""
    shown, found = space["page_showed"], space["found"]
    return max(abs(found[name] - value) / max(abs(value), 1e-300) for name, value in shown.items())
