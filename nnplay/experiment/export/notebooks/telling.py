"""What a notebook tells of a run: its recipe, how far it goes, and the numbers that it must come to."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recipe import CarryOver, Event, Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.setup import looked_at
from nnplay.experiment.training.evaluation import Evaluation
from nnplay.experiment.training.session import TrainingSession
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import integer, shown

#: Most epochs that are trained to find out what a notebook must come to.
MAX_EPOCHS = 1_000_000


@dataclass(frozen=True)
class Stretch:
    """Training between two changes.

    Attributes
    ----------
    n_steps : int
    epoch, in_epoch : int
        Where it begins: complete epochs, and mini-batches of the next one.
    config : ExperimentConfig
        The settings there.
    """

    n_steps: int
    epoch: int
    in_epoch: int
    config: ExperimentConfig

    @property
    def end(self) -> tuple[int, int]:
        """Where it ends, as it begins."""
        more, in_epoch = divmod(self.in_epoch + self.n_steps, self.config.steps_per_epoch)
        return self.epoch + more, in_epoch


@dataclass(frozen=True)
class Change:
    """What is done between two stretches.

    Attributes
    ----------
    event : Event
    before, after : ExperimentConfig
        The settings; the same ones where the event changes none.
    epoch, in_epoch : int
        When.
    """

    event: Event
    before: ExperimentConfig
    after: ExperimentConfig
    epoch: int
    in_epoch: int

    @property
    def when(self) -> str:
        """When, for a reader."""
        return f"epoch {self.epoch:,}" + (f" and {self.in_epoch:,} steps of the next one" if self.in_epoch else "")


@dataclass(frozen=True)
class Told:
    """A run up to a moment.

    Attributes
    ----------
    recipe : Recipe
        Without events after the moment.
    n_steps : int
        The mini-batches up to the moment.
    measures : tuple of float
        Training loss, test loss, training score, test score there; NaN where there is no test set.
    """

    recipe: Recipe
    n_steps: int
    measures: tuple[float, float, float, float]

    @property
    def config(self) -> ExperimentConfig:
        """The settings that the run began with."""
        return self.recipe.config

    @cached_property
    def course(self) -> list[Stretch | Change]:
        """The run in order: stretches of training, and what is changed between them."""
        return list(_course(self.recipe, self.n_steps))

    @property
    def changes(self) -> list[Change]:
        """What is changed on the way."""
        return [each for each in self.course if isinstance(each, Change)]

    @property
    def configs(self) -> list[ExperimentConfig]:
        """All settings that training goes by, in order."""
        return [self.config, *(change.after for change in self.changes)]

    def config_at(self, n_steps: int) -> ExperimentConfig:
        """Return the settings at a step."""
        return self.recipe.up_to(n_steps).latest_config

    def stopped_at(self, n_steps: int) -> list[Stretch | Change]:
        """Return the course with the stretch in two that this step is within; there the first of them ends."""
        course: list[Stretch | Change] = []
        step = 0
        for each in self.course:
            if not isinstance(each, Stretch) or not step < n_steps < step + each.n_steps:
                course.append(each)
            else:
                first = dataclasses.replace(each, n_steps=n_steps - step)
                epoch, in_epoch = first.end
                rest = Stretch(each.n_steps - first.n_steps, epoch, in_epoch, each.config)
                course += [first, rest]
            step += each.n_steps if isinstance(each, Stretch) else 0
        return course

    @property
    def end(self) -> tuple[int, int]:
        """Complete epochs at the moment, and mini-batches of the next one."""
        return self.recipe.stands_at(self.n_steps)

    @property
    def data_configs(self) -> list[ExperimentConfig]:
        """The settings of each data set that is trained on, in order."""
        return [self.config, *(change.after for change in self.changes if isinstance(change.event, CarryOver))]


def tell(run: Any, epochs: int = 200, frame: int | None = None) -> Told:
    """Return what a notebook tells of a run.

    Parameters
    ----------
    run : ExperimentConfig, Recipe or Recording
    epochs : int
        How far a configuration or a recipe is trained.
    frame : int, optional
        At which frame a recording is told, by default the newest.

    Raises
    ------
    TypeError, ValueError
        If `run` is something else, can't be told as a recipe, ends before its last change, or diverges.
    """
    if isinstance(run, Recording):
        return _of_recording(run, frame)
    if not isinstance(run, ExperimentConfig | Recipe):
        raise TypeRefusal("run", "must be an ExperimentConfig, a Recipe or a Recording", shown(run))
    if frame is not None:
        raise Refusal("frame", "must be left out, unless a recording is told; epochs says how far", shown(frame))
    if isinstance(run, ExperimentConfig):
        run = Recipe(run)
    n_steps = _steps_of(run, integer("epochs", epochs, 0, MAX_EPOCHS))
    session = run.replay(n_steps, evaluate_every=0)
    return _checked(Told(run, n_steps, measured(session, run.latest_config)))


def measured(session: TrainingSession, config: ExperimentConfig) -> tuple[float, float, float, float]:
    """Return what the page would show: of large sets, a part is measured."""
    if config.data.has_plane:
        return session.measure()
    train, test = looked_at(session.train, session.test, config.seed)
    losses = [
        Evaluation(session.network, part, session.loss).measure() if part else (math.nan,) * 2 for part in (train, test)
    ]
    return losses[0][0], losses[1][0], losses[0][1], losses[1][1]


def _of_recording(recording: Recording, frame: int | None) -> Told:
    number = recording.last_frame if frame is None else integer("frame", frame, 0)
    if number not in recording.track.kept:
        nearest = recording.nearest_kept(number)
        raise Refusal("frame", "must be one that is kept", number, advice=f"The nearest is {nearest}.")
    recipe, kept = recording.track.recipe_at(number), recording.track.kept[number]
    if recipe is None:
        finding = "this one began from a file without one, or was changed too often"
        raise Refusal("run", "must be known from its beginning to be told as a notebook", finding=finding)
    return _checked(Told(recipe, kept.snapshot.n_steps, kept.measures[:4]))


def _checked(told: Told) -> Told:
    if not math.isfinite(told.measures[0]):
        raise Refusal("the training loss", "must be finite where a notebook ends", told.measures[0])
    return told


def _steps_of(recipe: Recipe, epochs: int) -> int:
    """Return after how many steps so many epochs are complete."""
    n_steps = recipe.n_steps
    complete, in_epoch = recipe.stands_at(n_steps)
    least = complete + bool(in_epoch)
    if epochs < least:
        raise Refusal("epochs", f"must be at least {least}, where the recipe's last change is", epochs)
    return n_steps + (epochs - complete) * recipe.latest_config.steps_per_epoch - in_epoch


def _course(recipe: Recipe, n_steps: int) -> Iterator[Stretch | Change]:
    config, step, epoch, in_epoch = recipe.config, 0, 0, 0
    for event in recipe.events:
        if event.n_steps > step:
            yield (stretch := Stretch(event.n_steps - step, epoch, in_epoch, config))
            step, (epoch, in_epoch) = event.n_steps, stretch.end
        after = getattr(event, "config", config)
        yield Change(event, config, after, epoch, in_epoch)
        config = after
        if isinstance(event, CarryOver):
            in_epoch = 0
    if n_steps > step or not recipe.events:
        yield Stretch(n_steps - step, epoch, in_epoch, config)
