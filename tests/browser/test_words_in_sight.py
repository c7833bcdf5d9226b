"""What the pages say of classes, colours and mistakes, where one looks."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.stage import Stage, show_in

OpenStage = Callable[..., Stage]


def test_the_confusion_matrix_of_a_table_names_its_classes(open_page: Callable[..., Page], server: str) -> None:
    stage = Stage(open_page(f"{server}/tabular?dataset=weather"))
    stage.wait_until_ready()
    names = stage.page.get_by_test_id("class-names")
    for name in ("dry", "rain"):
        expect(names.get_by_text(name, exact=True)).to_be_in_viewport(ratio=1)


def test_a_legend_is_true_in_light_and_in_dark(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=spiral(arms=3)")
    boundary = stage.page.get_by_test_id("panel-boundary")
    for scheme in ("light", "dark"):
        show_in(stage.page, scheme)
        expect(boundary.get_by_text("fainter: less certain")).to_be_visible()
    boundary.get_by_role("button", name="Show", exact=True).click()
    boundary.get_by_role("checkbox", name="Discretise").check()  # all colours in full: then it would not be true
    expect(boundary.get_by_text("fainter: less certain")).to_be_hidden()


def test_a_wrong_formula_is_told_once_and_what_is_wrong_is_in_sight(open_stage: OpenStage) -> None:
    stage = open_stage()
    page = stage.page
    field = page.get_by_role("textbox", name="Your formulas")
    field.fill("sine(x1)")
    field.press("Enter")
    said = page.get_by_text("where 'sine' isn't known. Did you mean 'sin'?")
    expect(said).to_have_count(1)
    expect(said).to_contain_text("Inputs must be arithmetic in x1 and x2; got 'sine(x1)'")
    expect(page.get_by_test_id("stToast")).to_have_count(0)
