"""What the visitor is told when training goes wrong: what happened, and what helps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from nnplay.datasets import Dataset
from nnplay.experiment.frames.kept_frames import KeptFrames
from nnplay.experiment.recording.recovery import find_recovery, has_finite_memory
from nnplay.experiment.training.divergence import (
    HOPELESS_LOSS,
    HOPELESS_PARAMETER,
    largest_parameter,
    too_large,
)
from nnplay.experiment.training.stop_conditions import Stop
from nnplay.wording import in_words

if TYPE_CHECKING:
    from nnplay.experiment.config.config import ExperimentConfig
    from nnplay.experiment.training.session import TrainingSession

#: Characters of an input's name.
MOST_OF_A_NAME = 40


def explain_divergence(
    session: TrainingSession, settings: ExperimentConfig, kept: KeptFrames, good: int, labels: Sequence[str]
) -> Stop:
    """Return how a session went wrong, and what is known to work, as the reason to stop at the last kept frame.

    Parameters
    ----------
    session : TrainingSession
        As it is after it went wrong. It is used for trials: its state has to be restored afterwards.
    settings : ExperimentConfig
    kept : KeptFrames
        The frames before.
    good : int
        The last good one of them, which the run goes back to by itself.
    labels : sequence of str
        Names of the network's inputs.
    """
    epoch, what = what_happened(session, kept[kept.first].measures[0])
    data = _what_of_the_data(session.train, settings, labels)
    recovery = find_recovery(session, settings, kept)
    back_to = rate = None
    if recovery is None:
        advice = data or (
            "A smaller learning rate doesn't help. Press Reset, and try another initialiser or a lower penalty rate."
        )
    else:
        frame, rate = recovery
        back_to = None if frame == good else frame
        where = "" if back_to is None else f"go back to {_place(kept, back_to, session.steps_per_epoch)}, and "
        steps = f"{where}try a learning rate of {rate:g} or less"
        advice = f"{data} Or {steps}." if data else f"The steps are too large: {steps}."
    message = f"Training stopped in epoch {epoch}: {what}."
    return Stop(kept.last, epoch, "diverged", message, advice, back_to, rate=rate)


def what_happened(session: TrainingSession, first_loss: float) -> tuple[int, str]:
    """Return in which epoch a session went wrong, and how; `first_loss` is that of the untrained network."""
    if session.divergence:
        return session.divergence.epoch, f"{session.divergence.what} is no longer a finite number"
    epoch = session.epoch + (session.step_in_epoch > 0)
    if not first_loss < HOPELESS_LOSS:
        size = in_words(first_loss) if math.isfinite(first_loss) else "infinite"
        return epoch, f"the loss was {size} before the first step"
    layer, largest = largest_parameter(session.network)
    if not has_finite_memory(session):
        return epoch, "the gradients have become too large for the optimiser"
    if largest > HOPELESS_PARAMETER:
        return epoch, f"the parameters of {layer} have grown to {in_words(largest)}"
    return (
        epoch,
        f"the loss has grown beyond {in_words(HOPELESS_LOSS)}, the parameters of {layer} to {in_words(largest)}",
    )


def _what_of_the_data(train: Dataset, settings: ExperimentConfig, labels: Sequence[str]) -> str:
    """Return a sentence about numbers that are too large to learn from, or an empty one."""
    large = too_large(train)
    if large is None:
        return ""
    standardise = "switch on Standardise" if not settings.data.has_plane and not settings.standardise else ""
    if large.column is None:
        return f"The targets reach {large.size:.2g}, which is too large to learn: {standardise or 'scale them down'}."
    name = f" {labels[large.column][:MOST_OF_A_NAME]}" if large.column < len(labels) else ""
    return (
        f"The input{name} reaches {large.size:.2g}, which is too large to learn from: {standardise or 'scale it down'}."
    )


def _place(kept: KeptFrames, number: int, steps_per_epoch: int) -> str:
    frame = kept[number]
    epoch = frame.snapshot.epoch + frame.step_in_epoch / steps_per_epoch
    return "the start" if epoch == 0 else f"epoch {epoch:,.4g}" if epoch < 1e4 else f"epoch {epoch:,.0f}"
