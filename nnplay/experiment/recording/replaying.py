"""A told run replayed as a recording: little by little, so that others have their turns and progress can be told."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame_memory import FrameMemory
from nnplay.experiment.frames.kept_frames import KeptFrame
from nnplay.experiment.recording.recipe import (
    CarryOver,
    Edit,
    Event,
    FreshOptimizer,
    NewSettings,
    Place,
    Recipe,
    without_stops,
)
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.told_run import ToldBranch, ToldRun, agreement
from nnplay.refusal import Refusal

#: Frames along the way, about, each event has one besides; and without a plane, where each takes long to measure.
FRAMES, FRAMES_WITHOUT_PLANE = 200, 40
#: Of fewer epochs, there are frames within them, too.
FEW_EPOCHS = 20


@dataclass
class _Course:
    """What is trained of a branch: from where it left another one.

    Attributes
    ----------
    branch : ToldBranch
    n_events, n_steps : int
        What of it is another branch's, too, and is trained there.
    to_leave : list of _Course
        Those that begin on this one, the first to leave it last.
    frame : KeptFrame or None
        With which it begins, kept as it is: frames of a branch that isn't trained may give up their optimizer.
    """

    branch: ToldBranch
    n_events: int = 0
    n_steps: int = 0
    to_leave: list[_Course] = field(default_factory=list)
    frame: KeptFrame | None = None

    @property
    def place(self) -> tuple[int, int]:
        return self.n_events, self.n_steps

    @property
    def epochs(self) -> int:
        """Epochs that are completed on it, about."""
        recipe = self.branch.recipe
        before = recipe.up_to(self.n_steps).stands_at(self.n_steps)[0]
        return max(0, recipe.stands_at(self.branch.n_steps)[0] - before)


class Replay:
    """A run while it is trained again.

    Attributes
    ----------
    recording : Recording
        Once :attr:`is_done`, the run that goes on from there, with frames along the way.
    epochs : int
        How many are trained, of all branches together.

    Parameters
    ----------
    run : ToldRun
    memory : FrameMemory, optional
        As :class:`~nnplay.experiment.recording.recording.Recording` takes it.
    start : tuple, optional
        Of a run with one branch: a recording that has come along by it, and how many of its events are in that already.
    """

    def __init__(
        self, run: ToldRun, memory: FrameMemory | None = None, start: tuple[Recording, int] | None = None
    ) -> None:
        self._run = run
        if start is not None:
            self._begin_at(*start)
            return
        # The active one comes last, and is on the stage then.
        self._courses = _courses(sorted(run.branches, key=lambda branch: branch.name == run.active))
        self.epochs = sum(course.epochs for course in self._courses)
        self._epochs_before = 0
        first = self._courses[0].branch
        self.recording = Recording(first.recipe.config, memory)
        self.recording.branches.rename(first.name)
        self._begin(self._courses[0])

    def _begin_at(self, recording: Recording, n_events: int) -> None:
        branch = self._run.branch
        self._courses = [_Course(branch, n_events, recording.session.n_steps)]
        self.epochs, self._epochs_before = self._courses[0].epochs, 0
        recording.apply(without_stops(recording.config))
        recording.branches.rename(branch.name)
        self.recording, self._n_events, self._epoch_at_first = recording, n_events, recording.session.epoch

    @property
    def epoch(self) -> int:
        """Completed epochs."""
        return min(self.epochs, self._epochs_before + self.recording.session.epoch - self._epoch_at_first)

    @property
    def is_done(self) -> bool:
        """Whether it has come to its end."""
        return not self._courses

    def run(self, cpu_seconds: float = float("inf")) -> Replay:
        """Go on for about so much CPU time of this thread, or to the end.

        Raises
        ------
        ValueError
            If training diverges, so that a recipe doesn't lead where it should.
        """
        deadline = time.thread_time() + cpu_seconds
        while not self.is_done:
            self._go_on()
            if time.thread_time() >= deadline:
                break
        return self

    def _go_on(self) -> None:
        """Train to the next frame, or let the next event happen."""
        recording, course = self.recording, self._courses[0]
        n_steps, events = recording.session.n_steps, course.branch.recipe.events
        if course.to_leave and course.to_leave[-1].place == (self._n_events, n_steps):
            self._leave(course.to_leave.pop())
            return
        target = events[self._n_events].n_steps if self._n_events < len(events) else course.branch.n_steps
        if n_steps < target:
            ahead = course.to_leave[-1].n_steps if course.to_leave else target
            if not recording.train_to(min(ahead, target, self._next_frame(course))):
                what = f"it in epoch {recording.session.epoch + 1:,}"
                raise Refusal("recipe", f"must not diverge before step {course.branch.n_steps:,}", what)
        elif self._n_events < len(events):
            _change(recording, events[self._n_events])
            self._n_events += 1
        else:
            self._end(course)

    def _next_frame(self, course: _Course) -> int:
        """Return the step of the next frame, at the end of an epoch if there are many."""
        session = self.recording.session
        frames = FRAMES if self.recording.config.data.has_plane else FRAMES_WITHOUT_PLANE
        epochs = course.branch.recipe.stands_at(course.branch.n_steps)[0]
        if epochs < FEW_EPOCHS:
            return session.n_steps - (-course.branch.n_steps // frames)
        return session.n_steps - (-epochs // frames) * session.steps_per_epoch - session.step_in_epoch

    def _leave(self, other: _Course) -> None:
        """Let a branch begin where this one is, for later."""
        recording = self.recording
        other.frame = replace(recording.track.kept[recording.last_frame], holders=0)
        recording.branches.fork_aside(other.branch.name, recording.last_frame)

    def _begin(self, course: _Course) -> None:
        recording = self.recording
        if course.frame is not None:
            recording.go_over(course.branch.name, course.frame)
        if course.place == (0, 0):
            recording.apply(course.branch.recipe.config)
            recording.track.begin_as_told(Recipe(recording.config))
        self._n_events = course.n_events
        self._epoch_at_first = recording.session.epoch

    def _end(self, course: _Course) -> None:
        """Let the branch go on by its own settings from now on, and the next one begin."""
        take_up(self.recording, course.branch.config)
        self._epochs_before += course.epochs
        self._courses.pop(0)
        if self._courses:
            self._begin(self._courses[0])
        else:
            self._arrange()

    def _arrange(self) -> None:
        """Let the branches be as they are told: which came from which, and in what order."""
        self._epoch_at_first = self.recording.session.epoch
        branches = self.recording.branches
        branches.arrange([branch.name for branch in self._run.branches], self._run.have_forked)
        for branch in self._run.branches:
            track = branches[branch.name]
            track.parent, track.base = branch.parent, branch.base or branch.recipe.config


def _courses(branches: list[ToldBranch]) -> list[_Course]:
    """Return what is trained of each branch, each beginning on the one before that has most in common with it."""
    courses: list[_Course] = []
    for branch in branches:
        course = _Course(branch)
        if courses:
            shared = [agreement(other.branch, branch) for other in courses]
            best = max(range(len(courses)), key=lambda i: (shared[i][1], shared[i][0], -i))
            course.n_events, course.n_steps = shared[best]
            courses[best].to_leave.append(course)
        courses.append(course)
    for course in courses:
        course.to_leave.sort(key=lambda other: (other.n_steps, other.n_events), reverse=True)
    return courses


def _change(recording: Recording, event: Event) -> None:
    """Let the event happen to a recording that stands where it is due."""
    if isinstance(event, NewSettings):
        recording.apply(event.config)
    elif isinstance(event, CarryOver):
        recording.carry_over(event.config, recording.last_frame)
    elif isinstance(event, Edit | Place):
        recording.by_hand(event)
    elif isinstance(event, FreshOptimizer):
        recording.refresh()


def take_up(recording: Recording, config: ExperimentConfig) -> None:
    """Let a run that was replayed go on by the settings of `config`, and past an end that it had passed already."""
    recording.apply(config)
    track, epoch = recording.track, recording.session.epoch
    if 0 < config.max_epochs < epoch:
        track.watch = track.watch.waive("max_epochs", epoch, config)
        track.kept[track.last_frame].watch = track.watch
