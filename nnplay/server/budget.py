"""What a run may cost on a shared server: memory, and computing time per step and per frame.

All of it is computed from a configuration, before anything is built. The budgets are the app's own, and
:mod:`nnplay.limits` has them: in a notebook, a run may be as large as the machine allows.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from nnplay import limits
from nnplay.engine.activations import get as activation_of
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame_memory import FRAME_BYTES
from nnplay.experiment.frames.kept_frames import LEAST_RECENT
from nnplay.experiment.measures.column_effects import GRID
from nnplay.experiment.recording.recipe import Recipe
from nnplay.experiment.recording.setup import rows_looked_at
from nnplay.experiment.training.batches import BLOCK_BYTES
from nnplay.experiment.training.evaluation import PART_BYTES
from nnplay.refusal import Refusal
from nnplay.registry import parse_call

#: Multiplications and additions that a common core does in a second on large matrices of single precision, and values
#: of an activation. What is computed with them is an order of size; the budgets leave room for slower cores.
PRODUCTS_A_SECOND, VALUES_A_SECOND = 25e9, 5e8
#: A step, and the longest part of a frame, can't be interrupted for others.
STEP_SECONDS, FRAME_SECONDS = limits.value("step_seconds"), limits.value("frame_seconds")
RUN_BYTES = limits.megabytes("run_megabytes")
#: Of one core: what a run that is trained again, as a link tells it, may take; and any step of it at least.
REPLAY_SECONDS, LEAST_STEP_SECONDS = limits.whole("replay_seconds"), 15e-6
#: A network that is too large with so few rows a step is too large.
FEW_ROWS = 32
#: Where the diagram shows every parameter, each frame brings them all.
MOST_PARAMETERS_SENT = limits.whole("sent_parameters")
#: Rows of a response curve's point, at least, whatever the network's size.
_RESPONSE_ROWS = 8


@dataclass(frozen=True)
class Cost:
    """What a run costs.

    Attributes
    ----------
    step_seconds, frame_seconds : float
        Of one core: a step of training; the longest part of a frame that is drawn in one piece.
    nbytes : int
        Memory for the network, its optimizer, what passes through it, and kept frames.
    sent_parameters : int
        Parameters that each frame brings to the browser.
    """

    step_seconds: float
    frame_seconds: float
    nbytes: int
    sent_parameters: int


def cost_of(config: ExperimentConfig) -> Cost:
    """Return what a run of `config` costs."""
    sizes = config.layer_sizes
    itemsize = np.dtype(config.dtype).itemsize
    n_parameters = config.n_parameters
    units = sum(config.hidden_sizes) + 1
    n_train, n_test = config.n_train, config.n_test
    batch = _batch(config)
    looked_at = drawn = rows_looked_at(n_train, n_test, sizes[0])
    if config.data.has_plane:
        looked_at, drawn = n_train + n_test, 0
    responses = GRID * _RESPONSE_ROWS * sizes[0] if config.data.is_table else 0

    def seconds(rows: int, bytes_each: int) -> float:
        return bytes_each / 4 * (rows * n_parameters / PRODUCTS_A_SECOND + rows * units / VALUES_A_SECOND)

    vectors = len(OPTIMIZERS[parse_call("optimizer", config.optimizer)[0]].state_names)
    full_frame, light_frame = (1 + vectors) * n_parameters * itemsize, n_parameters * 4
    names = [config.activation] if isinstance(config.activation, str) else config.activation
    keeps_z = any(activation_of(name).needs_pre_activation for name in names)
    passing = 3 + keeps_z + 2 * (config.dropout > 0)  # arrays of the size of all hidden layers
    twins = 4 * n_parameters * itemsize + 2 * n_parameters * 4  # gradients, and networks that draw or measure
    gathered = batch * sizes[0] * itemsize if config.shuffle or config.dtype == "float64" else 0
    nbytes = (
        full_frame
        + twins
        + max(FRAME_BYTES, LEAST_RECENT * full_frame + light_frame)
        + batch * units * itemsize * passing
        + max(gathered, BLOCK_BYTES)
        + drawn * (units + sizes[0]) * 4 * (1 + keeps_z)
        + responses * (units + sizes[0]) * 4
        + 6 * PART_BYTES // 2 * min(1, looked_at * units * itemsize / PART_BYTES)
    )
    return Cost(
        step_seconds=3 * seconds(batch, itemsize),
        frame_seconds=max(seconds(looked_at, itemsize if config.data.has_plane else 4), seconds(responses, 4)),
        nbytes=int(nbytes),
        sent_parameters=n_parameters if config.data.has_plane else 0,
    )


def check(config: ExperimentConfig) -> None:
    """Check that a run fits in the budgets of a server that others use, too.

    Raises
    ------
    Refusal
        If it doesn't: of the field that is best changed, with the nearest value that fits.
    """
    if fits(config):
        return
    batch = _batch(config)
    with_few_rows = dataclasses.replace(config, batch_size=min(batch, FEW_ROWS))
    if fits(with_few_rows):
        _refuse_batch(config, batch)
    # Another network first: what batch it may have is then another question.
    _refuse_network(with_few_rows)


def check_replay(recipe: Recipe, n_steps: int, since: int = 0) -> None:
    """Check that a run can be trained again, from step `since` up to another, on a server that others use, too.

    Raises
    ------
    Refusal
        If it can't.
    """
    seconds, checked = 0.0, set()
    for config, first, last in recipe.stretches(n_steps):
        if config not in checked:
            check(config)
            checked.add(config)
        seconds += max(0, last - max(first, since)) * seconds_a_step(config)
    if seconds > REPLAY_SECONDS:
        raise Refusal(
            "recipe",
            f"must be trained again in at most about {REPLAY_SECONDS} s",
            f"about {seconds:,.0f} s",
            plainly="would take too long to train again",
        )


def seconds_a_step(config: ExperimentConfig) -> float:
    """Return how long a step takes that is trained again, about."""
    return LEAST_STEP_SECONDS + cost_of(config).step_seconds


def fits(config: ExperimentConfig) -> bool:
    """Return whether a run fits in the budgets."""
    cost = cost_of(config)
    return (
        cost.step_seconds <= STEP_SECONDS
        and cost.frame_seconds <= FRAME_SECONDS
        and cost.nbytes <= RUN_BYTES
        and cost.sent_parameters <= MOST_PARAMETERS_SENT
    )


def _refuse_batch(config: ExperimentConfig, batch: int) -> None:
    largest = _largest_that_fits(range(1, batch), lambda n: dataclasses.replace(config, batch_size=n))
    asked = f"the full batch of {batch:,}" if batch == config.n_train else f"{batch:,}"
    cost = cost_of(config)
    if cost.step_seconds > STEP_SECONDS:
        limit, got = f"a step may take about {STEP_SECONDS:g} s", f"takes about {cost.step_seconds:.2g} s"
    else:
        limit, got = f"a run may take {RUN_BYTES / 1e6:.0f} MB", f"takes about {cost.nbytes / 1e6:,.0f} MB"
    raise Refusal(
        "batch_size",
        f"must be at most {largest:,} for this network: on a shared server {limit}",
        f"{asked}, which {got}",
    )


def _refuse_network(config: ExperimentConfig) -> None:
    cost = cost_of(config)
    if cost.nbytes > RUN_BYTES:
        limit, got = f"a run may take {RUN_BYTES / 1e6:.0f} MB", f"takes about {cost.nbytes / 1e6:,.0f} MB"
    elif cost.frame_seconds > FRAME_SECONDS:
        limit, got = f"a frame may take about {FRAME_SECONDS:g} s", f"takes about {cost.frame_seconds:.2g} s"
    else:
        limit = f"a frame may bring {MOST_PARAMETERS_SENT:,} parameters to the browser"
        got = f"brings {cost.sent_parameters:,}"
    field, wanted = _nearest_that_fits(config)
    raise Refusal(field, f"{wanted}: on a shared server {limit}", finding=f"this one {got}")


def _nearest_that_fits(config: ExperimentConfig) -> tuple[str, str]:
    """Return the field that is best changed, and what it must be for the run to fit."""
    if config.dtype == "float64" and fits(dataclasses.replace(config, dtype="float32")):
        return "dtype", "must be 'float32' for a network this large"
    percent = _largest_that_fits(range(1, 100), lambda percent: _with_widths(config, percent / 100))
    if percent is not None and config.hidden_sizes:
        sizes = _with_widths(config, percent / 100).hidden_sizes
        alike = f"{len(sizes)} × {sizes[0]}" if len(sizes) > 1 and len(set(sizes)) == 1 else ", ".join(map(str, sizes))
        return "hidden_sizes", f"must be smaller, such as {alike}"
    samples = _largest_that_fits(range(10, config.n_samples), lambda n: _with_samples(config, n))
    if samples is not None:
        return "n_samples", f"must be at most {samples:,} for this network"
    return "hidden_sizes", "must be smaller"


def _largest_that_fits(values: range, with_value: Callable[[int], ExperimentConfig]) -> int | None:
    """Return the largest of ascending values with which a run fits, or None."""
    low, high = -1, len(values)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(with_value(values[middle])) else (low, middle)
    return values[low] if low >= 0 else None


def _batch(config: ExperimentConfig) -> int:
    return config.n_train if config.batch_size is None else min(config.batch_size, config.n_train)


def _with_widths(config: ExperimentConfig, share: float) -> ExperimentConfig:
    return dataclasses.replace(config, hidden_sizes=tuple(max(1, int(n * share)) for n in config.hidden_sizes))


def _with_samples(config: ExperimentConfig, n: int) -> ExperimentConfig:
    batch = None if config.batch_size is None else min(config.batch_size, n // 10)
    return dataclasses.replace(config, n_samples=n, batch_size=batch or 1)
