"""What a run may cost on a server that others use, too; in a notebook nothing of it holds."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import numpy as np
import pytest

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.presets import PRESETS
from nnplay.experiment.recording.recording import Recording
from nnplay.server import budget
from nnplay.server.training_pages import TRAINING_PAGES

LARGE = (512,) * 8
MNIST: dict[str, Any] = {"dataset": "mnist", "dtype": "float32", "batch_size": 128}


@pytest.mark.parametrize(
    ("fields", "culprit"),
    [
        ({**MNIST, "hidden_sizes": LARGE, "batch_size": None}, "batch_size"),
        ({**MNIST, "hidden_sizes": LARGE, "batch_size": None, "dtype": "float64"}, "dtype"),
        ({**MNIST, "hidden_sizes": LARGE, "dtype": "float64", "optimizer": "adam"}, "hidden_sizes"),
        ({"dataset": "digits", "hidden_sizes": LARGE, "batch_size": 32}, "dtype"),
        ({"dataset": "california", "hidden_sizes": LARGE, "batch_size": 64, "dtype": "float32"}, "hidden_sizes"),
        ({"hidden_sizes": LARGE}, "hidden_sizes"),
        ({"hidden_sizes": (256,) * 8}, "hidden_sizes"),
        ({**MNIST, "hidden_sizes": (), "batch_size": None, "dtype": "float64"}, "batch_size"),
    ],
)
def test_what_costs_too_much_is_refused_with_the_nearest_that_fits(fields: dict[str, Any], culprit: str) -> None:
    config = ExperimentConfig(**fields)  # of itself it is a valid run: a notebook may train it
    with pytest.raises(ValueError, match=f"^{culprit} must be .* on a shared server") as refused:
        budget.check(config)
    nearest = _named(str(refused.value), culprit, config)
    budget.check(nearest)


def _named(sentence: str, field: str, config: ExperimentConfig) -> ExperimentConfig:
    """Return the configuration with the value that the sentence names."""
    if field == "dtype":
        return dataclasses.replace(config, dtype="float32", batch_size=budget.FEW_ROWS)
    if field == "batch_size":
        number = re.search(r"at most ([\d,]+) for", sentence)
        assert number
        return dataclasses.replace(config, batch_size=int(number[1].replace(",", "")))
    sizes = re.search(r"such as (?:(\d+) × )?([\d, ]+):", sentence)
    assert sizes
    widths = [int(n) for n in sizes[2].split(", ")]
    batch = min(config.batch_size or config.n_train, budget.FEW_ROWS)  # larger ones are the next question
    return dataclasses.replace(config, hidden_sizes=tuple(widths * int(sizes[1] or 1)), batch_size=batch)


@pytest.mark.parametrize(
    "config",
    [place.begins_with for place in TRAINING_PAGES.values()]
    + [preset.config for presets in PRESETS.values() for preset in presets]
    + [
        ExperimentConfig(hidden_sizes=(64,) * 8, n_samples=10_000, batch_size=None, test_fraction=0.5),
        ExperimentConfig(**MNIST, hidden_sizes=(512, 512)),
        ExperimentConfig(dataset="mnist", hidden_sizes=(100,), batch_size=10),
        ExperimentConfig(dataset="california", hidden_sizes=(100, 20), batch_size=512),
        ExperimentConfig(dataset="digits", dtype="float32", hidden_sizes=LARGE, batch_size=32),
    ],
    ids=lambda config: config.dataset,
)
def test_what_one_uses_fits(config: ExperimentConfig) -> None:
    budget.check(config)


@pytest.mark.parametrize(
    "fields",
    [
        {"hidden_sizes": (64,) * 8, "n_samples": 2000, "batch_size": None},
        {"dataset": "digits", "hidden_sizes": (256, 256), "batch_size": 64, "dtype": "float32"},
        {"dataset": "digits", "hidden_sizes": (256, 256), "batch_size": None, "optimizer": "adam"},
    ],
)
def test_the_memory_of_a_run_is_not_more_than_was_told(fields: dict[str, Any]) -> None:
    config = ExperimentConfig(**fields)
    recording = Recording(config)
    for _ in range(3):
        recording.advance(recording.last_frame, "step", 1, 2, 9.0)
    assert recording.branches.memory.nbytes + _arrays_of(recording) <= budget.cost_of(config).nbytes


def _arrays_of(recording: Recording) -> int:
    """Return the bytes of the arrays that a recording's session, and what is drawn, hold."""
    seen: dict[int, np.ndarray] = {}
    waiting: list[Any] = [recording.session, recording.setup.drawn, recording.setup.memory]
    visited: set[int] = set()
    while waiting:
        thing = waiting.pop()
        if id(thing) in visited:
            continue
        visited.add(id(thing))
        if isinstance(thing, np.ndarray):
            whole = thing if thing.base is None else thing.base
            if isinstance(whole, np.ndarray):
                seen[id(whole)] = whole
        elif isinstance(thing, dict):
            waiting += thing.values()
        elif isinstance(thing, (list, tuple)):
            waiting += thing
        elif type(thing).__module__.startswith("nnplay") and hasattr(thing, "__dict__"):
            waiting += vars(thing).values()
    return sum(array.nbytes for array in seen.values())


def test_a_link_to_what_costs_too_much_opens_with_what_fits_and_says_so() -> None:
    sizes = ",".join(["512"] * 8)
    config, notices = TRAINING_PAGES["digits"].read_link(
        {"dataset": "digits", "hidden_sizes": sizes, "batch_size": "full", "dtype": "float32"}
    )
    assert budget.fits(config)
    assert (config.hidden_sizes == LARGE) != (config.batch_size is None)
    assert len(notices) == 1
    assert "shared server" in notices[0]
    config, notices = TRAINING_PAGES["playground"].read_link({"hidden_sizes": sizes})
    assert config == TRAINING_PAGES["playground"].begins_with
    assert len(notices) == 1
