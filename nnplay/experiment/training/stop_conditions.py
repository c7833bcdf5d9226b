"""When a run stops automatically: after a number of epochs, at a target loss, or when it no longer improves."""

from __future__ import annotations

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from nnplay.experiment.training.progress import Progress
from nnplay.validation import integer, number
from nnplay.wording import counted

#: The fields of a configuration that say when a run stops; 0 means never.
STOP_FIELDS = ("max_epochs", "target_loss", "patience")
MAX_EPOCHS = 10_000_000


class StopSettings(Protocol):
    """Whatever has the fields that say when a run stops."""

    @property
    def max_epochs(self) -> int: ...
    @property
    def target_loss(self) -> float: ...
    @property
    def patience(self) -> int: ...


@dataclass(frozen=True)
class StopConditions:
    """When training stops: after so many epochs, at a training loss, when nothing improved for so many epochs.

    Each is 0 for never. Patience watches the test loss, or the training loss where there is no test set.
    """

    max_epochs: int = 0
    target_loss: float = 0.0
    patience: int = 0

    @property
    def any(self) -> bool:
        """Whether there is a condition at all."""
        return bool(self.max_epochs or self.target_loss or self.patience)

    def __post_init__(self) -> None:
        object.__setattr__(self, "max_epochs", integer("max_epochs", self.max_epochs, 0, MAX_EPOCHS))
        object.__setattr__(self, "target_loss", number("target_loss", self.target_loss, 0, 1e9))
        object.__setattr__(self, "patience", integer("patience", self.patience, 0, MAX_EPOCHS))


@dataclass(frozen=True)
class Watch:
    """What the conditions remember of the epochs so far.

    Attributes
    ----------
    best_loss, best_epoch : float, int
        Of the lowest loss since patience is counted.
    waived : frozenset of str
        Conditions that were met and gone past.
    """

    best_loss: float = math.inf
    best_epoch: int = 0
    waived: frozenset[str] = frozenset()

    def waive(self, condition: str, epoch: int, settings: StopSettings) -> Watch:
        """Return what to remember when training goes on past `condition`, met in `epoch`."""
        if condition == "patience":
            return replace(self, best_epoch=epoch)  # patience starts afresh
        return replace(self, waived=self.waived | {_key(condition, settings)})


@dataclass(frozen=True)
class Stop:
    """Why training doesn't go on past the last frame, and what to do: two sentences.

    Attributes
    ----------
    reason : {"diverged", "max_epochs", "target_loss", "patience"}
    back_to : int or None
        The kept frame that the advice goes back to, if it does.
    good : int or None
        Of a run that diverged, the last good frame; the steps after it, in which it did so, are frames, too, up to
        `frame`, the last one that can be drawn.
    gone : float or None
        And the epoch, a fraction inside an epoch, of the step after that.
    rate : float or None
        The learning rate with which training is known to go on from there; None where no rate helps.
    """

    frame: int
    epoch: int
    reason: str
    message: str
    advice: str
    back_to: int | None = None
    good: int | None = None
    gone: float | None = None
    rate: float | None = None


def stop_condition(name: str, doc: str) -> property:
    """Return the property of a session that reads and sets one of its :class:`StopConditions`."""

    def read(session: Any) -> float:
        return getattr(session._stop, name)

    def write(session: Any, value: float) -> None:
        session._stop = StopConditions(**(vars(session._stop) | {name: value}))
        if name == "patience":  # it starts afresh
            session._watch = Watch(best_epoch=session.epoch)

    return property(read, write, doc=doc)


def needs_losses(settings: StopSettings) -> bool:
    """Return whether the losses must be known after each epoch."""
    return bool(settings.target_loss or settings.patience)


def epochs_allowed(settings: StopSettings, watch: Watch, epoch: int) -> int | None:
    """Return how many epochs more there may be; None for any number."""
    if not settings.max_epochs or _key("max_epochs", settings) in watch.waived:
        return None
    return max(0, settings.max_epochs - epoch)


def note_epoch(settings: StopSettings, watch: Watch, epoch: int, train_loss: float, test_loss: float) -> Watch:
    """Return what to remember once `epoch` epochs are complete, with these losses."""
    if not settings.patience:
        return replace(watch, best_loss=math.inf, best_epoch=epoch)
    loss = train_loss if math.isnan(test_loss) else test_loss
    return replace(watch, best_loss=loss, best_epoch=epoch) if loss < watch.best_loss else watch


def condition_met(settings: StopSettings, watch: Watch, epoch: int, train_loss: float) -> str | None:
    """Return the field whose condition is met after `epoch` complete epochs, or None."""
    if epochs_allowed(settings, watch, epoch) == 0:
        return "max_epochs"
    if (
        settings.target_loss
        and _key("target_loss", settings) not in watch.waived
        and train_loss <= settings.target_loss
    ):
        return "target_loss"
    if settings.patience and math.isfinite(watch.best_loss) and epoch - watch.best_epoch >= settings.patience:
        return "patience"
    return None


def describe(
    condition: str, settings: StopSettings, watch: Watch, epoch: int, train_loss: float, has_test: bool
) -> tuple[str, str]:
    """Return what was met, and what to do now: a sentence each."""
    if condition == "max_epochs":
        epochs = counted(settings.max_epochs, "epoch")
        return f"Finished: {epochs}.", "Continue?"
    if condition == "target_loss":
        return f"Target reached: the training loss is {train_loss:.4g}, and the target was {settings.target_loss:g}.", (
            "Continue, or set a lower target."
        )
    which = "test" if has_test else "training"
    when = f"after epoch {watch.best_epoch:,}" if watch.best_epoch else "before training"
    return (
        f"No improvement for {counted(epoch - watch.best_epoch, 'epoch')}: the lowest {which} loss was "
        f"{watch.best_loss:.4g} {when}.",
        "Continue, or drag the timeline back there.",
    )


def _key(condition: str, settings: StopSettings) -> str:
    """Return what a waiver is for: the condition as it is set now, so that a changed one counts again."""
    return f"{condition}={getattr(settings, condition)}"


#: Called with the session after each epoch; the answer True ends the run.
Callback = Callable[[Any], object]


def run_watched(
    session: Any,
    epochs: int,
    stop: StopConditions,
    watch: Watch | None,
    callback: Callback | None,
    bar: Progress | None = None,
) -> None:
    """Train for `epochs` epochs, or until a condition is met or the callback answers True.

    Parameters
    ----------
    session : TrainingSession
    epochs : int
    stop : StopConditions
    watch : Watch, optional
        What conditions of this run alone remember. By default the session's: the callback may raise, copy the session
        or restore it, and then that must be as the session stands.
    callback : callable, optional
    bar : Progress, optional
        Told of each epoch.

    Warns
    -----
    UserWarning
        If nothing is trained since a condition of the session itself is met.
    """

    def met() -> str | None:
        loss = session.latest_measures()[0] if stop.target_loss else math.nan
        return condition_met(stop, watch or session._watch, session.epoch, loss)

    condition = met() if session.epoch and not session.step_in_epoch else None
    if condition and getattr(session, condition) == getattr(stop, condition):
        warnings.warn(
            f"nothing was trained: {condition}={getattr(stop, condition):g} is already met in epoch "
            f"{session.epoch}. Set session.{condition} to another value to continue, or to 0 to switch it off.",
            UserWarning,
            stacklevel=3,
        )
    try:
        for _ in range(epochs):
            if condition or session.divergence:
                break
            session.advance(session.steps_per_epoch - session.step_in_epoch)
            if session.divergence:
                break
            if stop.patience:
                noted = note_epoch(stop, watch or session._watch, session.epoch, *session.latest_measures()[:2])
                if watch is None:
                    session._watch = noted
                else:
                    watch = noted
            if bar is not None:
                bar.note()
            answer = callback(session) if callback is not None else None
            if isinstance(answer, (bool, np.bool_)) and answer:
                break
            condition = met()
    finally:
        if bar is not None:
            bar.close()
