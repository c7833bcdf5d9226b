"""The page of tables in a browser: what it shows is what nnplay and scikit-learn compute."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
from playwright.sync_api import expect
from sklearn.linear_model import LinearRegression

from nnplay.experiment.config.presets import DIABETES
from nnplay.experiment.measures.column_effects import Importance
from tests.browser.stage import Stage

OpenStage = Callable[..., Stage]


def number(text: str) -> float:
    return float(text.replace("−", "-"))


def test_a_table_is_learned_beside_simple_models_and_its_columns_follow_the_timeline(open_stage: OpenStage) -> None:
    stage = open_stage("tabular?dataset=diabetes&standardise=true&hidden_sizes=8&optimizer=adam&learning_rate=0.01")
    config = dataclasses.replace(
        DIABETES.config,
        hidden_sizes=(8,),
        learning_rate=0.01,
        regularizer="none",
        regularization_rate=0.001,
        batch_size=10,
    )
    train, test = config.data.split()
    scores = stage.page.get_by_test_id("panel-scores")
    shown = scores.get_by_role("row", name="Linear regression").get_by_role("cell").all_inner_texts()
    line = LinearRegression().fit(train.X, train.y)
    expected = [np.mean((line.predict(part.X) - part.y) ** 2) for part in (train, test)]
    assert [number(text) for text in shown[:2]] == pytest.approx(expected, abs=1e-4)

    stage.play_and_pause(12)
    importance = stage.page.get_by_test_id("panel-importance")
    for frame in (stage.frame, 2):
        stage.scrub_to(frame)
        session = config.build().run(stage.epoch)
        own = scores.get_by_role("row", name="This network").get_by_role("cell")
        expect(own.nth(2)).to_have_text(f"{session.score(session.train):.3f}".replace("-", "−"))
        importances = Importance(session.network, session.test, session.loss)(session.network.parameters)
        rows = importance.get_by_role("row").all_inner_texts()
        assert [number(row.split()[-1]) for row in rows] == pytest.approx(importances, abs=2e-3)
    sort = importance.get_by_label("Sort")
    sort.check()
    expect(importance.get_by_role("row").first).to_contain_text(train.feature_names[int(importances.argmax())])

    stage.page.get_by_role("button", name="Open table").click()
    stage.page.get_by_role("tab", name="Paste").click()
    text_rows = "\n".join(f"{k},{k * k % 7},{'even' if k % 2 == 0 else 'odd'}" for k in range(60))
    text = stage.page.get_by_label("Rows of a table")
    text.fill(f"size,rest,kind\n{text_rows}")
    text.press("Control+Enter")
    stage.page.get_by_role("button", name="Use this table").click()
    expect(scores.get_by_role("row", name="Logistic regression")).to_be_visible()
    expect(stage.page.get_by_test_id("panel-measures").locator("table[data-set=train]")).to_be_visible()
    assert stage.page.evaluate("document.querySelector('.stMain').scrollHeight") <= 768
