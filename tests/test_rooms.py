"""The rooms of the browser's side: what is in a folder of ``static``, and which way its modules' imports go."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from nnplay.ui.way_in import bundle

STATIC = Path(__file__).parent.parent / "static"
MAX_FILES = 16

#: Modules that are named, by an import, a later one, or in a type.
_NAMED = re.compile(r"(?:\bfrom |\bimport\()'(\.[^']+\.js)'")

#: What each folder may import from, besides itself.
ALLOWED = {
    "kit": set(),
    "glossary": {"kit"},
    "messages": set(),
    "plot": {"kit"},
    "network": {"kit", "plot", "messages"},
    "pad": {"kit", "messages", "network"},
    "picker": {"kit"},
    "share": {"glossary", "kit"},
    "lessons": {"glossary", "kit", "messages", "network"},
    "replay": {"glossary", "kit", "messages", "network", "plot", "stage"},
    "entry": {
        "compare",
        "glossary",
        "kit",
        "lessons",
        "messages",
        "pad",
        "picker",
        "plot",
        "replay",
        "share",
        "stage",
        "steps",
        "take_away",
    },
    "stage": {"glossary", "kit", "lessons", "messages", "plot", "network", "pad"},
    "steps": {"glossary", "kit", "messages", "network", "stage"},
    "take_away": {"kit", "messages", "plot", "stage"},
    "compare": {"glossary", "kit", "lessons", "messages", "plot", "network", "stage"},
}


def modules() -> list[Path]:
    return [path for path in bundle.sources() if path.suffix == ".js"]


def named_in(path: Path) -> set[Path]:
    """Return the modules that a module imports or takes a type from."""
    return {(path.parent / name).resolve() for name in _NAMED.findall(path.read_text(encoding="utf-8"))}


def circle_in(arrows: Mapping[Path, Iterable[Path]]) -> list[str]:
    """Return a circle of these arrows, in words; empty where there is none."""
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        return [path.relative_to(STATIC).as_posix() for path in error.args[1]]
    return []


def test_what_a_module_names_exists() -> None:
    there = set(modules())
    assert len(there) > 100
    missing = {f"{path.relative_to(STATIC)}: {name}" for path in there for name in named_in(path) - there}
    assert missing == set()


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert circle_in({path: named_in(path) for path in modules()}) == []


def test_no_folders_import_each_other_in_a_circle() -> None:
    arrows: dict[Path, set[Path]] = {}
    for path in modules():
        arrows.setdefault(path.parent, set()).update({name.parent for name in named_in(path)} - {path.parent})
    assert circle_in(arrows) == []


def test_a_circle_is_found() -> None:
    a, b = STATIC / "a.js", STATIC / "b.js"
    assert circle_in({a: [b], b: [a]}) in (["a.js", "b.js", "a.js"], ["b.js", "a.js", "b.js"])


@pytest.mark.parametrize("room", sorted({path.relative_to(STATIC).parts[0] for path in modules()}))
def test_imports_go_one_way(room: str) -> None:
    named = {name for path in (STATIC / room).rglob("*.js") for name in named_in(path)}
    assert {name.relative_to(STATIC).parts[0] for name in named} <= {room} | ALLOWED[room]


def test_no_folder_is_a_heap() -> None:
    folders = [STATIC, *(path for path in STATIC.rglob("*") if path.is_dir())]
    counts = {str(folder.relative_to(STATIC)): sum(path.is_file() for path in folder.iterdir()) for folder in folders}
    assert {folder: count for folder, count in counts.items() if count > MAX_FILES} == {}
