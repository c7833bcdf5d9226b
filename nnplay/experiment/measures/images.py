"""What a network that reads images can show: its first layer's weights as images, and the images that it gets wrong.

The frame parts ``"first_units"``, ``"strong_units"`` and ``"mistakes"``.
"""

from __future__ import annotations

import numpy as np

from nnplay.datasets import Dataset
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.frames.frame_context import FrameContext

#: Units whose weights are shown, at most.
MOST_UNITS = 24
#: Mistakes that are shown.
MOST_MISTAKES = 12
#: Share of the weights that may be larger than what is drawn in full colour: a single one should not pale all others.
BEYOND_SCALE = 0.002
#: In place of a row's number where there is no mistake left.
NO_ROW = 0xFFFFFFFF


def first_units(context: FrameContext) -> Arrays:
    """Return the weights of the first units of the first layer, by number: part ``"first_units"``."""
    n = min(MOST_UNITS, context.session.network.layer_sizes[1])
    return _unit_images(context, np.arange(n), "first")


def strong_units(context: FrameContext) -> Arrays:
    """Return the weights of the units that the next layer listens to most, loudest first: part ``"strong_units"``.

    A unit's strength is the size of its outgoing weights times how much its activation varies over the samples shown: a
    unit that always says the same decides nothing. Without a hidden layer the outputs stand in their order.
    """
    network, drawn = context.session.network, context.drawn
    n = min(MOST_UNITS, network.layer_sizes[1])
    if not network.hidden_sizes:
        return _unit_images(context, np.arange(n), "strong")
    with np.errstate(all="ignore"):
        strength = np.linalg.norm(drawn.network.weights[1], axis=1) * drawn.activations[0].std(axis=1)
    # Sorting puts a NaN last: just before a run diverges.
    return _unit_images(context, np.argsort(-strength, kind="stable")[:n], "strong")


def _unit_images(context: FrameContext, units: np.ndarray, prefix: str) -> Arrays:
    """Return the units' numbers, their weights as bytes about 128, and what byte 255 means."""
    weights = context.drawn.network.weights[0][:, units].T
    sizes = np.abs(weights).ravel()
    beyond = int(BEYOND_SCALE * sizes.size)
    scale = float(np.partition(sizes, -1 - beyond)[-1 - beyond]) or 1.0
    if not np.isfinite(scale):
        scale = 1.0
    with np.errstate(all="ignore"):
        bytes_ = np.clip(np.nan_to_num(weights * (127.0 / scale)), -127, 127) + 128.5
    return {
        f"{prefix}_units": units.astype("<u4"),
        f"{prefix}_images": bytes_.astype("u1"),
        f"{prefix}_scale": np.array([scale], "<f4"),
    }


def mistakes(context: FrameContext) -> Arrays:
    """Return the images that the network is most wrong about, the most certain mistake first: part ``"mistakes"``.

    They are test images, or training images where there are no others, of those that are looked at. A regression
    mistakes nothing for anything.
    """
    data: Dataset = context.test or context.train
    if data.task == "regression":
        return {}
    n_train = context.train.n_samples
    outputs = context.drawn.outputs[:, n_train:] if context.test else context.drawn.outputs
    if len(outputs) == 1:  # of two classes, the second one's
        outputs = np.concatenate([1.0 - outputs, outputs])
    taken_for = outputs.argmax(axis=0)
    wrong = np.flatnonzero(taken_for != data.y)
    certainty = np.nan_to_num(outputs[taken_for[wrong], wrong])
    worst = wrong[np.argsort(-certainty, kind="stable")][:MOST_MISTAKES]
    n = len(worst)
    rows = np.full(MOST_MISTAKES, NO_ROW, "<u4")
    classes = np.zeros((MOST_MISTAKES, 2), "u1")
    stated = np.full((MOST_MISTAKES, 2), np.nan, "<f4")
    images = np.zeros((MOST_MISTAKES, data.n_features), "u1")
    rows[:n] = worst
    classes[:n] = np.column_stack([data.y[worst], taken_for[worst]])
    if context.session.network.output.name != "identity":  # then outputs are no probabilities
        stated[:n] = np.column_stack([outputs[data.y[worst], worst], outputs[taken_for[worst], worst]])
    images[:n] = np.clip(data.X[worst] * 255.0 + 0.5, 0, 255)
    return {
        "mistake_counts": np.array([len(wrong), data.n_samples], "<u4"),
        "mistake_rows": rows,
        "mistake_classes": classes,
        "mistake_stated": stated,
        "mistake_images": images,
    }
