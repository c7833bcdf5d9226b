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
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.training.session import TrainingSession

X = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
Y = [0, 1, 1, 0]
ITERATIONS = 1500


@dataclass(frozen=True)
class PositiveUniform(Initializer):
    """U(0, 1), as the article's code draws its initial weights; no initializer of ours, since none is negative."""

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


ARTICLE = Article(
    key="four-rows",
    number="002",
    name="Four rows",
    title="How to build your own neural network from scratch in Python",
    author="James Loy",
    link="https://towardsdatascience.com/how-to-build-your-own-neural-network-from-scratch-in-python-68998a08e4f6",
    builds=(
        "One hidden layer of sigmoid units and a sigmoid output, without biases, trained on the sum of squared "
        "errors for 1 500 iterations. Our copy shows neither the four rows nor the code, as both were pictures; we "
        "took them from quotations of the article: 3-4-1, initial weights from 0 to 1."
    ),
    finding=(
        "The article is right. The four rows are an exclusive or, which no network without a hidden layer can "
        "learn. The third input is always 1 and stands in for the hidden layer's missing biases."
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
            "Each iteration uses all four rows, so the gradient is exact and points downhill. The steps happen to "
            "be small enough never to overshoot. With mini-batches or a larger learning rate, the loss would not "
            "always fall.",
        ),
        Claim(
            "After 1 500 iterations the predictions converged on the true values.",
            "The same runs; converged means that no prediction is off by more than 0.1.",
            (Test("Largest error of the four", "loss", "learn", "largest_error", bound=Bound("highest", high=0.1)),),
            "An exclusive or needs two hidden units, and this network has four. All initial weights are positive, "
            "so every seed starts on the same side and finds a solution. A falling loss alone doesn't guarantee "
            "that.",
            "With initial weights of both signs, from −1 to 1, the loss falls just as steadily, but some seeds end "
            "with two of the four predictions undecided.",
            (Figure("Largest error of the four", "loss", "signed", "largest_error"),),
        ),
        Claim(
            "The small differences that are left are desirable: they prevent overfitting and help with unseen data.",
            "Not tested: the four rows are all the data there are, so there is nothing unseen to test on.",
            (),
            "A sigmoid reaches 0 or 1 only with infinite weights, so a small difference always remains. Whether it "
            "helps with new data is another question, which only new data can answer.",
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
                Row("Initial weights from 0 to 1", "learn", "rises", "none", 0.0, Bound("highest", high=0)),
                Row("Initial weights from −1 to 1", "signed", "rises"),
            ),
        ),
        Table(
            "Largest error of the four predictions",
            "After 1 500 iterations; the targets are 0 and 1. Each dot is a seed, which decides the initial weights.",
            "loss",
            (
                Row(
                    "Initial weights from 0 to 1",
                    "learn",
                    "largest_error",
                    "converged",
                    bound=Bound("highest", high=0.1),
                ),
                Row("Initial weights from −1 to 1", "signed", "largest_error"),
            ),
        ),
    ),
    charts=(
        Chart(
            "The loss during training",
            "The sum of the four squared errors: the median of the seeds, and their range from the lowest to the "
            "highest.",
            {"Initial weights from 0 to 1": ("learn", "train_loss"), "From −1 to 1": ("signed", "train_loss")},
            ("Iterations", "Loss"),
        ),
    ),
    presets=(
        Preset(
            "The four rows, weights from −1 to 1",
            "",
            ExperimentConfig(
                dataset="own",
                points=encode(Dataset(X, Y, feature_names=("x1", "x2", "always 1"), name="four rows")),
                test_fraction=0.0,
                hidden_sizes=(4,),
                activation="sigmoid",
                loss="sum_squared_error",
                initializer="uniform",
                bias=False,
                learning_rate=1.0,
                momentum=0.0,
                batch_size=None,
                max_epochs=ITERATIONS,
            ),
        ),
    ),
)
