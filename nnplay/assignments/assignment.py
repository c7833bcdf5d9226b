"""An assignment: a task, a goal, what it begins with, and which settings are not the student's. It is a link."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nnplay.datasets.stored.files import NotAtHand
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.recording.recipe import Edit, Place, Recipe, differences, without_stops
from nnplay.experiment.training.stop_conditions import MAX_EPOCHS, STOP_FIELDS
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.server import budget, moments
from nnplay.server.setting_words import change_in_words, field_word, refusal_words, value_word
from nnplay.validation import choice, integer, number, one_line, shown
from nnplay.wording import counted

#: Of a link: its name there, and its longest text, compressed and not.
NAME = "assignment"
MAX_CHARACTERS, MAX_BYTES = 5500, 60_000
MAX_TITLE, MAX_TASK = 80, 600
#: Of this form of an assignment, in links and answers; must change when old ones can't be read any more.
VERSION = 1

#: What a goal is a value of, by what it is called in a sentence.
LOSS = "loss"
MEASURES = {"accuracy": "accuracy", "r_squared": "R²", LOSS: "loss"}
#: What is learned from what, and by what it is judged: never the student's to change.
DATA = (
    "dataset", "points", "n_samples", "noise", "n_rows", "test_fraction", "standardise", "log_target", "columns",
    "data_seed",
)  # fmt: skip
#: What of these has no control of its own, or needs none.
UNSEEN = ("points", "data_seed")
#: Not a setting: whether a weight may be set by hand.
BY_HAND = "weights"
#: What can be the student's or not, one by one; when a run stops by itself always is.
LOCKABLE = (*(name for name in SETTINGS if name not in STOP_FIELDS), BY_HAND)
#: What may be limited: its attribute, what is counted, and the least number that makes sense.
LIMITS = (("most_units", "hidden unit", 0), ("most_epochs", "epoch", 1), ("most_parameters", "parameter", 1))
#: Why a control can't be used.
WHY_FIXED = "Fixed by the assignment."


@dataclass(frozen=True)
class Goal:
    """What a run must come to, on the test data, or where there are none on the training data.

    Attributes
    ----------
    measure : {"accuracy", "r_squared", "loss"}
    value : float
        At least, or of a loss at most.
    most_units, most_epochs, most_parameters : int or None
        Hidden units, epochs and parameters that it may take.
    """

    measure: str
    value: float
    most_units: int | None = None
    most_epochs: int | None = None
    most_parameters: int | None = None

    def __post_init__(self) -> None:
        choice("measure", self.measure, MEASURES)
        low, high = {"loss": (0.0, 1e9), "r_squared": (-1.0, 1.0), "accuracy": (0.0, 1.0)}[self.measure]
        object.__setattr__(self, "value", number("goal", self.value, low, high))
        for name, word, low in LIMITS:
            value = getattr(self, name)
            checked = None if value is None else integer(f"most {word}s", value, low, MAX_EPOCHS)
            object.__setattr__(self, name, checked)

    def is_met_by(self, value: float) -> bool:
        """Return whether a value of the measure is good enough; one that isn't finite never is."""
        if not math.isfinite(value):
            return False
        return value <= self.value if self.measure == "loss" else value >= self.value

    def in_words(self) -> str:
        """Return the goal in a sentence: ``"accuracy at least 0.95, with at most 8 units and 200 epochs"``."""
        bound = "at most" if self.measure == "loss" else "at least"
        limits = [counted(most, word) for name, word, _ in LIMITS if (most := getattr(self, name)) is not None]
        listed = ", ".join(limits[:-1]) + (" and " if limits[:-1] else "") + "".join(limits[-1:])
        return f"{MEASURES[self.measure]} {bound} {self.value:g}" + (f", with at most {listed}" if limits else "")


@dataclass(frozen=True)
class Assignment:
    """A task, and what it is judged by.

    Parameters
    ----------
    title : str
        At most 80 characters.
    task : str
        What is to be done, at most 600 characters.
    goal : Goal
    config : ExperimentConfig
        With which it begins. Its data get a seed of their own, so that another seed doesn't change them.
    fixed, away : sequence of str
        Settings that stay as they are: their controls are grey, or aren't there. The data always are among them.
        ``"weights"``: no weight may be set by hand.

    Raises
    ------
    Refusal
        If a part isn't as described, or the goal can't be reached with what is fixed.
    """

    title: str
    task: str
    goal: Goal
    config: ExperimentConfig
    fixed: tuple[str, ...] = ()
    away: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", _text("title", self.title, MAX_TITLE))
        object.__setattr__(self, "task", _text("task", self.task, MAX_TASK))
        config = without_stops(self.config)
        if config.data_seed is None:  # else another seed would draw other data, or part them in another way
            config = dataclasses.replace(config, data_seed=config.seed)
        object.__setattr__(self, "config", config)
        # The data's seed is nobody's choice, and is left away.
        away, fixed = _names((*_names(self.away), "data_seed")), _names(self.fixed)
        object.__setattr__(self, "away", away)
        object.__setattr__(self, "fixed", tuple(name for name in _names((*fixed, *DATA)) if name not in away))
        self._check_goal()

    def _check_goal(self) -> None:
        """Raise a Refusal if the goal can't be reached with what is fixed."""
        goal, config = self.goal, self.config
        wanted = "r_squared" if config.task == "regression" else "accuracy"
        if goal.measure not in (wanted, "loss"):
            what = "numbers" if config.task == "regression" else "classes"
            raise Refusal("measure", f"must be {MEASURES[wanted]} or the loss, as these data have {what}")
        units = sum(config.hidden_sizes)
        if self.lock_of("hidden_sizes") and goal.most_units is not None and units > goal.most_units:
            raise Refusal(
                "most hidden units", f"must be at least {units}, as the hidden layers are fixed", goal.most_units
            )
        if self.lock_of("hidden_sizes") and self.lock_of("features") and self._has_too_many_parameters(config):
            least = f"must be at least {config.n_parameters:,}, as the network is fixed"
            raise Refusal("most parameters", least, goal.most_parameters)

    def _has_too_many_parameters(self, config: ExperimentConfig) -> bool:
        most = self.goal.most_parameters
        return most is not None and config.n_parameters > most

    @property
    def measured_on(self) -> str:
        """Where the goal is measured: "test" or "training" data."""
        return "test" if self.config.n_test else "training"

    @property
    def locked(self) -> tuple[str, ...]:
        """Everything that stays as it is, in the order of the table of settings."""
        return _names((*self.fixed, *self.away))

    @property
    def may_edit(self) -> bool:
        """Whether weights may be set by hand."""
        return BY_HAND not in self.locked

    def lock_of(self, name: str) -> str | None:
        """Return how a setting is locked: "fixed", "away", or None."""
        return "fixed" if name in self.fixed else "away" if name in self.away else None

    def changed(self, config: ExperimentConfig) -> list[str]:
        """Return which locked settings are other in `config`."""
        return [name for name in self.locked if name != BY_HAND and _value(self.config, name) != _value(config, name)]

    def kept(self, config: ExperimentConfig) -> ExperimentConfig:
        """Return `config` with all that is locked as the assignment has it.

        Raises
        ------
        Refusal
            If the rest doesn't go with that.
        """
        locked = {name: getattr(self.config, name) for name in self.changed(config)}
        return dataclasses.replace(config, **locked) if locked else config

    def check(self, config: ExperimentConfig) -> None:
        """Raise a Refusal if `config` changes a locked setting: of that setting, and what it must be."""
        if names := self.changed(config):
            name = names[0]
            must = f"must stay {value_word(name, getattr(self.config, name))}" if SETTINGS[name].is_readable else "stay"
            raise Refusal(name, f"{must}: it is fixed by the assignment")

    def check_recipe(self, recipe: Recipe) -> None:
        """Raise a Refusal if anything locked was changed in a run."""
        for config in [recipe.config, *(event.config for event in recipe.events if hasattr(event, "config"))]:
            if names := self.changed(config):
                what = self._what_changed(names, config)
                if set(names) & set(DATA):
                    raise Refusal("data", "must be those of the assignment", what, plainly=f"Other data: {what}.")
                raise Refusal("settings", "must leave what is locked", what, plainly=f"Locked, but changed: {what}.")
        if not self.may_edit and any(isinstance(event, Edit | Place) for event in recipe.events):
            raise Refusal("weights", "must not be set by hand", plainly="Weights were set by hand, which is locked.")

    def _what_changed(self, names: list[str], config: ExperimentConfig) -> str:
        changed = {name: getattr(config, name) for name in names}
        try:
            return change_in_words(self.config, dataclasses.replace(self.config, **changed))
        except Refusal:  # what was changed needs something else that was, too
            return ", ".join(map(field_word, names))

    def over(self, config: ExperimentConfig, epochs: int) -> str | None:
        """Return which limit a run has passed, in words, or None."""
        taken = {"most_units": sum(config.hidden_sizes), "most_epochs": epochs, "most_parameters": config.n_parameters}
        for name, word, _ in LIMITS:
            most = getattr(self.goal, name)
            if most is not None and taken[name] > most:
                return f"{counted(taken[name], word)}, at most {most:,} are allowed"
        return None

    @property
    def fingerprint(self) -> str:
        """Eight letters and digits that tell this assignment from others: of all it is judged by, not of its words."""
        judged = [*dataclasses.astuple(self.goal), differences(_DEFAULTS, self.config), sorted(self.locked)]
        digest = hashlib.sha256(json.dumps(judged, sort_keys=True).encode()).digest()
        letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
        return "".join(letters[byte % 32] for byte in digest[:8])

    # -- as text ---------------------------------------------------------------------------------------------------

    def to_list(self, with_task: bool = True) -> list[Any]:
        """Return it as JSON can hold it; without its words, but for the title, where a reader has them."""
        goal = dataclasses.astuple(self.goal)
        fixed = [name for name in self.fixed if name not in DATA]
        config = differences(_DEFAULTS, self.config)
        return [VERSION, self.title, self.task if with_task else "", *goal, config, fixed, list(self.away)]

    @classmethod
    def from_list(cls, told: Any) -> Assignment:
        """Return the assignment that :meth:`to_list` gave.

        Raises
        ------
        Refusal
            If it is none.
        """
        if not isinstance(told, list) or len(told) != 11:
            raise Refusal(NAME, "must be as nnplay wrote it", plainly="is damaged")
        version, title, task, measure, value, units, epochs, parameters, config, fixed, away = told
        if version is True or version != VERSION:
            raise Refusal(NAME, f"must be of version {VERSION}", shown(version), plainly="is of another version")
        if not isinstance(config, Mapping):
            raise TypeRefusal("config", "must be an object with settings", shown(config))
        goal = Goal(measure, value, units, epochs, parameters)
        return cls(title, task, goal, ExperimentConfig.from_dict(dict(config)), fixed, away)

    def to_text(self) -> str:
        """Return it as a link has it.

        Raises
        ------
        Refusal
            If it is too long for a link.
        """
        text = moments.packed(self.to_list())
        if len(text) > MAX_CHARACTERS:
            longest = f"must fit in a link of {MAX_CHARACTERS:,} characters"
            raise Refusal(NAME, longest, f"{len(text):,}", plainly="is too long for a link: its data are too large")
        return text

    @classmethod
    def from_text(cls, text: Any) -> Assignment:
        """Return the assignment that a link has.

        Raises
        ------
        Refusal
            If it has none, or one that can't be trained here: ``plainly`` says of "the assignment" what is wrong.
        """
        try:
            told = moments.unpacked(text, MAX_CHARACTERS, MAX_BYTES)
        except Refusal:
            raise Refusal(NAME, "must be as nnplay wrote it", plainly="is damaged") from None
        try:
            found = cls.from_list(told)
            budget.check(found.config)
        except NotAtHand as why:
            raise Refusal(NAME, "must be one for here", finding=str(why), plainly=f"can't be had: {why}") from why
        except (Refusal, RecursionError, OverflowError) as why:
            said = refusal_words(why) if isinstance(why, Refusal) else "it is nested too deeply."
            plainly = why.plainly if isinstance(why, Refusal) and why.argument == NAME else f"is damaged: {said}"
            raise Refusal(NAME, "must be as nnplay wrote it", finding=said, plainly=plainly.rstrip(".")) from why
        return found


_DEFAULTS = ExperimentConfig()


def _text(name: str, value: Any, longest: int) -> str:
    if not isinstance(value, str):
        raise TypeRefusal(name, "must be text", shown(value))
    text = one_line(value).strip()
    if len(text) > longest:
        raise Refusal(name, f"must have at most {longest} characters", f"{len(text):,}")
    return text


def _names(names: Any) -> tuple[str, ...]:
    """Return names of what can be locked, each once, in the order of the table."""
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeRefusal("locks", "must be a list of settings", shown(names))
    wanted = {choice("lock", name, LOCKABLE) for name in names}
    return tuple(name for name in LOCKABLE if name in wanted)


def _value(config: ExperimentConfig, name: str) -> Any:
    if name == "data_seed" and config.data_seed is None:  # the run's seed is that of the data, too
        return config.seed
    return getattr(config, name)
