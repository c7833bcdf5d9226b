"""A panel that has the place of all panels."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.stage import Stage


@pytest.mark.parametrize("viewport", [{"width": 1366, "height": 768}, {"width": 390, "height": 844}])
def test_the_enlarged_network_is_larger_and_a_unit_opens_beside_it(
    open_stage: Callable[..., Stage], viewport: dict[str, int]
) -> None:
    stage = open_stage(viewport=viewport)
    unit = stage.root.get_by_role("button", name="Hidden layer 1, unit 3", exact=True)
    small = unit.bounding_box()
    enlarge = stage.root.get_by_role("button", name="Enlarge: Network")
    enlarge.click()
    if viewport["width"] > 1000:
        stage.page.wait_for_function(
            "least => document.querySelector('.nn-units button').offsetWidth > least", arg=1.5 * small["width"]
        )
    unit.click()
    card = stage.page.get_by_test_id("unit-card")
    expect(card).to_be_in_viewport(ratio=0.95)
    field = card.get_by_role("textbox").first
    field.fill("2.5")
    stage.wait_for("+at.frame === 1")
    expect(field).to_have_value("2.5")
    panel, inside = stage.page.get_by_test_id("panel-network").bounding_box(), card.bounding_box()
    assert panel["x"] <= inside["x"]
    assert inside["y"] + inside["height"] <= panel["y"] + panel["height"] + 1
    stage.page.keyboard.press("Escape")  # the card
    expect(card).to_be_hidden()
    unit.click()
    enlarge.click()
    expect(card).to_be_visible()  # where it always is
    expect(unit).to_be_visible()
    card.get_by_role("button", name="Close").click()
    expect(card).to_be_hidden()
