"""The stage as a visitor's hands and eyes have it."""

from __future__ import annotations

import re
from typing import Literal

from playwright.sync_api import Locator, Page, expect

Scheme = Literal["light", "dark"]

#: The stage's panels that are on screen at first.
PANELS = ("network", "boundary", "hidden", "loss")

#: Controls that lie, in part, under or over an element.
COVERED = """element => {
  const CONTROLS = 'button, a, input, select, [role=slider], [role=combobox]';
  const box = element.getBoundingClientRect();
  return [...document.querySelectorAll(CONTROLS)].filter((control) => {
    const other = control.getBoundingClientRect();
    return !element.contains(control) && other.width > 1 && other.left < box.right - 1 && other.right > box.left + 1
      && other.top < box.bottom - 1 && other.bottom > box.top + 1;
  }).map((control) => control.ariaLabel || control.textContent);
}"""


def show_in(page: Page, scheme: Scheme) -> None:
    """Let the page appear in light or dark, and wait until it does."""
    page.emulate_media(color_scheme=scheme)
    bright = "parseInt(getComputedStyle(document.querySelector('.stApp')).backgroundColor.split('(')[1]) > 128"
    page.wait_for_function(f"({bright}) === {str(scheme == 'light').lower()}")


class Stage:
    """Wraps a page that shows a stage."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root: Locator = page.get_by_test_id("stage")

    def wait_until_ready(self) -> None:
        """Wait until the stage is drawn, and has its axes, which come a little later."""
        expect(self.root).to_have_attribute("data-ready", "true", timeout=60_000)
        expect(self.root).to_have_attribute("data-charts", "true", timeout=60_000)

    def wait_for(self, condition: str) -> None:
        """Wait for a JavaScript condition on `stage`, the element, and `at`, its data attributes."""
        self.page.wait_for_function(f"() => {{ const stage = document.querySelector('[data-testid=stage]');"
                                    f" const at = stage?.dataset; return at && ({condition}); }}")  # fmt: skip

    def attribute(self, name: str) -> str:
        return self.root.get_attribute(f"data-{name}") or ""

    @property
    def frame(self) -> int:
        return int(self.attribute("frame"))

    @property
    def epoch(self) -> int:
        return int(self.attribute("epoch"))

    @property
    def losses(self) -> tuple[str, str]:
        return self.attribute("train-loss"), self.attribute("test-loss")

    def press(self, name: str) -> None:
        self.root.get_by_role("button", name=name, exact=True).click()

    def play_until(self, epoch: int) -> None:
        self.press("Play")
        self.wait_for(f"+at.epoch >= {epoch}")

    def play_and_pause(self, epoch: int) -> None:
        self.play_until(epoch)
        self.press("Pause")
        expect(self.root).to_have_attribute("data-playing", "false")

    def step_epoch(self) -> None:
        before = self.epoch
        self.press("Step epoch")
        self.wait_for(f"+at.epoch === {before + 1}")

    def scrub_to(self, frame: int) -> None:
        self.root.get_by_role("slider", name="Timeline").fill(str(frame))
        self.wait_for(f"+at.frame === {frame}")

    def choose(self, label: str, option: str) -> None:
        """Choose in a Streamlit select box."""
        self.page.get_by_role("combobox", name=label).click()
        self.page.get_by_role("option", name=option, exact=True).click()

    def nudge(self, label: str, key: str = "ArrowRight", times: int = 1, until: str = "") -> None:
        """Move a Streamlit slider by keys.

        Played before the stage has heard of it, a run changes a frame or two later. Name with `until` what the address
        then says, such as ``learning_rate=0.01``: the stage writes it when it has heard.
        """
        slider = self.page.get_by_role("slider", name=f"{label} {label}", exact=True)  # Streamlit says it twice
        slider.focus()
        for _ in range(times):
            slider.press(key)
        if until:
            self.page.wait_for_url(re.compile(rf"[?&]{re.escape(until)}(&|$)"))
