"""Points that a visitor drew: what the browser sends, checked and turned into a data set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.datasets.dataset import Dataset
from nnplay.datasets.own_data import FARTHEST, MAX_CLASSES, MAX_POINTS, MIN_POINTS, Domain, encode
from nnplay.datasets.targets import TASKS
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import choice, number, shown


def why_undrawable(n_features: int, n_samples: int) -> str | None:
    """Return why data of this size can't be drawn on, in a sentence, or None if they can."""
    if n_features != 2:
        return f"Points can be drawn only with two inputs; these data have {n_features}."
    if n_samples > MAX_POINTS:
        return f"Up to {MAX_POINTS:,} points can be drawn; these data have {n_samples:,}."
    return None


def text_of_drawing(drawing: Any, class_names: Sequence[str] = (), feature_names: Sequence[str] = ("x1", "x2")) -> str:
    """Return a drawing as the text that :func:`nnplay.datasets.own_data.decode` reads.

    Parameters
    ----------
    drawing : dict
        ``task``; ``points``, a list of [x, y, class number or value]; and, for the plane to stay as it is, ``domain``,
        [[x_low, x_high], [y_low, y_high]].
    class_names : sequence of str
        Of the data that were drawn on; further classes go by their number.
    feature_names : sequence of str

    Raises
    ------
    TypeError, ValueError
        If it is none, or too little to learn from.
    """
    if not isinstance(drawing, dict):
        raise TypeRefusal("points", "must be a dict of task and points", shown(drawing))
    task = choice("task", drawing.get("task"), TASKS)
    points = drawing.get("points")
    if not isinstance(points, list) or not all(isinstance(point, list) and len(point) == 3 for point in points):
        raise TypeRefusal("points", "must be a list of [x, y, target]", shown(points))
    if not MIN_POINTS <= len(points) <= MAX_POINTS:
        raise Refusal("points", f"must be from {MIN_POINTS} to {MAX_POINTS}", len(points))
    rows = np.array([[number("points", value, -FARTHEST, FARTHEST) for value in point] for point in points])
    X, targets = rows[:, :2], rows[:, 2]
    domain = _domain(drawing.get("domain"))
    if task == "regression":
        return encode(Dataset(X, targets, task, feature_names=feature_names), domain)

    indices = targets.astype(int)
    if (indices != targets).any() or indices.min() < 0 or indices.max() >= MAX_CLASSES:
        raise Refusal("points", f"must have whole class numbers from 0 to {MAX_CLASSES - 1}", "another")
    if len(np.unique(indices)) < 2:
        raise Refusal("points", "must have at least 2 classes", "only one")
    count = int(indices.max()) + 1
    names = [*class_names[:count], *map(str, range(len(class_names), count))]
    return encode(Dataset(X, np.eye(count)[indices], task, names, feature_names), domain)


def _domain(value: Any) -> Domain | None:
    if value is None:
        return None
    sides = value if isinstance(value, list) else []
    if len(sides) != 2 or not all(isinstance(side, list) and len(side) == 2 for side in sides):
        raise TypeRefusal("domain", "must be [[x_low, x_high], [y_low, y_high]]", shown(value))
    x, y = (
        (number("domain", low, -FARTHEST, FARTHEST), number("domain", high, -FARTHEST, FARTHEST)) for low, high in sides
    )
    return x, y
