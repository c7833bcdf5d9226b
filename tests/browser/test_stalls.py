"""A server that stops answering, and one that is gone: the stage says so, and goes on when the answer comes."""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import start_server
from tests.browser.stage import COVERED, Stage


@pytest.fixture
def frail(tmp_path: Path, browser: Browser) -> Iterator[tuple[subprocess.Popen, Stage]]:
    """A server of one's own, to be stopped and killed, and a visitor."""
    process, address = start_server(tmp_path / "log")
    page: Page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.goto(address)
    stage = Stage(page)
    stage.wait_until_ready()
    yield process, stage
    page.close()
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait(10)


def test_a_server_that_stands_still_is_waited_for_in_sight(frail: tuple[subprocess.Popen, Stage]) -> None:
    process, stage = frail
    waiting = stage.page.get_by_test_id("waiting")
    stage.play_until(5)
    expect(waiting).to_have_text("")
    process.send_signal(signal.SIGSTOP)
    expect(waiting).to_contain_text("The server isn’t answering. Waiting for it")
    assert waiting.locator(".nn-notice").evaluate(COVERED) == []
    expect(stage.root).to_have_attribute("data-waiting-for-server", "true")
    stage.scrub_to(2)  # what is here can be looked at
    stage.press("Play")
    process.send_signal(signal.SIGCONT)
    expect(waiting).to_have_text("")
    expect(stage.root).to_have_attribute("data-waiting-for-server", "false")
    before = stage.frame
    stage.wait_for(f"+at.frame > {before + 20}")


@pytest.mark.parametrize("plays", [True, False])
def test_a_server_that_is_gone_is_told_also_to_who_does_nothing(
    frail: tuple[subprocess.Popen, Stage], plays: bool
) -> None:
    process, stage = frail
    if plays:
        stage.play_until(5)
    process.kill()
    expect(stage.page.get_by_test_id("waiting")).to_contain_text("The connection to the server is lost")


def test_a_cut_line_is_told_until_it_is_whole_again(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage()
    waiting = stage.page.get_by_test_id("waiting")
    stage.page.context.set_offline(True)
    expect(waiting).to_contain_text("The connection to the server is lost")
    stage.page.context.set_offline(False)
    expect(waiting).to_have_text("")
    stage.step_epoch()
