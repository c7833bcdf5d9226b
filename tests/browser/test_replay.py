"""Replay pages, opened from a disk without a network: they play, and every number is the recording's."""

from __future__ import annotations

import dataclasses
import json
import math
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

import nnplay as nn
from nnplay.experiment.config.presets import DIABETES, DIGITS_8X8
from nnplay.experiment.recording.recording import Recording
from nnplay.server.training_pages import page_of
from tests.browser.stage import Scheme

Config = nn.ExperimentConfig
#: What can't be done with a recording.
DEAD = re.compile(
    "^(Step|Reset$|Fork|Draw|Undo|Redo|Add|Remove|Continue|Explain|Lessons|Start here|Choose the directions)"
)


def record(config: Config, epochs: int, each: int = 1) -> Recording:
    return nn.export.record(config, epochs, epochs_per_frame=each)


def changed_on_the_way() -> Recording:
    recording = record(Config(dataset="moons", n_samples=200), 20)
    recording.apply(dataclasses.replace(recording.config, learning_rate=0.3))
    advance(recording, 10)
    recording.fork(15, recording.last_frame)
    recording.apply(dataclasses.replace(recording.config, learning_rate=0.001))
    return advance(recording, 10)


def edited_by_hand() -> Recording:
    recording = record(Config(dataset="xor", hidden_sizes=(4,), activation="sigmoid"), 10)
    recording.set_parameter(3, 2.5)
    return advance(recording, 10)


def advance(recording: Recording, epochs: int) -> Recording:
    for _ in range(epochs):
        recording.advance(recording.last_frame, "epoch", 1, 1, math.inf)
    return recording


RUNS: dict[str, Callable[[], Recording]] = {
    "spiral": lambda: record(Config(), 60),
    "digits": lambda: record(DIGITS_8X8.config, 8),
    "changed": changed_on_the_way,
    "classes": lambda: record(Config(dataset="blobs(classes=5)", hidden_sizes=(6, 3), optimizer="adam"), 40),
    "curve": lambda: record(Config(dataset="sine", activation="relu", dropout=0.1), 40),
    "values": lambda: record(Config(dataset="hills", features=("x1", "x2", "x1^2"), test_fraction=0.0), 40),
    "diverged": lambda: record(Config(dataset="plane", activation="relu", learning_rate=3.0), 40),
    "edited": edited_by_hand,
    "long": lambda: record(Config(dataset="xor", hidden_sizes=(4,)), 3000, 2),
    "no hidden layer": lambda: record(Config(dataset="circles", hidden_sizes=()), 30),
    "large": lambda: record(Config(hidden_sizes=(48, 48, 48)), 30),
    "table": lambda: record(DIABETES.config, 25),
}
QUICK = ("spiral", "digits")


class Replay:
    """A page from the disk, in a browser without a network."""

    def __init__(self, page: Page, recording: Recording, path: Path) -> None:
        self.page, self.recording = page, recording
        self.root = page.get_by_test_id("replay")
        self.faults: list[str] = []
        self.asked: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))
        self.address = path.as_uri()
        page.goto(self.address)
        expect(self.root).to_have_attribute("data-ready", "true")
        expect(self.root).to_have_attribute("data-charts", "true")

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.faults.append(message.text)

    def attribute(self, name: str) -> str:
        return self.root.get_attribute(f"data-{name}") or ""

    def scrub(self, number: int) -> None:
        slider = self.page.get_by_role("slider", name="Timeline")
        slider.evaluate("(node, value) => { node.value = value; node.dispatchEvent(new Event('input')); }", number)
        expect(self.root).to_have_attribute("data-frame", str(number))

    def shows_what_was_recorded(self, number: int) -> None:
        kept = self.recording.track.kept[number]
        self.scrub(number)
        for name, value in zip(("train-loss", "test-loss"), kept.measures, strict=False):
            told = self.attribute(name)
            assert (told == "") if math.isnan(value) else float(told) == value
        assert int(self.attribute("step")) == kept.snapshot.n_steps
        assert int(self.attribute("epoch")) == kept.snapshot.epoch

    def plays_to_the_end_and_again(self, last: int) -> None:
        play = self.page.get_by_role("button", name="Play", exact=True)
        self.page.get_by_label("Speed").select_option("2")  # a short run would be over before it is paused
        self.scrub(0)
        play.click()
        expect(self.root).not_to_have_attribute("data-frame", "0")
        self.page.get_by_role("button", name="Pause", exact=True).click()
        expect(self.root).to_have_attribute("data-playing", "false")
        self.page.get_by_label("Speed").select_option("60")
        end = self.recording.stopped.good if self.recording.stopped else last
        self.scrub(max(number for number in self.recording.track.kept.numbers if number <= max(0, int(end or 0) - 3)))
        self.page.keyboard.press("Space")
        expect(self.root).to_have_attribute("data-playing", "false")
        expect(self.root).to_have_attribute("data-frame", str(end))
        self.page.keyboard.press("r")
        expect(self.root).to_have_attribute("data-frame", "0")

    def morphs(self) -> None:
        panel = self.page.get_by_test_id("panel-hidden")
        panel.get_by_role("radio", name="Morph through all layers").check()
        expect(panel.get_by_role("heading")).to_have_text("Layer by layer")
        assert json.loads(self.attribute("view"))["mode"] == "morph"
        slider = panel.get_by_role("slider")
        canvas = panel.locator("canvas.nn-canvas").first
        pictures, captions = set(), set()
        for position in (0, 1.5, float(slider.get_attribute("max") or 0)):
            slider.evaluate("(node, at) => { node.value = at; node.dispatchEvent(new Event('input')); }", position)
            self.page.wait_for_timeout(120)
            captions.add(slider.get_attribute("aria-valuetext"))
            pictures.add(canvas.evaluate("canvas => canvas.toDataURL()"))
        assert len(captions) == len(pictures) == 3

    def enlarges(self, panel_id: str) -> None:
        panel = self.page.get_by_test_id(f"panel-{panel_id}")
        before = panel.bounding_box()
        panel.get_by_role("button", name=re.compile("^Enlarge")).click()
        expect(panel).to_have_class(re.compile("nn-large"))
        after = panel.bounding_box()
        assert before
        assert after
        assert after["width"] > 1.3 * before["width"]
        self.page.keyboard.press("Escape")
        expect(panel).not_to_have_class(re.compile("nn-large"))

    def points(self) -> str:
        """Point at a place of the plane; return what the page says of it."""
        box = self.page.locator(".nn-point-cursor").bounding_box()
        assert box
        self.page.mouse.move(box["x"] + 120, box["y"] + 90)
        reading = self.page.get_by_test_id("point")
        expect(reading).to_be_visible()
        return reading.text_content() or ""

    def answers_with_the_network(self) -> None:
        """Compare what the page says of a place, and of a unit, with the engine's own word on it."""
        found = re.match(r"x₁ (−?[\d.]+), x₂ (−?[\d.]+) → class ([01]), ([\d.]+) % sure", self.points())
        assert found
        place = np.array([[float(found[1].replace("−", "-")), float(found[2].replace("−", "-"))]])
        network = self.recording.session.network
        network.parameters = self.recording.track.kept[int(self.attribute("frame"))].snapshot.parameters
        # The place is told to a hundredth or so.
        around = place + 0.006 * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1], [0, 0]])
        sure = np.abs(network.predict_proba(around)[:, 1] - 0.5) + 0.5
        assert sure.min() - 0.001 <= float(found[4]) / 100 <= sure.max() + 0.001
        unit = self.page.get_by_role("button", name="Hidden layer 1, unit 2", exact=True)
        unit.hover()
        expect(self.page.locator(".nn-diagram-tip")).to_contain_text("bias")
        unit.click()
        card = self.page.get_by_test_id("unit-card")
        told = [float(text.replace("−", "-")) for text in card.locator(".nn-parameter-value").all_text_contents()]
        assert told == pytest.approx([network.biases[0][1], *network.weights[0][:, 1]], abs=0.006)
        expect(card.get_by_role("slider")).to_have_count(0)
        card.get_by_role("button", name="Close").click()

    def has_nothing_dead(self) -> None:
        names = [
            node.get_attribute("aria-label") or node.text_content() or ""
            for node in self.page.get_by_role("button").all()
        ]
        assert len(names) > 5
        assert [name for name in names if DEAD.search(name.strip())] == []


@pytest.fixture
def offline(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1366, "height": 768}, offline=True)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


def try_out(name: str, page: Page, folder: Path) -> None:
    recording = RUNS[name]()
    text = nn.export.replay_page(recording)
    assert len(text.encode()) <= 1_500_000 or name == "large"
    path = folder / "replay.html"
    path.write_text(text, encoding="utf-8")
    replay = Replay(page, recording, path)
    first, last = 0, recording.last_frame
    expect(replay.root).to_have_attribute("data-frame", "0")
    shown = [first, last]
    if f"of {last + 1:,} frames" not in text:
        shown.append(recording.nearest_kept(last // 2))
    for number in shown:
        replay.shows_what_was_recorded(number)
    replay.has_nothing_dead()
    kind = page_of(recording.config).name
    replay.enlarges({"playground": "boundary", "digits": "weights", "tabular": "importance"}[kind])
    if kind == "playground" and recording.config.hidden_sizes and not recording.stopped:
        replay.morphs()
    if name == "spiral":
        replay.answers_with_the_network()
    elif kind == "playground":
        assert "→" in replay.points()
    if f"of {last + 1:,} frames" not in text:
        replay.plays_to_the_end_and_again(last)
    assert replay.faults == []
    assert [url for url in replay.asked if not url.startswith(("blob:", "data:"))] == [replay.address]


@pytest.mark.parametrize("name", QUICK)
def test_a_run_is_replayed_from_the_disk(name: str, offline: Page, tmp_path: Path) -> None:
    try_out(name, offline, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize("name", [name for name in RUNS if name not in QUICK])
def test_runs_of_all_kinds_are_replayed_from_the_disk(name: str, offline: Page, tmp_path: Path) -> None:
    try_out(name, offline, tmp_path)


def test_a_page_follows_the_reader_s_light_and_dark_and_fits_a_phone(offline: Page, tmp_path: Path) -> None:
    path = tmp_path / "replay.html"
    path.write_text(nn.export.replay_page(record(Config(n_samples=80, hidden_sizes=(3,)), 5)), encoding="utf-8")
    replay = Replay(offline, record(Config(n_samples=80, hidden_sizes=(3,)), 1), path)
    schemes: tuple[Scheme, ...] = ("dark", "light")
    for scheme in schemes:
        offline.emulate_media(color_scheme=scheme)
        expect(replay.root).to_have_attribute("data-theme", scheme)
        violations = Axe().run(offline, options={"resultTypes": ["violations"]}).response["violations"]
        assert [each["id"] for each in violations if each["impact"] in ("serious", "critical")] == []
    offline.keyboard.press("?")
    expect(offline.get_by_role("dialog", name="Help and keys")).to_be_visible()
    offline.get_by_role("button", name="Close").click()
    offline.set_viewport_size({"width": 360, "height": 780})
    offline.wait_for_timeout(200)
    assert offline.evaluate("document.documentElement.scrollWidth") <= 360
    assert replay.faults == []
