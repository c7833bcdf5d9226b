"""What is drawn where there is a single coordinate: the network's curves, and the pieces that add up to one."""

from __future__ import annotations

import numpy as np

from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.frames.frame_context import FrameContext
from nnplay.experiment.frames.surface import shown_planes

#: Most pieces sent; of more, those that vary most.
MAX_PIECES = 24


def curve_part(context: FrameContext) -> Arrays:
    """Return the outputs along the axis, and each last hidden unit's activation times its weight to the only output."""
    surface = context.surface
    network = surface.network
    curves = shown_planes(surface.plane_outputs, context.train.class_names)[:, 0].astype("<f4")
    if network.n_outputs > 1:
        return {"curve": curves, "curve_pieces": np.empty((0, curves.shape[1]), "<f4")}
    activations = (surface.plane_activations or [surface.plane_inputs])[-1][:, 0]
    with np.errstate(all="ignore"):
        pieces = activations * network.weights[-1][:, :1]
        if len(pieces) > MAX_PIECES:
            extent = pieces.max(axis=1) - pieces.min(axis=1)
            pieces = pieces[np.sort(np.argsort(extent)[-MAX_PIECES:])]
    return {"curve": curves, "curve_pieces": pieces.astype("<f4")}
