"""Presenter mode: the data within reach, and what was done last taken back, each by a key."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.stage import Stage

OpenStage = Callable[..., Stage]
PROJECTOR = {"width": 1920, "height": 1080}


def test_data_noise_and_points_are_changed_by_key_without_leaving_presenter_mode(open_stage: OpenStage) -> None:
    stage = open_stage("?present=true&dataset=moons", viewport=PROJECTOR)
    page, sidebar = stage.page, stage.page.get_by_test_id("stSidebar")
    expect(sidebar).to_be_hidden()
    page.keyboard.press("d")
    expect(page.locator(".nnplay-picker [data-name=moons]")).to_be_focused()
    run = stage.attribute("run")
    page.keyboard.press("ArrowRight")
    stage.wait_for(f"at.run !== '{run}'")
    for name in ("Points", "Noise"):
        run = stage.attribute("run")
        slider = sidebar.get_by_role("slider", name=name).first
        slider.focus()
        page.keyboard.press("ArrowRight")
        stage.wait_for(f"at.run !== '{run}'")
    run = stage.attribute("run")
    page.keyboard.press("x")
    stage.wait_for(f"at.run !== '{run}'")
    page.keyboard.press("d")
    expect(sidebar).to_be_hidden()
    page.get_by_role("button", name="Data", exact=True).click()
    expect(sidebar).to_be_visible()
    assert page.evaluate("document.documentElement.dataset.nnPresent") == "true"
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Data", exact=True)).to_be_hidden()


def test_one_key_takes_back_what_was_done_last_whatever_it_was(open_stage: OpenStage) -> None:
    stage = open_stage("?present=true&dataset=moons", viewport=PROJECTOR)
    page = stage.page
    stage.step_epoch()
    stage.step_epoch()

    def there() -> str:
        return "at.epoch === '2' && at.learningRate === '0.03' && !location.search.includes('hidden')"

    stage.wait_for(there())
    page.keyboard.press("r")
    stage.wait_for("at.epoch === '0'")
    page.keyboard.press("u")
    stage.wait_for(there())
    stage.press("Add a hidden layer")
    stage.wait_for("at.epoch === '0'")
    page.keyboard.press("Backspace")
    stage.wait_for(there())
    stage.nudge("Learning rate", "ArrowLeft")
    stage.wait_for("location.search.includes('learning_rate')")
    page.keyboard.press("u")
    stage.wait_for(there() + " && !location.search.includes('learning_rate')")
    page.keyboard.press("d")
    expect(page.locator(".nnplay-picker [data-name=moons]")).to_be_focused()
    page.keyboard.press("ArrowRight")
    stage.wait_for("at.epoch === '0'")
    page.keyboard.press("u")
    stage.wait_for(there())
    # At once, before anything is known of what the arrow did.
    page.keyboard.press("ArrowRight")
    page.keyboard.press("u")
    page.wait_for_timeout(1500)
    stage.wait_for(there() + " && location.search.includes('dataset=moons')")


def test_the_data_come_also_where_the_sidebar_was_put_away(open_stage: OpenStage) -> None:
    page = open_stage("?dataset=moons").page
    sidebar = page.get_by_test_id("stSidebar")
    sidebar.hover()
    page.get_by_test_id("stSidebarCollapseButton").get_by_role("button").click()
    expect(sidebar).to_have_attribute("data-collapsed", "true")
    page.keyboard.press("p")
    page.keyboard.press("d")
    expect(page.locator(".nnplay-picker [data-name=moons]")).to_be_focused()
    expect(page.locator(".nnplay-picker [data-name=moons]")).to_be_in_viewport()
