"""Leaving a page while it plays: at any moment, from any page to any other, nothing breaks.

``NNPLAY_SWITCHES=200 pytest tests/browser/test_page_switches.py`` does it as often as one likes.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Callable
from itertools import pairwise, permutations
from pathlib import Path
from urllib.parse import parse_qs, urlparse

from playwright.sync_api import Page, expect

from nnplay.ui.shell import PAGES
from tests.browser.stage import Stage

#: What the menu calls a page, and its address.
ADDRESSES = {page.title: "" if page.default else Path(page.file).stem for page in PAGES if page.in_menu}
PAIRS = list(permutations(ADDRESSES, 2))
#: How long a page is played at most before it is left.
LONGEST_STAY_MS = 300
#: Pages on which nothing plays when one comes by the menu, and how their headings begin.
AT_REST = {"Articles": "Five articles", "Lessons": "Lessons"}
BROKEN = "[data-testid=stException], [data-testid=stAppViewContainer] >> text=encountered an error"


def tour(n_switches: int, choose: random.Random) -> list[str]:
    """Return pages to visit, the playground first: every pair follows before any comes again."""
    visits, open_pairs = ["Playground"], list(PAIRS)
    while len(visits) <= n_switches:
        here = visits[-1]
        fresh = [there for start, there in open_pairs if start == here]
        # Those from which most is still to be seen come first, or the tour would get stuck where nothing is left.
        fresh.sort(key=lambda there: (-sum(start == there for start, _ in open_pairs), choose.random()))
        there = fresh[0] if fresh else choose.choice([page for page in ADDRESSES if page != here])
        if fresh:
            open_pairs.remove((here, there))
        open_pairs = open_pairs or list(PAIRS)
        visits.append(there)
    return visits


def arrive(page: Page, name: str) -> None:
    """Wait until the page of this name is there, and whole."""
    expect(page).to_have_url(re.compile(rf"://[^/]+/{ADDRESSES[name]}(\?.*)?$"))
    if name in AT_REST:
        expect(page.get_by_role("heading", level=1)).to_contain_text(AT_REST[name])
    else:
        kind = ADDRESSES[name] or "playground"
        own = {"compare": "race", "step_by_step": "steps"}.get(kind)
        stage = page.get_by_test_id(own) if own else page.locator(f"[data-page={kind}].nn-stage")
        expect(stage).to_have_attribute("data-ready", "true")
    expect(page.locator(BROKEN)).to_have_count(0)


def test_every_page_can_be_left_at_any_moment_while_it_plays(
    open_page: Callable[..., Page], server: str, server_log: Path
) -> None:
    n_switches = int(os.environ.get("NNPLAY_SWITCHES", len(PAIRS)))
    # A tour may get stuck before it has seen every pair: then another one is drawn.
    for seed in range(n_switches, n_switches + 100):
        choose = random.Random(seed)
        visits = tour(n_switches, choose)
        if n_switches < len(PAIRS) or set(PAIRS) <= set(pairwise(visits)):
            break
    else:
        raise AssertionError("no tour sees every pair")
    page = open_page(server)
    logged = len(server_log.read_text())
    settings: dict[str, dict[str, list[str]]] = {}
    for name, following in zip(visits, [*visits[1:], ""], strict=True):
        arrive(page, name)
        if name == "Compare":
            page.get_by_test_id("race").get_by_role("button", name="Play", exact=True).click()
        elif name == "Step by step":
            page.keyboard.press(choose.choice(["t", "Space", "3"]))
        elif name not in AT_REST:
            play_and_touch(Stage(page), choose)
        page.wait_for_timeout(choose.randrange(LONGEST_STAY_MS))
        if now := settings_of(page):
            assert settings.setdefault(name, now) == now, f"{name} is not as it was left"
        if following:
            page.get_by_role("link", name=following, exact=True).first.click()
    assert "Traceback" not in server_log.read_text()[logged:]


def settings_of(page: Page) -> dict[str, list[str]]:
    """Return what the address tells of the run, but for what this test changes."""
    query = parse_qs(urlparse(page.url).query)
    return {name: values for name, values in query.items() if name not in ("learning_rate", "recipe")}


def play_and_touch(stage: Stage, choose: random.Random) -> None:
    """Play, and now and then change a setting or open what there is to open, just before the page is left."""
    stage.press("Play")
    what = choose.randrange(4)
    if what == 0:
        stage.nudge("Learning rate", choose.choice(["ArrowLeft", "ArrowRight"]))
    elif what == 1:
        stage.press("Reset")
        stage.press("Play")


def go_to(page: Page, name: str) -> None:
    page.get_by_role("link", name=name, exact=True).first.click()
    arrive(page, name)


def test_whoever_comes_back_finds_the_frame_that_was_left(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage()
    stage.play_and_pause(28)
    end = stage.frame
    go_to(stage.page, "Articles")
    go_to(stage.page, "Playground")
    assert (stage.frame, stage.attribute("playing")) == (end, "false")
    stage.scrub_to(10)
    at_ten = stage.losses
    go_to(stage.page, "Digits")
    go_to(stage.page, "Playground")
    assert (stage.frame, stage.losses) == (10, at_ten)
    timeline = stage.root.get_by_role("slider", name="Timeline")
    expect(timeline).to_have_attribute("max", str(end))
    stage.play_until(40)
    go_to(stage.page, "Tables")  # while it plays
    go_to(stage.page, "Playground")
    assert stage.attribute("playing") == "false"
    assert 40 <= stage.frame < 100
