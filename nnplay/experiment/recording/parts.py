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
from nnplay.experiment.measures.images import first_units, mistakes, strong_units
from nnplay.experiment.measures.layer_statistics import layers_part
from nnplay.experiment.measures.scores import measures_part
from nnplay.experiment.training.breaks import take_break
from nnplay.refusal import TypeRefusal
from nnplay.validation import choice, shown

Part = Callable[[FrameContext], Arrays]

PARTS: dict[str, Part] = {
    "measures": measures_part,
    "layers": layers_part,
    "importance": importance_part,
    "responses": responses_part,
    "first_units": first_units,
    "strong_units": strong_units,
    "mistakes": mistakes,
}

#: What the parts say that not all data have: elsewhere no panel shows them, and some would cost without bounds.
_NEEDS: dict[str, Callable[[ExperimentConfig], bool]] = {
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


def arrays_of(shows: tuple[str, ...], context: FrameContext, fit: int) -> Arrays:
    """Return the arrays that every frame of the run has, and those of the parts named in `shows`.

    Parameters
    ----------
    shows : tuple of str
    context : FrameContext
    fit : int
        How often the directions were chosen in which the last hidden layer is shown.
    """
    arrays: Arrays
    if context.samples is None:
        arrays = {"parameters": context.parameters.astype("<f4")}
    else:
        context.samples.evaluate(context.parameters)
        arrays = context.samples.last_layer(fit)
    if context.in_part:
        arrays["whole_test"] = np.array(context.kept[context.frame].whole_test, "<f8")
    for name in shows:
        take_break()
        arrays |= PARTS[name](context)
    return arrays
