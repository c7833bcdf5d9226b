"""Which way the imports go, and how long a file may be."""

from __future__ import annotations

import ast
import graphlib
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import ROOT

MAX_LINES = 500
MAX_FILES = 16

LEAVES = {
    "nnplay.app_files", "nnplay.attributes", "nnplay.refusal", "nnplay.validation", "nnplay.registry",
    "nnplay.random_streams", "nnplay.wording", "nnplay.limits",
}  # fmt: skip

#: What each part may import: packages of others, and parts of nnplay besides itself and the leaves.
ALLOWED: dict[str, tuple[set[str], set[str]]] = {
    "nnplay.validation": ({"numpy"}, set()),
    "nnplay.app_files": (set(), set()),
    "nnplay.attributes": (set(), set()),
    "nnplay.refusal": (set(), set()),
    "nnplay.registry": (set(), set()),
    "nnplay.random_streams": ({"numpy"}, set()),
    "nnplay.wording": (set(), set()),
    "nnplay.limits": (set(), set()),
    "nnplay.engine": ({"numpy"}, set()),
    "nnplay.datasets": ({"clevercsv", "numpy", "pyarrow", "simpleeval", "sklearn"}, set()),
    "nnplay.experiment": (
        {"numpy", "sklearn", "joblib", "threadpoolctl", "distributed", "tqdm"},
        {"nnplay.engine", "nnplay.datasets"},
    ),
    "nnplay.estimators": (
        {"numpy", "sklearn"},
        {"nnplay.engine", "nnplay.datasets", "nnplay.experiment"},
    ),
    "nnplay.doctor": (set(), {"nnplay.experiment"}),
    "nnplay.sweep": ({"numpy"}, {"nnplay.experiment"}),
    "nnplay.server": ({"numpy"}, {"nnplay.engine", "nnplay.datasets", "nnplay.experiment"}),
    "nnplay.export": (set(), {"nnplay.experiment", "nnplay.server"}),
    "nnplay.figures": ({"numpy", "plotly"}, set()),
    "nnplay.plots": (
        {"numpy", "plotly"},
        {"nnplay.engine", "nnplay.datasets", "nnplay.experiment", "nnplay.figures"},
    ),
    "nnplay.articles": (
        {"numpy", "sklearn", "threadpoolctl"},
        {"nnplay.engine", "nnplay.datasets", "nnplay.experiment"},
    ),
    "nnplay.lessons": (
        {"numpy", "yaml"},
        {"nnplay.engine", "nnplay.datasets", "nnplay.experiment", "nnplay.server"},
    ),
    "nnplay.assignments": (
        {"numpy"},
        {"nnplay.datasets", "nnplay.experiment", "nnplay.server"},
    ),
    "nnplay.check": ({"threadpoolctl"}, {"nnplay.assignments"}),
    "nnplay.__main__": (set(), {"nnplay.__version__"}),
}

MODULES = sorted((ROOT / "nnplay").rglob("*.py"))


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports_of(source: str, module: str, is_package: bool) -> Iterator[str]:
    """Yield the full name of everything that `source` imports, wherever in it."""
    package = module if is_package else module.rpartition(".")[0]
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) + 1 - node.level] if node.level else []
            name = ".".join([*base, *([node.module] if node.module else [])])
            # "from nnplay import engine" imports nnplay.engine; of other modules the parts are names or submodules.
            yield from (f"{name}.{alias.name}" for alias in node.names)


def is_in(name: str, part: str) -> bool:
    return name == part or name.startswith(part + ".")


def offences(path: Path, source: str) -> list[str]:
    """Return the imports in `source` that the part that `path` belongs to may not have."""
    module = module_name(path)
    part = next((part for part in ALLOWED if is_in(module, part)), None)
    if part is None:
        return []
    packages, parts = ALLOWED[part]
    found = []
    for name in imports_of(source, module, path.name == "__init__.py"):
        top = name.partition(".")[0]
        if top == "nnplay":
            fine = any(is_in(name, allowed) for allowed in ({part} | parts | LEAVES))
        else:
            fine = top in packages or top in sys.stdlib_module_names
        if not fine:
            found.append(name)
    return found


@pytest.mark.parametrize("path", MODULES, ids=module_name)
def test_imports_go_one_way(path: Path) -> None:
    assert offences(path, path.read_text(encoding="utf-8")) == []


def imported_modules(path: Path, known: set[str]) -> set[str]:
    """Return which modules of `known` a file imports: type-only imports, and those inside functions, too."""
    module = module_name(path)
    names = set(imports_of(path.read_text(encoding="utf-8"), module, path.name == "__init__.py"))
    # What is no module is a name in one.
    found = {name if name in known else name.rpartition(".")[0] for name in names}
    return (found & known) - {module}


def circle_in(paths: list[Path]) -> list[str]:
    """Return the modules of a circle of imports, the first one at the end again; empty where there is none."""
    known = set(map(module_name, paths))
    try:
        graphlib.TopologicalSorter({module_name(path): imported_modules(path, known) for path in paths}).prepare()
    except graphlib.CycleError as error:
        return list(error.args[1])
    return []


def test_no_imports_go_in_a_circle() -> None:
    assert circle_in(MODULES) == []


@pytest.mark.parametrize(
    "back",
    [
        "from nnplay.b import B",
        "from nnplay import b",
        "import nnplay.b",
        "def f():\n    from nnplay.b import B",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from nnplay.b import B",
    ],
)
def test_a_circle_is_found(back: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules[__name__], "ROOT", tmp_path)
    (tmp_path / "nnplay").mkdir()
    files = {"a": back, "b": "from nnplay.c import C", "c": "from .a import A", "d": "from nnplay.a import A"}
    paths = [tmp_path / "nnplay" / f"{name}.py" for name in files]
    for path in paths:
        path.write_text(files[path.stem], encoding="utf-8")
    assert set(circle_in(paths)) == {"nnplay.a", "nnplay.b", "nnplay.c"}
    assert circle_in(paths[1:]) == []


@pytest.mark.parametrize("top", ["nnplay", "pages", "benchmarks"])
def test_no_folder_holds_more_files_than_one_can_look_over(top: str) -> None:
    folders = [folder for folder in (ROOT / top, *(ROOT / top).rglob("*")) if folder.is_dir()]
    counts = {
        str(folder.relative_to(ROOT)): sum(path.is_file() for path in folder.iterdir())
        for folder in folders
        if "__pycache__" not in folder.parts
    }
    assert counts
    assert {folder: count for folder, count in counts.items() if count > MAX_FILES} == {}


def test_every_part_of_nnplay_has_a_rule() -> None:
    parts = {f"nnplay.{path.stem}" for path in (ROOT / "nnplay").iterdir() if path.suffix == ".py" or path.is_dir()}
    assert parts - set(ALLOWED) <= {"nnplay.__init__", "nnplay.__pycache__", "nnplay.ui"}


@pytest.mark.parametrize(
    ("file", "source", "caught"),
    [
        ("nnplay/engine/network.py", "import streamlit as st", "streamlit"),
        ("nnplay/engine/network.py", "from sklearn.datasets import make_moons", "sklearn.datasets.make_moons"),
        ("nnplay/engine/network.py", "from nnplay import datasets", "nnplay.datasets"),
        (
            "nnplay/engine/network.py",
            "def f():\n    from nnplay.experiment.config.config import LIVE_FIELDS",
            "LIVE_FIELDS",
        ),
        ("nnplay/engine/network.py", "from ..experiment.training import session", "nnplay.experiment.training.session"),
        ("nnplay/engine/network.py", "import nnplay", "nnplay"),
        ("nnplay/datasets/dataset.py", "from nnplay.engine import Network", "nnplay.engine.Network"),
        ("nnplay/experiment/training/session.py", "import plotly.graph_objects as go", "plotly.graph_objects"),
        ("nnplay/experiment/training/session.py", "from nnplay.ui import state", "nnplay.ui.state"),
        ("nnplay/figures/loss.py", "from nnplay.engine import Network", "nnplay.engine.Network"),
        ("nnplay/registry.py", "import numpy", "numpy"),
    ],
)
def test_an_arrow_that_goes_the_wrong_way_is_caught(file: str, source: str, caught: str) -> None:
    (offence,) = offences(ROOT / file, source)
    assert offence.endswith(caught)


def test_only_the_user_interface_imports_streamlit() -> None:
    for path in MODULES:
        names = list(imports_of(path.read_text(encoding="utf-8"), module_name(path), path.name == "__init__.py"))
        if any(is_in(name, "streamlit") for name in names):
            assert is_in(module_name(path), "nnplay.ui")
        assert not any(is_in(name, part) for name in names for part in ("pages", "app", "tests"))


def test_the_feed_can_be_tested_without_streamlit() -> None:
    source = (ROOT / "nnplay/server/stage_feed.py").read_text(encoding="utf-8")
    assert not any(is_in(name, "streamlit") for name in imports_of(source, "nnplay.server.stage_feed", False))


def test_importing_nnplay_loads_no_user_interface() -> None:
    code = "import sys, nnplay; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    loaded = set(done.stdout.split())
    assert "nnplay" in loaded
    assert not loaded & {"streamlit", "plotly", "matplotlib", "pandas", "sklearn", "tqdm"}


def test_no_file_is_too_long_to_read() -> None:
    files = [
        *(path for folder in ("nnplay", "pages") for path in (ROOT / folder).rglob("*.py")),
        *(
            path
            for path in (ROOT / "static").rglob("*")
            if path.suffix in (".js", ".css", ".html") and not {"vendor", "bundle"} & set(path.parts)
        ),
    ]
    assert len(files) > 40
    lengths = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    assert {name: length for name, length in lengths.items() if length > MAX_LINES} == {}
