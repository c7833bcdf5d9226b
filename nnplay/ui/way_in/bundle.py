"""The browser's side in a few files, and whether they are made of the sources as they are.

``tests/js/bundle`` makes them, with esbuild, and they are in the repository: nobody who runs the app needs npm. Beside
them lies what the sources were. Where those are others by now, as while one works on them, the browser gets the sources
themselves, module by module.
"""

from __future__ import annotations

import functools
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from nnplay import app_files

STATIC = app_files.STATIC
BUNDLE = STATIC / "bundle"
#: The digest of the sources that the bundle was made of.
MADE_OF = "sources.sha256"
#: What a browser begins with, below the folder that is served; the styles are named by them.
COMPONENTS, STYLES, WORKER = "entry/components.js", "entry/components.css", "network/worker.js"
_IMPORTED = re.compile(r"(?:\bfrom |\bimport\()'(\.[^']+\.js)'")
_IMPORTED_STYLE = re.compile(r'@import url\("([^"]+)"\)')


def sources(static: Path = STATIC) -> Iterator[Path]:
    """Yield the modules and style sheets that we write ourselves, in an order of their own."""
    found = (path for kind in ("js", "css") for path in static.rglob(f"*.{kind}"))
    yield from sorted(path for path in found if path.relative_to(static).parts[0] not in ("vendor", "bundle"))


def digest(static: Path = STATIC) -> str:
    """Return a digest of the sources: their names, and what is in them, however a system ends its lines."""
    summary = hashlib.sha256()
    for path in sources(static):
        summary.update(path.relative_to(static).as_posix().encode() + b"\0")
        summary.update(path.read_bytes().replace(b"\r\n", b"\n") + b"\0")
    return summary.hexdigest()


def is_fresh(static: Path = STATIC) -> bool:
    """Return whether the bundle was made of the sources as they are."""
    made_of = static / "bundle" / MADE_OF
    return made_of.is_file() and made_of.read_text(encoding="ascii").strip() == _digest_of(static, _when(static))


def _when(static: Path) -> tuple[tuple[str, int, int], ...]:
    """Return what changes whenever a source does, and is read faster."""
    stats = ((path.as_posix(), path.stat()) for path in sources(static))
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in stats)


@functools.lru_cache(maxsize=2)
def _digest_of(static: Path, when: tuple[tuple[str, int, int], ...]) -> str:
    return digest(static)


@functools.lru_cache(maxsize=2)
def _name_of(made: tuple[tuple[str, int], ...]) -> str:
    summary = hashlib.sha256()
    for name, _ in made:
        summary.update((BUNDLE / name).read_bytes())
    return summary.hexdigest()[:12]


def name() -> str:
    """Return a name for the bundle as it is: its files may be kept under it for good."""
    made = sorted(path for path in BUNDLE.iterdir() if path.suffix in (".js", ".css"))
    return _name_of(tuple((path.name, path.stat().st_mtime_ns) for path in made))


def folder() -> str:
    """Return the folder below ``app/static`` where the bundle is served: one that nothing else will ever be in."""
    return f"bundle-{name()}"


def with_imports(modules: Iterable[str], pattern: re.Pattern[str] = _IMPORTED) -> list[str]:
    """Return the `modules`, paths below ``static``, and all that they import, as soon or later."""
    found: dict[str, None] = {}
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found[module] = None
        path = STATIC / module
        imported = pattern.findall(path.read_text(encoding="utf-8"))
        waiting += [(path.parent / name).resolve().relative_to(STATIC.resolve()).as_posix() for name in imported]
    return list(found)


def sheets() -> list[str]:
    """Return the style sheets, paths below ``static``, in their order."""
    return [sheet for sheet in with_imports([STYLES], _IMPORTED_STYLE) if sheet != STYLES]


if __name__ == "__main__":
    print(digest())
