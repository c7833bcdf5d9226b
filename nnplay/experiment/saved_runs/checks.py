"""What a saved run must be, besides its configuration: shapes, counts and numbers that go with it.

Both sides go by it: :func:`check_stand` looks at what is read from a file, and at what is about to be written to one.
So whatever is saved can be opened.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recipe import Recipe
from nnplay.experiment.training.divergence import HOPELESS_PARAMETER
from nnplay.experiment.training.stop_conditions import Watch
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.registry import parse_call
from nnplay.validation import boolean, choice, integer, number, shown

KEYS = (
    "format", "version", "config", "frame", "epoch", "step_in_epoch", "n_steps", "from_start", "parameters",
    "optimizer", "random", "watch", "history",
)  # fmt: skip
#: A key that a file may lack.
RECIPE = "recipe"
#: The columns of the loss history.
HISTORY = ("frame", "epoch", "train_loss", "test_loss")
#: Columns that a file may lack.
SCORES = ("train_score", "test_score", "whole_test_score")
COUNTERS = ("frame", "epoch", "step_in_epoch", "n_steps")
MAX_HISTORY_ROWS = 20_000
#: Stop conditions that a run may have gone past.
MAX_WAIVED = 100
#: Far beyond what can be trained, and far below where a double skips integers: a run that is opened can always go on.
LARGEST_COUNTER = 2**50


@dataclass(frozen=True)
class Stand:
    """Where the training stands, checked, but not yet given to a session."""

    frame: int
    epoch: int
    step_in_epoch: int
    n_steps: int
    from_start: bool
    parameters: np.ndarray
    n_updates: int
    vectors: dict[str, np.ndarray]
    shuffling_rng: dict[str, Any]
    dropout_rng: dict[str, Any]
    watch: Watch
    history: list[tuple[float, ...]]
    recipe: Recipe | None


def check_stand(saved: dict[str, Any], config: ExperimentConfig) -> Stand:
    """Return the parts of a saved run besides its configuration, `config`.

    Raises
    ------
    TypeError, ValueError
        If a part is missing, unknown, or not as `config` needs it.
    """
    parts = _object("file", {name: part for name, part in saved.items() if name != RECIPE}, *KEYS)
    counters = {name: integer(name, parts[name], 0, LARGEST_COUNTER) for name in COUNTERS}
    from_start = boolean("from_start", parts["from_start"])
    progress = _progress(config, from_start, **counters)
    n = config.n_parameters
    parameters = _vector("parameters", parts["parameters"], n, -HOPELESS_PARAMETER, HOPELESS_PARAMETER)
    n_updates, vectors = _optimizer(parts["optimizer"], config, n)
    if n_updates > counters["n_steps"]:
        raise Refusal("n_updates", f"must be at most n_steps, {counters['n_steps']}", n_updates)
    streams = _object("random", parts["random"], "shuffling", "dropout")
    return Stand(
        **counters,
        from_start=from_start,
        parameters=parameters,
        n_updates=n_updates,
        vectors=vectors,
        shuffling_rng=_rng("shuffling", streams["shuffling"]),
        dropout_rng=_rng("dropout", streams["dropout"]),
        watch=_watch(parts["watch"], counters["epoch"]),
        history=_history(parts["history"], counters["frame"], progress, bool(config.n_test), from_start),
        recipe=None
        if RECIPE not in saved
        else _recipe(saved[RECIPE], config, counters["epoch"], counters["step_in_epoch"], counters["n_steps"]),
    )


def _recipe(value: Any, config: ExperimentConfig, epoch: int, step_in_epoch: int, n_steps: int) -> Recipe:
    """Return how the run came about, if that leads to where the file stands."""
    recipe = Recipe.from_dict(value, config)
    if not recipe.latest_config.same_run(config):
        raise Refusal(RECIPE, "must lead to the settings of the file", finding="it leads to others")
    if recipe.n_steps > n_steps:
        raise Refusal(RECIPE, f"must have no event after step {n_steps:,}, where the run stands", recipe.n_steps)
    stands = recipe.stands_at(n_steps)
    if stands != (epoch, step_in_epoch):
        here, there = (f"epoch {at:,} and step {step:,} of it" for at, step in ((epoch, step_in_epoch), stands))
        raise Refusal(RECIPE, f"must lead to {here}, where the run stands", there)
    return recipe


def progress_of(config: ExperimentConfig, epoch: int, step_in_epoch: int) -> float:
    """Return how many epochs are done, the present one as a fraction."""
    return epoch + step_in_epoch / config.steps_per_epoch


def _progress(
    config: ExperimentConfig, from_start: bool, frame: int, epoch: int, step_in_epoch: int, n_steps: int
) -> float:
    """Return how many epochs are done, if the counters don't contradict each other."""
    per_epoch = config.steps_per_epoch
    if step_in_epoch >= per_epoch:
        raise Refusal("step_in_epoch", f"must be below the {per_epoch} steps of an epoch", step_in_epoch)
    if not from_start and not frame:
        raise Refusal("from_start", "must be true for frame 0", "false")
    steps = epoch * per_epoch + step_in_epoch
    if from_start and n_steps != steps:
        raise Refusal("n_steps", f"must be {steps}, for epoch {epoch} and step {step_in_epoch} of {per_epoch}", n_steps)
    # Data that were learned before these had epochs of other lengths, but none without a step.
    if n_steps < epoch + step_in_epoch:
        raise Refusal("n_steps", f"must be at least {epoch + step_in_epoch}, a step for each epoch", n_steps)
    return progress_of(config, epoch, step_in_epoch)


def _object(name: str, value: Any, *keys: str) -> dict[str, Any]:
    """Return `value` if it is an object with exactly these keys."""
    if not isinstance(value, dict):
        raise TypeRefusal(name, f"must be an object with {', '.join(keys)}", shown(value))
    for key in value:
        choice(f"key in {name}", key, keys)
    for key in keys:
        if key not in value:
            raise Refusal(name, f"must have {key!r}", finding="it is missing")
    return value


def _list(name: str, value: Any, n: int | None = None) -> list[Any]:
    if not isinstance(value, list):
        raise TypeRefusal(name, "must be a list of numbers", shown(value))
    if n is not None and len(value) != n:
        raise Refusal(name, f"must be a list of {n} numbers, as the configuration requires", len(value))
    return value


def _vector(name: str, value: Any, n: int, low: float, high: float) -> np.ndarray:
    """Return `n` numbers from `low` to `high`, all of them looked at together."""
    numbers = _list(name, value, n)
    if set(map(type, numbers)) <= {int, float}:
        try:
            array = np.array(numbers, np.float64)
        except OverflowError:  # an integer beyond the largest float
            pass
        else:
            if bool(np.all((array >= low) & (array <= high))):
                return array
    return np.array([number(name, each, low, high) for each in numbers])  # refuses the first bad one


def _column(name: str, value: Any, n: int, low: float, high: float, missing: float) -> list[float]:
    """Return `n` numbers from `low` to `high`, and `missing` for each null."""
    entries = _list(name, value, n)
    there = [each for each in entries if each is not None]
    numbers = iter(_vector(name, there, len(there), low, high).tolist())
    return [missing if each is None else next(numbers) for each in entries]


def _optimizer(value: Any, config: ExperimentConfig, n: int) -> tuple[int, dict[str, np.ndarray]]:
    saved = _object("optimizer", value, "name", "n_updates", "vectors")
    name, _ = parse_call("optimizer", config.optimizer)
    if saved["name"] != name:
        raise Refusal("optimizer", f"must be the configuration's, {name!r}", shown(saved["name"]))
    names = OPTIMIZERS[name].state_names
    given = _object("vectors", saved["vectors"], *names)
    # Squares of honest gradients reach the end of the precision; a mean or sum of them can't be negative.
    high = float(np.finfo(config.dtype).max)
    lows = {vector: 0.0 if vector.endswith("_square") else -high for vector in names}
    vectors = {vector: _vector(vector, given[vector], n, lows[vector], high) for vector in names}
    return integer("n_updates", saved["n_updates"], 0, LARGEST_COUNTER), vectors


def _watch(value: Any, epoch: int) -> Watch:
    """Return what the stop conditions remember."""
    saved = _object("watch", value, "best_loss", "best_epoch", "waived")
    best, waived = saved["best_loss"], saved["waived"]
    known = isinstance(waived, list) and all(isinstance(each, str) and len(each) <= 60 for each in waived)
    if not known or len(waived) > MAX_WAIVED:
        raise TypeRefusal("waived", "must be a list of stop conditions", shown(waived))
    return Watch(
        math.inf if best is None else number("best_loss", best, 0),
        integer("best_epoch", saved["best_epoch"], 0, epoch),
        frozenset(waived),
    )


def _rng(name: str, value: Any) -> dict[str, Any]:
    """Return the state of a random stream as NumPy takes it."""
    saved = _object(name, value, "state", "inc", "has_uint32", "uinteger")
    inside = {key: _hexadecimal(f"{key} of {name}", saved[key]) for key in ("state", "inc")}
    if inside["inc"] % 2 == 0:
        raise Refusal(f"inc of {name}", "must be odd", shown(saved["inc"]))
    return {
        "bit_generator": "PCG64",
        "state": inside,
        "has_uint32": integer(f"has_uint32 of {name}", saved["has_uint32"], 0, 1),
        "uinteger": integer(f"uinteger of {name}", saved["uinteger"], 0, 2**32 - 1),
    }


def _hexadecimal(name: str, value: Any) -> int:
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{1,32}", value):
        raise Refusal(name, "must be 1 to 32 hexadecimal digits", shown(value))
    return int(value, 16)


def _history(value: Any, last: int, progress: float, has_test: bool, from_start: bool) -> list[tuple[float, ...]]:
    """Return the rows (frame, epoch, train loss, test loss, scores) from before training to frame `last`."""
    scores = {name: value[name] for name in SCORES if isinstance(value, dict) and name in value}
    columns = _object("history", {k: v for k, v in value.items() if k not in scores} if scores else value, *HISTORY)
    frames = [integer("frame in history", n, 0, LARGEST_COUNTER) for n in _list("frame in history", columns["frame"])]
    n = len(frames)
    if not 1 <= n <= MAX_HISTORY_ROWS:
        raise Refusal("history", f"must have 1 to {MAX_HISTORY_ROWS} rows", n)
    if frames[0] != 0 or frames[-1] != last or any(b <= a for a, b in pairwise(frames)):
        raise Refusal("frame in history", f"must grow from 0 to {last}, the frame of the file")
    epochs = _vector("epoch in history", columns["epoch"], n, 0.0, LARGEST_COUNTER).tolist()
    # A run that is carried over to other data starts its epoch again.
    if any(b < math.floor(a) for a, b in pairwise(epochs)):
        raise Refusal("epoch in history", "must not fall from row to row")
    if epochs[-1] != progress:
        raise Refusal("epoch in history", f"must end at {progress:.15g}, where the run stands", f"{epochs[-1]:.15g}")
    # A loss beyond the largest float is written as null. That is no reason to refuse the run, but in the last row.
    largest = float(np.finfo(np.float64).max)
    train = _column("train_loss", columns["train_loss"], n, 0.0, largest, math.inf)
    number("train_loss of the last row", columns["train_loss"][-1], 0)
    tested = [each is not None for each in _list("test_loss", columns["test_loss"], n)]
    # Data that were learned before these may have had test samples where these have none, or the other way round.
    if not has_test and any(tested if from_start else tested[-1:]):
        where = "every row" if from_start else "the last row"
        raise Refusal("test_loss", f"must be null in {where}: this configuration has no test samples")
    unmeasured = math.inf if has_test and from_start else math.nan
    test = _column("test_loss", columns["test_loss"], n, 0.0, largest, unmeasured)
    unknown = [None] * n
    rest = [_column(name, scores.get(name, unknown), n, -largest, 1.0, math.nan) for name in SCORES]
    return list(zip(map(float, frames), epochs, train, test, *rest, strict=True))
