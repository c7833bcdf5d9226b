"""The playground in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import start_server
from tests.browser.stage import COVERED, PANELS, Stage, show_in

OpenStage = Callable[..., Stage]


def query_of(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlparse(page.url).query)


def test_play_trains_and_pause_stands_still(open_stage: OpenStage) -> None:
    stage = open_stage()
    assert (stage.epoch, stage.frame, stage.attribute("playing")) == (0, 0, "false")
    untrained = float(stage.losses[0])
    boundary = stage.page.get_by_test_id("panel-boundary")
    before = boundary.screenshot()
    stage.play_and_pause(30)
    paused_at = stage.frame
    stage.page.wait_for_timeout(400)
    assert stage.frame == paused_at
    assert float(stage.losses[0]) < untrained
    assert boundary.screenshot() != before
    look_at_another_layer_and_other_units(stage)
    assert stage.frame == paused_at


def look_at_another_layer_and_other_units(stage: Stage) -> None:
    panel = stage.page.get_by_test_id("panel-hidden")
    panel.get_by_role("radio", name="1").click()
    expect(panel).to_contain_text("What hidden layer 1 sees")
    before = panel.screenshot()
    panel.get_by_role("combobox").first.select_option(index=1)
    wait_until_changed(panel, before)


def wait_until_changed(panel: Locator, before: bytes) -> None:
    for _ in range(100):
        if panel.screenshot() != before:
            return
        panel.page.wait_for_timeout(100)
    raise AssertionError("the panel still looks as it did")


def test_steps_and_scrubs_and_a_reset_reproduces_the_very_same_run(open_stage: OpenStage) -> None:
    stage = open_stage()
    stage.press("Step")
    stage.wait_for("+at.step === 1")
    assert stage.epoch == 0
    stage.step_epoch()
    assert int(stage.attribute("step")) == 30  # 300 training samples, batches of 10
    assert (stage.epoch, stage.frame) == (1, 2)
    at_one = stage.losses
    for _ in range(4):
        stage.step_epoch()
    at_five = stage.losses
    stage.scrub_to(2)
    assert stage.losses == at_one
    stage.play_until(5)  # what is there already
    stage.press("Pause")
    stage.scrub_to(6)
    assert stage.losses == at_five

    stage.press("Reset")
    stage.wait_for("+at.frame === 0")
    stage.step_epoch()
    assert stage.losses == at_one
    for _ in range(4):
        stage.step_epoch()
    assert stage.losses == at_five


NOTE_WHAT_IS_SENT = """() => {
  const { send } = WebSocket.prototype;
  window.said = [];
  WebSocket.prototype.send = function (message) {
    said.push(new TextDecoder().decode(message));
    return send.call(this, message);
  };
}"""


def test_a_learning_rate_change_acts_on_the_frame_shown_without_a_reset(open_stage: OpenStage) -> None:
    stage = open_stage()
    for _ in range(3):
        stage.step_epoch()
    run, shown = stage.attribute("run"), stage.losses
    stage.nudge("Learning rate", "ArrowRight")
    stage.page.wait_for_url(re.compile("learning_rate=0.1"))
    assert (stage.attribute("run"), stage.frame, stage.losses) == (run, 3, shown)
    stage.step_epoch()
    assert stage.epoch == 4

    stage.play_until(10)
    stage.page.evaluate(NOTE_WHAT_IS_SENT)
    stage.nudge("Learning rate", "ArrowRight")
    stage.page.wait_for_url(re.compile("learning_rate=0.3"))
    with_new_rate = stage.page.evaluate("() => said.find((message) => message.includes('0.3'))")
    assert '"frames' in with_new_rate.replace("\\", ""), "the slider's value and a request should travel together"
    stage.nudge("Learning rate", "ArrowLeft", times=3)
    stage.page.wait_for_url(re.compile("learning_rate=0.01"))
    stage.wait_for(f"+at.epoch >= {stage.epoch + 20}")
    assert (stage.attribute("run"), stage.attribute("playing")) == (run, "true")


def test_a_copied_link_opens_the_same_run_and_two_visitors_do_not_meet(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=blobs(classes%3D4)&hidden_sizes=5,3&activation=elu(alpha%3D2.0)&seed=7")
    stage.choose("Optimiser", "Adam")
    stage.page.wait_for_url(re.compile("optimizer=adam"))
    stage.wait_for("+at.epoch === 0")
    stage.step_epoch()
    again = open_stage("?" + urlparse(stage.page.url).query)
    assert again.epoch == 0
    again.step_epoch()
    assert again.losses == stage.losses
    assert query_of(again.page) == query_of(stage.page)
    stage.play_and_pause(10)
    assert (again.epoch, again.attribute("playing")) == (1, "false")
    again.step_epoch()
    assert stage.epoch >= 10


def test_a_bad_value_in_a_link_is_dropped_with_a_notice(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=moons&activation=rulu&noise=9")
    notices = stage.page.get_by_test_id("stToast")
    expect(notices.filter(has_text="Did you mean “relu”?")).to_be_visible()
    expect(
        notices.filter(has_text="Noise in the link: “9” isn't valid; it must be a number from 0 to 1.")
    ).to_be_visible()
    assert "activation" not in query_of(stage.page)
    assert query_of(stage.page)["dataset"] == ["moons"]


def test_a_value_that_cannot_be_is_refused_beside_its_control_and_the_run_stays(open_stage: OpenStage) -> None:
    stage = open_stage("?batch_size=220&n_samples=300")
    stage.step_epoch()
    shown = stage.losses
    stage.nudge("Test share", "ArrowRight")
    refusal = stage.page.get_by_test_id("stSidebar").get_by_test_id("stAlert")
    expect(refusal).to_contain_text("Batch size must be at most the number of training samples")
    assert (stage.epoch, stage.losses) == (1, shown)
    stage.step_epoch()


def test_a_run_that_diverges_stops_on_the_last_good_frame_and_says_what_to_try(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=hills&learning_rate=10&activation=relu&momentum=0.99")
    stage.press("Play")
    alert = stage.root.get_by_role("alert")
    expect(alert).to_contain_text("Training stopped in epoch")
    expect(alert).to_contain_text("learning rate")
    expect(stage.root).to_have_attribute("data-playing", "false")
    assert float(stage.losses[0]) < 1  # back on the good frame
    assert stage.root.get_by_role("slider", name="Timeline").get_attribute("max") != "0"  # what was seen stays
    stage.nudge("Learning rate", "Home")
    stage.page.wait_for_url(re.compile("learning_rate=0.0001"))
    expect(alert).to_be_hidden()


@pytest.mark.parametrize(("width", "height"), [(1366, 768), (390, 844)])
def test_following_the_advice_after_a_divergence_works(open_stage: OpenStage, width: int, height: int) -> None:
    query = "?dataset=hills&learning_rate=3&activation=relu&momentum=0.99&n_samples=40&hidden_sizes=8&seed=2"
    stage = open_stage(query, viewport={"width": width, "height": height})
    stage.press("Play")
    alert = stage.root.get_by_role("alert")
    expect(alert).to_contain_text("try a learning rate of 0.03 or less")
    assert alert.evaluate(COVERED) == []
    stage.wait_for("+at.frame === 0")  # by itself
    if width < 600:
        return  # the rate is in the sidebar
    stage.nudge("Learning rate", "ArrowLeft", times=4)
    expect(alert).to_be_hidden()
    stage.play_and_pause(60)
    expect(alert).to_have_count(0)


def test_every_data_set_can_be_trained(open_stage: OpenStage) -> None:
    stage = open_stage()
    lesson = stage.page.locator(".nn-picker-lesson")
    for name in stage.page.locator(".nnplay-picker [role=radio]").all():
        run = stage.attribute("run")
        label = name.get_attribute("aria-label") or ""
        expect(name.get_by_text(label)).to_be_visible()
        if name.get_attribute("aria-checked") != "true":
            name.click()
            stage.wait_for(f"at.run !== '{run}' && +at.epoch === 0")
            expect(name).to_have_attribute("aria-checked", "true")
        expect(lesson).to_have_text(name.get_attribute("title") or "")
        if label == "Two moons":
            assert query_of(stage.page)["dataset"] == ["moons"]
        stage.step_epoch()
        assert float(stage.losses[0]) > 0, label


def test_the_die_draws_other_data_until_back_takes_them_back(open_stage: OpenStage) -> None:
    stage = open_stage()
    before = stage.losses
    stage.page.get_by_role("button", name="New data").click()
    stage.wait_for(f"at.trainLoss !== '{before[0]}'")
    query = query_of(stage.page)
    assert 0 <= int(query["data_seed"][0]) < 10_000
    assert "seed" not in query  # the network's first weights stay
    stage.page.go_back()
    stage.wait_for(f"at.trainLoss === '{before[0]}'")
    assert "data_seed" not in query_of(stage.page)


def test_many_layers_are_shown(open_stage: OpenStage) -> None:  # for 0, 1 and 2 see test_diagram.py
    stage = open_stage("?hidden_sizes=8,8,8,8,8,8")
    stage.step_epoch()
    panel = stage.page.get_by_test_id("panel-hidden")
    expect(panel).to_be_visible()
    expect(panel).to_contain_text("What hidden layer 6 sees")


OVERHANG = "(() => { const main = document.querySelector('.stMain'); return main.scrollHeight - main.clientHeight; })()"


def test_nothing_that_moves_needs_scrolling_on_a_projector(open_stage: OpenStage) -> None:
    stage = open_stage()
    timeline = stage.root.get_by_role("slider", name="Timeline")

    def everything_fits() -> tuple[float, float]:
        """Return where the panels begin, and the timeline."""
        boxes = [stage.page.get_by_test_id(f"panel-{name}").bounding_box() for name in PANELS]
        for box in boxes:
            assert box["y"] >= 0
            assert box["y"] + box["height"] <= 768
            assert box["x"] + box["width"] <= 1366
        assert stage.page.evaluate(OVERHANG) <= 0
        assert timeline.bounding_box()["width"] >= 80
        keys = stage.page.get_by_test_id("panel-loss")
        boxes = [keys.get_by_text(name, exact=True).bounding_box() for name in ("train", "Log")]
        assert abs(boxes[0]["y"] + boxes[0]["height"] / 2 - boxes[1]["y"] - boxes[1]["height"] / 2) < 4
        return stage.page.get_by_test_id("panel-network").bounding_box()["y"], timeline.bounding_box()["y"]

    begins = everything_fits()
    stage.press("Fork")
    stage.wait_for("at.branch === 'B'")
    assert everything_fits() == begins
    show_in(stage.page, "dark")
    assert everything_fits() == begins


def test_a_cold_server_answers_a_deep_link(open_page: Callable[..., Page], tmp_path: Path) -> None:
    # The front page's own address is what a run of these tests begins with.
    process, address = start_server(tmp_path / "log")
    try:
        stage = Stage(open_page(f"{address}/playground?dataset=moons"))
        stage.wait_until_ready()
        stage.step_epoch()
        stage.page.context.close()  # before its server goes, or it complains
    finally:
        process.terminate()
        process.wait(10)
