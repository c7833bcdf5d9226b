"""Tables: what a configuration makes of them, what the stage is told, and their page."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from nnplay import ExperimentConfig
from nnplay.datasets import Dataset, own_data
from nnplay.datasets.stored import sets
from nnplay.datasets.tables.choosing import choose
from nnplay.datasets.tables.guessing import guess
from nnplay.datasets.tables.reading import read_table
from nnplay.experiment.config.presets import PRESETS
from nnplay.experiment.config.url import fit_for_address
from nnplay.experiment.recording.recording import Recording
from nnplay.server.stage_feed import Feed
from nnplay.server.training_pages import TRAINING_PAGES, page_of
from tests import ROOT

DIABETES, RAIN, HOUSING = (preset.config for preset in PRESETS["tabular"])
APP = str(ROOT / "app.py")


def own_table(data: Dataset, target: str = "price") -> str:
    return own_data.encode(data, target=target, as_table=True)


def prices(n: int = 40, least: float = 1.0) -> Dataset:
    rng = np.random.default_rng(4)
    X = rng.uniform(0, 1000, (n, 3))
    return Dataset(X, least + X[:, 0] ** 2, "regression", feature_names=["size", "age", "floor"])


def header_of(message: bytes) -> dict:
    return json.loads(message[8 : 8 + int.from_bytes(message[4:8], "little")])


# --- what is learned ----------------------------------------------------------------------------------------


def test_a_table_is_scaled_by_its_training_rows_and_uses_the_chosen_columns() -> None:
    config = dataclasses.replace(DIABETES, columns=(9, 3))
    train, test = config.data.split()
    raw_train, raw_test = config.data.raw_split()
    assert config.columns == (3, 9)
    assert config.layer_sizes[0] == 2
    assert train.feature_names == ("body mass index", "log triglycerides")
    np.testing.assert_allclose(train.X.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(train.X.std(axis=0), 1)
    bmi = raw_train.X[:, 2]
    np.testing.assert_allclose(test.X[:, 0], (raw_test.X[:, 2] - bmi.mean()) / bmi.std())
    np.testing.assert_allclose(config.data.preparation().target.undo(test.y), raw_test.y)
    as_is = dataclasses.replace(config, standardise=False)
    np.testing.assert_array_equal(as_is.data.split()[0].X, raw_train.X[:, [2, 8]])
    assert config.data.split()[0] is train  # shared by all who train on it


def test_links_of_tables_hold_and_nonsense_is_refused_in_a_sentence() -> None:
    for config in (DIABETES, RAIN, HOUSING, dataclasses.replace(RAIN, columns=(1, 3), log_target=True)):
        assert ExperimentConfig.from_query(config.to_query()) == (config, [])
        assert ExperimentConfig.from_dict(config.to_dict()) == config
        assert page_of(config).name == "tabular"
    with pytest.raises(ValueError, match=r"columns must be from 1 to 3 for these data; got 4\."):
        dataclasses.replace(RAIN, columns=(1, 4))
    with pytest.raises(ValueError, match="columns must not name a column twice"):
        dataclasses.replace(RAIN, columns=(1, 1))
    with pytest.raises(ValueError, match="dataset 'table' must come with its data"):
        ExperimentConfig(dataset="table")
    negative = own_table(prices(least=-1e5))
    refusal = r"log_target must be off unless 'price' is positive in every row; got -\d"
    with pytest.raises(ValueError, match=refusal):
        ExperimentConfig(dataset="table", points=negative, log_target=True)


def test_without_standardising_a_network_hardly_learns_what_it_learns_with_it() -> None:
    scores = {}
    for standardise in (True, False):
        session = (
            dataclasses.replace(RAIN, standardise=standardise, max_epochs=0).build(evaluate_every=0).run(epochs=10)
        )
        scores[standardise] = session.score(session.test)
    shares = np.bincount(session.test.y) / session.test.n_samples
    assert scores[True] > 0.9
    assert scores[False] < shares.max() + 0.05


@pytest.mark.skipif(not sets.STORED["california"].is_at_hand, reason="no California housing: set NNPLAY_DATA_DIR")
def test_the_preset_for_house_values_soon_beats_a_line() -> None:
    recording = Recording(HOUSING)
    for number in range(3):
        (frame,) = recording.advance(number, "epoch", 1, 1, 1e9)
        while frame.step_in_epoch:  # a frame ends when its time is up
            (frame,) = recording.advance(frame.number, "epoch", 1, 1, 1e9)
    assert recording.session.test.n_samples == 4128
    assert recording.setup.test.n_samples == 2000
    assert frame.measures[1] < 0.11  # a line gets .13


# --- own tables ---------------------------------------------------------------------------------------------


def test_a_table_of_ones_own_keeps_its_values_its_target_and_its_columns() -> None:
    data = Dataset(*(lambda d: (np.column_stack([d.X, d.X[:, 0] ** 4 / 1e6]), d.y))(prices(5000)), "regression")
    text = own_table(data)
    read = own_data.decode(text, as_table=True)
    np.testing.assert_allclose(read.data.X, data.X, rtol=1e-3, atol=1e-2)
    np.testing.assert_allclose(read.data.y, data.y, rtol=1e-3)
    assert read.target == "price"
    np.testing.assert_array_equal(own_data.decode(own_table(read.data), as_table=True).data.X, read.data.X)
    with pytest.raises(ValueError, match="that this version doesn't know"):
        own_data.decode(own_table(prices(200)))  # finer than what is drawn on a plane
    with pytest.raises(ValueError, match="points must have from 4 to 10000 samples; got 10001"):
        own_table(prices(10_001))
    config = ExperimentConfig(dataset="table", points=text, columns=(1,), hidden_sizes=(3,))
    assert (config.layer_sizes, config.data.facts.target_name) == ((1, 3, 1), "price")
    assert "too large for the page" in str(dict(zip("qs", fit_for_address(config.to_query()), strict=True))["s"])


def test_a_tables_words_and_very_large_numbers_become_columns() -> None:
    rows = "\n".join(f"{k},{'town' if k % 2 else 'land'},{k * 1e7:.0f},{k / 1e7:.9f}" for k in range(1, 30))
    table = read_table(f"row,place,people,share\n{rows}")
    assert guess(table, 50, "people").inputs == ("place", "share")
    data, notes = choose(table, ["place", "share"], "people", "regression", standardise=False, as_table=True)
    assert data.feature_names == ("place = land", "place = town", "share / 1e-6")
    assert data.name == "people / 1e3"
    np.testing.assert_allclose(data.y, np.arange(1, 30) * 1e4)
    np.testing.assert_allclose(data.X[:, 2], np.arange(1, 30) / 10)
    np.testing.assert_array_equal(data.X[:4, :2], [[0, 1], [1, 0], [0, 1], [1, 0]])
    assert any("1,000" in note for note in notes)


# --- what the stage is told ---------------------------------------------------------------------------------


def test_a_sync_tells_of_columns_target_and_baselines() -> None:
    for config in (DIABETES, RAIN, dataclasses.replace(DIABETES, test_fraction=0.0)):
        info = header_of(Feed(config).message)["info"]
        table = info["table"]
        raw, _ = config.data.raw_split()
        assert [column["name"] for column in table["columns"]] == info["inputs"]
        ends = [[column["low"], column["high"]] for column in table["columns"]]
        np.testing.assert_allclose(ends, np.percentile(raw.X, [1, 99], axis=0).T, rtol=1e-6)
        assert all(len(column["deciles"]) == 9 for column in table["columns"])
        first, second = table["baselines"]
        assert first["train_loss"] > second["train_loss"]
        assert (first["test_loss"] is None) == (config.test_fraction == 0)
    assert table["target"]["name"] == "progression after a year"
    assert table["target"]["centre"] == pytest.approx(raw.y.mean())


def test_importance_and_responses_are_of_the_frame_shown() -> None:
    recording = Recording(DIABETES)
    recording.look(("importance", "responses"))
    frames = recording.advance(0, "epoch", 5, 2, 1e9)
    parts = [frame.parts for frame in (recording.frame(0), *frames)]
    for arrays in parts:
        assert arrays["importance"].shape == (10,)
        assert arrays["responses"].shape == (10, 1, 24)
    assert parts[2]["importance"].max() > 3 * abs(parts[0]["importance"][0])
    np.testing.assert_array_equal(recording.frame(1).parts["responses"], parts[1]["responses"])


# --- the page -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def app() -> Iterator[AppTest]:
    app = AppTest.from_file(APP, default_timeout=30).run()
    app.switch_page("pages/tabular.py").run()
    yield app
    assert not app.exception


def config_of(app: AppTest) -> ExperimentConfig:
    return app.session_state["tabular.config"]


def test_the_page_offers_tables_columns_and_what_is_done_to_them(app: AppTest) -> None:
    assert config_of(app) == DIABETES
    app.multiselect(key="tabular.field.columns.diabetes").set_value([3, 9]).run()
    app.toggle(key="tabular.field.log_target").set_value(True).run()
    assert config_of(app) == dataclasses.replace(DIABETES, columns=(3, 9), log_target=True)
    app.selectbox(key="tabular.field.dataset").set_value("weather").run()
    assert config_of(app).columns == ()
    assert app.toggle(key="tabular.field.log_target").disabled
    assert any("generated" in option for option in app.selectbox(key="tabular.field.dataset").options)
    app.toggle(key="tabular.field.standardise").set_value(False).run()
    assert any("pressure in hPa, for example, has mean 1013" in caption.value for caption in app.caption)
    app.toggle(key="tabular.field.standardise").set_value(True).run()
    assert not any("pressure in hPa, for example, has mean" in caption.value for caption in app.caption)
    app.button(key="tabular.preset.Rain").click().run()
    assert config_of(app) == RAIN
    assert dict(app.query_params)["standardise"] == "true"


def test_controls_that_name_a_table_which_a_new_server_does_not_have_break_nothing() -> None:
    def read() -> None:
        import streamlit as st

        from nnplay.ui import on_page, state
        from nnplay.ui.form.table_fields import FIELDS

        with on_page.of("tabular"):
            st.session_state["tabular.field.dataset"] = "table"
            FIELDS.read()
            st.write(state.config().dataset)

    app = AppTest.from_function(read, default_timeout=30).run()
    assert not app.exception
    assert app.markdown[0].value == TRAINING_PAGES["tabular"].begins_with.dataset


def test_an_own_table_is_learned_and_a_logarithm_it_has_not_is_refused_beside_the_control() -> None:
    def show(content: str) -> None:
        import streamlit as st

        from nnplay.ui import on_page
        from nnplay.ui.dialogs import open_table

        st.session_state.setdefault("own_table.text", content)
        with on_page.of("tabular"):
            open_table.draw()

    content = "\n".join(["size,kind,gain", *(f"{k},{'ab'[k % 2]},{k - 7.5}" for k in range(30))])
    dialog = AppTest.from_function(show, args=(content,), default_timeout=30).run()
    assert not dialog.exception
    next(box for box in dialog.selectbox if box.label == "Target").set_value("gain").run()
    assert dialog.multiselect[0].value == ["size", "kind"]
    next(button for button in dialog.button if button.label == "Use this table").click().run()
    assert not dialog.exception
    chosen = dialog.session_state["tabular.config"]
    assert (chosen.dataset, chosen.data.facts.n_columns, chosen.data.facts.target_name) == ("table", 2, "gain")
    assert chosen.data.own.data.feature_names == ("size", "kind = a", "kind = b")

    app = AppTest.from_file(APP, default_timeout=30)
    for name, value in chosen.to_query().items():
        app.query_params[name] = value
    app.run()  # the playground sends such a link on
    assert config_of(app) == chosen
    assert app.selectbox(key="tabular.field.dataset").options[-1] == "Your table"
    app.toggle(key="tabular.field.log_target").set_value(True).run()
    assert not config_of(app).log_target
    assert any("positive" in error.value for error in app.error)
    assert not app.exception
