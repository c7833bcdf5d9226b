"""Nothing is lost: a server is killed, a page is loaded again, a link is opened, and the run goes on, bit for bit."""

from __future__ import annotations

import dataclasses
import os
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from nnplay import ExperimentConfig
from nnplay.experiment.recording.recipe import NewSettings, Recipe
from nnplay.server import moments
from nnplay.server.training_pages import TRAINING_PAGES
from tests.browser.conftest import start_server
from tests.browser.stage import Stage

CONFIG = ExperimentConfig(dataset="moons", n_samples=100, hidden_sizes=(3, 2), batch_size=20, seed=4)
QUERY = "?dataset=moons&n_samples=100&hidden_sizes=3,2&batch_size=20&seed=4"


def losses_of(*changes: tuple[int, dict[str, Any]], epochs: int) -> tuple[str, str]:
    """Return the losses that a run has after so many epochs that nothing disturbed."""
    session, config = CONFIG.build(), CONFIG
    for epoch, fields in changes:
        session.run(epoch - session.epoch)
        config = dataclasses.replace(config, **fields)
        config.apply_live(session)
    session.run(epochs - session.epoch)
    return tuple(f"{float(session.history[name][-1])!r}" for name in ("train_loss", "test_loss"))  # type: ignore[return-value]


def shown(stage: Stage) -> tuple[str, str]:
    return tuple(repr(float(loss)) for loss in stage.losses)  # type: ignore[return-value]


@pytest.fixture
def mortal(tmp_path: Path, chromium_path: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """A server that can be killed and started again at the same address."""
    process, address = start_server(tmp_path / "log")
    running = [process]

    def kill_and_restart() -> None:
        os.kill(running[-1].pid, signal.SIGKILL)
        running[-1].wait()
        running.append(start_server(tmp_path / "log2", port=urlsplit(address).port)[0])

    yield address, kill_and_restart
    running[-1].terminate()
    running[-1].wait(10)
    for log in tmp_path.glob("log*"):
        assert "Traceback" not in log.read_text(), log.read_text()


def test_a_run_goes_on_though_the_server_was_killed_while_it_played(
    browser: object, mortal: tuple[str, Callable[[], None]]
) -> None:
    address, kill_and_restart = mortal
    page: Page = browser.new_page(viewport={"width": 1366, "height": 768})  # type: ignore[attr-defined]
    try:
        page.goto(f"{address}/{QUERY}")
        stage = Stage(page)
        stage.wait_until_ready()
        stage.play_and_pause(10)
        changed_at = stage.epoch
        stage.nudge("Learning rate", "ArrowLeft", until="learning_rate=0.01")
        stage.wait_for("+at.learningRate === 0.03")  # still that of the frame shown
        stage.play_until(changed_at + 20)
        run = stage.attribute("run")
        kill_and_restart()
        expect(page.locator(".nn-alerts .nn-notice:not(.nn-waiting)")).to_contain_text(
            "The server was restarted. Your run went on from epoch"
        )
        stage.wait_for(f"at.run !== '{run}' && +at.epoch > {changed_at + 60}")
        stage.press("Pause")
        expect(stage.root).to_have_attribute("data-playing", "false")
        rate = float(stage.attribute("learning-rate"))
        assert rate < 0.03
        assert shown(stage) == losses_of((changed_at, {"learning_rate": rate}), epochs=stage.epoch)
    finally:
        page.close()


@pytest.mark.parametrize("page_name", ["digits", "tabular"])
def test_digits_and_tables_go_on_too_though_the_server_was_killed_while_they_played(
    browser: object, mortal: tuple[str, Callable[[], None]], page_name: str
) -> None:
    address, kill_and_restart = mortal
    page: Page = browser.new_page(viewport={"width": 1366, "height": 768})  # type: ignore[attr-defined]
    query = {"dataset": "digits" if page_name == "digits" else "diabetes", "hidden_sizes": "12,6", "seed": "5"}
    try:
        page.goto(f"{address}/{page_name}?{urlencode(query)}")
        stage = Stage(page)
        stage.wait_until_ready()
        stage.press("Play")
        stage.wait_for("+at.frame >= 12")
        run = stage.attribute("run")
        kill_and_restart()
        expect(page.locator(".nn-alerts .nn-notice:not(.nn-waiting)")).to_contain_text(
            "The server was restarted. Your run went on from epoch"
        )
        stage.wait_for(f"at.run !== '{run}'")
        frame = stage.frame
        stage.wait_for(f"+at.frame >= {frame + 5}")
        stage.press("Pause")
        expect(stage.root).to_have_attribute("data-playing", "false")
        config = TRAINING_PAGES[page_name].read_link(query)[0]
        session = config.build(evaluate_every=0)
        session.advance(int(stage.attribute("step")))
        assert shown(stage) == tuple(repr(float(loss)) for loss in session.measure()[:2])
    finally:
        page.close()


def test_branches_and_the_run_before_come_back_after_the_server_was_killed(
    browser: object, mortal: tuple[str, Callable[[], None]]
) -> None:
    address, kill_and_restart = mortal
    page: Page = browser.new_page(viewport={"width": 1366, "height": 768})  # type: ignore[attr-defined]
    try:
        page.goto(f"{address}/{QUERY}")
        stage = Stage(page)
        stage.wait_until_ready()
        stage.play_and_pause(10)
        first = (stage.epoch, stage.losses)
        stage.choose("Activation", "ReLU")
        stage.wait_for("+at.frame === 0")
        stage.play_and_pause(20)
        second = (stage.epoch, stage.losses)
        stage.scrub_to(5)
        stage.press("Fork")
        stage.wait_for("at.branch === 'B'")
        stage.play_and_pause(8)
        third = (stage.epoch, stage.losses)
        stage.page.wait_for_timeout(500)
        run = stage.attribute("run")
        kill_and_restart()
        stage.wait_for(f"at.run !== '{run}' && at.branch === 'B'")
        assert (stage.epoch, stage.losses) == third
        choice = stage.root.get_by_role("combobox", name="Branch")
        expect(choice.get_by_role("option")).to_have_count(2)
        choice.select_option(index=0)
        stage.wait_for("at.branch === 'A'")
        assert (stage.epoch, stage.losses) == second
        page.keyboard.press("Control+Z")
        stage.wait_for(f"+at.epoch === {first[0]} && at.trainLoss === '{first[1][0]}'")
        assert stage.losses == first[1]
        expect(page.get_by_role("combobox", name="Activation")).to_have_value("tanh")
        page.keyboard.press("Control+Shift+Z")
        stage.wait_for(f"at.branch === 'A' && at.trainLoss === '{second[1][0]}'")
    finally:
        page.close()


def test_a_table_too_large_for_the_address_comes_back_after_the_server_was_killed_and_after_a_reload(
    browser: object, mortal: tuple[str, Callable[[], None]], tmp_path: Path
) -> None:
    address, kill_and_restart = mortal
    page: Page = browser.new_page(viewport={"width": 1366, "height": 768})  # type: ignore[attr-defined]
    rng = np.random.default_rng(0)
    X = rng.normal(size=(2000, 4)).round(3)
    table = tmp_path / "table.csv"
    table.write_text("\n".join(["a,b,c,y", *(",".join(map(str, row)) for row in X)]))
    try:
        page.goto(f"{address}/tabular?dataset=diabetes&hidden_sizes=4")
        stage = Stage(page)
        stage.wait_until_ready()
        page.get_by_role("button", name="Open table").click()
        page.locator("input[type=file]").set_input_files(table)
        page.get_by_role("button", name="Use this table").click()
        stage.wait_for("+at.frame === 0")
        expect(page.get_by_role("dialog")).to_have_count(0)
        stage.play_and_pause(3)
        page.wait_for_timeout(500)
        assert "points" not in page.url
        shown_then, run = (stage.frame, stage.epoch, stage.losses), stage.attribute("run")
        kill_and_restart()
        stage.wait_for(f"at.run !== '{run}' && +at.epoch === {shown_then[1]}")
        expect(stage.root).to_have_count(1)  # the one of before may still be there for a moment
        assert (stage.epoch, stage.losses) == shown_then[1:]
        stage.step_epoch()
        page.wait_for_timeout(500)
        losses, epoch = stage.losses, stage.epoch
        page.reload()
        stage.wait_for(f"at.ready === 'true' && +at.epoch === {epoch}")
        assert stage.losses == losses
    finally:
        page.close()


def test_a_page_that_is_loaded_again_shows_the_run_that_it_showed(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(QUERY)
    stage.play_and_pause(15)
    frame = (stage.epoch, stage.losses)
    stage.page.reload()
    stage.wait_for(f"at.ready === 'true' && +at.epoch === {frame[0]}")
    assert (stage.epoch, stage.losses) == frame
    assert shown(stage) == losses_of(epochs=stage.epoch)
    expect(stage.page.locator(".nn-alerts .nn-notice:not(.nn-waiting)")).to_contain_text(
        "The page was loaded again. Your run went on"
    )
    stage.page.goto(stage.page.url)  # a visit anew is not a reload
    stage.wait_for("at.ready === 'true' && +at.epoch === 0")


def test_a_page_that_is_loaded_again_right_after_a_choice_shows_what_was_chosen(
    open_stage: Callable[..., Stage],
) -> None:
    stage = open_stage(QUERY)
    stage.play_and_pause(15)
    entries = stage.page.evaluate("history.length")
    # As on a machine so busy that the stage has no time to draw.
    stage.page.evaluate("window.requestAnimationFrame = () => 0")
    stage.nudge("Noise")
    stage.page.wait_for_function(f"history.length === {entries + 1}")  # the stage has heard of the run
    stage.page.reload()
    stage.wait_for("at.ready === 'true'")
    stage.page.wait_for_timeout(1000)  # in which the run of before would come back
    assert (stage.epoch, "noise" in stage.page.url) == (0, True)


def test_the_link_of_a_run_whose_learning_rate_was_changed_opens_that_run(
    open_stage: Callable[..., Stage], open_page: Callable[..., Page]
) -> None:
    stage = open_stage(QUERY)
    stage.play_and_pause(12)
    changed_at = stage.epoch
    assert "recipe" not in stage.page.url
    stage.nudge("Learning rate", "ArrowLeft", times=2, until="learning_rate=0.003")
    stage.play_and_pause(changed_at + 10)
    rate, epoch, losses = float(stage.attribute("learning-rate")), stage.epoch, stage.losses
    stage.page.wait_for_url("**recipe=**")
    stage.page.wait_for_timeout(500)  # until the address says where it rests
    stage.page.get_by_role("button", name="Share", exact=True).click()
    textbox = stage.page.get_by_role("textbox", name="Link")
    of_the_frame = re.escape(parse_qs(urlsplit(stage.page.url).query)["recipe"][0])
    expect(textbox).to_have_value(re.compile(f"recipe={of_the_frame}"))
    link = textbox.input_value()
    assert len(parse_qs(urlsplit(link).query)["recipe"][0]) < 60
    for address in (link, stage.page.url):
        other = Stage(open_page(address))
        other.wait_for(f"at.ready === 'true' && +at.epoch === {epoch}")
        assert other.losses == losses
        assert shown(other) == losses_of((changed_at, {"learning_rate": rate}), epochs=epoch)
        other.step_epoch()
        assert shown(other) == losses_of((changed_at, {"learning_rate": rate}), epochs=epoch + 1)


def test_the_link_of_a_run_without_changes_opens_before_training_or_where_it_is_as_one_chooses(
    open_stage: Callable[..., Stage], open_page: Callable[..., Page]
) -> None:
    stage = open_stage(QUERY)
    stage.play_and_pause(12)
    stage.page.get_by_role("button", name="Share", exact=True).click()
    textbox = stage.page.get_by_role("textbox", name="Link")
    expect(textbox).not_to_have_value(re.compile("recipe="))
    stage.page.get_by_text(f"Start at epoch {stage.epoch}", exact=True).click()
    expect(textbox).to_have_value(re.compile("recipe="))
    other = Stage(open_page(textbox.input_value()))
    other.wait_for(f"at.ready === 'true' && +at.epoch === {stage.epoch}")
    assert other.losses == stage.losses


def test_a_damaged_link_says_so_in_one_sentence(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage(f"{QUERY}&recipe=AAAA")
    expect(stage.page.get_by_text("The changes in the link are damaged, so the run starts from")).to_be_visible()
    assert stage.epoch == 0
    expect(stage.page).not_to_have_url("**recipe=**")


def test_a_long_replay_says_how_far_it_is(open_page: Callable[..., Page], server: str) -> None:
    far = Recipe(CONFIG, (NewSettings(40_000, dataclasses.replace(CONFIG, learning_rate=0.01)),))
    query = moments.to_text(far, 200_000, dataclasses.replace(CONFIG, learning_rate=0.01))
    page = open_page(f"{server}/{QUERY}&learning_rate=0.01&recipe={query}")
    expect(page.get_by_test_id("waiting")).to_contain_text(re.compile(r"Replaying the run: [\d,]+ of 50,000 epochs"))
    stage = Stage(page)
    stage.wait_for("+at.epoch === 50000")
    expect(page.get_by_test_id("waiting")).not_to_contain_text("Replaying")
