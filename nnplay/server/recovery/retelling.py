"""Trains a run again, request by request, that is told by its recipe: a link's, a browser's, an earlier one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nnplay.datasets.stored.files import NotAtHand
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.replaying import Replay
from nnplay.experiment.recording.told_run import ToldRun
from nnplay.refusal import Refusal
from nnplay.server import moments
from nnplay.server.moments import Moment
from nnplay.server.recovery import held
from nnplay.server.recovery.held import Comeback

Way = Literal["undo", "redo"]
Why = Literal["link", "recovery"] | Way


class NotUnderWay(Exception):
    """A browser asks for more of what nobody has begun."""


class Lost(Exception):
    """A run can't be had.

    Attributes
    ----------
    words : str
        Why, in a sentence to the visitor.
    """

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Retold:
    """A run that was trained again.

    Attributes
    ----------
    recording : Recording
    why : {"link", "recovery", "undo", "redo"}
    comeback : Comeback
        What was told.
    """

    recording: Recording
    why: Why
    comeback: Comeback


class Retelling:
    """The run that is being trained again, if there is one.

    Attributes
    ----------
    words : dict
        What was said of the run that came last.
    """

    def __init__(self) -> None:
        self._replay: Replay | None = None
        self._why: Why = "link"
        self._comeback: Comeback
        self._asked = self._brought = ""
        self.words: dict[str, Any] = {}

    @property
    def is_under_way(self) -> bool:
        """Whether there is one."""
        return self._replay is not None

    @property
    def progress(self) -> list[int] | None:
        """Completed epochs, and how many there will be."""
        return [self._replay.epoch, self._replay.epochs] if self._replay else None

    def stop(self) -> None:
        """The visitor has chosen something else."""
        self._replay, self._asked = None, ""

    def recover(self, request: Mapping[str, Any], config: ExperimentConfig) -> None:
        """Begin with what a browser had, unless it is under way already.

        Raises
        ------
        Lost, NotUnderWay
        """
        asked = _what(request)
        if self._replay is not None and asked == self._asked:
            return
        if request.get("again"):  # what there is besides was told to a server that is no more, either
            raise NotUnderWay
        try:
            comeback = held.read(request, config)
        except Refusal as refusal:
            raise self._lost(refusal, "recovery") from refusal
        self.begin(comeback, "recovery")
        self._asked = asked

    def note_brought(self, run: str, words: dict[str, Any]) -> None:
        """Note under which name the run that was trained again is on the stage, and what was said of it."""
        self._brought, self.words = run, words

    def has_brought(self, run: str, request: Mapping[str, Any]) -> bool:
        """Return whether the run on the stage is the one that a browser asks to have back, and was told of already.

        Streamlit drops an answer if the browser has asked again meanwhile. That must not train the run once more.
        """
        return run == self._brought and _what(request) == self._asked

    def follow(self, moment: Moment, config: ExperimentConfig) -> None:
        """Begin with the run of a link, from a moment.

        Raises
        ------
        Lost
        """
        latest = moment.recipe.latest_config
        now = config if config.same_run(latest) else latest
        self.begin(Comeback(ToldRun.of(moment.recipe, moment.n_steps, now)), "link")

    def begin(self, comeback: Comeback, why: Why) -> None:
        """Begin with a run.

        Raises
        ------
        Lost
        """
        self.stop()
        try:
            start = comeback.start
            self._replay = Replay(comeback.run, start=start and (start[0].recording, start[1]))
        except (Refusal, NotAtHand) as error:
            refusal = Refusal(moments.NAME, "must be of data that are here", plainly=f"can’t be replayed: {error}")
            raise self._lost(refusal, why) from error
        self._why, self._comeback = why, comeback

    def go_on(self, cpu_seconds: float) -> Retold | None:
        """Train for a while; return the run once it is there.

        Raises
        ------
        Lost
        """
        assert self._replay is not None
        try:
            self._replay.run(cpu_seconds)
        except Refusal as refusal:
            raise self._lost(refusal, self._why) from refusal
        if not self._replay.is_done:
            return None
        recording, self._replay = self._replay.recording, None
        return Retold(recording, self._why, self._comeback)

    def _lost(self, refusal: Refusal, why: Why) -> Lost:
        self.stop()
        return Lost(moments.in_words(refusal, is_link=why == "link"))


def _what(request: Mapping[str, Any]) -> str:
    """Return which run a request asks for."""
    return f"{request.get('recipe')} {request.get('steps')} {request.get('events')}"
