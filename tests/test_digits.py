"""Data of many coordinates on the stage: no plane, a part of large sets, and the digits page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import nnplay as nn
from nnplay import ExperimentConfig
from nnplay.datasets import Dataset, stored
from nnplay.datasets.stored_files import NotAtHand
from nnplay.experiment import columns, sampling
from nnplay.experiment.recording import Recording
from nnplay.ui.places import DIGITS_8X8, PLACES, place_of

APP = str(Path(__file__).resolve().parents[1] / "app.py")
PLENTY = 1e9


def test_a_stored_set_is_split_and_shortened_as_the_configuration_says() -> None:
    config = ExperimentConfig(dataset="digits", n_rows=100, test_fraction=0.2)
    train, test = config.split(config.make_data())
    assert (train.n_samples, test.n_samples) == (config.n_train, config.n_test) == (100, 359)
    whole, _ = ExperimentConfig(dataset="digits", test_fraction=0.2).split(config.make_data())
    assert np.array_equal(train.X, whole.X[:100])
    assert config.layer_sizes == (64, 8, 8, 10)
    with pytest.raises(ValueError, match="n_rows must be 0, for all rows, or at least 10; got 3"):
        ExperimentConfig(dataset="digits", n_rows=3)
    with pytest.raises(ValueError, match="dataset 'mnist' takes no options"):
        ExperimentConfig(dataset="mnist(n=3)")


def test_mnist_keeps_its_official_test_set_and_is_not_loaded_to_be_described() -> None:
    config = ExperimentConfig(dataset="mnist", n_rows=5000, test_fraction=0.5)
    assert (config.n_train, config.n_test, config.layer_sizes[0]) == (5000, 10_000, 784)
    assert ExperimentConfig.from_query(config.to_query()) == (config, [])


@pytest.fixture
def in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the 8×8 digits were many."""
    monkeypatch.setattr(sampling, "MOST_WHOLE", 300)
    monkeypatch.setattr(sampling, "TRAIN_ROWS", 40)
    monkeypatch.setattr(sampling, "TEST_ROWS", 60)


def test_without_a_plane_frames_hold_samples_alone() -> None:
    recording = Recording(DIGITS_8X8)
    (frame,) = recording.advance(0, "epoch", 1, 1, PLENTY)
    arrays = frame.arrays()
    assert arrays["surface"].size == arrays["hidden_grid"].size == 0
    assert arrays["hidden_points"].shape == (1797, 2)
    assert "whole_test" not in arrays
    assert recording.history["test_score"][-1] == frame.measures[3] == recording.session.score(recording.test)


@pytest.mark.usefixtures("in_part")
def test_of_many_samples_a_part_is_looked_at_and_the_whole_test_set_at_the_end_of_an_epoch() -> None:
    recording = Recording(DIGITS_8X8)
    session = recording.session
    assert (recording.train.n_samples, recording.test.n_samples) == (40, 60)
    assert (session.train.n_samples, session.test.n_samples) == (1348, 449)
    (step,) = recording.advance(0, "step", 1, 1, PLENTY)
    assert np.isnan(step.parts["whole_test"]).all()
    (end,) = recording.advance(1, "epoch", 1, 1, PLENTY)
    assert end.parts["whole_test"][1] == session.score(session.test)
    assert end.measures[3] == session.score(recording.test)
    scores = recording.history["whole_test_score"]
    assert np.isfinite(scores).tolist() == [True, False, True]
    again = Recording(DIGITS_8X8)
    assert np.array_equal(again.inputs, recording.inputs)


def test_columns_of_a_large_set_are_made_once_and_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    network = nn.Network([64, 3, 10])
    monkeypatch.setattr(columns, "WORTH_SHARING", 1000)
    before = set(columns._SHARED)
    data = Dataset(np.random.default_rng(0).normal(size=(50, 64)), np.arange(50) % 10)
    first, last = data.take(slice(0, 20)), data.take(slice(20, None))
    made = columns.columns_of(last.X, network)
    assert np.array_equal(made, columns.as_columns(last.X, network))
    assert np.shares_memory(made, columns.columns_of(data.X, network))
    assert np.array_equal(columns.columns_of(first.X, network), columns.as_columns(first.X, network))
    picked = data.take(np.array([3, 1]))
    assert np.array_equal(columns.columns_of(picked.X, network), columns.as_columns(picked.X, network))
    assert set(columns._SHARED) > before
    del data, first, last, picked
    assert set(columns._SHARED) == before


def test_every_data_set_belongs_to_one_page() -> None:
    assert place_of(ExperimentConfig(dataset="mnist")).name == "digits"
    assert place_of(ExperimentConfig(dataset="spiral(arms=3)")).name == "playground"
    for place in PLACES.values():
        assert place.accepts(place.begins_with.dataset)
        assert place.read_link({}) == (place.begins_with, [])
    config, notices = PLACES["digits"].read_link({"dataset": "moons"})
    assert config == DIGITS_8X8
    assert "moons" in notices[0]
    assert PLACES["digits"].read_link({"seed": "3"})[0].dataset == "digits"


# --- the page -----------------------------------------------------------------------------------------------


@pytest.fixture
def app() -> Iterator[AppTest]:
    app = AppTest.from_file(APP, default_timeout=30).run()
    yield app
    assert not app.exception


def go_to_digits(app: AppTest) -> AppTest:
    app.query_params.clear()  # as the app's menu does
    return app.switch_page("pages/digits.py").run()


def test_each_page_keeps_its_own_run_and_controls(app: AppTest) -> None:
    app.number_input(key="field.seed").set_value(5).run()
    go_to_digits(app)
    assert app.session_state["digits.config"] == DIGITS_8X8
    assert dict(app.query_params)["dataset"] == "digits"
    app.select_slider(key="digits.field.learning_rate").set_value(0.1).run()
    recording = app.session_state["digits.feed"].recording
    app.query_params.clear()
    app.switch_page("pages/playground.py").run()
    assert app.session_state["config"] == ExperimentConfig(seed=5)
    assert app.number_input(key="field.seed").value == 5
    go_to_digits(app)
    assert app.session_state["digits.config"].learning_rate == 0.1
    assert app.session_state["digits.feed"].recording is recording


def test_data_that_are_not_to_be_had_are_named_beside_the_choice(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> Dataset:
        raise NotAtHand(f"{name}.npz must be somewhere")

    go_to_digits(app)
    monkeypatch.setattr(stored, "is_loaded", lambda name: name != "mnist")
    monkeypatch.setattr("nnplay.ui.state.is_loaded", lambda name: name != "mnist")
    monkeypatch.setattr(stored, "load", refuse)
    app.selectbox(key="digits.field.dataset").set_value("mnist").run()
    assert app.session_state["digits.config"] == DIGITS_8X8
    assert app.selectbox(key="digits.field.dataset").value == "digits"
    assert "is not to be had" in app.error[0].value
