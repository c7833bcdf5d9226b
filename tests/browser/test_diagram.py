"""The network diagram in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.stage import Stage

OpenStage = Callable[..., Stage]


def test_a_weight_is_edited_the_boundary_answers_and_undo_brings_it_back(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.step_epoch()
    trained = stage.losses
    boundary = stage.page.get_by_test_id("panel-boundary")
    before = boundary.screenshot()
    stage.root.get_by_role("button", name="Hidden layer 1, unit 3", exact=True).click()
    weight = stage.root.get_by_role("textbox", name="Weight from x₂", exact=True)
    was = weight.input_value()
    weight.fill("-3,5")
    stage.wait_for("+at.frame === 2")
    edited = stage.losses
    assert edited != trained
    assert stage.epoch == 1
    assert boundary.screenshot() != before
    weight.fill("2000")
    refusal = stage.page.get_by_test_id("unit-card").get_by_role("alert")
    expect(refusal).to_have_text("The weight from x₂ must be a number from −1000 to 1000; got “2000”.")
    slider = stage.root.get_by_role("slider", name="Weight from x₁, slider")
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    stage.wait_for("+at.frame === 3")  # one gesture, one frame
    stage.page.keyboard.press("Control+z")
    stage.wait_for("+at.frame === 2")
    assert stage.losses == edited
    stage.press("Undo edit")
    stage.wait_for("+at.frame === 1")
    assert stage.losses == trained
    expect(weight).to_have_value(was)
    stage.step_epoch()
    assert stage.frame == 2


def test_the_diagram_adds_and_removes_units_and_layers(open_stage: OpenStage) -> None:
    stage = open_stage("?hidden_sizes=2&activation=relu")
    panel = stage.page.get_by_test_id("panel-hidden")
    stage.step_epoch()
    expect(panel).to_contain_text("What hidden layer 1 sees")
    stage.press("Add a unit to hidden layer 1")
    stage.press("Add a unit to hidden layer 1")
    stage.press("Add a hidden layer")
    stage.page.wait_for_url(re.compile(r"hidden_sizes=4%2C4"))
    expect(stage.root.get_by_role("button", name="Hidden layer 2, unit 4", exact=True)).to_be_visible()
    expect(stage.page.get_by_role("spinbutton", name="Hidden layers")).to_have_value("2")
    expect(panel).to_contain_text("What hidden layer 2 sees")
    stage.press("Remove the last hidden layer")
    stage.press("Remove the last hidden layer")
    stage.page.wait_for_url(re.compile(r"hidden_sizes=none"))
    last = stage.root.get_by_role("button", name="Remove the last hidden layer")
    expect(last).to_have_attribute("aria-disabled", "true")
    expect(last).to_have_attribute("title", "There is no hidden layer to remove")
    stage.step_epoch()
    expect(panel).to_be_visible()
