"""The digits page in a browser: learns live, follows the timeline, and is still there after a visit to another page."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stage import Stage


def test_digits_are_learned_live_and_each_page_keeps_its_run(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/digits?seed=3")
    stage = Stage(page)
    stage.wait_until_ready()
    expect(page).to_have_url(re.compile("dataset=digits"))
    mistakes = page.get_by_test_id("panel-mistakes")
    expect(mistakes).to_contain_text("of 449 wrong")
    untrained = mistakes.inner_text()
    stage.play_and_pause(3)
    expect(page.get_by_role("progressbar", name="Training")).to_have_attribute("aria-valuemax", "60")
    trained, frame, losses = mistakes.inner_text(), stage.frame, stage.losses
    assert trained != untrained
    expect(page.get_by_test_id("panel-measures").locator("table[data-set=test]")).to_contain_text("% correct")
    expect(page.get_by_role("img", name="Weights of 24 units")).to_be_visible()
    stage.scrub_to(0)
    expect(mistakes).to_have_text(untrained, use_inner_text=True)
    stage.scrub_to(frame)
    assert stage.losses == losses
    expect(mistakes).to_have_text(trained, use_inner_text=True)

    page.get_by_role("link", name="Playground").click()
    expect(stage.root).to_have_attribute("data-page", "playground")
    stage.wait_until_ready()
    assert stage.frame == 0
    page.get_by_role("link", name="Digits").click()
    expect(stage.root).to_have_attribute("data-page", "digits")
    stage.wait_until_ready()
    assert stage.frame >= frame
    stage.scrub_to(frame)
    assert stage.losses == losses
