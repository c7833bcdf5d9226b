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
    "regression": "?present=true&dataset=hills",
    "digits": "digits?present=true",
    "tables": "tabular?present=true",
    "race": "compare?present=true",
    "luck": "compare?present=true&tab=luck",
    "sweep": "compare?present=true&tab=sweep",
    "step by step": "step_by_step?present=true",
    "lessons": "lessons?present=true",
    "a step": "lessons?lesson=xor&step=2&present=true",
}


@pytest.mark.parametrize("name", PAGES)
def test_every_text_is_readable_from_the_last_row(open_page: Callable[..., Page], server: str, name: str) -> None:
    page = open_page(f"{server}/{PAGES[name]}", newcomer=True, viewport={"width": 1920, "height": 1080})
    drawn = ".nn-lessons-cards, .nn-stage .nn-chart text, .nn-sweep-chart text, .nn-sd text, .nn-fl .katex"
    expect(page.locator(drawn).first).to_be_visible(timeout=60_000)
    # Streamlit's controls come with the stage, or a little later.
    page.wait_for_timeout(500)
    assert page.evaluate(SMALL_TEXT, LEAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920


def test_so_is_the_landscape_and_its_tab_fits(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/?present=true", viewport={"width": 1920, "height": 1080})
    page.get_by_role("tab", name="Landscape").click()
    panel = page.get_by_test_id("panel-landscape")
    expect(panel).to_have_attribute("data-complete", "true")
    assert page.evaluate(SMALL_TEXT, LEAST) == []
    button, slot = panel.locator(".nn-enlarge").bounding_box(), page.locator(".nn-slot-numbers").bounding_box()
    assert button is not None
    assert slot is not None
    assert button["x"] + button["width"] <= slot["x"] + slot["width"]
    page.get_by_role("button", name="Enlarge: Landscape").click()
    panel.get_by_role("combobox", name="Plane of the landscape").select_option("Two weights")
    assert page.evaluate(SMALL_TEXT, LEAST) == []


def test_so_is_what_opens(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/?present=true", newcomer=True, viewport={"width": 1920, "height": 1080})
    expect(page.locator(".nn-stage .nn-chart text").first).to_be_visible(timeout=60_000)
    page.get_by_role("combobox", name="Activation").first.click()
    expect(page.get_by_role("option", name="Leaky ReLU")).to_be_visible()
    assert page.evaluate(SMALL_TEXT, LEAST) == []
    page.keyboard.press("Escape")
    page.get_by_test_id("stTooltipHoverTarget").first.hover()
    expect(page.get_by_role("tooltip").filter(has_text="hidden unit")).to_be_visible()
    assert page.evaluate(SMALL_TEXT, LEAST) == []
    page.locator(".nn-unit").nth(4).click()
    expect(page.get_by_test_id("unit-card")).to_be_visible()
    assert page.evaluate(SMALL_TEXT, LEAST) == []
