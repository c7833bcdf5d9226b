"""What a sweep varies: cells, their order, and what is refused."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig, Refusal
from nnplay.experiment.compare.stack_session import stack_key
from nnplay.experiment.compare.sweeps.grid import MAX_TRAININGS, Grid, value_range
from nnplay.experiment.compare.sweeps.task import stack_size, tasks_of

CONFIG = ExperimentConfig(dataset="moons", n_samples=60)
RATES, WIDTHS = [0.01, 0.1, 1.0], [(2,), [4, 4]]


def test_a_cell_is_a_value_of_each_setting() -> None:
    grid = Grid(CONFIG, {"learning_rate": np.array(RATES), "hidden_sizes": WIDTHS}, [4, 7], 10)
    assert grid.axes == {"learning_rate": (0.01, 0.1, 1.0), "hidden_sizes": ((2,), (4, 4))}
    assert (grid.shape, grid.n_trainings) == ((3, 2), 12)
    assert [grid.values_of(cell) for cell in (1, 4)] == [
        {"learning_rate": 0.01, "hidden_sizes": (4, 4)},
        {"learning_rate": 1.0, "hidden_sizes": (2,)},
    ]
    config = grid.config_of(grid.training(9))
    assert (config.learning_rate, config.hidden_sizes, config.seed, config.data_seed) == (1.0, (2,), 7, 0)
    fresh = Grid(CONFIG, {"noise": [0.1]}, [4], 10, fresh_data=True)
    assert fresh.config_of(fresh.training(0)).data_seed is None


def test_a_grid_survives_json() -> None:
    grid = Grid(CONFIG, {"activation": ["relu", "elu(alpha=2)"], "hidden_sizes": WIDTHS, "batch_size": [None, 5]}, 3, 7)
    saved = json.loads(json.dumps(grid.to_dict()))
    again = Grid.from_dict(saved)
    assert again.to_dict() == grid.to_dict()
    assert again.cells == grid.cells


@pytest.mark.parametrize(("n_a", "n_b"), [(1, 1), (5, 1), (5, 5), (2, 7)])
def test_cells_come_from_coarse_to_fine(n_a: int, n_b: int) -> None:
    grid = Grid(CONFIG, {"noise": [k / 10 for k in range(n_a)], "momentum": [k / 10 for k in range(n_b)]}, 1, 1)
    order = list(grid.coarse_to_fine())
    assert sorted(order) == list(range(n_a * n_b))
    corners = {i * n_b + j for i in (0, n_a - 1) for j in (0, n_b - 1)}
    assert set(order[: len(corners)]) == corners
    if (n_a, n_b) == (5, 5):  # then every second one of each
        assert set(order[:9]) == {i * 5 + j for i in (0, 2, 4) for j in (0, 2, 4)}


def test_tasks_hold_every_training_once_and_each_is_a_stack() -> None:
    grid = Grid(
        CONFIG, {"hidden_sizes": [(2,), (3,), (2, 2)], "learning_rate": RATES, "optimizer": ["sgd", "adam"]}, 25, 1
    )
    tasks = tasks_of(grid)
    assert sorted(training.index for task in tasks for training in task) == list(range(grid.n_trainings))
    for task in tasks:
        assert len({stack_key(grid.cells[training.cell]) for training in task}) == 1
        assert len(task) <= stack_size(grid.cells[task[0].cell])
    assert max(map(len, tasks)) == 64
    assert tasks == tasks_of(Grid.from_dict(grid.to_dict()))
    assert stack_size(ExperimentConfig(dataset="digits", hidden_sizes=(512, 512), batch_size=500)) == 1


def test_ranges_are_logarithmic_for_rates_and_whole_for_what_is_counted() -> None:
    assert value_range("learning_rate", 0.001, 1, 4) == [0.001, 0.01, 0.1, 1.0]
    assert value_range("momentum", 0, 0.9, 4) == [0.0, 0.3, 0.6, 0.9]
    assert value_range("hidden_sizes", 2, 4, 9) == [(2,), (3,), (4,)]
    assert value_range("batch_size", 1, 10, 4) == [1, 4, 7, 10]
    for name, low, high, n, message in (
        ("activation", 0, 1, 3, "name must be a setting that is a number, for a range; got 'activation'. List its"),
        ("bias", 0, 1, 3, "name must be a setting that is a number"),
        ("learning_rate", 0, 1, 3, "low must be above 0 for a logarithmic range; got 0."),
        ("momentum", 0.5, 0.5, 3, "high must be above low, 0.5; got 0.5."),
        ("momentum", 0, 0.5, 1, "n must be an integer from 2 to 1000; got 1."),
        ("seed", 0, 5, 2, "grid must not vary 'seed'"),
    ):
        with pytest.raises(ValueError) as refused:  # noqa: PT011 (the message is looked at)
            value_range(name, low, high, n)
        assert message in str(refused.value)


@pytest.mark.parametrize(
    ("grid", "seeds", "epochs", "message"),
    [
        ({}, 2, 5, "grid must vary at least one setting; got none."),
        ([("momentum", [0.1])], 2, 5, "grid must be a dict of settings, each with a list of values; got"),
        ({"learning_rate": []}, 2, 5, "grid['learning_rate'] must be at least one value; got an empty list."),
        ({"learning_rate": 0.1}, 2, 5, "grid['learning_rate'] must be a list of values; got 0.1."),
        ({"activation": "relu"}, 2, 5, "grid['activation'] must be a list of values; got 'relu'."),
        ({"learning_rat": [0.1]}, 2, 5, "got 'learning_rat'. Did you mean 'learning_rate'?"),
        ({"lr": [0.1]}, 2, 5, "got 'lr'. Did you mean 'learning_rate'?"),
        ({3: [0.1]}, 2, 5, "grid must be one of 'dataset', "),
        ({"seed": [1, 2]}, 2, 5, "grid must not vary 'seed'. Every cell is trained from several seeds: set"),
        ({"max_epochs": [1, 2]}, 2, 5, "grid must not vary 'max_epochs'. Every training runs for the same number"),
        ({"points": [""]}, 2, 5, "grid must not vary 'points'."),
        ({"learning_rate": [0.1, 0.2, 0.1]}, 2, 5, "grid['learning_rate'] must not name a value twice; got 0.1 more"),
        ({"hidden_sizes": [(2,), [2]]}, 2, 5, "grid['hidden_sizes'] must not name a value twice; got (2,) more"),
        ({"learning_rate": [0.1, -1]}, 2, 5, "learning_rate must be a finite number from 0 to 10000; got -1. That is"),
        ({"hidden_sizes": [2, 4]}, 2, 5, "hidden_sizes must be a tuple of integers, one for each hidden layer; got 2."),
        (
            {"n_samples": [100, 20], "batch_size": [10, 50]},
            2,
            5,
            "batch_size must be at most the number of training samples, 15; got 50. "
            "That is the cell n_samples 20, batch_size 50.",
        ),
        ({"learning_rate": RATES}, 0, 5, "seeds must be an integer from 1 to"),
        ({"learning_rate": RATES}, [], 5, "seeds must be at least one; got none."),
        ({"learning_rate": RATES}, 2, 0, "epochs must be an integer from 1 to 1000000; got 0."),
        (
            {"learning_rate": [k / 1e5 for k in range(1000)], "momentum": [k / 1e3 for k in range(100)]},
            10,
            5,
            "grid must make at most 20,000 trainings; got 1,000,000 (1,000 × 100 values × 10 seeds).",
        ),
        ({"learning_rate": RATES}, 10**6, 5, "grid must make at most 20,000 trainings; got 3,000,000 (3"),
        ({"learning_rate": range(10**12)}, 1, 5, "must be at most 20,000 values; got 1,000,000,000,000."),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_in_a_sentence(grid: Any, seeds: Any, epochs: Any, message: str) -> None:
    with pytest.raises(Refusal) as refused:
        Grid(CONFIG, grid, seeds, epochs)
    assert message in str(refused.value)
    assert MAX_TRAININGS == 20_000
