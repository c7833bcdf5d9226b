"""How long a training step takes: nnplay, scikit-learn and PyTorch side by side on seven networks.

    python benchmarks/engine.py            # about three minutes
    python benchmarks/engine.py --quick    # fewer and shorter rounds: under a minute, rougher

What is measured is training as a user of each library would write it, over whole epochs: putting the samples in a new
order, cutting mini-batches, forward, backward, update. Data are random, of the right shape; sizes, batches, kind of
optimizer and dtype are the same for all.

- nnplay: ``TrainingSession.run(epochs)`` with ``evaluate_every=0``; includes the check, once an epoch, that every
  parameter is finite.
- scikit-learn: ``MLPClassifier`` or ``MLPRegressor``, one ``fit`` over all epochs of a round, ``warm_start``, no early
  stopping. It also computes the loss of every batch and an L2 penalty (``alpha=0`` here), which can't be switched off.
  It has no ELU (tanh instead) and no quadratic cost (its own loss, the cross-entropy, instead).
- PyTorch: eager; ``randperm(n).split(batch_size)`` for the batches, which is faster than a ``DataLoader``, then the
  usual loop: ``zero_grad``, forward, loss, ``backward``, ``step``. Its quadratic cost is ``MSELoss``, the same but for
  a constant factor.

The full batch is the same in any order: none of them shuffles it.

All use one thread. The libraries take turns within each round; a figure is the median over the rounds, a ratio the
median of the ratios within the rounds. Times are CPU times, which other programs disturb less; still, ratios hold from
machine to machine better than times do. With tiny layers the ratios compare what a call costs; in 784-512-512-10
nearly all the time goes into matrix products, and they compare the BLAS libraries. A library that isn't installed is
left out.
"""

import os

# NumPy's BLAS reads these when it is imported.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import importlib.util
import platform
import sys
import time
import warnings
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from statistics import median

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import nnplay as nn
from benchmarks.workloads import PLAY, WORKLOADS, Workload, session_of
from nnplay.engine.targets import encode_targets

Train = Callable[[int], object]  # trains for so many epochs


# -- the three libraries -----------------------------------------------------------------------------------------------


def nnplay_training(work: Workload) -> Train:
    return session_of(work).run


def sklearn_training(work: Workload) -> Train:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    warnings.simplefilter("ignore", ConvergenceWarning)  # max_iter is meant to be reached
    X, y = work.data()
    model = (MLPRegressor if work.is_regression else MLPClassifier)(
        hidden_layer_sizes=work.layer_sizes[1:-1],
        activation={"elu": "tanh", "sigmoid": "logistic"}.get(work.activation, work.activation),
        solver=work.optimizer.name,
        learning_rate_init=work.optimizer.learning_rate,
        momentum=getattr(work.optimizer, "momentum", 0.0),
        nesterovs_momentum=False,
        batch_size=work.batch_size,
        shuffle=not work.is_full_batch,
        alpha=0.0,
        n_iter_no_change=10**9,
        warm_start=True,
        random_state=0,
    )

    def train(epochs: int) -> None:
        model.set_params(max_iter=epochs).fit(X, y)

    return train


def torch_training(work: Workload) -> Train:
    import torch
    from torch import nn as layers

    torch.set_num_threads(1)
    torch.manual_seed(0)
    dtype = getattr(torch, work.dtype)
    activation = {"elu": layers.ELU, "tanh": layers.Tanh, "relu": layers.ReLU, "sigmoid": layers.Sigmoid}
    model = layers.Sequential()
    for n_in, n_out in zip(work.layer_sizes, work.layer_sizes[1:], strict=False):
        model.extend([layers.Linear(n_in, n_out, dtype=dtype), activation[work.activation]()])
    del model[-1]  # the cross-entropies take logits

    X, y = (torch.from_numpy(array) for array in work.data())
    if work.loss == "categorical_cross_entropy":
        loss_of = layers.CrossEntropyLoss()
    elif work.loss == "quadratic":
        model.append(layers.Sigmoid())
        y, loss_of = layers.functional.one_hot(y).to(dtype), layers.MSELoss()
    else:
        y, loss_of = y[:, None].to(dtype), layers.MSELoss() if work.is_regression else layers.BCEWithLogitsLoss()

    rate = work.optimizer.learning_rate
    if isinstance(work.optimizer, nn.SGD):
        optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=work.optimizer.momentum)
    else:
        optimizer = torch.optim.Adam(model.parameters(), lr=rate)

    def train(epochs: int) -> None:
        for _ in range(epochs):
            batches = [slice(None)] if work.is_full_batch else torch.randperm(len(X)).split(work.batch_size)
            for batch in batches:
                optimizer.zero_grad()
                loss = loss_of(model(X[batch]), y[batch])
                loss.backward()
                optimizer.step()

    return train


LIBRARIES = {  # the name shown, the package, the training
    "nnplay": ("numpy", nnplay_training),
    "scikit-learn": ("sklearn", sklearn_training),
    "PyTorch": ("torch", torch_training),
}


def gradient_training(work: Workload) -> Train:
    """Return as many of nnplay's gradients as an epoch has, all of one batch, and nothing else."""
    session = session_of(work)
    network, size = session.network, work.batch_size
    x = network.as_columns(session.train.X[:size])
    y = encode_targets(session.train.y[:size], size, network.n_outputs, session.loss).T.astype(work.dtype)
    backpropagation = network.backpropagation(session.loss, size, np.empty_like(network.parameters))

    def train(epochs: int) -> None:
        for _ in range(epochs * work.steps_per_epoch):
            backpropagation.run(x, y)

    return train


# -- measuring ---------------------------------------------------------------------------------------------------------


def seconds(train: Train, epochs: int) -> float:
    start = time.process_time()
    train(epochs)
    return time.process_time() - start


def epochs_lasting(train: Train, duration: float) -> int:
    """Return how many epochs take about `duration` seconds; warms up on the way."""
    epochs = 1
    while (taken := seconds(train, epochs)) < duration / 4:
        epochs *= 2
    return max(1, round(epochs * duration / taken))


def interleaved(trainings: dict[str, Train], rounds: int, duration: float) -> dict[str, list[float]]:
    """Return seconds per epoch in each round, the trainings taking turns."""
    epochs = {name: epochs_lasting(train, duration) for name, train in trainings.items()}
    times: dict[str, list[float]] = {name: [] for name in trainings}
    for _ in range(rounds):
        for name, train in trainings.items():
            times[name].append(seconds(train, epochs[name]) / epochs[name])
    return times


def median_ratio(numerators: list[float], denominators: list[float]) -> float:
    return median(a / b for a, b in zip(numerators, denominators, strict=True))


def print_header(libraries: list[str], rounds: int, duration: float) -> None:
    packages = {"nnplay": "numpy", "scikit-learn": "scikit-learn", "PyTorch": "torch"}
    versions = ", ".join(f"{packages[name]} {version(packages[name])}" for name in libraries)
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {versions}")
    print(f"CPU time on one thread; {rounds} interleaved rounds of about {duration:g} s each; median\n")
    times = "".join(f"{name:>13}" for name in libraries)
    ratios = "".join(f"{name + '/nnplay':>21}" for name in libraries[1:])
    print(f"{'µs per step':46}{times}{ratios}{'gradient':>11}")


def print_row(work: Workload, libraries: list[str], rounds: int, duration: float) -> None:
    trainings = {name: LIBRARIES[name][1](work) for name in libraries}
    times = interleaved({**trainings, "gradient": gradient_training(work)}, rounds, duration)
    goals = dict(zip(("scikit-learn", "PyTorch"), work.goals or (), strict=False))
    row = f"{work!s:46}"
    for name in libraries:
        row += f"{1e6 * median(times[name]) / work.steps_per_epoch:13.1f}"
    for name in libraries[1:]:
        goal = f" (≥ {goals[name]:g})" if name in goals else ""
        row += f"{median_ratio(times[name], times['nnplay']):12.2f}{goal:9}"
    print(f"{row}{median_ratio(times['gradient'], times['nnplay']):11.0%}", flush=True)


def print_play(rounds: int, duration: float) -> None:
    session = session_of(PLAY)

    def play(epochs: int) -> None:
        for _ in range(epochs):
            session.run(epochs=1)

    rates = [1 / epoch for epoch in interleaved({"play": play}, rounds, duration)["play"]]
    print(f"\nPlaying {PLAY}, {PLAY.n_samples} points, momentum 0.9, run(epochs=1):")
    print(f"{median(rates):,.0f} epochs per second (median), {max(rates):,.0f} in the best round")


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare nnplay's training speed with scikit-learn's and PyTorch's.")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    rounds, duration = (5, 0.1) if parser.parse_args().quick else (15, 0.3)
    libraries = [name for name, (package, _) in LIBRARIES.items() if importlib.util.find_spec(package)]

    print_header(libraries, rounds, duration)
    for work in WORKLOADS:
        print_row(work, libraries, rounds, duration)
    print("\n(≥ goal). gradient: the two passes' share of nnplay's step; the rest is batches, update, bookkeeping.")
    print_play(rounds, duration)


if __name__ == "__main__":
    main()
