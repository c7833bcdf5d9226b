"""What came of a sweep: rows, cells, curves, and files of them."""

from __future__ import annotations

import csv
import io
import json
import math
import os
from typing import Any, NamedTuple

import numpy as np

from nnplay.experiment.compare.sweeps.grid import Grid
from nnplay.experiment.compare.sweeps.task import Outcome
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.url import to_text
from nnplay.refusal import Refusal
from nnplay.validation import choice, integer, number

#: What is measured of a training.
MEASURES = ("test_score", "train_score", "test_loss", "train_loss")


class Cells(NamedTuple):
    """A map of a sweep, a number a cell.

    Attributes
    ----------
    axes : dict of str to tuple
        The settings that vary, and their values, in the order of the arrays' dimensions.
    successes : ndarray of int, (n_a,) or (n_a, n_b)
        How many of a cell's seeds reach the threshold; those that diverged don't.
    medians : ndarray, (n_a,) or (n_a, n_b)
        The median over a cell's seeds, one that diverged counting as worst; NaN where that is the median, or where no
        seed is done.
    """

    axes: dict[str, tuple[Any, ...]]
    successes: np.ndarray
    medians: np.ndarray


class SweepResult:
    """The trainings of a sweep that are done; more come in while it runs.

    Parameters
    ----------
    grid : Grid
    outcomes : dict of int to Outcome
        By the number of the training.
    """

    def __init__(self, grid: Grid, outcomes: dict[int, Outcome]) -> None:
        self.grid, self.outcomes = grid, outcomes

    def __repr__(self) -> str:
        return f"<SweepResult: {len(self.outcomes)} of {self.grid.n_trainings} trainings over {', '.join(self.axes)}>"

    @property
    def axes(self) -> dict[str, tuple[Any, ...]]:
        """The settings that vary, and the values of each."""
        return dict(self.grid.axes)

    @property
    def n_done(self) -> np.ndarray:
        """How many seeds of each cell are done, in the shape of the axes."""
        return self._counted(lambda outcome: True)

    @property
    def n_diverged(self) -> np.ndarray:
        """How many seeds of each cell diverged, in the shape of the axes."""
        return self._counted(lambda outcome: outcome.diverged)

    def _counted(self, counts: Any) -> np.ndarray:
        numbers = np.zeros(len(self.grid.cells), np.int64)
        for index, outcome in list(self.outcomes.items()):
            numbers[self.grid.training(index).cell] += bool(counts(outcome))
        return numbers.reshape(self.grid.shape)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """A dict for each training that is done: the settings that vary, the seed, and what was measured.

        The keys are those settings, ``seed``, ``train_loss``, ``test_loss``, ``train_score``, ``test_score``,
        ``epochs`` and ``diverged``. Rows come by cell and seed, whatever was done first; ``pandas.DataFrame(rows)`` is
        a table of them.
        """
        return [self._row(index) for index in sorted(self.outcomes)]

    def _row(self, index: int) -> dict[str, Any]:
        training, outcome = self.grid.training(index), self.outcomes[index]
        return {
            **self.grid.values_of(training.cell),
            "seed": training.seed,
            "train_loss": outcome.train_loss,
            "test_loss": outcome.test_loss,
            "train_score": outcome.train_score,
            "test_score": outcome.test_score,
            "epochs": outcome.epochs,
            "diverged": outcome.diverged,
        }

    def cells(self, measure: str, threshold: float) -> Cells:
        """Return the map of a measure, for one or two settings that vary.

        Parameters
        ----------
        measure : {"test_score", "train_score", "test_loss", "train_loss"}
        threshold : float
            What a seed must reach to be a success: a score at least so high, a loss at most so high.
        """
        measure, threshold = choice("measure", measure, MEASURES), number("threshold", threshold)
        if len(self.grid.shape) > 2:
            raise Refusal("cells", "are a map of one or two settings", f"{len(self.grid.shape)} that vary")
        is_loss = measure.endswith("loss")
        n = len(self.grid.cells)
        successes, medians = np.zeros(n, np.int64), np.full(n, np.nan)
        for cell in range(n):
            values = self._of_cell(cell, measure)
            if not len(values):
                continue
            known = values[~np.isnan(values)]
            successes[cell] = np.count_nonzero(known <= threshold if is_loss else known >= threshold)
            worst = math.inf if is_loss else -math.inf
            with np.errstate(invalid="ignore"):
                median = np.median(np.where(np.isnan(values), worst, values))
            medians[cell] = median if np.isfinite(median) else np.nan
        return Cells(self.axes, successes.reshape(self.grid.shape), medians.reshape(self.grid.shape))

    def _of_cell(self, cell: int, measure: str) -> np.ndarray:
        n_seeds = len(self.grid.seeds)
        indices = range(cell * n_seeds, (cell + 1) * n_seeds)
        return np.array([getattr(self.outcomes[index], measure) for index in indices if index in self.outcomes])

    def curves(self, cell: int) -> list[dict[str, Any]]:
        """Return the loss curves of a cell's seeds: ``seed``, ``epoch``, ``train_loss``, ``test_loss`` for each.

        About two dozen points each, for drawing. Cells are counted from 0, the last setting fastest.
        """
        cell = integer("cell", cell, 0, len(self.grid.cells) - 1)
        n_seeds = len(self.grid.seeds)
        found = []
        for k, seed in enumerate(self.grid.seeds):
            outcome = self.outcomes.get(cell * n_seeds + k)
            if outcome is not None:
                epochs, train, test = outcome.curve
                found.append({"seed": seed, "epoch": epochs, "train_loss": train, "test_loss": test})
        return found

    def config(self, cell: int, seed: int | None = None) -> ExperimentConfig:
        """Return the configuration of a cell, as a single run from `seed`, by default the first of the sweep's."""
        cell = integer("cell", cell, 0, len(self.grid.cells) - 1)
        seeds = self.grid.seeds
        if seed is not None and seed not in seeds:
            raise Refusal("seed", "must be one of the sweep's", seed)
        k = 0 if seed is None else seeds.index(seed)
        return self.grid.config_of(self.grid.training(cell * len(seeds) + k))

    # -- files -----------------------------------------------------------------------------------------------------

    def to_csv(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return the rows as CSV, and write them to `path` if there is one; NaN is an empty field."""
        text = io.StringIO()
        names = [*self.axes, "seed", "train_loss", "test_loss", "train_score", "test_score", "epochs", "diverged"]
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(names)
        for row in self.rows:
            writer.writerow([_as_text(name, row[name]) for name in names])
        return _written(text.getvalue(), path)

    def to_json(self, path: str | os.PathLike[str] | None = None) -> str:
        """Return the rows as a JSON list of objects, and write it to `path` if there is one; NaN is null."""
        rows = [
            {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in row.items()}
            for row in self.rows
        ]
        return _written(json.dumps(rows, allow_nan=False, indent=1), path)


def _as_text(name: str, value: Any) -> Any:
    if name in SETTINGS and name != "seed":
        return to_text(SETTINGS[name], value)
    return "" if isinstance(value, float) and math.isnan(value) else value


def _written(text: str, path: str | os.PathLike[str] | None) -> str:
    if path is not None:
        with open(path, "w", encoding="utf-8", newline="") as file:
            file.write(text)
    return text
