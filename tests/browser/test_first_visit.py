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
    stage = open_stage(newcomer=True)
    page, coach = stage.page, stage.root.locator(".nn-coach")
    on = coach.get_by_role("button", name="Next")
    coach.get_by_role("button", name="Start here").click()
    expect(coach).to_contain_text("1 of 3 Press Play")
    stage.press("Play")
    expect(coach).to_contain_text("1 of 3 Watch")  # nobody is told to press what was pressed
    on.click()
    expect(coach).to_contain_text("2 of 3 Choose “Two moons”")
    page.get_by_role("radio", name="Two moons").click()  # it plays on with them
    expect(coach).to_contain_text("2 of 3 The same network learns other data")
    on.click()
    expect(coach).to_contain_text("3 of 3 Take every hidden layer away")
    for layers in ("8", "none"):
        page.get_by_role("button", name="Remove the last hidden layer").click()
        page.wait_for_url(f"**hidden_sizes={layers}")
    expect(coach).to_contain_text("3 of 3 Now it has no hidden layer")
    expect(page.get_by_text("its boundary is straight", exact=False).first).to_be_hidden()
    on.click()
    expect(coach).to_contain_text("That is why there are hidden layers")
    stage.press("Pause")
    playground = page.url
    coach.get_by_role("button", name="First lesson").click()
    page.wait_for_url("**/lessons?lesson=neuron&step=1")
    page.goto(playground)
    stage.wait_until_ready()
    expect(coach).to_be_empty()
    stage.play_and_pause(3)
    left = stage.epoch
    page.get_by_role("button", name="Start here").click()
    expect(coach).to_contain_text("1 of 3 Press Play")  # not on the line that no layer can bend
    stage.wait_for("+at.epoch === 0 && !location.search.includes('moons')")
    coach.get_by_role("button", name="Bring my run back").click()
    page.wait_for_url("**dataset=moons*")
    stage.wait_for(f"at.ready === 'true' && +at.epoch === {left}")
    expect(coach).to_be_empty()
    page.get_by_role("button", name="Start here").click()
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
