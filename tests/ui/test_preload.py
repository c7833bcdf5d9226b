"""What the browser is told to fetch ahead: every file of the page's stage, and no other page's."""

from __future__ import annotations

import json
import posixpath
import re

import pytest

from nnplay.server.training_pages import TRAINING_PAGES
from nnplay.ui.stage import preload


def files_of(page: str) -> dict[str, list[str]]:
    found = re.search(r"Object\.entries\((.*?)\)\) \{", preload._script(page))
    assert found
    return json.loads(found[1])


@pytest.mark.parametrize("page", TRAINING_PAGES)
def test_all_files_of_a_page_are_named_and_exist(page: str) -> None:
    files = files_of(page)
    assert f"stage/pages/{page}.js" in files["module"]
    assert "stage/player/player.js" in files["module"]  # which the stage imports, and the list above doesn't name
    assert not [file for some in files.values() for file in some if not (preload.STATIC / file).is_file()]
    sheets = re.findall(r"'([\w./]+\.css)'", (preload.STATIC / "stage/index.js").read_text(encoding="utf-8"))
    assert sorted(files["style"]) == sorted(posixpath.normpath(f"stage/{name}") for name in sheets)


def test_no_page_fetches_what_only_another_one_shows() -> None:
    assert "stage/panels/digits/mistakes_panel.js" in files_of("digits")["module"]
    assert "stage/panels/digits/mistakes_panel.js" not in files_of("playground")["module"]
    assert "stage/panels/diagram/diagram_panel.js" in files_of("playground")["module"]
    assert "stage/panels/diagram/diagram_panel.js" not in files_of("tabular")["module"]


def test_every_module_is_some_page_s() -> None:
    modules = (path.relative_to(preload.STATIC).as_posix() for path in preload.STATIC.rglob("*.js"))
    there = {module for module in modules if not module.startswith("vendor/")}
    entries = [f"stage/pages/{page}.js" for page in TRAINING_PAGES]
    entries += [
        "stage/index.js",
        "stage/stage.js",
        "network/worker.js",
        "pad/index.js",
        "picker/picker.js",
        "share/header_buttons.js",
        "share/share.js",
    ]
    assert preload.with_imports(entries) == there
