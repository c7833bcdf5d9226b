"""Text of a link, a table or a file, in a real browser: no link, no picture and no request comes of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import urlencode

from playwright.sync_api import Page, Request, expect

from nnplay import ExperimentConfig
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs import saved_run
from tests.browser.stage import Stage
from tests.ui.test_foreign_text import MARKED_UP, table_config

OpenStage = Callable[..., Stage]
FOREIGN = "a[href*=evil i], img[src*=evil i], .katex, strong:text-is('evil'), code:text-is('evil'), em:text-is('evil')"


def watch(page: Page) -> list[str]:
    """Return a list that fills with whatever the page asks of a foreign server."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "evil" in request.url.partition("?")[0]:
            asked.append(request.url)

    page.on("request", note)
    return asked


def assert_plain(page: Page, asked: list[str]) -> None:
    expect(page.locator(FOREIGN)).to_have_count(0)
    assert asked == []


def test_a_link_makes_no_links(open_stage: OpenStage) -> None:
    for first in range(0, len(MARKED_UP), 3):
        texts = (MARKED_UP * 2)[first : first + 3]
        stage = open_stage(f"?{urlencode(dict(zip(('hide', 'schedule', 'dataset'), texts, strict=True)))}")
        page, asked = stage.page, watch(stage.page)
        toasts = page.get_by_test_id("stToast")
        expect(toasts).to_have_count(3)
        for text in texts:
            said = toasts.filter(has_text="evil")
            shown = [each.replace("\u2060", "") for each in said.all_inner_texts()]
            assert any(text in each for each in shown), (text, shown)
        assert_plain(page, asked)


def test_names_of_columns_and_classes_make_no_links(open_page: Callable[..., Page], server: str) -> None:
    query = urlencode(table_config().to_query())
    page = open_page(f"{server}/tabular?{query}")
    asked = watch(page)
    stage = Stage(page)
    stage.wait_until_ready()
    expect(page.get_by_text("Your table, 60 rows of 5 columns")).to_be_visible()
    page.get_by_text("Columns: all 5").click()
    stage.step_epoch()
    assert_plain(page, asked)


def test_a_table_that_is_opened_makes_no_links(open_stage: OpenStage) -> None:
    stage = open_stage()
    page, asked = stage.page, watch(stage.page)
    page.get_by_role("button", name="Open table").click()
    page.get_by_role("tab", name="Paste").click()
    header = ",".join(f'"{text}"' for text in MARKED_UP[:4])
    rows = "\n".join(f"{k},{k * k % 7},{k % 5},{MARKED_UP[k % 3]}" for k in range(20))
    area = page.get_by_role("textbox", name="Rows of a table")
    area.fill(f"{header}\n{rows}")
    area.press("Control+Enter")
    expect(page.get_by_role("button", name="Use these data")).to_be_visible()
    assert_plain(page, asked)
    page.get_by_role("button", name="Use these data").click()
    stage.wait_for("at.ready === 'true' && at.frame === '0'")
    assert_plain(page, asked)


def test_a_file_that_is_refused_makes_no_links(open_stage: OpenStage) -> None:
    stage = open_stage()
    page, asked = stage.page, watch(stage.page)
    saved = json.loads(saved_run.to_json(Recording(ExperimentConfig(n_samples=40))))
    saved["config"]["activation"] = "www.evil.example/j"
    page.get_by_role("button", name="Take away").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "www.evil.example.json", "mimeType": "application/json", "buffer": json.dumps(saved).encode()}
    )
    expect(page.get_by_text("The run on screen stays")).to_be_visible()
    assert_plain(page, asked)
