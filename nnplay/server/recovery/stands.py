"""Where a run stands, as text for a browser to hold: what a file holds, in less room.

From there on, little is to be trained again. Numbers are written as they are in memory; a network that is too large for
that is told by its parameters alone, in single precision, as old frames of large networks are kept.
"""

from __future__ import annotations

import base64
import binascii
import math
import threading
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recipe import Event, FreshOptimizer, Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.tracks import Track
from nnplay.experiment.saved_runs import saved_run
from nnplay.refusal import Refusal
from nnplay.server import budget, moments

#: Longest text: what a browser holds of a network with 390 000 parameters and their momentum, in single precision.
MAX_CHARACTERS = 4_200_000
#: What a text may be unpacked to, but for the numbers: a table of one's own may be among it.
MAX_BYTES = 4_000_000
#: What is at most to be trained again, about; how often there may be a new stand, and how fast they may come, as frames
#: wait for them on slow links.
TRAINED_AGAIN_SECONDS, EVERY_SECONDS, CHARACTERS_A_SECOND = 10.0, 10.0, 50_000
#: That time is for all who play now together: when their server is gone, they all come to others at once, and each gets
#: as much time there as it had here. But a new stand for less than this is not worth its way.
LEAST_SECONDS = 0.1
#: Who was answered within so many seconds plays now.
_NOW_SECONDS = 10.0
_TYPES = {"float32": "<f4", "float64": "<f8"}


@dataclass(frozen=True)
class Stand:
    """A run that stands somewhere.

    Attributes
    ----------
    recording : Recording
    recipe : Recipe or None
        How it came there, if that is known.
    n_steps : int
    is_light : bool
        Whether its optimizer begins afresh.
    """

    recording: Recording
    recipe: Recipe | None
    n_steps: int
    is_light: bool

    def goes_on(self, recipe: Recipe) -> int | None:
        """Return how many events of a recipe are in it already; None if that one doesn't lead by here."""
        if self.recipe is None or self.recipe.config != recipe.config:
            return None
        events = self.recipe.events
        if self.is_light:  # which the recipe doesn't know of
            events = events[:-1]
        n = len(events)
        if recipe.events[:n] != events or any(event.n_steps < self.n_steps for event in recipe.events[n:]):
            return None
        return n


class Playing:
    """How many visitors of this server play now."""

    def __init__(self) -> None:
        self._seen: dict[int, float] = {}
        self._lock = threading.Lock()

    def count(self, visitor: object, now: float) -> int:
        """Take note of one who plays, and return how many do."""
        with self._lock:
            self._seen = {key: when for key, when in self._seen.items() if now - when < _NOW_SECONDS}
            self._seen[id(visitor)] = now
            return len(self._seen)


#: There is one server in a process.
PLAYING = Playing()


class Newest:
    """The newest stand of what is on the stage: another one when there is much to train again from there.

    Attributes
    ----------
    text : str
        Empty where there is none.
    n_steps : int
        Its mini-batches; 0 where there is none: from there on a run is trained again.
    """

    def __init__(self) -> None:
        self.text, self.n_steps = "", 0
        self._run, self._n_events = "", 0
        self._log: tuple[tuple[int, Event], ...] = ()
        self._config: ExperimentConfig | None = None
        self._seconds_a_step = 0.0
        self._written = -math.inf

    def look(self, run: str, recording: Recording, shown: int) -> None:
        """Take note of a run, of which frame `shown` is on screen."""
        track = recording.track
        if not self._is_of(run, track):
            self.text, self.n_steps, self._written = "", 0, -math.inf
            self._run, self._log, self._n_events = run, track.log, 0
        number = track.kept.nearest(shown)
        ahead = track.kept[number].snapshot.n_steps - self.n_steps
        if ahead <= 0 or not self._is_due(recording, ahead):
            return
        self._written = time.monotonic()
        if text := write(recording, number):
            self.text, self.n_steps = text, self.n_steps + ahead
            self._n_events = len([entry for entry in track.log if entry[0] < number])

    def _is_of(self, run: str, track: Track) -> bool:
        """Return whether the stand is one that the run has come by, and hasn't gone back before."""
        if run != self._run or track.kept[track.last_frame].snapshot.n_steps < self.n_steps:
            return False
        if track.log is self._log:
            return True
        old, self._log = self._log, track.log
        before, after = track.log[: self._n_events], track.log[self._n_events :]
        return before == old[: self._n_events] and all(event.n_steps >= self.n_steps for _, event in after)

    def _is_due(self, recording: Recording, ahead: int) -> bool:
        if recording.config is not self._config:
            self._config, self._seconds_a_step = recording.config, budget.seconds_a_step(recording.config)
        now = time.monotonic()
        enough = max(LEAST_SECONDS, TRAINED_AGAIN_SECONDS / PLAYING.count(self, now))
        much = ahead * self._seconds_a_step >= enough or recording.track.first is None
        pause = max(EVERY_SECONDS, len(self.text) / CHARACTERS_A_SECOND)
        return much and now - self._written >= pause


def write(recording: Recording, number: int) -> str:
    """Return where a run stands at a kept frame; an empty text where that is too much."""
    try:
        for light in (False, True):
            text = _text(saved_run.to_dict(recording, number, light), light)
            if len(text) <= MAX_CHARACTERS:
                return text
    except Refusal:  # a loss that isn't finite: there is nothing to go on from
        pass
    return ""


def _text(saved: dict[str, Any], light: bool) -> str:
    vectors = saved["optimizer"]["vectors"]
    arrays = [saved["parameters"], *([] if light else vectors.values())]
    numbers = np.concatenate(arrays).astype("<f4" if light else _TYPES[saved["config"]["dtype"]])
    rest = saved | {"parameters": [], "optimizer": saved["optimizer"] | {"vectors": list(vectors)}, "light": light}
    return f"{moments.packed(rest)}.{base64.b64encode(numbers.tobytes()).decode()}"


def read(text: Any) -> Stand:
    """Return the run that :func:`write` told.

    Raises
    ------
    Refusal
        If it is none.
    """
    if not isinstance(text, str) or len(text) > MAX_CHARACTERS:
        raise _damaged()
    head, _, body = text.partition(".")
    saved = moments.unpacked(head, MAX_CHARACTERS, MAX_BYTES)
    try:
        light = saved.pop("light") is True
        numbers = np.frombuffer(
            base64.b64decode(body, validate=True), "<f4" if light else _TYPES[saved["config"]["dtype"]]
        )
        names = saved["optimizer"]["vectors"]
        rows = numbers.reshape(1 if light else 1 + len(names), -1).astype(float).tolist()
        zeros = [0.0] * len(rows[0])
        vectors = {name: zeros if light else rows[1 + k] for k, name in enumerate(names)}
        saved = saved | {"parameters": rows[0], "optimizer": saved["optimizer"] | {"vectors": vectors}}
    except (binascii.Error, AttributeError, KeyError, TypeError, ValueError) as error:
        raise _damaged() from error
    recording = saved_run.from_dict(saved, budget.check)
    recipe, n_steps = recording.recipe, recording.session.n_steps
    fresh = bool(recipe and recipe.events and isinstance(recipe.events[-1], FreshOptimizer))
    return Stand(recording, recipe, n_steps, light and (fresh or recipe is None))


def _damaged() -> Refusal:
    return Refusal("stand", "must be as the server told it", plainly="are damaged")
