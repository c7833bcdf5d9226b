"""The tab Sweep in a browser: run, stop, go on, look, open."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import Stage

#: Two rates and two widths from two seeds, quick; and one that is under way for a while.
QUICK = (
    "dataset=moons&n_samples=60&sweep_a=learning_rate~0.01~0.1&sweep_b=hidden_sizes~2~4&sweep_seeds=2&sweep_epochs=5"
)
LONG = "dataset=moons&n_samples=400&sweep_a=batch_size~10~20~50~full&sweep_seeds=4&sweep_epochs=1500"


def open_sweep(open_page: Callable[..., Page], server: str, query: str) -> tuple[Page, Locator]:
    page = open_page(f"{server}/compare?tab=sweep&{query}")
    sweep = page.get_by_test_id("sweep")
    expect(sweep).to_have_attribute("data-ready", "true")
    return page, sweep


def press(sweep: Locator, name: str) -> None:
    sweep.get_by_role("button", name=name, exact=True).click()


def cell(sweep: Locator, number: int) -> Locator:
    return sweep.locator(f"[data-cell='{number}']")


def test_a_sweep_is_run_looked_at_by_pointer_and_keys_and_a_cell_opens(
    open_page: Callable[..., Page], server: str
) -> None:
    page, sweep = open_sweep(open_page, server, QUICK)
    expect(cell(sweep, 3)).to_have_attribute("aria-label", "Learning rate 0.1, hidden layers 4: not trained yet")
    press(sweep, "Run")
    expect(sweep.locator(".nn-sweep-words")).to_have_text("8 trainings done")
    name = cell(sweep, 3).get_attribute("aria-label") or ""
    assert re.match(r"Learning rate 0.1, hidden layers 4: [012] of 2 seeds reach 95 %, median [\d.]+ %", name), name
    about, chart = sweep.locator(".nn-sweep-about"), sweep.locator(".nn-sweep-chart path[stroke]")
    cell(sweep, 0).hover()
    expect(about).to_have_text("Learning rate 0.01, hidden layers 2")
    expect(chart).to_have_count(3)  # two seeds and the median
    cell(sweep, 0).click()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowUp")
    expect(about).to_have_text("Learning rate 0.1, hidden layers 4")
    page.keyboard.press("Enter")
    expect(cell(sweep, 3)).to_have_attribute("aria-selected", "true")
    page.get_by_text("Table", exact=True).click()
    expect(page.get_by_role("button", name="CSV", exact=True)).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    assert '"hidden_sizes"' in download.value.path().read_text()
    sweep.get_by_role("button", name=re.compile("^Seed 1, ")).click()
    stage = Stage(page)
    stage.wait_until_ready()
    expect(page).to_have_url(re.compile("learning_rate=0.1"))
    assert stage.epoch == 5


def test_a_sweep_stops_goes_on_while_nobody_looks_and_its_cells_become_a_race(
    open_page: Callable[..., Page], server: str
) -> None:
    page, sweep = open_sweep(open_page, server, LONG)
    press(sweep, "Run")
    press(sweep, "Stop")
    expect(sweep.locator(".nn-sweep-words")).to_have_text(re.compile("^\\d+ of 16 trainings, stopped"))
    press(sweep, "Go on")
    page.get_by_role("radio", name="Luck").click()
    expect(page.get_by_test_id("stage")).to_be_visible()
    page.get_by_role("radio", name="Sweep").click()
    expect(sweep.locator(".nn-sweep-words")).to_have_text("16 trainings done", timeout=60_000)
    for number in (0, 3):
        cell(sweep, number).click()
        press(sweep, "Add to a race")
    press(sweep, "Race them")
    race = page.get_by_test_id("race")
    expect(race.get_by_test_id("lane-0")).to_contain_text("atch size 10")
    expect(race.get_by_test_id("lane-1")).to_contain_text("ull")


def test_back_and_forward_lead_to_what_was_asked_for(open_page: Callable[..., Page], server: str) -> None:
    page, sweep = open_sweep(open_page, server, "dataset=moons&n_samples=60")
    seeds, words = page.get_by_label("Seeds", exact=True), sweep.locator(".nn-sweep-words")
    for number, told in (("4", "96 trainings to run"), ("2", "48 trainings to run")):
        seeds.fill(number)
        seeds.press("Enter")
        expect(words).to_have_text(told)
        expect(page).to_have_url(re.compile(f"sweep_seeds={number}"))
    page.go_back()
    expect(words).to_have_text("96 trainings to run")
    page.go_back()
    expect(words).to_have_text("192 trainings to run")
    expect(seeds).to_have_value("8")
    page.go_forward()
    expect(words).to_have_text("96 trainings to run")
    expect(seeds).to_have_value("4")
