"""What goes on inside each layer: its weights, the gradient that reaches it, and units that have stopped answering.

The gradient here is that of the loss over *all* training samples at the frame shown, without penalty and dropout: the
direction that full-batch descent would take from there. That of a mini-batch would jitter with the batch.
"""

from __future__ import annotations

import time
import weakref
from enum import IntEnum
from functools import lru_cache
from typing import Any

import numpy as np

from nnplay.datasets import Dataset
from nnplay.engine import Network
from nnplay.engine.activations import Activation
from nnplay.engine.passes import Backpropagation
from nnplay.engine.targets import encode_targets
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.frames.frame_context import FrameContext
from nnplay.experiment.measures.histogram import histogram_around_zero
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.evaluation import part_ranges
from nnplay.experiment.training.session import TrainingSession

BINS = 24
#: Moments of the past at which the gradient norms are told; with the frame itself there is one more row.
PAST = 64
#: CPU time that one frame may spend on moments of the past; what is left out then comes with the next frames.
PAST_SECONDS = 0.03
#: How near to the end of its range an activation counts as at the end, as a share of half the range (of 1, where only
#: one side is bounded): |tanh| above 0.97, a sigmoid beyond 0.015 or 0.985.
NEAR = 0.03
#: Share of the training samples on which a unit must be at an end to be called saturated.
MOST_SAMPLES = 0.9


class Flat(IntEnum):
    """In which way units of an activation can stop answering."""

    NONE = 0
    ONE_SIDE = 1
    BOTH_SIDES = 2


@lru_cache(maxsize=64)
def flat_sides(activation: Activation) -> Flat:
    """Return on how many sides `activation` levels off far from 0, where a unit has no gradient left."""
    z = np.array([-30.0, 30.0])
    a = activation(z)
    slopes = activation.derivative(z, a, np.empty_like(a))
    return Flat(int(np.count_nonzero(np.abs(slopes) < 1e-6)))


class StuckUnits:
    """Counts the units of a layer that are stuck, while the training samples come in parts.

    With one flat side (ReLU and its relatives), a unit is **dead** if on *every* sample its activation is that of the
    flat side: exactly 0 for ReLU; within `NEAR` of the level for those that only approach it. No sample moves its
    weights any more. With two (tanh, sigmoid), a unit is **saturated** if on at least `MOST_SAMPLES` of the samples its
    activation is within `NEAR` of half the range from one of the ends: hardly any sample moves its weights.

    Parameters
    ----------
    activation : Activation
    """

    def __init__(self, activation: Activation) -> None:
        self.flat = flat_sides(activation)
        self._low, self._high, self._tolerance = _levels(activation)
        self._at_end: np.ndarray | int = 0
        self._n_samples = 0

    def add(self, activations: np.ndarray) -> None:
        """Count samples in: `activations` is (units, n_samples)."""
        if self.flat is Flat.BOTH_SIDES:
            half = (self._high - self._low) / 2
            at_end = np.abs(activations - (self._low + half)) > (1 - NEAR) * half
        else:
            at_end = np.abs(activations - self._low) <= self._tolerance
        self._at_end = self._at_end + np.count_nonzero(at_end, axis=1)
        self._n_samples += activations.shape[1]

    @property
    def share(self) -> float:
        """Share of the units that are dead or saturated; NaN for an activation without a flat side."""
        if self.flat is Flat.NONE:
            return float("nan")
        needed = MOST_SAMPLES if self.flat is Flat.BOTH_SIDES else 1.0
        return float(np.mean(self._at_end >= needed * self._n_samples))


@lru_cache(maxsize=64)
def _levels(activation: Activation) -> tuple[float, float, float]:
    """Return the activation far below and far above 0, and how near counts as there on one flat side."""
    low, near, high = (float(a) for a in activation(np.array([-30.0, -1.0, 30.0])))
    return low, high, 0.0 if near == low else NEAR  # ReLU is at its level at once, the others approach it


class TrainingGradient:
    """The gradient over all training samples, for any parameters; in buffers made once.

    Parameters
    ----------
    session : TrainingSession
        Only its loss and architecture are used.
    data : Dataset, optional
        The training samples that count, by default all of them.
    """

    def __init__(self, session: TrainingSession, data: Dataset | None = None) -> None:
        self.network: Network = session.network.copy()
        self._loss = session.loss
        data, network = data or session.train, self.network
        self._n_samples = data.n_samples
        targets = encode_targets(data.y, data.n_samples, network.n_outputs, self._loss).astype(network.dtype)
        inputs = network.as_columns(data.X).T
        self._gradient = np.empty_like(network.parameters)
        passes: dict[int, Backpropagation] = {}
        self._parts: list[tuple[Backpropagation, np.ndarray, np.ndarray]] = []
        for start, stop in part_ranges(data.n_samples, network):
            x, y = inputs[start:stop].T, np.ascontiguousarray(targets[start:stop].T)
            size = x.shape[1]
            passes.setdefault(size, network.backpropagation(self._loss, size, self._gradient))
            self._parts.append((passes[size], x, y))

    def __call__(self, parameters: np.ndarray, units: list[StuckUnits] | None = None) -> np.ndarray:
        """Return the gradient at `parameters`, in their order; count each hidden layer's stuck units on the way."""
        self.network.parameters[:] = parameters
        total = np.zeros_like(self._gradient)
        with np.errstate(all="ignore"):
            for backpropagation, x, y in self._parts:
                take_break()
                backpropagation.run(x, y)
                total += self._gradient * (x.shape[1] / self._n_samples if self._loss.is_mean else 1.0)
                for counter, activations in zip(units or [], backpropagation.forward.hidden, strict=False):
                    counter.add(activations)
        return total

    def norms(self, gradient: np.ndarray) -> np.ndarray:
        """Return the Euclidean norm of each layer's part of `gradient`, weights and biases together."""
        return np.array([np.linalg.norm(block) for block in self.network.blocks_of(gradient)])


def layers_part(context: FrameContext) -> Arrays:
    """Return the arrays of the frame part ``"layers"``: a row for each layer, the output layer last."""
    gradient_of = context.kept_for_run("layers", lambda: TrainingGradient(context.session, context.train))
    known = context.memory.setdefault("norms", {})
    network = gradient_of.network
    units = [StuckUnits(activation) for activation in network.activations]
    gradient = gradient_of(context.parameters, units)
    _remember(known, context.frame, context.parameters, gradient_of.norms(gradient))
    weights = [histogram_around_zero(weights, BINS) for weights in network.weights]
    blocks = zip(network.layer_sizes, network.blocks_of(gradient), strict=False)
    gradients = [histogram_around_zero(block[:n_in], BINS) for n_in, block in blocks]
    return {
        "weight_counts": np.array([counts for counts, _ in weights], "<u4"),
        "weight_reach": np.array([reach for _, reach in weights], "<f8"),
        "gradient_counts": np.array([counts for counts, _ in gradients], "<u4"),
        "gradient_reach": np.array([reach for _, reach in gradients], "<f8"),
        "gradient_norms": _norms_until_now(context, gradient_of, known),
        "stuck_units": np.array([counter.share for counter in units], "<f4"),
        "stuck_kind": np.array([counter.flat for counter in units], "u1"),
    }


def spread_evenly(kept: list[int], last: int, most: int) -> list[int]:
    """Return at most `most` of the numbers `kept` before `last`, evenly spread, and `last`.

    They are multiples of a power of two, so that as `last` grows the same ones are chosen again.
    """
    stride = 1
    while last > stride * most:
        stride *= 2
    return [number for number in kept if number < last and (number % stride == 0)] + [last]


def _norms_until_now(context: FrameContext, gradient_of: TrainingGradient, known: dict[int, Any]) -> np.ndarray:
    """Return rows of epoch and norm of each layer, up to this frame; NaN in the first rows where there are fewer."""
    frames = spread_evenly(context.kept.numbers, context.frame, PAST)
    rows = np.full((PAST + 1, 1 + len(gradient_of.network.blocks)), np.nan, "<f4")
    deadline = time.thread_time() + PAST_SECONDS
    for row, number in enumerate(reversed(frames), 1):
        kept = context.kept[number]
        norms = _recall(known, number, kept.snapshot.parameters)
        if norms is None:
            if time.thread_time() > deadline:
                continue
            norms = gradient_of.norms(gradient_of(kept.snapshot.parameters))
            _remember(known, number, kept.snapshot.parameters, norms)
        rows[-row, 0] = kept.snapshot.epoch + kept.step_in_epoch / context.session.steps_per_epoch
        rows[-row, 1:] = norms
    wanted = set(frames)
    if len(known) > 4 * PAST:
        for number in [number for number in known if number not in wanted]:
            del known[number]
    return rows


# A frame's number may come to stand for other parameters, after going back or on another branch. So what is known of it
# counts only while they are the very same array, which is kept no longer than the run itself keeps it.


def _remember(known: dict[int, Any], number: int, parameters: np.ndarray, norms: np.ndarray) -> None:
    known[number] = (weakref.ref(parameters), norms)


def _recall(known: dict[int, Any], number: int, parameters: np.ndarray) -> np.ndarray | None:
    reference, norms = known.get(number, (None, None))
    return norms if reference is not None and reference() is parameters else None
