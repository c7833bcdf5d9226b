"""The networks that the engine's speed is measured on. Only the public API is used, so they train on any commit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

import nnplay as nn


@dataclass(frozen=True)
class Workload:
    """A network, its data and its optimizer.

    `goals` are the ratios over scikit-learn and PyTorch that nnplay is to reach.
    """

    layer_sizes: tuple[int, ...]
    activation: str
    output: str
    loss: str
    batch_size: int
    n_samples: int
    optimizer: nn.optimizers.Optimizer
    dtype: str
    goals: tuple[float, float] | None = None

    def __str__(self) -> str:
        sizes = "-".join(map(str, self.layer_sizes))
        return f"{sizes} {self.activation} {self.optimizer.name}, batch {self.batch_size}, {self.dtype}"

    @property
    def steps_per_epoch(self) -> int:
        return -(-self.n_samples // self.batch_size)

    @property
    def is_full_batch(self) -> bool:
        return self.batch_size == self.n_samples

    @property
    def is_regression(self) -> bool:
        return self.output == "identity"

    def data(self) -> tuple[np.ndarray, np.ndarray]:
        """Return random inputs, and class indices or, for regression, random targets."""
        rng = np.random.default_rng(0)
        X = rng.normal(size=(self.n_samples, self.layer_sizes[0])).astype(self.dtype)
        if self.is_regression:
            return X, rng.normal(size=self.n_samples).astype(self.dtype)
        return X, rng.integers(max(2, self.layer_sizes[-1]), size=self.n_samples)


PLAIN, ADAM = nn.SGD(learning_rate=0.01), nn.Adam(learning_rate=0.001)
MOMENTUM = nn.SGD(learning_rate=0.01, momentum=0.9)
BINARY, CLASSES = ("sigmoid", "binary_cross_entropy"), ("softmax", "categorical_cross_entropy")
REGRESSION, QUADRATIC = ("identity", "mean_squared_error"), ("sigmoid", "quadratic")
WORKLOADS = [
    Workload((2, 4, 1), "elu", *BINARY, 375, 375, PLAIN, "float64"),
    Workload((2, 8, 8, 1), "tanh", *BINARY, 10, 250, PLAIN, "float64", goals=(10, 14)),
    Workload((2, 8, 8, 8, 8, 1), "relu", *BINARY, 32, 512, MOMENTUM, "float64", goals=(8, 14)),
    Workload((784, 100, 10), "sigmoid", *QUADRATIC, 10, 10_000, PLAIN, "float32"),
    Workload((784, 128, 64, 10), "relu", *CLASSES, 128, 10_000, PLAIN, "float32", goals=(1.3, 1.5)),
    Workload((784, 512, 512, 10), "relu", *CLASSES, 512, 10_000, PLAIN, "float32", goals=(1.1, 1.1)),
    Workload((8, 64, 64, 1), "relu", *REGRESSION, 64, 10_000, ADAM, "float32", goals=(5, 7)),
]

#: What the playground trains between two frames at usual settings: 250 points, 25 steps.
PLAY = Workload((2, 8, 8, 1), "tanh", *BINARY, 10, 250, MOMENTUM, "float64")


def session_of(work: Workload) -> nn.TrainingSession:
    """Return a session that trains a network on random data of the right shape, untrained."""
    network = nn.Network(work.layer_sizes, activation=work.activation, output=work.output, dtype=work.dtype)
    train = nn.datasets.Dataset(*work.data())
    return nn.TrainingSession(
        network, train, loss=work.loss, optimizer=work.optimizer, batch_size=work.batch_size, evaluate_every=0
    )
