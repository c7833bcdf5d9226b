"""``python -m nnplay.lessons [FILE …]``: read lessons, train their steps, and say whether they keep their promises."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from nnplay.lessons.discovery import all_lessons
from nnplay.lessons.lesson import BrokenLesson, Lesson, Number, Problem
from nnplay.lessons.outcomes import check, right_answers
from nnplay.lessons.reading import load


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return 0, or 1 if something is wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m nnplay.lessons", description="Check lessons: how they are written, and what they promise."
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="lessons (default: all that there are)")
    parser.add_argument("--read-only", action="store_true", help="only look at how they are written; train nothing")
    asked = parser.parse_args(arguments)
    lessons, problems = _found(asked.files) if asked.files else all_lessons()
    for problem in problems:
        print(problem)
    broken = len(problems)
    for lesson in lessons:
        broken += 0 if asked.read_only else _checked(lesson)
        if asked.read_only:
            print(f"{lesson.path.name}: {len(lesson.steps)} steps, {lesson.minutes} minutes, well written.")
    return 1 if broken else 0


def _found(files: Sequence[Path]) -> tuple[list[Lesson], list[Problem]]:
    lessons, problems = [], []
    for path in files:
        try:
            lessons.append(load(path))
        except BrokenLesson as broken:
            problems.append(broken.problem)
    return lessons, problems


def _checked(lesson: Lesson) -> int:
    """Print what came of each claim; return how many weren't kept."""
    print(f"{lesson.path.name}: {lesson.title}")
    broken, claimed = 0, set()
    for finding in check(lesson):
        claimed.add(finding.step)
        broken += not finding.is_kept
        sign = "kept  " if finding.is_kept else "BROKEN"
        where = f"step {finding.step}, line {finding.claim.line}"
        print(f"  {sign} {where}: {finding.wanted}; {finding.got}", flush=True)
    for number in range(1, len(lesson.steps) + 1):
        if number not in claimed:
            print(f"  –      step {number} promises nothing: it has no outcome")
    for k, value in right_answers(lesson).items():
        question = lesson.steps[k].question
        assert isinstance(question, Number)
        near = f"{value:.4g} ± {question.tolerance:g} {question.unit or ''}".rstrip()
        print(f"  asks   step {k + 1}: {question.text} It is {near}.")
    return broken


if __name__ == "__main__":
    sys.exit(main())
