"""What answers a browser that plays a run, or a comparison of several: a request comes in, a message of bytes goes out.

What the requests ask for is in :mod:`~nnplay.server.stage_feed` and :mod:`~nnplay.server.compare.moments_feed`; what
travels, in ``docs/protocol.md``.
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from typing import Any, Protocol

from nnplay import limits
from nnplay.experiment.frames.frame import Arrays, Frame
from nnplay.server.operating.meters import ANSWERS
from nnplay.server.request_fields import BadRequest, whole
from nnplay.server.turns import Account, Turns

TRAINING = Turns.of_this_server()
#: What the names of this server's runs begin with.
SERVER = secrets.token_hex(4)
#: CPU time that one request may take while others wait, so that every session has its turn soon; and while none does.
CPU_SECONDS, CPU_SECONDS_ALONE = limits.value("answer_milliseconds") / 1000, 0.2
#: The same for large data: their last frame, and the whole test set at an epoch's end, may take long on top of it, and
#: whatever comes from the page waits for all that.
CPU_SECONDS_LARGE = 0.1
#: The same while the visitor waits to see what a control does, or may be about to set one.
CPU_SECONDS_IN_HASTE = 0.008
MAX_FRAMES = 80
MAX_AMOUNT = 500
#: Frames of about so many bytes make a message, so that one of large networks doesn't hold the line up.
MESSAGE_BYTES = 256_000


def cpu_seconds(is_large: bool = False, is_in_haste: bool = False) -> float:
    """Return how much CPU time an answer may take now."""
    if is_in_haste:
        return CPU_SECONDS_IN_HASTE
    alone = CPU_SECONDS_LARGE if is_large else CPU_SECONDS_ALONE
    return CPU_SECONDS if TRAINING.awaited else alone


class _Played(Protocol):
    """What is played: frames, of which some are kept."""

    @property
    def last_frame(self) -> int: ...
    def nearest_kept(self, number: int) -> int: ...


class Answers(ABC):
    """Answers one visitor's browser.

    Attributes
    ----------
    recording
        What is on the stage.
    message : bytes
        What the browser is to have now.
    run : str
        Identity of what is on the stage.
    controls : int
        How often the server had set the page's controls when the page was last drawn.
    proposal : int
        ``id`` of the newest proposal that was heard.
    """

    recording: _Played

    def __init__(self, account: Account | None = None) -> None:
        # A browser may outlive this server, or its session: runs of another one must not look like its own.
        self._token = SERVER + secrets.token_hex(4)
        self.seq = self.n_runs = self.reply = self.controls = self.proposal = 0
        self.run = ""
        self.message = b""
        self._account = account or Account()
        self._frame_nbytes = 1

    @abstractmethod
    def _dispatch(self, request: dict[str, Any]) -> None:
        """Do what a request asks for, and say what comes of it; raise BadRequest, or ValueError, for a bad one."""

    @abstractmethod
    def _say(
        self, kind: str, frames: list[Frame], statics: Arrays | None = None, more: dict[str, Any] | None = None
    ) -> None:
        """Make the message."""

    def _turn(self, request: dict[str, Any]) -> AbstractContextManager[None]:
        """Return whose turn it is to be while the request is answered."""
        return TRAINING.turn(self._account)

    def answer(self, request: Any) -> None:
        """Answer a request of the browser, once; a bad one gets an empty answer."""
        try:
            number = whole(request, "id", 1)
        except BadRequest:
            return
        if number <= self.reply:
            return
        self.reply = number
        ANSWERS.add()
        with self._turn(request):
            self._account.comes_back = request.get("kind") == "recover"
            try:
                self._dispatch(request)
            except (BadRequest, ValueError):
                self._say("frames", [])
        self._account.comes_back = False

    def hear(self, number: Any) -> None:
        """Tell the browser that its proposal with this id has come."""
        try:
            self.proposal = max(self.proposal, whole({"id": number}, "id", 1))
        except BadRequest:
            return
        self._say("frames", [])

    @property
    def _held_back(self) -> str:
        """Why this answer comes late, in a sentence, where the operator limits the processor time; or nothing."""
        whose = self._account.held_back
        if not whose:
            return ""
        percent = limits.whole(f"{whose}_cpu_percent")
        to_whom = "each visitor" if whose == "visitor" else "all visitors together"
        return f"This server gives {to_whom} {percent} % of a core. That is used up, so the run plays more slowly."

    def _frame_left(self, request: dict[str, Any]) -> int:
        """Return the frame that the visitor left the page at, if the browser knows of this run; else the newest."""
        left = request.get("left")
        if not isinstance(left, dict) or left.get("run") != self.run:
            return self.recording.last_frame
        return self.recording.nearest_kept(whole(left, "frame"))

    def _n_frames(self, request: dict[str, Any]) -> int:
        """Return how many frames are asked for, or fit in a message: the newest that was sent is like those to come."""
        return min(whole(request, "n", 1, MAX_FRAMES), max(1, MESSAGE_BYTES // self._frame_nbytes))

    def _name_run(self) -> None:
        self.n_runs += 1
        self.run = f"{self._token}-{self.n_runs}"
