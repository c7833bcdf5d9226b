"""What the network diagram shows: every parameter, and a small map of each unit's activation over the plane."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.engine import Network
from nnplay.engine.activations import Activation
from nnplay.experiment.config.checks import MAX_HIDDEN_LAYERS
from nnplay.experiment.frames.frame import Arrays, to_bytes_of_range
from nnplay.experiment.frames.frame_context import FrameContext
from nnplay.experiment.frames.surface import Surface

#: Most units of a layer on the playground, where every one of them is drawn.
MOST_UNITS_DRAWN = 64
#: Largest size of a parameter that is set by hand: far more than a network has any use for.
LARGEST_PARAMETER = 1000
#: Points along a side of a map, at most; so many for up to `FEW_UNITS` units, and fewer for more.
MAP_SIDE, SMALL_MAP_SIDE = 21, 11
FEW_UNITS = 64
#: An unbounded activation has its full colour at its largest value over the plane, but not below this one: what is
#: nearly zero is to look so.
LEAST_SCALE = 1.0
#: Farthest that an activation is drawn, so that its scale is finite in float32: just before a run diverges.
FARTHEST = 1e30


def diagram(context: FrameContext) -> Arrays:
    """Return the arrays of the part "diagram": ``parameters``, ``unit_maps`` and ``unit_scales``."""
    network, surface = context.session.network, context.surface
    side = map_side(network)
    hidden, scales = to_signed_bytes(
        _coarse(surface.plane_activations, side), _bounds(network.activations, network.hidden_sizes)
    )
    outputs = to_bytes_of_range(_coarse([surface.plane_outputs], side), *context.output_range)
    return {
        "parameters": context.parameters.astype("<f4"),
        "unit_maps": np.concatenate([hidden, outputs]) if len(hidden) else outputs,
        "unit_scales": scales,
    }


def input_maps(surface: Surface) -> Arrays:
    """Return the maps of the network's inputs, which never change: ``input_maps`` and ``input_scales``."""
    maps = _coarse([surface.plane_inputs], map_side(surface.network))
    values, scales = to_signed_bytes(maps, np.full(len(maps), np.nan, np.float32), least=0.0)
    return {"input_maps": values, "input_scales": scales}


def describe(network: Network, surface: Surface, input_names: Sequence[str], output_names: list[str]) -> dict[str, Any]:
    """Return what the diagram is drawn by, for the ``info`` of a sync."""
    return {
        "inputs": list(input_names),
        "outputs": output_names,
        "has_bias": network.has_bias,
        "map_shape": _coarse([surface.plane_inputs], map_side(network)).shape[1:],
        "largest_parameter": LARGEST_PARAMETER,
        "max_layers": MAX_HIDDEN_LAYERS,
        "max_units": MOST_UNITS_DRAWN,
    }


def map_side(network: Network) -> int:
    """Return how many points along a side the map of each of the network's units has."""
    return MAP_SIDE if sum(network.hidden_sizes) <= FEW_UNITS else SMALL_MAP_SIDE


def to_signed_bytes(maps: np.ndarray, bounds: np.ndarray, least: float = LEAST_SCALE) -> tuple[np.ndarray, np.ndarray]:
    """Return `maps` as uint8, 0 for minus and 255 for plus a scale of its own for each map, and those scales.

    Parameters
    ----------
    maps : ndarray, (n_maps, rows, columns)
    bounds : ndarray, (n_maps,)
        The largest size that each map's values can have; NaN where there is none. Then the scale is the largest value
        that the map has.
    least : float
        Smallest scale where there is no bound.
    """
    maps = np.fmax(np.fmin(maps, FARTHEST), -FARTHEST)  # a NaN becomes a number
    largest = np.abs(maps).max(axis=(1, 2), initial=least)
    scales = np.where(np.isnan(bounds), np.maximum(largest, 1e-30), bounds).astype("<f4")
    maps *= (127.5 / scales)[:, None, None]
    maps += 128.0
    return np.minimum(maps, 255.0, out=maps).astype(np.uint8), scales


def _coarse(layers: list[np.ndarray], side: int) -> np.ndarray:
    """Return the maps of all `layers` (units, rows, columns) in one array, with `side` of their points along a side."""
    if not layers:
        return np.zeros((0, side, side), np.float32)
    rows, columns = ((n - 1) // (side - 1) if n > 1 else 1 for n in layers[0].shape[1:])
    return np.concatenate([layer[:, ::rows, ::columns] for layer in layers])


def _bounds(activations: tuple[Activation, ...], sizes: tuple[int, ...]) -> np.ndarray:
    """Return the largest size that each hidden unit's activation can have, NaN where it is unbounded."""
    each = []
    for activation, units in zip(activations, sizes, strict=True):
        ends = [np.nan if end is None else abs(end) for end in activation.bounds]
        each += [max(ends) if not np.isnan(ends).any() else np.nan] * units
    return np.array(each, np.float32)
