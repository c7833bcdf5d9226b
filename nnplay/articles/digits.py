"""Handwritten digits, a hundred sigmoids, the quadratic cost."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

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
)
from nnplay.articles.evidence.training import Course, Stopwatch, trained
from nnplay.experiment.config.presets import SIGMOIDS

EPOCHS = SIGMOIDS.config.max_epochs
#: The article's test accuracy.
CLAIMED = 0.9659
#: Epochs after which the accuracy is measured.
_LOOKS = (0, 1, 2, 3, 5, 10, 20, EPOCHS)


def learn(seed: int, initializer: str, batch_size: int = 10) -> Work:
    """Train 784-100-10 sigmoids for the article's 30 epochs; the seconds are those of training alone."""
    config = replace(SIGMOIDS.config, seed=seed, initializer=initializer, batch_size=batch_size)
    training, course, stopwatch = config.build(evaluate_every=0), Course(), Stopwatch()
    yield from trained(training, EPOCHS, _LOOKS, course, stopwatch)
    _, _, train, test = course.at(EPOCHS)
    return Outcome({"train": train, "test": test, "seconds": stopwatch.seconds}, {"test_accuracy": course.curve(3)})


#: The book that the article follows.
BOOK = "http://neuralnetworksanddeeplearning.com/chap1.html"

ARTICLE = Article(
    key="digits",
    number="001",
    name="Handwritten digits",
    title="Building deep neural network from scratch using Python",
    author="Naga Durga Sreenivasulu Kedari",
    link="https://medium.com/analytics-vidhya/building-deep-neural-network-from-scratch-using-python-b6256a60879",
    builds=(
        "One hidden layer of a hundred sigmoid units and ten sigmoid outputs, 784-100-10, with squared errors, "
        "trained on MNIST by fit(train_data, 30, 10, 3.0): 30 epochs, a 10 that has to do with the batches, and a "
        "learning rate of 3."
    ),
    finding=(
        "Whether the article's figure comes out depends on the initial weights. With weights of the right size, "
        "every seed does better than the article."
    ),
    claims=(
        Claim(
            "The network's test accuracy is 96.59 %.",
            "784-100-10, batches of 10, learning rate 3, 30 epochs, on MNIST's official split; the article makes "
            "its own split and doesn't give its size. It says only that the initial weights are random; here they "
            "are drawn from N(0, 1), as in the book that it follows.",
            (Test("Test accuracy", "percent", "normal", "test", claimed=CLAIMED),),
            "With 784 inputs, a unit adds up hundreds of such weights. Most sigmoids therefore start at their flat "
            "ends, where the gradient is almost zero, and how many of them recover is luck. 96.59 % is also, to "
            f"the last digit, the figure in [chapter 1 of Michael Nielsen's book]({BOOK}), which the article names "
            "as its inspiration; a footnote there says that results vary quite a lot from run to run.",
            "Weights scaled by the number of inputs (Xavier) start in the steep part of the sigmoid.",
            (Figure("Test accuracy", "percent", "xavier", "test"),),
        ),
        Claim(
            "The 10 in fit(train_data, 30, 10, 3.0) splits the input into 10 batches.",
            "The same training with ten batches of 6 000 images instead of 6 000 batches of ten.",
            (Test("Test accuracy", "percent", "ten_batches", "test", claimed=CLAIMED),),
            "Ten batches an epoch are 300 steps in all, too few to learn the digits. With batches of ten there are "
            "180 000 steps, and the figure comes out with some seeds: so 10 must be the size of a batch.",
        ),
    ),
    experiments=(
        Experiment("normal", partial(learn, initializer="normal"), n_seeds=5, n_quick=0, data="mnist"),
        Experiment("ten_batches", partial(learn, initializer="normal", batch_size=6000), 5, 0, "mnist"),
        Experiment("xavier", partial(learn, initializer="xavier_uniform"), n_seeds=5, n_quick=0, data="mnist"),
    ),
    tables=(
        Table(
            "Test accuracy on MNIST after 30 epochs",
            "Each dot is a seed, which decides the initial weights and the order of the images; the 10 000 test images "
            "are always the same.",
            "percent",
            (
                Row("Initial weights from N(0, 1)", "normal", "test", "96.59 %", CLAIMED),
                Row("The same in ten batches of 6 000", "ten_batches", "test"),
                Row("Initial weights by Xavier", "xavier", "test", bound=Bound("lowest", low=0.975)),
            ),
        ),
        Table(
            "Seconds of training",
            "For all 30 epochs, without the measuring in between, on the machine named above, which may have been "
            "busy. The article gives no time; the target is ours, for an idle machine. To compare with other "
            "libraries on your own machine, run python benchmarks/engine.py.",
            "seconds",
            (Row("784-100-10, 180 000 mini-batches", "xavier", "seconds", bound=Bound("median", high=15.0)),),
        ),
    ),
    charts=(
        Chart(
            "Test accuracy during training",
            "The median of the seeds, and their range from the lowest to the highest. The epochs are on a "
            "logarithmic scale.",
            {
                "Xavier": ("xavier", "test_accuracy"),
                "N(0, 1)": ("normal", "test_accuracy"),
            },
            ("Epochs", "Test accuracy"),
        ),
    ),
    presets=(
        Preset("MNIST, 100 sigmoids, Xavier weights", "digits", SIGMOIDS.config),
        Preset("MNIST, 100 sigmoids, N(0, 1) weights", "digits", replace(SIGMOIDS.config, initializer="normal")),
    ),
)
