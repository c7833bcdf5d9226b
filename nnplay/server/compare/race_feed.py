"""What one visitor's race is fed with: requests come in, messages of the stage protocol go out; no Streamlit in here.

A frame tells of all lanes at once, so that they can't be apart. What travels is in ``docs/protocol.md``.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np

from nnplay.experiment.compare.fairness import in_words
from nnplay.experiment.compare.race_recording import MEASURED, Clock, RaceRecording
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, differing
from nnplay.experiment.config.url import fit_for_address
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.recording.setup import Setup
from nnplay.experiment.training.session import TrainingSession
from nnplay.server.branch_words import thinned
from nnplay.server.compare.moments_feed import REPLAYED_FRAMES, MomentsFeed
from nnplay.server.compare.race_link import Lanes, to_query
from nnplay.server.run_info import MAX_HISTORY_ROWS, info_of, samples_of
from nnplay.server.setting_words import capital, settings_in_words
from nnplay.server.turns import Account
from nnplay.wording import counted

#: Farther than that nobody comes again: CPU time, by what the race took a while ago.
MOST_EPOCHS_AGAIN = 200_000


@dataclass(frozen=True)
class _Lane:
    """A lane, as a run is described."""

    config: ExperimentConfig
    setup: Setup
    session: TrainingSession


class RaceFeed(MomentsFeed[RaceRecording]):
    """What the page's race is fed with.

    Attributes
    ----------
    lanes : tuple of ExperimentConfig
    clock : {"epochs", "time"}
    """

    is_another = "The race can’t be brought back: its lanes have changed."
    takes_too_long = "The race would take too long to train again."

    def __init__(self, lanes: Lanes, clock: Clock, account: Account | None = None) -> None:
        super().__init__(account)
        self.lanes, self.clock = lanes, clock
        self.begin()

    def use(self, lanes: Lanes, clock: Clock) -> None:
        """Go on with these lanes: if they are other ones, from the beginning."""
        if (lanes, clock) == (self.lanes, self.clock):
            return
        self.lanes, self.clock = lanes, clock
        self.begin()

    def _new_recording(self) -> RaceRecording:
        return RaceRecording(self.lanes, self.clock)

    # -- trained again -----------------------------------------------------------------------------------------------

    def _may_go_again(self, steps: int) -> bool:
        return self._moment(steps) <= MOST_EPOCHS_AGAIN

    def _train_again(self, steps: int, cpu_seconds: float) -> int | None:
        moment = self._moment(steps)
        if not self.recording.train_to(moment, cpu_seconds, REPLAYED_FRAMES):
            return None
        return self.recording.nearest_to_clock(moment)

    def _moment(self, steps: int) -> float:
        return steps if self.clock == "epochs" else steps / 1000

    def _progress(self, steps: int) -> list[int]:
        return [self._units(self.recording.now), steps]

    def _recipe(self) -> str:
        text = urlencode(to_query(self.lanes, self.clock))
        own = [lane.points for lane in self.lanes]
        return hashlib.sha256(f"{text} {own}".encode()).hexdigest()[:16]

    # -- messages --------------------------------------------------------------------------------------------------

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

    def _more_header(self) -> dict[str, Any]:
        return {"stops": [self._stop_of(place) for place in range(len(self.lanes))], "stopped": self._end()}

    def _units(self, moment: float) -> int:
        return round(moment if self.clock == "epochs" else 1000 * moment)

    def _stop_of(self, place: int) -> dict[str, Any] | None:
        stop = self.recording.stop_of(place)
        if stop is None:
            return None
        lane = self.recording.lanes[place]
        fall = [[self._clock_at(stop[0], epoch), *map(_told, measures)] for _, epoch, measures in lane.fall]
        return {"frame": stop[0], "message": stop[1], "fall": fall}

    def _clock_at(self, number: int, epoch: float) -> float:
        """Return about what the clock says where a lane that stopped at a frame had that many epochs."""
        return epoch if self.clock == "epochs" else self.recording.kept[number].clock

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


def _told(value: float) -> float | None:
    return float(f"{value:.6g}") if math.isfinite(value) else None


def headings(lanes: Lanes) -> list[str]:
    """Return for each lane what of it is other than in the first one, in words; of that, what all others change.

    Settings without effect in a lane are left out.
    """
    first, *others = lanes
    changed = [[name for name in differing(other, first) if not SETTINGS[name].idle(other)] for other in others]
    common = [name for name in SETTINGS if all(name in names for names in changed)]
    return [
        _heading(first, common) or ("The run as it is" if any(changed) else "The same settings"),
        *(_heading(other, names) or "The same settings" for other, names in zip(others, changed, strict=True)),
    ]


def _heading(config: ExperimentConfig, names: list[str]) -> str:
    parts = [
        layers_in_words(config.hidden_sizes) if name == "hidden_sizes" else settings_in_words(config, [name])
        for name in names
    ]
    return capital(", ".join(parts))


def layers_in_words(sizes: tuple[int, ...]) -> str:
    """Return hidden layers as one speaks of them: of several that are alike, their number and their units."""
    if len(set(sizes)) > 1:
        return f"hidden layers of {', '.join(map(str, sizes))} units"
    return f"{counted(len(sizes), 'hidden layer')} of {counted(sizes[0], 'unit')}" if sizes else "no hidden layer"
