"""A table of words and gaps on the page of tables: by name everywhere, and told where a score is undefined."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlsplit

import numpy as np
import pytest
from playwright.sync_api import expect

from nnplay import ExperimentConfig
from nnplay.datasets import own_data, read_table
from nnplay.datasets.tables.choosing import choose
from nnplay.experiment.measures.column_effects import Importance, Responses
from tests.browser.test_tabular import OpenStage, number

ISLANDS = ("Biscoe", "Dream", "Torgersen")


def birds() -> str:
    rows = ["species,id,island,sex,length"]
    for k in range(60):
        length = "NA" if k % 9 == 4 else f"{38 + 6 * (k % 3) + k % 5}"
        rows.append(
            f"{('Adelie', 'Chinstrap', 'Gentoo')[k % 3]},{k + 100},{ISLANDS[k // 2 % 3]},{'fm'[k % 2]},{length}"
        )
    return "\n".join(rows)


def test_words_are_shown_by_name_and_gaps_are_filled_when_that_is_chosen(open_stage: OpenStage) -> None:
    stage = open_stage("tabular?dataset=diabetes&standardise=true&hidden_sizes=4")
    page = stage.page
    page.get_by_role("button", name="Open table").click()
    page.get_by_role("tab", name="Paste").click()
    text = page.get_by_label("Rows of a table")
    text.fill(birds())
    text.press("Control+Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("'id' numbers the rows")).to_be_visible()
    dialog.get_by_text("Fill in", exact=True).click()
    expect(dialog.get_by_text("'length missing' marks those rows")).to_be_visible()
    page.get_by_role("button", name="Use this table").click()

    importance = page.get_by_test_id("panel-importance").get_by_role("row")
    expect(importance).to_have_count(4)
    names = ["island", "sex", "length", "length missing"]
    assert [row.rsplit(None, 1)[0] for row in importance.all_inner_texts()] == names
    responses = page.get_by_test_id("panel-responses").get_by_role("img")
    expect(responses).to_have_attribute("aria-label", re.compile("island: Biscoe"))
    stage.play_and_pause(5)
    query = dict(parse_qsl(urlsplit(page.url).query))
    data, _ = choose(read_table(birds()), ["island", "sex", "length"], "species", None, False, "fill", as_table=True)
    assert query["points"] == own_data.encode(data, target="species", as_table=True)
    config = ExperimentConfig.from_query(query)[0]
    session = config.build().run(stage.epoch)
    expected = Importance(session.network, session.test, session.loss)(session.network.parameters)
    expect(importance.first).to_be_visible()
    # Shown with two decimals, as the largest is above 1.
    shown = [number(row.split()[-1]) for row in importance.all_inner_texts()]
    assert shown == [pytest.approx(value, abs=0.0051) for value in expected]
    curves = Responses(session.network, session.train)(session.network.parameters)
    label = responses.get_attribute("aria-label") or ""
    said = label.split("island: ")[1].split(";")[0].split(", ")
    assert [each.rsplit(" ", 1)[0] for each in said] == list(ISLANDS)
    assert [number(each.rsplit(" ", 1)[1]) for each in said] == pytest.approx(curves[0, -1, :3], rel=6e-3)

    page.get_by_text("Columns: all 4").click()
    expect(page.get_by_text("one input per category").first).to_be_visible()


def test_a_constant_test_target_is_said_to_leave_r_squared_undefined(open_stage: OpenStage) -> None:
    rows = [f"{10 + k * 0.7:.1f},{40 + k * 13 % 50},{0.1 if k % 6 else 0.1 + k / 7:.4f}" for k in range(1, 31)]
    table = read_table("\n".join(["temp,humidity,rain", *rows]))
    data, _ = choose(table, ["temp", "humidity"], "rain", "regression", False, as_table=True)
    points = own_data.encode(data, target="rain", as_table=True)
    parts = {seed: own_data.decode(points, True).data.split(0.25, seed) for seed in range(200)}
    seed = next(seed for seed, (_, test) in parts.items() if np.ptp(test.y) == 0)
    stage = open_stage(f"tabular?dataset=table&points={points}&standardise=true&seed={seed}&hidden_sizes=3")
    stage.play_and_pause(3)
    scores = stage.page.get_by_test_id("panel-scores")
    expect(scores.get_by_text("R² is undefined: the test targets are all the same.")).to_be_visible()
    for model in ("Predicting the mean", "Linear regression", "This network"):
        expect(scores.get_by_role("row", name=model).get_by_role("cell").last).to_have_text("undefined")
    expect(stage.page.get_by_test_id("panel-measures").get_by_text("undefined", exact=True)).to_be_visible()
