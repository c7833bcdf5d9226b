"""Hands on the canvases: one stroke is one pointer; and canvases follow the screen's pixels."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.browser.stage import Stage

#: A pen draws from left to right across an element while a palm comes down, moves and leaves: as pointer events, since
#: what a browser makes of a real palm depends on the tablet. The palm is the primary one of its kind.
PEN_AND_PALM = """element => {
  const { left, top, width, height } = element.getBoundingClientRect();
  element.setPointerCapture = () => {};
  const fire = (type, pointerType, x, y) => element.dispatchEvent(new PointerEvent(`pointer${type}`, { bubbles: true,
    isPrimary: true, button: 0, pointerId: pointerType === 'pen' ? 21 : 22, pointerType,
    clientX: left + x * width, clientY: top + y * height }));
  fire('down', 'pen', 0.2, 0.5);
  fire('down', 'touch', 0.8, 0.9);
  for (let k = 1; k <= 6; k++) {
    fire('move', 'pen', 0.2 + 0.1 * k, 0.5);
    fire('move', 'touch', 0.8, 0.9 - 0.01 * k);
    if (k === 3) fire('up', 'touch', 0.8, 0.87);
  }
  fire('up', 'pen', 0.8, 0.5);
}"""

#: Something that one of two fingers does on an element.
FINGER = """(element, [type, id, x]) => {
  element.setPointerCapture = () => {};
  element.dispatchEvent(new PointerEvent(`pointer${type}`, { bubbles: true, button: 0, pointerId: id,
    pointerType: 'touch', isPrimary: id === 31, clientX: x, clientY: 300 }));
}"""

#: Which rows of a canvas, as shares of its height, bear ink; and how far the ink reaches from left to right.
INK = """canvas => {
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  let [top, bottom, left, right] = [1, 0, 1, 0];
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) {
    if (data[4 * (y * width + x) + 3] < 128) continue;
    [top, bottom] = [Math.min(top, y / height), Math.max(bottom, y / height)];
    [left, right] = [Math.min(left, x / width), Math.max(right, x / width)];
  }
  return { top, bottom, left, right };
}"""

#: Canvases on screen whose pixels are not the screen's; pictures of so many cells as there are values are stretched.
BLURRED = """ratio => [...document.querySelectorAll('canvas')].filter((canvas) => canvas.getClientRects().length
    && getComputedStyle(canvas).imageRendering !== 'pixelated' && canvas.width < 0.96 * ratio * canvas.clientWidth)
  .map((canvas) => `${canvas.className || canvas.parentElement.className} ${canvas.width} for ${canvas.clientWidth}`)"""


def on_screen_of(page: Page, ratio: float) -> CDPSession:
    """Take the page to a screen of so many device pixels per CSS pixel."""
    assert page.viewport_size
    session = page.context.new_cdp_session(page)
    session.send(
        "Emulation.setDeviceMetricsOverride", page.viewport_size | {"deviceScaleFactor": ratio, "mobile": False}
    )
    return session


def ink_on(canvas: Locator) -> dict[str, float]:
    return canvas.evaluate(INK)


def test_a_palm_beside_the_pen_does_not_touch_the_digit(open_page: Callable[..., Page], server: str) -> None:
    stage = Stage(open_page(f"{server}/digits"))
    stage.wait_until_ready()
    easel = stage.page.get_by_test_id("easel")
    easel.scroll_into_view_if_needed()
    easel.evaluate(PEN_AND_PALM)
    stage.page.wait_for_timeout(200)
    ink = ink_on(easel)
    assert 0.4 < ink["top"] < ink["bottom"] < 0.6
    assert ink["left"] < 0.25
    assert ink["right"] > 0.75


def test_a_palm_beside_the_pen_draws_no_points(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage("?dataset=moons")
    stage.press("Draw")
    stage.press("Clear all points")
    pad = stage.root.locator(".nn-pad")
    pad.evaluate(PEN_AND_PALM)
    ink = ink_on(pad)
    assert 0.35 < ink["top"] < ink["bottom"] < 0.65
    assert ink["right"] > 0.7


def test_a_second_finger_does_not_turn_the_picture(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage("?hidden_sizes=8")
    stage.root.get_by_label("Projection").select_option("pca 3d")
    solid = stage.page.get_by_test_id("solid")
    expect(solid).to_be_visible()
    stage.page.wait_for_timeout(300)

    def picture() -> str:
        stage.page.wait_for_timeout(120)
        return solid.evaluate("canvas => canvas.toDataURL()")

    at_first = picture()
    for event in (["down", 31, 300], ["down", 32, 500], ["move", 32, 560]):
        solid.evaluate(FINGER, event)
    assert picture() == at_first
    solid.evaluate(FINGER, ["move", 31, 340])
    assert picture() != at_first


@pytest.mark.parametrize("path", ["", "digits", "tabular"])
def test_every_canvas_follows_the_screen_s_pixels(open_page: Callable[..., Page], server: str, path: str) -> None:
    page = open_page(f"{server}/{path}", device_scale_factor=1)
    stage = Stage(page)
    stage.wait_until_ready()
    if path == "":
        stage.root.locator(".nn-diagram").get_by_role("button", name="hidden layer 1, unit 1").click()
        expect(page.get_by_test_id("unit-card")).to_be_visible()
    for ratio in (1.5, 2.0, 3.0):
        session = on_screen_of(page, ratio)
        page.wait_for_function(f"devicePixelRatio === {ratio}")
        page.wait_for_function(f"ratio => ({BLURRED})(ratio).length === 0", arg=ratio)
    session.send("Emulation.clearDeviceMetricsOverride")
