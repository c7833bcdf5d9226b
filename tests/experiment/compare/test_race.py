"""A race: lanes that are the single runs they tell of, equal wherever they can be, and together at every moment."""

from __future__ import annotations

import dataclasses
import json
import math
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay import ExperimentConfig, Race
from nnplay.experiment.compare.race import lanes_to_dict
from nnplay.refusal import Refusal

CONFIG = ExperimentConfig(dataset="moons", n_samples=60, noise=0.1, hidden_sizes=(4, 4), batch_size=8)
HOPELESS = {"learning_rate": 1e4, "activation": "relu", "momentum": 0.9, "hidden_sizes": (8, 8, 8)}


def race_of(*changes: dict[str, Any], base: ExperimentConfig = CONFIG) -> Race:
    return Race([dataclasses.replace(base, **each) for each in changes])


def fairness(race: Race) -> dict[str, bool]:
    return {each.what: each.is_equal for each in race.fairness}


def words(race: Race, what: str) -> str:
    return next(each.words for each in race.fairness if each.what == what)


def test_each_lane_is_the_single_run_bit_for_bit() -> None:
    race = race_of({}, {"momentum": 0.0}, {"optimizer": "adam"}, {"hidden_sizes": (3,), "dropout": 0.2}).run(epochs=7)
    for config, session in zip(race.configs, race.sessions, strict=True):
        alone = config.build().run(epochs=7)
        assert np.array_equal(session.network.parameters, alone.network.parameters)
        for name in ("epoch", "train_loss", "test_loss", "test_score", "learning_rate"):
            assert np.array_equal(session.history[name], alone.history[name])


def test_run_returns_the_race_and_goes_on() -> None:
    race = race_of({}, {"momentum": 0.0})
    assert race.run() is race
    assert [session.epoch for session in race.run(epochs=3).sessions] == [4, 4]
    race.sessions[0].step(2)  # an epoch that has begun is completed, as a session's run does
    assert [(each.epoch, each.step_in_epoch) for each in race.run(epochs=1).sessions] == [(5, 0), (5, 0)]


def test_differences_name_only_what_differs() -> None:
    race = race_of({"activation": "tanh", "seed": 5}, {"activation": "relu", "seed": 5})
    assert race.differences == [{"activation": "tanh"}, {"activation": "relu"}]
    assert race_of({}, {"momentum": 0.5}, {"batch_size": None}).differences == [
        {"momentum": 0.9, "batch_size": 8},
        {"momentum": 0.5, "batch_size": 8},
        {"momentum": 0.9, "batch_size": None},
    ]
    assert race_of({}, {}).differences == [{}, {}]
    assert "momentum=0.5" in repr(race_of({}, {"momentum": 0.5}))


# -- what is equal -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [{"learning_rate": 0.3}, {"momentum": 0.0}, {"optimizer": "adam"}, {"regularizer": "l2"}, {"activation": "relu"}],
)
def test_everything_is_equal_where_nothing_that_is_drawn_differs(change: dict[str, Any]) -> None:
    race = race_of({}, change)
    assert fairness(race) == {"data": True, "split": True, "order": True, "first weights": True}
    first, second = race.sessions
    assert np.array_equal(first.train.X, second.train.X)
    assert np.array_equal(first.network.parameters, second.network.parameters)
    assert race.explain() == "The same in all lanes: data, split, batches and first weights."


def test_every_activation_begins_with_the_same_weights() -> None:
    for name in nn.activations.ACTIVATIONS:
        race = race_of({}, {"activation": name})
        assert np.array_equal(race.sessions[0].network.parameters, race.sessions[1].network.parameters), name


def test_the_same_samples_make_the_same_batches() -> None:
    race = race_of({}, {"hidden_sizes": (9,), "activation": "relu"})
    seen: list[list[np.ndarray]] = []
    for session in race.sessions:
        batches = session._batches
        seen.append([x.copy() for _ in range(3) for x, _ in batches.rest_of_epoch(100)])
    assert len(seen[0]) == 3 * race.sessions[0].steps_per_epoch
    assert all(map(np.array_equal, *seen))


def test_other_architectures_can_not_begin_alike() -> None:
    race = race_of({}, {"hidden_sizes": (5, 4)})
    assert fairness(race) == {"data": True, "split": True, "order": True, "first weights": False}
    assert words(race, "first weights") == "First weights can't be the same: the lanes differ in hidden layers."


def test_deeper_lanes_share_the_layers_before() -> None:
    race = race_of({}, {"hidden_sizes": (4, 4, 4)})
    assert "the same in the first 2 layers only" in words(race, "first weights")
    first, second = race.sessions
    assert np.array_equal(first.network.weights[1], second.network.weights[1])


def test_lanes_that_share_weights_are_named() -> None:
    race = race_of({}, {"hidden_sizes": (7, 4)}, {"momentum": 0.0})
    assert "the same in A and C only" in words(race, "first weights")


def test_initializers_of_one_kind_draw_the_same_numbers() -> None:
    race = race_of({"initializer": "xavier_uniform"}, {"initializer": "he_uniform"})
    assert words(race, "first weights").startswith("First weights are the same draws, scaled differently")
    race = race_of({"initializer": "xavier_uniform"}, {"initializer": "xavier_normal"})
    assert words(race, "first weights").startswith("First weights can't be the same")


@pytest.mark.parametrize(
    ("change", "unequal", "why"),
    [
        ({"noise": 0.2}, {"data"}, "the lanes differ in noise"),
        ({"dataset": "circles"}, {"data"}, "the lanes differ in data"),
        ({"test_fraction": 0.5}, {"split"}, "the lanes differ in test share"),
        ({"batch_size": 16}, {"order"}, "in the same order, but in batches of different sizes"),
        ({"shuffle": False}, {"order"}, "the lanes differ in shuffle"),
        ({"seed": 1}, {"data", "first weights"}, "the lanes differ in seed"),
    ],
)
def test_what_is_not_equal_is_said_with_the_reason(change: dict[str, Any], unequal: set[str], why: str) -> None:
    race = race_of({}, change)
    assert {what for what, equal in fairness(race).items() if not equal} == unequal
    assert why in race.explain()


def test_a_full_batch_has_no_order() -> None:
    assert fairness(race_of({"batch_size": None, "shuffle": True}, {"batch_size": None, "shuffle": False}))["order"]


def test_dropout_is_told_only_where_there_is_some() -> None:
    assert "dropout" not in fairness(race_of({}, {"momentum": 0.0}))
    assert fairness(race_of({"dropout": 0.2}, {"dropout": 0.2, "momentum": 0.0}))["dropout"]
    assert not fairness(race_of({"dropout": 0.2}, {"dropout": 0.4}))["dropout"]


# -- divergence --------------------------------------------------------------------------------------------------------


def test_a_lane_that_diverges_stops_and_the_others_go_on() -> None:
    race = race_of({}, HOPELESS)
    with pytest.warns(nn.DivergenceWarning, match=r"lane B: Diverged in epoch .* The others go on\."):
        race.run(epochs=20)
    assert race.sessions[0].epoch == 20
    assert race.stopped[0] == ""
    assert race.stopped[1].startswith("Diverged in epoch")
    assert np.isfinite(race.sessions[1].network.parameters).all()
    alone = race.configs[0].build().run(epochs=20)
    assert np.array_equal(race.sessions[0].network.parameters, alone.network.parameters)


def test_divergence_is_told_once(recwarn: pytest.WarningsRecorder) -> None:
    race = race_of({}, HOPELESS).run(epochs=20)
    n = len(recwarn)
    assert n == 1
    race.run(epochs=5)
    assert len(recwarn) == n
    assert race.sessions[0].epoch == 25


# -- the clock of training time ----------------------------------------------------------------------------------------


def test_by_training_time_each_lane_gets_it() -> None:
    race = race_of({}, {"hidden_sizes": (32, 32, 32)}).run(seconds=0.2)
    small, large = race.lanes
    assert small.seconds >= 0.2
    assert large.seconds >= 0.2
    assert small.session.n_steps > large.session.n_steps
    assert small.session.history["epoch"][-1] == small.session.epoch


def test_training_time_adds_up_and_rounds_to_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that goes a fixed time for each step, lanes are within a step of each other at the end."""
    now = 0.0
    race = race_of({}, {"hidden_sizes": (9, 9)})
    costs = dict(zip(map(id, race.sessions), (0.0011, 0.0037), strict=True))
    advance = nn.TrainingSession.advance

    def slower(session: nn.TrainingSession, n_steps: int) -> None:
        nonlocal now
        now += n_steps * costs[id(session)]
        advance(session, n_steps)

    monkeypatch.setattr(nn.TrainingSession, "advance", slower)
    monkeypatch.setattr("nnplay.experiment.compare.lane.time.thread_time", lambda: now)
    race.run(seconds=0.5).run(seconds=0.5)
    for lane in race.lanes:
        cost = costs[id(lane.session)]
        assert 1.0 - 1e-9 <= lane.seconds < 1.0 + 2 * cost
        assert math.isclose(lane.seconds, lane.session.n_steps * cost)


# -- results, dict, bad input ------------------------------------------------------------------------------------------


def test_results_are_a_table() -> None:
    race = race_of({}, {"momentum": 0.0}).run(epochs=30)
    target = float(race.sessions[0].history["test_score"][-1])
    rows = race.results(target_score=target)
    assert [row["lane"] for row in rows] == ["A", "B"]
    assert [row["momentum"] for row in rows] == [0.9, 0.0]
    for row, session in zip(rows, race.sessions, strict=True):
        assert row["test_loss"] == session.history["test_loss"][-1]
        assert row["parameters"] == session.network.parameters.size
        assert row["microseconds_a_step"] > 0
        assert row["epoch"] == 30
        scores = session.history["test_score"]
        reached = row["target_epoch"]
        assert reached is None or scores[reached] >= target
        assert (scores[:reached] < target).all()
    assert rows[0]["target_epoch"] is not None
    assert race.results(target_score=2.0)[0]["target_epoch"] is None


def test_results_before_training_divide_nothing_by_nothing() -> None:
    assert math.isnan(race_of({}, {}).results()[0]["microseconds_a_step"])


def test_a_race_survives_json() -> None:
    race = race_of({}, {"hidden_sizes": (2,), "batch_size": None}, {"activation": ("relu", "tanh")})
    told = json.loads(json.dumps(race.to_dict()))
    assert told["lanes"][0] == {"hidden_sizes": [2], "batch_size": None}
    again = Race.from_dict(told)
    assert again.configs == race.configs
    assert lanes_to_dict(again.configs) == race.to_dict()


def test_stop_conditions_stop_no_lane() -> None:
    race = race_of({"max_epochs": 2}, {"target_loss": 5.0}, {"patience": 1}).run(epochs=6)
    assert [session.epoch for session in race.sessions] == [6, 6, 6]


@pytest.mark.parametrize(
    ("configs", "requirement"),
    [
        ([CONFIG], "must be 2 to 4 configurations, one a lane"),
        ([CONFIG] * 5, "must be 2 to 4 configurations, one a lane"),
        ([], "must be 2 to 4 configurations, one a lane"),
        ([CONFIG, {"momentum": 0.5}], "must be ExperimentConfig"),
        (7, "must be a list of ExperimentConfig"),
        ("ab", "must be a list of ExperimentConfig"),
    ],
)
def test_bad_lanes_are_refused(configs: Any, requirement: str) -> None:
    with pytest.raises(Refusal, match="configs") as caught:
        Race(configs)
    assert caught.value.requirement == requirement


def test_one_clock_at_a_time() -> None:
    race = race_of({}, {})
    with pytest.raises(Refusal, match="epochs or seconds, not both"):
        race.run(epochs=2, seconds=1.0)
    for bad in (-1, 1.5, "3"):
        with pytest.raises(Refusal, match="epochs"):
            race.run(epochs=bad)  # type: ignore[arg-type]
    with pytest.raises(Refusal, match="seconds"):
        race.run(seconds=-1.0)


@pytest.mark.parametrize(
    "saved",
    [
        None,
        {},
        {"config": {}},
        {"config": {}, "lanes": "ab"},
        {"config": {}, "lanes": [3]},
        {"config": 3, "lanes": [{}]},
        {"config": {}, "lanes": [{"momentum": 4}]},
        {"config": {}, "lanes": []},
        {"config": {}, "lanes": [{}] * 4},
    ],
)
def test_what_is_no_race_is_refused(saved: Any) -> None:
    with pytest.raises(Refusal):
        Race.from_dict(saved)
