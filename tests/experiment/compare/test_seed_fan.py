"""A fan of seeds: what varies, what comes of it, and what is refused."""

from __future__ import annotations

import copy
import pickle
import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay import ExperimentConfig, SeedFan
from nnplay.experiment.compare.seed_fan import wilson_interval

SMALL = ExperimentConfig(dataset="moons", n_samples=60, noise=0.2, hidden_sizes=(4, 4), batch_size=10, seed=3)


@pytest.mark.parametrize("fresh_data", [False, True])
def test_a_seed_is_its_single_run(fresh_data: bool) -> None:
    fan = SeedFan(SMALL, seeds=[3, 0, 11], fresh_data=fresh_data).run(25)
    for k, seed in enumerate(fan.seeds):
        config = fan.config(k)
        assert config.seed == seed
        session = config.build().run(25)
        np.testing.assert_allclose(fan.network(k).parameters, session.network.parameters, rtol=1e-9)
        assert fan.scores()[k] == session.score(session.test)
        assert fan.losses("train")[k] == pytest.approx(session.history["train_loss"][-1], rel=1e-9)
        np.testing.assert_allclose(fan.history["test_loss"][:, k], session.history["test_loss"], rtol=1e-9)
        assert (config.data == SMALL.data) is (not fresh_data or seed == SMALL.seed)
    assert fan.history["test_loss"].shape == (26, 3)
    assert fan.history["epoch"].tolist() == list(range(26))


def test_the_seed_of_the_configuration_is_its_own_run() -> None:
    fan = SeedFan(SMALL, seeds=[SMALL.seed]).run(5)
    expected = SMALL.build().run(5).network.parameters
    np.testing.assert_allclose(fan.parameters[0], expected, rtol=1e-9)


def test_data_of_a_seed_of_their_own_stay_so() -> None:
    config = replace(SMALL, data_seed=8)
    assert SeedFan(config, 2).config(1) == replace(SMALL, seed=1, data_seed=8)
    assert SeedFan(config, 2, fresh_data=True).config(1) == replace(SMALL, seed=1)


def test_the_same_twice_and_back_again() -> None:
    fan = SeedFan(SMALL, 4).run(3)
    state = fan.snapshot()
    later = fan.advance(7).parameters
    assert fan.n_steps == 3 * fan.steps_per_epoch + 7
    assert np.array_equal(fan.restore(state).advance(7).parameters, later)
    assert np.array_equal(SeedFan(SMALL, 4).restore(state).advance(7).parameters, later)


def test_what_a_fan_gives_can_be_changed_without_changing_it() -> None:
    fan = SeedFan(SMALL, 2).run(1)
    fan.parameters[:] = 0.0
    fan.network(0).parameters[:] = 0.0
    fan.epochs[:] = 9
    assert fan.parameters.all()
    assert fan.network(0).parameters.any()
    assert fan.epochs.tolist() == [1, 1]


def test_success_is_counted_with_its_interval() -> None:
    fan = SeedFan(SMALL, 6).run(40)
    scores = fan.scores("test")
    target = float(np.median(scores))
    rate = fan.success_rate(target)
    assert rate.share == (scores >= target).mean() >= 0.5
    assert 0 < rate.low < rate.share
    share, low, high = fan.success_rate(2.0)
    assert (share, low) == (0.0, 0.0)
    assert 0 < high < 1
    assert fan.success_rate(0.0, "train").share == 1.0


def test_without_a_test_set_success_is_on_the_training_set() -> None:
    fan = SeedFan(replace(SMALL, test_fraction=0.0), 3).run(2)
    assert np.isnan(fan.scores("test")).all()
    assert fan.success_rate(0.0) == fan.success_rate(0.0, "train")


def test_a_seed_that_diverged_has_not_reached_the_target() -> None:
    config = replace(SMALL, dataset="plane", activation="relu", momentum=0.0, learning_rate=1e4)
    fan = SeedFan(config, 3).run(30)
    assert all(fan.divergences)
    assert fan.success_rate(-1e300).share == 0.0
    assert repr(fan).endswith("3 stopped>")


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # Newcombe (1998), table I: the score method without continuity correction.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilsons_interval_against_published_numbers(successes: int, n: int, low: float, high: float) -> None:
    share, *interval = wilson_interval(successes, n)
    assert share == successes / n
    assert interval == pytest.approx([low, high], abs=5e-5)
    mirrored = wilson_interval(n - successes, n)
    assert (1 - mirrored.high, 1 - mirrored.low) == pytest.approx(interval)


@pytest.mark.parametrize(
    ("seeds", "kind", "message"),
    [
        ([], ValueError, "seeds must be at least one; got none."),
        (0, ValueError, "seeds must be an integer from 1 to 256; got 0."),
        (257, ValueError, "seeds must be an integer from 1 to 256; got 257."),
        (range(10**9), ValueError, "seeds must be at most 256; got 1000000000."),
        ((k for k in range(10**9)), ValueError, "seeds must be at most 256; got more."),
        ([1, 2, 1], ValueError, "seeds must not name a seed twice; got 1 more than once."),
        ([0, -1], ValueError, r"seeds\[1\] must be an integer from 0 to 4294967295; got -1."),
        ([0, 1.5], TypeError, r"seeds\[1\] must be an integer"),
        ("012", TypeError, "seeds must be a number of seeds, or a list of them; got '012'."),
        (None, TypeError, "seeds must be a number of seeds, or a list of them; got None."),
        (2.0, TypeError, "seeds must be a number of seeds, or a list of them; got 2.0."),
    ],
)
def test_seeds_that_make_no_sense_are_refused(seeds: Any, kind: type[Exception], message: str) -> None:
    with pytest.raises(kind, match=message) as refused:
        SeedFan(SMALL, seeds)
    assert refused.value.argument == "seeds"  # type: ignore[attr-defined]


def test_other_arguments_that_make_no_sense_are_refused() -> None:
    fan = SeedFan(SMALL, 2)
    with pytest.raises(TypeError, match="config must be an instance of ExperimentConfig; got 'moons'"):
        SeedFan("moons")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="k must be an integer from -2 to 1; got 2"):
        fan.config(2)
    with pytest.raises(ValueError, match="which must be one of 'test', 'train'; got 'tests'"):
        fan.scores("tests")
    with pytest.raises(TypeError, match="target must be a finite number; got"):
        fan.success_rate("0.9")  # type: ignore[arg-type]
    with pytest.raises(AttributeError, match="Make a new SeedFan with other seeds"):
        fan.seeds = (1,)


def test_it_trains_without_a_warning_where_a_run_alone_would_warn() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fan = nn.SeedFan(replace(SMALL, max_epochs=2), 2).run(5).run(5)
    assert fan.epochs.tolist() == [2, 2]
    assert fan.stops == ("max_epochs", "max_epochs")


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda fan: pickle.loads(pickle.dumps(fan))])
def test_a_copy_goes_on_by_itself(copied: Any) -> None:
    fan = SeedFan(replace(SMALL, dropout=0.1), 3, evaluate_every=2).run(5)
    twin = copied(fan)
    before = fan.parameters
    twin.run(5)
    assert np.array_equal(fan.parameters, before)
    fan.run(5)
    assert np.array_equal(fan.parameters, twin.parameters)
    for name, column in fan.history.items():
        np.testing.assert_array_equal(column, twin.history[name])


def test_what_would_take_too_much_memory_is_refused() -> None:
    large = ExperimentConfig(dataset="digits", hidden_sizes=(512, 512))
    with pytest.raises(ValueError, match="configs must have at most 10,000,000 parameters in all; got "):
        SeedFan(large, 256)
    mnist = ExperimentConfig(dataset="mnist")  # of which nothing is loaded
    with pytest.raises(
        ValueError, match=r"at most 80,000,000 numbers in all; got 439,600,000 \(8 different data sets\)\."
    ):
        SeedFan(mnist, 8, fresh_data=True)
