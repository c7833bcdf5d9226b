"""Nothing that took time to make is lost without a way back, on any page."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.browser.stage import Stage


def test_another_activation_after_a_fork_can_be_undone_and_the_last_thing_goes_first(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage()
    stage.play_and_pause(12)
    stage.press("Fork")
    stage.wait_for("at.branch === 'B'")
    stage.play_and_pause(20)
    shown = (stage.frame, stage.losses)
    stage.choose("Activation", "ReLU")
    stage.wait_for("+at.frame === 0")
    notice = stage.root.locator(".nn-notice:not(.nn-waiting)")
    expect(notice).to_contain_text("The previous run is kept")
    expect(notice).to_be_in_viewport(ratio=1)
    notice.get_by_role("button", name="Undo").click()
    stage.wait_for(f"+at.frame === {shown[0]}")
    assert (stage.attribute("branch"), stage.losses) == ("B", shown[1])
    expect(stage.page.get_by_role("combobox", name="Activation")).to_have_value("tanh")
    expect(stage.root.get_by_role("combobox", name="Branch").get_by_role("option")).to_have_count(2)

    stage.page.keyboard.press("Control+Shift+Z")
    stage.wait_for("+at.frame === 0")
    expect(stage.page.get_by_role("combobox", name="Activation")).to_have_value("ReLU")
    edit_a_weight(stage)
    stage.press("Reset")
    stage.wait_for("+at.frame === 0")
    stage.page.keyboard.press("Control+Z")  # the reset
    stage.wait_for("+at.frame === 1")
    stage.page.keyboard.press("Control+Z")  # the edit
    stage.wait_for("+at.frame === 0")
    stage.page.keyboard.press("Control+Z")  # the activation
    stage.wait_for(f"+at.frame === {shown[0]}")
    assert stage.losses == shown[1]

    stage.press("Delete branch")
    stage.wait_for("at.branch === 'A'")
    stage.root.get_by_role("button", name="Undo", exact=True).click()
    stage.wait_for("at.branch === 'B'")
    assert stage.losses == shown[1]


def edit_a_weight(stage: Stage) -> None:
    unit = stage.root.get_by_role("button", name="Hidden layer 1, unit 3", exact=True)
    unit.click()
    stage.root.get_by_role("textbox", name="Weight from x₂", exact=True).fill("-3.5")
    stage.wait_for("+at.frame === 1")
    unit.click()


@pytest.mark.parametrize("page", ["digits", "tabular"])
def test_a_reset_is_undone_on_the_other_pages_too(page: str, open_page: Callable[..., Page], server: str) -> None:
    stage = Stage(open_page(f"{server}/{page}"))
    stage.wait_until_ready()
    stage.play_and_pause(2)
    shown = (stage.frame, stage.losses)
    stage.press("Reset")
    stage.wait_for("+at.frame === 0")
    stage.page.keyboard.press("Control+Z")
    stage.wait_for(f"+at.frame === {shown[0]}")
    assert stage.losses == shown[1]


def test_what_was_trained_on_another_page_is_back_after_a_reload_without_a_question(
    open_page: Callable[..., Page], server: str
) -> None:
    page = open_page(server)
    stage = Stage(page)
    stage.wait_until_ready()
    asked: list[str] = []

    def accept(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", accept)
    page.get_by_test_id("panel-boundary").click()  # a browser asks only where someone did something
    stage.play_and_pause(5)
    stage.press("Fork")
    stage.wait_for("at.branch === 'B'")
    stage.step_epoch()
    left = (stage.epoch, stage.losses)
    page.get_by_role("link", name="Articles", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Five articles")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Five articles")
    assert asked == []
    page.get_by_role("link", name="Playground", exact=True).first.click()
    stage.wait_for("at.branch === 'B'")
    assert (stage.epoch, stage.losses) == left
    expect(page.locator(".nn-alerts .nn-notice:not(.nn-waiting)")).to_contain_text(
        "The page was loaded again. Your run went on"
    )
    page.context.close()
