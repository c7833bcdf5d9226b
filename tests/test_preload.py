"""What the browser is told to fetch ahead: every file of the page's stage, and no other page's."""

from __future__ import annotations

import json
import re

import pytest

from nnplay.server.training_pages import PLACES
from nnplay.ui.stage import preload


def files_of(page: str) -> dict[str, list[str]]:
    found = re.search(r"Object\.entries\((.*?)\)\) \{", preload._script(page))
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize("page", PLACES)
def test_all_files_of_a_page_are_named_and_exist(page: str) -> None:
    files = files_of(page)
    assert f"stage/page_{page}.js" in files["module"]
    assert "stage/player.js" in files["module"]  # which the stage imports, and the list above doesn't name
    assert not [file for some in files.values() for file in some if not (preload.STATIC / file).is_file()]
    sheets = re.findall(r"'([\w./]+\.css)'", (preload.STATIC / "stage/index.js").read_text(encoding="utf-8"))
    assert sorted(files["style"]) == sorted(f"stage/{name}".replace("stage/../", "") for name in sheets)


def test_no_page_fetches_what_only_another_one_shows() -> None:
    assert "stage/mistakes.js" in files_of("digits")["module"]
    assert "stage/mistakes.js" not in files_of("playground")["module"]
    assert "stage/diagram.js" in files_of("playground")["module"]
    assert "stage/diagram.js" not in files_of("tabular")["module"]


def test_every_module_is_some_page_s() -> None:
    folders = ("kit", "stage", "pad", "picker", "share")
    there = {f"{folder}/{path.name}" for folder in folders for path in (preload.STATIC / folder).glob("*.js")}
    entries = [f"stage/page_{page}.js" for page in PLACES]
    entries += [
        "stage/index.js",
        "stage/stage.js",
        "pad/index.js",
        "picker/picker.js",
        "share/hall.js",
        "share/share.js",
    ]
    assert preload.with_imports(entries) == there
