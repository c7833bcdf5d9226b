"""Settings in words: registered names as a reader knows them, and the changes from one configuration to another."""

from __future__ import annotations

from typing import Any

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, differing
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
    "float64": "float64",
    "float32": "float32",
}
_LONGEST_VALUE = 24
#: Most choices that a sentence lists.
MAX_NAMES = 8


def words(name: str) -> str:
    """Return a registered name as the field writes it."""
    return WORDS.get(name, name.replace("_", " ").capitalize())


def changed_fields(before: ExperimentConfig, after: ExperimentConfig) -> list[str]:
    """Return the fields in which two configurations differ, but for those that only say when to stop."""
    return [name for name in differing(before, after) if SETTINGS[name].group != "stop"]


def settings_in_words(config: ExperimentConfig, names: list[str]) -> str:
    """Return the values of some fields: ``"learning rate 0.1, Adam"``."""
    return ", ".join(_with_name(name, value_word(name, getattr(config, name))) for name in names)


def change_in_words(before: ExperimentConfig, after: ExperimentConfig) -> str:
    """Return what changed: ``"learning rate 0.03 → 0.1"``."""
    return ", ".join(
        f"{field_word(name)} changed"
        if not SETTINGS[name].is_readable
        else f"{field_word(name)} {value_word(name, getattr(before, name))} → {value_word(name, getattr(after, name))}"
        for name in changed_fields(before, after)
    )


def field_word(name: str) -> str:
    """Return what a field is called, inside a sentence."""
    return SETTINGS[name].in_sentence if name in SETTINGS else name.replace("_", " ")


def refusal_words(refusal: Refusal, label: str = "") -> str:
    """Return a refusal with what the field is called, or the `label` of its control, and nothing of programming."""
    subject = (label or field_word(refusal.argument)) + part_refused(refusal, refusal.argument)
    many = len(refusal.options) > MAX_NAMES
    return refusal.worded(subject, "must be one of the choices" if many else refusal.plainly or refusal.requirement)


def part_refused(refusal: Refusal, name: str) -> str:
    """Return of what in the value of field `name` something is asked, after a colon; nothing for the whole of it."""
    inner = "" if refusal.argument == name else field_word(refusal.argument)
    if refusal.index is not None:
        row = SETTINGS.get(refusal.argument)
        inner = (row.entry if row else "entry {n}").format(n=refusal.index + 1)
    part = f"{inner} {refusal.chosen}".strip()
    return f": {part}" if part else ""


def capital(text: str) -> str:
    """Return `text` as the beginning of a sentence."""
    return text[:1].upper() + text[1:]


def _with_name(name: str, value: str) -> str:
    if not SETTINGS[name].is_readable:
        return field_word(name)
    return value if SETTINGS[name].says_itself else f"{field_word(name)} {value}"


def value_word(name: str, value: Any) -> str:
    """Return a field's value as a reader writes it."""
    row = SETTINGS[name]
    if value is None:
        return row.none_word
    if isinstance(value, bool):
        return "on" if value else "off"
    if row.empty_word and not value:
        return row.empty_word
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, str):
        head, bracket, parameters = value.partition("(")
        head = words(head) if row.says_itself else WORDS.get(head, head.replace("_", " "))
        text = head + bracket + parameters
        return text if len(text) <= _LONGEST_VALUE else f"{text[: _LONGEST_VALUE - 1]}…"
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return str(value)
