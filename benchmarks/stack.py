"""How much faster many networks train as one stack than one after another.

    python benchmarks/stack.py            # about a minute
    python benchmarks/stack.py --quick    # some seconds, rougher

Both train the same networks to the same numbers: from other first weights, each on mini-batches in an order of its own.

- One at a time: ``TrainingSession.run(epochs)`` with ``evaluate_every=0``, one session after another.
- As a stack: the passes of a ``NetworkStack`` and one optimizer for all parameters. Each network's order is drawn, and
  its samples put in that order, within the time that is measured.

The two take turns, on one thread. A figure is the median over the rounds in CPU time, the ratio the median of the
ratios within the rounds. Before that, the parameters of both are compared.
"""

import os

# NumPy's BLAS reads these when it is imported.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import nnplay as nn
from benchmarks.engine import epochs_lasting, median_ratio, seconds
from benchmarks.workloads import WORKLOADS, Workload
from nnplay.engine.losses import LOSSES
from nnplay.engine.stack import NetworkStack
from nnplay.random_streams import random_stream

SMALL = WORKLOADS[1]
WIDER = replace(SMALL, layer_sizes=(2, 32, 32, 1), batch_size=25)
DEEPER = replace(SMALL, layer_sizes=(2, 8, 8, 8, 8, 1), activation="relu", batch_size=25)
#: Workload, number of networks, whether each has its samples in an order of its own.
CASES = [
    (SMALL, 32, False),
    (SMALL, 8, True),
    (SMALL, 32, True),
    (SMALL, 64, True),
    (DEEPER, 32, True),
    (WIDER, 32, True),
]


def networks_of(work: Workload, k: int) -> list[nn.Network]:
    """Return `k` networks with weights of their own."""
    sizes, names = work.layer_sizes, (work.activation, work.output)
    return [nn.Network(sizes, *names, dtype=work.dtype, seed=seed) for seed in range(k)]


@dataclass
class OneAtATime:
    """Sessions that train one after another."""

    sessions: list[nn.TrainingSession]

    @classmethod
    def of(cls, work: Workload, k: int, own_orders: bool) -> "OneAtATime":
        train = nn.datasets.Dataset(*work.data())
        return cls(
            [
                nn.TrainingSession(
                    network,
                    train,
                    loss=work.loss,
                    optimizer=work.optimizer,
                    batch_size=work.batch_size,
                    evaluate_every=0,
                    seed=seed * own_orders,
                )
                for seed, network in enumerate(networks_of(work, k))
            ]
        )

    @property
    def parameters(self) -> np.ndarray:
        return np.stack([session.network.parameters for session in self.sessions])

    def train(self, epochs: int) -> None:
        for session in self.sessions:
            session.run(epochs)


class Stacked:
    """The same networks, trained as one stack; each on batches in an order of its own, or all on the same ones."""

    def __init__(self, work: Workload, k: int, own_orders: bool) -> None:
        X, y = work.data()
        stack = NetworkStack(networks_of(work, k))
        loss = LOSSES[work.loss]()
        self._inputs = np.ascontiguousarray(stack.as_columns(X).T)  # (n_samples, n_inputs + 1)
        self._targets = stack.as_targets(y, len(X), loss, each_its_own=False)[:, 0]  # (n_outputs, n_samples)
        seeds = range(k) if own_orders else range(1)
        self._rngs = [random_stream(seed, "shuffling") for seed in seeds]
        n_batches, size = work.steps_per_epoch, work.batch_size
        self._order_shape = n_batches, size, len(seeds)
        # A batch lies in one piece, the targets of the networks side by side.
        self._x = np.empty((n_batches, len(seeds), size, self._inputs.shape[1]), work.dtype)
        self._y = np.empty((n_batches, len(self._targets), k, size), work.dtype)
        inputs = self._x.swapaxes(2, 3) if own_orders else self._x[:, 0].swapaxes(1, 2)
        self._batches = list(zip(inputs, self._y, strict=True))
        self._gradient = np.empty_like(stack.parameters)
        self._passes = stack.backpropagation(loss, work.batch_size, self._gradient)
        self._optimizer = work.optimizer.unbound_copy()
        self._optimizer.bind(stack.parameters)
        self.parameters = stack.parameters

    def train(self, epochs: int) -> None:
        rate = self._optimizer.learning_rate
        for _ in range(epochs):
            orders = np.stack([rng.permutation(len(self._inputs)) for rng in self._rngs], axis=-1)
            orders = np.ascontiguousarray(orders.reshape(self._order_shape).swapaxes(1, 2))  # batches, orders, samples
            np.take(self._inputs, orders, 0, self._x, "clip")
            self._y[:] = self._targets[:, orders].swapaxes(0, 1)
            for x, y in self._batches:
                self._passes.run(x, y)
                self._optimizer.update(self.parameters, self._gradient, rate)


def interleaved(trainings: list[Callable[[int], object]], rounds: int, duration: float) -> list[list[float]]:
    """Return seconds per epoch of each training in each round, taking turns."""
    epochs = [epochs_lasting(train, duration) for train in trainings]
    times = [[seconds(train, n) / n for train, n in zip(trainings, epochs, strict=True)] for _ in range(rounds)]
    return [list(each) for each in zip(*times, strict=True)]


def main() -> None:
    """Measure, and print it."""
    parser = argparse.ArgumentParser(description="Compare a stack of networks with training one after another.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    rounds, duration = (7, 0.1) if parser.parse_args().quick else (21, 0.25)

    print(f"CPU time on one thread, load {os.getloadavg()[0]:.1f}; {rounds} rounds of {duration:g} s; median\n")
    print(f"{'thousands of steps × networks per second':62}{'one at a time':>16}{'stack':>10}{'stack/one':>12}")
    for work, k, own_orders in CASES:
        one, stack = OneAtATime.of(work, k, own_orders), Stacked(work, k, own_orders)
        for training in (one, stack):
            training.train(3)
        np.testing.assert_allclose(stack.parameters, one.parameters, rtol=1e-9)
        alone, together = interleaved([one.train, stack.train], rounds, duration)
        rates = [k * work.steps_per_epoch / median(times) / 1e3 for times in (alone, together)]
        ratio = median_ratio(alone, together)
        name = f"{k} × {work}, {'own orders' if own_orders else 'one order'}"
        print(f"{name:62}{rates[0]:16.0f}{rates[1]:10.0f}{ratio:12.1f}", flush=True)


if __name__ == "__main__":
    main()
