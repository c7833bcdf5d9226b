"""The lecture hall in a real browser: share, take away."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.stage import Stage
from tests.browser.test_projected_type import LEAST, SMALL_TEXT

OpenStage = Callable[..., Stage]
#: Panels, and what is pressed in them, that aren't wholly in sight.
CUT = """() => {
  const isIn = (inner, outer) => inner.right <= outer.right + 1 && inner.bottom <= outer.bottom + 1;
  const box = (e) => e.getBoundingClientRect();
  const page = { right: window.innerWidth, bottom: window.innerHeight };
  const seen = [...document.querySelectorAll('.nn-stage .nn-panel')].filter((e) => e.checkVisibility());
  const pairs = (panel) => [[panel, page], ...[...panel.querySelectorAll('.nn-enlarge')].map((e) => [e, box(panel)])];
  return seen.flatMap(pairs)
    .filter(([inner, outer]) => !isIn(box(inner), outer)).map(([inner]) => inner.ariaLabel);
}"""


def test_a_shared_link_shows_the_same_run_in_the_same_way(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons")
    stage.root.get_by_role("combobox", name="Speed").select_option("epoch:5")
    stage.page.get_by_test_id("panel-hidden").get_by_role("radio", name="1").click()
    stage.page.get_by_role("button", name="Share", exact=True).click()
    dialog = stage.page.get_by_role("dialog")
    dialog.get_by_text("Stop automatically").click()
    link = dialog.get_by_role("textbox", name="Link")
    expect(link).to_have_value(f"{stage.page.url.partition('?')[0]}?dataset=moons&speed=epoch:5&hide=stop"
                               "&layer=1&projection=straight")  # fmt: skip
    query = link.input_value().partition("?")[2]
    dialog.get_by_role("tab", name="QR code").click()
    box = dialog.get_by_role("img", name="QR code of the link").bounding_box()
    assert box["width"] == box["height"] >= 440
    assert box["y"] + box["height"] <= 768
    again = open_stage(f"?{query}")
    expect(again.root.get_by_role("combobox", name="Speed")).to_have_value("epoch:5")
    expect(again.page.get_by_test_id("panel-hidden").get_by_role("radio", name="1")).to_be_checked()
    expect(again.page.get_by_text("Stop automatically")).to_be_hidden()


def test_a_saved_run_is_opened_where_it_was_and_plays_on_alike(open_stage: OpenStage, tmp_path: Path) -> None:
    stage = open_stage("?dataset=moons&hidden_sizes=3&optimizer=adam")
    for _ in range(3):
        stage.step_epoch()
    stage.scrub_to(2)
    shown = stage.losses
    stage.page.get_by_role("button", name="Take away").click()
    with stage.page.expect_download() as download:
        stage.page.get_by_role("button", name="Save the run at epoch 2").click()
    file = tmp_path / "run.json"
    download.value.save_as(file)
    stage.page.keyboard.press("Escape")
    stage.step_epoch()

    other = open_stage()
    other.play_until(20)
    other.page.get_by_role("button", name="Take away").click()
    expect(other.page.get_by_role("dialog")).to_be_visible()
    expect(other.root).to_have_attribute("data-playing", "true")  # opening the dialog ends nothing
    damaged = tmp_path / "damaged.json"
    damaged.write_text(json.dumps(json.loads(file.read_text()) | {"parameters": [1]}))
    upload = other.page.locator("input[type=file]")
    upload.set_input_files(damaged)
    expect(other.page.get_by_role("dialog").get_by_role("alert")).to_contain_text("must be a list of 13 numbers")
    upload.set_input_files(file)
    other.wait_for("+at.epoch === 2")
    expect(other.page.get_by_role("dialog")).to_be_hidden()
    assert other.losses == shown
    expect(other.page.get_by_role("combobox", name="Optimiser")).to_have_value("Adam")
    other.page.wait_for_url("**/?dataset=moons&hidden_sizes=3&optimizer=adam")
    other.step_epoch()
    assert other.losses == stage.losses


def test_a_page_within_a_page_has_no_header_and_hides_what_the_link_says(open_stage: OpenStage) -> None:
    stage = open_stage("?embed=true&hide=data,network,more,stop,training,hidden,loss,diagram")
    page = stage.page
    expect(page.get_by_role("button", name="Share", exact=True)).to_be_hidden()
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    expect(page.get_by_test_id("panel-loss")).to_be_hidden()
    box = page.get_by_test_id("panel-boundary").bounding_box()
    assert box["y"] + box["height"] <= 768
    assert box["height"] > 640
    stage.step_epoch()


def turn(page: Page, key: str, scene: int) -> None:
    """Go to another scene of a lecture."""
    page.keyboard.press(key)
    expect(page.locator(".nn-lesson-count")).to_contain_text(f"Scene {scene} of")
    expect(page.locator(".nn-stage[data-lesson=asking]")).to_have_attribute("data-charts", "true")


def train(page: Page) -> None:
    """Skip the question of a scene, and run it to its end."""
    for key in ("s", "5", "Space"):  # 20 epochs a frame
        page.keyboard.press(key)
    expect(page.locator(".nn-stage[data-lesson=done]")).to_be_visible()


def test_a_scene_says_no_more_than_it_should_and_is_wholly_in_sight(
    open_page: Callable[..., Page], server: str
) -> None:
    scenes = "learning_rate.3,activations.3"
    page = open_page(f"{server}/lessons?lesson=neuron&step=4&scenes=neuron.4,{scenes}&present=true")
    expect(page.locator(".nn-stage[data-lesson=asking]")).to_have_attribute("data-charts", "true", timeout=60_000)
    probe = page.get_by_test_id("straight")
    expect(probe).to_be_hidden()  # how many points a straight line gets right is what is asked
    train(page)
    expect(probe).to_be_visible()
    turn(page, "PageDown", 2)
    train(page)
    expect(page.get_by_role("alert")).to_contain_text("Training stopped in epoch 26")
    expect(page.get_by_role("region", name="Result")).not_to_contain_text("Training stopped")
    assert page.evaluate(CUT) == []
    turn(page, "PageDown", 3)
    train(page)
    assert page.evaluate(CUT) == []
    page.set_viewport_size({"width": 1920, "height": 1080})
    expect(page.locator(".nn-lesson-against dd")).to_have_css("font-size", "24px")
    expect(page.locator(".nn-panel-losses .xtick text").first).to_have_css("font-size", "24px")
    assert page.evaluate(SMALL_TEXT, LEAST) == []


def test_a_lecture_goes_by_keys_alone(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/lessons?lesson=xor&step=1&scenes=xor.1,xor.2,xor.3,neuron.4&present=true")
    stage, press = Stage(page), page.keyboard.press
    stage.wait_until_ready()
    press("2")
    expect(page.get_by_label("About half, as if it guessed")).to_be_checked()
    press("5")
    press("Space")
    stage.wait_for("at.lesson === 'done' && at.epoch === '60'")
    press("x")  # other data
    stage.wait_for("at.epoch === '0'")
    press("u")  # the run before is back, with its data
    stage.wait_for("at.epoch === '60'")
    press("d")
    picker = page.locator(".st-key-lesson-column .nnplay-picker")
    expect(picker.locator("[data-name=xor]")).to_be_focused()
    press("ArrowRight")
    stage.wait_for("at.epoch === '0'")
    press("u")
    stage.wait_for("at.epoch === '60'")
    expect(picker.locator("[data-name=xor]")).to_have_attribute("aria-checked", "true")
    press("d")
    expect(picker).to_be_hidden()

    turn(page, "PageDown", 2)
    press("u")  # nothing of the scene before
    press("a")
    expect(page.get_by_role("application", name="Draw the boundary")).to_be_focused()
    for key in ("Shift+ArrowUp", "Enter", "Shift+ArrowDown"):
        for _ in range(1 if key == "Enter" else 12):
            press(key)
    press("Enter")
    press("Escape")
    press("Space")
    expect(page.get_by_role("region", name="Result")).to_contain_text("agree on")
    turn(page, "PageDown", 3)
    train(page)
    race = page.get_by_test_id("race")
    run = race.get_attribute("data-run")
    press("x")
    expect(race).not_to_have_attribute("data-run", str(run))
    turn(page, "PageDown", 4)
    press("a")
    page.keyboard.type("85")
    press("Enter")
    press("Space")
    expect(page.get_by_role("region", name="Result")).to_contain_text("You said85 %")
    press("PageUp")
    expect(page.locator(".nn-lesson-count")).to_have_text("Scene 3 of 4")
    assert page.evaluate("document.documentElement.dataset.nnPresent") == "true"


def test_a_lecture_is_prepared_on_the_list_and_given_from_its_link(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/lessons")
    page.get_by_role("button", name="Prepare a lecture").click()
    for lesson, step in (("Why hidden layers", 1), ("What a neuron draws", 0)):
        page.get_by_role("list", name=f"Steps of {lesson}").get_by_role("button").nth(step).click()
    page.get_by_role("button", name="Later: Why hidden layers").press("Enter")
    page.get_by_role("button", name="Begin").click()
    expect(page.locator(".nn-lesson-count")).to_have_text("Scene 1 of 2", timeout=60_000)
    expect(page).to_have_url(re.compile("scenes=neuron.1(%2C|,)xor.2"))
    query = page.url.partition("?")[2]

    hall = open_page(f"{server}/lessons?{query}&present=true", viewport={"width": 1920, "height": 1080})
    expect(hall.get_by_role("button", name="Scene 2: Why hidden layers:")).to_be_visible()
    Stage(hall).wait_until_ready()
    with hall.expect_popup() as opened:
        hall.keyboard.press("n")
    notes = opened.value
    expect(notes.locator("body")).to_contain_text("Why hidden layers:")
    notes.keyboard.press("PageDown")
    expect(notes.locator("body")).to_contain_text("Why hidden layers, step 2")
    notes.keyboard.press("s")
    notes.keyboard.press("Space")
    expect(hall.locator(".nn-stage[data-lesson=done]")).to_be_visible()
    notes.close()
    hall.keyboard.press("Escape")
    hall.get_by_text("For teachers").click()
    hall.get_by_role("button", name="Make this lecture mine").click()
    expect(hall.get_by_role("button", name="Take out of my lecture")).to_be_visible()
