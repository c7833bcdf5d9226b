"""The articles' page in a browser: a deep link, the derivative's switch, and a row trained while one looks."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_row_is_trained_live_and_stopped_and_the_wrong_derivative_is_found_out(
    open_page: Callable[..., Page], server: str
) -> None:
    page = open_page(f"{server}/articles?article=002")
    expect(page.get_by_role("heading", level=2)).to_contain_text("scratch in Python")
    page.wait_for_function("document.querySelector('[data-test-script-state]')?.dataset.testScriptState !== 'running'")
    runs = page.get_by_role("button", name="Run")
    apart = runs.nth(1).bounding_box()["y"] - runs.first.bounding_box()["y"]
    page.get_by_role("button", name="Run").first.click()
    stop = page.get_by_role("button", name="Stop", exact=True)
    expect(stop).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Just now: ").first).to_be_visible(timeout=20_000)
    now = runs.first.bounding_box()["y"] - stop.bounding_box()["y"]
    assert abs(now - apart) < 3, "nothing moves when a row is trained"
    stop.click()
    expect(stop).to_be_hidden(timeout=20_000)
    expect(page.get_by_role("button", name="Run").first).to_be_enabled()

    page.get_by_role("radio", name="Two moons").click()
    expect(page.get_by_text("fails", exact=True)).to_be_visible(timeout=20_000)
    page.get_by_role("radio", name="Corrected", exact=True).click()
    expect(page.get_by_text("passes", exact=True)).to_be_visible()
    expect(page).to_have_url(re.compile("article=moons"))
    link = page.get_by_role("link", name="Two moons, 4 units").get_attribute("href")
    assert link is not None
    page.goto(f"{server}/{link.removeprefix('./')}")
    expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible(timeout=20_000)
