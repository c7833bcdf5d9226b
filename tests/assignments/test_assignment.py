from __future__ import annotations

import dataclasses
from random import Random
from typing import Any

import numpy as np
import pytest

import nnplay as nn
from nnplay.assignments.assignment import DATA, MAX_CHARACTERS, Assignment, Goal
from nnplay.datasets import own_data
from nnplay.experiment.recording.recipe import Edit, NewSettings, Recipe
from nnplay.refusal import Refusal
from nnplay.server import moments
from tests.assignments.making import START, assignment_of, random_assignment


@pytest.mark.parametrize("seed", range(20))
def test_a_link_says_the_whole_assignment(seed: int) -> None:
    made = random_assignment(Random(seed))
    again = Assignment.from_text(made.to_text())
    assert again == made
    assert again.fingerprint == made.fingerprint


def test_the_data_are_always_locked_whatever_the_seed() -> None:
    made = assignment_of()
    assert set(DATA) <= set(made.locked)
    other_seed = dataclasses.replace(made.config, seed=5)
    assert made.changed(other_seed) == []
    assert np.array_equal(made.config.data.split()[0].X, other_seed.data.split()[0].X)
    assert made.changed(dataclasses.replace(START, seed=5)) == ["data_seed"]  # the seed would draw other data


def test_a_locked_setting_is_refused_by_name_and_put_back() -> None:
    made = assignment_of(fixed=("learning_rate",), away=("activation",))
    other = dataclasses.replace(made.config, learning_rate=1.0, activation="relu", hidden_sizes=(4,))
    with pytest.raises(Refusal) as caught:
        made.check(other)
    assert caught.value.argument == "activation"
    assert str(caught.value) == "activation must stay tanh: it is fixed by the assignment."
    kept = made.kept(other)
    assert (kept.learning_rate, kept.activation, kept.hidden_sizes) == (0.1, "tanh", (4,))
    made.check(kept)


def test_a_recipe_keeps_to_what_is_locked_at_every_step() -> None:
    made = assignment_of(fixed=("learning_rate", "weights"))
    faster = dataclasses.replace(made.config, learning_rate=1.0)
    made.check_recipe(Recipe(made.config))
    for recipe, said in (
        (Recipe(made.config, (NewSettings(3, faster), NewSettings(6, made.config))), "learning rate 0.1 → 1"),
        (Recipe(faster), "learning rate 0.1 → 1"),
        (Recipe(made.config, (Edit(3, 0, 1.0),)), "by hand"),
        (Recipe(dataclasses.replace(made.config, noise=0.0)), "Other data: noise 0.1 → 0"),
    ):
        with pytest.raises(Refusal) as caught:
            made.check_recipe(recipe)
        assert said in caught.value.plainly


def test_the_fingerprint_is_of_what_is_judged_not_of_the_words() -> None:
    made = assignment_of()
    for words in ({"title": "Another"}, {"task": "Other words."}, {"away": ("noise",)}):
        assert dataclasses.replace(made, **words).fingerprint == made.fingerprint, words
    for judged in (
        {"goal": Goal("accuracy", 0.5)}, {"goal": Goal("accuracy", 0.0, most_units=3)}, {"fixed": ("seed",)},
        {"config": dataclasses.replace(made.config, noise=0.2)}, {"away": ("bias",)},
    ):  # fmt: skip
        more: dict[str, Any] = judged
        assert dataclasses.replace(made, **more).fingerprint != made.fingerprint, judged


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"goal": Goal("r_squared", 0.5)}, "must be accuracy or the loss"),
        ({"goal": Goal("accuracy", 0.5, most_units=2), "fixed": ("hidden_sizes",)}, "must be at least 3"),
        ({"goal": Goal("accuracy", 0.5, None, None, 5), "fixed": ("hidden_sizes", "features")}, "at least 13"),
        ({"fixed": ("learning",)}, "Did you mean 'learning_rate'?"),
        ({"fixed": "seed"}, "must be a list"),
        ({"title": "x" * 81}, "at most 80 characters"),
        ({"task": 3}, "must be text"),
    ],
)
def test_what_no_one_could_do_is_refused(more: dict[str, Any], said: str) -> None:
    with pytest.raises(Refusal, match=said.replace("?", r"\?")):
        assignment_of(**more)


@pytest.mark.parametrize("bad", [("accuracy", 1.01), ("accuracy", float("nan")), ("loss", -1), ("accuracy", 0.5, -1)])
def test_goals_out_of_reach_are_refused(bad: tuple[Any, ...]) -> None:
    with pytest.raises(Refusal):
        Goal(*bad)


def test_a_goal_is_said_in_words() -> None:
    assert Goal("accuracy", 0.95).in_words() == "accuracy at least 0.95"
    assert Goal("loss", 0.1, 1).in_words() == "loss at most 0.1, with at most 1 hidden unit"
    words = Goal("r_squared", 0.9, 8, 200, 1000).in_words()
    assert words == "R² at least 0.9, with at most 8 hidden units, 200 epochs and 1,000 parameters"


def test_data_too_large_for_a_link_are_refused_when_it_is_made() -> None:
    data = nn.datasets.make("spiral", n_samples=1000, noise=0.2, seed=0)
    config = nn.ExperimentConfig(dataset="own", points=own_data.encode(data))
    assert len(config.points) > MAX_CHARACTERS
    with pytest.raises(Refusal, match=f"must fit in a link of {MAX_CHARACTERS:,} characters"):
        assignment_of(config).to_text()


def test_a_run_too_large_for_the_server_is_no_assignment() -> None:
    large = assignment_of(nn.ExperimentConfig(hidden_sizes=(512,) * 8))
    with pytest.raises(Refusal) as caught:
        Assignment.from_text(moments.packed(large.to_list()))
    assert "on a shared server" in caught.value.plainly
