"""A run as its recipe: how it began, and what was changed at which step. The same recipe gives the same numbers.

A recipe and a number of steps are a moment of a run. What is trained between two events follows from the configuration;
when a run stops doesn't change its numbers, so that a recipe has no stop conditions.
"""

from __future__ import annotations

import base64
import binascii
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.frames.kept_frames import lightened, woken
from nnplay.experiment.training.session import TrainingSession
from nnplay.experiment.training.snapshot import Snapshot
from nnplay.experiment.training.stop_conditions import STOP_FIELDS
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import choice, integer, number, shown

#: Largest size of a parameter that is set by hand: far more than a network has any use for.
LARGEST_PARAMETER = 1000
#: Most events of a recipe: a run that was changed more often can't be told as one.
MAX_EVENTS = 2000
#: Most parameters of all places of a recipe together: each takes six letters of a link.
MOST_PLACED = 8000
#: Far beyond what can be trained, and far below where a double skips integers.
LARGEST_STEP = 2**50

#: Makes the untrained session of a configuration.
Begin = Callable[[ExperimentConfig], TrainingSession]


@dataclass(frozen=True)
class NewSettings:
    """From this step on, training goes by other live settings.

    Attributes
    ----------
    n_steps : int
        The mini-batches before it.
    config : ExperimentConfig
        All settings from then on.
    """

    kind: ClassVar[str] = "set"
    n_steps: int
    config: ExperimentConfig

    def apply(self, session: TrainingSession, begin: Begin | None = None) -> TrainingSession:
        """Return `session` as it goes on from the event."""
        self.config.apply_live(session)
        return session


@dataclass(frozen=True)
class CarryOver:
    """What was learned so far goes on to be trained on other data, or in other batches.

    Attributes
    ----------
    n_steps : int
    config : ExperimentConfig
        All settings from then on.
    """

    kind: ClassVar[str] = "carry_over"
    n_steps: int
    config: ExperimentConfig

    def apply(self, session: TrainingSession, begin: Begin | None = None) -> TrainingSession:
        """Return another session, which goes on from the event."""
        assert begin is not None
        return carry_over(session.snapshot(), begin(self.config), self.config)


@dataclass(frozen=True)
class Edit:
    """A parameter is set by hand.

    Attributes
    ----------
    n_steps : int
    index : int
        In the flat vector of parameters.
    value : float
    """

    kind: ClassVar[str] = "edit"
    n_steps: int
    index: int
    value: float

    def apply(self, session: TrainingSession, begin: Begin | None = None) -> TrainingSession:
        """Return `session` as it goes on from the event."""
        session.network.parameters[self.index] = self.value
        return session


@dataclass(frozen=True)
class Place:
    """All parameters are set by hand: the network is taken to another place of the landscape.

    Attributes
    ----------
    n_steps : int
    values : bytes
        The parameters in single precision, little-endian, four bytes each.
    """

    kind: ClassVar[str] = "place"
    n_steps: int
    values: bytes

    @classmethod
    def at(cls, n_steps: int, parameters: np.ndarray) -> Place:
        """Return the event that takes a network to `parameters` (n_parameters,), rounded to single precision."""
        return cls(n_steps, parameters.astype("<f4").tobytes())

    @property
    def parameters(self) -> np.ndarray:
        """Them as an array, (n_parameters,)."""
        return np.frombuffer(self.values, "<f4")

    def apply(self, session: TrainingSession, begin: Begin | None = None) -> TrainingSession:
        """Return `session` as it goes on from the event."""
        session.network.parameters[:] = self.parameters
        return session


@dataclass(frozen=True)
class FreshOptimizer:
    """Training was taken up at a frame of which only the parameters were kept, in single precision.

    Attributes
    ----------
    n_steps : int
    """

    kind: ClassVar[str] = "fresh_optimizer"
    n_steps: int

    def apply(self, session: TrainingSession, begin: Begin | None = None) -> TrainingSession:
        """Return `session` as it goes on from the event."""
        return session.restore(woken(lightened(session.snapshot())))


Event = NewSettings | CarryOver | Edit | Place | FreshOptimizer
KINDS = tuple(each.kind for each in (NewSettings, CarryOver, Edit, Place, FreshOptimizer))


def carry_over(state: Snapshot, session: TrainingSession, config: ExperimentConfig) -> TrainingSession:
    """Let `session`, untrained and of `config`, go on with what another one had learned; its batches are its own."""
    begun = session.snapshot()
    session.restore(dataclasses.replace(state, batches=begun.batches, dropout_rng=begun.dropout_rng))
    config.apply_live(session)
    return session


def without_stops(config: ExperimentConfig) -> ExperimentConfig:
    """Return the configuration of a run that nothing stops."""
    stops: dict[str, Any] = dict.fromkeys(STOP_FIELDS, 0)
    if all(getattr(config, name) == value for name, value in stops.items()):
        return config
    return dataclasses.replace(config, **stops)


@dataclass(frozen=True)
class Recipe:
    """How a run came about.

    Parameters
    ----------
    config : ExperimentConfig
        With which it began. Stop conditions are left out, here and in the events.
    events : sequence of Event
        What was changed, in order.

    Raises
    ------
    TypeError, ValueError
        If an event can't follow those before it.
    """

    config: ExperimentConfig
    events: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        if not isinstance(self.config, ExperimentConfig):
            raise TypeRefusal("config", "must be an ExperimentConfig", shown(self.config))
        object.__setattr__(self, "config", without_stops(self.config))
        events = tuple(self.events)
        if len(events) > MAX_EVENTS:
            raise Refusal("recipe", f"must have at most {MAX_EVENTS} events", len(events))
        before, step = self.config, 0
        checked: list[Event] = []
        for at, event in enumerate(events):
            event, before = _checked(at, event, before, step)
            step = event.n_steps
            if checked and _takes_the_place_of(checked[-1], event):
                checked.pop()
            checked.append(event)
        if (placed := sum(event.parameters.size for event in checked if isinstance(event, Place))) > MOST_PLACED:
            raise Refusal("recipe", f"must have at most {MOST_PLACED:,} parameters in places", f"{placed:,}")
        # Settings that were changed before the first step are those that the run began with.
        if checked and isinstance(first := checked[0], NewSettings) and first.n_steps == 0:
            object.__setattr__(self, "config", first.config)
            del checked[0]
        object.__setattr__(self, "events", tuple(checked))

    @property
    def latest_config(self) -> ExperimentConfig:
        """The settings after the last event."""
        return latest_config(self.config, self.events)

    @property
    def n_steps(self) -> int:
        """Mini-batches up to the last event."""
        return self.events[-1].n_steps if self.events else 0

    def up_to(self, n_steps: int) -> Recipe:
        """Return the recipe without what was changed after that step."""
        return Recipe(self.config, tuple(event for event in self.events if event.n_steps <= n_steps))

    def stands_at(self, n_steps: int) -> tuple[int, int]:
        """Return how many epochs are complete at a step, and how many mini-batches of the next one are done."""
        epochs = in_epoch = 0
        for index, (config, first, last) in enumerate(self.stretches(n_steps)):
            if index and isinstance(self.events[index - 1], CarryOver):
                in_epoch = 0
            more, in_epoch = divmod(in_epoch + last - first, config.steps_per_epoch)
            epochs += more
        return epochs, in_epoch

    def stretches(self, n_steps: int) -> Iterator[tuple[ExperimentConfig, int, int]]:
        """Yield configuration, first step and last step of each stretch that is trained up to step `n_steps`."""
        config, step = self.config, 0
        for event in self.events:
            yield config, step, event.n_steps
            config, step = getattr(event, "config", config), event.n_steps
        yield config, step, n_steps

    def replay(self, n_steps: int | None = None, evaluate_every: int = 1) -> TrainingSession:
        """Return a session that was trained by this recipe: bit for bit as in the run that it tells of.

        Parameters
        ----------
        n_steps : int, optional
            How far; by default up to the last event. All events are in it.
        evaluate_every : int
            Epochs between two rows of the history; 0 for none.

        Raises
        ------
        ValueError
            If `n_steps` is before the last event, or training diverges before.
        """
        n_steps = self.checked_steps(n_steps)

        def begin(config: ExperimentConfig) -> TrainingSession:
            return config.build(evaluate_every=evaluate_every)

        session = begin(self.config)
        for event in self.events:
            _train(session, event.n_steps)
            session = event.apply(session, begin)
        return _train(session, n_steps)

    def checked_steps(self, n_steps: int | None = None) -> int:
        """Return a number of steps that the recipe can lead to, by default that of its last event."""
        return self.n_steps if n_steps is None else integer("n_steps", n_steps, self.n_steps, LARGEST_STEP)

    # -- dict, JSON ------------------------------------------------------------------------------------------------

    def to_dict(self, base: ExperimentConfig | None = None) -> dict[str, Any]:
        """Return the recipe as values that JSON can hold; of later configurations what is new.

        Of the first one, what is other than in `base`, which :meth:`from_dict` then needs.
        """
        config = self.config.to_dict() if base is None else differences(without_stops(base), self.config)
        return {"config": config, "events": list(self._told())}

    def _told(self) -> Iterator[list[Any]]:
        config = self.config
        for event in self.events:
            told: list[Any] = [event.n_steps, event.kind]
            if isinstance(event, Edit):
                told += [event.index, event.value]
            elif isinstance(event, Place):
                told.append(base64.b64encode(event.values).decode())
            elif not isinstance(event, FreshOptimizer):
                told.append(differences(config, event.config))
                config = event.config
            yield told

    @classmethod
    def from_dict(cls, saved: Any, base: ExperimentConfig | None = None) -> Recipe:
        """Return the recipe that :meth:`to_dict` gave.

        Raises
        ------
        TypeError, ValueError
            If it is no recipe: naming what of it isn't as it must be.
        """
        if not isinstance(saved, Mapping):
            raise TypeRefusal("recipe", "must be an object with config and events", shown(saved))
        for name in saved:
            choice("key in recipe", name, ("config", "events"))
        for name in ("config", "events"):
            if name not in saved:
                raise Refusal("recipe", f"must have {name!r}", finding="it is missing")
        first = saved["config"]
        if not isinstance(first, Mapping):
            raise TypeRefusal("config", "must be an object with settings", shown(first))
        config = ExperimentConfig.from_dict((without_stops(base).to_dict() if base else {}) | dict(first))
        told = saved["events"]
        if not isinstance(told, list) or len(told) > MAX_EVENTS:
            raise TypeRefusal("events", f"must be a list of at most {MAX_EVENTS}", shown(told))
        latest, events = config, []
        for each in told:
            event = _read_event(each, latest)
            latest = getattr(event, "config", latest)
            events.append(event)
        return cls(config, tuple(events))


def latest_config(config: ExperimentConfig, events: tuple[Event, ...]) -> ExperimentConfig:
    """Return the settings after the last of `events`, of a run that began with `config`."""
    later = (event.config for event in reversed(events) if isinstance(event, (NewSettings, CarryOver)))
    return next(later, config)


def _takes_the_place_of(before: Event, event: Event) -> bool:
    """Return whether nothing was done by the settings of `before`, as others followed at once."""
    is_new = isinstance(event, (NewSettings, CarryOver))
    return is_new and isinstance(before, NewSettings) and before.n_steps == event.n_steps


def _train(session: TrainingSession, n_steps: int) -> TrainingSession:
    session.advance(n_steps - session.n_steps)
    if session.divergence:
        raise Refusal("recipe", f"must not diverge before step {n_steps:,}", finding=f"{session.divergence.what} did")
    return session


def _checked(at: int, event: Any, before: ExperimentConfig, step: int) -> tuple[Event, ExperimentConfig]:
    """Return event number `at` in its one form if it can follow `before` and `step`, and the settings after it."""
    if not isinstance(event, Event):
        raise TypeRefusal("events", "must be events of a run", shown(event), index=at)
    n_steps = integer("step", event.n_steps, step, LARGEST_STEP, index=at)
    if isinstance(event, Edit):
        index = integer("index of an edit", event.index, 0, before.n_parameters - 1)
        value = number("value of an edit", event.value, -LARGEST_PARAMETER, LARGEST_PARAMETER)
        return Edit(n_steps, index, value), before
    if isinstance(event, Place):
        return Place(n_steps, _checked_place(event.values, before.n_parameters)), before
    if isinstance(event, FreshOptimizer):
        return FreshOptimizer(n_steps), before
    config = without_stops(event.config)
    if isinstance(event, NewSettings) and not before.same_run(config):
        raise Refusal("events", "must change live settings only where nothing is carried over", index=at)
    if not (before.same_run(config) or before.can_carry_over(config)):
        raise Refusal("events", "must leave the network as it is where something is carried over", index=at)
    return dataclasses.replace(event, n_steps=n_steps, config=config), config


def _checked_place(values: Any, n_parameters: int) -> bytes:
    """Return what a place holds if it can be a network's parameters."""
    if not isinstance(values, bytes):
        raise TypeRefusal("place", "must be the parameters of a network, as bytes", shown(values))
    if len(values) != 4 * n_parameters:
        raise Refusal("place", f"must have {n_parameters:,} parameters of four bytes each", f"{len(values):,} bytes")
    parameters = np.frombuffer(values, "<f4")
    if not (np.abs(parameters) <= LARGEST_PARAMETER).all():  # a NaN isn't, either
        raise Refusal("place", f"must have parameters from {-LARGEST_PARAMETER} to {LARGEST_PARAMETER}")
    return values


def _read_event(told: Any, before: ExperimentConfig) -> Event:
    """Return the event that a list tells of, in a run whose settings before it are known."""
    if not isinstance(told, list) or len(told) < 2:
        raise TypeRefusal("event", "must be a list that begins with a step and a kind", shown(told))
    n_steps, kind, *rest = told
    n_steps, kind = integer("step", n_steps, 0, LARGEST_STEP), choice("kind of event", kind, KINDS)
    n_expected = {"edit": 2, "fresh_optimizer": 0}.get(kind, 1)
    if len(rest) != n_expected:
        raise Refusal(f"event {kind!r}", f"must have {2 + n_expected} entries", len(told))
    if kind == "edit":
        return Edit(n_steps, *rest)
    if kind == "place":
        try:
            return Place(n_steps, base64.b64decode(rest[0], validate=True))
        except (binascii.Error, ValueError, TypeError) as error:
            raise TypeRefusal("event 'place'", "must have parameters in base64", shown(rest[0])) from error
    if kind == "fresh_optimizer":
        return FreshOptimizer(n_steps)
    if not isinstance(rest[0], Mapping):
        raise TypeRefusal(f"event {kind!r}", "must have an object with settings", shown(rest[0]))
    config = ExperimentConfig.from_dict(before.to_dict() | dict(rest[0]))
    return NewSettings(n_steps, config) if kind == "set" else CarryOver(n_steps, config)


def differences(before: ExperimentConfig, after: ExperimentConfig) -> dict[str, Any]:
    """Return the fields of `after`, as JSON has them, that differ from those of `before`."""
    old = before.to_dict()
    return {name: value for name, value in after.to_dict().items() if value != old[name]}
