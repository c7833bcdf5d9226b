"""Where a session stands, and everything it needs to continue from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from nnplay.experiment.training.divergence import Divergence
from nnplay.experiment.training.stop_conditions import Watch


@dataclass(slots=True)
class Progress:
    """How far a session has come; it changes with every step."""

    epoch: int = 0
    n_steps: int = 0
    divergence: Divergence | None = None


@dataclass(frozen=True)
class Snapshot:
    """Where a session stands: everything that training changes, and the optimizer's hyperparameters."""

    epoch: int
    n_steps: int
    parameters: np.ndarray
    optimizer: dict[str, Any]
    batches: dict[str, Any]
    dropout_rng: Mapping[str, Any]
    history: Any
    watch: Watch = field(default_factory=Watch)
