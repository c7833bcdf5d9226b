"""Words that can be tapped, and helps that show what they say."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stage import Stage
from tests.browser.test_accessibility import PHONE, findings

OpenStage = Callable[..., Stage]


def open_help(page: Page, field: str) -> None:
    page.locator(f".st-key-field-{field} [data-testid=stTooltipHoverTarget]").first.hover()
    expect(page.get_by_role("tooltip")).to_be_visible()


def test_a_term_says_what_it_means_and_escape_goes_back_to_it(open_stage: OpenStage) -> None:
    stage = open_stage("")
    page = stage.page
    page.get_by_role("button", name="About: Loss").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Tab")
    term = page.get_by_test_id("panel-loss").get_by_role("button", name="training samples")
    expect(term).to_be_focused()
    page.keyboard.press("Enter")
    card = page.get_by_role("dialog", name="training set")
    expect(card).to_have_accessible_description(
        "The samples that the network learns from. It can learn them by heart, so they don't show how good it is."
    )
    assert findings(page, "light", "dark") == []
    card.get_by_role("button", name="samples").click()
    expect(page.get_by_role("dialog", name="sample")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".nn-term-card")).to_have_count(0)
    expect(term).to_be_focused()
    expect(page.get_by_test_id("panel-loss").get_by_role("note")).to_be_visible()
    stage.root.locator(".nn-readouts").get_by_role("button", name="Accuracy").click()
    expect(page.get_by_role("dialog", name="accuracy")).to_be_visible()
    page.keyboard.press("Escape")


def test_show_me_makes_a_branch_and_undo_takes_it_back(open_stage: OpenStage) -> None:
    stage = open_stage("")
    page = stage.page
    stage.play_and_pause(3)
    open_help(page, "learning_rate")
    page.get_by_role("tooltip").get_by_role("link", name="Show me").last.click()
    stage.wait_for("at.branch === 'B' && +at.learningRate === 3")
    expect(page.get_by_text("Too large: the loss jumps up and down, or explodes. Branch B shows it")).to_be_visible()
    page.keyboard.press("Control+z")
    stage.wait_for("at.branch === 'A' && +at.learningRate === 0.03 && +at.epoch >= 3")


def test_what_a_help_offers_works_also_where_a_click_opened_it(open_stage: OpenStage) -> None:
    stage = open_stage("?hidden_sizes=3")
    page = stage.page
    rate = page.locator(".st-key-field-learning_rate")
    for name in ("weights", "Show me"):
        rate.get_by_test_id("stTooltipHoverTarget").locator("button").click()
        page.get_by_role("tooltip").get_by_role("link", name=name).last.click()
        if name == "weights":
            expect(page.get_by_role("dialog", name="weight")).to_be_visible()
            page.keyboard.press("Escape")
    expect(page.locator(".nn-notice").filter(has_text="Learning rate")).to_be_visible()


def test_show_me_of_the_layers_makes_a_run_that_undo_takes_back(open_stage: OpenStage) -> None:
    stage = open_stage("")
    page = stage.page
    stage.play_and_pause(3)
    run, frame, losses = stage.attribute("run"), stage.frame, stage.losses
    page.keyboard.press("g")
    glossary = page.get_by_role("dialog", name="Glossary")
    glossary.get_by_role("searchbox", name="Find a term").fill("layer")
    glossary.get_by_role("button", name="Show me: None: the boundary can only be a straight line.").click()
    expect(glossary).to_be_hidden()
    stage.wait_for(f"at.run !== '{run}' && +at.epoch >= 1")
    expect(page.get_by_text("The previous run is kept")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.get_by_text("The previous run is back.")).to_be_visible()
    # It stood still while the other one was on its way.
    stage.wait_for(f"+at.frame === {frame}")
    assert stage.losses == losses


def test_on_a_phone_the_card_lies_at_the_lower_edge(open_stage: OpenStage) -> None:
    page = open_stage("", **PHONE).page
    page.get_by_role("button", name="About: Network").tap()
    page.get_by_test_id("panel-network").locator(".nn-term").first.tap()
    box = page.locator(".nn-term-card").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    assert 800 <= box["y"] + box["height"] <= 844
    assert findings(page, "light", "dark") == []
