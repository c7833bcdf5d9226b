"""Article 001: handwritten digits, a hundred sigmoids, the quadratic cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from nnplay.articles.article import Article, Bound, Chart, Experiment, Outcome, Preset, Row, Table, Work, written
from nnplay.articles.training import Course, Stopwatch, trained
from nnplay.datasets import stored
from nnplay.engine import SGD, Network
from nnplay.experiment.session import TrainingSession

EPOCHS = 30
#: The article's test accuracy, and how far below it counts as the same.
CLAIMED, CLOSE = 0.9659, 0.005
#: Epochs after which the accuracy is measured.
_LOOKS = (0, 1, 2, 3, 5, 10, 20, EPOCHS)


def session(seed: int, initializer: str) -> TrainingSession:
    """Return the article's training, untrained: 784-100-10 sigmoids, batches of 10, learning rate 3."""
    train, test = stored.split("mnist")
    network = Network([784, 100, 10], "sigmoid", "sigmoid", initializer=initializer, dtype="float32", seed=seed)
    return TrainingSession(
        network,
        train,
        test,
        loss="quadratic",
        optimizer=SGD(learning_rate=3.0),
        batch_size=10,
        evaluate_every=0,
        seed=seed,
    )


def learn(seed: int, initializer: str) -> Work:
    """Train for the article's 30 epochs; the seconds are those of training alone."""
    training, course, stopwatch = session(seed, initializer), Course(), Stopwatch()
    yield from trained(training, EPOCHS, _LOOKS, course, stopwatch)
    _, _, train, test = course.at(EPOCHS)
    return Outcome({"train": train, "test": test, "seconds": stopwatch.seconds}, {"test_accuracy": course.curve(3)})


_FIELDS = {
    "dataset": "mnist",
    "hidden_sizes": [100],
    "activation": "sigmoid",
    "output": "sigmoid",
    "loss": "quadratic",
    "dtype": "float32",
    "learning_rate": 3.0,
    "momentum": 0.0,
    "batch_size": 10,
    "max_epochs": EPOCHS,
}


def tally(measures: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """Say with how many seeds N(0, 1) comes to the article's figure, and what the others come to."""
    if "normal" not in measures:
        return ""
    values = measures["normal"]["test"]
    others = [value for value in values if value < CLAIMED - CLOSE]
    if not others:
        return f"All {len(values)} stored seeds of N(0, 1) come to the article's figure."
    low, high = (written("percent", end(others)) for end in (min, max))
    return (
        f"Of the {len(values)} stored seeds of N(0, 1), {len(values) - len(others)} come to the article's figure; the "
        f"others end at {low if low == high else f'{low} to {high}'}."
    )


ARTICLE = Article(
    number="001",
    title="Building a deep neural network from scratch using Python",
    author="Naga Durga Sreenivasulu Kedari",
    builds=(
        "One hidden layer of a hundred sigmoids and ten sigmoids for the digits, 784-100-10, with the quadratic cost, "
        "batches of 10 and a learning rate of 3, for 30 epochs of MNIST."
    ),
    finding=(
        "The article draws its first weights from N(0, 1). With 784 inputs a unit then adds up hundreds of such "
        "weights, and most hidden sigmoids begin at their flat ends, where the gradient is almost nothing. How many "
        "of them ever come back depends on the draw: with some seeds the article's figure comes out, with others "
        "digits are still unlearned after 30 epochs. Weights that are scaled by the number of inputs (Xavier) begin "
        "in the steep part: a better result, and nearly the same with every seed."
    ),
    tally=tally,
    experiments=(
        Experiment("normal", partial(learn, initializer="normal"), n_seeds=5, n_quick=0, data="mnist"),
        Experiment("xavier", partial(learn, initializer="xavier_uniform"), n_seeds=5, n_quick=0, data="mnist"),
    ),
    tables=(
        Table(
            "Test accuracy on MNIST after 30 epochs",
            "Each dot is a seed, which decides the first weights and the order of the images; the 10 000 test images "
            "are always the same.",
            "percent",
            (
                Row("First weights from N(0, 1), as in the article", "normal", "test", "96.59 %", CLAIMED),
                Row("First weights by Xavier", "xavier", "test", "96.59 %", CLAIMED, Bound("lowest", low=0.975)),
            ),
        ),
        Table(
            "Seconds of training",
            "For all 30 epochs, without the measuring in between, on the machine named above, whatever else ran on it. "
            "The article names no time: the target is our own, for a machine that does nothing else. What other "
            "libraries take on one's own machine: python benchmarks/engine.py.",
            "seconds",
            (Row("784-100-10, 180 000 mini-batches", "xavier", "seconds", bound=Bound("median", high=15.0)),),
        ),
    ),
    charts=(
        Chart(
            "Test accuracy in the course of training",
            "The median of the seeds, and from the lowest to the highest. The epochs are on a logarithmic scale.",
            {
                "Xavier": ("xavier", "test_accuracy"),
                "N(0, 1)": ("normal", "test_accuracy"),
            },
            ("Epochs", "Test accuracy"),
        ),
    ),
    presets=(
        Preset("With Xavier weights", "digits", _FIELDS),
        Preset("With N(0, 1) weights", "digits", {**_FIELDS, "initializer": "normal"}),
    ),
)
