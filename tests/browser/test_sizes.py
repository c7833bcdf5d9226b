"""Every page at every width: nothing lies on something else, no text is cut or broken within a word."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from nnplay.ui.shell import PAGES
from nnplay.ui.shell import Page as AppPage
from tests.browser.stage import Stage

FINDINGS = Path(__file__).with_name("boxes.js").read_text()
NARROWEST, WIDEST, STEP = 360, 1920, 40
#: Widths that many phones have.
PHONES = (375, 390, 412, 430)
#: Streamlit's breakpoint: below, the sidebar lies over the page.
PHONE_BELOW = 768
#: For a page to take its new size; where something seems wrong, it may still move: it is looked at again, so often.
SETTLE_MS, LOOKS = 120, 25

#: Whether nothing else lies over the middle of an element, and over its lower end.
IS_ON_TOP = """place => {
  const { left, width, top, height } = place.getBoundingClientRect();
  const box = place.closest('[data-testid=stSlider], .nn-plot, button') ?? place;
  const x = left + width / 2;
  return [top + height / 2, top + height - 3].every((y) => box.contains(document.elementFromPoint(x, y)));
}"""


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
    # The articles' long page takes several times as long to lay out.
    step = 2 * STEP if entry.file == "articles.py" else STEP
    found = [finding for width in range(NARROWEST, WIDEST + 1, step) for finding in findings_at(page, width)]
    assert found == []


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.file)
def test_the_same_holds_for_fingers(open_page: Callable[..., Page], server: str, entry: AppPage) -> None:
    page = open_entry(open_page, server, entry, has_touch=True, is_mobile=True)
    # Between the widths that are tried with a mouse.
    step = (4 if entry.file == "articles.py" else 2) * STEP
    widths = sorted({NARROWEST, *PHONES, *range(NARROWEST + STEP // 2, 1401, step)})
    found = [finding for width in widths for finding in findings_at(page, width)]
    assert found == []


@pytest.mark.parametrize("finger", [False, True])
def test_the_same_holds_with_findings_and_whichever_tab_is_open(open_stage: Callable[..., Stage], finger: bool) -> None:
    options = {"has_touch": True, "is_mobile": True} if finger else {}
    stage = open_stage("?dataset=moons&learning_rate=10&momentum=0", **options)
    page = stage.page
    stage.play_and_pause(12)
    expect(page.get_by_test_id("doctor")).to_be_visible()
    found = []
    for name in ("Landscape", "Layers", "Loss"):
        page.set_viewport_size({"width": 1366, "height": 768})
        page.get_by_role("tab", name=name).click()
        for width in (360, 390, 412, 768, 900, 1040, 1366):
            found += [f"{name}, {finding}" for finding in findings_at(page, width)]
    assert found == []


@pytest.mark.parametrize(("width", "height"), [(390, 844), (360, 640)])
def test_on_a_phone_play_and_the_boundary_stay_on_screen_with_what_is_changed(
    open_page: Callable[..., Page], server: str, width: int, height: int
) -> None:
    phone = {"viewport": {"width": width, "height": height}, "has_touch": True, "is_mobile": True}
    page = open_entry(open_page, server, PAGES[0], newcomer=True, **phone)
    page.locator(".nn-coach").get_by_role("button", name="Close").tap()
    play = page.get_by_role("button", name="Play", exact=True)
    plot = page.get_by_test_id("panel-boundary").locator(".nn-canvas").first
    rate = page.get_by_test_id("stSlider").filter(has_text="Learning rate")
    in_sight(play, plot, rate)
    page.locator(".stMain").evaluate("main => main.scrollTo(0, 300)")
    page.get_by_test_id("stExpandSidebarButton").tap()
    spirals = page.get_by_role("radio", name="Spirals")
    in_sight(play, plot, spirals)
    page.get_by_role("radio", name="Two moons").tap()
    page.wait_for_url("**dataset=moons**")
    in_sight(play, plot, page.get_by_role("radio", name="Two moons"))
    # Streamlit remembers that it is open: a page without it has all of the screen.
    page.goto(f"{server}/?hide=data,network,more,stop")
    Stage(page).wait_until_ready()
    assert page.locator(".stMain").evaluate("main => getComputedStyle(main).overflowY") == "auto"
    page.goto(server)
    Stage(page).wait_until_ready()
    in_sight(play, plot, spirals)
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").tap()
    in_sight(rate)
    expect(spirals).to_be_hidden()


def in_sight(*places: Locator) -> None:
    """Wait until the middle of each is on screen, with nothing else over it."""
    for place in places:
        expect(place).to_be_visible()
        place.page.wait_for_function(IS_ON_TOP, arg=place.element_handle())


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


def test_on_a_phone_the_pages_are_a_tap_away_and_leave_when_one_is_chosen(
    open_page: Callable[..., Page], server: str
) -> None:
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = open_entry(open_page, server, PAGES[0], newcomer=True, **phone)
    page.get_by_test_id("stExpandSidebarButton").tap()
    in_sight(page.get_by_role("link", name="Lessons"))
    page.get_by_role("link", name="Lessons").tap()
    expect(page.get_by_role("link", name=re.compile("Why hidden layers"))).to_be_visible()
    put_away = expect(page.get_by_test_id("stSidebar"))
    put_away.to_have_attribute("data-collapsed", "true")
    page.get_by_test_id("stExpandSidebarButton").tap()
    in_sight(page.get_by_role("link", name="Playground"))
    page.reload()  # Streamlit remembers that the list is open
    expect(page.get_by_role("link", name=re.compile("Why hidden layers"))).to_be_visible()
    put_away.to_have_attribute("data-collapsed", "true")
    page.get_by_test_id("stExpandSidebarButton").tap()
    page.get_by_role("link", name="Playground").tap()
    in_sight(page.get_by_role("button", name="Play", exact=True))
