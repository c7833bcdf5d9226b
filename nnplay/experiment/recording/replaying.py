"""A recipe replayed as a recording: little by little, so that others have their turns and progress can be told."""

from __future__ import annotations

import dataclasses
import time

import numpy as np

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame_memory import FrameMemory
from nnplay.experiment.frames.kept_frames import KeptFrame
from nnplay.experiment.recording.recipe import CarryOver, Edit, Event, FreshOptimizer, NewSettings, Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.recovery import is_hopeless
from nnplay.refusal import Refusal

#: Frames along the way, about, each event has one besides; and without a plane, where each takes long to measure.
FRAMES, FRAMES_WITHOUT_PLANE = 200, 40
#: Of fewer epochs, there are frames within them, too.
FEW_EPOCHS = 20


class Replay:
    """The run of a recipe while it is trained again.

    Attributes
    ----------
    recording : Recording
        Once :attr:`is_done`, the run that goes on from there, with frames along the way.
    n_steps, epochs : int
        Where it ends.

    Parameters
    ----------
    recipe : Recipe
    n_steps : int, optional
        How far; by default up to the last event. All events are in it.
    memory : FrameMemory, optional
        As :class:`~nnplay.experiment.recording.recording.Recording` takes it.

    Raises
    ------
    ValueError
        If `n_steps` is before the last event.
    """

    def __init__(self, recipe: Recipe, n_steps: int | None = None, memory: FrameMemory | None = None) -> None:
        self.n_steps = recipe.checked_steps(n_steps)
        self.epochs = recipe.stands_at(self.n_steps)[0]
        self.recording = Recording(recipe.config, memory)
        self._events = list(reversed(recipe.events))
        frames = FRAMES if recipe.config.data.has_plane else FRAMES_WITHOUT_PLANE
        self._epochs_a_frame = -(-self.epochs // frames) if self.epochs >= FEW_EPOCHS else 0
        self._steps_a_frame = -(-self.n_steps // frames)

    @property
    def epoch(self) -> int:
        """Completed epochs."""
        return self.recording.session.epoch

    @property
    def is_done(self) -> bool:
        """Whether it has come to its end."""
        return not self._events and self.recording.session.n_steps == self.n_steps

    def run(self, cpu_seconds: float = float("inf")) -> Replay:
        """Go on for about so much CPU time of this thread, or to the end.

        Raises
        ------
        ValueError
            If training diverges, so that the recipe doesn't lead where it should.
        """
        deadline = time.thread_time() + cpu_seconds
        while not self.is_done:
            target = self._events[-1].n_steps if self._events else self.n_steps
            if self.recording.session.n_steps == target:
                _change(self.recording, self._events.pop())
            elif not self.recording.train_to(min(target, self._next_frame())):
                what = self.recording.session.epoch + 1
                raise Refusal("recipe", f"must not diverge before step {self.n_steps:,}", f"it in epoch {what:,}")
            if time.thread_time() >= deadline:
                break
        return self

    def _next_frame(self) -> int:
        """Return the step of the next frame, at the end of an epoch if there are many."""
        session, epochs = self.recording.session, self._epochs_a_frame
        ahead = epochs * session.steps_per_epoch - session.step_in_epoch if epochs else self._steps_a_frame
        return session.n_steps + ahead


def _change(recording: Recording, event: Event) -> None:
    """Let the event happen to a recording that stands where it is due."""
    if isinstance(event, NewSettings):
        recording.apply(event.config)
    elif isinstance(event, CarryOver):
        recording.carry_over(event.config, recording.last_frame)
    elif isinstance(event, Edit):
        recording.set_parameter(event.index, event.value)
    elif isinstance(event, FreshOptimizer):
        recording.refresh()


def take_up(recording: Recording, config: ExperimentConfig) -> None:
    """Let a run that was replayed go on by the settings of `config`, and past an end that it had passed already."""
    recording.apply(config)
    track, epoch = recording.track, recording.session.epoch
    if 0 < config.max_epochs < epoch:
        track.watch = track.watch.waive("max_epochs", epoch, config)
        track.kept[track.last_frame].watch = track.watch


def taken_up(
    config: ExperimentConfig, parameters: np.ndarray, epoch: int, n_steps: int, memory: FrameMemory | None = None
) -> Recording:
    """Return a run that goes on from parameters alone, with a fresh optimizer, at the beginning of an epoch.

    What it was before nobody knows: it has no recipe. Its batches are those of a run that begins.

    Parameters
    ----------
    config : ExperimentConfig
    parameters : ndarray, (n_parameters,)
    epoch, n_steps : int
        Epochs and mini-batches that it was trained for.

    Raises
    ------
    ValueError
        If there is nothing to go on from: the loss isn't finite, or far too large.
    """
    recording = Recording(config, memory)
    session, track = recording.session, recording.track
    session.restore(dataclasses.replace(session.snapshot(), epoch=epoch, n_steps=n_steps, parameters=parameters))
    measures = (*session.measure(), session.learning_rate)
    if is_hopeless(session, measures[0]):
        raise Refusal("parameters", "must give a sensible loss", plainly="have grown beyond measure")
    frame = KeptFrame(session.snapshot(), 0, measures, ("step", 0), track.watch, recording.setup.whole_test_measures())
    track.last_frame = 1
    track.kept.add(1, frame)
    track.note_measures(1, float(epoch), frame)
    track.begin_as_told(None)
    return recording
