"""What a visitor's sweep may cost, by :mod:`nnplay.limits`, and where it may be trained."""

from __future__ import annotations

import os

from nnplay import limits
from nnplay.experiment.compare.sweeps.grid import Grid
from nnplay.experiment.compare.sweeps.workers import ADDRESS_VARIABLE
from nnplay.refusal import Refusal
from nnplay.server.budget import LEAST_STEP_SECONDS, check, cost_of

#: Most trainings of a sweep, and most seeds of a cell.
MOST_TRAININGS, MOST_SEEDS = limits.whole("sweep_trainings"), limits.whole("sweep_seeds")
MOST_EPOCHS = limits.whole("sweep_epochs")
#: Of one core: what a sweep in the server's own process may take, by a rough estimate that is on the high side.
MOST_SECONDS = limits.value("sweep_seconds")
#: Networks of a stack share what a step costs besides its products: about so many times less for each.
STACK_GAIN = 6.0
#: Largest file of a sweep that a visitor can open, in megabytes.
MOST_MEGABYTES = limits.whole("sweep_file_megabytes")
#: Most sweeps that train at a time, of all visitors.
MOST_SWEEPS = limits.whole("sweeps")

#: Names of the places, and what they are called.
HERE, PROCESSES, CLUSTER = "threads", "loky", "dask"
WORDS = {HERE: "Here", PROCESSES: "All cores", CLUSTER: "Cluster"}


def n_processes() -> int:
    """Return how many processes a sweep may use besides the server's own: 0 unless whoever runs the server says so."""
    asked = os.environ.get(limits.PROCESSES_VARIABLE, "").strip().lower()
    cores = os.cpu_count() or 1
    if asked == "all":
        return cores if cores > 1 else 0
    return min(int(asked), 64 * cores) if asked.isascii() and asked.isdigit() else 0


def places() -> tuple[str, ...]:
    """Return where a sweep can be trained on this server, the usual place first."""
    others = {PROCESSES: n_processes() > 0, CLUSTER: bool(os.environ.get(ADDRESS_VARIABLE))}
    return (HERE, *(place for place, is_there in others.items() if is_there))


def seconds_of(grid: Grid) -> float:
    """Return about how long a sweep takes on one core."""
    total = 0.0
    for config in grid.cells:
        step = LEAST_STEP_SECONDS / STACK_GAIN + cost_of(config).step_seconds
        total += step * config.steps_per_epoch
    return total * len(grid.seeds) * grid.epochs


def check_sweep(grid: Grid, place: str = HERE) -> None:
    """Check that a sweep fits a server that others use, too.

    Raises
    ------
    Refusal
        If it doesn't: of its number of trainings, of a setting in one of its cells, or of its epochs.
    """
    check_number(len(grid.cells), len(grid.seeds))
    for config in grid.cells:
        check(config)
    if place != HERE:
        return
    seconds = seconds_of(grid)
    if seconds > MOST_SECONDS:
        most = max(1, int(grid.epochs * MOST_SECONDS / seconds))
        raise Refusal(
            "epochs",
            f"must be at most {most:,} for this sweep",
            f"{grid.epochs:,}",
            advice=f"On a shared server it may take about {MOST_SECONDS / 60:.0f} minutes.",
        )


def check_number(n_cells: int, n_seeds: int) -> None:
    """Check how many trainings there would be, before anything is made of them.

    Raises
    ------
    Refusal
        If those are too many.
    """
    if n_cells * n_seeds > MOST_TRAININGS:
        cells, seeds = ("cell" if n_cells == 1 else "cells"), ("seed" if n_seeds == 1 else "seeds")
        raise Refusal(
            "trainings",
            f"must be at most {MOST_TRAININGS:,}",
            f"{n_cells * n_seeds:,}, {n_cells:,} {cells} with {n_seeds:,} {seeds} each",
            advice="Choose fewer values or seeds.",
        )
