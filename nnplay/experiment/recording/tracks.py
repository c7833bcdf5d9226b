"""The course of a run: its frames, its curve, and where a setting was changed. A run may have several: branches."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from itertools import takewhile

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.frames.frame_memory import RunFrames
from nnplay.experiment.frames.kept_frames import KeptFrame, KeptFrames
from nnplay.experiment.recording.recipe import (
    MAX_EVENTS,
    Event,
    FreshOptimizer,
    NewSettings,
    Place,
    Recipe,
    latest_config,
)
from nnplay.experiment.training.history import History
from nnplay.experiment.training.session import TrainingSession
from nnplay.experiment.training.stop_conditions import STOP_FIELDS, Stop, Watch, condition_met, describe

HISTORY_COLUMNS = ("frame", "epoch", "train_loss", "test_loss", "train_score", "test_score", "whole_test_score")
HISTORY_ROWS = 2000
#: Edits that can be taken back.
MAX_EDITS = 20


@dataclass(frozen=True)
class Change:
    """From which frame on training went by which settings."""

    frame: int
    epoch: float
    settings: ExperimentConfig


@dataclass
class Track:
    """The course of a run.

    Attributes
    ----------
    config : ExperimentConfig
        With the settings as they are now.
    kept : KeptFrames
    changes : list of Change
        In the order of their frames; the first one is how the run began.
    history : History
        Columns :data:`HISTORY_COLUMNS`; ``epoch`` is a fraction inside an epoch.
    last_frame : int
        The newest frame.
    stopped : Stop or None
    watch : Watch
        What the stop conditions remember at the newest frame.
    edits : list of int
        The frames that were made by hand, in order; only those that can be taken back.
    name : str
        A letter.
    parent : str
        Name of the track that this one forked from; empty for the first.
    base : ExperimentConfig
        That track's configuration then.
    trained_for : ExperimentConfig or None
        By which settings, stop conditions among them, training was last asked for.
    first : ExperimentConfig or None
        With which the run began; None where that isn't known.
    log : tuple
        What was changed since, in order: the newest frame that it is no part of, and the event.
    """

    config: ExperimentConfig
    kept: KeptFrames
    changes: list[Change]
    history: History = field(default_factory=lambda: History(HISTORY_COLUMNS, HISTORY_ROWS))
    last_frame: int = 0
    stopped: Stop | None = None
    watch: Watch = field(default_factory=Watch)
    edits: list[int] = field(default_factory=list)
    name: str = "A"
    parent: str = ""
    base: ExperimentConfig = field(default_factory=ExperimentConfig)
    trained_for: ExperimentConfig | None = None
    first: ExperimentConfig | None = None
    log: tuple[tuple[int, Event], ...] = ()

    @classmethod
    def begin(cls, config: ExperimentConfig, frames: RunFrames) -> Track:
        """Return the course of a run that is about to begin."""
        return cls(config, frames.new_shelf(), [Change(0, 0.0, config)], base=config, first=config)

    def fork(self, name: str, number: int) -> Track:
        """Return a track that shares this one's past up to frame `number`."""
        history = History(HISTORY_COLUMNS, HISTORY_ROWS)
        history.restore(self.history.snapshot())
        history.truncate_after(number)
        track = Track(
            self.config,
            self.kept.fork(number),
            [change for change in self.changes if change.frame < number or change is self.changes[0]],
            history,
            last_frame=number,
            name=name,
            parent=self.name,
            base=self.config,
            trained_for=self.trained_for,
            first=self.first,
            log=self._log_up_to(number),
        )
        track._keep_edits([edited for edited in self.edits if edited <= number])
        return track

    def copy(self, run: RunFrames) -> Track:
        """Return a track of another run that is as this one is now."""
        history = History(HISTORY_COLUMNS, HISTORY_ROWS)
        history.restore(self.history.snapshot())
        kept = self.kept.fork(self.last_frame, run)
        kept.pinned, kept.is_active = set(self.kept.pinned), False
        changes, edits = list(self.changes), list(self.edits)
        return dataclasses.replace(self, kept=kept, history=history, changes=changes, edits=edits)

    def look_back_at(self, number: int) -> None:
        """Keep a frame that was on screen when this run was left, and what edits can be taken back to."""
        self._keep_edits(self.edits)
        self.kept.pinned.add(number)

    def truncate_after(self, number: int) -> None:
        """Forget what came after frame `number`."""
        self.kept.truncate_after(number)
        self.history.truncate_after(number)
        self.log = self._log_up_to(number)
        first, *others = self.changes
        self.changes = [first, *(change for change in others if change.frame < number)]
        self.last_frame = number
        self.stopped = None
        self._keep_edits([edited for edited in self.edits if edited <= number])

    def begin_at(self, number: int, frame: KeptFrame) -> None:
        """Forget the frames before `number`, and put another one in the place of that."""
        self.kept.drop_before(number)
        self.kept.replace(number, frame)
        self._keep_edits([])

    @property
    def places(self) -> list[int]:
        """Of :attr:`edits`, the frames at which the network was taken to a place of the landscape."""
        return [edited for edited in self.edits if edited in self.kept and self.kept[edited].made_by[0] == Place.kind]

    def note_edit(self) -> None:
        """Note that the last frame was made by hand."""
        self._keep_edits([*self.edits, self.last_frame])

    def _keep_edits(self, edits: list[int]) -> None:
        """Of the newest edits, keep both sides however long training goes on."""
        self.edits = edits[-min(MAX_EDITS, self.kept.most_pinned // 2) :]
        self.kept.pinned = {edited + side for edited in self.edits for side in (-1, 0)}

    # -- the recipe ------------------------------------------------------------------------------------------------

    def recipe_at(self, number: int) -> Recipe | None:
        """Return how frame `number` came about, if that is known; its steps are the frame's."""
        if self.first is None:
            return None
        return Recipe(self.first, tuple(event for _, event in self._log_up_to(number)))

    def _log_up_to(self, number: int) -> tuple[tuple[int, Event], ...]:
        return tuple(entry for entry in self.log if entry[0] < number)

    def note(self, event: Event, after: int) -> None:
        """Note what was changed after frame `after`, the newest one, or the one before if it changed the newest."""
        if len(self.log) == MAX_EVENTS:
            self.first, self.log = None, ()
        elif self.first is not None:
            self.log = (*self.log, (after, event))

    def begin_as_told(self, recipe: Recipe | None) -> None:
        """Take it that a recipe, or nobody knows what, led to the newest frame."""
        self.first = recipe.config if recipe else None
        self.log = tuple((self.last_frame - 1, event) for event in recipe.events) if recipe else ()

    def note_training(self, n_steps: int) -> None:
        """Note by which settings training, or an edit, goes on from the newest frame, at this step."""
        if self.first is None:
            return
        if not same_training(latest_config(self.first, tuple(event for _, event in self.log)), self.config):
            self.note(NewSettings(n_steps, self.config), self.last_frame)

    def wake_last(self) -> None:
        """Let training be taken up at the newest frame."""
        if not self.kept.can_resume(self.last_frame):
            self.note(FreshOptimizer(self.kept[self.last_frame].snapshot.n_steps), self.last_frame - 1)
            self.kept.wake_last()

    def note_measures(self, number: int, epoch: float, frame: KeptFrame) -> None:
        """Write what was measured at a frame into the history."""
        self.history.append(number, epoch, *frame.measures[:4], frame.whole_test[1])

    def note_settings(self, epoch: float) -> None:
        """Note that training goes on from the last frame by the settings as they are now."""
        self.trained_for = self.config
        last = self.changes[-1]
        if same_training(last.settings, self.config):
            return
        if last.frame == self.last_frame:
            self.changes.pop()
        if not self.changes or not same_training(self.changes[-1].settings, self.config):
            self.changes.append(Change(self.last_frame, epoch, self.config))

    def stop_if_met(self, session: TrainingSession) -> None:
        """Stop if a condition is met where `session` stands, at the newest frame; within an epoch, none is."""
        if session.step_in_epoch == 0:
            train_loss = self.kept[self.last_frame].measures[0]
            self.stop_for(condition_met(self.config, self.watch, session.epoch, train_loss), session.epoch)

    def stop_for(self, condition: str | None, epoch: int) -> None:
        """Stop because of a condition, if there is one, after so many epochs."""
        if condition:
            train_loss = self.kept[self.last_frame].measures[0]
            words = describe(condition, self.config, self.watch, epoch, train_loss, bool(self.config.test_fraction))
            self.stopped = Stop(self.last_frame, epoch, condition, *words)

    def go_past_stop(self, epoch: int) -> None:
        """Forget the stop if it is a condition's, and the condition until it is changed."""
        if self.stopped and self.stopped.reason != "diverged":
            self.watch = self.watch.waive(self.stopped.reason, epoch, self.config)
            self.kept[self.last_frame].watch = self.watch
            self.stopped = None

    def forget_stop(self, session: TrainingSession) -> None:
        """Forget the stop, for settings were changed, unless its condition is met by the new ones, too."""
        if not self.config.patience:
            self.watch = Watch(waived=self.watch.waived)
        stop, self.stopped = self.stopped, None
        if stop and stop.reason != "diverged":
            self.stop_if_met(session)

    def trained_already(self, after: int, made_by: tuple[str, int], n_frames: int) -> list[int]:
        """Return the numbers of the frames right after `after` that such a request would make once more.

        Parameters
        ----------
        after : int
        made_by : tuple
            Unit and amount.
        n_frames : int
            At most so many.
        """
        last = self.changes[-1]
        if after >= self.last_frame or last.frame > after or not same_training(last.settings, self.config):
            return []
        # Frames that were trained ahead by other stop conditions may lie beyond those of now.
        if self.trained_for != self.config:
            return []
        numbers = range(after + 1, min(after + n_frames, self.last_frame) + 1)
        return list(takewhile(lambda n: n in self.kept and self.kept[n].made_by == made_by, numbers))


def same_training(one: ExperimentConfig, other: ExperimentConfig) -> bool:
    """Return whether two configurations take the same steps; they may stop at different ones."""
    return one is other or all(
        getattr(one, name) == getattr(other, name) for name in SETTINGS if name not in STOP_FIELDS
    )
