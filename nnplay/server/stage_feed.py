"""The server's half of the stage protocol: a request comes in, a message of bytes goes out.

No Streamlit in here, so that it can be tested as it is. ``docs/protocol.md`` describes what travels.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import numpy as np

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.frame import Frame, pack_frames, with_key
from nnplay.experiment.frames.frame_memory import FrameMemory
from nnplay.experiment.recording import edits
from nnplay.experiment.recording.earlier_runs import EarlierRun, EarlierRuns
from nnplay.experiment.recording.parts import checked_parts
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.replaying import take_up
from nnplay.experiment.recording.told_run import ToldRun
from nnplay.refusal import Refusal
from nnplay.server.answers import MAX_AMOUNT, TRAINING, Answers, cpu_seconds
from nnplay.server.diagnosis.told import diagnosis_of
from nnplay.server.landscape.view import LandscapeView
from nnplay.server.link import View
from nnplay.server.moments import Moment, Told
from nnplay.server.operating.meters import FRAMES
from nnplay.server.recovery.held import Comeback, Held
from nnplay.server.recovery.retelling import Lost, NotUnderWay, Retelling, Retold, Way
from nnplay.server.request_fields import BadRequest, whole
from nnplay.server.run_info import info_of, name_and_why, news_of, statics_of
from nnplay.server.setting_words import refusal_words
from nnplay.server.turns import Account


class Feed(Answers):
    """What one visitor's stage is fed with.

    Attributes
    ----------
    recording : Recording
    config : ExperimentConfig
        What is to be trained; another branch may bring another one.
    trail : dict of int to str
        The query of the page's address after each of the visitor's choices, by their number; the newest last.
    told_besides, no_edits : callable, str
        Returns what the browser is told of a configuration besides; why no weight may be set by hand, or empty.

    Parameters
    ----------
    view : View, optional
        What the hidden-layer panel shows by the page's address, which the browser is told.
    """

    recording: Recording

    def __init__(
        self,
        config: ExperimentConfig,
        view: View | None = None,
        account: Account | None = None,
        trail: dict[int, str] | None = None,
        moment: Moment | None = None,
        told_besides: Callable[[ExperimentConfig], dict[str, Any]] = lambda config: {},
    ) -> None:
        super().__init__(account)
        self.config = config
        self.told_besides, self.no_edits = told_besides, ""
        self.settings = 0
        self.trail = trail or {}
        self._changed = False
        # One budget for the run on the stage and those before, which come back by undo.
        self._memory, self._earlier = FrameMemory(), EarlierRuns()
        self._shown = self._rests_at = 0
        self._was = ""
        self._linked_view = view
        self._retelling = Retelling()
        self._told, self._held = Told(), Held()
        self._landscape = LandscapeView()
        with TRAINING.turn(self._account):
            self._begin(config)
            if moment is not None:
                self._follow(moment)

    def tell_address(self, trail: dict[int, str]) -> None:
        """Let the message say which address the page has after all that was done, as its run may bring another one."""
        if trail != self.trail:
            self.trail = trail
            self.message = with_key(self.message, "trail", list(trail.items()))

    def open(self, recording: Recording) -> None:
        """Go on with another run, from its newest frame."""
        recording.look(self.recording.shows)
        with TRAINING.turn(self._account):
            left = self._run_to_leave()
            recording.branches.move_to(self._memory)
            self._leave(left)
            self._show_run(recording, recording.last_frame)

    def start_over(self, config: ExperimentConfig) -> None:
        """Begin a run that has nothing to do with those before: none of them is kept."""
        with TRAINING.turn(self._account):
            self._retelling.stop()
            self._earlier, self._linked_view = EarlierRuns(), None
            self._show_run(Recording(config, self._memory), 0)

    def follow(self, moment: Moment) -> None:
        """Go on with a run that a link tells of, from that moment."""
        with TRAINING.turn(self._account):
            self._follow(moment)

    def use(self, config: ExperimentConfig, went_back: bool = False) -> None:
        """Go on with the settings of `config`, with what was learned if that can be, or else begin a new run.

        Live settings act on the frame that the browser names next. Once the run has forked, other data and the like are
        carried over, too: the browser is asked for the frame. Where the visitor `went_back` in the browser's history,
        the run that had these settings comes back.
        """
        if config == self.config:
            return
        with TRAINING.turn(self._account):
            if not (went_back and self._goes_back_to(config)):
                self._use(config)

    def _use(self, config: ExperimentConfig) -> None:
        recording = self.recording
        if recording.config.same_run(config):
            recording.apply(config)
        elif not (recording.branches.have_forked and recording.config.can_carry_over(config)):
            self._begin(config)
            return
        self.config = config
        self.settings += 1
        self._changed = True
        self._say("frames", [])

    def _goes_back_to(self, config: ExperimentConfig) -> bool:
        """Bring the run back that undo or redo leads to, if it has these settings; return whether it has."""
        if self.recording.config.same_run(config):
            return False
        ways: dict[Way, EarlierRun | None] = {"undo": self._earlier.before, "redo": self._earlier.after}
        for kind, run in ways.items():
            if run is not None and isinstance(run.recording, Recording) and run.recording.config == config:
                self._return_to(kind, {"frame": run.shown})
                return True
        return False

    @property
    def _carries_over(self) -> bool:
        """Whether the browser is to say from which frame on other data are used."""
        return not self.recording.config.same_run(self.config)

    def _turn(self, request: dict[str, Any]) -> AbstractContextManager[None]:
        return nullcontext() if self._has_ready(request) else super()._turn(request)

    def _has_ready(self, request: dict[str, Any]) -> bool:
        """Return whether the answer needs no turn: its frames are trained already, and are nothing but parameters.

        Streamlit drops an answer if the browser has asked again meanwhile: where many wait, nobody is to do so twice.
        """
        recording = self.recording
        if request.get("kind") != "frames" or request.get("run") != self.run or self.is_replaying or recording.shows:
            return False
        with suppress(BadRequest):
            made_by = str(request.get("unit")), whole(request, "amount")
            known = recording.track.trained_already(whole(request, "from"), made_by, 1)
            return recording.config.data.has_plane and bool(known)
        return False

    def _dispatch(self, request: dict[str, Any]) -> None:
        self._held.hear(request)
        kind, recording = request.get("kind"), self.recording
        if kind == "recover":
            self._recover(request)
            return
        if self._retelling.is_under_way and kind != "reset":
            self._retell(whole=kind == "sync" or request.get("run") != self.run)
            return
        if kind == "sync" or request.get("run") != self.run:
            self._sync(self._frame_left(request))
            return
        if "shown" in request:
            self._shown = whole(request, "shown")
        if kind not in ("frames", "replay", "landscape", "diagnose"):
            self._rests_at = self._shown
        if kind == "reset":
            self._begin(self.config)
        elif kind in ("undo", "redo"):
            self._return_to(kind, request)
        elif kind in ("fork", "branch", "delete_branch", "carry_over"):
            self._change_branch(kind, request)
        elif kind == "show":
            self._show(whole(request, "frame"))
        elif kind == "view":
            self._look(request)
        elif kind == "frames":
            self._advance(request)
        elif kind == "replay":
            last = whole(request, "to") if "to" in request else None
            self._say("frames", recording.replay(whole(request, "from"), self._n_frames(request), last))
        elif kind == "edit":
            self._edit(request)
        elif kind == "landscape":
            self._say("frames", [], *self._landscape.answer(recording, request, self._cpu_seconds()))
        elif kind == "place":
            self._go_to(request)
        elif kind == "diagnose":
            self._say("frames", [], more={"diagnosis": diagnosis_of(recording, whole(request, "frame"))})
        elif kind == "rest":
            self._say("frames", [])
        else:
            raise BadRequest

    def _change_branch(self, kind: str, request: dict[str, Any]) -> None:
        """Go over to a new branch, to another one, or to other data on this one: to the browser, another run."""
        recording = self.recording
        if kind == "carry_over":
            if not self._carries_over:
                raise BadRequest
            frame = whole(request, "frame")
            before = EarlierRun(self.run, recording.copy_aside(), "data")
            self._carry_over(frame)
            self._earlier.put(before)
        elif kind == "delete_branch":
            before = EarlierRun(self.run, recording.copy_aside(), "branch")
            recording.delete_branch(str(request.get("name")))
            self._earlier.put(before)
        else:
            furthest = whole(request, "furthest")
            if kind == "fork":
                recording.fork(whole(request, "frame"), furthest)
            else:
                recording.switch(str(request.get("name")), furthest)
        self._stand_at_the_end()

    def _stand_at_the_end(self) -> None:
        """Show the newest frame of a run that has become another one."""
        self.config = self.recording.config
        self._shown = self._rests_at = self.recording.last_frame
        self._name_run()
        self._sync(self._shown)

    def _carry_over(self, frame: int) -> None:
        """Go on with other data; if they can't be had, with those that there are."""
        try:
            self.recording.carry_over(self.config, frame)
        except ValueError:
            self.config = self.recording.config
            raise

    def _advance(self, request: dict[str, Any]) -> None:
        if request.get("unit") not in ("step", "epoch"):
            raise BadRequest
        after = whole(request, "from")
        amount, n = whole(request, "amount", 1, MAX_AMOUNT), self._n_frames(request)
        haste = self._changed or request.get("haste") is True
        go_on = request.get("go_on") is True
        try:
            frames = self.recording.advance(after, request["unit"], amount, n, self._cpu_seconds(haste), go_on)
        except LookupError:
            self._sync(self.recording.nearest_kept(after))
        else:
            self._changed = False
            self._say("frames", frames)

    def _cpu_seconds(self, is_in_haste: bool = False) -> float:
        return cpu_seconds(self.recording.setup.whole_test is not None, is_in_haste)

    def _edit(self, request: dict[str, Any]) -> None:
        after = whole(request, "frame")
        if self.no_edits:
            return self._say("frames", [], more={"refusal": self.no_edits})
        try:
            frame = edits.edit(self.recording, after, request.get("index"), request.get("value"))
        except LookupError:
            self._sync(self.recording.nearest_kept(after))
        except Refusal as refusal:
            self._say("frames", [], more={"refusal": refusal_words(refusal)})
        else:
            self._shown = self._rests_at = frame.number
            self._say("frames", [frame])

    def _go_to(self, request: dict[str, Any]) -> None:
        """Take the network to a place of the landscape, by hand, on a branch."""
        recording, frame, furthest = self.recording, whole(request, "frame"), whole(request, "furthest")
        if self.no_edits:
            return self._say("frames", [], more={"refusal": self.no_edits})
        try:
            parameters, varied = self._landscape.parameters_at(recording, request)
            before = recording.copy_aside()
            edits.go_to(recording, frame, furthest, parameters, varied)
        except LookupError:
            self._sync(recording.nearest_kept(frame))
        except Refusal as refusal:
            self._say("frames", [], more={"refusal": refusal_words(refusal)})
        else:
            before.leave_unseen(frame, furthest)
            self._earlier.put(EarlierRun(self.run, before, "place", frame))
            self._stand_at_the_end()

    def _show(self, number: int) -> None:
        self._say("frames", [self.recording.frame(self.recording.nearest_kept(number))])

    def _look(self, request: dict[str, Any]) -> None:
        """Bring other parts of a frame from now on, and without a plane choose directions again if asked to."""
        recording = self.recording
        frame = whole(request, "frame")
        fit = whole({"fit": recording.fit} | request, "fit")
        try:
            shows = checked_parts(request.get("shows", recording.shows))
        except Refusal:
            raise BadRequest from None
        recording.look(shows, fit)
        self._show(frame)

    # -- a run that is told by its recipe --------------------------------------------------------------------------

    def _recover(self, request: dict[str, Any]) -> None:
        """Go on with what a browser was shown by a server, or a session, that is no more."""
        if self._retelling.has_brought(self.run, request):
            self._sync(self.shown, self._retelling.words)
        else:
            self._retell(lambda: self._retelling.recover(request, self.config), whole=False)

    def _follow(self, moment: Moment) -> None:
        self._retell(lambda: self._retelling.follow(moment, self.config))

    def _retell(self, begin: Callable[[], None] = lambda: None, whole: bool = True) -> None:
        """Train the run that is told for a while; tell how far it has come, in a `whole` sync or else briefly."""
        try:
            begin()
            retold = self._retelling.go_on(self._cpu_seconds())
        except NotUnderWay:
            self._sync(self.shown)
        except Lost as lost:
            self._lose(lost.words)
        else:
            self._go_on_with(retold, whole)

    def _go_on_with(self, retold: Retold | None, whole: bool) -> None:
        if retold is not None:
            self._take_in(retold)
        elif whole:
            self._sync(self.shown)
        else:
            self._say("frames", [])

    def _take_in(self, retold: Retold) -> None:
        """Put a run on the stage that was trained again."""
        recording, why = retold.recording, retold.why
        left = self._run_to_leave() if why == "link" else None
        recording.branches.move_to(self._memory)
        if why == "undo" or why == "redo":
            self._change_places(why, self._earlier_run(why))
            kept, n_steps = recording.track.kept, retold.comeback.shown
            # An edit takes no step: of frames as near, the last is the one that was left.
            shown = min(kept.numbers, key=lambda number: (abs(kept[number].snapshot.n_steps - n_steps), -number))
        else:
            if recording.config.same_run(self.config):
                take_up(recording, self.config)  # a control may have been set meanwhile
            self._leave(left)
            if why == "recovery":
                self._earlier.fill(retold.comeback.before, retold.comeback.after)
            shown = recording.last_frame
        recording.look(self.recording.shows)
        start = retold.comeback.start
        is_fresh = start is not None and start[0].is_light
        words = {"recovered": why == "recovery", "fresh_optimizer": is_fresh}
        self._show_run(recording, shown, words)
        self._retelling.note_brought(self.run, words)

    def _lose(self, words: str) -> None:
        """Stay with the run on the stage: the one that is told can't be had."""
        self._sync(self.shown, {"lost": words})

    def changes(self) -> dict[str, str]:
        """Return what the page's address says of the run besides its settings: at the frame where it rested last."""
        return {} if self._carries_over else self._told.in_address(self.recording, self.config, self._rests_at)

    @property
    def shown(self) -> int:
        """The frame on screen, as far as is known."""
        return self.recording.nearest_kept(self._shown)

    @property
    def shown_is_newest(self) -> bool:
        """Whether training would go on from the frame on screen by the settings as they are now."""
        return self._changed or self.shown == self.recording.last_frame

    @property
    def is_replaying(self) -> bool:
        """Whether a run that is told by its recipe is being trained again."""
        return self._retelling.is_under_way

    # -- messages --------------------------------------------------------------------------------------------------

    def _begin(self, config: ExperimentConfig) -> None:
        """Start a new run, with the parts of a frame that are looked at."""
        self._retelling.stop()
        left = self._run_to_leave()
        recording = Recording(config, self._memory)
        if self.n_runs:
            recording.look(self.recording.shows)
            self._leave(left)
        self._show_run(recording, 0)

    def _run_to_leave(self) -> EarlierRun | None:
        """Return the run on the stage if it took time to make."""
        if not self.n_runs or (self.recording.last_frame == 0 and len(self.recording.branches) == 1):
            return None
        return EarlierRun(self.run, self.recording, shown=self._shown)

    def _leave(self, run: EarlierRun | None) -> None:
        """Keep a run that another one has taken the place of."""
        if run is not None:
            self.recording.set_aside(self._shown)
        self._earlier.put(run)

    def _earlier_run(self, kind: Way) -> EarlierRun:
        run = self._earlier.before if kind == "undo" else self._earlier.after
        if run is None:
            raise BadRequest
        return run

    def _return_to(self, kind: Way, request: dict[str, Any]) -> None:
        """Go back to the run before, or on again; that one begins with the frame that the browser names."""
        run = self._earlier_run(kind)
        frame, recording = whole(request, "frame") if "frame" in request else None, run.recording
        if isinstance(recording, ToldRun):
            told = Comeback(recording, shown=whole({"steps": run.shown} | request, "steps"))
            self._retell(lambda: self._retelling.begin(told, kind))
            return
        # The copy of a run that went to a place: its data, and the landscape of them, are those on the stage.
        recording.bring_back(self.recording.setup if run.why == "place" else None)
        self._change_places(kind, run)
        recording.look(self.recording.shows)
        self._show_run(recording, recording.last_frame if frame is None else recording.nearest_kept(frame))

    def _change_places(self, kind: Way, run: EarlierRun) -> None:
        """Let the run on the stage be the one that redo, or undo, leads to, as `run` takes its place."""
        self.recording.set_aside(self._shown)
        go = self._earlier.go_back if kind == "undo" else self._earlier.go_on
        go(EarlierRun(self.run, self.recording, run.why, self._shown))
        self._was = run.name

    def _show_run(self, recording: Recording, frame: int, more: dict[str, Any] | None = None) -> None:
        """Put a run on the stage, at a frame of it."""
        self.recording, self.config = recording, recording.config
        self._shown = self._rests_at = frame
        self._name_run()
        self._sync(frame, more)
        self._was = ""

    def _sync(self, frame: int, more: dict[str, Any] | None = None) -> None:
        recording = self.recording
        info = info_of(recording) | self.told_besides(recording.config)
        told = {"info": info, "linked_view": self._linked_view and dataclasses.asdict(self._linked_view)}
        self._say("sync", [recording.frame(frame)], statics_of(recording), told | (more or {}))

    def _say(
        self,
        kind: str,
        frames: list[Frame],
        statics: dict[str, np.ndarray] | None = None,
        more: dict[str, Any] | None = None,
    ) -> None:
        recording = self.recording
        self.seq += 1
        if frames:
            FRAMES.add(len(frames))
            self._frame_nbytes = frames[-1].nbytes
        header = {
            "seq": self.seq,
            "kind": kind,
            "run": self.run,
            "settings": self.settings,
            "reply": self.reply,
            "proposal": self.proposal,
            "held_back": self._held_back,
            "controls": self.controls,
            "carry_over": self._carries_over,
            **news_of(recording),
            "before_edits": self._told.before_edits(recording),
            "trail": list(self.trail.items()),
            "was": self._was,
            "undo": name_and_why(self._earlier.before),
            "redo": name_and_why(self._earlier.after),
            "replaying": self._retelling.progress,
            **self._held.header(self.run, recording, self._earlier, self._shown),
            "recipe": self._told.to_browser(recording, self.config, self._held.since),
            **(more or {}),
        }
        self.message = pack_frames(frames, header, statics)
