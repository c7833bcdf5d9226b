"""What a visitor's comparison is fed with: requests come in, messages go out; no Streamlit in here.

What travels is in ``docs/protocol.md``.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, Generic, TypeVar

from nnplay.experiment.compare.moments import MomentsRecording
from nnplay.experiment.frames.frame import Arrays, Frame, pack_frames
from nnplay.server.answers import MAX_AMOUNT, TRAINING, Answers, cpu_seconds
from nnplay.server.operating.meters import FRAMES
from nnplay.server.request_fields import LARGEST, BadRequest, whole
from nnplay.server.turns import Account

#: Frames along the way of a comparison that is trained again.
REPLAYED_FRAMES = 200

R = TypeVar("R", bound=MomentsRecording[Any])


class MomentsFeed(Answers, Generic[R]):
    """What the browser has of a comparison, and how its requests are answered.

    Attributes
    ----------
    recording : MomentsRecording
    """

    recording: R
    #: What is said where another one than the present one is to be brought back, and where it would take too long.
    is_another: str
    takes_too_long: str

    def __init__(self, account: Account | None = None) -> None:
        super().__init__(account)
        #: How far it is being trained again, after another server, or a visit that is forgotten, had come so far.
        self._again: int | None = None

    # -- what a comparison says of itself ------------------------------------------------------------------------------

    @abstractmethod
    def _new_recording(self) -> R:
        """Return the comparison with the present settings, untrained."""

    @abstractmethod
    def _info(self) -> dict[str, Any]:
        """Return what a sync describes."""

    @abstractmethod
    def _statics(self) -> Arrays:
        """Return the static arrays of a sync."""

    @abstractmethod
    def _recipe(self) -> str:
        """Return letters that tell this comparison from others."""

    @abstractmethod
    def _may_go_again(self, steps: int) -> bool:
        """Return whether it can be trained again up to there."""

    @abstractmethod
    def _train_again(self, steps: int, cpu_seconds: float) -> int | None:
        """Train towards there; return the frame where it is reached, or None while it isn't."""

    @abstractmethod
    def _progress(self, steps: int) -> list[int]:
        """Return how far that is."""

    def _more_header(self) -> dict[str, Any]:
        """Return what a header has besides."""
        return {}

    # -- requests --------------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """Start with the present settings."""
        with TRAINING.turn(self._account):
            self._begin()

    def _dispatch(self, request: dict[str, Any]) -> None:
        kind, recording = request.get("kind"), self.recording
        if kind == "recover":
            self._recover(request)
        elif self._again is not None and kind != "reset":
            self._go_on()
        elif kind == "sync" or request.get("run") != self.run:
            self._sync(self._frame_left(request))
        elif kind == "reset":
            self._begin()
        elif kind in ("show", "view"):
            self._say("frames", [recording.frame(recording.nearest_kept(whole(request, "frame")))])
        elif kind == "frames":
            self._advance(request)
        elif kind == "replay":
            self._say("frames", recording.replay(whole(request, "from"), self._n_frames(request)))
        else:
            raise BadRequest

    def _advance(self, request: dict[str, Any]) -> None:
        after = whole(request, "from")
        amount, n = whole(request, "amount", 1, MAX_AMOUNT), self._n_frames(request)
        unit = "step" if request.get("unit") == "step" else "epoch"
        try:
            frames = self.recording.advance(after, amount, n, cpu_seconds(), unit=unit)
        except LookupError:
            self._sync(self.recording.nearest_kept(after))
        else:
            self._say("frames", frames)

    # -- what another server, or a visit that is forgotten, had come farther with -----------------------------------

    def _recover(self, request: dict[str, Any]) -> None:
        """Train it again, up to where the browser had it, in slices; it asks on until that is done."""
        if self._again is None:
            steps = whole(request, "steps", 0, LARGEST)
            if request.get("recipe") != self._recipe():
                self._sync(self.recording.last_frame, {"lost": self.is_another})
                return
            if not self._may_go_again(steps):
                self._sync(self.recording.last_frame, {"lost": self.takes_too_long})
                return
            self._again = steps
        self._go_on()

    def _go_on(self) -> None:
        assert self._again is not None
        reached = self._train_again(self._again, cpu_seconds())
        if reached is None:
            self._say("frames", [])
            return
        self._again = None
        self._name_run()
        self._sync(reached, {"recovered": True})

    # -- messages --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._again = None
        self.recording = self._new_recording()
        self._name_run()
        self._sync(0)

    def _sync(self, frame: int, more: dict[str, Any] | None = None) -> None:
        self._say("sync", [self.recording.frame(frame)], self._statics(), {"info": self._info(), **(more or {})})

    def _say(
        self, kind: str, frames: list[Frame], statics: Arrays | None = None, more: dict[str, Any] | None = None
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
            "settings": 0,
            "reply": self.reply,
            "controls": self.controls,
            "proposal": self.proposal,
            "held_back": self._held_back,
            "view": {"id": 0, "shows": []},
            "last_frame": recording.last_frame,
            "ahead": recording.n_recent - 1,
            "recipe": self._recipe(),
            "replaying": None if self._again is None else self._progress(self._again),
            "stopped": None,
            **self._more_header(),
            **(more or {}),
        }
        self.message = pack_frames(frames, header, statics)
