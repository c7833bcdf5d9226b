"""Article 000: two moons, one hidden layer of exponential linear units, and a derivative that is wrong in the code."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from nnplay import datasets
from nnplay.articles.article import Article, Bound, Chart, Experiment, Outcome, Preset, Row, Table, Work, spaced
from nnplay.articles.training import Course, trained
from nnplay.engine import SGD, Network, activations, check_gradient, numerical_gradient
from nnplay.engine.activations import ELU, Activation
from nnplay.experiment.session import TrainingSession

WIDTHS = (2, 5, 10, 25, 50)
SHORT, LONG = 1_000, 10_000
#: Points along each side of a boundary's picture, and what of the plane it shows: x from, to, y from, to.
MAP_SIZE = 64
MAP_EXTENT = (-1.6, 2.6, -1.1, 1.6)


@dataclass(frozen=True)
class ArticleELU(ELU):
    """The ELU with the derivative that the article's code has: 0 instead of 1 where z > 0."""

    name = "article_elu"

    def derivative(self, z: np.ndarray, a: np.ndarray, out: np.ndarray) -> np.ndarray:
        super().derivative(z, a, out)
        np.putmask(out, a > 0, 0.0)
        return out


RIGHT, WRONG = activations.elu(alpha=2), ArticleELU(alpha=2)


def session(seed: int, units: int = 4, activation: Activation = RIGHT) -> TrainingSession:
    """Return the article's training, untrained: 500 moons, Xavier weights, full batch, learning rate 0.1."""
    data = datasets.make("moons", n_samples=500, noise=0.1, seed=seed)
    train, test = data.split(test_fraction=0.25, seed=seed)
    network = Network([2, units, 1], activation=activation, output="sigmoid", seed=seed)
    return TrainingSession(network, train, test, optimizer=SGD(learning_rate=0.1), evaluate_every=0, seed=seed)


def gradient_error(trained_session: TrainingSession) -> float:
    """Return the gradient check's largest relative error on the first 40 training samples."""
    train = trained_session.train
    return check_gradient(trained_session.network, train.X[:40], train.y[:40])


def learn(seed: int, activation: Activation) -> Work:
    """Train 2-4-1, and check its gradient on the way."""
    training, course = session(seed, activation=activation), Course()
    yield from trained(training, 100)
    error = gradient_error(training)
    training = session(seed, activation=activation)
    yield from trained(training, LONG, (*spaced(LONG), SHORT), course)
    measures = {"gradient_error": error}
    for name, iterations in (("short", SHORT), ("long", LONG)):
        _, _, measures[f"train_{name}"], measures[f"test_{name}"] = course.at(iterations)
    return Outcome(measures, {"train_loss": course.curve(0), "test_accuracy": course.curve(3)})


def learn_wide(seed: int, units: int) -> Work:
    """Train 2-`units`-1 with the right derivative."""
    training = session(seed, units)
    yield from trained(training, LONG)
    return Outcome({"test": training.measure()[3]})


def boundary(network: Network) -> np.ndarray:
    """Return the probability of the second moon over the plane, (MAP_SIZE, MAP_SIZE), the lowest y first."""
    left, right, bottom, top = MAP_EXTENT
    x, y = np.linspace(left, right, MAP_SIZE), np.linspace(bottom, top, MAP_SIZE)
    points = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    return network.forward(points).reshape(MAP_SIZE, MAP_SIZE)


def boundaries() -> dict[str, Any]:
    """Return the boundaries of all widths with seed 0, as bytes from 0 to 255 in base64."""
    maps = []
    for units in WIDTHS:
        training = session(0, units)
        training.run(LONG)
        levels = np.round(255 * boundary(training.network)).astype(np.uint8)
        train, test = training.measure()[2:]
        maps.append({"units": units, "train": train, "test": test, "map": base64.b64encode(levels.tobytes()).decode()})
    return {"boundaries": {"size": MAP_SIZE, "extent": MAP_EXTENT, "maps": maps}}


def compare_gradients(training: TrainingSession) -> tuple[np.ndarray, np.ndarray]:
    """Return the gradient that backpropagation gives and the numerical one, on what :func:`gradient_error` looks at."""
    X, y = training.train.X[:40], training.train.y[:40]
    return training.network.loss_and_gradient(X, y)[1], numerical_gradient(training.network, X, y)


_FIELDS = {
    "dataset": "moons",
    "n_samples": 500,
    "noise": 0.1,
    "test_fraction": 0.25,
    "hidden_sizes": [4],
    "activation": "elu(alpha=2)",
    "learning_rate": 0.1,
    "momentum": 0.0,
    "batch_size": None,
}

ARTICLE = Article(
    number="000",
    title="Deep Learning 101: building a neural network from the ground up",
    author="DataHubbs",
    builds=(
        "One hidden layer of four exponential linear units (alpha 2) and a sigmoid, 2-4-1, trained by plain gradient "
        "descent on the whole of 375 points of two moons, with a learning rate of 0.1."
    ),
    finding=(
        "The text gives the right derivative of an ELU, 1 where the input is positive; the code returns 0 there, so "
        "that a unit learns only from the samples for which it is negative. At first accuracy hardly tells, since the "
        "output layer makes do with whatever the hidden layer happens to be; ten times the iterations make the right "
        "derivative the better one. The gradient check tells at once: that is why a network written by hand is "
        "checked before it is trained. With the right derivative the same training goes on improving long after the "
        "article stopped, and a wider layer bends the boundary as far as the moons ask for. (The code also reads the "
        "Xavier formula as 0.5 + n_in + n_out instead of half their sum, which makes the first weights smaller than "
        "meant.)"
    ),
    experiments=(
        Experiment("right", partial(learn, activation=RIGHT), n_quick=3),
        Experiment("wrong", partial(learn, activation=WRONG), n_quick=3),
        *(Experiment(f"width_{units}", partial(learn_wide, units=units), n_quick=1) for units in WIDTHS),
    ),
    tables=(
        Table(
            "Accuracy, 2-4-1",
            "On the test points unless said. Each dot is a seed: other points, another split, other first weights.",
            "percent",
            (
                Row("Article's derivative, 1 000 iterations", "wrong", "test_short", "84.8 %", 0.848),
                Row("The same, on its training points", "wrong", "train_short", "89 %", 0.89),
                Row("Right derivative, 1 000 iterations", "right", "test_short", "84.8 %", 0.848),
                Row("Article's derivative, 10 000 iterations", "wrong", "test_long"),
                Row("Right derivative, 10 000 iterations", "right", "test_long", bound=Bound("median", low=0.93)),
            ),
        ),
        Table(
            "Gradient check",
            "Largest relative error between backpropagation and finite differences: rounding far to the left, a "
            "mistake to the right. The scale is logarithmic.",
            "error",
            (
                Row("Article's derivative", "wrong", "gradient_error", bound=Bound("lowest", low=0.1)),
                Row("Right derivative", "right", "gradient_error", bound=Bound("highest", high=1e-6)),
            ),
        ),
        Table(
            "Test accuracy by the number of hidden units, 10 000 iterations",
            "Each dot is a seed. The article says that the network gets better and better with the width: each is held "
            "against the one above it.",
            "percent",
            tuple(
                Row(
                    f"{units} units",
                    f"width_{units}",
                    "test",
                    "better with the width" if narrower else "",
                    rival=f"width_{narrower}" if narrower else None,
                )
                for units, narrower in zip(WIDTHS, (None, *WIDTHS), strict=False)
            ),
        ),
    ),
    charts=(
        Chart(
            "Test accuracy in the course of training",
            "The median of the seeds, and from the lowest to the highest. The iterations are on a logarithmic scale.",
            {
                "Right derivative": ("right", "test_accuracy"),
                "Article's derivative": ("wrong", "test_accuracy"),
            },
            ("Iterations", "Test accuracy"),
        ),
    ),
    presets=(
        Preset("2-4-1 in the playground", "", _FIELDS),
        Preset("2-50-1 in the playground", "", {**_FIELDS, "hidden_sizes": [50]}),
    ),
    exhibits=boundaries,
)
