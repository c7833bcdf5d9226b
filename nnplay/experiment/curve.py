"""What is drawn where there is a single input: the network's curve, and the pieces that add up to it."""

from __future__ import annotations

import numpy as np

from nnplay.experiment.frames import Arrays
from nnplay.experiment.moment import Moment

#: Most pieces sent; of more, those that vary most.
MAX_PIECES = 24


def curve_part(moment: Moment) -> Arrays:
    """Return the output along the axis, and each last hidden unit's activation times its weight to that output."""
    surface = moment.surface
    network = surface.network
    activations = (surface.plane_activations or [surface.plane_inputs])[-1][:, 0]
    with np.errstate(all="ignore"):
        pieces = activations * network.weights[-1][:, :1]
        if len(pieces) > MAX_PIECES:
            extent = pieces.max(axis=1) - pieces.min(axis=1)
            pieces = pieces[np.sort(np.argsort(extent)[-MAX_PIECES:])]
    return {"curve": surface.plane_outputs[0, 0].astype("<f4"), "curve_pieces": pieces.astype("<f4")}
