"""Input features: what a network sees of a point, instead of or besides its coordinates.

A feature goes by its formula over x1 and x2. The usual ones are registered here; a menu reads :data:`FEATURES`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.formulas import Formula, parse_formula
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.registry import Registry
from nnplay.validation import is_list_of_values, shown

COORDINATES = ("x1", "x2")
#: Most features of a network: the registered ones and a few that the visitor typed.
MAX_FEATURES = 14
#: Farthest from 0 that a feature may be: beyond, a network of any size only blows up.
FARTHEST = 1e6


@dataclass(frozen=True)
class Feature:
    """What a registered feature is called where it stands for an input.

    Attributes
    ----------
    label : str
        Over the plane.
    label_in_1d : str
        Where there is a single coordinate, which is then called x.
    """

    label: str
    label_in_1d: str = ""


FEATURES: Registry[Feature] = Registry("feature")
for _formula, _feature in {
    "x1": Feature("x₁", "x"),
    "x2": Feature("x₂"),
    "x1**2": Feature("x₁²", "x²"),
    "x2**2": Feature("x₂²"),
    "x1*x2": Feature("x₁x₂"),
    "sin(x1)": Feature("sin x₁", "sin x"),
    "sin(x2)": Feature("sin x₂"),
    # From -1 to 1 the sine of x itself is all but straight. These have the two waves that people know from planes that
    # reach from -6 to 6.
    "sin(2*pi*x1)": Feature("sin 2πx₁", "sin 2πx"),
    "sin(2*pi*x2)": Feature("sin 2πx₂"),
}.items():
    FEATURES.register(_formula)(_feature)


def checked_features(features: Any) -> tuple[str, ...]:
    """Return features in their one spelling and order: the registered ones, then the others as they are given.

    Raises
    ------
    TypeError, ValueError
        If one is no formula over x1 and x2, there are too many, none, or one twice.
    """
    if not is_list_of_values(features):
        raise TypeRefusal("features", "must be a tuple of formulas in x1 and x2", shown(features))
    given = tuple(features)
    if not 1 <= len(given) <= MAX_FEATURES:
        raise Refusal("features", f"must be 1 to {MAX_FEATURES} formulas in x1 and x2", len(given))
    spelled = [parsed_feature(feature).text for feature in given]
    for feature in spelled:
        if spelled.count(feature) > 1:
            raise Refusal("features", "must differ from each other", f"{feature!r} twice")
    return (*(name for name in FEATURES if name in spelled), *(name for name in spelled if name not in FEATURES))


def applicable(features: tuple[str, ...], n_coordinates: int) -> tuple[str, ...]:
    """Return those of `features` that need no more than `n_coordinates` coordinates."""
    there = set(COORDINATES[:n_coordinates])
    return tuple(feature for feature in features if there.issuperset(parsed_feature(feature).uses))


def feature_label(feature: str, n_coordinates: int = 2) -> str:
    """Return a feature as a reader sees it: ``x₁²``, or ``x²`` where there is a single coordinate."""
    if feature in FEATURES:
        known = FEATURES[feature]
        return known.label_in_1d if n_coordinates == 1 else known.label
    text = re.sub(r"\*\*2(?![0-9.])", "²", feature)
    text = re.sub(r"\*\*3(?![0-9.])", "³", text).replace("**", "^").replace("*", "·").replace("-", "−")
    text = re.sub(r"\bpi\b", "π", text)
    return text.replace("x1", "x" if n_coordinates == 1 else "x₁").replace("x2", "x₂")


def compute_features(features: tuple[str, ...], X: NDArray[np.floating]) -> NDArray[np.floating]:
    """Return the features (n_samples, n_features) at the points `X` (n_samples, 1 or 2).

    For the coordinates alone that is `X` itself. Not finite where a formula has no value.
    """
    names = COORDINATES[: X.shape[1]]
    if features == names:
        return X
    coordinates = dict(zip(names, X.T, strict=True))
    return np.column_stack([parsed_feature(feature)(**coordinates) for feature in features])


def feature_programs(features: tuple[str, ...]) -> list[list[float | str]]:
    """Return how each feature is computed of the coordinates, for a browser: see :attr:`Formula.program`."""
    return [parsed_feature(feature).program for feature in features]


def refuse_unusable(features: tuple[str, ...], X: NDArray[np.floating], where: str) -> None:
    """Raise ValueError if one of `features` isn't a number of reasonable size at each of the points `X`."""
    own = tuple(feature for feature in features if feature not in FEATURES)
    if not own:
        return
    values = compute_features(own, X)
    bad = np.argwhere(~(np.abs(values) <= FARTHEST))
    if not len(bad):
        return
    row, column = bad[0]
    point = ", ".join(f"{name} = {value:.3g}" for name, value in zip(COORDINATES, X[row], strict=False))
    value = values[row, column]
    got = f"{value:.3g}" if np.isfinite(value) else "no finite number"
    raise Refusal(
        "features",
        f"must be numbers from -{FARTHEST:,.0f} to {FARTHEST:,.0f} on {where}",
        f"{got} from {own[column]!r} at {point}",
    )


def parsed_feature(feature: Any) -> Formula:
    """Return the formula of a feature.

    Raises
    ------
    TypeError, ValueError
        If it is none over x1 and x2.
    """
    text = feature
    if isinstance(feature, str):
        # Where there is a single coordinate the axis is called x.
        text = re.sub(r"(?<![A-Za-z0-9])[xX](?![A-Za-z0-9₁₂])", "x1", feature)
    return parse_formula("features", text, COORDINATES)
