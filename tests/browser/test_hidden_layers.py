"""The hidden-layer panel in a real browser: the morph, three dimensions, straight cuts."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.stage import Stage

OpenStage = Callable[..., Stage]


def test_a_morph_leads_from_the_inputs_to_the_last_layer_and_follows_the_training(open_stage: OpenStage) -> None:
    stage = open_stage("?hidden_sizes=4,3", reduced_motion="reduce")
    panel = stage.page.get_by_test_id("panel-hidden")
    panel.get_by_role("radio", name="Morph through all layers").click()
    slider = panel.get_by_role("slider")
    expect(slider).to_have_attribute("aria-valuetext", "The input plane")  # nothing plays where things are to be still
    expect(slider).to_have_attribute("max", "6")
    plot = panel.locator("canvas").first
    pictures = []
    captions = {
        "0": "The input plane",
        "0.5": "Layer 1: multiply by the weights",
        "1.5": "Layer 1: add the biases",
        "2.5": "Layer 1: apply tanh",
        "6": "Layer 2: apply tanh",
    }
    for position, caption in captions.items():
        slider.fill(position)
        expect(panel).to_contain_text(caption)
        pictures.append(plot.screenshot())
    stage.step_epoch()
    pictures.append(plot.screenshot())
    assert all(a != b for a, b in itertools.pairwise(pictures))
    panel.get_by_role("button", name="Play the morph").click()
    expect(slider).to_have_attribute("aria-valuetext", "Layer 1: multiply by the weights")
    panel.get_by_role("button", name="Pause the morph").click()
    assert stage.epoch == 1


def test_the_straight_cuts_and_the_projections_follow_the_timeline(open_stage: OpenStage) -> None:
    stage = open_stage()
    panel = stage.page.get_by_test_id("panel-hidden")
    row = panel.get_by_test_id("straight")
    expect(row).to_contain_text(re.compile(r"inputs \d+ %.*1: \d+ %.*2: \d+ %"))
    projection = panel.get_by_role("combobox", name="Projection")
    expect(projection).to_have_value("straight 2d")
    at_first = panel.locator("canvas").first.screenshot()
    projection.select_option("Components")
    stage.page.wait_for_timeout(500)
    assert panel.locator("canvas").first.screenshot() != at_first
    stage.press("Step epoch")
    stage.wait_for("+at.epoch === 1")
    at_one = row.inner_text()
    stage.play_and_pause(40)
    assert row.inner_text() != at_one
    stage.scrub_to(1)
    assert row.inner_text() == at_one
    picture = panel.locator("canvas").first.screenshot()
    panel.get_by_role("button", name=re.compile("^Fit the components")).click()
    stage.page.wait_for_timeout(500)
    assert panel.locator("canvas").first.screenshot() != picture
    turn_three_dimensions(stage)


def turn_three_dimensions(stage: Stage) -> None:
    """Drag them, use the keys, zoom, go on training: each gives another picture."""
    panel = stage.page.get_by_test_id("panel-hidden")
    panel.get_by_role("combobox", name="Projection").select_option("3 units 3-D")
    expect(panel.get_by_role("combobox", name="Unit on the vertical axis")).to_have_value("2")
    canvas = panel.get_by_test_id("solid")
    pictures = [canvas.screenshot()]
    box = canvas.bounding_box()
    stage.page.mouse.move(box["x"] + 100, box["y"] + 60)
    stage.page.mouse.down()
    stage.page.mouse.move(box["x"] + 160, box["y"] + 80, steps=3)
    stage.page.mouse.up()
    pictures.append(canvas.screenshot())
    canvas.press("ArrowLeft")
    pictures.append(canvas.screenshot())
    stage.page.mouse.wheel(0, -100)
    stage.page.wait_for_timeout(200)
    pictures.append(canvas.screenshot())
    stage.step_epoch()
    pictures.append(canvas.screenshot())
    assert all(a != b for a, b in itertools.pairwise(pictures))
