"""One's own data in a real browser: drawn with a pointer and with keys, learned, and shared by a link."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import FilePayload, Locator, Page, expect

from nnplay.datasets.own_data import decode
from tests.browser.stage import Stage

OpenStage = Callable[..., Stage]


def drag(page: Page, pad: Locator, *places: tuple[float, float]) -> None:
    """Drag over the pad, through places given as shares of its size."""
    box = pad.bounding_box()
    assert box is not None
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=20)
    page.mouse.up()


def wait_until_linked(page: Page, count: int) -> None:
    """Wait until the page's address holds that many points."""
    for _ in range(100):
        points = parse_qs(urlparse(page.url).query).get("points")
        if points and decode(points[0]).data.n_samples == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"the address never held {count} points: {page.url}")


def points_drawn(stage: Stage) -> int:
    text = stage.page.locator(".nn-draw-hint").inner_text()
    found = re.search(r"([\d,]+) points?\.", text)
    assert found is not None, text
    return int(found[1].replace(",", ""))


def test_two_classes_are_drawn_learned_and_opened_from_the_link(open_stage: OpenStage) -> None:
    stage = open_stage()
    page = stage.page
    stage.press("Draw")
    assert points_drawn(stage) == 400  # the data set on screen is what one begins with
    before = stage.attribute("run")
    stage.press("Clear all points")
    pad = page.locator(".nn-pad")
    drag(page, pad, (0.2, 0.2), (0.8, 0.3))
    expect(page.locator(".nn-draw-hint")).to_contain_text("2 classes")
    assert stage.attribute("run") == before  # one class is nothing to learn from
    pad.press("1")  # keys: choose the second class, go down, add a point
    for _ in range(4):
        pad.press("Shift+ArrowDown")
        pad.press("Enter")
    drag(page, pad, (0.2, 0.7), (0.8, 0.8))
    stage.wait_for(f"at.run !== '{before}' && +at.frame === 0")
    count = points_drawn(stage)
    assert count > 20
    wait_until_linked(page, count)
    stage.press("Eraser")
    drag(page, pad, (0.2, 0.2), (0.5, 0.25))
    left = points_drawn(stage)
    assert left < count
    wait_until_linked(page, left)
    stage.press("Undo")
    assert points_drawn(stage) == count
    wait_until_linked(page, count)
    stage.press("Draw")
    stage.step_epoch()
    stage.step_epoch()

    other = open_stage(page.url[page.url.index("?") :])
    other.press("Draw")
    assert points_drawn(other) == count
    other.press("Draw")
    other.step_epoch()
    other.step_epoch()
    assert other.losses == stage.losses


def test_a_table_is_opened_learned_and_saved(open_stage: OpenStage) -> None:
    stage = open_stage()
    page = stage.page
    rows = "".join(f"{k % 7},{k * k % 11},{k * k % 5},{'<b>cat</b>' if k % 2 else 'dog'}\n" for k in range(60))
    page.get_by_role("button", name="Open table").click()
    upload: FilePayload = {
        "name": "pets.csv",
        "mimeType": "text/csv",
        "buffer": f"length,weight,age,kind\n{rows}".encode(),
    }
    page.locator("input[type=file]").set_input_files([upload])
    page.get_by_role("button", name="Use these data").click()
    boundary = page.get_by_test_id("panel-boundary")
    expect(boundary.get_by_text("<b>cat</b>", exact=True)).to_be_visible()
    stage.step_epoch()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save table").click()
    saved = download.value.path().read_text()
    assert saved.splitlines()[0] == "length,weight,target,set"
    assert saved.count("<b>cat</b>") == 30
