"""The effect of a table's columns: how much the network relies on each, and how its output changes with it.

A column of words is one column here, however many inputs it has: its categories are shuffled, or set, together.
Both are computed with every frame, so they look at few rows, always the same ones, and cost about the same however
many columns there are and however large the network is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets import Dataset
from nnplay.datasets.input_columns import InputColumn
from nnplay.engine.losses import Loss
from nnplay.engine.network import Network
from nnplay.engine.targets import encode_targets
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.frames.frame_context import FrameContext

#: Points along each response curve (as many as a column may have categories, or more), and the percentiles of the
#: column that they reach from and to.
GRID, ENDS = 24, (1.0, 99.0)
#: Most rows, and repeats of a permutation, that are looked at.
IMPORTANCE_ROWS, RESPONSE_ROWS, MAX_REPEATS = 200, 50, 5
#: Fewest rows, of even the largest network and table.
_FEWEST = 8
#: Multiplications that each of the two may take: 2 to 4 ms on one core.
_BUDGET = 5e7


def shown_rows(n_samples: int, n_rows: int) -> NDArray[np.intp]:
    """Return `n_rows` row numbers, or all there are: the same rows in every run of these data, in no special order."""
    return np.random.default_rng(0).permutation(n_samples)[:n_rows]


class Importance:
    """Permutation importance: how much the loss grows when a column's values are shuffled among the rows.

    Source: Breiman (2001), https://doi.org/10.1023/A:1010933404324, with the loss for the measure.

    Parameters
    ----------
    network : Network
        For its architecture.
    data : Dataset
        As the network sees them; some rows are taken.
    loss : Loss
    """

    def __init__(self, network: Network, data: Dataset, loss: Loss) -> None:
        self._loss = loss
        self._network = network.copy("float32")
        n_columns, affordable = len(data.columns), _affordable_rows(network)
        rows = shown_rows(data.n_samples, max(_FEWEST, min(IMPORTANCE_ROWS, affordable // (n_columns + 1))))
        n_rows = len(rows)
        repeats = max(1, min(MAX_REPEATS, affordable // (n_rows * n_columns)))
        X = data.X[rows]
        blocks = [X]
        rng = np.random.default_rng(1)
        for column in data.columns:
            for _ in range(repeats):
                shuffled = X.copy()
                shuffled[:, column.features] = X[rng.permutation(n_rows), column.features]
                blocks.append(shuffled)
        self._parts = [slice(k * n_rows, (k + 1) * n_rows) for k in range(len(blocks))]
        self._inputs = self._network.as_columns(np.concatenate(blocks))
        self._forward = self._network.forward_pass(len(self._inputs.T))
        y = encode_targets(data.y, data.n_samples, network.n_outputs, loss)[rows]
        self._y = np.ascontiguousarray(y.T.astype(np.float32))
        self._shape = n_columns, repeats

    def __call__(self, parameters: np.ndarray) -> NDArray[np.float64]:
        """Return by how much the loss grows when each column is shuffled, (n_columns,); the mean of its repeats."""
        self._network.parameters[:] = parameters
        with np.errstate(all="ignore"):
            a, z = self._forward.run(self._inputs), self._forward.logits
            losses = np.array([self._loss.value(z[:, part], a[:, part], self._y) for part in self._parts])
        if not self._loss.is_mean:
            losses /= self._y.shape[1]
        return np.asarray((losses[1:] - losses[0]).reshape(self._shape).mean(axis=1))


class Responses:
    """Response curves (partial dependence): the mean answer if a column had a certain value in every row.

    The points of a column of words are its categories, and nothing is beyond the last one: there it is repeated.

    Source: Friedman (2001), https://doi.org/10.1214/aos/1013203451

    Parameters
    ----------
    network : Network
        For its architecture.
    data : Dataset
        As the network sees them; some rows are taken, the curves reach over the middle 98 % of all.

    Attributes
    ----------
    ends : ndarray, (n_features, 2)
        The first and the last value of each feature's curve, as the network sees them; of no use where a feature says a
        category.
    """

    def __init__(self, network: Network, data: Dataset) -> None:
        self._network = network.copy("float32")
        n_columns = len(data.columns)
        affordable = _affordable_rows(network) // (GRID * n_columns)
        rows = shown_rows(data.n_samples, max(_FEWEST, min(RESPONSE_ROWS, affordable)))
        self.ends = column_ends(data.X)
        X = np.tile(data.X[rows], (n_columns, GRID, 1, 1))  # columns, points, rows, features
        for column, varied in zip(data.columns, X, strict=True):
            varied[:, :, column.features] = _points_along(column, self.ends[column.first])[:, np.newaxis]
        self._shape = network.n_outputs, n_columns, GRID, len(rows)
        self._inputs = self._network.as_columns(X.reshape(-1, data.n_features))
        self._forward = self._network.forward_pass(len(self._inputs.T))

    def __call__(self, parameters: np.ndarray) -> NDArray[np.float32]:
        """Return the mean answers, (n_columns, n_outputs, GRID)."""
        self._network.parameters[:] = parameters
        with np.errstate(all="ignore"):
            answers = self._forward.run(self._inputs).reshape(self._shape).mean(axis=-1)
        return np.asarray(answers.swapaxes(0, 1))


def _points_along(column: InputColumn, ends: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return what a column's features are at each point of its curve, (GRID, n_features of the column)."""
    if column.is_numeric:
        return np.linspace(ends[0], ends[1], GRID)[:, np.newaxis]
    last = len(column.categories) - 1
    return np.stack([column.inputs_of(min(point, last)) for point in range(GRID)])


def column_ends(X: np.ndarray) -> NDArray[np.float64]:
    """Return where a response curve of each column of `X` begins and ends, (n_features, 2)."""
    ends = np.percentile(X, ENDS, axis=0).T
    alike = ends[:, 0] == ends[:, 1]  # nearly all rows have the same value
    ends[alike] = np.stack([X.min(axis=0), X.max(axis=0)], axis=1)[alike]
    return np.asarray(ends, np.float64)


def _affordable_rows(network: Network) -> int:
    return int(_BUDGET / network.parameters.size)


# --- as parts of a frame ------------------------------------------------------------------------------------


def importance_part(context: FrameContext) -> Arrays:
    """Return the array of the part ``"importance"``."""
    session = context.session
    data = context.test or context.train
    importance = context.kept_for_run("importance", lambda: Importance(session.network, data, session.loss))
    return {"importance": importance(context.parameters).astype("<f4")}


def responses_part(context: FrameContext) -> Arrays:
    """Return the array of the part ``"responses"``."""
    session = context.session
    responses = context.kept_for_run("responses", lambda: Responses(session.network, session.train))
    return {"responses": responses(context.parameters).astype("<f4")}
