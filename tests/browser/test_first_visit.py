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


def test_a_newcomer_is_told_what_this_is_until_play_was_pressed(open_stage: OpenStage) -> None:
    stage = open_stage(newcomer=True)
    coach = stage.root.locator(".nn-coach")
    expect(coach).to_contain_text("Watch a small neural network learn")
    stage.play_until(1)
    expect(coach).not_to_contain_text("Watch a small")
    expect(coach).to_contain_text("epochs: ")  # what happened, as soon as the data are learned
    epoch = int(coach.inner_text().split("after ")[1].split(" epochs")[0])
    assert 0 < epoch <= stage.epoch
    coach.get_by_role("button", name="Fewer units: 4 and 4").click()
    stage.page.wait_for_url("**hidden_sizes=4*")
    expect(coach).to_be_empty()
    stage.page.reload()
    stage.wait_until_ready()
    expect(coach).to_be_empty()


def test_start_here_leads_through_three_things_and_comes_back_from_the_header(open_stage: OpenStage) -> None:
    stage = open_stage("?max_epochs=30", newcomer=True)
    page, coach = stage.page, stage.root.locator(".nn-coach")
    coach.get_by_role("button", name="Start here").click()
    expect(coach).to_contain_text("1 of 3")
    stage.press("Play")
    expect(coach).to_contain_text("2 of 3")
    page.get_by_role("radio", name="Two moons").click()
    stage.wait_for("+at.epoch === 0")
    stage.press("Play")
    expect(coach).to_contain_text("3 of 3")
    for layers in ("8", ""):
        page.get_by_role("button", name="Remove the last hidden layer").click()
        stage.wait_for(f"+at.epoch === 0 && location.search.includes('hidden_sizes={layers}')")
    stage.press("Play")
    expect(coach).to_contain_text("That is why there are hidden layers")
    playground = page.url
    coach.get_by_role("button", name="First lesson").click()
    page.wait_for_url("**/lessons?lesson=neuron&step=1")
    page.goto(playground)
    stage.wait_until_ready()
    expect(coach).to_be_empty()
    page.get_by_role("button", name="Start here").click()
    expect(coach).to_contain_text("1 of 3")
    coach.get_by_role("button", name="Close").click()
    expect(coach).to_be_empty()


def test_light_and_dark_change_at_a_press_while_it_plays_and_stay_after_a_reload(open_stage: OpenStage) -> None:
    stage = open_stage(color_scheme="light")
    page = stage.page
    switch = page.get_by_role("button", name="Dark colours")
    expect(stage.root).to_have_attribute("data-theme", "light")
    stage.play_until(5)
    run = stage.attribute("run")
    switch.click()
    expect(stage.root).to_have_attribute("data-theme", "dark")
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert stage.attribute("run") == run
    before = stage.epoch
    stage.wait_for(f"at.playing === 'true' && +at.epoch > {before}")
    stage.press("Pause")
    page.reload()
    stage.wait_until_ready()
    expect(stage.root).to_have_attribute("data-theme", "dark")
    page.goto(page.url.partition("/?")[0].rstrip("/") + "/digits")
    expect(stage.root).to_have_attribute("data-theme", "dark")
    switch.click()
    expect(stage.root).to_have_attribute("data-theme", "light")
    page.emulate_media(color_scheme="dark")  # nothing is chosen that isn't the system's: it is followed again
    expect(stage.root).to_have_attribute("data-theme", "dark")
