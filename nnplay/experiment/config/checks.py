"""Checks of a setting that take more than a line."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from typing import Any

from nnplay.datasets import DATASETS, own_data
from nnplay.datasets.stored import STORED
from nnplay.engine import activations
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.registry import parse_call
from nnplay.validation import choice, integer, shown

MAX_HIDDEN_LAYERS = 8
MAX_UNITS = 512
#: Most units of a layer on the playground, where every one of them is drawn.
MOST_UNITS_DRAWN = 64
MAX_SAMPLES = 10_000
LEAST_ROWS, MAX_ROWS = 10, 1_000_000


def columns(name: str, value: Any, config: Any) -> tuple[int, ...]:
    """Check which columns of a table are used."""
    if not isinstance(value, (list, tuple)):
        raise TypeRefusal("columns", "must be a tuple of column numbers, counted from 1", shown(value))
    if len(value) > own_data.MAX_INPUTS:
        raise Refusal("columns", f"must be at most {own_data.MAX_INPUTS}", len(value))
    numbers = sorted(integer("columns", number, 1, own_data.MAX_INPUTS, index=i) for i, number in enumerate(value))
    if len(set(numbers)) < len(numbers):
        raise Refusal("columns", "must not name a column twice", shown(tuple(numbers)))
    return tuple(numbers)


def n_rows(name: str, value: Any, config: Any) -> int:
    """Check how many rows of a stored data set are used."""
    rows = integer("n_rows", value, 0, MAX_ROWS)
    if 0 < rows < LEAST_ROWS:
        raise Refusal("n_rows", f"must be 0, for all rows, or at least {LEAST_ROWS}", rows)
    return rows


def hidden_sizes(name: str, value: Any, config: Any) -> tuple[int, ...]:
    """Check the units of each hidden layer."""
    if not isinstance(value, (list, tuple)):
        raise TypeRefusal("hidden_sizes", "must be a tuple of integers, one for each hidden layer", shown(value))
    if len(value) > MAX_HIDDEN_LAYERS:
        raise Refusal("hidden_sizes", f"must have at most {MAX_HIDDEN_LAYERS} layers", len(value))
    return tuple(integer("hidden_sizes", size, 1, MAX_UNITS, index=i) for i, size in enumerate(value))


def activation(name: str, value: Any, config: Any) -> str | tuple[str, ...]:
    """Check an activation for all hidden layers, or one for each."""
    n_layers = len(config.hidden_sizes)
    if not isinstance(value, (list, tuple)):
        return str(activations.get(value))
    names = tuple(str(activations.get(name)) for name in value)
    if len(names) != n_layers:
        raise Refusal("activation", f"must be one name or one for each of the {n_layers} hidden layers", len(names))
    return names[0] if len(set(names)) == 1 else names


def points(name: str, value: Any, config: Any) -> str:
    """Check data of one's own, as text."""
    if not isinstance(value, str):
        raise TypeRefusal("points", "must be a string", shown(value))
    if value:
        own_data.decode(value, config.dataset != own_data.OWN)  # idle points may be of either kind
    return value


def dataset(name: str, value: Any, config: Any) -> str:
    """Check the name of a data set, and its options."""
    if isinstance(value, str) and value in (own_data.OWN, own_data.TABLE):
        return value
    kind, options = _parsed("dataset", value, (*DATASETS, *STORED, own_data.TABLE, own_data.OWN))
    if kind in (own_data.OWN, own_data.TABLE) or kind in STORED:
        if kind != value:
            raise Refusal("dataset", "takes no options", shown(value), chosen=kind)
        return kind
    recipe = DATASETS[kind]
    for option in options:
        if hasattr(type(config), option):
            raise Refusal("dataset", f"must not set {option!r}, which is a setting of its own", shown(value))
    defaults = {option.name: option.default for option in recipe.options}
    return _spelled(kind, recipe.complete(options), defaults)


def optimizer(name: str, value: Any, config: Any) -> str:
    """Check the name of an optimizer, and those of its parameters that are no settings of their own."""
    kind, parameters = _parsed("optimizer", value, OPTIMIZERS)
    defaults = {
        field.name: field.default
        for field in dataclasses.fields(OPTIMIZERS[kind])
        if field.init and not hasattr(config, field.name)
    }
    for parameter in parameters:
        if parameter not in defaults:
            accepted = ", ".join(defaults) or "no parameters"
            raise Refusal("optimizer", f"takes {accepted}", shown(parameter), chosen=kind)
    checked = OPTIMIZERS[kind](**parameters)
    return _spelled(kind, {parameter: getattr(checked, parameter) for parameter in parameters}, defaults)


def _parsed(field: str, value: Any, names: Iterable[str]) -> tuple[str, dict[str, Any]]:
    if not isinstance(value, str):
        choice(field, value, names)
    name, parameters = parse_call(field, value)
    return choice(field, name, names), parameters


def _spelled(name: str, values: dict[str, Any], defaults: dict[str, Any]) -> str:
    changed = ", ".join(f"{key}={value!r}" for key, value in values.items() if value != defaults[key])
    return f"{name}({changed})" if changed else name
