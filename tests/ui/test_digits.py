"""Data of many coordinates on the stage: no plane, a part of large sets, and the digits page."""

from __future__ import annotations

import dataclasses
import pickle
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import nnplay as nn
from nnplay import ExperimentConfig
from nnplay.articles import ARTICLES
from nnplay.datasets import Dataset
from nnplay.datasets import dataset as dataset_module
from nnplay.datasets.stored import fetching, sets
from nnplay.datasets.stored.files import NotAtHand, path_of
from nnplay.experiment.config.presets import DIGITS_8X8 as PRESET_8X8
from nnplay.experiment.config.presets import PRESETS, Preset
from nnplay.experiment.recording import setup
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.training.evaluation import columns_of
from nnplay.server.training_pages import TRAINING_PAGES, page_of
from tests import ROOT

APP = str(ROOT / "app.py")
PLENTY = 1e9
DIGITS_8X8 = PRESET_8X8.config


def test_a_stored_set_is_split_and_shortened_as_the_configuration_says() -> None:
    config = ExperimentConfig(dataset="digits", n_rows=100, test_fraction=0.2)
    train, test = config.data.split()
    assert (train.n_samples, test.n_samples) == (config.n_train, config.n_test) == (100, 359)
    whole, _ = ExperimentConfig(dataset="digits", test_fraction=0.2).data.split()
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
    monkeypatch.setattr(setup, "MOST_WHOLE", 300)
    monkeypatch.setattr(setup, "TRAIN_ROWS", 40)
    monkeypatch.setattr(setup, "TEST_ROWS", 60)


def test_without_a_plane_frames_hold_samples_alone() -> None:
    recording = Recording(DIGITS_8X8)
    (frame,) = recording.advance(0, "epoch", 1, 1, PLENTY)
    arrays = frame.arrays()
    assert list(arrays) == ["counters", "measures", "hidden_scale", "hidden_points"]
    assert arrays["hidden_points"].shape == (1797, 2)
    assert "whole_test" not in arrays
    assert recording.history["test_score"][-1] == frame.measures[3] == recording.session.score(recording.setup.test)


@pytest.mark.usefixtures("in_part")
def test_of_many_samples_a_part_is_looked_at_and_the_whole_test_set_at_the_end_of_an_epoch() -> None:
    recording = Recording(DIGITS_8X8)
    session = recording.session
    assert (recording.setup.train.n_samples, recording.setup.test.n_samples) == (40, 60)
    assert (session.train.n_samples, session.test.n_samples) == (1348, 449)
    (step,) = recording.advance(0, "step", 1, 1, PLENTY)
    assert np.isnan(step.parts["whole_test"]).all()
    (end,) = recording.advance(1, "epoch", 1, 1, PLENTY)
    assert end.parts["whole_test"][1] == session.score(session.test)
    assert end.measures[3] == session.score(recording.setup.test)
    scores = recording.history["whole_test_score"]
    assert np.isfinite(scores).tolist() == [True, False, True]
    again = Recording(DIGITS_8X8)
    assert np.array_equal(again.setup.inputs, recording.setup.inputs)


@pytest.mark.parametrize("hidden_sizes", [(64, 32), ()])
def test_weights_are_sent_as_images_and_the_loudest_units_first(hidden_sizes: tuple[int, ...]) -> None:
    recording = Recording(dataclasses.replace(DIGITS_8X8, hidden_sizes=hidden_sizes))
    recording.look(("first_units", "strong_units"))
    (frame,) = recording.advance(0, "epoch", 1, 1, PLENTY)
    weights = recording.session.network.weights[0]
    n = min(24, weights.shape[1])
    for prefix in ("first", "strong"):
        units, images, (scale,) = (frame.parts[f"{prefix}_{name}"] for name in ("units", "images", "scale"))
        assert images.shape == (n, 64)
        drawn = (images.astype(float) - 128) / 127 * scale
        inside = np.abs(weights[:, units].T) <= scale
        assert inside.mean() > 0.99
        assert np.abs(drawn - weights[:, units].T)[inside].max() <= 0.51 * scale / 127
    assert frame.parts["first_units"].tolist() == list(range(n))
    if hidden_sizes:
        activations = recording.session.network.hidden_activations(recording.setup.inputs)[0]
        strength = np.linalg.norm(recording.session.network.weights[1], axis=1) * activations.std(axis=0)
        chosen = strength[frame.parts["strong_units"]]
        assert (np.diff(chosen) <= 1e-5).all()
        assert chosen[-1] >= np.sort(strength)[-24] * 0.999


def test_the_worst_mistakes_are_the_surest_ones() -> None:
    recording = Recording(DIGITS_8X8)
    recording.look(("mistakes", "measures"))
    (frame,) = recording.advance(0, "epoch", 1, 1, PLENTY)
    test = recording.setup.test
    outputs = recording.session.network.predict_proba(test.X)
    wrong = np.flatnonzero(outputs.argmax(axis=1) != test.y)
    assert frame.parts["mistake_counts"].tolist() == [len(wrong), 449]
    assert frame.parts["confusion"][1].trace() == 449 - len(wrong)
    rows, (truth, taken) = frame.parts["mistake_rows"], frame.parts["mistake_classes"].T
    assert len(wrong) > 12
    assert set(rows) <= set(wrong)
    assert np.array_equal(truth, test.y[rows])
    assert np.array_equal(taken, outputs[rows].argmax(axis=1))
    np.testing.assert_allclose(frame.parts["mistake_stated"][:, 1], outputs[rows].max(axis=1), rtol=1e-4)
    assert outputs[rows].max(axis=1).min() >= np.sort(outputs[wrong].max(axis=1))[-12] * 0.9999
    assert np.array_equal(frame.parts["mistake_images"], np.round(test.X[rows] * 255).astype("u1"))


@pytest.mark.parametrize("preset", PRESETS["digits"], ids=lambda preset: preset.label)
def test_a_preset_is_a_link_to_its_page(preset: Preset) -> None:
    assert TRAINING_PAGES["digits"].read_link(preset.config.to_query()) == (preset.config, [])
    assert page_of(preset.config).name == "digits"


def test_a_preset_that_the_command_trains_faster_says_so_whatever_numbers_it_begins_with() -> None:
    small, first, fourth = PRESETS["digits"]
    linked = next(preset.config for preset in ARTICLES["digits"].presets if preset.config.initializer == "normal")
    assert first.is_trained_by(linked)
    assert "--only digits" in first.command
    assert not fourth.is_trained_by(linked)
    assert not small.command


@pytest.mark.skipif(path_of("mnist") is None, reason="mnist.npz is not in NNPLAY_DATA_DIR")
@pytest.mark.parametrize("preset", PRESETS["digits"][1:], ids=lambda preset: preset.label)
def test_the_articles_networks_learn_mnist_frame_by_frame(preset: Preset) -> None:
    recording = Recording(preset.config)
    frames = recording.advance(0, "step", 100, 4, PLENTY)
    assert frames[-1].measures[3] > 0.5
    assert recording.session.steps_per_epoch == -(-60_000 // preset.config.batch_size)
    assert sum(frame.nbytes for frame in (recording.track.kept[n] for n in recording.track.kept.numbers)) < 13_000_000


def test_the_small_digits_are_read_after_a_few_epochs() -> None:
    session = DIGITS_8X8.build(evaluate_every=0).run(epochs=20)
    assert session.score(session.test) > 0.95


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_the_columns_of_a_large_set_are_no_second_copy(monkeypatch: pytest.MonkeyPatch, bias: bool, dtype: str) -> None:
    network = nn.Network([64, 3, 10], bias=bias, dtype=dtype)
    X, y = np.random.default_rng(0).normal(size=(50, 64)).astype(np.float32), np.arange(50) % 10
    small = Dataset(X, y, dtype="float32")
    monkeypatch.setattr(dataset_module, "LARGE", 1000)
    large = Dataset(X, y, dtype="float32")
    for part_of_large, part_of_small in [
        (large, small),
        *((large.take(rows), small.take(rows)) for rows in (slice(0, 20), slice(20, None, 2), np.array([3, 1]))),
        (large.with_values(X[::-1]), small.with_values(X[::-1])),
        (pickle.loads(pickle.dumps(large)), small),
    ]:
        made = columns_of(part_of_large, network)
        assert np.array_equal(made, network.as_columns(part_of_small.X))
        assert np.array_equal(part_of_large.X, part_of_small.X)
        assert not part_of_large.X.flags.writeable
    assert np.shares_memory(columns_of(large.take(slice(20, None)), network), large.X)
    in_double = Dataset(X, y)
    shared = np.shares_memory(columns_of(in_double, network), in_double.X)
    assert shared == (dtype == "float64")


@pytest.mark.parametrize("bias", [True, False])
def test_training_on_a_large_set_is_training_on_a_small_one(monkeypatch: pytest.MonkeyPatch, bias: bool) -> None:
    X, y = np.split(np.random.default_rng(1).normal(size=(60, 5)), [4], axis=1)
    rows = Dataset(X, y)

    def parameters() -> np.ndarray:
        data = Dataset(rows.X, rows.y)
        network = nn.Network([4, 5, 1], output="identity", bias=bias, seed=1)
        return nn.TrainingSession(network, data, loss="mean_squared_error", batch_size=7).run(3).network.parameters

    small = parameters()
    monkeypatch.setattr(dataset_module, "LARGE", 1000)
    assert np.array_equal(parameters(), small)


def test_every_data_set_belongs_to_one_page() -> None:
    assert page_of(ExperimentConfig(dataset="mnist")).name == "digits"
    assert page_of(ExperimentConfig(dataset="spiral(arms=3)")).name == "playground"
    for place in TRAINING_PAGES.values():
        assert place.accepts(place.begins_with.dataset)
        assert place.read_link({}) == (place.begins_with, [])
    config, notices = TRAINING_PAGES["digits"].read_link({"dataset": "moons"})
    assert config == DIGITS_8X8
    assert "moons" in notices[0]
    assert TRAINING_PAGES["digits"].read_link({"seed": "3"})[0].dataset == "digits"


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


def test_a_link_goes_to_the_page_of_its_data_and_within_the_app_it_counts_anew() -> None:
    app = AppTest.from_file(APP, default_timeout=30)
    app.query_params["dataset"] = "digits"
    app.query_params["hidden_sizes"] = "20"
    app.run()
    assert app.session_state["digits.config"] == ExperimentConfig(dataset="digits", hidden_sizes=(20,))
    app.query_params.clear()
    app.switch_page("pages/playground.py").run()
    app.query_params["dataset"] = "digits"
    app.query_params["hidden_sizes"] = "30"
    app.switch_page("pages/digits.py").run()
    assert app.session_state["digits.config"].hidden_sizes == (30,)
    assert app.number_input(key="digits.field.hidden_sizes.0").value == 30
    assert not app.exception


def test_data_that_are_not_to_be_had_are_named_beside_the_choice(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> Dataset:
        raise NotAtHand(f"{name}.npz must be somewhere")

    go_to_digits(app)
    monkeypatch.setattr(sets, "is_loaded", lambda name: name != "mnist")
    monkeypatch.setattr("nnplay.ui.state.is_loaded", lambda name: name != "mnist")
    monkeypatch.setattr(sets, "load", refuse)
    monkeypatch.setattr("nnplay.datasets.stored.files.path_of", lambda name: Path("somewhere"))
    app.selectbox(key="digits.field.dataset").set_value("mnist").run()
    assert app.session_state["digits.config"] == DIGITS_8X8
    assert app.selectbox(key="digits.field.dataset").value == "digits"
    assert "isn't available" in app.error[0].value


class FakeFetch:
    """A fetch that goes on until it is told that it is over."""

    def __init__(self, name: str) -> None:
        self.name, self.is_running, self.share, self.cancelled = name, True, 0.25, False
        self.problem: str | None = None

    def cancel(self) -> None:
        self.is_running, self.cancelled = False, True


@pytest.fixture
def fetches(monkeypatch: pytest.MonkeyPatch) -> list[FakeFetch]:
    """Return the fetches that are started, on a server that has no MNIST."""
    started: list[FakeFetch] = []

    def start(name: str) -> FakeFetch:
        started.append(FakeFetch(name))
        return started[-1]

    monkeypatch.setattr(fetching, "start", start)
    monkeypatch.setattr(sets, "_LOADED", {})
    monkeypatch.setattr("nnplay.datasets.stored.files.path_of", lambda name: None)
    return started


def button(app: AppTest, label: str) -> Any:
    return next(each for each in app.button if each.label == label)


@pytest.mark.parametrize("by", ["link", "menu"])
def test_only_a_click_fetches_and_meanwhile_the_page_works(app: AppTest, fetches: list[FakeFetch], by: str) -> None:
    if by == "link":
        app.query_params.update({"dataset": "mnist", "hidden_sizes": "30"})
        app.switch_page("pages/digits.py").run()
    else:
        go_to_digits(app)
        app.selectbox(key="digits.field.dataset").set_value("mnist").run()
    assert not app.exception
    assert fetches == []
    assert app.session_state["digits.config"] == DIGITS_8X8
    assert "MNIST isn't on this server yet. It is a 15 MB download from openml.org." in [
        info.value for info in app.info
    ]
    button(app, "Download MNIST").click().run()
    assert [fetch.name for fetch in fetches] == ["mnist"]
    app.number_input(key="digits.field.hidden_sizes.0").set_value(20).run()
    assert app.session_state["digits.config"].hidden_sizes[0] == 20
    fetches[0].is_running, fetches[0].problem = False, "openml.org did not send it within 180 seconds."
    app.run()
    assert "did not send it" in app.error[0].value
    button(app, "Try again").click().run()
    assert len(fetches) == 2
    assert not app.error
    button(app, "Cancel").click().run()
    assert fetches[1].cancelled
    assert not [each for each in app.button if each.label in ("Cancel", "Try again", "Download MNIST")]
    assert not app.exception


@pytest.mark.skipif(path_of("mnist") is None, reason="mnist.npz is not in NNPLAY_DATA_DIR")
def test_what_was_fetched_is_learned_as_the_link_has_it(
    app: AppTest, fetches: list[FakeFetch], monkeypatch: pytest.MonkeyPatch
) -> None:
    here = path_of("mnist")
    app.query_params.update({"dataset": "mnist", "hidden_sizes": "30", "n_rows": "1000"})
    app.switch_page("pages/digits.py").run()
    button(app, "Download MNIST").click().run()
    monkeypatch.setattr("nnplay.datasets.stored.files.path_of", lambda name: here)
    sets.load("mnist")
    fetches[0].is_running = False
    app.run()
    config = app.session_state["digits.config"]
    assert (config.dataset, config.hidden_sizes, config.n_rows) == ("mnist", (30,), 1000)
    assert app.selectbox(key="digits.field.dataset").value == "mnist"
    assert not [each for each in app.button if each.label == "Download MNIST"]
    assert not app.exception


@pytest.mark.skipif(path_of("mnist") is None, reason="mnist.npz is not in NNPLAY_DATA_DIR")
def test_a_control_that_a_preset_set_while_it_was_hidden_shows_that_value_when_it_comes_back(app: AppTest) -> None:
    go_to_digits(app)
    next(button for button in app.button if button.label == "MNIST, 100 sigmoids").click().run()
    assert "Test share" not in [slider.label for slider in app.slider]
    app.selectbox(key="digits.field.dataset").set_value("digits").run()
    slider = next(slider for slider in app.slider if slider.label == "Test share")
    # Without it, the browser goes by the slider's default, its lower end.
    assert slider.proto.set_value
    assert slider.proto.value == [0.25]
