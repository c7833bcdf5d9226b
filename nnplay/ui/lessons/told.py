"""What the browser is told of lessons: plain values, each text in one language. ``static/lessons`` shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from nnplay.lessons import Lesson, Problem, Step, text
from nnplay.lessons.lesson import LEVELS, Choice, Number, Question


def list_told(lessons: Iterable[Lesson], problems: Iterable[Problem], language: str) -> dict[str, Any]:
    """Return what the list of all lessons shows."""
    return {
        "kind": "list",
        "lessons": [
            {**_lesson(lesson, language), "minutes": lesson.minutes, "level": lesson.level} for lesson in lessons
        ],
        "problems": [str(problem) for problem in problems],
    }


def step_told(lesson: Lesson, index: int, language: str) -> dict[str, Any]:
    """Return what the column beside the stage shows of a step, counted from 0."""
    step = lesson.steps[index]
    return {
        "kind": "step",
        "lesson": _lesson(lesson, language),
        "index": index,
        "step": _step(step, language),
        "languages": list(lesson.languages),
        "language": language if language in lesson.languages else lesson.languages[0],
    }


def following_told(lesson: Lesson, lessons: Sequence[Lesson], language: str) -> dict[str, Any] | None:
    """Return which lesson comes after one in the list, where each level is a part of its own; None after the last."""
    ordered = sorted(lessons, key=lambda each: LEVELS.index(each.level))
    later = ordered[[each.key for each in ordered].index(lesson.key) + 1 :]
    return {"key": later[0].key, "title": text(later[0].title, language)} if later else None


def titles_told(scenes: str, lessons: Iterable[Lesson], language: str) -> dict[str, str]:
    """Return what the scenes of a lecture are called, by their names in its link; a scene that isn't there has none."""
    known = {
        f"{lesson.key}.{index + 1}": f"{text(lesson.title, language)}: {text(step.title, language)}"
        for lesson in lessons
        for index, step in enumerate(lesson.steps)
    }
    return {name: known[name] for name in scenes.split(",") if name in known}


def _lesson(lesson: Lesson, language: str) -> dict[str, Any]:
    return {
        "key": lesson.key,
        "title": text(lesson.title, language),
        "goal": text(lesson.goal, language),
        "titles": [text(step.title, language) for step in lesson.steps],
        # What is kept of a step in the browser goes by this: the same in every language.
        "names": [str(step.title) for step in lesson.steps],
    }


def _step(step: Step, language: str) -> dict[str, Any]:
    return {
        "title": text(step.title, language),
        "text": text(step.text, language),
        "question": _question(step.question, language),
        "epochs": step.epochs,
        "run": text(step.run, language),
        "why": text(step.why, language),
        "next": None
        if step.next is None
        else {
            "text": text(step.next.text, language),
            "then": text(step.next.then, language),
            "runs": step.next.config is not None,
        },
        "notes": text(step.notes, language),
        "controls": list(step.controls),
        "log_scale": step.log_scale,
        "runs": [text(run.name, language) for run in step.compare],
    }


def _question(question: Question, language: str) -> dict[str, Any]:
    asked = text(question.text, language)
    if isinstance(question, Choice):
        answers = [{"text": text(each.text, language), "word": text(each.word, language)} for each in question.answers]
        return {"kind": "choice", "text": asked, "answers": answers, "right": question.right}
    if isinstance(question, Number):
        unit = text(question.unit, language)
        return {
            "kind": "number",
            "text": asked,
            "unit": unit,
            "value": question.value,
            "tolerance": question.tolerance,
        }
    return {"kind": "boundary", "text": asked}
