"""On a projector of full size, in presenter mode, every text is at least 24 px high."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

SMALL_TEXT = Path(__file__).with_name("small_text.js").read_text()
#: A little less than what is promised: zoom makes fractions.
LEAST = 23.99
PAGES = {
    "playground": "?present=true",
    "regression": "?present=true&task=regression",
    "digits": "digits?present=true",
    "tables": "tabular?present=true",
    "race": "compare?present=true",
    "luck": "compare?present=true&tab=luck",
    "sweep": "compare?present=true&tab=sweep",
    "lessons": "lessons?present=true",
    "a step": "lessons?lesson=xor&step=2&present=true",
}


@pytest.mark.parametrize("name", PAGES)
def test_every_text_is_readable_from_the_last_row(open_page: Callable[..., Page], server: str, name: str) -> None:
    page = open_page(f"{server}/{PAGES[name]}", newcomer=True, viewport={"width": 1920, "height": 1080})
    expect(page.locator(".nn-lessons-cards, .nn-stage .nn-chart text, .nn-sweep-chart text").first).to_be_visible(timeout=60_000)
    # Streamlit's controls come with the stage, or a little later.
    page.wait_for_timeout(500)
    assert page.evaluate(SMALL_TEXT, LEAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920
