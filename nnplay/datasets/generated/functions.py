"""Functions of one variable to fit: y = f(x), plus noise, for x from -1 to 1. One decorated function adds one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.formulas import parse_formula
from nnplay.datasets.generated import generators  # noqa: F401  in a menu those over the plane come first
from nnplay.datasets.generated.recipes import FormulaOption, Option, recipe
from nnplay.refusal import Refusal
from nnplay.wording import Help

Values = NDArray[np.float64]

_WAVES = Help(
    "How many waves there are from −1 to 1.",
    "Few: a small network fits them.",
    "Many: it takes more units, and more points, to follow each bend.",
)
_FORMULA = Help(
    "The formula for y, such as x**3 - x or sign(sin(9*x)).", when="Type your own to see whether it can be learned."
)
#: Farthest from 0 that a function of one's own may be.
FARTHEST = 1000.0


def function(name: str, **described: Any) -> Callable[[Callable[..., Values]], Callable[..., Values]]:
    """Return a decorator that enters ``f(x, **options)`` as a dataset of one input."""

    def enter(f: Callable[..., Values]) -> Callable[..., Values]:
        def generate(rng: np.random.Generator, n_samples: int, noise: float, **values: Any) -> tuple[Values, Values]:
            x = rng.uniform(-1, 1, size=n_samples)
            y = f(x, **values)
            return x[:, np.newaxis], y + noise * rng.standard_normal(n_samples)

        fixed = {"task": "regression", "default_noise": 0.05, "default_n_samples": 200, "n_features": 1, "truth": f}
        recipe(name, **fixed, **described)(generate)
        return f

    return enter


@function(
    "sine",
    label="Sine",
    description="A wave over one input. Each hidden unit adds one bend, and the curve is their sum.",
    options=(Option("waves", 1.0, 0.5, 4.0, _WAVES),),
)
def sine(x: Values, waves: float) -> Values:
    """Return sin(π · waves · x)."""
    return np.asarray(np.sin(np.pi * waves * x))


@function(
    "absolute",
    label="Absolute value",
    description="|x|, a sharp bend. Two ReLU units fit it exactly; tanh units round it off.",
)
def absolute(x: Values) -> Values:
    """Return |x|."""
    return np.abs(x)


@function(
    "step",
    label="Step",
    description="A jump at 0. The steeper a unit gets, the better it fits, and the larger its weights.",
)
def step(x: Values) -> Values:
    """Return 1 where x > 0, else -1."""
    return np.where(x > 0, 1.0, -1.0)


@function(
    "formula",
    label="Your function",
    description="Your own formula in x.",
    options=(FormulaOption("formula", "sin(2*pi*x)*exp(-x)/2", ("x",), _FORMULA),),
)
def own_function(x: Values, formula: str) -> Values:
    """Return what `formula` makes of x.

    Raises
    ------
    ValueError
        If that isn't a number of reasonable size for every x from -1 to 1.
    """
    y = parse_formula("formula", formula, ("x",))(x=x)
    bad = np.flatnonzero((np.abs(x) <= 1) & ~(np.abs(y) <= FARTHEST))
    if bad.size:
        value = y[bad[0]]
        got = f"{value:.3g}" if np.isfinite(value) else "no finite number"
        raise Refusal(
            "formula",
            f"must give numbers from -{FARTHEST:,.0f} to {FARTHEST:,.0f} for x from -1 to 1",
            f"{got} from {formula!r} at x = {x[bad[0]]:.3g}",
        )
    return y
