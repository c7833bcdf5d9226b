"""Space plays wherever the focus is, and what is opened meanwhile does not end it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage

OpenStage = Callable[..., Stage]
#: Puts the focus somewhere, as a click or Tab does.
PLACES = {
    "a button": "[data-testid=stage] [aria-label=Step]",
    "the play button": "[data-testid=stage] [aria-label=Play]",
    "a slider": "[data-testid=stage] [aria-label=Timeline]",
    "a select": "[data-testid=stage] [aria-label=Speed]",
    "a tab": "[data-testid=stage] [role=tab]",
    "a unit": ".nn-units button[tabindex='0']",
    "a picture of the data": ".nnplay-picker [aria-checked=true]",
    "a link": "a",
}


def test_space_plays_wherever_the_focus_is(open_stage: OpenStage) -> None:
    stage = open_stage()
    page = stage.page
    places = {name: page.locator(selector).first for name, selector in PLACES.items()}
    places["a slider of the page"] = page.get_by_role("slider", name="Momentum Momentum", exact=True)
    places["a select box of the page"] = page.get_by_role("combobox", name="Activation")
    for name, place in places.items():
        before = stage.frame
        place.focus()
        page.keyboard.press("Space")
        stage.wait_for(f"at.playing === 'true' && +at.frame > {before + 2}")
        page.keyboard.press("Space")
        expect(stage.root, name).to_have_attribute("data-playing", "false")
    expect(page.get_by_test_id("unit-card")).to_be_hidden()  # nothing was pressed besides


def test_space_does_not_press_what_was_clicked_before_and_writes_in_text_fields(open_stage: OpenStage) -> None:
    stage = open_stage()
    page = stage.page
    box = stage.root.get_by_role("checkbox", name="Test points")
    box.click()
    page.keyboard.press("Space")
    stage.wait_for("at.playing === 'true'")
    expect(box).to_be_checked()
    page.keyboard.press("Space")
    stage.wait_for("at.playing === 'false'")
    field = page.get_by_role("textbox", name="Your formulas")
    field.click()
    page.keyboard.type("x1 + x2")
    expect(field).to_have_value("x1 + x2")
    expect(stage.root).to_have_attribute("data-playing", "false")


@pytest.mark.parametrize("name", ["Share", "Take away"])
def test_what_is_opened_while_it_plays_does_not_end_it(open_stage: OpenStage, name: str) -> None:
    stage = open_stage()
    page = stage.page
    stage.play_until(5)
    page.get_by_role("button", name=name, exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    before = stage.frame
    stage.wait_for(f"at.playing === 'true' && +at.frame > {before + 10}")
    page.keyboard.press("Space")
    expect(stage.root).to_have_attribute("data-playing", "false")
    page.keyboard.press("Space")
    expect(stage.root).to_have_attribute("data-playing", "true")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    before = stage.frame
    stage.wait_for(f"at.playing === 'true' && +at.frame > {before + 10}")
