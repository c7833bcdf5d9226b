"""The page Step by step as a visitor has it: the way there and back, its keys, and its numbers."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect

import nnplay as nn
from tests.browser.stage import Stage
from tests.browser.test_accessibility import PHONE, THERE, THUMB, findings
from tests.server.steps.page_in_node import written

OpenPage = Callable[..., Page]
#: What the diagram shows, by weight.
WEIGHTS = """() => Object.fromEntries([...document.querySelectorAll('.nn-sd text[data-weight]')]
  .filter((node) => node.textContent).map((node) => [node.dataset.weight, node.textContent.split(' ').at(-1)]))"""


def steps_of(page: Page) -> Locator:
    root = page.get_by_test_id("steps")
    expect(root).to_have_attribute("data-ready", "true", timeout=60_000)
    return root


def at(root: Locator, **values: Any) -> None:
    for name, value in values.items():
        expect(root).to_have_attribute(f"data-{name}", str(value))


def test_from_any_frame_to_its_step_and_back(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage("?dataset=moons&n_samples=100&hidden_sizes=3,2")
    page = stage.page
    for epoch in (1, 2, 3):
        page.keyboard.press("ArrowRight")
        stage.wait_for(f"+at.epoch === {epoch}")
    page.keyboard.press("ArrowLeft")
    stage.wait_for("+at.frame === 2")
    step = int(stage.attribute("step"))
    stage.press("Explain this step")
    root = steps_of(page)
    at(root, step=step, stage="forward", layer=0)
    page.wait_for_function("location.search.includes('recipe=')")
    page.keyboard.press("b")
    stage.wait_until_ready()
    stage.wait_for("+at.frame === 2 && at.playing === 'false'")  # as it was left
    page.keyboard.press("ArrowRight")
    stage.wait_for("+at.frame === 3")
    page.keyboard.press("ArrowLeft")
    stage.wait_for("+at.frame === 2")
    page.keyboard.press("e")
    at(steps_of(page), step=step)
    page.keyboard.press("t")
    at(root, step=step + 1)
    page.get_by_role("button", name="Undo the step").click()
    at(root, step=step)
    page.keyboard.press("t")
    at(root, step=step + 1)
    page.get_by_role("button", name="Back to the playground").click()
    stage.wait_until_ready()
    stage.wait_for(f"+at.step === {step + 1}")


def test_a_reload_shows_the_same_step_and_so_does_the_playground_after_it(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage("?dataset=moons&n_samples=100&hidden_sizes=3,2")
    page = stage.page
    page.keyboard.press("ArrowRight")
    stage.wait_for("+at.epoch === 1")
    step = int(stage.attribute("step"))
    stage.press("Explain this step")
    root = steps_of(page)
    at(root, step=step)
    page.keyboard.press("t")
    at(root, step=step + 1)
    page.wait_for_function("location.search.includes('recipe=')")
    page.reload()
    at(steps_of(page), step=step + 1)
    page.keyboard.press("b")
    stage.wait_until_ready()
    stage.wait_for(f"+at.step === {step + 1}")


@pytest.mark.parametrize(
    "query",
    [
        {"dataset": "spiral", "hidden_sizes": "4,3", "optimizer": "adam", "regularizer": "l2"},
        {"dataset": "hills", "hidden_sizes": "5", "activation": "relu", "momentum": "0"},
    ],
)
def test_the_page_shows_the_numbers_of_the_ledger(open_page: OpenPage, server: str, query: dict[str, str]) -> None:
    config, refusals = nn.ExperimentConfig.from_query(query)
    assert not refusals
    page = open_page(f"{server}/step_by_step?{'&'.join(f'{name}={value}' for name, value in query.items())}")
    root = steps_of(page)
    session = config.build()
    for step in range(2):
        at(root, step=step)
        ledger = nn.explain_next_step(session)
        layers = range(len(ledger.layers))
        page.keyboard.press("1")
        weights = {f"{k}-{i}-{j}": w for k in layers for (i, j), w in _entries(ledger.layers[k].weights)}
        shown = page.evaluate(WEIGHTS)
        assert weights.items() == {name: shown[name] for name in weights}.items()
        page.get_by_role("button", name="Whole batch").click()
        page.keyboard.press("3")
        for layer in reversed(layers):
            at(root, stage="backward", layer=layer)
            shown = page.evaluate(WEIGHTS)
            expected = {f"{layer}-{i}-{j}": w for (i, j), w in _entries(ledger.layers[layer].weight_gradients)}
            assert expected.items() == {name: shown[name] for name in expected}.items()
            page.keyboard.press("Space")
        for layer in layers:
            at(root, stage="update", layer=layer)
            page.keyboard.press("ArrowRight")
        expected = {f"{k}-{i}-{j}": w for k in layers for (i, j), w in _entries(ledger.layers[k].weight_steps)}
        shown = page.evaluate(WEIGHTS)
        assert expected.items() == {name: shown[name] for name in expected}.items()
        assert page.locator(".nn-fl .katex").count() > 0
        assert page.locator(".katex-error").count() == 0
        page.keyboard.press("1")
        page.keyboard.press("t")
        session.step()


def _entries(matrix: Any) -> list[tuple[tuple[int, int], str]]:
    return [((i, j), written(float(value))) for i, row in enumerate(matrix) for j, value in enumerate(row)]


def test_a_lecture_stays_in_presenter_mode_there_and_back(open_stage: Callable[..., Stage]) -> None:
    stage = open_stage("?dataset=moons&n_samples=60&hidden_sizes=2&present=true")
    page = stage.page
    presenting = "document.documentElement.dataset.nnPresent === 'true'"
    page.keyboard.press("e")
    steps_of(page)
    page.wait_for_timeout(3500)  # by then, the stage that was left is gone
    assert page.evaluate(presenting)
    page.keyboard.press("b")
    stage.wait_until_ready()
    page.wait_for_timeout(500)
    assert page.evaluate(presenting)
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stSidebar")).to_be_visible()


def test_a_weight_is_looked_into(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{server}/step_by_step")
    root = steps_of(page)
    page.locator(".nn-sd-number[data-weight='1-2-3']").click()
    at(root, stage="backward", layer=1, unit=3, **{"from": 2})
    card = root.get_by_role("region", name="The chosen weight")
    expect(card).to_contain_text("The weight from unit 3 of hidden layer 1 to unit 4 of hidden layer 2")
    ledger = nn.explain_next_step(nn.ExperimentConfig().build())
    expect(card.locator("td[data-value=gradient]")).to_have_text(written(ledger.gradient(1, 2, 3)))
    slider = card.get_by_role("slider", name="ε of the finite difference")
    expect(card.locator(".nn-wc-verdict")).to_contain_text("agrees with backpropagation")
    expect(card.locator("strong[data-value=quotient]")).to_have_text(written(ledger.gradient(1, 2, 3)))
    slider.focus()
    slider.press("Home")
    expect(card.locator(".nn-wc-verdict")).to_contain_text("Too small")
    slider.press("End")
    expect(card.locator(".nn-wc-verdict")).to_contain_text("Too large")
    card.get_by_role("button", name="Choose sample 5").click()
    at(root, sample=4)
    assert findings(page, *THERE) == []
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_addresses_that_lead_nowhere_get_a_sentence(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{server}/step_by_step?hidden_sizes=300,300")
    expect(page.locator(".nn-st-problem")).to_contain_text("This network has 91,501 parameters")
    page = open_page(f"{server}/step_by_step?recipe=nonsense&activation=rulu")
    steps_of(page)
    expect(page.get_by_text("The changes in the link are damaged")).to_be_visible()
    expect(page.get_by_text("Did you mean")).to_be_visible()
    page = open_page(f"{server}/step_by_step?step=-5&epoch=abc")
    at(steps_of(page), step=0)
    expect(page.get_by_text("“step=-5” and “epoch=abc” in the link are ignored")).to_be_visible()
    page.wait_for_function("!/step=|epoch=/.test(location.search)")


def test_the_usual_network_begins_fitted_and_nothing_touches_the_tabs(open_page: OpenPage, server: str) -> None:
    for height in (768, 680):
        page = open_page(f"{server}/step_by_step", viewport={"width": 1366, "height": height})
        root = steps_of(page)
        page.wait_for_timeout(300)  # until all has its size
        diagram = root.locator(".nn-sd-box").bounding_box()
        for unit in root.locator(".nn-sd-unit").all():
            box = unit.bounding_box()
            assert diagram["y"] <= box["y"]
            assert box["y"] + box["height"] <= diagram["y"] + diagram["height"]
        tabs = page.get_by_role("radiogroup", name="What to look at").bounding_box()
        assert root.locator(".nn-st-stages").bounding_box()["y"] - tabs["y"] - tabs["height"] >= 6
        assert page.evaluate("document.documentElement.scrollHeight") <= height


def test_inside_another_page_it_has_the_room_of_the_tabs(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{server}/step_by_step?embed=true", viewport={"width": 1366, "height": 768})
    box = steps_of(page).locator(".nn-st-side").bounding_box()
    assert 768 - 30 <= box["y"] + box["height"] <= 768


@pytest.mark.parametrize("hidden", ["transport,diagram,boundary", "diagram", "boundary"])
def test_what_a_link_hides_leaves_no_empty_frame(open_page: OpenPage, server: str, hidden: str) -> None:
    page = open_page(f"{server}/step_by_step?hide={hidden}")
    root = steps_of(page)
    for frame in root.locator(".nn-st-left, .nn-sd-panel, .nn-bs-row, .nn-st-side").all():
        box = frame.bounding_box()
        assert not box or frame.evaluate("node => [...node.children].some((child) => child.offsetHeight > 0)")
    side = root.locator(".nn-st-side").bounding_box()
    left = root.locator(".nn-st-left").bounding_box()
    if "diagram" in hidden:  # nothing stands beside the formulas
        assert side["width"] == root.bounding_box()["width"]
    assert ("boundary" in hidden and "diagram" in hidden) == (left is None)


def test_on_a_phone_nothing_hangs_over_and_all_is_large_enough_for_a_thumb(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{server}/step_by_step", **PHONE)
    root = steps_of(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for button in root.get_by_role("button").all():
        box = button.bounding_box()
        if box and not button.evaluate("node => node.matches('.nn-fl-copy, .nn-text-button:not(.nn-sd-zoom)')"):
            assert min(box["width"], box["height"]) >= THUMB - 1, button.evaluate("node => node.outerHTML")
    diagram, formulas = root.locator(".nn-sd-box").bounding_box(), root.locator(".nn-st-side").bounding_box()
    assert diagram["y"] + diagram["height"] <= formulas["y"]


def test_a_formula_that_is_too_long_for_a_phone_shows_that_there_is_more(open_page: OpenPage, server: str) -> None:
    page = open_page(f"{server}/step_by_step?dataset=digits&hidden_sizes=8", **PHONE)
    root = steps_of(page)
    cut = 0
    for stage in ("Forward", "Loss"):
        root.get_by_role("button", name=stage, exact=True).click()
        for line in root.locator(".nn-fl-line").all():
            if not line.evaluate("node => node.scrollWidth > node.clientWidth + 20"):
                continue
            cut += 1
            line.scroll_into_view_if_needed()
            assert _edge(line) < 225  # a shadow
            line.evaluate("node => node.scrollTo({ left: node.scrollWidth })")
            assert _edge(line) > 245  # nothing more
    assert cut > 0


def _edge(line: Locator) -> float:
    """Return how light a line is at its right edge, below the letters: 255 is white."""
    picture = Image.open(io.BytesIO(line.screenshot())).convert("L")
    return float(np.asarray(picture)[-8, -3])
