"""What the documents say of the code is true: the files that they name exist, and every room is in the picture."""

from __future__ import annotations

import importlib.util
import re
from functools import cache
from types import ModuleType

import pytest

from nnplay import limits
from tests import ROOT

DOCUMENTS = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")))
_PATH = re.compile(r"`((?:nnplay|static|tests|docs|pages|benchmarks|deploy|\.ci|\.github|\.streamlit)/[\w./-]*)")


@cache
def rooms() -> ModuleType:
    spec = importlib.util.spec_from_file_location("rooms", ROOT / "docs" / "rooms.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("document", DOCUMENTS)
def test_the_files_that_a_document_names_exist(document: str) -> None:
    named = _PATH.findall((ROOT / document).read_text(encoding="utf-8"))
    assert [name for name in named if not (ROOT / name.rstrip(".")).exists()] == []


def test_every_room_is_in_the_picture_and_says_what_lives_there() -> None:
    page = rooms().PAGE.read_text(encoding="utf-8")
    picture = page.partition(rooms().BEGIN)[2].partition(rooms().END)[0]
    shown = set(re.findall(r"^\| `([\w/]+)` \|", picture, re.MULTILINE))
    there = {room.removeprefix("nnplay.").replace(".", "/") for room in rooms().rooms()} | set(rooms().folders())
    assert shown == there, "python docs/rooms.py draws them anew"
    assert [room for room in rooms().rooms() if len(rooms().sentence(room)) < 10] == []


def test_an_arrow_that_follows_from_others_is_left_out() -> None:
    assert rooms().direct({"a": set(), "b": {"a"}, "c": {"a", "b"}}) == {"a": set(), "b": {"a"}, "c": {"b"}}


def test_contributing_names_each_registry() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for name in ("activations", "losses", "initializers", "optimizers", "regularizers", "schedules"):
        assert f"{name}.py" in text


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_to_files(document: str) -> None:
    text = (ROOT / document).read_text(encoding="utf-8")
    targets = [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]
    files = [target for target in targets if target and "://" not in target]
    assert [target for target in files if not ((ROOT / document).parent / target).exists()] == []


def test_the_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").split()) <= 800


def test_the_limits_are_printed_as_they_are() -> None:
    page = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    assert f"-->\n{limits.table()}\n<!-- end of the limits -->" in page, "python docs/limits.py prints them anew"
