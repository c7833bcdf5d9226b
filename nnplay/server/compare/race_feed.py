"""What one visitor's race is fed with: requests come in, messages of the stage protocol go out; no Streamlit in here.

A frame tells of all lanes at once, so that they can't be apart. What travels is in ``docs/protocol.md``.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np

from nnplay.experiment.compare.fairness import in_words
from nnplay.experiment.compare.race import differences_of
from nnplay.experiment.compare.race_recording import MEASURED, Clock, RaceRecording
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.url import fit_for_address
from nnplay.experiment.frames.frame import Arrays, Frame, pack_frames
from nnplay.experiment.recording.setup import Setup
from nnplay.experiment.training.session import TrainingSession
from nnplay.server.branch_words import thinned
from nnplay.server.compare.race_link import Lanes, to_query
from nnplay.server.request_fields import LARGEST, BadRequest, whole
from nnplay.server.run_info import MAX_HISTORY_ROWS, info_of, samples_of
from nnplay.server.setting_words import capital, settings_in_words
from nnplay.server.stage_feed import (
    CPU_SECONDS,
    CPU_SECONDS_ALONE,
    MAX_AMOUNT,
    MAX_FRAMES,
    MESSAGE_BYTES,
    SERVER,
    TRAINING,
)
from nnplay.server.turns import Account

#: Frames along the way of a race that is trained again.
REPLAYED_FRAMES = 200
#: Farther than that nobody comes again: CPU time, by what the race took a while ago.
MOST_EPOCHS_AGAIN = 200_000


@dataclass(frozen=True)
class _Lane:
    """A lane, as a run is described."""

    config: ExperimentConfig
    setup: Setup
    session: TrainingSession


class RaceFeed:
    """What the page's race is fed with.

    Attributes
    ----------
    lanes : tuple of ExperimentConfig
    clock : {"epochs", "time"}
    recording : RaceRecording
    message : bytes
        What the browser is to have now.
    controls : int
        How often the server had set the page's controls when the page was last drawn.
    """

    def __init__(self, lanes: Lanes, clock: Clock, account: Account | None = None) -> None:
        self.lanes, self.clock = lanes, clock
        self.recording: RaceRecording
        self._token = SERVER + secrets.token_hex(4)
        self.seq = self.n_races = self.reply = self.controls = 0
        self.message = b""
        self._account = account or Account()
        self._frame_nbytes = 1
        #: The moment that the race is being trained up to again, and what the browser asked for.
        self._again: float | None = None
        with TRAINING.turn(self._account):
            self._begin()

    def use(self, lanes: Lanes, clock: Clock) -> None:
        """Go on with these lanes: if they are other ones, from the beginning."""
        if (lanes, clock) == (self.lanes, self.clock):
            return
        self.lanes, self.clock = lanes, clock
        with TRAINING.turn(self._account):
            self._begin()

    def answer(self, request: Any) -> None:
        """Answer a request of the browser, once; a bad one gets an empty answer."""
        try:
            number = whole(request, "id", 1)
        except BadRequest:
            return
        if number <= self.reply:
            return
        self.reply = number
        with TRAINING.turn(self._account):
            try:
                self._dispatch(request)
            except (BadRequest, ValueError):
                self._say("frames", [])

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
        elif kind == "show":
            self._say("frames", [recording.frame(recording.nearest_kept(whole(request, "frame")))])
        elif kind == "frames":
            self._advance(request)
        elif kind == "replay":
            self._say("frames", recording.replay(whole(request, "from"), self._n_frames(request)))
        else:
            raise BadRequest

    def _frame_left(self, request: dict[str, Any]) -> int:
        """Return the frame that the visitor left the page at, if the browser knows of this race; else the newest."""
        left = request.get("left")
        if not isinstance(left, dict) or left.get("run") != self.run:
            return self.recording.last_frame
        return self.recording.nearest_kept(whole(left, "frame"))

    def _advance(self, request: dict[str, Any]) -> None:
        after = whole(request, "from")
        amount, n = whole(request, "amount", 1, MAX_AMOUNT), self._n_frames(request)
        try:
            frames = self.recording.advance(after, amount, n, self._cpu_seconds)
        except LookupError:
            self._sync(self.recording.nearest_kept(after))
        else:
            self._say("frames", frames)

    def _n_frames(self, request: dict[str, Any]) -> int:
        return min(whole(request, "n", 1, MAX_FRAMES), max(1, MESSAGE_BYTES // self._frame_nbytes))

    @property
    def _cpu_seconds(self) -> float:
        return CPU_SECONDS if TRAINING.awaited else CPU_SECONDS_ALONE

    # -- a race that another server, or a visit that is forgotten, had come farther with -----------------------------

    def _recover(self, request: dict[str, Any]) -> None:
        """Train the race again, up to where the browser had it, in slices; it asks on until that is done."""
        if self._again is None:
            steps = whole(request, "steps", 0, LARGEST)
            if request.get("recipe") != self._recipe():
                self._sync(
                    self.recording.last_frame, {"lost": "The race can’t be brought back: its lanes are others now."}
                )
                return
            moment = steps if self.clock == "epochs" else steps / 1000
            if moment > MOST_EPOCHS_AGAIN:
                self._sync(self.recording.last_frame, {"lost": "The race would take too long to train again."})
                return
            self._again = float(moment)
        self._go_on()

    def _go_on(self) -> None:
        again = self._again
        assert again is not None
        if not self.recording.train_to(again, self._cpu_seconds, REPLAYED_FRAMES):
            self._say("frames", [])
            return
        self._again = None
        self._name_race()
        self._sync(self.recording.nearest_to_clock(again), {"recovered": True})

    def _recipe(self) -> str:
        """Return what tells this race from others."""
        text = urlencode(to_query(self.lanes, self.clock))
        own = [lane.points for lane in self.lanes]
        return hashlib.sha256(f"{text} {own}".encode()).hexdigest()[:16]

    # -- messages --------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Start the race, with its lanes as they are."""
        self._again = None
        self.recording = RaceRecording(self.lanes, self.clock)
        self._name_race()
        self._sync(0)

    def _name_race(self) -> None:
        self.n_races += 1
        self.run = f"{self._token}-{self.n_races}"

    def _sync(self, frame: int, more: dict[str, Any] | None = None) -> None:
        self._say("sync", [self.recording.frame(frame)], self._statics(), {"info": self._info(), **(more or {})})

    def _info(self) -> dict[str, Any]:
        recording = self.recording
        lanes = zip(recording.names, self._runs(), headings(self.lanes), strict=True)
        return {
            "lanes": [
                {
                    "name": name,
                    "heading": heading,
                    "parameters": run.session.network.parameters.size,
                    "query": urlencode(fit_for_address(run.config.to_query())[0], safe=",:;()="),
                    "info": info_of(run),
                }
                for name, run, heading in lanes
            ],
            "clock": self.clock,
            "fairness": in_words(recording.fairness),
            "equal": [each.what for each in recording.fairness if each.is_equal],
            "steps_per_epoch": 1,
            "input_names": [],
        }

    def _runs(self) -> list[_Lane]:
        recording = self.recording
        return [
            _Lane(lane.config, setup, lane.session)
            for lane, setup in zip(recording.lanes, recording.setups, strict=True)
        ]

    def _statics(self) -> Arrays:
        recording = self.recording
        statics: Arrays = {}
        for name, run in zip(recording.names, self._runs(), strict=True):
            statics |= {f"{name}_{key}": array for key, array in samples_of(run).items()}
        history = recording.history
        rows = thinned(history.n_rows, MAX_HISTORY_ROWS)
        for column in ("frame", "clock", *(f"{n}_{c}" for n in recording.names for c in ("epoch", *MEASURED))):
            statics[f"history_{column}"] = np.asarray(history[column][rows], "<f8")
        return statics

    def _say(
        self, kind: str, frames: list[Frame], statics: Arrays | None = None, more: dict[str, Any] | None = None
    ) -> None:
        recording = self.recording
        self.seq += 1
        if frames:
            self._frame_nbytes = frames[-1].nbytes
        header = {
            "seq": self.seq,
            "kind": kind,
            "run": self.run,
            "settings": 0,
            "reply": self.reply,
            "controls": self.controls,
            "view": {"id": 0, "shows": []},
            "last_frame": recording.last_frame,
            "ahead": recording.n_recent - 1,
            "stops": [self._stop_of(place) for place in range(len(self.lanes))],
            "stopped": self._end(),
            "recipe": self._recipe(),
            "replaying": None if self._again is None else [self._units(recording.now), self._units(self._again)],
            **(more or {}),
        }
        self.message = pack_frames(frames, header, statics)

    def _units(self, moment: float) -> int:
        return round(moment if self.clock == "epochs" else 1000 * moment)

    def _stop_of(self, place: int) -> dict[str, Any] | None:
        stop = self.recording.stop_of(place)
        return stop and {"frame": stop[0], "message": stop[1]}

    def _end(self) -> dict[str, Any] | None:
        """Return that no lane goes any further, as a run says that it stopped."""
        stops = [self.recording.stop_of(place) for place in range(len(self.lanes))]
        frames = [stop[0] for stop in stops if stop]
        if len(frames) < len(stops):
            return None
        return {
            "frame": max(frames),
            "epoch": self._units(self.recording.now),
            "reason": "diverged",
            "message": "All lanes have diverged.",
            "advice": "Choose a smaller learning rate for one of them.",
            "back_to": None,
        }


def headings(lanes: Lanes) -> list[str]:
    """Return for each lane what of it differs, in words; settings without effect in a lane are left out."""
    found = []
    for config, different in zip(lanes, differences_of(lanes), strict=True):
        names = [name for name in different if not SETTINGS[name].idle(config)]
        found.append(capital(settings_in_words(config, names)) or "The same settings")
    return found
