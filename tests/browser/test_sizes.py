"""Every page at every width: nothing lies on something else, no text is cut or broken within a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from nnplay.ui.shell import PAGES
from nnplay.ui.shell import Page as AppPage
from tests.browser.stage import Stage

FINDINGS = Path(__file__).with_name("boxes.js").read_text()
NARROWEST, WIDEST = 360, 1920
#: Widths that many phones have.
PHONES = (375, 390, 412, 430)
#: Streamlit's breakpoint: below, the sidebar lies over the page.
PHONE_BELOW = 768
#: For a page to take its new size; where something seems wrong, it may still move: it is looked at again, so often.
SETTLE_MS, LOOKS = 120, 25


def findings_at(page: Page, width: int) -> list[str]:
    """Return what is wrong with the boxes of a page at one width, a line each."""
    page.set_viewport_size({"width": width, "height": 844 if width < PHONE_BELOW else 768})
    for _ in range(LOOKS):
        page.wait_for_timeout(SETTLE_MS)
        found = page.evaluate(FINDINGS)
        if not found:
            break
    return [f"at {width}: {finding}" for finding in found]


def open_entry(open_page: Callable[..., Page], server: str, entry: AppPage, **options: Any) -> Page:
    page = open_page(server if entry.default else f"{server}/{entry.file.removesuffix('.py')}", **options)
    page.get_by_test_id("stMainBlockContainer").wait_for()
    page.wait_for_load_state("networkidle")
    if page.get_by_test_id("stage").count():
        Stage(page).wait_until_ready()
    return page


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.file)
def test_nothing_overlaps_and_no_word_is_cut_at_any_width(
    open_page: Callable[..., Page], server: str, entry: AppPage
) -> None:
    page = open_entry(open_page, server, entry)
    found = [finding for width in range(NARROWEST, WIDEST + 1, 20) for finding in findings_at(page, width)]
    assert found == []


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.file)
def test_the_same_holds_for_fingers(open_page: Callable[..., Page], server: str, entry: AppPage) -> None:
    page = open_entry(open_page, server, entry, has_touch=True, is_mobile=True)
    widths = sorted({*PHONES, *range(NARROWEST, 1401, 40)})
    found = [finding for width in widths for finding in findings_at(page, width)]
    assert found == []


def test_the_open_sidebar_of_a_phone_covers_the_buttons_of_the_header(
    open_page: Callable[..., Page], server: str
) -> None:
    page = open_entry(
        open_page, server, PAGES[0], viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    page.get_by_test_id("stExpandSidebarButton").tap()
    sidebar = page.get_by_test_id("stSidebar")
    expect(sidebar.get_by_text("Points", exact=True)).to_be_visible()
    share = page.get_by_role("button", name="Share", exact=True).bounding_box()
    x, y = share["x"] + share["width"] / 2, share["y"] + share["height"] / 2
    page.wait_for_function(
        "([x, y]) => !!document.elementFromPoint(x, y)?.closest('[data-testid=stSidebar]')", arg=[x, y]
    )


def test_on_a_phone_the_output_and_its_name_are_in_sight(open_stage: Callable[..., Stage]) -> None:
    for width in (360, 390, 430):
        options = {"viewport": {"width": width, "height": 844}, "has_touch": True, "is_mobile": True}
        page = open_stage("?dataset=spiral&hidden_sizes=8,8", **options).page
        diagram = page.get_by_test_id("panel-network").locator(".nn-diagram")
        assert diagram.evaluate("(box) => box.scrollWidth <= box.clientWidth")
        expect(page.get_by_test_id("panel-network").get_by_text("probability of class 1")).to_be_visible()


@pytest.mark.parametrize("finger", [False, True])
def test_the_same_holds_for_the_map_of_a_sweep(open_page: Callable[..., Page], server: str, finger: bool) -> None:
    query = "tab=sweep&dataset=moons&n_samples=60&sweep_seeds=1&sweep_epochs=2"
    page = open_page(f"{server}/compare?{query}", **({"has_touch": True, "is_mobile": True} if finger else {}))
    sweep = page.get_by_test_id("sweep")
    sweep.get_by_role("button", name="Run", exact=True).click()
    expect(sweep.locator(".nn-sweep-words")).to_have_text("24 trainings done")
    sweep.get_by_role("button", name="Add to a race").click()
    page.get_by_test_id("stMain").evaluate("main => main.scrollTo(0, 0)")
    widths = sorted({*PHONES, *range(NARROWEST, WIDEST + 1, 80)})
    found = [finding for width in widths for finding in findings_at(page, width)]
    assert found == []
