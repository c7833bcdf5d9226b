"""What is printed of a lesson, and what an author begins with."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any

import pytest

from nnplay.lessons import all_lessons, find, text
from nnplay.lessons.lesson import Boundary, Choice, Lesson
from nnplay.lessons.outcomes import right_answers
from nnplay.lessons.reading import parse
from nnplay.lessons.rich_text import to_html
from nnplay.lessons.sheets import teacher_key, worksheet
from tests.lessons.test_reading import FILE, GOOD, changed

LESSONS = all_lessons()[0]
ELEMENTS = {
    "html", "head", "meta", "title", "style", "body", "p", "span", "h1", "h2", "h3", "b", "section", "ul", "li", "div",
    "svg", "rect", "circle", "path", "text", "code", "strong", "em", "var", "sub", "sup",
}  # fmt: skip
ATTRIBUTES = {
    "lang", "charset", "http-equiv", "content", "name", "class", "viewbox", "role", "width", "height", "fill", "stroke",
    "cx", "cy", "r", "d", "x", "y", "font-size", "text-anchor",
}  # fmt: skip


class Sheet(HTMLParser):
    """Collects what elements and words a page has, and looks whether they are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(page)
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        assert tag in ELEMENTS
        assert {name for name, _ in attrs} <= ATTRIBUTES
        if tag not in ("meta", "rect", "circle", "path"):
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "circle", "path"):
            assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def said(self) -> str:
        return " ".join(" ".join(self.words).split())


def plain(lesson_text: Any, language: str = "en") -> str:
    return text(lesson_text, language)


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_a_worksheet_asks_and_gives_nothing_away(lesson: Lesson) -> None:
    for language in lesson.languages:
        page = worksheet(lesson, language)
        sheet = Sheet(page)
        for step in lesson.steps:
            assert plain(step.question.text, language) in sheet.said
            assert plain(step.why, language) not in sheet.said
            assert plain(step.notes, language) not in sheet.said
        n_squares = sum(isinstance(step.question, Boundary) for step in lesson.steps)
        assert sheet.elements.count("svg") == n_squares
        assert sheet.elements.count("section") == len(lesson.steps)
        assert f'<html lang="{language}">' in page
        assert "//" not in page.partition("</head>")[2]


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.key)
def test_a_key_has_every_answer(lesson: Lesson) -> None:
    for language in lesson.languages:
        said = Sheet(teacher_key(lesson, language)).said
        for step in lesson.steps:
            assert plain(step.why, language) in said
            assert " ".join(plain(step.notes, language).split()) in said
            if isinstance(step.question, Choice):
                right = step.question.answers[step.question.right]
                assert f": {plain(right.text, language)}" in said
                for answer in step.question.answers:
                    assert plain(answer.word, language) in said


def test_a_key_has_what_was_measured() -> None:
    lesson = find("learning_rate")
    answers = right_answers(lesson)
    assert list(answers) == [1]
    assert answers[1] == pytest.approx(11, abs=6)
    assert "Right answer: 11 steps, give or take 6 steps" in Sheet(teacher_key(lesson, "en", answers)).said
    assert "what is measured in the run" in Sheet(teacher_key(lesson)).said
    assert "Richtige Antwort" in Sheet(teacher_key(lesson, "de")).said
    assert "Teacher’s key" in Sheet(teacher_key(lesson, "fr")).said


HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)> \"'&lt; ]]> --> javascript:x </style></title>"


def test_nothing_is_injected_into_a_sheet() -> None:
    source = changed("title: Lines", f"title: '{'<b>' * 9}'", GOOD)
    source = changed("why: One unit draws one line.", f"why: '{HOSTILE.replace(chr(39), chr(39) * 2)}'", source)
    source = changed("notes: Point at the boundary.", "notes: '**<i>** $<u>_{<s>}$ `<a>` *<q>*'", source)
    source = changed("{text: A ring, ", "{text: '</title><script>', ", source)
    lesson = parse(source.encode(), FILE)
    for page in (worksheet(lesson), teacher_key(lesson)):
        sheet = Sheet(page)
        assert not {"script", "img", "i", "u", "s", "a", "q"} & {*sheet.elements}
        assert "<b><b>" in sheet.said
    assert "alert(1)" in Sheet(teacher_key(lesson)).said


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("**b** and *i*, `c`", "<strong>b</strong> and <em>i</em>, <code>c</code>"),
        ("2 * 3 * 4 and 5**2", "2 * 3 * 4 and 5**2"),
        (r"$x_1^{2} \cdot w-b$", "<var>x</var><sub>1</sub><sup>2</sup> ·<var>w</var>−<var>b</var>"),
        ("<a> & $<b>$", "&lt;a&gt; &amp; &lt;<var>b</var>&gt;"),
    ],
)
def test_what_is_marked_up(words: str, expected: str) -> None:
    assert to_html(words) == expected
