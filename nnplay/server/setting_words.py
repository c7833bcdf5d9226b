"""Settings in words: registered names as a reader knows them, and what changed from one configuration to another."""

from __future__ import annotations

import dataclasses
from typing import Any

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.url import NONE_WORDS
from nnplay.experiment.training.stop_conditions import STOP_FIELDS
from nnplay.refusal import Refusal

WORDS = {
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "silu": "SiLU",
    "gelu": "GELU",
    "sgd": "SGD",
    "rmsprop": "RMSProp",
    "l1": "L1",
    "l2": "L2",
    "tanh": "tanh",
    "xavier_uniform": "Xavier uniform",
    "xavier_normal": "Xavier normal",
    "he_uniform": "He uniform",
    "he_normal": "He normal",
    "lecun_normal": "LeCun normal",
}
_FIELDS = {
    "n_samples": "points",
    "n_rows": "training rows",
    "log_target": "logarithm of target",
    "hidden_sizes": "hidden layers",
    "dtype": "numbers",
    "max_epochs": "epochs",
    "test_fraction": "held for testing",
    "regularizer": "regularization",
    "regularization_rate": "penalty rate",
    "dataset": "data",
    "features": "inputs",
    "points": "own points",
}
#: What an entry of a field is called, where it holds several.
_ENTRIES = {"hidden_sizes": "units in layer {n}", "columns": "the number of a column"}
#: Fields whose value says enough without the field's name.
_SELF_EXPLAINING = ("optimizer", "loss")
#: Fields whose value nobody can read.
_UNREADABLE = ("points",)
#: Fields that leave something out only if they say so.
_ALL_UNLESS_SAID = ("n_rows", "columns")
_LONGEST_VALUE = 24
#: Most choices that a sentence lists.
MAX_NAMES = 8


def words(name: str) -> str:
    """Return a registered name as the field writes it."""
    return WORDS.get(name, name.replace("_", " ").capitalize())


def changed_fields(before: ExperimentConfig, after: ExperimentConfig) -> list[str]:
    """Return the fields in which two configurations differ, but for those that only say when to stop."""
    names = [field.name for field in dataclasses.fields(before) if field.name not in STOP_FIELDS]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def settings_in_words(config: ExperimentConfig, names: list[str]) -> str:
    """Return the values of some fields: ``"learning rate 0.1, Adam"``."""
    return ", ".join(
        field_word(name) if name in _UNREADABLE else _with_name(name, value_word(name, getattr(config, name)))
        for name in names
    )


def change_in_words(before: ExperimentConfig, after: ExperimentConfig) -> str:
    """Return what changed: ``"learning rate 0.03 → 0.1"``."""
    return ", ".join(
        f"{field_word(name)} changed"
        if name in _UNREADABLE
        else f"{field_word(name)} {value_word(name, getattr(before, name))} → {value_word(name, getattr(after, name))}"
        for name in changed_fields(before, after)
    )


def field_word(name: str) -> str:
    """Return what a field is called, inside a sentence."""
    return _FIELDS.get(name, name.replace("_", " "))


def refusal_words(refusal: Refusal, label: str = "") -> str:
    """Return a refusal with what the field is called, or the `label` of its control, and nothing of programming."""
    subject = (label or field_word(refusal.argument)) + part_refused(refusal, refusal.argument)
    many = len(refusal.options) > MAX_NAMES
    return refusal.worded(subject, "must be one of the choices" if many else refusal.plainly or refusal.requirement)


def part_refused(refusal: Refusal, name: str) -> str:
    """Return of what in the value of field `name` something is asked, after a colon; nothing for the whole of it."""
    inner = "" if refusal.argument == name else field_word(refusal.argument)
    if refusal.index is not None:
        inner = _ENTRIES.get(refusal.argument, "entry {n}").format(n=refusal.index + 1)
    part = f"{inner} {refusal.chosen}".strip()
    return f": {part}" if part else ""


def capital(text: str) -> str:
    """Return `text` as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _with_name(name: str, value: str) -> str:
    return value if name in _SELF_EXPLAINING else f"{field_word(name)} {value}"


def value_word(name: str, value: Any) -> str:
    """Return a field's value as a reader writes it."""
    if value is None:
        return NONE_WORDS[name]
    if isinstance(value, bool):
        return "on" if value else "off"
    if name in _ALL_UNLESS_SAID and not value:
        return "all"
    if value == () or (name in STOP_FIELDS and not value):
        return "none"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        head, bracket, parameters = value.partition("(")
        head = words(head) if name == "optimizer" else WORDS.get(head, head.replace("_", " "))
        text = head + bracket + parameters
        return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)
