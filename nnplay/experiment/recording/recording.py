"""A run told in frames: training goes on frame by frame, and can go back to any frame that is kept.

A frame is a moment worth showing. Beside each, a snapshot is kept, so that training can go on from there with other
settings, on the same branch or on a new one.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.drawn_samples import DrawnSamples
from nnplay.experiment.frames.frame import Frame
from nnplay.experiment.frames.frame_context import FrameContext
from nnplay.experiment.frames.frame_memory import FrameMemory
from nnplay.experiment.frames.kept_frames import KeptFrame
from nnplay.experiment.recording.advice import explain_divergence
from nnplay.experiment.recording.branches import Branches
from nnplay.experiment.recording.fall import last_good, last_steps
from nnplay.experiment.recording.parts import arrays_of, parts_of
from nnplay.experiment.recording.recipe import CarryOver, Edit, Place, Recipe, carry_over
from nnplay.experiment.recording.recovery import is_hopeless
from nnplay.experiment.recording.setup import Setup
from nnplay.experiment.recording.tracks import Track
from nnplay.experiment.recording.trainer import Trainer, Unit
from nnplay.experiment.training.breaks import take_break
from nnplay.experiment.training.history import History
from nnplay.experiment.training.session import TrainingSession
from nnplay.experiment.training.stop_conditions import Stop, Watch
from nnplay.refusal import Refusal

#: CPU time after which a frame that asks for more epochs is shown as it is.
FRAME_SECONDS = 0.04


class Recording:
    """The run of `config`, from frame 0, the untrained network.

    Attributes
    ----------
    branches : Branches
        All courses the run has taken; what follows is of the active one.
    config : ExperimentConfig
        With the settings as they are now.
    last_frame : int
        The newest frame.
    history : History
        Columns ``frame``, ``epoch`` (a fraction inside an epoch), ``train_loss``, ``test_loss``, ``train_score``,
        ``test_score``, ``whole_test_score`` (only at the end of an epoch, where the former is of a part).
    stopped : Stop or None
    setup : Setup
        What it trains and draws with.
    view_id, shows, fit : int, tuple of str, int
        What frames bring besides what all of them do, set by :meth:`look`.

    Parameters
    ----------
    config : ExperimentConfig
    memory : FrameMemory, optional
        The budget for kept frames, by default one of its own. Runs that share one share the budget: the newest is the
        one that it is for, those before are set aside; see :meth:`set_aside`.
    """

    def __init__(self, config: ExperimentConfig, memory: FrameMemory | None = None) -> None:
        self._trainer = Trainer()
        self._setup: Setup | None = Setup(config)  # first: it may fail, and then no other run is to make room
        self.branches = Branches(config, memory)
        self.view_id, self.fit = 0, 0
        self.shows: tuple[str, ...] = ()
        self._keep(self._measures(), ("step", 0))

    @property
    def track(self) -> Track:
        """The active branch."""
        return self.branches.active

    @property
    def config(self) -> ExperimentConfig:
        return self.track.config

    @property
    def setup(self) -> Setup:
        assert self._setup is not None, "set aside"
        return self._setup

    @property
    def session(self) -> TrainingSession:
        return self.setup.session

    @property
    def last_frame(self) -> int:
        return self.track.last_frame

    @property
    def history(self) -> History:
        return self.track.history

    @property
    def stopped(self) -> Stop | None:
        return self.track.stopped

    @property
    def recipe(self) -> Recipe | None:
        """How the newest frame came about, if that is known."""
        return self.track.recipe_at(self.last_frame)

    # -- forward ---------------------------------------------------------------------------------------------------

    def advance(
        self, after: int, unit: Unit, amount: int, n_frames: int, cpu_seconds: float, go_on: bool = False
    ) -> list[Frame]:
        """Train on from frame `after` and return the frames that follow it; later ones are forgotten.

        Frames that were trained in just this way already, in answer to a request whose answer got lost, are drawn again
        instead.

        Parameters
        ----------
        after : int
            A kept frame.
        unit : {"step", "epoch"}
        amount : int
            Mini-batches, or epochs, for each frame. A frame ends early, at the end of an epoch if it can, when time is
            up, and at the epoch at which a stop condition is met.
        n_frames : int
        cpu_seconds : float
            CPU time of this thread after which no further frame is begun.
        go_on : bool
            Go past the stop condition that is met at `after`.

        Raises
        ------
        LookupError
            If training can't be taken up at `after`.
        """
        known = self.track.trained_already(after, (unit, amount), n_frames)
        if known:
            return [self.frame(number) for number in known]
        if after != self.last_frame:
            self.rewind(after)
        if go_on:
            self.track.go_past_stop(self.session.epoch)
        self._note_settings()
        if not self.stopped:
            self.track.stop_if_met(self.session)
        deadline = time.thread_time() + cpu_seconds
        frames: list[Frame] = []
        while len(frames) < n_frames and not self.stopped and (not frames or time.thread_time() < deadline):
            before = self.last_frame
            if not self._train_frame(unit, amount, min(deadline, time.thread_time() + FRAME_SECONDS)):
                fall = range(before + 1, min(self.last_frame, before + n_frames - len(frames)) + 1)
                return frames + [self.frame(number) for number in fall]
            take_break()
            frames.append(self.frame(self.last_frame))
        return frames

    def train_to(self, n_steps: int) -> bool:
        """Train to this step, if no stop condition is set, and keep a frame there; return whether nothing diverged."""
        self._note_settings()
        return self._train_frame("step", n_steps - self.session.n_steps, math.inf)

    def _train_frame(self, unit: Unit, amount: int, deadline: float) -> bool:
        """Train to the next frame and keep it; return whether there is one, as training didn't diverge on the way."""
        n_steps = self.session.n_steps
        reached = self._trainer.train(self.session, unit, amount, self.config, self.track.watch, deadline)
        take_break()
        measures = self._measures(reached.measures)
        if is_hopeless(self.session, measures[0]):
            self._stop_diverged((unit, amount), self.session.n_steps - n_steps)
            return False
        self.track.last_frame += 1
        self.track.watch = reached.watch
        self._keep(measures, (unit, amount))
        self.track.stop_for(reached.met, self.session.epoch)
        return True

    def _note_settings(self) -> None:
        """Note that training goes on from the newest frame by the settings as they are now."""
        self.track.note_training(self.session.n_steps)
        self.track.note_settings(self._epoch)

    @property
    def _epoch(self) -> float:
        return self.session.epoch + self.session.step_in_epoch / self.session.steps_per_epoch

    def _measures(
        self, known: tuple[float, float, float, float] | None = None
    ) -> tuple[float, float, float, float, float]:
        return *(known or self.session.measure()), self.session.learning_rate

    # -- where it stops --------------------------------------------------------------------------------------------

    def _stop_diverged(self, made_by: tuple[str, int], n_steps: int) -> None:
        """Say what happened, and keep the steps in which it did, so that it can be seen: each is a frame of its own."""
        self.rewind(self.last_frame)
        states = last_steps(self.session, n_steps)
        good = last_good(self.track.kept)
        stop = explain_divergence(self.session, self.config, self.track.kept, good, self.setup.plane.labels)
        self._stand_at_end()
        gone = self._epoch + 1 / self.session.steps_per_epoch
        for state, measures in states:
            self.session.restore(state)
            self.track.last_frame += 1
            self._keep(self._measures(measures), made_by)
            gone = self._epoch + 1 / self.session.steps_per_epoch
        self._stand_at_end()
        self.track.stopped = replace(stop, frame=self.last_frame, good=good, gone=gone)

    # -- back ------------------------------------------------------------------------------------------------------

    def rewind(self, number: int) -> None:
        """Return to kept frame `number`, with the settings as they are now, and forget the frames after it.

        Raises
        ------
        LookupError
            If that frame is not kept.
        """
        if number not in self.track.kept:
            raise LookupError(f"frame {number} is not kept; the nearest one is {self.nearest_kept(number)}.")
        self.track.truncate_after(number)
        self._stand_at_end()

    def _stand_at_end(self) -> None:
        """Bring the session to the active branch's last frame."""
        if self._setup is None or not self._setup.config.same_run(self.config):
            self._setup = Setup(self.config)
        self.track.wake_last()
        kept = self.track.kept[self.last_frame]
        self.session.restore(kept.snapshot)
        self.config.apply_live(self.session)
        self.track.watch = kept.watch

    def apply(self, config: ExperimentConfig) -> None:
        """Use the live settings of `config`, which must define the same run, from the next step on."""
        if not self.config.same_run(config):
            raise Refusal("config", "must differ from the recorded one in live settings only", "another run")
        self.track.config = config
        # From what the frame has: an optimizer that was chosen and given up again before any training leaves no trace.
        self.session.restore(self.track.kept[self.last_frame].snapshot)
        config.apply_live(self.session)
        self.track.forget_stop(self.session)

    # -- by hand ---------------------------------------------------------------------------------------------------

    def set_parameter(self, index: int, value: float) -> Frame:
        """Set a parameter of the newest frame by hand, keep that as the next frame, and draw it."""
        return self.by_hand(Edit(self.session.n_steps, index, value))

    def by_hand(self, *events: Edit | Place, made_by: str = "") -> Frame:
        """Set parameters of the newest frame by hand, keep that as the next frame, and draw it.

        Where few of many parameters make a place, `made_by` says that the edits are one.
        """
        self.track.note_training(self.session.n_steps)
        for event in events:
            event.apply(self.session)
            self.track.note(event, self.last_frame)
        self.track.last_frame += 1
        self._keep(self._measures(), (made_by or events[-1].kind, 0))
        self.track.note_edit()
        return self.frame(self.last_frame)

    def refresh(self) -> None:
        """Go on from the newest frame as if only its parameters had been kept, in single precision."""
        kept = self.track.kept
        light = replace(kept[self.last_frame], holders=0)
        light.lighten()
        kept.replace(self.last_frame, light)
        self._stand_at_end()

    # -- sideways --------------------------------------------------------------------------------------------------

    def fork(self, number: int, furthest: int) -> None:
        """Keep this branch up to frame `furthest`; go on from frame `number`, or the nearest kept one, on another.

        Raises
        ------
        ValueError
            If there are too many branches; then everything stays as it was.
        """
        self.branches.check_room()
        self._leave(furthest)
        self.branches.fork(self.nearest_kept(number))
        self._stand_at_end()

    def switch(self, name: str, furthest: int) -> None:
        """Keep this branch up to frame `furthest`, and go over to the end of another one.

        Raises
        ------
        ValueError
            If there is none of that name; then everything stays as it was.
        """
        self.branches.check_name(name)
        self._leave(furthest)
        self.branches.activate(name)
        self._stand_at_end()

    def go_over(self, name: str, newest: KeptFrame) -> None:
        """Go on at the end of another branch, with its newest frame as it was, whatever that gave up since."""
        track = self.branches.activate(name)
        track.kept.replace(track.last_frame, newest)
        self._stand_at_end()

    def _leave(self, furthest: int) -> None:
        """Forget what was trained ahead and never seen."""
        if furthest < self.last_frame and furthest in self.track.kept:
            self.track.truncate_after(furthest)

    def delete_branch(self, name: str) -> None:
        """Forget a branch; the one that it came from takes its place.

        Raises
        ------
        ValueError
            If it is the only one.
        """
        self.branches.delete(name)
        self._stand_at_end()

    def carry_over(self, config: ExperimentConfig, number: int) -> None:
        """Go on from frame `number`, or the nearest that is kept, with what was learned, but on the data of `config`.

        The branch begins there: earlier frames showed other data, or were measured in another way. Its curve stays. If
        the data can't be had, everything stays as it was.
        """
        self._setup = Setup(config)
        number = self.nearest_kept(number)
        track = self.track
        track.truncate_after(number)
        track.wake_last()
        old = track.kept[number]
        track.config = config
        carry_over(old.snapshot, self.session, config)
        track.note(CarryOver(self.session.n_steps, config), number - 1)
        track.watch = Watch()
        measures = self._measures()
        frame = KeptFrame(
            self.session.snapshot(), 0, measures, old.made_by, track.watch, self.setup.whole_test_measures()
        )
        track.begin_at(number, frame)
        track.history.truncate_after(number - 1)
        track.note_measures(number, self._epoch, frame)
        track.note_settings(self._epoch)

    # -- making room for another run -------------------------------------------------------------------------------

    @property
    def is_forgotten(self) -> bool:
        """Whether it was set aside and had to make room altogether."""
        return self.branches.frames.is_forgotten

    def set_aside(self, shown: int | None = None) -> None:
        """Let go of all but the kept frames, and let these make room for the run that shares the memory.

        Frame `shown`, the one on screen, or the nearest that is kept, makes room last. Until :meth:`bring_back`,
        nothing but :attr:`config`, :attr:`branches`, :attr:`is_forgotten`, :attr:`shows` and what is told of its curves
        can be used.
        """
        if shown is not None:
            self.track.look_back_at(self.nearest_kept(shown))
        self.branches.set_aside()
        self._setup = None

    def copy_aside(self) -> Recording:
        """Return this run as it is now, set aside: whatever is done to this one, that one stays."""
        other = object.__new__(Recording)
        other.branches = self.branches.copy()
        other._trainer, other.view_id, other.shows, other.fit = Trainer(), 0, self.shows, self.fit
        other._setup = None
        return other

    def leave_unseen(self, shown: int, furthest: int) -> None:
        """Of a copy aside, forget what was trained ahead and never seen, and keep the frame on screen."""
        self._leave(furthest)
        self.track.look_back_at(self.nearest_kept(shown))

    def bring_back(self, setup: Setup | None = None) -> None:
        """Make this the run that the memory is for, with all its branches; it goes on from its newest frame.

        The `setup` of a run that this one is a copy of need not be made again.

        Raises
        ------
        LookupError
            If it is forgotten.
        """
        if not self.is_forgotten:
            self._setup = setup or Setup(self.config)  # first, since it may fail
        self.branches.bring_back()
        self._stand_at_end()

    # -- frames ----------------------------------------------------------------------------------------------------

    def look(self, shows: tuple[str, ...], fit: int | None = None) -> None:
        """Draw frames with the optional parts `shows` from now on.

        Without a plane, another `fit` than before chooses the directions again in which the last hidden layer is shown.
        """
        self.shows = shows
        self.fit = self.fit if fit is None else fit
        self.view_id += 1

    def nearest_kept(self, number: int) -> int:
        """Return the number of the kept frame nearest to `number`."""
        return self.track.kept.nearest(number)

    def replay(self, after: int, n_frames: int, last: int | None = None) -> list[Frame]:
        """Draw the next kept frames after frame `after` once more; with a `last` one, as many spread up to it."""
        kept = self.track.kept
        numbers = kept.following(after, n_frames) if last is None else kept.spread(after, last, n_frames)
        return [self.frame(number) for number in numbers]

    def frame(self, number: int, shows: tuple[str, ...] | None = None, drawn: DrawnSamples | None = None) -> Frame:
        """Return kept frame `number`, with the parts that are looked at, or those in `shows`.

        Without a plane, `drawn` may be other samples to draw it from than the run's own, with directions of their own.
        """
        setup, kept = self.setup, self.track.kept[number]
        context = FrameContext(
            frame=number,
            kept=self.track.kept,
            samples=drawn or setup.drawn,
            session=setup.session,
            train=setup.train,
            test=setup.test,
            in_part=setup.whole_test is not None,
            memory=setup.memory,
        )
        return Frame(
            number=number,
            epoch=kept.snapshot.epoch,
            step_in_epoch=kept.step_in_epoch,
            n_steps=kept.snapshot.n_steps,
            measures=kept.measures,
            view_id=self.view_id,
            parts=arrays_of(parts_of(self.config, self.shows if shows is None else shows), context, self.fit),
        )

    def _keep(self, measures: tuple[float, float, float, float, float], made_by: tuple[str, int]) -> None:
        session, track = self.session, self.track
        whole = self.setup.whole_test_measures()
        frame = KeptFrame(session.snapshot(), session.step_in_epoch, measures, made_by, track.watch, whole)
        track.kept.add(track.last_frame, frame)
        track.note_measures(track.last_frame, self._epoch, frame)
