"""What is written in Python and in the browser's modules, too, says the same in both."""

from __future__ import annotations

import dataclasses
import html
import json
import subprocess
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from nnplay.datasets import DATASETS
from nnplay.lessons import all_lessons
from nnplay.lessons.rich_text import to_html
from tests import ROOT

#: Parts of formulas and marks, in any order: also those that nothing closes, and TeX's names that nobody knows.
PIECES = [
    "**",
    "*",
    "`",
    "$",
    "\\eta",
    "\\nonsense",
    "\\,",
    "_",
    "^",
    "{",
    "}",
    "a",
    "tanh",
    " ",
    "-",
    "<b>",
    "&",
    "'",
    "0.5",
]


def in_browser(node: str, texts: list[str]) -> dict[str, Any]:
    harness = ROOT / "tests" / "js" / "harness" / "both_sides.mjs"
    done = subprocess.run([node, harness], input=json.dumps(texts), capture_output=True, text=True, check=True)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


def as_html(parts: list[dict[str, str]]) -> str:
    """Return the elements that the page makes of parts, as HTML."""
    return "".join(
        html.escape(part["text"])
        if part["kind"] == "text"
        else f"<{part['kind']}>{html.escape(part['text'])}</{part['kind']}>"
        for part in parts
    )


def texts_in(value: Any) -> Iterator[str]:
    """Yield every text in a lesson, in every language."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            yield from texts_in(each)


def test_a_lessons_words_are_marked_up_alike_on_the_page_and_on_paper(node: str) -> None:
    texts = list(texts_in([dataclasses.asdict(lesson) for lesson in all_lessons()[0]]))
    assert len(texts) > 500
    generated: list[str] = []

    @given(st.lists(st.sampled_from(PIECES), max_size=12), st.booleans())
    def collect(pieces: list[str], is_formula: bool) -> None:
        text = "".join(pieces)
        generated.append(f"a ${text}$ b" if is_formula else text)

    collect()
    texts += [*generated, *(f"${name} x$" for name in PIECES)]
    parts = in_browser(node, texts)["parts"]
    assert [as_html(each) for each in parts] == [to_html(text) for text in texts]


def test_the_data_sets_that_a_newcomer_is_told_of_are_called_as_in_the_menu(node: str) -> None:
    told = in_browser(node, [])["dataSets"]
    assert len(told) > 10
    assert dict(told) == {name: DATASETS[name].label for name, _ in told}
