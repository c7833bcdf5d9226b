"""Networks worth starting with, named after what they are."""

from __future__ import annotations

from dataclasses import dataclass, replace

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.setting import DIGITS, TABLES


@dataclass(frozen=True)
class Preset:
    """A run to begin with.

    Attributes
    ----------
    label : str
        Short enough for a button.
    description : str
        One sentence.
    config : ExperimentConfig
    command : str
        Trains the same without drawing; empty where that is hardly faster.
    """

    label: str
    description: str
    config: ExperimentConfig
    command: str = ""

    def is_trained_by(self, config: ExperimentConfig) -> bool:
        """Return whether `config` is this run, but for the numbers that it begins with."""
        return replace(config, initializer=self.config.initializer, seed=self.config.seed) == self.config


DIGITS_8X8 = Preset(
    "8×8 digits",
    "Two ReLU layers on the small digits: most are recognised after a few seconds.",
    ExperimentConfig(
        dataset="digits",
        hidden_sizes=(64, 32),
        activation="relu",
        initializer="he_uniform",
        dtype="float32",
        batch_size=32,
        learning_rate=0.01,
        momentum=0.9,
        max_epochs=60,
    ),
)
SIGMOIDS = Preset(
    "MNIST, 100 sigmoids",
    "MNIST with 784-100-10 sigmoid units and the quadratic cost: batches of 10, learning rate 3, 30 epochs.",
    ExperimentConfig(
        dataset="mnist",
        hidden_sizes=(100,),
        activation="sigmoid",
        output="sigmoid",
        loss="quadratic",
        initializer="xavier_uniform",
        dtype="float32",
        batch_size=10,
        learning_rate=3.0,
        momentum=0.0,
        max_epochs=30,
    ),
    "python -m nnplay.articles --only digits",
)
RELUS = Preset(
    "MNIST, two ReLU layers",
    "MNIST with two ReLU layers and softmax, trained with momentum.",
    ExperimentConfig(
        dataset="mnist",
        hidden_sizes=(128, 64),
        activation="relu",
        initializer="he_normal",
        dtype="float32",
        batch_size=128,
        learning_rate=0.05,
        momentum=0.9,
        max_epochs=100,
    ),
    "python -m nnplay.articles --only from-zero.digits",
)
DIABETES = Preset(
    "Diabetes",
    "442 patients, nothing to download. Two tanh layers do slightly better than a linear model.",
    ExperimentConfig(
        dataset="diabetes",
        standardise=True,
        hidden_sizes=(16, 16),
        activation="tanh",
        optimizer="adam",
        learning_rate=0.001,
        regularizer="l2",
        regularization_rate=0.03,
        batch_size=32,
    ),
)
RAIN = Preset(
    "Rain",
    "Will it rain? Three small ReLU layers on generated weather.",
    ExperimentConfig(
        dataset="weather",
        standardise=True,
        hidden_sizes=(5, 4, 3),
        activation="relu",
        initializer="he_normal",
        learning_rate=0.03,
        momentum=0.9,
        batch_size=32,
    ),
)
HOUSING = Preset(
    "House values",
    "California's house values with 8-64-64-1 and Adam: standardised columns, logarithm of the value.",
    ExperimentConfig(
        dataset="california",
        standardise=True,
        log_target=True,
        test_fraction=0.2,
        hidden_sizes=(64, 64),
        activation="tanh",
        dtype="float32",
        optimizer="adam",
        learning_rate=0.01,
        schedule="cosine(epochs=60)",
        batch_size=64,
        max_epochs=60,
    ),
)

#: By the page where they are offered.
PRESETS: dict[str, tuple[Preset, ...]] = {
    DIGITS: (DIGITS_8X8, SIGMOIDS, RELUS),
    TABLES: (DIABETES, RAIN, HOUSING),
}
