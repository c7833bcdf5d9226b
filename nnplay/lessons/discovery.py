"""Which lessons there are: ours, and those in the folder that ``NNPLAY_LESSONS_DIR`` names."""

from __future__ import annotations

import os
from pathlib import Path

from nnplay.lessons.lesson import BrokenLesson, Lesson, Problem
from nnplay.lessons.reading import load

DIRECTORY_VARIABLE = "NNPLAY_LESSONS_DIR"
OURS = Path(__file__).parent
#: Of each level in a folder of its own, in this order.
FOLDERS = ("first_steps", "basics", "deeper")
SUFFIXES = (".yaml", ".yml")
MAX_FILES = 200

#: What a file holds, as long as it stays what it is.
_READ: dict[Path, tuple[tuple[int, int], Lesson | Problem]] = {}


def all_lessons() -> tuple[list[Lesson], list[Problem]]:
    """Return all lessons in their order, and for each file that is none why it isn't."""
    lessons: dict[str, Lesson] = {}
    problems: list[Problem] = []
    for path in [path for folder in FOLDERS for path in files_in(OURS / folder)] + _theirs(problems):
        found = _read(path)
        if isinstance(found, Problem):
            problems.append(found)
        elif found.key in lessons:
            there = lessons[found.key].path.name
            problems.append(Problem(path, 1, f"the name “{found.key}” belongs to {there} already; rename the file."))
        else:
            lessons[found.key] = found
    return list(lessons.values()), problems


def find(key: str) -> Lesson | None:
    """Return the lesson of that name, or None."""
    return next((lesson for lesson in all_lessons()[0] if lesson.key == key), None)


def files_in(folder: Path) -> list[Path]:
    """Return the files of lessons in a folder, in their order; none where it can't be read."""
    return sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and not path.name.startswith("."))


def _theirs(problems: list[Problem]) -> list[Path]:
    named = os.environ.get(DIRECTORY_VARIABLE, "").strip()
    if not named:
        return []
    folder = Path(named).expanduser()
    try:
        files = files_in(folder)
    except OSError as error:
        problems.append(
            Problem(folder, 1, f"{DIRECTORY_VARIABLE} must name a folder that can be read: {error.strerror}.")
        )
        return []
    if len(files) > MAX_FILES:
        problems.append(Problem(folder, 1, f"a folder holds at most {MAX_FILES} lessons; the rest is left out."))
    return files[:MAX_FILES]


def _read(path: Path) -> Lesson | Problem:
    try:
        stat = path.stat()
        state = stat.st_mtime_ns, stat.st_size
    except OSError as error:
        return Problem(path, 1, f"the file can't be read: {error.strerror}.")
    known = _READ.get(path)
    if known is None or known[0] != state:
        try:
            known = state, load(path)
        except BrokenLesson as broken:
            known = state, broken.problem
        _READ[path] = known
    return known[1]
