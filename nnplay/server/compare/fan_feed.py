"""What a visitor's fan of seeds is fed with; no Streamlit in here.

A frame tells of all seeds at once. What travels is in ``docs/protocol.md``.
"""

from __future__ import annotations

import dataclasses
import hashlib
from typing import Any
from urllib.parse import urlencode

import numpy as np

from nnplay.experiment.compare.fan_recording import FanRecording
from nnplay.experiment.compare.stack_session import MEASURES
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.url import fit_for_address
from nnplay.experiment.frames.frame import Arrays
from nnplay.experiment.recording.recipe import Recipe
from nnplay.experiment.recording.setup import Setup
from nnplay.experiment.training.session import TrainingSession
from nnplay.server import moments
from nnplay.server.branch_words import thinned
from nnplay.server.budget import LEAST_STEP_SECONDS, REPLAY_SECONDS, cost_of
from nnplay.server.compare.fan_link import FanSettings, check_fan
from nnplay.server.compare.moments_feed import REPLAYED_FRAMES, MomentsFeed
from nnplay.server.run_info import info_of, samples_of
from nnplay.server.turns import Account

#: Rows of the history that a sync brings: of each seed two losses a row.
HISTORY_ROWS = 300


@dataclasses.dataclass(frozen=True)
class _FirstRun:
    """The first seed's run, as a run is described."""

    config: ExperimentConfig
    setup: Setup
    session: TrainingSession


class FanFeed(MomentsFeed[FanRecording]):
    """What the page's fan is fed with.

    Attributes
    ----------
    config : ExperimentConfig
        Its seed draws the data, unless these are fresh for each.
    settings : FanSettings

    Raises
    ------
    Refusal
        If there are more seeds than fit here.
    """

    is_another = "The seeds can’t be brought back: their settings have changed."
    takes_too_long = "The seeds would take too long to train again."

    def __init__(self, config: ExperimentConfig, settings: FanSettings, account: Account | None = None) -> None:
        super().__init__(account)
        check_fan(config, settings.n_seeds)
        self.config, self.settings = config, settings
        self.begin()

    def use(self, config: ExperimentConfig, settings: FanSettings) -> None:
        """Go on with these settings: another target changes no training, anything else begins again.

        Raises
        ------
        Refusal
            If there are more seeds than fit here; then nothing changes.
        """
        begins = (config, _but_target(settings)) != (self.config, _but_target(self.settings))
        if begins:
            check_fan(config, settings.n_seeds)
        self.config, self.settings = config, settings
        if begins:
            self.begin()

    def run_of(self, seed: int, frame: int) -> tuple[ExperimentConfig, int]:
        """Return the single run of a seed, and its mini-batches at the kept frame nearest to `frame`.

        Raises
        ------
        ValueError
            If there is no such seed.
        """
        place = self.recording.seeds.index(seed)
        kept = self.recording.frame(self.recording.nearest_kept(frame))
        return self.recording.configs[place], kept.n_steps

    def playground_query(self, seed: int, frame: int) -> dict[str, str]:
        """Return the query of the playground that shows a seed as its own run, as it stands at a frame.

        Raises
        ------
        ValueError
            If there is no such seed.
        """
        config, n_steps = self.run_of(seed, frame)
        query = {"dataset": config.dataset} | fit_for_address(config.to_query())[0]
        return query | {moments.NAME: moments.to_text(Recipe(config), n_steps, config)}

    def _new_recording(self) -> FanRecording:
        return FanRecording(self.config, self.settings.n_seeds, self.settings.fresh_data)

    # -- trained again ---------------------------------------------------------------------------------------------

    def _may_go_again(self, steps: int) -> bool:
        # A stack takes for all its networks several times less than one after another.
        seconds = steps * (4 * LEAST_STEP_SECONDS + self.settings.n_seeds * cost_of(self.config).step_seconds)
        return seconds <= REPLAY_SECONDS

    def _train_again(self, steps: int, cpu_seconds: float) -> int | None:
        recording = self.recording
        return recording.last_frame if recording.train_to(steps, cpu_seconds, REPLAYED_FRAMES) else None

    def _progress(self, steps: int) -> list[int]:
        each = self.recording.session.steps_per_epoch
        return [self.recording.n_steps // each, -(-steps // each)]

    def _recipe(self) -> str:
        text = urlencode(self.config.to_query())
        told = f"{text} {self.config.points} {_but_target(self.settings)}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]

    # -- messages --------------------------------------------------------------------------------------------------

    def _info(self) -> dict[str, Any]:
        settings = self.settings
        fan = {"seeds": self.recording.seeds, "target": settings.target, "fresh_data": settings.fresh_data}
        return {**info_of(self._first_run()), "fan": fan}

    def _first_run(self) -> _FirstRun:
        setup = self.recording.setup
        return _FirstRun(self.recording.configs[0], setup, setup.session)

    def _statics(self) -> Arrays:
        history = self.recording.history
        rows = thinned(history.n_rows, HISTORY_ROWS)
        statics = {f"history_{name}": history[name][rows].astype("<f8") for name in ("frame", "epoch", *MEASURES)}
        n = len(self.recording.seeds)
        losses = [history[f"{name}_{k}"][rows] for k in range(n) for name in MEASURES[:2]]
        return samples_of(self._first_run()) | statics | {"history_losses": np.stack(losses, axis=1).astype("<f4")}

    def _more_header(self) -> dict[str, Any]:
        recording = self.recording
        if not recording.is_over:
            return {}
        stopped = {
            "frame": recording.last_frame,
            "epoch": round(recording.now),
            "reason": "diverged",
            "message": "All seeds have diverged.",
            "advice": "Choose a smaller learning rate.",
            "back_to": None,
        }
        return {"stopped": stopped}


def _but_target(settings: FanSettings) -> FanSettings:
    return dataclasses.replace(settings, target=FanSettings().target)
