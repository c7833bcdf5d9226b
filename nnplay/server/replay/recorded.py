"""A run recorded in one go, for whoever has no stage to watch it on."""

from __future__ import annotations

import math

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recording import Recording
from nnplay.validation import integer, must_be

#: Frames that a run is recorded in, about, unless it is said.
USUAL_FRAMES = 200


def record(config: ExperimentConfig, epochs: int, epochs_per_frame: int | None = None) -> Recording:
    """Train a run and keep it in frames, as the app does while one watches.

    Parameters
    ----------
    config : ExperimentConfig
    epochs : int
        It may end earlier, by a stop condition of `config`, or as it diverges.
    epochs_per_frame : int, optional
        By default as many as give at most 200 frames.

    Returns
    -------
    Recording
        Of a long run, not every frame is kept; what is kept is evenly spread.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.
    """
    must_be("config", config, ExperimentConfig)
    epochs = integer("epochs", epochs, 1)
    each = epochs_per_frame if epochs_per_frame is not None else max(1, math.ceil(epochs / USUAL_FRAMES))
    each = integer("epochs_per_frame", each, 1)
    recording = Recording(config)
    while recording.session.epoch < epochs and not recording.stopped:
        amount = min(each, epochs - recording.session.epoch)
        recording.advance(recording.last_frame, "epoch", amount, 1, math.inf)
    return recording
