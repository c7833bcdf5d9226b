"""What the page's map of a sweep is fed with: requests come in, messages go out; no Streamlit in here.

The browser says how many trainings it knows of, and gets the others. What travels is in ``docs/protocol.md``.
"""

from __future__ import annotations

import secrets
import weakref
from typing import Any

import numpy as np

from nnplay.experiment.compare.sweeps.grid import Grid
from nnplay.experiment.compare.sweeps.result import MEASURES
from nnplay.experiment.compare.sweeps.sweep import Sweep
from nnplay.experiment.compare.sweeps.task import Outcome
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, differing
from nnplay.experiment.frames.frame import Arrays, pack_frames
from nnplay.refusal import Refusal
from nnplay.server.compare.sweep_job import SweepJob
from nnplay.server.compare.sweep_limits import HERE, check_sweep
from nnplay.server.compare.sweep_link import Plan, in_words, text_of
from nnplay.server.request_fields import BadRequest, whole
from nnplay.server.setting_words import capital, settings_in_words, value_word
from nnplay.server.turns import Account

#: What a visitor is told first of the run that all cells share.
_TOLD = ("dataset", "hidden_sizes", "activation", "optimizer", "learning_rate", "batch_size")
#: A message has so many trainings at most: the rest comes with the next.
MOST_TOLD = 500
#: How long a new sweep waits for one that was told to stop.
_PATIENCE = 1.0
#: How long an answer waits for a sweep to stop, so that it can say so.
_STOP_PATIENCE = 0.3


class SweepFeed:
    """What one visitor's sweep is fed with; once nothing refers to it any more, its sweep ends.

    Parameters
    ----------
    account : Account, optional
        The visitor's, by which is decided who trains when.

    Attributes
    ----------
    plan : Plan
        What the page's controls ask for.
    grid : Grid or None
        What comes of it; None where it is refused.
    refusal : Refusal or None
        Why.
    sweep : Sweep or None
        The one on the map.
    """

    def __init__(self, account: Account | None = None) -> None:
        self._account = account or Account()
        self.plan, self.config = Plan(), ExperimentConfig()
        self.grid: Grid | None = None
        self.refusal: Refusal | None = None
        self._asked: Any = None
        self.sweep: Sweep | None = None
        self._job: SweepJob | None = None
        self._ending = weakref.finalize(self, lambda: None)
        self._id = ""
        self._reply = self._have = 0
        self._shown: tuple[Any, ...] = ()

    def use(self, config: ExperimentConfig, plan: Plan) -> None:
        """Take note of what the page's controls ask for; the sweep on the map stays."""
        if (config, plan) == self._asked:
            return
        self._asked = (config, plan)
        self.config, self.plan = config, plan
        try:
            self.grid, self.refusal = plan.grid(config), None
        except Refusal as refusal:
            self.grid, self.refusal = None, refusal

    # -- what the visitor does -----------------------------------------------------------------------------------------

    @property
    def is_running(self) -> bool:
        """Whether a sweep goes on."""
        return self._job is not None and self._job.is_running

    @property
    def problem(self) -> str | None:
        """Why the sweep could not go on where it is to be trained, in a sentence."""
        return self._job.problem if self._job is not None and self._job.place == self.plan.place else None

    @property
    def shown(self) -> tuple[Any, ...]:
        """How the sweep stands as the map shows it; once that changes, the rest of the page is to be drawn again.

        Not before: the browser would draw the rest of the page first, and Stop would take as much longer.
        """
        return self._shown

    def run(self) -> None:
        """Begin the sweep that the controls ask for; what another one has done of the same trainings is taken over."""
        if self.grid is None or (self.is_running and not self._is_new):
            return
        self.stop(_PATIENCE)
        sweep = Sweep.of_grid(self.grid)
        if self.sweep is not None:
            sweep.take_over(self.sweep)
        self._show(sweep)
        self._start(self.plan.place)

    def go_on(self) -> None:
        """Go on with the sweep on the map."""
        if self.sweep is not None and not self.sweep.finished:
            self.stop(_PATIENCE)
            self._start(self.plan.place)

    def stop(self, wait: float | None = None) -> None:
        """Stop the sweep, and wait for so many seconds until it has."""
        if self._job is not None:
            self._job.stop()
            if wait is not None and self._job.is_running:
                self._job.wait(wait)

    def _stop_soon(self) -> None:
        self.stop(_STOP_PATIENCE)

    def open(self, sweep: Sweep) -> None:
        """Show a sweep from a file.

        Raises
        ------
        Refusal
            If it is none for a server that others use, too.
        """
        check_sweep(sweep.grid, self.plan.place)
        self.stop()
        self._show(sweep)

    def _show(self, sweep: Sweep) -> None:
        self.sweep, self._job = sweep, None
        self._id, self._have = secrets.token_hex(6), 0

    def _start(self, place: str) -> None:
        assert self.sweep is not None
        self._job = SweepJob(self.sweep, place, account=self._account)
        self._ending.detach()  # or every sweep there was would stay as long as the visit
        self._ending = weakref.finalize(self, self._job.stop)
        self._job.start()

    # -- messages ------------------------------------------------------------------------------------------------------

    def answer(self, request: Any) -> None:
        """Do what a request of the browser asks for, once."""
        try:
            number, have = whole(request, "id"), whole(request, "have")
        except BadRequest:
            return
        self._have = have if request.get("sweep") == self._id else 0
        if number <= self._reply:
            return
        self._reply = number
        running = self.is_running
        if (request.get("sweep"), request.get("running")) == (self._id, running):
            self._shown = self._id, running, self.problem
        act = {"run": self.run, "go_on": self.go_on, "stop": self._stop_soon}.get(str(request.get("do")))
        if act is not None:
            act()

    @property
    def message(self) -> bytes:
        """What the browser is to have now."""
        sweep = self.sweep
        running = self.is_running  # before what it brought is read: the last of it isn't missed
        outcomes = list(sweep.result.outcomes.items()) if sweep is not None else []
        told = outcomes[self._have : self._have + MOST_TOLD]
        grid = sweep.grid if sweep is not None else self.grid
        header = {
            "kind": "sweep",
            "reply": self._reply,
            "sweep": self._id,
            "from": min(self._have, len(outcomes)),
            "done": len(outcomes),
            "running": running,
            "problem": self.problem,
            "progress": self._progress(),
            "grid": grid and _described(grid),
            "next": self._next(),
        }
        return pack_frames([], header, _arrays(told))

    def _progress(self) -> dict[str, Any]:
        if self.sweep is None:
            return {"share": 0.0, "seconds_left": None, "finished": False}
        progress = self.sweep.progress
        return {"share": progress.share, "seconds_left": progress.seconds_left, "finished": progress.finished}

    def _next(self) -> dict[str, Any]:
        """Return what Run would begin."""
        if self.grid is None:
            return {"refusal": in_words(self.refusal) if self.refusal else "", "new": True, "trainings": 0}
        return {"refusal": None, "new": self._is_new, "trainings": self.grid.n_trainings}

    @property
    def _is_new(self) -> bool:
        """Whether the controls ask for another sweep than the one on the map."""
        return self.sweep is None or self.grid is None or self.sweep.grid.to_dict() != self.grid.to_dict()


def _described(grid: Grid) -> dict[str, Any]:
    config = grid.config
    return {
        "axes": [
            {
                "name": name,
                "label": SETTINGS[name].label,
                "values": [
                    text_of(name, value) if name == "hidden_sizes" else value_word(name, value) for value in values
                ],
            }
            for name, values in grid.axes.items()
        ],
        "seeds": list(grid.seeds),
        "epochs": grid.epochs,
        "common": in_common(grid),
        "task": config.task,
        "has_test": all(cell.n_test > 0 for cell in grid.cells),
        "place": HERE,
    }


def in_common(grid: Grid) -> str:
    """Return what all cells share, in words."""
    config = grid.config
    names = [*_TOLD, *(name for name in differing(config, ExperimentConfig()) if name not in _TOLD)]
    told = [
        name
        for name in names
        if name not in grid.axes and name not in ("seed", "data_seed") and not SETTINGS[name].idle(config)
    ]
    return capital(settings_in_words(config, told))


def _arrays(told: list[tuple[int, Outcome]]) -> Arrays:
    """Return trainings as arrays, their curves one after another."""
    outcomes = [outcome for _, outcome in told]
    curves = [outcome.curve for outcome in outcomes]
    arrays: Arrays = {
        "index": np.array([index for index, _ in told], "<u4"),
        "epochs": np.array([outcome.epochs for outcome in outcomes], "<u4"),
        "diverged": np.array([outcome.diverged for outcome in outcomes], "u1"),
        "points": np.array([len(epochs) for epochs, *_ in curves], "<u2"),
        "curve_epoch": np.array([epoch for epochs, *_ in curves for epoch in epochs], "<u4"),
        "curve_train": _single([loss for _, losses, _ in curves for loss in losses]),
        "curve_test": _single([loss for *_, losses in curves for loss in losses]),
    }
    for name in MEASURES:
        arrays[name] = np.array([getattr(outcome, name) for outcome in outcomes], "<f8")
    return arrays


def _single(losses: list[float]) -> np.ndarray:
    """Return losses in single precision; one that is too large for it on its way to nowhere is the largest there is."""
    return np.minimum(np.array(losses, float), np.finfo("<f4").max).astype("<f4")
