"""A step made of a run: it is a step, and has that run."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.datasets import Dataset, own_data
from nnplay.datasets.drawn import text_of_drawing
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.recording.recipe import Edit, NewSettings, Recipe
from nnplay.lessons import find
from nnplay.lessons.lesson import BrokenLesson, Step
from nnplay.lessons.outcomes import check_step
from nnplay.lessons.reading import parse
from nnplay.lessons.writing import lesson_from_steps, step_from_recipe
from nnplay.server import moments
from tests.experiment.config.test_config import OTHER_VALUES
from tests.lessons.test_reading import FILE

POINTS = text_of_drawing(
    {"task": "classification", "points": [[0.1, 0.2, 0], [0.3, 0.1, 0], [0.5, 0.6, 1], [0.7, 0.2, 1]]}
)


def step_in(text: str) -> Step:
    return parse(lesson_from_steps([text] * 3).encode(), Path("x.yaml")).steps[0]


@pytest.mark.parametrize("name", sorted(OTHER_VALUES.keys() & SETTINGS.keys()))
def test_a_step_has_the_run_it_was_made_of(name: str) -> None:
    config = dataclasses.replace(ExperimentConfig(n_samples=60), **{name: OTHER_VALUES[name]})
    step = step_in(step_from_recipe(config, epochs=40))
    assert step.epochs == 40
    stops = {stop: getattr(step.config, stop) for stop in ("max_epochs", "target_loss", "patience")}
    assert step.config == dataclasses.replace(config, **stops)


def test_own_points_come_along_as_far_as_a_file_holds_them() -> None:
    config = ExperimentConfig(dataset="own", points=POINTS, features=("x1", "x1*x2", "sin(x2)"))
    assert step_in(step_from_recipe(config, epochs=40)).config == config
    numbers = np.random.default_rng(0).normal(size=(3000, 9))
    many = own_data.encode(Dataset(numbers[:, :8], numbers[:, 8]), as_table=True)
    with pytest.raises(BrokenLesson):
        step_from_recipe(ExperimentConfig(dataset="table", points=many), epochs=40)


def test_the_promise_is_what_the_run_has_reached() -> None:
    (claim,) = step_in(step_from_recipe(ExperimentConfig(), epochs=40, score=0.973)).outcome
    assert (claim.measure, claim.at_least) == ("test_score", 0.92)
    (claim,) = step_in(step_from_recipe(ExperimentConfig(test_fraction=0.0), epochs=40, score=1.0)).outcome
    assert (claim.measure, claim.at_least) == ("train_score", 0.95)
    for score in (float("nan"), 0.0, -3.0):
        assert step_in(step_from_recipe(ExperimentConfig(), score=score)).outcome == ()


CONFIGS = (
    ExperimentConfig(),
    ExperimentConfig(dataset="moons", hidden_sizes=(), batch_size=None, learning_rate=1e-4, bias=False, data_seed=3),
    ExperimentConfig(dataset="spiral(arms=3)", hidden_sizes=(4, 3), activation=("elu(alpha=2)", "tanh")),
    ExperimentConfig(dataset="xor", features=("x1", "x1*x2", "sin(pi*x1)"), optimizer="adam", schedule="cosine"),
    ExperimentConfig(dataset="digits", hidden_sizes=(16,), dtype="float32", n_rows=50),
    ExperimentConfig(dataset="formula(formula='abs(x) - 0.5')"),
    find("regression").steps[0].config,
)


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.dataset[:20])
def test_a_step_of_a_configuration_is_that_run(config: ExperimentConfig) -> None:
    step = parse(lesson_from_steps([step_from_recipe(config, epochs=30)] * 3).encode(), FILE).steps[2]
    assert step.config == config
    assert step.epochs == 30
    assert step.outcome == ()


def test_a_step_of_a_run_that_was_changed_is_that_run_where_it_stands() -> None:
    first = ExperimentConfig(dataset="moons", noise=0.1, hidden_sizes=(4,), learning_rate=0.1)
    steps = first.steps_per_epoch
    later = ExperimentConfig(dataset="moons", noise=0.1, hidden_sizes=(4,), learning_rate=0.01)
    recipe = Recipe(first, (NewSettings(5 * steps, later), Edit(8 * steps, 3, -1.25)))
    written = step_from_recipe(recipe, 20 * steps, score=0.93)
    step = parse(lesson_from_steps([written] * 3).encode(), Path("mine.yaml")).steps[0]
    assert step.config == later
    assert step.epochs == 20
    moment = moments.from_link(step.query[moments.NAME], step.config)
    assert (moment.recipe, moment.n_steps) == (recipe, 8 * steps)
    (claim,) = step.outcome
    assert (claim.measure, claim.at_least, claim.fewest) == ("test_score", 0.88, 4)
    (finding,) = check_step(step)
    alone = recipe.replay(20 * steps)
    assert finding.values[0] == pytest.approx(alone.measure()[3])
    assert len(set(finding.values)) > 1


def test_a_link_with_damaged_changes_is_refused_with_its_line() -> None:
    config = ExperimentConfig(dataset="moons")
    recipe = Recipe(config, (Edit(9, 3, -1.25),))
    source = lesson_from_steps([step_from_recipe(recipe, 9)] * 3)
    at = source.index("recipe=") + len("recipe=")
    with pytest.raises(
        ValueError, match=r"mine.yaml, line 8: the changes in the link (are damaged|don’t fit the run)\."
    ):
        parse((source[:at] + "x" + source[at:]).encode(), FILE)


@pytest.mark.parametrize("run", [None, {}, "dataset=moons"])
def test_something_else_makes_no_step(run: Any) -> None:
    with pytest.raises(TypeError, match="must be a Recipe or an ExperimentConfig"):
        step_from_recipe(run)
