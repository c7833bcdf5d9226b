"""The first minutes: what a newcomer finds, and that the page stays as it was left."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.stage import Stage

OpenStage = Callable[..., Stage]


def test_all_controls_are_one_press_away_and_stay_after_a_reload(open_stage: OpenStage) -> None:
    stage = open_stage(newcomer=True)
    page = stage.page
    momentum = page.get_by_role("slider", name="Momentum Momentum", exact=True)
    expect(page.get_by_role("slider", name="Learning rate Learning rate", exact=True)).to_be_visible()
    expect(momentum).to_have_count(0)
    stage.play_until(3)
    page.get_by_role("button", name="All controls").click()
    expect(momentum).to_be_visible()
    stage.wait_for("at.playing === 'true' && +at.epoch > 5")
    stage.press("Pause")
    page.reload()
    stage.wait_until_ready()
    expect(momentum).to_be_visible()
    page.get_by_role("button", name="Fewer controls").click()
    expect(momentum).to_have_count(0)
