"""Runs on tables worth beginning with: a small one that is there at once, and those of the articles."""

from __future__ import annotations

from nnplay.experiment.config import ExperimentConfig

#: What the page of tables begins with.
DIABETES = ExperimentConfig(
    dataset="diabetes",
    standardise=True,
    hidden_sizes=(16, 16),
    activation="tanh",
    optimizer="adam",
    learning_rate=0.001,
    regularizer="l2",
    regularization_rate=0.03,
    batch_size=32,
)
#: Article 003's layers, on weather by a rule.
RAIN = ExperimentConfig(
    dataset="weather",
    standardise=True,
    hidden_sizes=(5, 4, 3),
    activation="relu",
    initializer="he_normal",
    learning_rate=0.03,
    momentum=0.9,
    batch_size=32,
)
#: Article 004's house values, by their logarithm.
HOUSING = ExperimentConfig(
    dataset="california",
    standardise=True,
    log_target=True,
    test_fraction=0.2,
    hidden_sizes=(64, 64),
    activation="tanh",
    dtype="float32",
    optimizer="adam",
    learning_rate=0.01,
    schedule="cosine(epochs=100)",
    batch_size=64,
    max_epochs=100,
)

#: By what they are called in the menu.
TABLE_PRESETS: dict[str, ExperimentConfig] = {
    "Diabetes": DIABETES,
    "Rain, article 003": RAIN,
    "Housing, article 004": HOUSING,
}
