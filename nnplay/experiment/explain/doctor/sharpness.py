"""Sharpness: how steeply the loss curves in its steepest direction, and how large a step that allows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from nnplay.engine import SGD, Adam, Optimizer

Vector = NDArray[np.float64]
#: The gradient at some parameters, a new array each time.
Gradient = Callable[[Vector], Vector]

#: Products with the Hessian, at most. Lanczos' largest value is right to a per cent after about a dozen.
MOST_PRODUCTS = 24
#: The largest value counts as found when it moves by less than this share in a round.
CLOSE = 1e-3
#: How far apart the two gradients of a difference are, as a step in the parameters of this length times their own size:
#: the cube root of double precision's last digit, where rounding and curving err alike in a central difference.
STEP = 6e-6


def times_hessian(gradient: Gradient, parameters: Vector, direction: Vector) -> Vector:
    """Return the Hessian times `direction`, by the difference of the gradients on both sides of `parameters`."""
    length = float(np.linalg.norm(direction))
    if not length:
        return np.zeros_like(direction)
    reach = STEP * max(1.0, float(np.linalg.norm(parameters))) / length
    ahead, behind = gradient(parameters + reach * direction), gradient(parameters - reach * direction)
    return np.asarray((ahead - behind) / (2 * reach))


def sharpness(
    gradient: Gradient,
    parameters: Vector,
    scale: Vector | float = 1.0,
    most: int = MOST_PRODUCTS,
    close: float = CLOSE,
) -> float:
    """Return the largest eigenvalue of the Hessian, or of ``√scale · Hessian · √scale``.

    By Lanczos' iteration: power iteration that keeps the directions it went through, and so needs a third of the
    products.

    Parameters
    ----------
    gradient : callable
        Returns the gradient (n_parameters,) at any parameters.
    parameters : ndarray, (n_parameters,)
    scale : ndarray, (n_parameters,), or float
        By what the optimizer multiplies each parameter's step; 1 for gradient descent.
    most : int
        Products with the Hessian, each of which takes two gradients.
    close : float

    Source: Golub and Van Loan, Matrix Computations, section 10.1; Pearlmutter (1994) for products with the Hessian.
    """
    root = np.sqrt(scale) * np.ones_like(parameters)
    direction = np.random.default_rng(0).normal(size=parameters.size)  # the same each time: the same answer
    basis = [direction / np.linalg.norm(direction)]
    diagonal: list[float] = []
    beside: list[float] = []
    largest = 0.0
    for _ in range(min(most, parameters.size)):
        product = root * times_hessian(gradient, parameters, root * basis[-1])
        if not np.isfinite(product).all():
            return float("inf")
        diagonal.append(float(product @ basis[-1]))
        before, largest = largest, _largest(diagonal, beside)
        for _ in range(2):  # rounding lets directions found already creep in again; once isn't enough
            for known in basis:
                product = product - (product @ known) * known
        left = float(np.linalg.norm(product))
        if left <= 1e-10 * abs(largest) or (len(diagonal) > 3 and abs(largest - before) <= close * abs(largest)):
            break
        beside.append(left)
        basis.append(product / left)
    return largest


def _largest(diagonal: list[float], beside: list[float]) -> float:
    matrix = np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
    return float(np.linalg.eigvalsh(matrix)[-1])


def step_scale(optimizer: Optimizer) -> Vector | float:
    """Return by what `optimizer` multiplies each parameter's next step, besides its rate; 1 before the first step."""
    state, values = optimizer.state, optimizer.hyperparameters
    squares = state.get("mean_square", state.get("sum_square"))
    if squares is None:
        return 1.0
    if not squares.any():
        return 1.0
    # What is still 0 has had no gradient: it isn't going to move far, and must not count as the sharpest.
    root = np.sqrt(np.maximum(squares.astype(float), 0.0)) + values["epsilon"]
    correction = 1.0
    if isinstance(optimizer, Adam) and optimizer.n_updates:
        correction = float(np.sqrt(1 - optimizer.beta_2**optimizer.n_updates))
    return np.asarray(np.where(squares > 0, correction / root, 0.0))


def stable_product(optimizer: Optimizer) -> float:
    """Return the product of rate and sharpness from which on the steps of `optimizer` grow, on a parabola.

    2 for gradient descent; momentum β carries further: 2 + 2β, with Nesterov's look ahead (2 + 2β) / (1 + 2β), and
    where the gradient is averaged as in Adam (2 + 2β) / (1 − β).

    Source: Cohen et al. (2021), Gradient descent on neural networks typically occurs at the edge of stability,
    appendix B; (2022) for adaptive methods, https://arxiv.org/abs/2207.14484
    """
    if isinstance(optimizer, Adam):
        return (2 + 2 * optimizer.beta_1) / (1 - optimizer.beta_1)
    if isinstance(optimizer, SGD):
        carried = 2 + 2 * optimizer.momentum
        return carried / (1 + 2 * optimizer.momentum) if optimizer.nesterov else carried
    return 2.0
