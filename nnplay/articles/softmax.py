"""Softmax with its full Jacobian, as in the article, beside the engine's, which never builds the matrix."""

from __future__ import annotations

from typing import Any

import numpy as np

from nnplay.articles.evidence.article import Outcome, Work
from nnplay.engine import Network, check_gradient
from nnplay.engine.outputs import SoftmaxOutput

#: Losses that the article puts before the softmax besides the cross-entropy.
SQUARED = ("mean_squared_error", "quadratic")


def softmax(z: np.ndarray) -> np.ndarray:
    """Return the engine's softmax of the logits `z` (n_classes,)."""
    column = z[:, np.newaxis]
    return SoftmaxOutput().value(column, np.empty_like(column))[:, 0]


def jacobian(z: np.ndarray) -> np.ndarray:
    """Return the Jacobian ∂a_i/∂z_j, (n_classes, n_classes), which the engine multiplies by without building it."""
    a = softmax(z)[:, np.newaxis]
    # The product of the transposed Jacobian with the i-th unit vector is its i-th row.
    return np.stack([SoftmaxOutput().times_jacobian(a, unit[:, np.newaxis].copy())[:, 0] for unit in np.eye(len(z))])


def numerical_jacobian(z: np.ndarray, step: float = 1e-5) -> np.ndarray:
    """Return the same by central differences."""
    columns = [(softmax(z + step * unit) - softmax(z - step * unit)) / (2 * step) for unit in np.eye(len(z))]
    return np.stack(columns, axis=1)


def check_softmax(seed: int) -> Work:
    """Compare the Jacobian with a numerical one, and check the gradient of losses behind it."""
    rng = np.random.default_rng(seed)
    z = rng.normal(size=5)
    measures = {"jacobian": float(np.abs(jacobian(z) - numerical_jacobian(z)).max())}
    X, y = rng.normal(size=(30, 4)), rng.integers(0, 3, 30)
    network = Network([4, 6, 3], "tanh", "softmax", seed=seed)
    for loss in ("categorical_cross_entropy", *SQUARED):
        measures[loss] = check_gradient(network, X, y, loss)
        yield len(measures) / 4
    return Outcome(measures)


def jacobians() -> dict[str, Any]:
    """Return the Jacobian of one example and its numerical counterpart."""
    z = np.array([2.0, 1.0, 0.0, -1.0])
    return {
        "jacobian": {
            "logits": z.tolist(),
            "probabilities": softmax(z).tolist(),
            "exact": jacobian(z).tolist(),
            "numerical": numerical_jacobian(z).tolist(),
        }
    }
