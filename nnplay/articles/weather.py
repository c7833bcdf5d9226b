"""Article 003: a network described by a table of layers, on weather; and every improvement that it names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nnplay import datasets
from nnplay.articles.article import Article, Bound, Chart, Experiment, Outcome, Preset, Row, Table, Work, spaced
from nnplay.articles.layer_table import build, table_of
from nnplay.articles.training import Course, standardised, trained
from nnplay.datasets import Dataset
from nnplay.datasets.weather import make_weather
from nnplay.engine import L2, SGD, Adam
from nnplay.experiment.session import TrainingSession

#: The article's own table but for the inputs: it has four, and names three features.
ARCHITECTURE: tuple[dict[str, Any], ...] = (
    {"layer_size": 3, "activation": "none"},
    {"layer_size": 5, "activation": "relu"},
    {"layer_size": 4, "activation": "relu"},
    {"layer_size": 3, "activation": "relu"},
    {"layer_size": 1, "activation": "sigmoid"},
)
EARLY, EPOCHS = 10, 300
#: What each improvement changes of plain gradient descent over the full batch.
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {"optimizer": SGD(learning_rate=0.1)},
    "mini_batches": {"optimizer": SGD(learning_rate=0.1), "batch_size": 32},
    "momentum": {"optimizer": SGD(learning_rate=0.03, momentum=0.9), "batch_size": 32},
    "adam": {"optimizer": Adam(learning_rate=0.01), "batch_size": 32},
    "l2": {
        "optimizer": SGD(learning_rate=0.03, momentum=0.9),
        "batch_size": 32,
        "regularizer": L2(1e-3),
    },
    "dropout": {"optimizer": SGD(learning_rate=0.03, momentum=0.9), "batch_size": 32, "dropout": 0.1},
}
VARIANT_NAMES = {
    "plain": "Gradient descent, as in the article",
    "mini_batches": "Mini-batches of 32",
    "momentum": "Mini-batches and momentum 0.9",
    "adam": "Mini-batches and Adam",
    "l2": "Mini-batches, momentum, L2 0.001",
    "dropout": "Mini-batches, momentum, dropout 0.1",
}


def weather(seed: int) -> tuple[Dataset, Dataset]:
    """Return 1 000 generated days, standardised feature by feature, a quarter of them held for testing."""
    return standardised(*raw_weather(seed))


def raw_weather(seed: int) -> tuple[Dataset, Dataset]:
    """Return the same days in °C, % and hPa."""
    return make_weather(n_samples=1000, seed=seed).split(0.25, seed=seed)


def wholly_standardised_weather(seed: int) -> tuple[Dataset, Dataset]:
    """Return the same days minus the mean of all numbers, over their standard deviation, as the article's words are."""
    train, test = raw_weather(seed)
    mean, deviation = float(train.X.mean()), float(train.X.std())
    first, second = (part.with_features((part.X - mean) / deviation, part.feature_names) for part in (train, test))
    return first, second


def moons(seed: int) -> tuple[Dataset, Dataset]:
    """Return two moons, a quarter held for testing."""
    return datasets.make("moons", n_samples=500, noise=0.1, seed=seed).split(0.25, seed=seed)


def learn(seed: int, data: Callable[[int], tuple[Dataset, Dataset]], variant: str) -> Work:
    """Build the article's network from its table and train it with one of `VARIANTS`."""
    train, test = data(seed)
    table = [{**ARCHITECTURE[0], "layer_size": train.n_features}, *ARCHITECTURE[1:]]
    network = build(table_of(build(table)), seed=seed)  # there and back again: the table says all
    settings = VARIANTS[variant]
    settings = settings | {"optimizer": replace(settings["optimizer"])}
    training, course = TrainingSession(network, train, test, evaluate_every=0, seed=seed, **settings), Course()
    yield from trained(training, EPOCHS, (*spaced(EPOCHS), EARLY), course)
    measures = {"test": course.at(EPOCHS)[3], "early": course.at(EARLY)[3]}
    return Outcome(measures, {"test_loss": course.curve(1)})


def majority(seed: int) -> Work:
    """Always answer what is more frequent in the training days."""
    train, test = raw_weather(seed)
    answer = int(np.bincount(train.y).argmax())
    yield 1.0
    return Outcome({"test": float((test.y == answer).mean())})


_DATA: dict[str, Callable[[int], tuple[Dataset, Dataset]]] = {"weather": weather, "moons": moons}
_SCALINGS: dict[str, Callable[[int], tuple[Dataset, Dataset]]] = {
    "whole": wholly_standardised_weather,
    "raw": raw_weather,
}


def _rows(data: str, measure: str, claim: str, best: Bound | None = None) -> tuple[Row, ...]:
    """Return a row for each variant: what is claimed to be better, beside plain gradient descent.

    L2 and dropout are claimed to help against overfitting, which shows at the end only, beside momentum without them.
    """
    rows = []
    for variant, name in VARIANT_NAMES.items():
        words, rival = claim, "plain"
        if variant in ("l2", "dropout"):
            words, rival = ("against overfitting" if measure == "test" else ""), "momentum"
        if variant == "plain":
            words = ""
        bound = best if variant == "adam" else None
        rows.append(
            Row(name, f"{data}_{variant}", measure, words, bound=bound, rival=f"{data}_{rival}" if words else None)
        )
    return tuple(rows)


_NETWORK = {
    "hidden_sizes": [5, 4, 3],
    "activation": "relu",
    "initializer": "he_normal",
    "learning_rate": 0.1,
    "momentum": 0.0,
    "batch_size": None,
}
_MOONS = {"dataset": "moons", "n_samples": 500, "noise": 0.1, **_NETWORK}
_WEATHER = {"dataset": "weather", "standardise": True, **_NETWORK}
_MOMENTUM = {"learning_rate": 0.03, "momentum": 0.9, "batch_size": 32}

_BESIDE = "Better and worse: than gradient descent with the same seed; L2 and dropout: than momentum without them."

ARTICLE = Article(
    number="003",
    title="Deep neural networks from scratch in Python",
    author="Piotr Babel",
    builds=(
        "A network of any number of layers, given as a table of sizes and activations, with binary cross-entropy and "
        "plain gradient descent. Its example table is rebuilt here line by line: three ReLU layers of 5, 4 and 3 units "
        "and a sigmoid."
    ),
    finding=(
        "The article names weather as its example and gives neither data nor a result, so the days here are generated "
        "by a stated rule. Its table of layers builds as it stands. It names improvements that train faster and may "
        "end better. Faster is true: with mini-batches a few epochs do what plain gradient descent takes hundreds "
        "for, since each epoch is many steps instead of one; momentum and Adam add a little at the start. Better in "
        "the end is true on the moons only, where plain gradient descent has not caught up after 300 epochs; on the "
        "weather neither mini-batches nor momentum nor Adam ends better than that. L2 and dropout are meant against "
        "overfitting, of which so small a network does little: beside momentum alone they gain a little on the "
        "weather and nothing on the moons, where dropout costs some. With one seed of the moons (seed 6) nothing but "
        "dropout learns: every ReLU of the last hidden layer falls to 0 for every training point, so that no gradient "
        "gets past it, and the answer is the same everywhere. Dropout leaves out units at random, and there one of "
        "them happened to stay alive. One sentence of the article is wrong: to standardise by the mean and deviation "
        "of the whole array. With temperature, humidity and pressure in one array that leaves three columns of "
        "different sizes that hardly vary, and the network learns nothing at all; each feature needs a mean and a "
        "deviation of its own."
    ),
    experiments=(
        Experiment("majority", majority),
        *(
            Experiment(f"{data}_{variant}", partial(learn, data=make, variant=variant), n_quick=1)
            for data, make in _DATA.items()
            for variant in VARIANTS
        ),
        *(
            Experiment(f"scaling_{scaling}", partial(learn, data=make, variant="momentum"), n_quick=1)
            for scaling, make in _SCALINGS.items()
        ),
    ),
    tables=(
        Table(
            f"Generated weather: test accuracy after {EARLY} epochs",
            "Each dot is a seed: other days, another split, other first weights. Better and worse: than gradient "
            "descent with the same seed.",
            "percent",
            _rows("weather", "early", "faster"),
        ),
        Table(
            f"Generated weather: test accuracy after {EPOCHS} epochs",
            "The same runs at their end. The first line is no network at all. " + _BESIDE,
            "percent",
            (
                Row("Always the more frequent answer", "majority", "test"),
                *_rows("weather", "test", "better in the end", Bound("median", low=0.9)),
            ),
        ),
        Table(
            f"Two moons: test accuracy after {EARLY} epochs",
            "The same table of layers with two inputs. Each dot is a seed. Better and worse: than gradient descent "
            "with the same seed.",
            "percent",
            _rows("moons", "early", "faster"),
        ),
        Table(
            f"Two moons: test accuracy after {EPOCHS} epochs",
            "The same runs at their end. " + _BESIDE,
            "percent",
            _rows("moons", "test", "better in the end", Bound("median", low=0.95)),
        ),
        Table(
            "Standardised how: test accuracy on the weather, mini-batches and momentum",
            "Each dot is a seed. The same network on the same days, in other units.",
            "percent",
            (
                Row("Not at all: °C, %, hPa", "scaling_raw", "test"),
                Row("By the whole array, as the article says", "scaling_whole", "test", "a common preprocessing step"),
                Row("Feature by feature", "weather_momentum", "test"),
            ),
        ),
    ),
    charts=tuple(
        Chart(
            f"{title}: test loss in the course of training",
            "The median of the seeds: lower is better. The epochs are on a logarithmic scale.",
            {name: (f"{data}_{variant}", "test_loss") for variant, name in VARIANT_NAMES.items()},
            ("Epochs", "Test loss"),
        )
        for data, title in (("weather", "Generated weather"), ("moons", "Two moons"))
    ),
    presets=(
        Preset("Its layers on two moons, in the playground", "", _MOONS),
        Preset("The same with mini-batches and momentum", "", {**_MOONS, **_MOMENTUM}),
        Preset("Its layers on the weather", "tabular", _WEATHER),
        Preset("The weather with mini-batches and momentum", "tabular", {**_WEATHER, **_MOMENTUM}),
    ),
)
