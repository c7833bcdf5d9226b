"""What is said when training goes wrong: true of its cause, and a help to whoever follows it."""

from __future__ import annotations

import dataclasses
import itertools
import re
import time
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.datasets.own_data import encode
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording import recovery
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.trainer import Unit
from nnplay.experiment.training.breaks import breaks
from nnplay.experiment.training.stop_conditions import Stop, Watch, describe
from nnplay.wording import counted, in_words

PLENTY = 1e9


def diverged(**fields: Any) -> tuple[Recording, Stop]:
    fields = {"n_samples": 40, "batch_size": 10, "hidden_sizes": (8,), **fields}
    recording = Recording(ExperimentConfig(**fields))
    recording.advance(0, "step", 1, 400, PLENTY)
    assert recording.stopped
    assert recording.stopped.reason == "diverged"
    return recording, recording.stopped


def follow(recording: Recording, stop: Stop) -> None:
    """Do what the advice says, and train on."""
    wanted = re.search(r"try a learning rate of (\S+) or less", stop.advice)
    assert wanted, stop.advice
    assert stop.good is not None
    start = stop.good if stop.back_to is None else stop.back_to
    assert ("go back to" in stop.advice) == (start != stop.good)
    recording.apply(dataclasses.replace(recording.config, learning_rate=float(wanted[1])))
    recording.advance(start, "epoch", 50, 2, PLENTY)


OPTIMIZERS = [
    {"momentum": 0.0},
    {"momentum": 0.9},
    {"momentum": 0.99},
    {"momentum": 0.99, "nesterov": True},
    {"optimizer": "rmsprop"},
    {"optimizer": "adam"},
]


@pytest.mark.parametrize(("number", "optimizer"), list(enumerate(OPTIMIZERS)))
def test_following_the_advice_works(number: int, optimizer: dict[str, Any]) -> None:
    n_followed = 0
    for seed, (dataset, rate) in enumerate(itertools.product(["hills", "moons", "sine"], [3.0, 3000.0]), 100 * number):
        activation = "relu" if seed % 2 else "identity"
        config = ExperimentConfig(
            dataset=dataset, learning_rate=rate, activation=activation, n_samples=40, seed=seed, **optimizer
        )
        recording = Recording(config)
        ways: list[tuple[Unit, int, int]] = [("step", 1, 60), ("epoch", 1, 30), ("epoch", 20, 5)]
        recording.advance(0, *ways[seed % 3], PLENTY)
        if recording.stopped:
            before = recording.history["train_loss"][0]
            follow(recording, recording.stopped)
            assert recording.stopped is None, config
            assert recording.history["train_loss"][-1] <= 2 * before, config
            n_followed += 1
    assert n_followed >= 1


def test_others_wait_for_one_step_of_a_slow_network_while_rates_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    recording, _ = diverged(learning_rate=1e4, activation="relu", dataset="hills")
    clock, pieces = [0.0], [0.0]
    advance = nn.TrainingSession.advance

    def slow(session: nn.TrainingSession, n_steps: int) -> None:
        clock[0] += 0.1 * n_steps
        pieces[-1] += 0.1 * n_steps
        advance(session, n_steps)

    monkeypatch.setattr(nn.TrainingSession, "advance", slow)
    monkeypatch.setattr(time, "thread_time", lambda: clock[0])
    with breaks(lambda: pieces.append(0.0)):
        found = recovery.find_recovery(recording.session, recording.config, recording.track.kept)
    assert found is not None
    assert max(pieces) == 0.1
    assert 1 < len(pieces) <= 2 * recovery.LEAST_STEPS


def test_a_velocity_that_spoils_every_rate_is_left_behind() -> None:
    recording, stop = diverged(dataset="hills", learning_rate=1.0, momentum=0.99, activation="relu", seed=1)
    assert stop.back_to is not None
    assert recording.track.kept[stop.back_to].measures[0] <= recording.history["train_loss"][0]
    follow(recording, stop)
    assert recording.stopped is None


def test_inputs_too_large_to_learn_from_are_not_the_rate_s_fault() -> None:
    _, stop = diverged(dataset="hills", features=("x1", "(10*x1)^5"), activation="relu")
    assert re.match(r"The input \S+ reaches \S+, which is too large to learn from: scale it down\.", stop.advice), (
        stop.advice
    )
    assert "The steps are too large" not in stop.advice


def test_a_table_s_columns_are_to_be_standardised() -> None:
    recording = Recording(ExperimentConfig(dataset="diabetes", standardise=False, learning_rate=10.0, seed=1))
    recording.advance(0, "epoch", 1, 3, PLENTY)
    assert recording.stopped
    assert "switch on Standardise" in recording.stopped.advice


def test_targets_too_large_to_learn_are_named() -> None:
    X = np.random.default_rng(0).uniform(-1, 1, (40, 2))
    data = nn.datasets.Dataset(X, 1e6 * X[:, 0], task="regression")
    recording = Recording(ExperimentConfig(dataset="own", points=encode(data), hidden_sizes=(4,)))
    recording.advance(0, "step", 1, 40, PLENTY)
    assert recording.stopped
    assert "before the first step" in recording.stopped.message
    assert "targets reach" in recording.stopped.advice
    assert recording.stopped.epoch == 1


@pytest.mark.parametrize(("scale", "advice"), [(1e200, "the inputs reach"), (1.0, "Try a learning rate below")])
def test_a_session_s_warning_is_right_about_the_cause(scale: float, advice: str) -> None:
    X = scale * np.random.default_rng(0).normal(size=(40, 2))
    data = nn.datasets.Dataset(X, np.random.default_rng(1).normal(size=40), task="regression")
    network = nn.Network([2, 4, 1], activation="relu", output="identity")
    session = nn.TrainingSession(network, data, loss="mean_squared_error", optimizer=nn.SGD(learning_rate=1e4))
    with pytest.warns(nn.DivergenceWarning, match=advice):
        session.run(50)


@pytest.mark.parametrize(("unit", "amount"), [("step", 1), ("step", 3), ("epoch", 1)])
def test_the_epoch_of_a_stop_counts_from_1(unit: Unit, amount: int) -> None:
    recording = Recording(ExperimentConfig(dataset="hills", n_samples=40, learning_rate=1e4, activation="relu"))
    recording.advance(0, unit, amount, 500, PLENTY)
    assert recording.stopped
    assert recording.stopped.epoch >= 1
    assert f"Training stopped in epoch {recording.stopped.epoch}:" in recording.stopped.message


def test_one_is_not_many() -> None:
    config = ExperimentConfig(max_epochs=1, patience=1, target_loss=0.1)
    assert describe("max_epochs", config, Watch(), 1, 0.5, True)[0] == "Finished: 1 epoch."
    assert describe("max_epochs", dataclasses.replace(config, max_epochs=2000), Watch(), 2000, 0.5, True)[0] == (
        "Finished: 2,000 epochs."
    )
    assert describe("patience", config, Watch(best_loss=0.5, best_epoch=0), 1, 0.6, True)[0] == (
        "No improvement for 1 epoch: the lowest test loss was 0.5 before training."
    )
    assert [counted(n, "row") for n in (0, 1, 1200)] == ["0 rows", "1 row", "1,200 rows"]


@pytest.mark.parametrize(
    ("size", "words"),
    [
        (1e9, "1 billion"),
        (31_234.0, "31,000"),
        (3.83e8, "380 million"),
        (2.5e13, "25 trillion"),
        (1.7e26, "10 to the power of 26"),
        (250.0, "250"),
    ],
)
def test_large_numbers_are_said_as_people_say_them(size: float, words: str) -> None:
    assert in_words(size) == words
