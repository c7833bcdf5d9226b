"""Honest runs of every optimizer, precision, data and rate: saved, opened, and played on bit for bit.

``python -m tests.hostile.saved_runs --count 1000 --seed 0`` prints how many there were, and ends with 1 if one failed.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import time
import warnings
from collections import Counter
from dataclasses import replace
from random import Random
from typing import Any
from unittest import mock

import numpy as np

from nnplay import DivergenceWarning, ExperimentConfig
from nnplay.datasets import own_data
from nnplay.datasets.dataset import Dataset
from nnplay.experiment.recording import recording as recording_module
from nnplay.experiment.recording.edits import edit
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.trainer import Unit
from nnplay.experiment.saved_runs import saved_run

OPTIMIZERS = (
    "sgd", "sgd", "rmsprop", "adagrad", "adam", "rmsprop(decay=0.99)", "adam(beta_1=0.5, epsilon=1e-05)",
    "rmsprop(epsilon=0.0001)",
)  # fmt: skip
RATES = (0.0, 1e-4, 0.003, 0.03, 0.3, 1.0, 10.0, 100.0, 1000.0, 1e4)
ACTIVATIONS = (
    "tanh",
    "relu",
    "leaky_relu",
    "sigmoid",
    "identity",
    "elu(alpha=2.0)",
    "softplus",
    "sine",
    "gelu",
    "silu",
)
CLASSES = ("spiral", "moons", "circles", "xor", "blobs(classes=4)", "spiral(arms=3)", "digits", "own", "table")
VALUES = ("hills", "sine", "diabetes", "own values", "table values")
SCHEDULES = ("constant", "constant", "step(every=2)", "exponential(gamma=0.9)", "cosine(epochs=7)")
#: CPU time that a request may take: none of these runs needs so much.
SECONDS = 60.0


def config_of(random: Random) -> ExperimentConfig:
    """Return a run that a visitor could set up."""
    pick = random.choice
    kind = pick((CLASSES, VALUES))
    data, points = _data(pick(kind), random)
    depth = pick((0, 1, 2, 2, 3))
    sizes = tuple(pick((1, 2, 4, 8)) for _ in range(depth))
    classes = kind is CLASSES
    values: dict[str, Any] = {
        "dataset": data,
        "points": points,
        "n_samples": pick((20, 60, 200)),
        "noise": pick((0.0, 0.1)),
        "n_rows": pick((0, 50)),
        "test_fraction": pick((0.0, 0.25, 0.5)),
        "standardise": pick((False, True)),
        "hidden_sizes": sizes,
        "activation": pick(ACTIVATIONS)
        if depth < 2 or pick((True, False))
        else tuple(pick(ACTIVATIONS) for _ in sizes),
        "loss": pick((None, None, "mean_squared_error", "quadratic", "sum_squared_error")),
        "initializer": pick(("xavier_uniform", "he_normal", "zeros", "normal(std=3.0)")),
        "bias": pick((True, True, False)),
        "dtype": pick(("float64", "float32")),
        "optimizer": pick(OPTIMIZERS),
        "learning_rate": pick(RATES),
        "momentum": pick((0.0, 0.5, 0.9, 0.99)),
        "nesterov": pick((False, True)),
        "schedule": pick(SCHEDULES),
        "regularizer": pick(("none", "l1", "l2")),
        "regularization_rate": pick((0.001, 1.0)),
        "dropout": pick((0.0, 0.0, 0.3)) if depth else 0.0,
        "batch_size": pick((None, 1, 7, 10)),
        "shuffle": pick((True, False)),
        "seed": random.randrange(100),
        "max_epochs": pick((0, 0, 3)),
        "target_loss": pick((0.0, 0.0, 0.3)),
        "patience": pick((0, 0, 2)),
    }
    if classes and pick((True, False)) and data in ("spiral", "moons", "circles", "xor"):
        values["output"] = "softmax"
    return ExperimentConfig(**values)


def _data(name: str, random: Random) -> tuple[str, str]:
    if not name.startswith(("own", "table")):
        return name, ""
    rng = np.random.default_rng(random.randrange(1000))
    n_columns = 2 if name.startswith("own") else 4
    X = rng.normal(size=(40, n_columns)) * 10.0 ** random.choice((-3, 0, 3))
    if name.endswith("values"):
        data = Dataset(X, rng.normal(size=40) * 10.0 ** random.choice((-3, 0, 3, 5)), "regression")
    else:
        data = Dataset(X, np.arange(40) % 3, class_names=("red", "white", "blue"))
    return name.split()[0], own_data.encode(data)


def course_of(config: ExperimentConfig, random: Random) -> Recording:
    """Return a run of `config` after what a visitor may have done to it."""
    recording = Recording(config)
    for _ in range(random.choice((1, 1, 2, 4, 6))):
        _DEEDS[random.choice(tuple(_DEEDS))](recording, random)
    return recording


def _play(recording: Recording, random: Random) -> None:
    unit: Unit = random.choice(("step", "epoch", "epoch"))
    recording.advance(
        recording.last_frame, unit, random.choice((1, 3)), random.choice((1, 5, 20)), SECONDS, random.random() < 0.5
    )


def _set_live(recording: Recording, random: Random) -> None:
    changes: dict[str, Any] = {"learning_rate": random.choice(RATES), "momentum": random.choice((0.0, 0.9))}
    if random.random() < 0.4:
        changes["optimizer"] = random.choice(OPTIMIZERS)
    recording.apply(replace(recording.config, **changes))


def _edit(recording: Recording, random: Random) -> None:
    with contextlib.suppress(ValueError):  # there is no such parameter, or the loss would be past all measure
        edit(recording, recording.last_frame, random.randrange(4), random.choice((0.0, -2.5, 900.0)))


def _go_back(recording: Recording, random: Random) -> None:
    recording.rewind(recording.nearest_kept(random.randrange(recording.last_frame + 1)))


def _fork(recording: Recording, random: Random) -> None:
    if not recording.branches.are_full:
        recording.fork(random.randrange(recording.last_frame + 1), recording.last_frame)


def _carry_over(recording: Recording, random: Random) -> None:
    changes: dict[str, Any] = {"batch_size": random.choice((None, 3, 10)), "seed": random.randrange(100)}
    if not recording.config.data.own and not recording.config.data.stored:
        changes["noise"] = random.choice((0.0, 0.3))
    other = replace(recording.config, **changes)
    if recording.config.can_carry_over(other) and not recording.config.same_run(other):
        recording.carry_over(other, recording.last_frame)


_DEEDS = {
    "play": _play, "play more": _play, "play again": _play, "settings": _set_live, "edit": _edit, "back": _go_back,
    "fork": _fork, "other data": _carry_over,
}  # fmt: skip


def check(seed: int) -> str:
    """Return what became of a run: "went on", "diverged" or "not saved".

    Raises
    ------
    AssertionError, RuntimeWarning
        If it isn't the same, or something was computed that isn't a number and is not taken care of.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        warnings.simplefilter("ignore", DivergenceWarning)
        return _check(seed)


@mock.patch.object(recording_module, "FRAME_SECONDS", SECONDS)  # no frame ends early because the machine is busy
def _check(seed: int) -> str:
    random = Random(seed)
    original = course_of(config_of(random), random)
    at = original.nearest_kept(random.choice((original.last_frame, random.randrange(original.last_frame + 1))))
    try:
        text = saved_run.to_json(original, at)
    except ValueError as error:
        return f"not saved: {error}"
    try:
        opened = saved_run.from_json(text)
    except (TypeError, ValueError) as error:
        raise AssertionError(f"saved, but not opened: {error}") from error
    original.rewind(at)
    assert opened.config == original.config
    assert opened.last_frame == at
    assert saved_run.to_json(opened) == saved_run.to_json(original), "saved once more, the file differs"
    ways: tuple[tuple[Unit, int, int, bool], ...] = (
        ("step", 1, 2, False),
        ("epoch", 1, 4, True),
        ("epoch", 2, 2, True),
    )
    for unit, amount, n, go_on in ways:
        last = original.last_frame
        frames = [run.advance(last, unit, amount, n, SECONDS, go_on) for run in (original, opened)]
        assert len(frames[0]) == len(frames[1]), "the one went on further than the other"
        for one, other in zip(*frames, strict=True):
            # How a projection lies on screen follows what was drawn before; all else follows the parameters.
            for (name, array), again in zip(one.arrays().items(), other.arrays().values(), strict=True):
                same = name.startswith("hidden_") or array.tobytes() == again.tobytes()
                assert same, f"{name} of frame {one.number} differs"
        # The advice may go back to a frame before the saved one, which is not in the file.
        stops = [
            run.stopped and (run.stopped.frame, run.stopped.epoch, run.stopped.message) for run in (original, opened)
        ]
        assert stops[0] == stops[1], "the one stopped otherwise than the other"
    assert _state(original) == _state(opened), "what the next steps depend on differs"
    return "diverged" if original.stopped and original.stopped.reason == "diverged" else "went on"


def _state(recording: Recording) -> tuple[Any, ...]:
    state = recording.session.snapshot()
    vectors = {name: vector.tobytes() for name, vector in state.optimizer["vectors"].items()}
    rest = state.optimizer["n_updates"], state.batches, state.dropout_rng, state.epoch, state.n_steps
    return state.parameters.tobytes(), vectors, rest


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    began, counts = time.perf_counter(), Counter[str]()
    for seed in range(options.seed, options.seed + options.count):
        try:
            outcome = check(seed)
        except Exception as error:
            print(f"seed {seed}: {type(error).__name__}: {error}")
            outcome = "failed"
        counts[outcome] += 1
    for outcome, count in counts.most_common():
        print(f"{count:7,}  {outcome}")
    print(f"{options.count:7,}  saved, opened and played on, in {time.perf_counter() - began:.0f} s")
    return 1 if counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
