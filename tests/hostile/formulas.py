"""Formulas: arithmetic that is or isn't one, and anything else."""

from __future__ import annotations

from random import Random

import numpy as np

from nnplay import ExperimentConfig
from nnplay.datasets.features import checked_features, compute_features, feature_label
from tests.hostile import values
from tests.hostile.case import Case
from tests.hostile.links import train

TOKENS = (
    "x1", "x2", "x", "pi", "e", "1", "2", "0.5", "1e3", "+", "-", "*", "/", "**", "^", "²", "(", ")", ",", " ", "sin(",
    "max(", "min(", "log(", "exp(", "sqrt(", "tanh", "abs(", "if", "else", "lambda", "1e5if", "in", "not", "x1(", "π",
    ".", "..", "_", "=", "==", "[", "]", "'", ":", "j", "9" * 20, "0x1", "sine(", "x3", "X1", "٢", "\n", "1_0",
    "**9**9",
)  # fmt: skip


def case(random: Random) -> Case:
    """Return a list of formulas."""
    formulas = tuple(_formula(random) for _ in range(random.choice((1, 1, 1, 3, 14, 200))))
    return Case(f"{formulas!r:.300}", sum(map(len, formulas)), lambda: checked_features(formulas), _use)


def _formula(random: Random) -> str:
    kind = random.random()
    if kind < 0.1:
        return values.long_text(random, 100_000)
    if kind < 0.2:
        return values.text(random)
    if kind < 0.6:
        return _arithmetic(random, 0)
    return "".join(random.choice(TOKENS) for _ in range(random.choice((1, 2, 4, 8, 30))))


def _arithmetic(random: Random, depth: int) -> str:
    if depth > 3 or random.random() < 0.3:
        return random.choice(("x1", "x2", "2", "0.5", "pi", "1e9", "-3"))
    inner, other = _arithmetic(random, depth + 1), _arithmetic(random, depth + 1)
    return random.choice((
        f"{inner}+{other}", f"({inner})*{other}", f"{inner}/{other}", f"{inner}**{other}", f"sin({inner})",
        f"max({inner}, {other})", f"log({inner})", f"-({inner})", f"sqrt(abs({inner}))", f"exp({inner})",
    ))  # fmt: skip


def _use(features: tuple[str, ...]) -> None:
    assert checked_features(features) == features
    X = np.random.default_rng(0).normal(size=(20, 2))
    assert compute_features(features, X).shape == (20, len(features))
    for feature in features:
        for n in (1, 2):
            assert feature_label(feature, n).isprintable()
    try:
        config = ExperimentConfig(features=features, hidden_sizes=(2,), n_samples=20)
    except ValueError:
        return  # no finite number somewhere on the plane
    train(config)
