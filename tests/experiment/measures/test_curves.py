"""One input: functions to fit, and what is shown of such data."""

from __future__ import annotations

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.datasets import DATASETS, Dataset, make
from nnplay.datasets.own_data import encode
from nnplay.experiment.recording.recording import Recording

ONE_INPUT = [name for name in DATASETS if DATASETS[name].n_features == 1]


@pytest.mark.parametrize("name", ONE_INPUT)
def test_the_targets_are_the_function_plus_noise(name: str) -> None:
    recipe = DATASETS[name]
    clean, noisy = make(name, noise=0, seed=2), make(name, noise=0.2, n_samples=20_000, seed=2)
    assert (clean.task, clean.X.shape) == ("regression", (200, 1))
    truth = recipe.truth(clean.X[:, 0], **recipe.complete({}))
    assert np.array_equal(clean.y, truth)
    assert np.abs(clean.X).max() <= 1
    residuals = noisy.y - recipe.truth(noisy.X[:, 0], **recipe.complete({}))
    assert np.std(residuals) == pytest.approx(0.2, rel=0.03)


def test_the_functions_are_what_they_are_called() -> None:
    x = np.array([-1.0, -0.25, 0.0, 0.5])
    values = {name: DATASETS[name].truth(x, **DATASETS[name].complete({})) for name in ONE_INPUT}
    assert np.allclose(values["sine"], np.sin(np.pi * x))
    assert values["absolute"].tolist() == [1.0, 0.25, 0.0, 0.5]
    assert values["step"].tolist() == [-1.0, -1.0, -1.0, 1.0]
    own = DATASETS["formula"]
    assert own.truth(x, formula="x**3-x").tolist() == (x**3 - x).tolist()


@pytest.mark.parametrize(
    ("formula", "said"),
    [
        ("1/x", "must give numbers from -1,000 to 1,000 for x from -1 to 1; got"),
        ("1/(x-0.5)", "got"),
        ("log(x)", "got no finite number from 'log(x)' at x = "),
        ("10**10**10*x", "got no finite number"),
        ("1e9*x", "got"),
        ("sin(y)", "'y' isn't known"),
        ("x.__class__", "isn't allowed"),
        ("", "got nothing"),
        ("2", "where x does not occur"),
        ("x1", "isn't known"),
    ],
)
def test_a_function_that_cannot_be_fitted_is_refused_before_it_is_built(formula: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"^formula must ") as refusal:
        ExperimentConfig(dataset=f"formula(formula={formula!r})")
    assert said in str(refusal.value)


def test_a_function_of_ones_own_survives_a_link() -> None:
    config = ExperimentConfig(dataset="formula(formula='x^3 - x + sin(9*x)')", features=("x", "x^3"))
    assert config.dataset == "formula(formula='x**3-x+sin(9*x)')"
    assert ExperimentConfig.from_query(config.to_query()) == (config, [])
    assert config.layer_sizes[0] == 2


def test_features_that_need_a_second_coordinate_are_left_out_and_stay_in_the_configuration() -> None:
    config = ExperimentConfig(dataset="sine", features=("x1", "x2", "x1*x2", "x1**2"))
    assert config.features == ("x1", "x2", "x1**2", "x1*x2")
    assert config.build().train.feature_names == ("x", "x²")
    with pytest.raises(ValueError, match=r"^features must include a formula in x1"):
        ExperimentConfig(dataset="sine", features=("x2",))


def test_what_is_shown_of_the_data() -> None:
    recording = Recording(ExperimentConfig(dataset="step", n_samples=60, noise=0.1))
    placed = recording.setup.plane.placed(recording.setup.inputs, recording.setup.targets, 0)
    assert np.array_equal(placed, np.column_stack([recording.setup.inputs[:, 0], recording.setup.targets]))
    (x_low, x_high), (y_low, y_high) = recording.setup.domain
    assert x_low < placed[:, 0].min()
    assert placed[:, 0].max() < x_high
    assert y_low < placed[:, 1].min()
    assert placed[:, 1].max() < y_high
    truth = recording.config.data.truth_on(recording.setup.plane)
    assert (truth[0], truth[-1]) == (-1, 1)


@pytest.mark.parametrize("n_classes", [2, 4])
def test_classes_along_one_axis_lie_in_a_row_each(n_classes: int) -> None:
    x = np.linspace(-1, 1, 40)
    labels = np.arange(40) * n_classes // 40
    config = ExperimentConfig(dataset="own", points=encode(Dataset(x[:, None], labels)), hidden_sizes=(5,))
    recording = Recording(config)
    heights = recording.setup.plane.placed(recording.setup.inputs, recording.setup.targets, n_classes)[:, 1]
    assert sorted(set(heights)) == pytest.approx(np.linspace(0, 1, n_classes))
    assert recording.setup.domain[1] == (-0.1, 1.1)
    assert np.isnan(config.data.truth_on(recording.setup.plane)).all()


def test_relu_units_fit_an_absolute_value_and_a_linear_model_does_not() -> None:
    bend = ExperimentConfig(dataset="absolute", noise=0.0, hidden_sizes=(6,), activation="relu")
    session, flat = bend.build().run(60), ExperimentConfig(**bend.to_dict() | {"hidden_sizes": ()}).build().run(60)
    assert session.score(session.test) > 0.98
    assert flat.score(flat.test) < 0.3


def test_two_waves_are_one_feature() -> None:
    config = ExperimentConfig(dataset="sine(waves=2.0)", noise=0.0, hidden_sizes=(), features=("sin(2*pi*x1)",))
    session = config.build().run(30)
    assert session.score(session.test) > 0.999


def test_a_rewind_and_a_divergence_work_with_one_input() -> None:
    recording = Recording(ExperimentConfig(dataset="sine", n_samples=60))
    first = [frame.parts["parameters"].tobytes() for frame in recording.advance(0, "epoch", 1, 4, 1e9)]
    recording.rewind(2)
    again = [frame.parts["parameters"].tobytes() for frame in recording.advance(2, "epoch", 1, 2, 1e9)]
    assert again == first[2:]
    wild = Recording(ExperimentConfig(dataset="sine", n_samples=60, learning_rate=1000.0, activation="relu"))
    wild.advance(0, "epoch", 1, 30, 1e9)
    assert wild.stopped is not None
    assert np.isfinite(wild.frame(wild.last_frame).parts["parameters"]).all()
