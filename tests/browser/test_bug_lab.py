"""The bug lab in a browser: the evidence is the server's, an answer is judged, and another case comes."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, Page, expect

from nnplay.experiment.explain.bug_lab.case import Case
from tests.browser.stage import show_in
from tests.browser.test_accessibility import PHONE, findings
from tests.browser.test_projected_type import LEAST, SMALL_TEXT


def open_case(open_page: Callable[..., Page], server: str, number: int | None, **how: object) -> tuple[Page, Locator]:
    case = "" if number is None else f"&case={number}"
    page = open_page(f"{server}/step_by_step?tab=bug-lab{case}", **how)
    lab = page.get_by_test_id("bug-lab")
    expect(lab).to_have_attribute("data-ready", "true", timeout=60_000)
    return page, lab


def number_in(text: str) -> float:
    """Return a number that the page shows."""
    return float(text.replace("−", "-"))


def gradients_shown(lab: Locator) -> list[tuple[float, float]]:
    """Return what each cell of the gradient check says: backpropagation's gradient, and the finite difference."""
    pattern = re.compile(r": backpropagation (\S+), finite difference (\S+)$")
    labels = [cell.get_attribute("aria-label") or "" for cell in lab.locator(".nn-lab-cell").all()]
    found = [pattern.search(label) for label in labels]
    return [(number_in(match[1]), number_in(match[2])) for match in found if match]


def answer(lab: Locator, title: str) -> None:
    lab.get_by_label(title).check()
    lab.get_by_role("button", name="Answer", exact=True).click()


def test_one_looks_at_the_evidence_and_names_the_fault(open_page: Callable[..., Page], server: str) -> None:
    page, lab = open_case(open_page, server, None)
    expect(page).to_have_url(re.compile("case=0$"))
    case = Case(0)
    run = case.run()
    check = case.check(run)
    lab.get_by_role("slider", name="Moment of the run").focus()
    moments = len(run.epochs)
    for key, moment in (("Home", 0), ("ArrowRight", 1), ("End", moments - 1)):
        page.keyboard.press(key)
        expect(lab.locator(".nn-lab-when")).to_have_text(f"{run.epochs[moment]:,}")
        shown = gradients_shown(lab)
        assert len(shown) == 17
        expected = np.column_stack([check.backward[moment], check.differences[moment]])
        np.testing.assert_allclose(shown, expected, rtol=6e-3, atol=6e-6)  # as far as it is written
    expect(lab.locator("caption").first).to_contain_text("of 12 disagree")
    expect(lab.locator("caption").last).to_contain_text("all agree")
    lab.locator(".nn-lab-cell").nth(5).click()
    expect(lab.locator(".nn-lab-details")).to_contain_text("The weight from x₂ to unit 2, at epoch 2,000")

    answer(lab, "The gradient of the biases is missing")
    verdict = lab.locator(".nn-lab-verdict")
    expect(verdict).to_contain_text("No, it isn’t “The gradient of the biases is missing”.")
    expect(verdict).to_contain_text("Look at layer 1")
    expect(lab.get_by_label("The gradient of the biases is missing")).to_be_disabled()
    answer(lab, "The activation's derivative is wrong")
    expect(verdict).to_contain_text("Right: the activation's derivative is wrong.")
    expect(verdict).to_contain_text("article 000")
    expect(lab.locator(".nn-lab-keys")).to_contain_text("training loss without the fault")
    lab.get_by_role("button", name="Another case").last.click()
    expect(lab).not_to_have_attribute("data-case", "0")
    expect(verdict).to_be_hidden()
    expect(page).to_have_url(re.compile(f"case={lab.get_attribute('data-case')}$"))
    number = lab.get_attribute("data-case")
    page.get_by_role("radio", name="Explain a step").click()
    expect(page.get_by_test_id("steps")).to_have_attribute("data-ready", "true")
    page.get_by_role("radio", name="Bug lab").click()
    expect(lab).to_have_attribute("data-case", number)


@pytest.mark.parametrize("dark", [False, True])
def test_batches_that_are_never_shuffled_can_be_seen_on_a_phone(
    open_page: Callable[..., Page], server: str, dark: bool
) -> None:
    page, lab = open_case(open_page, server, 2, **PHONE)
    show_in(page, "dark" if dark else "light")
    expect(lab.locator(".nn-lab-bars")).to_have_count(3)
    shares = lab.locator(".nn-lab-bars").first.get_attribute("aria-label") or ""
    assert shares.count(" 0 %") + shares.count(" 100 %") == 14
    expect(lab.locator(".nn-lab-batches svg")).to_have_attribute("aria-label", re.compile("rises in"))
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    lab.get_by_role("button", name="Tell me").click()
    expect(lab.locator(".nn-lab-verdict")).to_contain_text("It was this: the batches are never shuffled.")
    assert findings(page, "dark" if dark else "light") == []


def test_it_can_be_read_from_the_last_row(open_page: Callable[..., Page], server: str) -> None:
    page, lab = open_case(open_page, server, 2, viewport={"width": 1920, "height": 1080})
    page.keyboard.press("p")
    lab.get_by_role("button", name="Tell me").click()
    expect(lab.locator(".nn-lab-verdict")).to_be_visible()
    page.wait_for_timeout(300)  # until all has its size
    assert page.evaluate(SMALL_TEXT, LEAST) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 1920


def test_a_link_with_no_case_says_so(open_page: Callable[..., Page], server: str) -> None:
    page = open_page(f"{server}/step_by_step?tab=bug-lab&case=0.5")
    expect(page.get_by_test_id("bug-lab")).to_have_attribute("data-case", "0")
    said = "A case of the bug lab is a number from 0 to 9999; the link has “0.5”."
    expect(page.get_by_text(said, exact=True)).to_be_visible()
