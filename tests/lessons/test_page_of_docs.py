"""docs/lessons.md shows lessons that are lessons, and names every entry and every measure."""

from __future__ import annotations

import re
from pathlib import Path

from nnplay.lessons.lesson import Boundary, Number
from nnplay.lessons.measures import MEASURES, get
from nnplay.lessons.outcomes import check_step
from nnplay.lessons.reading import parse
from tests import ROOT

PAGE = (ROOT / "docs" / "lessons.md").read_text(encoding="utf-8")
EXAMPLE, QUESTIONS, COMPARE = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)


def with_steps(source: str) -> bytes:
    """Return the example with its one step three times: a lesson has at least three."""
    head, step = re.split(r"(?<=\n)(?=  - title)", source, maxsplit=1)
    return (head + 3 * step).encode()


def test_the_example_is_a_lesson_that_keeps_what_it_promises() -> None:
    step = parse(with_steps(EXAMPLE), Path("lines.yaml")).steps[0]
    assert all(finding.is_kept for finding in check_step(step))


def test_the_other_questions_and_runs_that_are_compared() -> None:
    asked = EXAMPLE[EXAMPLE.index("    question:") : EXAMPLE.index("    run:")]
    kinds = []
    for line in QUESTIONS.strip().splitlines():
        asked_so = EXAMPLE.replace(asked, f"    {line.strip()}\n")
        question = parse(with_steps(asked_so), Path("lines.yaml")).steps[0].question
        kinds.append(type(question))
    assert kinds == [Number, Boundary]
    outcome = EXAMPLE[EXAMPLE.index("    outcome:") :]
    compared = "\n".join(f"  {line}" for line in COMPARE.splitlines())
    step = parse(with_steps(EXAMPLE.replace(outcome, f"{compared}\n")), Path("lines.yaml")).steps[0]
    assert [run.config.hidden_sizes for run in step.compare] == [(1,), (4,)]


def test_every_measure_is_on_the_page() -> None:
    table = PAGE[PAGE.index("| measure | |") :]
    named = [
        name for cell in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE) for name in re.findall(r"`(.*?)`", cell)
    ]
    assert {str(get(name)).partition("(")[0] for name in named} == set(MEASURES)
