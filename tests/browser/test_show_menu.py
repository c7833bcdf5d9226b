"""What the boundary's menu *Show* adds: creases, earlier boundaries, a difference; and a point that is pinned."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
from playwright.sync_api import Locator, expect

import nnplay as nn
from nnplay.experiment.recording.recording import Recording
from tests.browser.stage import Stage
from tests.browser.test_accessibility import PHONE, findings

OpenStage = Callable[..., Stage]
PICTURE = "canvas => canvas.toDataURL()"
CONFIG = nn.ExperimentConfig(dataset="moons", activation="relu", hidden_sizes=(4, 3))
QUERY = "?dataset=moons&activation=relu&hidden_sizes=4,3"


def boundary_of(stage: Stage) -> Locator:
    return stage.page.get_by_test_id("panel-boundary")


def choose(stage: Stage, *names: str) -> None:
    """Choose in the menu, and close it."""
    button = boundary_of(stage).locator(".nn-show-toggle")
    button.click()
    for name in names:
        boundary_of(stage).get_by_role("checkbox", name=name).check()
    button.click()


def on_screen(stage: Stage, place: np.ndarray, domain: np.ndarray) -> tuple[float, float]:
    box = boundary_of(stage).locator(".nn-canvas").bounding_box()
    assert box
    share = (place - domain[:, 0]) / np.ptp(domain, axis=1)
    return box["x"] + share[0] * box["width"], box["y"] + (1 - share[1]) * box["height"]


def test_creases_are_those_of_the_network_and_show_their_units(open_stage: OpenStage) -> None:
    recording = Recording(CONFIG)
    recording.advance(0, "epoch", 3, 1, 1e9)
    domain = np.array(recording.setup.domain)
    folds = nn.fold_lines(recording.session.network, domain)
    stage = open_stage(QUERY)
    for _ in range(3):
        stage.step_epoch()
    canvas = boundary_of(stage).locator(".nn-canvas")
    without = canvas.evaluate(PICTURE)
    choose(stage, "Creases of the units")
    expect(boundary_of(stage).get_by_text(f"{folds.n_regions} linear regions in sight")).to_be_visible()
    expect(boundary_of(stage).get_by_text("layer 2")).to_be_visible()
    drawn = canvas.evaluate(PICTURE)
    assert drawn != without
    # From the line to the unit: a place of one that no other line is near.
    places = [
        (layer, unit, ends.mean(axis=0)) for layer in (0, 1) for unit in range(4 - layer) for ends in folds[layer][unit]
    ]
    every = np.concatenate([unit for layer in folds for unit in layer])

    def alone(place: np.ndarray) -> float:
        start, along = every[:, 0], every[:, 1] - every[:, 0]
        share = np.clip(((place - start) * along).sum(1) / (along**2).sum(1), 0, 1)
        return float(np.sort(np.linalg.norm(start + share[:, None] * along - place, axis=1))[1])

    layer, unit, place = max(places, key=lambda each: alone(each[2]))
    stage.page.mouse.move(*on_screen(stage, place, domain))
    expect(stage.page.get_by_test_id("point")).to_contain_text(f"crease of layer {layer + 1}, unit {unit + 1}")
    seen = stage.root.locator(".nn-unit.nn-looked-at")
    expect(seen).to_have_attribute("aria-label", f"Hidden layer {layer + 1}, unit {unit + 1}")
    # And back: its line stands out, also by keys.
    stage.page.mouse.move(5, 5)
    expect(seen).to_have_count(0)
    stage.page.wait_for_timeout(100)
    assert canvas.evaluate(PICTURE) == drawn
    seen = stage.root.locator(".nn-unit[data-layer='1'][data-unit='0']")
    seen.focus()
    expect(seen).to_have_class(re.compile("nn-looked-at"))
    stage.page.wait_for_timeout(100)
    assert canvas.evaluate(PICTURE) != drawn


def test_of_smooth_units_no_regions_are_told_and_all_is_there_after_a_reload(open_stage: OpenStage) -> None:
    stage = open_stage("?creases=true&earlier=true")
    stage.play_and_pause(30)
    panel = boundary_of(stage)
    expect(panel.get_by_text(re.compile(r"earlier, at epochs \d+"))).to_be_visible()
    expect(panel.get_by_text("linear region")).to_be_hidden()
    stage.page.reload()
    stage.wait_until_ready()
    # The frames before are the server's alone now: they are fetched.
    expect(panel.get_by_text(re.compile(r"earlier, at epochs (\d+, ){4}\d+"))).to_be_visible()
    panel.get_by_role("button", name="Show: 2 chosen").click()
    for name in ("Creases of the units", "Earlier boundaries"):
        expect(panel.get_by_role("checkbox", name=name)).to_be_checked()


def at_rest(words: Locator) -> str:
    """Return a text when it has stopped changing: the last frame is drawn a little after the press of Pause."""
    before, now = None, words.text_content() or ""
    while now != before:
        words.page.wait_for_timeout(500)
        before, now = now, words.text_content() or ""
    return now


def test_a_frame_is_kept_to_be_compared_with_and_so_is_a_branch(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons")
    panel = boundary_of(stage)
    words = panel.locator(".nn-apart-words")
    stage.step_epoch()
    panel.get_by_role("button", name="Show", exact=True).click()
    panel.get_by_role("button", name="Keep this frame").click()
    expect(words).to_have_text("Difference to epoch 1 (kept). Different classes on 0.0 % of the plane.")
    stage.page.keyboard.press("Escape")
    expect(panel.get_by_role("button", name="Show: 1 chosen")).to_be_focused()
    stage.play_and_pause(40)
    expect(words).to_have_text(re.compile(r"Difference to epoch 1 \(kept\)\. Different classes on [1-9][\d.]* %"))
    expect(panel.get_by_text("another class", exact=True)).to_be_visible()
    text = at_rest(words)
    stage.page.reload()
    stage.wait_until_ready()
    expect(words).to_have_text(text)
    stage.root.get_by_role("button", name=re.compile("^Fork")).click()
    stage.wait_for("at.branch === 'B'")
    panel.get_by_role("button", name="Show: 1 chosen").click()
    panel.get_by_label("Difference to").select_option("A")
    expect(words).to_have_text("Difference to branch A. Different classes on 0.0 % of the plane.")
    panel.get_by_label("Difference to").select_option("none")
    expect(words).to_be_hidden()
    expect(panel.get_by_text("probability of class 1")).to_be_visible()


def test_a_click_pins_a_point_and_keys_can_do_it_too(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons")
    page = stage.page
    plot = boundary_of(stage).locator(".nn-plot")
    point = page.get_by_test_id("point")
    box = boundary_of(stage).locator(".nn-canvas").bounding_box()
    assert box
    x, y = box["x"] + 0.3 * box["width"], box["y"] + 0.6 * box["height"]
    page.mouse.click(x, y)
    expect(plot).to_have_attribute("data-pinned", "true")
    place = (point.text_content() or "").partition(" →")[0]
    page.mouse.move(x + 90, y - 40)
    stage.play_and_pause(5)
    expect(point).to_contain_text(place)
    unit = stage.root.locator(".nn-unit[data-layer='1'][data-unit='2']")
    unit.focus()
    expect(unit).to_have_attribute("aria-description", re.compile(r"bias −?[\d.]+, z −?[\d.]+ → a −?[\d.]+"))
    page.mouse.click(x, y)
    expect(plot).to_have_attribute("data-pinned", "false")
    # A drag zooms, and pins nothing.
    page.mouse.down()
    page.mouse.move(x + 120, y + 80, steps=4)
    page.mouse.up()
    expect(plot).to_have_attribute("data-pinned", "false")
    page.mouse.move(5, 5)
    expect(point).to_be_hidden()
    cursor = plot.get_by_role("application", name=re.compile("^Point at the plane"))
    page.locator(".nn-show-toggle").focus()
    while not cursor.evaluate("node => node === document.activeElement"):
        page.keyboard.press("Tab")
    expect(point).to_be_visible()
    at_first = point.text_content() or ""
    page.keyboard.press("ArrowRight")
    expect(point).not_to_have_text(at_first)
    page.keyboard.press("Enter")
    expect(plot).to_have_attribute("data-pinned", "true")
    page.keyboard.press("Escape")
    expect(plot).to_have_attribute("data-pinned", "false")
    page.keyboard.press("Tab")
    expect(point).to_be_hidden()


def test_a_pinned_point_is_freed_by_other_data_though_they_reach_as_far(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons")
    page = stage.page
    plot = boundary_of(stage).locator(".nn-plot")
    box = boundary_of(stage).locator(".nn-canvas").bounding_box()
    assert box
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(plot).to_have_attribute("data-pinned", "true")
    page.get_by_role("radio", name="Ring in a ring").click()
    page.wait_for_url("**dataset=circles**")
    expect(plot).to_have_attribute("data-pinned", "false")
    expect(plot.locator(".nn-point-mark")).to_be_hidden()


def test_the_menu_is_in_reach_on_a_phone_and_for_everybody(open_stage: OpenStage) -> None:
    stage = open_stage(f"{QUERY}&creases=true&earlier=true", **PHONE)
    panel = boundary_of(stage)
    panel.get_by_role("button", name="Show: 2 chosen").tap()
    for name in ("Creases of the units", "Earlier boundaries", "Discretise"):
        expect(panel.get_by_role("checkbox", name=name)).to_be_in_viewport(ratio=1)
    expect(panel.get_by_role("button", name="Keep this frame")).to_be_in_viewport(ratio=1)
    assert findings(stage.page, "light", "dark") == []
