"""Many runs trained as one stack against the same runs trained one at a time."""

from __future__ import annotations

import warnings
from dataclasses import replace
from itertools import product
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.experiment.compare.stack_history import StackHistory
from nnplay.experiment.compare.stack_session import StackSession
from nnplay.experiment.training.session import TrainingSession

RTOL = 1e-9
#: 36 samples to train on: four batches of 8, and one of 4.
SMALL = ExperimentConfig(dataset="moons", n_samples=48, noise=0.2, hidden_sizes=(5, 4), batch_size=8)

OPTIMIZERS: dict[str, dict[str, Any]] = {
    "sgd": {"momentum": 0.0, "learning_rate": 0.1},
    "momentum": {"momentum": 0.9},
    "nesterov": {"momentum": 0.8, "nesterov": True},
    "rmsprop": {"optimizer": "rmsprop", "learning_rate": 0.01},
    "adagrad": {"optimizer": "adagrad", "learning_rate": 0.1},
    "adam": {"optimizer": "adam", "learning_rate": 0.01},
}
PENALTIES: list[dict[str, Any]] = [
    {},
    {"regularizer": "l2", "regularization_rate": 0.01},
    {"regularizer": "l1", "regularization_rate": 0.003},
]
DROPOUTS = (0.0, 0.25)
SCHEDULES = ("constant", "step(every=7)", "exponential(gamma=0.98)", "cosine(epochs=60)")


def alone(config: ExperimentConfig, epochs: int, evaluate_every: int = 1) -> TrainingSession:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it diverged, or had stopped
        return config.build(evaluate_every=evaluate_every).run(epochs)


def assert_same(stack: StackSession, k: int, session: TrainingSession, rtol: float = RTOL) -> None:
    """Assert that run `k` of the stack is what the session is, in all that it has."""
    np.testing.assert_allclose(stack.network(k).parameters, session.network.parameters, rtol=rtol, atol=1e-14)
    assert stack.epochs[k] == session.epoch
    assert stack.divergences[k] == session.divergence
    n_rows = session.history.n_rows
    assert stack.history["epoch"][:n_rows].tolist() == session.history["epoch"].tolist()
    for name, column in session.history.items():
        if name != "epoch":
            np.testing.assert_allclose(stack.history[name][:n_rows, k], column, rtol=rtol, err_msg=name)
            assert np.isnan(stack.history[name][n_rows:, k]).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_penalty_dropout_and_schedule_in_one_stack(name: str) -> None:
    choices = list(product(PENALTIES, DROPOUTS, SCHEDULES))
    configs = [
        replace(SMALL, **OPTIMIZERS[name], **penalty, dropout=dropout, schedule=schedule, seed=seed, data_seed=0)
        for seed, (penalty, dropout, schedule) in enumerate(choices)
    ]
    stack = StackSession(configs).run(100)
    for k, config in enumerate(configs):
        assert_same(stack, k, alone(config, 100))
    assert np.abs(stack.history["train_loss"][-1] - stack.history["train_loss"][0]).min() > 0.01


@pytest.mark.parametrize(
    "change",
    [
        {"dataset": "spiral(arms=3)", "activation": ("relu", "silu")},
        {"dataset": "plane", "loss": "quadratic", "activation": "elu(alpha=2)"},
        {"dataset": "blobs(classes=4)", "hidden_sizes": (), "batch_size": None},
        {"dataset": "diabetes", "standardise": True, "batch_size": 100, "hidden_sizes": (6,)},
        {"test_fraction": 0.0, "bias": False, "shuffle": False},
        {"dataset": "digits", "hidden_sizes": (10,), "batch_size": 200, "n_rows": 650, "learning_rate": 0.1},
    ],
    ids=lambda change: ", ".join(map(str, change.values())),
)
def test_all_kinds_of_data_outputs_and_batches(change: dict[str, Any]) -> None:
    config = replace(SMALL, **change)
    configs = [replace(config, seed=seed, data_seed=4) for seed in range(3)]
    stack = StackSession(configs).run(12)
    for k, each in enumerate(configs):
        assert_same(stack, k, alone(each, 12))


def test_single_precision_stays_so() -> None:
    configs = [
        replace(SMALL, dtype="float32", seed=seed, learning_rate=0.01 * (1 + seed), dropout=0.1 * seed)
        for seed in range(3)
    ]
    stack = StackSession(configs).run(10)
    assert stack.parameters.dtype == np.float32
    for k, config in enumerate(configs):
        assert_same(stack, k, alone(config, 10), rtol=1e-4)


def test_rates_data_and_orders_of_its_own_for_each() -> None:
    changes: list[dict[str, Any]] = [
        {"learning_rate": 0.3, "momentum": 0.0},
        {"learning_rate": 0.01, "momentum": 0.95, "seed": 5},
        {"noise": 0.0, "seed": 6, "shuffle": False},
        {"dataset": "circles", "initializer": "he_normal", "dropout": 0.5},
        {"features": ("x1**2", "x2")},
    ]
    configs = [replace(SMALL, **change) for change in changes]
    stack = StackSession(configs).run(20)
    for k, config in enumerate(configs):
        assert_same(stack, k, alone(config, 20))


@pytest.mark.parametrize("name", ["beta_1", "beta_2", "epsilon"])
def test_an_optimizers_own_parameters_may_differ(name: str) -> None:
    configs = [
        replace(SMALL, optimizer=f"adam({name}={value})", learning_rate=0.01, seed=seed)
        for seed, value in enumerate((0.001, 0.5, 0.9))
    ]
    stack = StackSession(configs).run(15)
    for k, config in enumerate(configs):
        assert_same(stack, k, alone(config, 15))


def test_who_diverges_stops_and_the_others_go_on_unharmed() -> None:
    rates = [0.05, 1e4, 0.1, 3000.0]
    config = replace(SMALL, dataset="plane", activation="relu", momentum=0.0)
    configs = [replace(config, learning_rate=rate, seed=seed) for seed, rate in enumerate(rates)]
    stack = StackSession(configs).run(30)
    assert [divergence is not None for divergence in stack.divergences] == [False, True, False, True]
    assert stack.training.tolist() == [True, False, True, False]
    for k, each in enumerate(configs):
        session = alone(each, 30)
        if session.divergence is None:
            assert_same(stack, k, session)
        assert (stack.divergences[k], stack.epochs[k]) == (session.divergence, session.epoch)
    scores = stack.measures()["test_score"]
    assert np.isnan(scores).tolist() == [False, True, False, True]


def test_a_loss_that_is_not_finite_is_a_divergence_too() -> None:
    config = replace(SMALL, dataset="plane", activation="relu", momentum=0.0, learning_rate=40.0)
    configs = [replace(config, seed=seed) for seed in range(8)]
    stack = StackSession(configs).run(40)
    sessions = [alone(each, 40) for each in configs]
    assert [d and d.what for d in stack.divergences] == [s.divergence and s.divergence.what for s in sessions]
    assert any(stack.divergences)


@pytest.mark.parametrize(
    "stop",
    [{"max_epochs": 12}, {"target_loss": 0.4}, {"patience": 2}, {"target_loss": 0.35, "patience": 3, "max_epochs": 33}],
    ids=str,
)
@pytest.mark.parametrize("evaluate_every", [1, 4, 0])
def test_each_stops_where_it_would_stop_alone(stop: dict[str, Any], evaluate_every: int) -> None:
    configs = [replace(SMALL, seed=seed, data_seed=0, learning_rate=0.1, **stop) for seed in range(5)]
    configs.append(replace(SMALL, seed=9))  # which has no condition
    stack = StackSession(configs, evaluate_every).run(40)
    sessions = [alone(each, 40, evaluate_every) for each in configs]
    for k, session in enumerate(sessions):
        assert_same(stack, k, session)
    assert stack.epochs.max() == 40
    assert stack.epochs.min() < 40
    assert [each is not None for each in stack.stops] == [session.epoch < 40 for session in sessions]


@pytest.mark.parametrize("n_before", [0, 7, 30])
def test_restore_brings_everything_back_bit_for_bit(n_before: int) -> None:
    configs = [
        replace(SMALL, optimizer="adam", dropout=0.1, seed=seed, patience=2 if seed == 1 else 0) for seed in range(4)
    ]
    stack = StackSession(configs)
    stack.advance(n_before)  # within an epoch, too
    state, training = stack.snapshot(), stack.training
    expected = {name: column.copy() for name, column in stack.run(30).history.items()}
    parameters, epochs = stack.parameters.copy(), stack.epochs.copy()
    assert stack.restore(state).n_steps == n_before
    assert np.array_equal(stack.training, training)
    stack.run(30)
    assert np.array_equal(stack.parameters, parameters)
    assert np.array_equal(stack.epochs, epochs)
    for name, column in stack.history.items():
        np.testing.assert_array_equal(column, expected[name])
    other = StackSession(configs).restore(state).run(30)
    assert np.array_equal(other.parameters, parameters)
    with pytest.raises(ValueError, match="state must be of a stack with parameters of shape"):
        StackSession(configs[:2]).restore(state)


def test_steps_in_any_portions_are_the_same_training() -> None:
    configs = [replace(SMALL, seed=seed, dropout=0.2) for seed in range(3)]
    one, other = StackSession(configs).run(6), StackSession(configs)
    for n_steps in (1, 3, 4, 9, 13):
        other.advance(n_steps)
    assert np.array_equal(one.parameters, other.parameters)
    assert np.array_equal(one.history["train_loss"], other.history["train_loss"])


def test_batches_that_are_too_many_for_one_block_come_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    configs = [replace(SMALL, seed=seed) for seed in range(3)]
    expected = StackSession(configs).run(5).parameters
    for n_bytes in (1, 3000):
        monkeypatch.setattr("nnplay.experiment.compare.stack_batches.BLOCK_BYTES", n_bytes)
        assert np.array_equal(StackSession(configs).run(5).parameters, expected)


def test_measures_of_large_sets_are_taken_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    configs = [replace(SMALL, n_samples=300, batch_size=50, seed=seed) for seed in range(3)]
    expected = StackSession(configs).run(5).measures()
    monkeypatch.setattr("nnplay.experiment.compare.stack_evaluation.PART_BYTES", 1)
    for name, values in StackSession(configs).run(5).measures().items():
        np.testing.assert_allclose(values, expected[name], rtol=1e-12)


@pytest.mark.parametrize(
    "change",
    [
        {"hidden_sizes": (5, 3)}, {"activation": "relu"}, {"optimizer": "adam"}, {"batch_size": 4},
        {"n_samples": 60}, {"loss": "quadratic"}, {"dtype": "float32"}, {"bias": False}, {"dataset": "plane"},
    ],
    ids=str,
)  # fmt: skip
def test_what_can_not_be_one_stack_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="configs must have one architecture, loss, optimizer and batch size; got"):
        StackSession([SMALL, replace(SMALL, **change)])


def test_no_configuration_is_refused() -> None:
    with pytest.raises(ValueError, match="configs must be at least one ExperimentConfig"):
        StackSession([])
    with pytest.raises(TypeError, match="configs must be an instance of ExperimentConfig; got 3"):
        StackSession([3])  # type: ignore[list-item]


def test_a_long_history_is_kept_evenly() -> None:
    history = StackHistory(2, capacity=10)
    for epoch in range(100):
        history.append(epoch, np.full((5, 2), epoch))
    assert history.n_rows <= 10
    assert history["epoch"][[0, -1]].tolist() == [0, 99]
    assert np.array_equal(history["test_loss"][:, 1], history["epoch"])
    with pytest.raises(ValueError, match="Did you mean 'test_loss'"):
        history["tst_loss"]
