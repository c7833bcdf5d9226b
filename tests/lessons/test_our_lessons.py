"""Every lesson is well written, and keeps what it promises when it is trained."""

from __future__ import annotations

import dataclasses

import pytest

from nnplay.lessons import all_lessons, find
from nnplay.lessons.discovery import FOLDERS, OURS, files_in
from nnplay.lessons.lesson import LEVELS, Choice, Lesson, Number
from nnplay.lessons.outcomes import check, check_step
from nnplay.server.budget import fits

LESSONS = all_lessons()[0]


def test_every_file_is_a_lesson(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NNPLAY_LESSONS_DIR", raising=False)
    lessons, problems = all_lessons()
    assert list(map(str, problems)) == []
    files = [path for folder in FOLDERS for path in files_in(OURS / folder)]
    assert [lesson.path for lesson in lessons] == files
    assert [lesson.level for lesson in lessons] == [path.parent.name.replace("_", " ") for path in files]
    assert set(LEVELS) == {folder.replace("_", " ") for folder in FOLDERS}
    assert find(lessons[0].key) is lessons[0]
    assert find("no-such-lesson") is None


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_each_step_asks_shows_and_tells(lesson: Lesson) -> None:
    for number, step in enumerate(lesson.steps, 1):
        where = f"{lesson.key}, step {number}"
        assert step.outcome, where
        assert step.next, where
        assert step.notes, where
        # What a run is to show is told after it, and checked where it can be measured.
        assert step.next.then or step.next.config is None, where
        assert "should find" not in str(step.next.text), where
        for config in (step.config, *(run.config for run in step.compare), *filter(None, [step.next.config])):
            assert fits(config), where
        if isinstance(step.question, Choice):
            assert len(step.question.answers) >= 3, where
    kinds = [type(step.question) for step in lesson.steps]
    assert len(set(kinds)) > 1, "a lesson that only ever asks in one way"


#: Lessons that train many runs, or large ones.
LONG = ("width_and_depth", "overfitting", "stuck_units")


@pytest.mark.parametrize(
    "lesson",
    [pytest.param(each, marks=pytest.mark.long if each.key in LONG else ()) for each in LESSONS],
    ids=lambda lesson: lesson.key,
)
def test_each_lesson_keeps_what_it_promises(lesson: Lesson) -> None:
    findings = list(check(lesson))
    assert {finding.step for finding in findings} == set(range(1, len(lesson.steps) + 1))
    broken = [f"step {each.step}: {each.wanted}; {each.got}" for each in findings if not each.is_kept]
    assert broken == []


def test_a_promise_can_be_broken() -> None:
    step = find("xor").steps[0]
    enough = dataclasses.replace(
        step.config, hidden_sizes=(8,), initializer="normal(std=1.0)"
    )  # what no hidden layer can't do, eight units can
    found = check_step(dataclasses.replace(step, config=enough))
    findings = [finding for finding in found if not finding.claim.is_next]
    assert findings
    assert not any(finding.is_kept for finding in findings)


def test_the_number_that_is_asked_for_can_be_measured() -> None:
    asked = [step for lesson in LESSONS for step in lesson.steps if isinstance(step.question, Number)]
    assert asked
    for step in asked:
        question = step.question
        assert isinstance(question, Number)
        assert (question.value is None) == bool(question.measure)
