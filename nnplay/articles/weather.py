"""A network described by a table of layers, on weather data; and every improvement that the article suggests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from nnplay import datasets
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
from nnplay.articles.evidence.names_kept import check_names
from nnplay.articles.evidence.training import Course, standardised, trained
from nnplay.articles.layer_table import build, table_of
from nnplay.datasets import Dataset
from nnplay.datasets.stored.weather import make_weather
from nnplay.engine import L2, SGD, Adam
from nnplay.experiment.config.presets import RAIN
from nnplay.experiment.training.session import TrainingSession

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
_MOMENTUM: dict[str, Any] = {"optimizer": SGD(learning_rate=0.03, momentum=0.9), "batch_size": 32}
VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {"optimizer": SGD(learning_rate=0.1)},
    "mini_batches": {"optimizer": SGD(learning_rate=0.1), "batch_size": 32},
    "momentum": _MOMENTUM,
    "adam": {"optimizer": Adam(learning_rate=0.01), "batch_size": 32},
    "l2": _MOMENTUM | {"regularizer": L2(1e-3)},
    "dropout": _MOMENTUM | {"dropout": 0.1},
}
#: Of dropout, too, a rate that is usual in wider layers.
_OTHERS = {"dropout_half": VARIANTS["dropout"] | {"dropout": 0.5}}
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


def few_days(seed: int) -> tuple[Dataset, Dataset]:
    """Return 40 days to train on and 960 to test on: few enough to learn by heart."""
    return standardised(*make_weather(n_samples=1000, seed=seed).split(0.96, seed=seed))


def moons(seed: int) -> tuple[Dataset, Dataset]:
    """Return two moons, a quarter held for testing."""
    return datasets.make("moons", n_samples=500, noise=0.1, seed=seed).split(0.25, seed=seed)


#: What the article's sentence on initial weights is taken to mean; our copy's code is cut before the number.
SMALL = "normal(std=0.01)"


def learn(
    seed: int,
    data: Callable[[int], tuple[Dataset, Dataset]],
    variant: str,
    initializer: str = "he_normal",
    wide: int = 1,
) -> Work:
    """Build the article's network from its table, `wide` times as wide, and train it in one of these ways."""
    train, test = data(seed)
    hidden = [{**layer, "layer_size": layer["layer_size"] * wide} for layer in ARCHITECTURE[1:-1]]
    table = [{**ARCHITECTURE[0], "layer_size": train.n_features}, *hidden, ARCHITECTURE[-1]]
    network = build(table_of(build(table)), initializer, seed)  # there and back again: the table says all
    settings = (VARIANTS | _OTHERS)[variant]
    settings = settings | {"optimizer": replace(settings["optimizer"])}
    training, course = TrainingSession(network, train, test, evaluate_every=0, seed=seed, **settings), Course()
    yield from trained(training, EPOCHS, (*spaced(EPOCHS), EARLY), course)
    early, end = course.at(EARLY), course.at(EPOCHS)
    measures = {"test": end[3], "early": early[3], "cost": end[0], "early_cost": early[0], "test_cost": end[1]}
    return Outcome(measures, {"test_loss": course.curve(1)})


def majority(seed: int) -> Work:
    """Always answer what is more frequent in the training days."""
    train, test = raw_weather(seed)
    answer = int(np.bincount(train.y).argmax())
    yield 1.0
    return Outcome({"test": float((test.y == answer).mean())})


_STEPS = ("mini_batches", "momentum", "adam")


def _rows(data: str, measure: str, best: Bound | None = None) -> tuple[Row, ...]:
    """Return a row for each variant, beside plain gradient descent; L2 and dropout beside momentum without them."""
    return tuple(
        Row(
            name,
            f"{data}_{variant}",
            measure,
            bound=best if variant == "adam" else None,
            rival={"plain": None, "l2": f"{data}_momentum", "dropout": f"{data}_momentum"}.get(
                variant, f"{data}_plain"
            ),
        )
        for variant, name in VARIANT_NAMES.items()
    )


def _cost_tests(measure: str) -> tuple[Test, ...]:
    """Return a test for each faster method and data set: a lower cost than plain gradient descent's."""
    return tuple(
        Test(f"{VARIANT_NAMES[variant]}, {data}", "loss", f"{data}_{variant}", measure, rival=f"{data}_plain")
        for data in ("weather", "moons")
        for variant in _STEPS
    )


_RAIN = replace(RAIN.config, learning_rate=0.1, momentum=0.0, batch_size=None)
_MOONS = replace(_RAIN, dataset="moons", n_samples=500, noise=0.1, standardise=False)

_BESIDE = "Better and worse: than gradient descent with the same seed; L2 and dropout: than momentum without them."

ARTICLE = Article(
    key="layer-table",
    number="003",
    name="Layers in a table",
    title="Deep neural networks from scratch in Python",
    author="Piotr Babel",
    link="",
    builds=(
        "A network of any number of layers, given as a table of sizes and activations, with binary cross-entropy and "
        "plain gradient descent. Its example table is rebuilt here line by line: three ReLU layers of 5, 4 and 3 units "
        "and a sigmoid. The article names weather as its example but gives no data and no result, so the days here are "
        "generated by a stated rule."
    ),
    finding=(
        "The design is good: a table of layers describes a network completely. The printed code needs two small "
        "fixes. Two of its tips, on initial weights and on standardising, keep this very network from learning at "
        "all."
    ),
    claims=(
        Claim(
            "The snippets together are the full implementation of the model.",
            "The names that the printed loops store and look up, with the four layers of its table.",
            (Test("Loops that stop with a KeyError", "count", "names", "printed", bound=Bound("highest", high=0)),),
            "The backward pass looks up 'A0', the inputs, which the forward pass never stored: KeyError 'A0'. The "
            "update takes the number of entries in the dictionary, weights and biases together, for the number of "
            "layers, and looks up a fifth of four: KeyError 'W5'.",
            "With the inputs stored, and the layers counted, both loops run.",
            (Figure("Loops that stop, fixed", "count", "names", "mended"),),
        ),
        Claim(
            "Small random initial weights guarantee a good enough starting point.",
            "Its layers on the weather data, with initial weights from N(0, 0.01²), which is how we read “small”. "
            "To hold, they must beat always predicting the more frequent class.",
            (
                Test("Gradient descent, test accuracy", "percent", "small_plain", "test", rival="majority"),
                Test("Mini-batches and momentum, test accuracy", "percent", "small_momentum", "test", rival="majority"),
            ),
            "Each layer multiplies its inputs by weights near 0.01, and four layers in a row leave almost nothing "
            "of them. On its way back, the gradient shrinks just as much. So only the last bias learns, and the "
            "network always predicts the more frequent class.",
            "Initial weights scaled by the number of inputs (He), which the article names as another way.",
            (
                Figure("Gradient descent, test accuracy", "percent", "weather_plain", "test"),
                Figure("Mini-batches and momentum, test accuracy", "percent", "weather_momentum", "test"),
            ),
            is_authors_setup=False,
        ),
        Claim(
            "A common preparation is to standardise by the mean and the standard deviation of the whole array.",
            "Its layers on the weather data, prepared in this way. To work, they must beat always predicting the "
            "more frequent class.",
            (Test("Test accuracy", "percent", "scaling_whole", "test", rival="majority"),),
            "With temperature, humidity and pressure in one array, the mean lies far from all three. Each column "
            "keeps its own offset and hardly varies around it, so the network sees almost the same numbers every "
            "day.",
            "Each column by its own mean and standard deviation.",
            (Figure("Test accuracy", "percent", "weather_momentum", "test"),),
            is_authors_setup=False,
        ),
        Claim(
            "Mini-batches, momentum and Adam can speed up learning.",
            f"The cost on the training data after {EARLY} epochs, lower than that of gradient descent with the same "
            "seed; on the weather and on two moons.",
            _cost_tests("early_cost"),
            "An epoch of gradient descent is one step. With batches of 32 it is two dozen steps, so a few epochs do "
            "what took hundreds. Momentum and Adam make each of those steps go farther.",
            is_authors_setup=False,
        ),
        Claim(
            "They can even get you to a better final value of the cost function.",
            f"The same after {EPOCHS} epochs.",
            _cost_tests("cost"),
            "In the same number of epochs, the faster methods reach a lower cost. But only the cost on the "
            "training data falls: the accuracy on new days gains nothing, as the tables below show.",
            is_authors_setup=False,
        ),
        Claim(
            "L2 regularisation and dropout help against overfitting when the training set is not big enough.",
            "Its layers ten times as wide on 40 training days, with momentum; the loss on 960 other days, which "
            "grows when a network memorises the training days. Compared with momentum alone.",
            (
                Test("L2 0.001, test loss", "loss", "few_l2", "test_cost", rival="few_momentum"),
                Test("Dropout 0.1, test loss", "loss", "few_dropout", "test_cost", rival="few_momentum"),
                Test("Dropout 0.5, test loss", "loss", "few_dropout_half", "test_cost", rival="few_momentum"),
            ),
            "A network that has memorised 40 days is overconfident, and often wrong, on other days, which makes "
            "its loss large. L2 keeps the weights small, and with them the confidence. Dropout is meant to make "
            "the units independent of each other; in layers this narrow, it brings no gain that the seeds could "
            "show.",
            "On 750 days, with the article's own widths, there is little overfitting to help against.",
            (
                Figure("Momentum alone, test accuracy", "percent", "weather_momentum", "test"),
                Figure("With L2", "percent", "weather_l2", "test"),
                Figure("With dropout", "percent", "weather_dropout", "test"),
            ),
            is_authors_setup=False,
        ),
    ),
    experiments=(
        Experiment("names", check_names, n_seeds=1, n_quick=1),
        Experiment("majority", majority),
        *(
            Experiment(f"{data}_{variant}", partial(learn, data=make, variant=variant), n_quick=1)
            for data, make in (("weather", weather), ("moons", moons))
            for variant in VARIANTS
        ),
        *(
            Experiment(f"small_{variant}", partial(learn, data=weather, variant=variant, initializer=SMALL), n_quick=1)
            for variant in ("plain", "momentum")
        ),
        *(
            Experiment(f"few_{variant}", partial(learn, data=few_days, variant=variant, wide=10), n_quick=1)
            for variant in ("momentum", "l2", "dropout", "dropout_half")
        ),
        *(
            Experiment(f"scaling_{scaling}", partial(learn, data=make, variant="momentum"), n_quick=1)
            for scaling, make in (("whole", wholly_standardised_weather), ("raw", raw_weather))
        ),
    ),
    tables=(
        Table(
            f"Generated weather: test accuracy after {EARLY} epochs",
            "Each dot is a seed, with its own days, split and initial weights. " + _BESIDE,
            "percent",
            _rows("weather", "early"),
        ),
        Table(
            f"Generated weather: test accuracy after {EPOCHS} epochs",
            "The same runs at their end. The first row is not a network. " + _BESIDE,
            "percent",
            (
                Row("Always the more frequent class", "majority", "test"),
                *_rows("weather", "test", Bound("median", low=0.9)),
            ),
        ),
        Table(
            f"Two moons: test accuracy after {EARLY} epochs",
            "The same table of layers with two inputs. Each dot is a seed. " + _BESIDE,
            "percent",
            _rows("moons", "early"),
        ),
        Table(
            f"Two moons: test accuracy after {EPOCHS} epochs",
            "The same runs at their end. With one seed nothing but dropout learns: every ReLU of the last hidden layer "
            "falls to 0 for every point, and no gradient gets past it. " + _BESIDE,
            "percent",
            _rows("moons", "test", Bound("median", low=0.95)),
        ),
        Table(
            "Initial weights: test accuracy on the weather",
            "Each dot is a seed. He's weights are compared with the small ones, trained in the same way.",
            "percent",
            (
                Row("N(0, 0.01²), gradient descent", "small_plain", "test"),
                Row("He, gradient descent", "weather_plain", "test", rival="small_plain"),
                Row("N(0, 0.01²), mini-batches, momentum", "small_momentum", "test"),
                Row("He, mini-batches, momentum", "weather_momentum", "test", rival="small_momentum"),
            ),
        ),
        Table(
            "40 training days: loss on 960 others",
            "Farther to the left is better. Each dot is a seed. L2 and dropout are compared with momentum alone.",
            "loss",
            (
                Row("Momentum alone, 40 days", "few_momentum", "test_cost"),
                Row("With L2 0.001, 40 days", "few_l2", "test_cost", rival="few_momentum"),
                Row("With dropout 0.1, 40 days", "few_dropout", "test_cost", rival="few_momentum"),
                Row("With dropout 0.5, 40 days", "few_dropout_half", "test_cost", rival="few_momentum"),
            ),
        ),
        Table(
            "Ways to standardise: test accuracy on the weather, mini-batches and momentum",
            "Each dot is a seed. The same network on the same days, scaled differently. Compared with no scaling "
            "at all.",
            "percent",
            (
                Row("Not at all: °C, %, hPa", "scaling_raw", "test"),
                Row("By the whole array, as the article says", "scaling_whole", "test", rival="scaling_raw"),
                Row("Feature by feature", "weather_momentum", "test", rival="scaling_raw"),
            ),
        ),
    ),
    charts=tuple(
        Chart(
            f"{title}: test loss during training",
            "The median of the seeds: lower is better. The epochs are on a logarithmic scale.",
            {name: (f"{data}_{variant}", "test_loss") for variant, name in VARIANT_NAMES.items()},
            ("Epochs", "Test loss"),
        )
        for data, title in (("weather", "Generated weather"), ("moons", "Two moons"))
    ),
    presets=(
        Preset("Two moons, ReLU layers 5-4-3", "", _MOONS),
        Preset(
            "Two moons, with mini-batches and momentum",
            "",
            replace(_MOONS, learning_rate=0.03, momentum=0.9, batch_size=32),
        ),
        Preset("Rain, ReLU layers 5-4-3", "tabular", _RAIN),
        Preset("Rain, with mini-batches and momentum", "tabular", RAIN.config),
    ),
)
