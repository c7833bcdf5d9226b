"""A race: the same run with other settings, side by side, and fair wherever it can be."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Mapping
from typing import Any

from nnplay.experiment.compare.fairness import Fairness, fairness_of, in_words
from nnplay.experiment.compare.lane import Lane
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.recording.recipe import without_stops
from nnplay.experiment.training.divergence import DivergenceWarning
from nnplay.experiment.training.session import TrainingSession
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import integer, number, shown

#: Lanes are called by letters.
NAMES = "ABCD"
LEAST_LANES, MOST_LANES = 2, len(NAMES)
#: By the clock of training time, lanes take turns of so long.
TURN_SECONDS = 0.02
MOST_SECONDS = 86_400.0


class Race:
    """Two to four runs that are trained side by side.

    Each lane draws data, split, first weights, order of the samples and dropout from streams of its own seed, so that
    lanes that share what these depend on begin and go on alike; :attr:`fairness` says where they do. Stop conditions
    are left out: all lanes go equally far.

    >>> config = ExperimentConfig(dataset="moons")
    >>> race = Race([config, dataclasses.replace(config, momentum=0)]).run(epochs=20)
    >>> race.differences
    [{'momentum': 0.9}, {'momentum': 0.0}]

    Parameters
    ----------
    configs : sequence of ExperimentConfig, 2 to 4

    Attributes
    ----------
    configs : tuple of ExperimentConfig
    sessions : tuple of TrainingSession
        One a lane; ``session.history`` has its losses.
    differences : list of dict
        For each lane the settings in which not all lanes are alike, by name; ``{}`` where all are the same.
    fairness : tuple of Fairness
        What is the same in all lanes, and what can't be, each with a sentence.
    stopped : list of str
        For each lane why it goes no further, in a sentence; empty while it does. A lane that diverged stands where it
        was measured last before.

    Raises
    ------
    TypeError, ValueError
        If there are too few or too many lanes, or one is no configuration.
    """

    def __init__(self, configs: Iterable[ExperimentConfig]) -> None:
        self.configs = checked_lanes(configs)
        self.lanes = tuple(Lane(config, config.build()) for config in self.configs)
        self.fairness: tuple[Fairness, ...] = fairness_of(self.lanes, NAMES)

    def __repr__(self) -> str:
        told = "; ".join(
            f"{name}: {', '.join(f'{field}={value!r}' for field, value in different.items()) or 'the same'}"
            for name, different in zip(NAMES, self.differences, strict=False)
        )
        return f"<Race of {len(self.lanes)} lanes, {told}>"

    @property
    def sessions(self) -> tuple[TrainingSession, ...]:
        """The lanes' sessions."""
        return tuple(lane.session for lane in self.lanes)

    @property
    def differences(self) -> list[dict[str, Any]]:
        """For each lane the settings in which not all are alike."""
        return differences_of(self.configs)

    @property
    def stopped(self) -> list[str]:
        """For each lane why it goes no further."""
        return [lane.stopped for lane in self.lanes]

    def run(self, epochs: int | None = None, *, seconds: float | None = None) -> Race:
        """Train all lanes on, by the same epochs or by the same training time; return the race.

        Parameters
        ----------
        epochs : int, optional
            Each lane completes so many more, one that has begun among them; by default 1 if `seconds` isn't given.
        seconds : float, optional
            CPU time that the training of each lane takes, to the step; measuring isn't counted. How far that leads
            depends on the machine.

        Warns
        -----
        DivergenceWarning
            For each lane that stops because a value is no longer finite, or the loss has grown beyond measure.
        """
        if epochs is not None and seconds is not None:
            raise Refusal("run", "takes epochs or seconds, not both", advice="Use run(epochs=100) or run(seconds=2).")
        before = self.stopped
        if seconds is None:
            self._run_epochs(1 if epochs is None else integer("epochs", epochs, 0))
        else:
            self._run_seconds(number("seconds", seconds, 0, MOST_SECONDS))
        for name, lane, was in zip(NAMES, self.lanes, before, strict=False):
            if lane.stopped and not was:
                warnings.warn(f"lane {name}: {lane.stopped} The others go on.", DivergenceWarning, stacklevel=2)
        return self

    def _run_epochs(self, epochs: int) -> None:
        """Train an epoch of each lane in turn, so that one that is interrupted leaves them together."""
        for _ in range(epochs):
            for lane in self.lanes:
                lane.to_epoch(lane.session.epoch + 1)
                lane.measure()

    def _run_seconds(self, seconds: float) -> None:
        begun = [lane.seconds for lane in self.lanes]
        for turn in range(1, math.ceil(seconds / TURN_SECONDS) + 1):
            for lane, since in zip(self.lanes, begun, strict=True):
                lane.to_seconds(since + min(seconds, turn * TURN_SECONDS))
                lane.measure()

    def results(self, target_score: float | None = None) -> list[dict[str, Any]]:
        """Return a dict for each lane: what differs, and how it did; ``pandas.DataFrame`` makes a table of them.

        Parameters
        ----------
        target_score : float, optional
            Adds ``target_epoch``, the first epoch in the history with at least that score on the test set (the training
            set where there is none), or None.
        """
        target = None if target_score is None else number("target_score", target_score, -math.inf)
        rows = []
        for name, different, lane in zip(NAMES, self.differences, self.lanes, strict=False):
            train_loss, test_loss, train_score, test_score = lane.measures
            session = lane.session
            row = {
                "lane": name,
                **different,
                "epoch": lane.epoch,
                "train_loss": train_loss,
                "test_loss": test_loss,
                "train_score": train_score,
                "test_score": test_score,
                "parameters": session.network.parameters.size,
                "seconds": lane.seconds,
                "microseconds_a_step": 1e6 * lane.seconds / session.n_steps if session.n_steps else math.nan,
                "stopped": lane.stopped,
            }
            if target is not None:
                row["target_epoch"] = _first_epoch_with(session, target)
            rows.append(row)
        return rows

    def explain(self) -> str:
        """Return what is the same in all lanes, and what can't be, in words."""
        return in_words(self.fairness)

    # -- dict, JSON ------------------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return the lanes' settings as values that JSON can hold: the first one's, and of the others what differs."""
        return lanes_to_dict(self.configs)

    @classmethod
    def from_dict(cls, saved: Any) -> Race:
        """Return the race that :meth:`to_dict` gave, untrained.

        Raises
        ------
        TypeError, ValueError
            If it is none.
        """
        return cls(lanes_from_dict(saved))


def checked_lanes(configs: Any) -> tuple[ExperimentConfig, ...]:
    """Return the configurations of a race, which nothing stops.

    Raises
    ------
    TypeError, ValueError
        If there are too few or too many, or one is no configuration.
    """
    if isinstance(configs, (str, Mapping)) or not isinstance(configs, Iterable):
        raise TypeRefusal("configs", "must be a list of ExperimentConfig", shown(configs))
    lanes = tuple(configs)
    if not LEAST_LANES <= len(lanes) <= MOST_LANES:
        raise Refusal("configs", f"must be {LEAST_LANES} to {MOST_LANES} configurations, one a lane", len(lanes))
    for index, config in enumerate(lanes):
        if not isinstance(config, ExperimentConfig):
            raise TypeRefusal("configs", "must be ExperimentConfig", shown(config), index=index)
    return tuple(map(without_stops, lanes))


def differences_of(configs: Iterable[ExperimentConfig]) -> list[dict[str, Any]]:
    """Return for each configuration the settings in which not all are alike, in the order of the table of settings."""
    lanes = tuple(configs)
    names = [name for name in SETTINGS if any(getattr(one, name) != getattr(lanes[0], name) for one in lanes)]
    return [{name: getattr(one, name) for name in names} for one in lanes]


def lanes_to_dict(configs: tuple[ExperimentConfig, ...]) -> dict[str, Any]:
    """Return the settings of lanes as values that JSON can hold: the first one's, and of the others what differs."""
    first, *others = (config.to_dict() for config in configs)
    changes = [{name: value for name, value in other.items() if value != first[name]} for other in others]
    return {"config": first, "lanes": changes}


def lanes_from_dict(saved: Any) -> tuple[ExperimentConfig, ...]:
    """Return the lanes that :func:`lanes_to_dict` told of.

    Raises
    ------
    TypeError, ValueError
        If it told of none.
    """
    if not isinstance(saved, Mapping) or not isinstance(saved.get("lanes"), list):
        raise TypeRefusal("race", "must be an object with config and a list of lanes", shown(saved))
    first = ExperimentConfig.from_dict(saved.get("config"))  # type: ignore[arg-type]
    others = []
    for index, changes in enumerate(saved["lanes"]):
        if not isinstance(changes, Mapping):
            raise TypeRefusal("lanes", "must be objects with settings", shown(changes), index=index)
        others.append(ExperimentConfig.from_dict(first.to_dict() | dict(changes)))
    return checked_lanes([first, *others])


def _first_epoch_with(session: TrainingSession, target: float) -> int | None:
    history = session.history
    scores = history["test_score" if session.test is not None else "train_score"]
    reached = (scores >= target).nonzero()[0]
    return int(history["epoch"][reached[0]]) if reached.size else None
