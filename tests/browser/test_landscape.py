"""The landscape of the loss: a place is chosen, the network is there, trains on, and comes back as it was."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import Locator, expect

from tests.browser.stage import Stage
from tests.browser.test_accessibility import PHONE, findings

OpenStage = Callable[..., Stage]
QUERY = "?dataset=moons&n_samples=100&hidden_sizes=4,3&batch_size=20&seed=4"


def open_landscape(stage: Stage) -> Locator:
    stage.page.get_by_role("tab", name="Landscape").click()
    panel = stage.page.get_by_test_id("panel-landscape")
    expect(panel).to_have_attribute("data-complete", "true")
    return panel


def here(panel: Locator) -> list[float]:
    return json.loads(panel.get_attribute("data-here") or "null")


def test_a_place_that_one_clicks_is_where_the_network_is_and_undo_takes_it_back(open_stage: OpenStage) -> None:
    stage = open_stage(QUERY)
    page = stage.page
    stage.play_and_pause(15)
    panel = open_landscape(stage)
    expect(panel).to_have_attribute("data-plane", "principal")
    expect(panel.get_by_test_id("landscape-words")).to_contain_text("% of the path’s spread")
    before, frame, was = stage.losses, stage.frame, here(panel)
    page.wait_for_timeout(300)  # the plane may be chosen again for the frame where the run came to rest

    map_ = panel.get_by_test_id("contours")
    box = map_.bounding_box()
    assert box is not None
    spot = (box["x"] + 0.8 * box["width"], box["y"] + 0.3 * box["height"])
    page.mouse.move(*spot)
    expect(panel.get_by_test_id("landscape-words")).to_contain_text("here. Click to go there.")
    page.mouse.click(*spot)
    stage.wait_for("at.branch === 'B'")
    assert (stage.frame, stage.epoch) == (frame + 1, frame)
    there = stage.losses
    assert there != before
    expect(panel).not_to_have_attribute("data-here", json.dumps(was))

    # Loaded again, it is there once more, to the last bit.
    page.reload()
    stage.wait_until_ready()
    stage.wait_for(f"at.trainLoss === '{there[0]}'")
    assert stage.losses == there
    expect(panel).to_have_attribute("data-complete", "true")

    stage.play_and_pause(stage.epoch + 5)
    assert stage.losses != there
    there = stage.losses
    # Taken back, and again there: also where the second key comes before the first one's answer.
    for presses in (["Control+Z"], ["Control+Shift+Z"], ["Control+Z", "Control+Shift+Z", "Control+Z"]):
        for keys in presses:
            page.keyboard.press(keys)
        losses, branch = (before, "A") if presses[-1] == "Control+Z" else (there, "B")
        stage.wait_for(f"at.branch === '{branch}' && at.trainLoss === '{losses[0]}'")
        with_recipe = str(branch == "B").lower()
        page.wait_for_function(f"() => location.search.includes('recipe=') === {with_recipe}")
    page.keyboard.press("Control+Shift+Z")
    stage.wait_for(f"at.branch === 'B' && at.trainLoss === '{there[0]}'")

    # By keys, and over two weights: the other place follows this one.
    panel.get_by_role("button", name="Enlarge: Landscape").click()
    panel.get_by_role("combobox", name="Plane of the landscape").select_option("Two weights")
    expect(panel).to_have_attribute("data-plane", "parameters")
    map_.focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    stage.wait_for(f"at.trainLoss !== '{there[0]}'")

    # What is undone stays so when the page is loaded again: the place before, then the run as it was.
    page.keyboard.press("Control+Z")
    stage.wait_for(f"at.trainLoss === '{there[0]}'")
    page.keyboard.press("Control+Z")
    stage.wait_for(f"at.trainLoss === '{before[0]}' && at.branch === 'A'")
    page.wait_for_function("() => !location.search.includes('recipe=')")
    page.reload()
    stage.wait_until_ready()
    stage.wait_for(f"at.trainLoss === '{before[0]}' && at.branch === 'A'")
    page.wait_for_function("() => !location.search.includes('recipe=')")
    expect(panel).to_have_attribute("data-complete", "true")
    panel.get_by_role("radio", name="Surface").check()
    expect(panel.get_by_test_id("surface")).to_be_visible()
    assert findings(page, "dark") == []


def test_a_beginner_has_no_such_tab_and_a_phone_has_room_for_it(open_stage: OpenStage) -> None:
    stage = open_stage(QUERY, newcomer=True)
    tabs = stage.root.get_by_role("tab")
    expect(tabs.filter(visible=True)).to_have_count(3)
    stage.page.get_by_role("button", name="All controls").click()
    expect(tabs.filter(visible=True)).to_have_count(4)

    stage = open_stage(QUERY, **PHONE)
    panel = open_landscape(stage)
    assert stage.page.evaluate("document.documentElement.scrollWidth") <= 390
    box = panel.locator(".nn-enlarge").bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 390
