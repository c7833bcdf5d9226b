"""The stage on paper: whole, on white, and back on the screen as it was."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.stage import Scheme, Stage, show_in

#: What of the panels is cut, or lies outside the stage; and which of the colours behind them is not white.
FAULTS = """() => {
  const stage = document.querySelector('[data-testid=stage]');
  const sheet = stage.getBoundingClientRect();
  const faults = [];
  for (const panel of stage.querySelectorAll('.nn-panel')) {
    const box = panel.getBoundingClientRect();
    if (box.width < 2) continue;
    const isInside = box.left > sheet.left - 1 && box.right < sheet.right + 1 && box.bottom < sheet.bottom + 1;
    if (!isInside) faults.push(panel.className);
    for (const canvas of panel.querySelectorAll('canvas')) {
      const inner = canvas.getBoundingClientRect();
      if (inner.width > 1 && inner.right > box.right + 1) faults.push(`${panel.className} ${canvas.className}`);
    }
  }
  for (const element of [document.body, document.querySelector('.stApp')]) {
    if (getComputedStyle(element).backgroundColor !== 'rgb(255, 255, 255)') faults.push(element.className);
  }
  return faults;
}"""


def n_pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["", "digits", "tabular"])
def test_a_stage_is_printed_whole_on_one_white_sheet(
    open_page: Callable[..., Page], server: str, path: str, scheme: Scheme
) -> None:
    page = open_page(f"{server}/{path}", color_scheme=scheme)
    stage = Stage(page)
    stage.wait_until_ready()
    for landscape in (True, False):
        assert n_pages(page.pdf(format="A4", landscape=landscape, print_background=True)) == 1
    expect(stage.root).to_have_attribute("data-theme", scheme)  # and then it is a page again
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.emulate_media(media="print", color_scheme=scheme)
    expect(stage.root).to_have_attribute("data-theme", "light")
    expect(page.get_by_test_id("stSidebar")).to_be_hidden()
    page.wait_for_timeout(300)
    assert page.evaluate(FAULTS) == []
    page.emulate_media(media="screen")
    show_in(page, scheme)
    expect(stage.root).to_have_attribute("data-theme", scheme)
