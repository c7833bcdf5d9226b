"""A network as JSON: how it was made, and its parameters, digit for digit."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np

from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import choice, finite, shown

FORMAT, VERSION = "nnplay network", 1
#: Most parameters in a file: about 20 bytes each.
MAX_PARAMETERS = 10_000_000

_FIELDS = ("layer_sizes", "activation", "output", "initializer", "dtype", "seed", "bias")


def to_json(arguments: Mapping[str, Any], parameters: np.ndarray) -> str:
    """Return the text that :func:`from_saved` makes the network of again, once it is parsed.

    Parameters
    ----------
    arguments : mapping
        What makes such a network, untrained, as values that JSON can hold.
    parameters : ndarray, (n_parameters,)

    Raises
    ------
    ValueError
        If a parameter isn't finite, or there are more than :data:`MAX_PARAMETERS`.
    """
    _check_number(parameters.size)
    finite("parameters", parameters)
    saved = {"format": FORMAT, "version": VERSION, **arguments, "parameters": parameters.tolist()}
    return json.dumps(saved)


def from_saved(saved: Mapping[str, Any], make: Callable[..., Any]) -> Any:
    """Return the network that :func:`to_json` wrote.

    Parameters
    ----------
    saved : mapping
        The parsed JSON.
    make : callable
        Makes a network of its arguments: :class:`~nnplay.engine.network.Network`.

    Raises
    ------
    TypeError, ValueError
        If anything about `saved` is not as it must be.
    """
    version = saved.get("version")
    if isinstance(version, bool) or version != VERSION:
        raise Refusal("version", f"must be {VERSION}, the one that this nnplay reads", shown(version))
    known = ("format", "version", *_FIELDS, "parameters")
    for name in saved:
        choice("field", name, known)
    for name in known:
        if name not in saved:
            raise Refusal("a saved network", f"must have the field {name!r}", finding="it is missing")
    if not isinstance(saved["parameters"], list):
        raise TypeRefusal("parameters", "must be a list of numbers", shown(saved["parameters"]))
    _check_number(len(saved["parameters"]))
    if not all(type(value) in (int, float) for value in saved["parameters"]):
        raise TypeRefusal("parameters", "must be a list of numbers", "something else in it")
    _check_sizes(saved["layer_sizes"], len(saved["parameters"]))
    network = make(**{name: saved[name] for name in _FIELDS})
    try:
        network.parameters = np.array(saved["parameters"], np.float64)
    except OverflowError:  # an integer of hundreds of digits
        raise Refusal("parameters", "must hold finite numbers only", "an integer beyond the largest one") from None
    return network


def _check_number(n_parameters: int) -> None:
    if n_parameters > MAX_PARAMETERS:
        raise Refusal("a saved network", f"must have at most {MAX_PARAMETERS:,} parameters", f"{n_parameters:,}")


def _check_sizes(layer_sizes: Any, n_parameters: int) -> None:
    """Raise ValueError if such layers have more parameters than there are: before memory is taken for them."""
    if not isinstance(layer_sizes, list) or not all(type(size) is int and size > 0 for size in layer_sizes):
        raise TypeRefusal("layer_sizes", "must be a list of integers above 0", shown(layer_sizes))
    weights = sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes))
    if weights > n_parameters:
        raise Refusal("parameters", f"must be at least {weights:,} for such layers", f"{n_parameters:,}")
