"""The browser's Back and Forward: a choice on a page is taken back by one press, and a page is left by one."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stage import Stage


def expect_address(page: Page, path_and_query: str, changed: bool = False) -> None:
    """Of a run that was changed half way, the address also has the recipe, once the server is asked for more of it."""
    recipe = r"(&recipe=[\w-]+)?" if changed else ""
    expect(page).to_have_url(re.compile(rf"://[^/]+{re.escape(path_and_query)}{recipe}$"))


def entries(page: Page) -> int:
    return page.evaluate("history.length")


def test_each_choice_is_an_entry_and_back_brings_the_run_of_before(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage()
    page = stage.page
    begun = entries(page)
    stage.play_and_pause(10)
    shown = (stage.frame, stage.losses)
    activation = page.get_by_role("combobox", name="Activation")
    stage.choose("Activation", "ReLU")
    expect_address(page, "/?activation=relu")
    stage.nudge("Learning rate")
    expect_address(page, "/?activation=relu&learning_rate=0.1")
    stage.play_and_pause(5)
    relu = (stage.frame, stage.losses)
    expect_entries(page, begun + 2)

    page.go_back()
    expect_address(page, "/?activation=relu", changed=True)
    slider = page.get_by_role("slider", name="Learning rate Learning rate", exact=True)
    expect(slider).to_have_attribute("aria-valuetext", "0.03")
    # A live setting: the run goes on, and the frame on screen stays.
    stage.wait_for(f"+at.frame === {relu[0]} && at.trainLoss === '{relu[1][0]}'")
    assert stage.losses == relu[1]
    page.go_back()
    expect_address(page, "/")
    expect(activation).to_have_value("tanh")
    # By its loss, too: both runs may have been left at the same frame.
    stage.wait_for(f"+at.frame === {shown[0]} && at.trainLoss === '{shown[1][0]}'")
    assert stage.losses == shown[1]
    page.go_forward()
    expect(activation).to_have_value("ReLU")
    stage.wait_for(f"+at.frame === {relu[0]} && at.trainLoss === '{relu[1][0]}'")
    assert stage.losses == relu[1]

    page.keyboard.press("Control+Z")  # what the app writes itself makes no entry
    expect(activation).to_have_value("tanh")
    expect_address(page, "/")
    expect_entries(page, begun + 2)
    stage.choose("Activation", "Sigmoid")
    expect_address(page, "/?activation=sigmoid")
    page.reload()
    stage.wait_until_ready()
    expect(activation).to_have_value("Sigmoid")


def expect_entries(page: Page, number: int) -> None:
    page.wait_for_function(f"history.length === {number}")


def test_a_page_is_left_by_one_press_also_while_it_plays(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/?dataset=moons&activation=rulu")  # the app mends the address
    stage = Stage(page)
    stage.wait_until_ready()
    expect_address(page, "/?dataset=moons")
    for name in ("Digits", "Tables"):
        page.get_by_role("link", name=name, exact=True).first.click()
        expect(page).to_have_url(re.compile(f"/{'digits' if name == 'Digits' else 'tabular'}.*dataset="))
        stage.wait_until_ready()
    page.get_by_role("link", name="Articles", exact=True).first.click()
    page.get_by_role("radio", name="Four rows").click()
    heading = page.get_by_role("heading", level=2).first
    expect(heading).to_contain_text("How to build your own")
    expect_address(page, "/articles?article=four-rows")
    page.go_back()
    expect(heading).to_contain_text("Deep Learning 101")
    page.go_back()
    expect(page).to_have_url(re.compile("/tabular"))
    stage.wait_until_ready()
    stage.press("Play")
    page.go_back()
    expect(page).to_have_url(re.compile("/digits"))
    expect(page.locator("[data-testid=stage][data-page=digits]")).to_have_attribute("data-ready", "true")
    stage.press("Play")
    page.go_back()
    expect(page.locator("[data-testid=stage][data-page=playground]")).to_have_attribute("data-ready", "true")
    expect_address(page, "/?dataset=moons")
    page.go_forward()
    expect(page.locator("[data-testid=stage][data-page=digits]")).to_have_attribute("data-ready", "true")


def test_choices_made_while_it_plays_are_taken_back_one_by_one(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage()
    page = stage.page
    activation = page.get_by_role("combobox", name="Activation")
    stage.press("Play")
    for label, name in (("ReLU", "relu"), ("Sigmoid", "sigmoid"), ("Sine", "sine")):
        run = stage.attribute("run")
        stage.choose("Activation", label)
        expect_address(page, f"/?activation={name}")
        stage.wait_for(f"at.run !== '{run}'")
    for label in ("Sigmoid", "ReLU", "tanh"):
        page.go_back()
        expect(activation).to_have_value(label)
    expect_address(page, "/")


#: The browser's next message to the server gets lost.
LOSE_NEXT_MESSAGE = """() => {
  const { send } = WebSocket.prototype;
  WebSocket.prototype.send = function () { WebSocket.prototype.send = send; };
}"""


def test_a_press_of_back_that_the_server_never_heard_of_is_said_again(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage()
    page = stage.page
    activation = page.get_by_role("combobox", name="Activation")
    stage.choose("Activation", "ReLU")
    expect_address(page, "/?activation=relu")
    stage.play_and_pause(3)
    page.evaluate(LOSE_NEXT_MESSAGE)
    page.go_back()
    expect(activation).to_have_value("tanh")
    expect_address(page, "/")
    page.go_forward()
    expect(activation).to_have_value("ReLU")


def test_what_a_page_writes_into_the_address_is_no_other_pages(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/?dataset=moons")
    stage = Stage(page)
    stage.wait_until_ready()
    page.get_by_role("button", name="Compare this run").click()
    expect(page).to_have_url(re.compile("/compare"))
    expect(page.get_by_test_id("race")).to_be_visible()
    page.go_back()
    stage.wait_until_ready()
    expect_address(page, "/?dataset=moons")
