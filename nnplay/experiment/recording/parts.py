"""Optional parts of a frame: what only some panels need, and only when they are on screen.

A part is a function from a :class:`FrameContext` to arrays of the protocol. Adding one is a function, here or in a
module of its own, and a row in `PARTS`; ``docs/protocol.md`` lists the arrays. Their names must not be those of other
arrays of a frame, and within a run a part's arrays always have the same dtypes and shapes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.frames.frame_context import FrameContext
from nnplay.experiment.measures.column_effects import importance_part, responses_part
from nnplay.experiment.measures.diagram import diagram
from nnplay.experiment.measures.function_curves import curve_part
from nnplay.experiment.measures.images import first_units, mistakes, strong_units
from nnplay.experiment.measures.layer_statistics import layers_part
from nnplay.experiment.measures.scores import measures_part
from nnplay.experiment.measures.separability import straight_scores
from nnplay.experiment.training.breaks import take_break
from nnplay.refusal import TypeRefusal
from nnplay.validation import choice, shown

Part = Callable[[FrameContext], Arrays]

PARTS: dict[str, Part] = {
    "diagram": diagram,
    "straight": straight_scores,
    "measures": measures_part,
    "layers": layers_part,
    "importance": importance_part,
    "responses": responses_part,
    "first_units": first_units,
    "strong_units": strong_units,
    "mistakes": mistakes,
}

#: What a browser gets that has not asked for anything yet: the parts of the panels that are on screen at first.
SHOWN_AT_FIRST: tuple[str, ...] = ("diagram", "straight")

#: What the parts say that not all data have: elsewhere no panel shows them, and some would cost without bounds.
_NEEDS: dict[str, Callable[[ExperimentConfig], bool]] = {
    "diagram": lambda config: config.data.has_plane,
    "importance": lambda config: config.data.is_table,
    "responses": lambda config: config.data.is_table,
    "first_units": lambda config: config.data.has_images,
    "strong_units": lambda config: config.data.has_images,
    "mistakes": lambda config: config.data.has_images,
}


def parts_of(config: ExperimentConfig, shows: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the parts named in `shows` that the data of `config` have."""
    return tuple(name for name in shows if name not in _NEEDS or _NEEDS[name](config))


def checked_parts(shows: Any) -> tuple[str, ...]:
    """Return the names of parts, each once and in the order of `PARTS`; complain of one that is not there."""
    if not isinstance(shows, (list, tuple)) or not all(isinstance(name, str) for name in shows):
        raise TypeRefusal("shows", "must be a list of names of parts", shown(shows))
    for name in shows:
        choice("part", name, PARTS)
    return tuple(name for name in PARTS if name in shows)


def arrays_of(shows: tuple[str, ...], context: FrameContext) -> Arrays:
    """Return the arrays of the parts named in `shows`, and of those that every frame of the run has."""
    # A single input has its curve on the largest panel, which is always there.
    arrays: Arrays = curve_part(context) if context.surface.plane.n_axes == 1 else {}
    if context.in_part:
        arrays["whole_test"] = np.array(context.kept[context.frame].whole_test, "<f8")
    for name in shows:
        take_break()
        arrays |= PARTS[name](context)
    return arrays
