"""Points between two lines and outside of them: what two hidden units can do, and what more of them add."""

from __future__ import annotations

import numpy as np

from nnplay.articles.evidence.article import Outcome, Work
from nnplay.articles.evidence.training import trained
from nnplay.datasets import Dataset
from nnplay.engine import SGD, Network, activations
from nnplay.experiment.training.session import TrainingSession

WIDTHS = (2, 4, 8, 16)
ITERATIONS = 1000
#: A network has found both lines from this accuracy on.
SOLVED = 0.98
#: The lines are x1 + x2 = ±OFFSET, and no point is nearer to them than GAP, measured in x1 + x2.
N_SAMPLES, OFFSET, GAP = 200, 0.6, 0.1
#: How steeply the hidden units rise across their lines.
SLOPES = {"gentle": 1.0, "steep": 3.0}


def points(seed: int) -> Dataset:
    """Return points of a square, class 1 between two lines."""
    X = np.random.default_rng(seed).uniform(-1, 1, (4 * N_SAMPLES, 2))
    X = X[np.abs(np.abs(X.sum(axis=1)) - OFFSET) > GAP][:N_SAMPLES]
    return Dataset(X, (np.abs(X.sum(axis=1)) < OFFSET).astype(int), name="two lines")


def draw_biases(network: Network, seed: int) -> Network:
    """Draw the biases as the weights are, from N(0, 2/(n_in + n_out)), as the article does."""
    rng = np.random.default_rng(seed)
    for weights, biases in zip(network.weights, network.biases, strict=True):
        biases[:] = rng.normal(0, np.sqrt(2 / sum(weights.shape)), len(biases))
    return network


def learn(seed: int, activation: str, units: int, has_drawn_biases: bool = True) -> Work:
    """Train 2-`units`-2 with softmax by gradient descent with momentum 0.9 and a learning rate of 0.1."""
    network = Network([2, units, 2], activation, "softmax", initializer="xavier_normal", seed=seed)
    if has_drawn_biases:
        draw_biases(network, seed)
    optimizer = SGD(learning_rate=0.1, momentum=0.9)
    training = TrainingSession(network, points(seed), optimizer=optimizer, evaluate_every=0, seed=seed)
    yield from trained(training, ITERATIONS)
    accuracy = training.measure()[2]
    return Outcome({"accuracy": accuracy, "solved": float(accuracy >= SOLVED)})


def margins(seed: int) -> Work:
    """Set the two lines by hand and measure the gap between the classes in the plane of the two hidden units.

    The gap is that of the widest straight road between the classes, from its middle to its edge; as it is, and
    as a share of the points' spread.
    """
    from sklearn.svm import SVC

    data = points(seed)
    across = data.X.sum(axis=1)
    measures = {}
    for name, slope in SLOPES.items():
        lines = slope * np.stack([across - OFFSET, -across - OFFSET], axis=1)
        for activation in ("relu", "tanh"):
            hidden = activations.get(activation)(lines)
            # Any overlap would cost so much that the road is as wide as the classes let it be.
            fit = SVC(kernel="linear", C=1e6).fit(hidden, data.y)
            margin = float(1 / np.linalg.norm(fit.coef_))
            measures[f"{activation}_{name}"] = margin
            measures[f"{activation}_{name}_share"] = margin / float(np.sqrt(hidden.var(axis=0).sum()))
            measures[f"{activation}_{name}_accuracy"] = float(fit.score(hidden, data.y))
        yield 0.5
    return Outcome(measures)
