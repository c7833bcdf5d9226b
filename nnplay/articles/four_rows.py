"""Four rows, four hidden sigmoids, no biases."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from nnplay.articles.evidence.article import (
    Article,
    Bound,
    Chart,
    Claim,
    Experiment,
    Figure,
    Outcome,
    Preset,
    Row,
    Table,
    Test,
    Work,
    spaced,
)
from nnplay.articles.evidence.training import Course, trained
from nnplay.datasets import Dataset
from nnplay.datasets.own_data import encode
from nnplay.engine import SGD, Network
from nnplay.engine.initializers import Initializer, Uniform
from nnplay.experiment.training.session import TrainingSession

X = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
Y = [0, 1, 1, 0]
ITERATIONS = 1500


@dataclass(frozen=True)
class PositiveUniform(Initializer):
    """U(0, 1), as the article's code draws its first weights; no initializer of ours, since none is negative."""

    name = "positive_uniform"

    def draw(self, rng: np.random.Generator, n_in: int, n_out: int) -> np.ndarray:
        return rng.random((n_in, n_out))


POSITIVE, SIGNED = PositiveUniform(), Uniform(limit=1.0)


def session(seed: int, initializer: Initializer = POSITIVE) -> TrainingSession:
    """Return the article's training, untrained.

    The article subtracts the gradient of the sum of squares as it is: a learning rate of 1.
    """
    network = Network([3, 4, 1], "sigmoid", "sigmoid", initializer=initializer, bias=False, seed=seed)
    return TrainingSession(
        network,
        Dataset(X, Y, name="four rows"),
        loss="sum_squared_error",
        optimizer=SGD(learning_rate=1.0),
        evaluate_every=0,
        seed=seed,
    )


def learn(seed: int, initializer: Initializer) -> Work:
    """Train, looking at the loss after every iteration."""
    training, course = session(seed, initializer), Course()
    yield from trained(training, ITERATIONS, range(ITERATIONS + 1), course)
    epochs, losses = course.curve(0)
    rises = int((np.diff(losses) >= 0).sum())
    error = float(np.abs(training.network.forward(X)[:, 0] - Y).max())
    kept = [epochs.index(epoch) for epoch in spaced(ITERATIONS)]
    return Outcome(
        {"rises": rises, "largest_error": error},
        {"train_loss": ([epochs[i] for i in kept], [losses[i] for i in kept])},
    )


def _own_data() -> str:
    names = ("x1", "x2", "always 1")
    return encode(Dataset(X, Y, feature_names=names, name="four rows"))


ARTICLE = Article(
    key="four-rows",
    number="002",
    name="Four rows",
    title="How to build your own neural network from scratch in Python",
    author="James Loy",
    link="https://towardsdatascience.com/how-to-build-your-own-neural-network-from-scratch-in-python-68998a08e4f6",
    builds=(
        "One hidden layer of sigmoids and a sigmoid for the answer, without biases, trained by the sum of squared "
        "errors for 1 500 iterations. Our copy shows neither the four rows nor the code, which were pictures; both are "
        "taken from how the article is quoted elsewhere: 3-4-1, first weights from 0 to 1."
    ),
    finding=(
        "True as it stands. The four rows are an exclusive or, which no network without a hidden layer can learn. The "
        "third input is always 1 and does what the hidden layer's missing biases would do."
    ),
    claims=(
        Claim(
            "The loss falls monotonically towards a minimum.",
            "3-4-1 on the four rows, 1 500 iterations, the gradient taken as it is (a learning rate of 1).",
            (
                Test(
                    "Iterations in which the loss did not fall",
                    "count",
                    "learn",
                    "rises",
                    bound=Bound("highest", high=0),
                ),
            ),
            "Each iteration uses all four rows, so the gradient is exact and points downhill. The steps happen to be "
            "small enough never to jump over the valley. With mini-batches or a larger rate that would not be so.",
        ),
        Claim(
            "After 1 500 iterations the predictions converged on the true values.",
            "The same runs; converged means that no prediction is off by more than 0.1.",
            (Test("Largest error of the four", "loss", "learn", "largest_error", bound=Bound("highest", high=0.1)),),
            "Four units are more than the two that an exclusive or needs, and all first weights are positive, so every "
            "seed starts on the same side and finds the way. A falling loss alone is no promise of that.",
            "With first weights of both signs, from −1 to 1, the loss falls as steadily, but now and then a seed comes "
            "to rest with two of the four answers undecided.",
            (Figure("Largest error of the four", "loss", "signed", "largest_error"),),
        ),
        Claim(
            "The small differences that are left are desirable: they prevent overfitting and help with unseen data.",
            "Not run: the four rows are all that the network is ever asked, so there are no unseen data to test on.",
            (),
            "A sigmoid reaches 0 or 1 only with endless weights, so a small difference is always left. That it helps "
            "with new data is another matter, and can only be seen where there are new data.",
        ),
    ),
    experiments=(
        Experiment("learn", partial(learn, initializer=POSITIVE), n_seeds=200, n_quick=10),
        Experiment("signed", partial(learn, initializer=SIGNED), n_seeds=200, n_quick=10),
    ),
    tables=(
        Table(
            "Iterations in which the loss did not fall",
            "Of 1 500, for each of the seeds; the article says that the loss falls monotonically.",
            "count",
            (
                Row("First weights from 0 to 1", "learn", "rises", "none", 0.0, Bound("highest", high=0)),
                Row("First weights from −1 to 1", "signed", "rises"),
            ),
        ),
        Table(
            "Largest error of the four predictions",
            "After 1 500 iterations; the targets are 0 and 1. Each dot is a seed, which decides the first weights.",
            "loss",
            (
                Row(
                    "First weights from 0 to 1",
                    "learn",
                    "largest_error",
                    "converged",
                    bound=Bound("highest", high=0.1),
                ),
                Row("First weights from −1 to 1", "signed", "largest_error"),
            ),
        ),
    ),
    charts=(
        Chart(
            "The loss in the course of training",
            "The sum of the four squared errors: the median of the seeds, and from the lowest to the highest.",
            {"First weights from 0 to 1": ("learn", "train_loss"), "From −1 to 1": ("signed", "train_loss")},
            ("Iterations", "Loss"),
        ),
    ),
    presets=(
        Preset(
            "The four rows, weights from −1 to 1",
            "",
            {
                "dataset": "own",
                "points": _own_data(),
                "test_fraction": 0.0,
                "hidden_sizes": [4],
                "activation": "sigmoid",
                "loss": "sum_squared_error",
                "initializer": "uniform",
                "bias": False,
                "learning_rate": 1.0,
                "momentum": 0.0,
                "batch_size": None,
                "max_epochs": ITERATIONS,
            },
        ),
    ),
)
