"""The doctor on the stage: a quiet button where something is wrong, what it opens, and what is tried from there."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from nnplay import ExperimentConfig
from nnplay.assignments.assignment import Goal
from nnplay.assignments.in_address import address
from tests.assignments.making import assignment_of
from tests.browser.stage import Stage
from tests.browser.test_accessibility import PHONE, findings
from tests.browser.test_projected_type import LEAST, SMALL_TEXT

OpenStage = Callable[..., Stage]

TOO_LARGE = "?dataset=moons&learning_rate=10&momentum=0&n_samples=200"


def test_what_is_wrong_is_found_shown_and_tried_and_all_of_it_taken_back(open_stage: OpenStage) -> None:
    stage = open_stage(TOO_LARGE, newcomer=True)
    page = stage.page
    chip = page.get_by_test_id("doctor")
    expect(chip).to_be_hidden()
    stage.play_and_pause(22)
    expect(chip).to_be_visible()
    # The coach says what happened and the doctor why: neither repeats the other.
    page.get_by_role("status").get_by_role("button", name="See why").press("Enter")
    expect(page.get_by_role("button", name="More units")).to_have_count(0)
    found = page.get_by_role("region", name="Findings")
    first = found.get_by_role("listitem").first
    expect(first).to_contain_text("the steps are too large")
    expect(first).to_contain_text("learning rate10")
    assert findings(page, "light", "dark") == []
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(chip).to_be_focused()
    # To the panel that shows it, whichever tab is on screen.
    page.get_by_role("tab", name="Measures").click()
    chip.click()
    found.get_by_role("button", name="Show: Loss").click()
    loss = page.get_by_test_id("panel-loss")
    expect(loss).to_be_visible()
    assert "nn-lit" in (loss.get_attribute("class") or "")
    chip.click()
    first.get_by_role("button", name="Try it").click()
    stage.wait_for("at.branch === 'B' && +at.learningRate < 10 && +at.epoch > 24")
    expect(page.get_by_text("As advised. Learning rate 10 →")).to_be_visible()
    page.keyboard.press("Control+z")
    stage.wait_for("at.branch === 'A' && +at.learningRate === 10")


def test_a_run_that_diverges_in_its_first_epoch_is_found_and_tried_with_the_rate_of_its_notice(
    open_stage: OpenStage,
) -> None:
    stage = open_stage("?dataset=hills&learning_rate=10")
    page = stage.page
    stage.press("Play")
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Training stopped in epoch 1")
    page.get_by_test_id("doctor").click()
    found = page.get_by_role("region", name="Findings")
    expect(found).to_contain_text("At epoch 0")
    expect(found.get_by_role("listitem").first).to_contain_text("the steps are too large")
    found.get_by_role("button", name="Try it").first.click()
    stage.wait_for("at.branch === 'B' && +at.learningRate <= 1 && +at.epoch > 3")
    rate = stage.attribute("learning-rate")
    page.keyboard.press("Control+z")
    stage.wait_for("at.branch === 'A' && +at.learningRate === 10 && +at.epoch === 0")
    expect(notice).to_contain_text(f"try a learning rate of {rate} or less")


def test_the_loss_of_a_finding_is_that_on_screen(open_stage: OpenStage) -> None:
    stage = open_stage(TOO_LARGE)
    page = stage.page
    stage.play_and_pause(12)
    page.get_by_test_id("doctor").click()
    found = page.get_by_role("region", name="Findings")
    expect(found).to_contain_text(f"At epoch {stage.epoch}")
    said = found.locator(".nn-evidence div").filter(has=page.locator("dt", has_text=re.compile("^loss$"))).locator("dd")
    assert float(said.first.text_content() or "nan") == pytest.approx(float(stage.losses[0]), rel=5e-3)


def test_nothing_is_said_where_all_is_well_nor_in_an_assignment(open_stage: OpenStage) -> None:
    run = ExperimentConfig(dataset="moons", n_samples=100, learning_rate=10.0, momentum=0.0)
    task = assignment_of(run, goal=Goal("accuracy", 1.0))
    for query in ("?dataset=blobs", "?" + urlencode(address(task, run))):
        stage = open_stage(query)
        stage.play_and_pause(12)
        stage.page.wait_for_timeout(1200)  # an answer takes a tenth of that
        expect(stage.page.get_by_test_id("doctor")).to_be_hidden()


def test_on_a_phone_the_list_lies_over_nothing(open_stage: OpenStage) -> None:
    stage = open_stage(TOO_LARGE, **PHONE)
    page: Page = stage.page
    stage.play_and_pause(12)
    chip = page.get_by_test_id("doctor")
    chip.tap()
    found = page.get_by_role("region", name="Findings")
    expect(found).to_be_visible()
    box, panel = found.bounding_box(), page.get_by_test_id("panel-boundary").bounding_box()
    assert box is not None
    assert panel is not None
    assert box["y"] + box["height"] <= panel["y"] or panel["y"] + panel["height"] <= box["y"]
    # Of one moment: another diagnosis makes other buttons.
    heights = found.get_by_role("button", name="Try it").evaluate_all(
        "(buttons) => buttons.map((button) => button.getBoundingClientRect().height)"
    )
    assert heights
    assert min(heights) >= 44


def test_on_a_projector_it_is_readable_from_the_last_row(open_stage: OpenStage) -> None:
    stage = open_stage(TOO_LARGE, newcomer=True, viewport={"width": 1920, "height": 1080})
    page = stage.page
    stage.play_and_pause(12)
    page.keyboard.press("p")
    page.get_by_test_id("doctor").click()
    expect(page.get_by_role("region", name="Findings")).to_be_visible()
    assert page.evaluate(SMALL_TEXT, LEAST) == []
    page.keyboard.press("Escape")
    page.keyboard.press("d")
    expect(page.locator("html")).to_have_attribute("data-nn-present-data", "true")
    assert page.evaluate(SMALL_TEXT, LEAST) == []
