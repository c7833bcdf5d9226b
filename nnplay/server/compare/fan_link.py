"""A fan of seeds as a link: the run stands as on the playground, so that either page opens the other's links."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.refusal import Refusal
from nnplay.registry import parse_call
from nnplay.server.budget import RUN_BYTES, STEP_SECONDS, check, cost_of
from nnplay.validation import integer, number

LEAST_SEEDS, MOST_SEEDS = 16, 64
#: Numbers of seeds that the page offers.
OFFERED = (16, 24, 32, 48, 64)
#: Names in a link.
SEEDS, TARGET, FRESH = "seeds", "target", "fresh_data"
NAMES = (SEEDS, TARGET, FRESH)
#: The setting that is another one in each run.
VARIES = "seed"
#: What a link can hide here.
GROUPS = {
    "training": "Seeds and settings",
    "transport": "Play and timeline",
    "boundary": "Pictures of the seeds",
    "loss": "Losses",
    "hidden": "Scores",
    "share": "Share",
}
#: Every frame brings the parameters of all networks to the browser: as many numbers at most.
MOST_NUMBERS_SENT = 120_000
#: Arrays of the size of all hidden layers that a stack passes a batch through, and vectors that a moment is kept in.
_PASSING, _KEPT = 5, 8
_TRUTHS = {"true": True, "false": False}


@dataclass(frozen=True)
class FanSettings:
    """What is to be known of a fan besides its run.

    Attributes
    ----------
    n_seeds : int, 16 to 64
    target : float
        The score that is asked for.
    fresh_data : bool
        Whether each seed draws data and split of its own.
    """

    n_seeds: int = 32
    target: float = 0.95
    fresh_data: bool = False

    def __post_init__(self) -> None:
        integer(SEEDS, self.n_seeds, LEAST_SEEDS, MOST_SEEDS)
        number(TARGET, self.target, -1, 1)


def to_query(settings: FanSettings) -> dict[str, str]:
    """Return the parts of a link that tell of a fan, besides those of its run."""
    usual = FanSettings()
    query = {}
    if settings.n_seeds != usual.n_seeds:
        query[SEEDS] = str(settings.n_seeds)
    if settings.target != usual.target:
        query[TARGET] = f"{settings.target:.4g}"
    if settings.fresh_data:
        query[FRESH] = "true"
    return query


def from_query(query: Mapping[str, str]) -> tuple[FanSettings, list[str]]:
    """Return what a link says of a fan, and for each part of it that was dropped a sentence to a visitor."""
    settings, notices = FanSettings(), []
    readers: dict[str, tuple[str, Any, str]] = {
        SEEDS: (
            "n_seeds",
            int,
            f"Seeds in the link: “{{}}” must be a whole number from {LEAST_SEEDS} to {MOST_SEEDS}.",
        ),
        TARGET: ("target", float, "Target in the link: “{}” must be a number from -1 to 1, such as 0.95."),
        FRESH: ("fresh_data", _TRUTHS.__getitem__, "Fresh data in the link: “{}” must be true or false."),
    }
    for name, (field, read, why) in readers.items():
        if name not in query:
            continue
        try:
            settings = dataclasses.replace(settings, **{field: read(query[name])})
        except (KeyError, ValueError, TypeError, OverflowError):
            used = to_query(FanSettings()).get(name) or getattr(settings, field)
            notices.append(f"{why.format(query[name][:20])} Using {str(used).lower()} instead.")
    return settings, notices


def check_fan(config: ExperimentConfig, n_seeds: int) -> None:
    """Check that so many seeds of a run fit in the budgets of a server that others use, too.

    Raises
    ------
    Refusal
        If they don't: of the seeds, with the most that fit, or of the run's own settings.
    """
    check(config)
    if _fits(config, n_seeds):
        return
    fitting = [n for n in OFFERED if n < n_seeds and _fits(config, n)]
    if fitting:
        raise Refusal(
            SEEDS,
            f"must be at most {fitting[-1]} for this network",
            n_seeds,
            advice="It is trained once for each seed.",
        )
    raise Refusal(
        "hidden_sizes",
        f"must be smaller, or the batch, to be trained from {LEAST_SEEDS} seeds at once",
        finding="this run is too large",
    )


def _fits(config: ExperimentConfig, n_seeds: int) -> bool:
    itemsize = np.dtype(config.dtype).itemsize
    units = sum(config.hidden_sizes) + 1
    batch = config.n_train if config.batch_size is None else min(config.batch_size, config.n_train)
    vectors = 1 + len(OPTIMIZERS[parse_call("optimizer", config.optimizer)[0]].state_names)
    data = (config.n_train + config.n_test) * config.layer_sizes[0] * (n_seeds if n_seeds > 1 else 1)
    each = _PASSING * batch * units + _KEPT * vectors * config.n_parameters + config.n_train
    return (
        n_seeds * config.n_parameters <= MOST_NUMBERS_SENT
        and n_seeds * cost_of(config).step_seconds <= STEP_SECONDS
        and itemsize * (n_seeds * each + data) <= RUN_BYTES
    )
