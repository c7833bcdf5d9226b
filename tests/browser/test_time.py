"""Time travel in a real browser: back, fork, another learning rate, and back to where one was."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.stage import COVERED, Stage


def test_fork_change_play_and_go_back(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage("?momentum=0.5")
    stage.play_and_pause(30)
    end, at_end = stage.frame, stage.losses
    stage.scrub_to(12)
    at_twelve = stage.losses
    stage.press("Fork")
    stage.wait_for("at.branch === 'B'")
    assert (stage.frame, stage.losses) == (12, at_twelve)
    stage.nudge("Learning rate", "ArrowRight", until="learning_rate=0.1")
    stage.play_and_pause(20)
    legend = stage.root.get_by_role("list", name="Branches")
    expect(legend.get_by_role("listitem")).to_have_text(["A · learning rate 0.03", "B · learning rate 0.1"])
    choice = stage.root.get_by_role("combobox", name="Branch")
    expect(choice.get_by_role("option", selected=True)).to_have_text("B · rate 0.1")
    assert choice.evaluate("node => node.scrollWidth <= node.clientWidth")
    on_b = stage.losses

    choice.select_option("A")
    stage.wait_for("at.branch === 'A'")
    assert (stage.frame, stage.losses) == (end, at_end)
    expect(stage.page).not_to_have_url(re.compile("learning_rate"))  # the controls have followed
    stage.scrub_to(12)
    assert stage.losses == at_twelve
    stage.root.get_by_role("combobox", name="Branch").select_option("B")
    stage.wait_for("at.branch === 'B'")
    assert stage.losses == on_b
    stage.page.wait_for_url(re.compile("learning_rate=0.1"))

    stage.page.get_by_role("radio", name="Two moons").click()  # learned on, by what was learned so far
    stage.page.wait_for_url(re.compile("dataset=moons"))
    expect(legend.get_by_role("listitem").last).to_contain_text("data moons")
    assert (stage.attribute("branch"), stage.epoch > 12) == ("B", True)
    stage.step_epoch()
    stage.press("Delete branch")
    stage.wait_for("at.branch === 'A'")
    expect(legend).to_be_hidden()


def test_a_run_stops_when_asked_to_and_goes_on_when_asked_to(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage("?max_epochs=5")
    panel = stage.page.get_by_test_id("panel-network")
    stage.press("Play")
    notice = stage.root.locator(".nn-notice:not(.nn-waiting)")
    expect(notice).to_contain_text("Finished: 5 epochs")
    expect(notice).to_be_in_viewport(ratio=1)
    assert notice.evaluate(COVERED) == []
    box, below = notice.bounding_box(), panel.bounding_box()
    assert box
    assert below
    assert box["y"] + box["height"] <= below["y"], "it hides no panel"
    expect(stage.root.get_by_role("alert")).to_have_count(0)
    assert (stage.epoch, stage.attribute("playing")) == (5, "false")
    stage.press("Continue")
    stage.wait_for("+at.epoch >= 8")
    expect(notice).to_be_hidden()
