"""What the network is fed with, in a real browser: features, formulas, a single input with its curve."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.stage import Stage

OpenStage = Callable[..., Stage]


def test_squares_let_a_linear_model_part_two_rings(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=circles&hidden_sizes=none&learning_rate=0.3")
    page = stage.page
    sidebar = page.get_by_test_id("stSidebar")
    stage.play_and_pause(15)
    assert float(stage.losses[0]) > 0.6  # no straight cut parts a ring from what is in it
    plain_run = stage.attribute("run")

    formulas = sidebar.get_by_role("textbox", name="Your formulas")
    formulas.fill("x1.__class__")
    formulas.press("Enter")
    expect(sidebar.get_by_text("where '_' isn't allowed")).to_be_visible()
    assert stage.attribute("run") == plain_run
    formulas.fill("x1^2 + x2^2")
    formulas.press("Enter")
    stage.wait_for(f"at.run !== '{plain_run}'")
    expect(sidebar.get_by_text("isn't allowed")).to_be_hidden()
    own_run = stage.attribute("run")

    for name in ("x₁", "x₂"):
        sidebar.get_by_role("button", name=name, exact=True).click()
        stage.wait_for(f"at.run !== '{own_run}'")
        own_run = stage.attribute("run")
    expect(page).to_have_url(re.compile(r"features=x1(\*|%2A){2}2%2Bx2(\*|%2A){2}2"))
    stage.play_and_pause(40)
    assert float(stage.losses[0]) < 0.2
    expect(stage.root.get_by_text("100.0 % / 100.0 %")).to_be_visible()


def test_a_curve_is_fitted_and_follows_the_timeline(open_stage: OpenStage) -> None:
    stage = open_stage("?dataset=absolute&activation=relu&hidden_sizes=6&n_samples=100&noise=0.05")
    panel = stage.page.get_by_test_id("panel-boundary")
    expect(panel.get_by_role("heading")).to_have_text("Fitted curve")
    canvas = panel.locator("canvas.nn-canvas")
    picture = "canvas => canvas.toDataURL()"
    untrained = canvas.evaluate(picture)
    stage.play_and_pause(40)
    assert float(stage.losses[0]) < 0.02
    again = (
        "untrained => document.querySelector('[data-testid=panel-boundary] canvas.nn-canvas').toDataURL() === untrained"
    )
    stage.page.wait_for_function(f"!({again})({json.dumps(untrained)})")
    stage.scrub_to(0)
    stage.page.wait_for_function(again, arg=untrained)
