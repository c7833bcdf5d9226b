"""Where a configuration's data come from, and which settings have a say in it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.datasets import Dataset
from nnplay.datasets.own_data import encode
from nnplay.experiment.config.data_source import Generated, Own, Stored, Table

_X = np.random.default_rng(0).normal(size=(40, 3))
_POINTS = encode(Dataset(_X[:, :2], np.arange(40) % 2))
_TABLE = encode(Dataset(_X, np.exp(_X[:, 0]), "regression"), target="price", as_table=True)

#: Another value for each setting of the data.
_OTHERS: dict[str, Any] = {
    "n_samples": 80,
    "noise": 0.2,
    "n_rows": 20,
    "test_fraction": 0.5,
    "standardise": True,
    "log_target": True,
    "columns": (1, 3),
    "seed": 5,
    "data_seed": 5,
}
_OF_TABLES = {"standardise", "log_target", "columns"}


def the_same(one: ExperimentConfig, other: ExperimentConfig) -> bool:
    """Return whether two configurations train and test on the same numbers."""
    return all(
        np.array_equal(a.X, b.X) and np.array_equal(a.y, b.y)
        for a, b in zip(one.data.split(), other.data.split(), strict=True)
        if a is not None and b is not None
    )


@pytest.mark.parametrize(
    ("dataset", "points", "kind", "effective"),
    [
        ("spiral(arms=3)", "", Generated, {"n_samples", "noise"}),
        ("own", _POINTS, Own, set()),
        ("table", _TABLE, Table, _OF_TABLES),
        ("digits", "", Stored, {"n_rows"}),
        ("diabetes", "", Table, {"n_rows", *_OF_TABLES}),
    ],
)
def test_a_source_holds_the_settings_that_have_an_effect_on_its_data(
    dataset: str, points: str, kind: type, effective: set[str]
) -> None:
    config = ExperimentConfig(dataset=dataset, points=points)
    assert type(config.data) is kind
    for name, value in _OTHERS.items():
        changed = replace(config, **{name: value})
        has_effect = name in effective | {"test_fraction", "seed", "data_seed"}
        assert (changed.data != config.data) is has_effect, name
        assert the_same(config, changed) is not has_effect, name
    train, test = config.data.split()
    facts = config.data.facts
    assert (train.n_samples, test.n_samples if test else 0) == (facts.n_train, facts.n_test)
    assert (train.task, train.n_classes) == (facts.task, facts.n_classes)
    assert train.n_features == config.data.n_coordinates


def test_settings_that_are_not_of_the_data_make_no_other_source() -> None:
    config = ExperimentConfig()
    assert replace(config, hidden_sizes=(2,), learning_rate=0.5, features=("x1",)).data == config.data


@pytest.mark.parametrize("dataset", ["moons", "diabetes", "table"])
def test_a_data_seed_draws_the_data_and_the_split_and_the_seed_the_rest(dataset: str) -> None:
    config = ExperimentConfig(dataset=dataset, points=_TABLE if dataset == "table" else "", seed=3)
    other = replace(config, seed=8, data_seed=3)
    assert replace(config, data_seed=3).data == config.data == other.data
    assert the_same(config, other)
    assert not np.array_equal(config.build().network.parameters, other.build().network.parameters)
    one, same = replace(config, data_seed=3).build().run(2), config.build().run(2)
    assert np.array_equal(one.network.parameters, same.network.parameters)


def test_a_data_seed_is_in_a_link_only_where_there_is_one() -> None:
    assert "data_seed" not in ExperimentConfig(seed=4).to_query()
    config = ExperimentConfig(seed=4, data_seed=0)
    assert config.to_query() == {"seed": "4", "data_seed": "0"}
    assert ExperimentConfig.from_query({"data_seed": "seed"}) == (ExperimentConfig(), [])
    changed, refused = ExperimentConfig.from_query({"data_seed": "-1"})
    assert changed == ExperimentConfig()
    assert refused == ["data_seed must be an integer from 0 to 4294967295; got -1."]
