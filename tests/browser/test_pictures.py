"""What the browser draws by itself of a frame's parameters: views and the past without the server, the boundary in its
panel's own pixels, and a point on its way through the network."""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import start_server
from tests.browser.stage import Stage

OpenStage = Callable[..., Stage]

#: Whether the boundary is drawn in as many columns as its canvas has, which is as wide as it is on screen.
IS_SHARP = """() => {
  const panel = document.querySelector('[data-testid=panel-boundary]');
  const canvas = [...panel.querySelectorAll('canvas')].find(({ clientWidth }) => clientWidth > 80);
  const isFine = canvas && canvas.width === Math.round(canvas.clientWidth * devicePixelRatio);
  return isFine && +panel.dataset.columns === canvas.width;
}"""
#: Pictures of a panel's canvases, to tell whether they have changed.
PICTURE = (
    "panel => [...panel.querySelectorAll('canvas')].filter(({ width }) => width > 1).map((each) => each.toDataURL())"
)


@pytest.fixture
def own_server(tmp_path: Path, chromium_path: str) -> Iterator[tuple[int, str]]:
    process, address = start_server(tmp_path / "log")
    yield process.pid, address
    process.send_signal(signal.SIGCONT)
    process.terminate()
    process.wait(10)


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


def plot_of(page: Page) -> Locator:
    return page.get_by_test_id("panel-boundary").locator(".nn-canvas")


def test_views_and_the_past_are_drawn_without_the_server(
    own_server: tuple[int, str], open_page: Callable[..., Page]
) -> None:
    pid, address = own_server
    stage = Stage(open_page(address))
    stage.wait_until_ready()
    stage.play_and_pause(60)
    page, hidden = stage.page, stage.page.get_by_test_id("panel-hidden")
    page.wait_for_function(IS_SHARP)
    with stopped(pid):
        seen = [hidden.evaluate(PICTURE)]

        def changes() -> None:
            page.wait_for_function(
                f"([panel, before]) => String(({PICTURE})(panel)) !== String(before)",
                arg=[hidden.element_handle(), seen[-1]],
            )
            seen.append(hidden.evaluate(PICTURE))

        hidden.get_by_role("radio", name="Layer 1").check(force=True)
        expect(hidden.get_by_role("heading")).to_have_text("What hidden layer 1 sees")
        changes()
        projection = hidden.get_by_label("Projection")
        for kind in ("pca 2d", "units 2d", "straight 3d"):
            projection.select_option(kind)
            changes()
        assert '"mode":"3d"' in stage.attribute("view")
        before = page.get_by_test_id("panel-boundary").evaluate(PICTURE)
        losses, last = stage.losses, stage.frame
        stage.scrub_to(7)
        page.wait_for_function(IS_SHARP)
        assert stage.losses != losses
        assert page.get_by_test_id("panel-boundary").evaluate(PICTURE) != before
        stage.scrub_to(last)
        assert stage.losses == losses
        hidden.get_by_role("radio", name="Morph through all layers").check(force=True)
        expect(hidden.get_by_role("heading")).to_have_text("Layer by layer")
        changes()
    stage.step_epoch()  # the server is back
    assert '"mode":"morph"' in stage.attribute("view")


def test_at_rest_the_boundary_has_the_panel_s_own_pixels(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons")
    page, panel = stage.page, stage.page.get_by_test_id("panel-boundary")
    page.wait_for_function(IS_SHARP)
    stage.play_until(10)
    page.wait_for_function("() => +document.querySelector('[data-testid=panel-boundary]').dataset.columns <= 81")
    stage.press("Pause")
    page.wait_for_function(IS_SHARP)
    width = int(panel.get_attribute("data-columns") or 0)
    page.get_by_role("button", name="Enlarge: Decision boundary").click()
    page.wait_for_function(
        f"({IS_SHARP})() && +document.querySelector('[data-testid=panel-boundary]').dataset.columns !== {width}"
    )
    page.keyboard.press("Escape")
    box = plot_of(page).bounding_box()
    assert box
    before = panel.evaluate(PICTURE)
    page.mouse.move(box["x"] + 0.3 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.down()
    page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 0.5 * box["height"], steps=4)
    page.mouse.up()
    page.wait_for_function(IS_SHARP)
    page.wait_for_function(
        f"([panel, before]) => String(({PICTURE})(panel)) !== String(before)", arg=[panel.element_handle(), before]
    )


def test_pointing_at_the_boundary_shows_the_answer_and_each_unit(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons")
    stage.step_epoch()
    page = stage.page
    box = plot_of(page).bounding_box()
    assert box
    reading, units = page.get_by_test_id("point"), page.locator(".nn-diagram-reading")
    expect(reading).to_be_hidden()
    expect(units).to_be_hidden()
    page.mouse.move(box["x"] + 0.2 * box["width"], box["y"] + 0.7 * box["height"])
    expect(reading).to_have_text(re.compile(r"x₁ −?[\d.]+, x₂ −?[\d.]+ → class [01], \d+\.\d % sure"))
    expect(units).to_be_visible()
    first, drawn = reading.text_content(), units.evaluate("canvas => canvas.toDataURL()")
    page.mouse.move(box["x"] + 0.8 * box["width"], box["y"] + 0.2 * box["height"])
    expect(reading).not_to_have_text(first or "")
    assert units.evaluate("canvas => canvas.toDataURL()") != drawn
    before = reading.text_content()
    page.keyboard.press("Space")  # the frame changes, the place doesn't
    stage.wait_for("+at.epoch >= 20")
    expect(reading).not_to_have_text(before or "")
    page.mouse.move(5, 5)
    expect(reading).to_be_hidden()
    expect(units).to_be_hidden()


def test_a_touched_place_stays_until_another_is_touched(open_stage: OpenStage) -> None:
    stage = open_stage(viewport={"width": 820, "height": 1180}, has_touch=True)
    page = stage.page
    box = plot_of(page).bounding_box()
    assert box
    reading = page.get_by_test_id("point")
    page.touchscreen.tap(box["x"] + 0.4 * box["width"], box["y"] + 0.4 * box["height"])
    expect(reading).to_be_visible()
    expect(page.locator(".nn-point-mark")).to_be_visible()
    text = reading.text_content()
    page.touchscreen.tap(box["x"] + 0.6 * box["width"], box["y"] + 0.6 * box["height"])
    expect(reading).not_to_have_text(text or "")
    head = page.get_by_test_id("panel-boundary").get_by_role("heading").bounding_box()
    assert head
    page.touchscreen.tap(head["x"] + 5, head["y"] + 5)
    expect(reading).to_be_hidden()
