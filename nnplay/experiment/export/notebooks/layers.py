"""Where a parameter of the flat vector is in its network's layers."""

from __future__ import annotations

from itertools import pairwise

from nnplay.experiment.config.config import ExperimentConfig


def place_of(config: ExperimentConfig, index: int) -> tuple[int, int | None, int]:
    """Return the layer, the input (None: it is a bias) and the unit of parameter `index`."""
    for layer, (n_in, n_out) in enumerate(pairwise(config.layer_sizes)):
        size = (n_in + config.bias) * n_out
        if index < size:
            row, column = divmod(index, n_out)
            return layer, None if row == n_in else row, column
        index -= size
    raise IndexError(index)
