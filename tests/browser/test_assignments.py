"""An assignment from its making to its checking, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from nnplay.assignments.assignment import Goal
from nnplay.assignments.in_address import from_link
from tests.browser.stage import Stage
from tests.browser.test_accessibility import findings

OpenStage = Callable[..., Stage]


def test_an_assignment_is_made_opened_reached_answered_and_checked(
    open_stage: OpenStage, open_page: Callable[..., Page], server: str, tmp_path: Path
) -> None:
    teacher = open_stage("?dataset=moons&n_samples=100&learning_rate=0.1")
    teacher.page.get_by_role("button", name="Share", exact=True).click()
    dialog = teacher.page.get_by_role("dialog")
    dialog.get_by_role("tab", name="Assignment").click()
    expect(dialog.get_by_label("At least")).to_have_value("0.9")
    expect(dialog.get_by_text("Setting weights by hand")).to_be_visible()
    for label, value in (("At least", "0.8"), ("Title", "Two <b>moons</b>")):
        dialog.get_by_label(label).fill(value)
        dialog.get_by_label(label).press("Enter")
        expect(dialog.get_by_text("Goal: accuracy at least 0.8, on the test data.")).to_be_visible()
    box = dialog.get_by_role("textbox", name="Link for your students")
    link = box.input_value()
    while from_link(link).title != "Two <b>moons</b>":  # the new link is on its way
        expect(box).not_to_have_value(link)
        link = box.input_value()
    assert from_link(link).goal == Goal("accuracy", 0.8)

    student = open_stage(link.partition("/")[2].partition("/")[2].partition("/")[2])
    strip = student.page.get_by_test_id("assignment")
    expect(strip).to_contain_text("Two <b>moons</b>")
    expect(student.page.get_by_role("slider", name="Noise (fixed)")).to_be_disabled()
    student.press("Play")
    expect(strip).to_have_attribute("data-reached", "true")
    expect(student.root).to_have_attribute("data-playing", "false")  # it pauses where it is reached
    expect(strip).to_contain_text("of 0.8")
    strip.get_by_role("button", name="Get your answer").click()
    answer = student.page.get_by_role("dialog")
    answer.get_by_label("Your name").fill("Zoë O'Neill")
    assert findings(student.page, "light", "dark") == []
    code = answer.get_by_role("textbox", name="Your answer").input_value()
    with student.page.expect_download() as download:
        answer.get_by_role("button", name="Save as a file").click()
    file = tmp_path / download.value.suggested_filename
    download.value.save_as(file)
    assert file.name == "nnplay-answer-Zoë-ONeill.txt"
    copied = tmp_path / "copied.txt"
    copied.write_text(code.replace("Zo%C3%AB", "Max"), encoding="utf-8")

    answer.get_by_role("button", name="Close").click()
    strip.get_by_role("link", name="Leave").click()
    student.wait_until_ready()
    expect(strip).to_be_hidden()
    student.page.go_back()
    expect(strip).to_be_visible()

    check = open_page(f"{server}/check?{link.partition('?')[2]}")
    check.get_by_label("Files with answers").set_input_files([file, copied])
    expect(check.get_by_text("2 files read")).to_be_visible()
    check.get_by_role("button", name="Check", exact=True).click()
    expect(check.get_by_text("1 of 2 answers accepted.")).to_be_visible()
    assert findings(check, "light", "dark") == []
    with check.expect_download() as download:
        check.get_by_role("button", name="Save as CSV").click()
    rows = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    by_file = {row.partition(",")[0]: row for row in rows}
    assert by_file[file.name].startswith(f"{file.name},Zoë O'Neill,accepted,")
    assert by_file["copied.txt"].startswith("copied.txt,Max O'Neill,refused,")
