"""Draw the rooms of the code into docs/architecture.md, from the code: ``.venv/bin/python docs/rooms.py``.

A room is a package of nnplay or a folder of ``static``. What lives there is the first sentence of its ``__init__``,
and what it imports from is read from its modules. Each room imports only from those above it.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests import test_architecture, test_rooms  # noqa: E402

PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- rooms: written by docs/rooms.py -->", "<!-- end of the rooms -->"
#: Parts of nnplay whose rooms are looked at one by one.
OPENED = ("nnplay.experiment",)


def room_of(module: str) -> str | None:
    """Return the room that a module of Python is in, or None for the few that anybody may import."""
    if module in ("app", "nnplay") or module in test_architecture.LEAVES:
        return None
    parts = module.split(".")
    if parts[0] == "pages":
        return "pages"
    depth = 3 if ".".join(parts[:2]) in OPENED else 2
    return ".".join(parts[:depth])


def rooms() -> dict[str, set[str]]:
    """Return the rooms of the server's side, with those that each imports from."""
    found: dict[str, set[str]] = {}
    for path in (*test_architecture.MODULES, *(ROOT / "pages").glob("*.py")):
        module = test_architecture.module_name(path)
        room = room_of(module)
        if room is None or room in OPENED:
            continue
        arrows = found.setdefault(room, set())
        source = path.read_text(encoding="utf-8")
        for name in test_architecture.imports_of(source, module, path.name == "__init__.py"):
            if name.startswith("nnplay."):
                other = room_of(name)
                arrows |= {other} - {room, None, *OPENED}  # type: ignore[arg-type]
    return {room: {other for other in arrows if other in found} for room, arrows in found.items()}


def folders() -> dict[str, set[str]]:
    """Return the folders of the browser's side, with those that each imports from."""
    found: dict[str, set[str]] = {}
    for path in test_rooms.modules():
        room = path.relative_to(test_rooms.STATIC).parts[0]
        named = {name.relative_to(test_rooms.STATIC).parts[0] for name in test_rooms.named_in(path)}
        found.setdefault(room, set()).update(named - {room})
    return found


def in_order(arrows: dict[str, set[str]]) -> Iterable[str]:
    """Go through the rooms, each after those that it imports from; the same way each time."""
    return TopologicalSorter({room: sorted(arrows[room]) for room in sorted(arrows)}).static_order()


def direct(arrows: dict[str, set[str]]) -> dict[str, set[str]]:
    """Leave out arrows to what is reached by way of another room."""
    below: dict[str, set[str]] = {}
    for room in in_order(arrows):
        below[room] = {far for other in arrows.get(room, ()) for far in (other, *below[other])}
    return {room: others - {far for other in others for far in below[other]} for room, others in arrows.items()}


def sentence(room: str) -> str:
    """Return what lives in a room: the first sentence of its docstring."""
    if room == "pages":
        return "Layout and wiring: a file a page."
    path = ROOT / room.replace(".", "/")
    source = (path / "__init__.py" if path.is_dir() else path.with_suffix(".py")).read_text(encoding="utf-8")
    said = (ast.get_docstring(ast.parse(source)) or "").split("\n\n")[0].replace("\n", " ")
    said = re.sub(r":\w+:`~?", "`", said).replace("``", "`")
    return said.split(". ")[0].rstrip(".:") + "."


def drawn() -> str:
    """Return the two tables of rooms."""
    server, browser = rooms(), folders()
    lines = ["| room | what lives there | imports from |", "|---|---|---|"]
    arrows = direct(server)
    for room in in_order(server):
        name = room.removeprefix("nnplay.").replace(".", "/")
        others = ", ".join(sorted(other.removeprefix("nnplay.").replace(".", "/") for other in arrows[room]))
        lines.append(f"| `{name}` | {sentence(room)} | {others or '–'} |")
    lines += ["", "The browser's side, `static/`:", "", "| folder | imports from |", "|---|---|"]
    arrows = direct(browser)
    for room in in_order(browser):
        lines.append(f"| `{room}` | {', '.join(sorted(arrows[room])) or '–'} |")
    return "\n".join(lines)


def main() -> None:
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    PAGE.write_text(f"{before}{BEGIN}\n{drawn()}\n{END}{rest.partition(END)[2]}", encoding="utf-8")


if __name__ == "__main__":
    main()
