"""How long a landscape of the loss takes: 41 × 41 places of the default run, and of larger ones.

    python benchmarks/explain/landscape.py

The first of each is not counted. Target: at most 300 ms for the default run.
"""

from __future__ import annotations

import os

# NumPy's BLAS reads these when it is imported.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import statistics
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
import nnplay as nn

RUNS: dict[str, dict[str, Any]] = {
    "default": {},
    "blobs, tanh": {"dataset": "blobs", "activation": "tanh"},
    "6 × 8 units, tanh": {"hidden_sizes": (8,) * 6, "activation": "tanh"},
    "64, 64, 64": {"hidden_sizes": (64,) * 3},
}


def path_of(session: nn.TrainingSession, epochs: int) -> np.ndarray:
    path = [session.network.parameters.copy()]
    for _ in range(epochs):
        path.append(session.run(epochs=1).network.parameters.copy())
    return np.array(path)


def main() -> None:
    print("run                    samples   parameters   41 × 41 places   in two directions   path’s losses equal to")
    for name, settings in RUNS.items():
        session = nn.ExperimentConfig.from_dict(settings).build()
        path = path_of(session, 60)
        seconds = []
        for _ in range(6):
            began = time.perf_counter()
            landscape = nn.loss_landscape(path, session.network, session.train, session.loss)
            seconds.append(time.perf_counter() - began)
        off = np.abs(landscape.path_loss / np.array(session.history["train_loss"]) - 1).max()
        took = 1000 * statistics.median(seconds[1:])
        share = landscape.explained_variance.sum()
        print(
            f"{name:<22} {session.train.n_samples:>7}   {path.shape[1]:>10}   {took:>11.0f} ms"
            f"   {share:>17.1%}   {off:>22.1e}"
        )


if __name__ == "__main__":
    main()
