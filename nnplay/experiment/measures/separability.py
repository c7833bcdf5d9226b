"""How well a straight line separates the classes at each layer: the number that rises as a network learns."""

from __future__ import annotations

import numpy as np

from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.frames.frame_context import FrameContext
from nnplay.experiment.frames.linear_probe import LinearProbe
from nnplay.experiment.training.breaks import take_break


def straight_scores(context: FrameContext) -> Arrays:
    """Return the score of a straight cut on the training samples as the inputs are, and after each hidden layer."""
    train, surface, memory = context.train, context.surface, context.memory
    n, n_classes = train.n_samples, len(train.class_names)
    if "straight" not in memory:
        fit = LinearProbe(train.y, n_classes, context.session.network.dtype)
        memory["straight"] = fit, fit.score(surface.sample_inputs[:, :n])
    fit, at_inputs = memory["straight"]
    if context.in_passing:
        return {"straight_scores": np.full(1 + len(surface.sample_activations), np.nan, "<f4")}
    scores = [at_inputs]
    for activations in surface.sample_activations:
        take_break()
        scores.append(fit.score(activations[:, :n]))
    if n_classes:  # the network itself is one more straight cut, through the last of these spaces
        scores[-1] = np.fmax(scores[-1], context.kept[context.frame].measures[2])
    return {"straight_scores": np.array(scores, "<f4")}
