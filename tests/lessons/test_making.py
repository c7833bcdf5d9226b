"""A step made of a run: it is a step, and has that run."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from nnplay import ExperimentConfig
from nnplay.datasets import Dataset, own_data
from nnplay.datasets.drawn import text_of_drawing
from nnplay.experiment.config.fields import SETTINGS
from nnplay.lessons.lesson import BrokenLesson, Step
from nnplay.lessons.making import _HEAD, step_of
from nnplay.lessons.reading import parse
from tests.experiment.config.test_config import OTHER_VALUES

POINTS = text_of_drawing(
    {"task": "classification", "points": [[0.1, 0.2, 0], [0.3, 0.1, 0], [0.5, 0.6, 1], [0.7, 0.2, 1]]}
)


def step_in(text: str) -> Step:
    return parse((_HEAD + 3 * text).encode(), Path("x.yaml")).steps[0]


@pytest.mark.parametrize("name", sorted(OTHER_VALUES.keys() & SETTINGS.keys()))
def test_a_step_has_the_run_it_was_made_of(name: str) -> None:
    config = dataclasses.replace(ExperimentConfig(n_samples=60), **{name: OTHER_VALUES[name]})
    step = step_in(step_of(config, 40))
    assert step.epochs == 40
    stops = {stop: getattr(step.config, stop) for stop in ("max_epochs", "target_loss", "patience")}
    assert step.config == dataclasses.replace(config, **stops)


def test_own_points_come_along_as_far_as_a_file_holds_them() -> None:
    config = ExperimentConfig(dataset="own", points=POINTS, features=("x1", "x1*x2", "sin(x2)"))
    assert step_in(step_of(config, 40)).config == config
    numbers = np.random.default_rng(0).normal(size=(3000, 9))
    many = own_data.encode(Dataset(numbers[:, :8], numbers[:, 8]), as_table=True)
    with pytest.raises(BrokenLesson):
        step_of(ExperimentConfig(dataset="table", points=many), 40)


def test_the_promise_is_what_the_run_has_reached() -> None:
    (claim,) = step_in(step_of(ExperimentConfig(), 40, 0.973)).outcome
    assert (claim.measure, claim.at_least) == ("test_score", 0.95)
    (claim,) = step_in(step_of(ExperimentConfig(test_fraction=0.0), 40, 1.0)).outcome
    assert (claim.measure, claim.at_least) == ("train_score", 1.0)
    for score in (float("nan"), 0.0, -3.0):
        assert step_in(step_of(ExperimentConfig(), 0, score)).outcome == ()
