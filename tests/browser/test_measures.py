"""The tabs beside the loss curve: what they say is what nnplay itself measures at the frame shown."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import Locator, expect

import nnplay as nn
from nnplay.experiment.measures.histogram import round_up
from nnplay.experiment.measures.layer_statistics import StuckUnits, TrainingGradient
from nnplay.experiment.measures.scores import confusion_matrix
from tests.browser.stage import Stage

OpenStage = Callable[..., Stage]
QUERY = "?dataset=moons&n_samples=120&noise=0.4&hidden_sizes=6,6&activation=relu&learning_rate=0.1&seed=5"


def session_at(stage: Stage) -> nn.TrainingSession:
    config, _ = nn.ExperimentConfig.from_query(dict(part.split("=") for part in QUERY[1:].split("&")))
    return config.build().run(stage.epoch)


def confusion_of(panel: Locator, kind: str) -> list[int]:
    return [int(text) for text in panel.locator(f"table[data-set={kind}] .nn-count").all_inner_texts()]


def test_confusion_and_layers_follow_the_timeline(open_stage: OpenStage) -> None:
    stage = open_stage(QUERY)
    panel = stage.page.get_by_test_id("panel-measures")
    expect(panel).to_be_hidden()
    stage.page.get_by_role("tab", name="Loss").press("ArrowRight")
    expect(stage.page.get_by_role("tab", name="Measures")).to_be_focused()
    expect(panel).to_be_visible()
    expect(stage.page.get_by_test_id("panel-loss")).to_be_hidden()
    stage.play_and_pause(20)
    last = stage.frame
    seen = []
    for frame in (last, 1):
        stage.scrub_to(frame)
        session = session_at(stage)
        right = [session.score(data) for data in (session.train, session.test)]
        for kind, data, accuracy in zip(("train", "test"), (session.train, session.test), right, strict=True):
            table = panel.locator(f"table[data-set={kind}]")
            expect(table.locator("caption")).to_have_text(f"{kind} {100 * accuracy:.1f} % correct")
            expected = confusion_matrix(data.y, session.network.predict(data.X), 2)
            assert confusion_of(panel, kind) == expected.ravel().tolist()
        seen.append(confusion_of(panel, "train"))
    assert seen[0] != seen[1]

    around = stage.page.locator(".nn-panels").bounding_box()
    for name in ("boundary", "hidden"):
        other = stage.page.get_by_test_id(f"panel-{name}")
        other.get_by_role("button", name="Enlarge").click()
        assert other.bounding_box() == pytest.approx(around, abs=1)
        stage.page.keyboard.press("Escape")
        assert other.bounding_box()["width"] < 0.7 * around["width"]
    panel.get_by_role("button", name="Enlarge: Measures").click()
    for name in ("Per class", "Calibration", "Confusion"):
        panel.get_by_role("radio", name=name).check(force=True)
    assert panel.bounding_box() == pytest.approx(around, abs=1)
    stage.page.keyboard.press("Escape")
    expect(panel.get_by_role("button", name="Enlarge: Measures")).to_be_focused()
    assert panel.bounding_box()["width"] < around["width"] / 2
    the_layers_tab_follows_the_timeline(stage, last)


def the_layers_tab_follows_the_timeline(stage: Stage, last: int) -> None:
    stage.page.get_by_role("tab", name="Layers").click()
    panel = stage.page.get_by_test_id("panel-layers")
    expect(panel.locator(".nn-reach").first).not_to_be_empty()
    seen = []
    for frame in (last, 1):
        stage.scrub_to(frame)
        session = session_at(stage)
        network, units = session.network, [StuckUnits(activation) for activation in session.network.activations]
        gradient = TrainingGradient(session)(network.parameters, units)
        pulls = [block[:-1] for block in network.blocks_of(gradient)]
        for name, values in (("Weights", network.weights), ("Gradients", pulls)):
            panel.get_by_role("radio", name=name).check(force=True)
            sizes = [round_up(float(np.abs(value).max())) for value in values]
            reach = [f"±{np.format_float_positional(size, trim='-')}" for size in sizes]
            expect(panel.locator(".nn-reach")).to_have_text(reach)
        seen.append(reach)
        panel.get_by_role("radio", name="Units").check(force=True)
        counts = [f"{round(counter.share * 6)} of 6 dead" for counter in units]
        expect(panel.locator("td:last-child span:first-child")).to_have_text(counts)
        panel.get_by_role("radio", name="Over time").check(force=True)
        expect(panel.locator(".nn-canvas")).to_be_visible()
    assert seen[0] != seen[1]

    stage.page.reload()  # the tab and what is chosen in it are remembered
    stage.wait_until_ready()
    expect(stage.page.get_by_role("tab", name="Layers", selected=True)).to_be_visible()
    expect(panel.get_by_role("radio", name="Over time")).to_be_checked()
