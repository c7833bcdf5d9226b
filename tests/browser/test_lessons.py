"""Lessons as a student and a lecturer have them: answered, drawn, run, left and found again, presented."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.browser.stage import Stage
from tests.browser.test_accessibility import PHONE, findings

OpenPage = Callable[..., Page]


def open_step(open_page: OpenPage, server: str, step: int, **options: object) -> Stage:
    stage = Stage(open_page(f"{server}/lessons?lesson=xor&step={step}", **options))
    stage.wait_until_ready()
    expect(stage.page.locator(".nn-lesson-count")).to_have_text(f"Step {step} of 4")
    return stage


def result(page: Page) -> Locator:
    return page.get_by_role("region", name="Result")


def test_a_question_comes_first_and_the_answer_is_held_against_the_run(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{server}/lessons")
    page.get_by_role("link", name=re.compile("Why hidden layers")).click()
    stage = Stage(page)
    stage.wait_until_ready()
    expect(page).to_have_url(re.compile("lesson=xor&step=1$"))
    stage.press("Play")
    expect(page.get_by_text("Answer first, or skip the question.")).to_be_visible()
    page.keyboard.press("ArrowRight")
    assert stage.epoch == 0
    page.get_by_label("Nearly all of them").check()
    page.get_by_role("button", name="Train 60 epochs").click()
    expect(result(page)).to_contain_text("Not quite.")
    expect(result(page)).to_contain_text("About half, as if it guessed")
    assert stage.epoch == 60

    page.get_by_role("slider", name="Learning rate").first.press("ArrowRight")
    expect(page.get_by_text("You have changed the settings.")).to_be_visible()
    page.get_by_role("button", name="Back to the step").click()
    expect(page.get_by_text("You have changed the settings.")).to_be_hidden()

    page.reload()
    expect(result(page)).to_contain_text("Not quite.")
    page.get_by_role("button", name="Next step").click()
    expect(page.locator(".nn-lesson-count")).to_have_text("Step 2 of 4")
    expect(page).to_have_url(re.compile("lesson=xor&step=2$"))
    page.go_back()
    expect(page.locator(".nn-lesson-count")).to_have_text("Step 1 of 4")
    page.get_by_role("button", name="All lessons").click()
    expect(page.get_by_role("link", name=re.compile("Why hidden layers"))).to_contain_text("1 of 4 steps done")


def test_the_boundary_is_drawn_and_compared(open_page: OpenPage, server: str) -> None:
    stage = open_step(open_page, server, 2)
    page = stage.page
    pad = page.get_by_role("application", name=re.compile("boundary that you expect"))
    box = pad.bounding_box()
    assert box

    def stroke(*places: tuple[float, float]) -> None:
        for k, (u, v) in enumerate(places):
            page.mouse.move(box["x"] + u * box["width"], box["y"] + v * box["height"], steps=1 if k == 0 else 8)
            if k == 0:
                page.mouse.down()
        page.mouse.up()

    hint = page.locator(".nn-sketch-hint")
    stroke((0.5, 0.1), (0.5, 0.9))
    stroke((0.1, 0.5), (0.9, 0.5))
    expect(hint).to_contain_text("Tap a side to change its colour")
    page.get_by_role("button", name="Clear the drawing").click()
    expect(hint).to_have_text("Draw the boundary that you expect.")
    # The same by keys alone.
    pad.focus()
    for keys in (("ArrowUp",), ("ArrowDown",)):
        for _ in range(3):
            page.keyboard.press(f"Shift+{keys[0]}")
        page.keyboard.press("Enter")
        for _ in range(3):
            page.keyboard.press("Shift+ArrowDown" if keys[0] == "ArrowUp" else "Shift+ArrowUp")
    page.keyboard.press("Escape")
    expect(hint).to_contain_text("Tap a side to change its colour")
    page.keyboard.press("c")
    assert findings(page, "light", "dark") == []
    page.get_by_role("button", name="Train 60 epochs").click()
    said = re.compile(r"agree on (\d+) % of the square")
    expect(result(page)).to_contain_text(said)
    share = int(said.search(result(page).inner_text())[1])
    assert 10 < share < 90  # one line, where the network has two
    assert findings(page, "dark") == []
    page.get_by_role("button", name="Answer again").click()
    expect(hint).to_have_text("Draw the boundary that you expect.")
    assert stage.attribute("lesson") == "asking"


def test_runs_race_and_a_run_is_taken_to_the_playground(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{server}/lessons?lesson=xor&step=3")
    race = page.get_by_test_id("race")
    expect(race).to_have_attribute("data-charts", "true")
    page.get_by_role("button", name="Skip the question").click()
    page.get_by_role("button", name="Train 60 epochs").click()
    expect(result(page)).to_contain_text("A single unit draws a single line")
    assert int(race.get_attribute("data-clock") or 0) == 60
    page.get_by_role("button", name="Try it").click()
    stage = Stage(page)
    stage.wait_until_ready()
    answer = page.get_by_text("Four are the first to get nearly all.")
    expect(answer).to_be_hidden()  # until it was tried
    page.get_by_role("button", name="Train 60 epochs").click()
    page.get_by_role("button", name="Train again").click()
    stage.wait_for("+at.epoch > 0 && +at.epoch < 60")
    stage.press("Pause")
    page.get_by_text("Then look").click()
    expect(answer).to_be_visible()
    page.locator(".nn-lessons, .nnplay-lessons").get_by_role("button", name="hidden units").first.click()
    expect(page.get_by_role("dialog", name="hidden layer")).to_be_visible()
    page.keyboard.press("Escape")
    frame = stage.epoch
    page.get_by_role("button", name="Open in the playground").click()
    page.wait_for_url(re.compile(r"/\?dataset=xor"))
    stage.wait_for(f"at.page === 'playground' && +at.epoch === {frame}")
    page.go_back()
    expect(page.locator(".nn-lesson-count")).to_have_text("Step 3 of 4")


def test_neither_a_notice_nor_a_panel_answers_for_the_visitor(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{server}/lessons?lesson=learning_rate&step=4")
    race = page.get_by_test_id("race")
    expect(race).to_have_attribute("data-charts", "true")
    ticks = [text.replace("−", "-") for text in race.locator(".ytick text").all_text_contents()]
    assert ticks == [f"{value:g}" for value in sorted(map(float, ticks))]
    assert {text.strip("0.") for text in ticks} == {"1", "2", "5"}  # none of 3, 4, 6 to 9, and no bare digits

    page.goto(f"{server}/lessons?lesson=learning_rate&step=3")
    stage = Stage(page)
    stage.wait_until_ready()
    page.get_by_role("button", name="Skip the question").click()
    page.get_by_role("slider", name="Learning rate").first.press("End")
    stage.wait_until_ready()
    page.get_by_role("button", name=re.compile("Train .* epochs")).click()
    alert = page.get_by_role("alert").filter(has_text="Training stopped")
    expect(alert).to_be_visible()
    expect(alert.get_by_text("learning rate")).to_be_hidden()
    expect(alert.get_by_role("button")).to_have_text(["Close"])

    page.get_by_role("button", name="Try it").click()
    line = page.get_by_test_id("straight")
    expect(page.get_by_role("button", name="Train 50 epochs")).to_be_visible()
    stage.wait_until_ready()
    expect(line).to_be_hidden()
    page.get_by_role("button", name="Train 50 epochs").click()
    expect(line).to_be_visible()
    page.get_by_role("button", name="Train again").wait_for()
    stage.press("Reset")
    expect(line).to_be_hidden()


def test_steps_are_scenes_by_key_with_notes_beside(open_page: OpenPage, server: str) -> None:
    page = open_step(open_page, server, 1).page
    page.keyboard.press("PageDown")  # scrolls, as on any page
    page.get_by_role("button", name="Present", exact=True).click()
    with page.expect_popup() as opened:
        page.keyboard.press("n")
    notes = opened.value
    expect(notes.locator(".notes")).to_contain_text("hold a pen over the picture")
    page.bring_to_front()
    page.keyboard.press("PageDown")
    expect(page.locator(".nn-lesson-count")).to_have_text("Step 2 of 4")
    expect(notes.locator("h1")).to_have_text("Four units in between")
    page.keyboard.press("PageDown")  # runs that race are another component
    expect(page.get_by_test_id("race")).to_be_visible()
    page.wait_for_timeout(3500)  # as long as the stage before waits for a place
    expect(page.get_by_test_id("stAppViewContainer").locator(".st-key-header-buttons")).to_be_hidden()
    for _ in range(2):
        notes.get_by_role("button", name="Previous step").click()
    expect(page.locator(".nn-lesson-count")).to_have_text("Step 1 of 4")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_contain_text("Next step of the lesson")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    notes.close()
    page.get_by_text("For teachers").click()
    page.get_by_role("button", name="Add to my lecture").click()
    expect(page.get_by_role("button", name="Take out of my lecture")).to_be_visible()
    for name, words in (("Worksheet", "What I saw:"), ("Teacher’s key", "Right answer")):
        with page.expect_popup() as sheet:
            page.get_by_role("button", name=name).click()
        expect(sheet.value.locator("h1")).to_have_text("Why hidden layers")
        expect(sheet.value.get_by_text(words).first).to_be_visible()
        sheet.value.close()
    page.goto(f"{server}/lessons?lesson=neuron&step=2")
    page.get_by_text("For teachers").click()
    page.get_by_role("button", name="Add to my lecture").click()
    page.get_by_role("button", name="All lessons").click()
    page.get_by_role("button", name="Sooner: What a neuron draws").click()
    page.get_by_role("button", name="Begin").click()
    Stage(page).wait_until_ready()
    expect(page.locator(".nn-lesson-count")).to_have_text("Scene 1 of 2")
    page.keyboard.press("p")
    page.keyboard.press("s")
    page.keyboard.press("PageDown")
    expect(page.locator(".nn-lesson-name")).to_have_text("Why hidden layers")
    expect(page.locator(".nn-lesson-count")).to_have_text("Scene 2 of 2")
    page.keyboard.press("t")
    expect(page.get_by_role("button", name="Back to the step")).to_be_visible()
    page.keyboard.press("Escape")


def test_on_a_phone_a_step_fits_and_axe_finds_nothing_serious(open_page: OpenPage, server: str) -> None:
    stage = open_step(open_page, server, 1, **PHONE)
    page = stage.page
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for name in ("Skip the question", "Step 2: Four units in between"):
        box = page.get_by_role("button", name=name).bounding_box()
        assert box
        assert box["height"] >= 44, name
    assert findings(page, "light") == []
