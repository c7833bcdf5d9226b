"""A widget for one setting of a lane, by the row of the table of settings; its value goes to a callback."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from nnplay.datasets import DATASETS
from nnplay.datasets.own_data import OWN
from nnplay.engine.activations import ACTIVATIONS
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.url import from_text, to_text
from nnplay.server.setting_words import capital, value_word
from nnplay.ui.glossary import linked

#: Settings that hold a list, as text with these between the entries.
_LISTS = {"hidden_sizes": ",", "features": ";"}


def draw(
    name: str, config: ExperimentConfig, key: str, label: str, help: str | None, on_change: Callable[[], None]
) -> None:
    """Put the widget on the page; it shows the value of `config` unless it holds one that was refused.

    Parameters
    ----------
    name : str
    config : ExperimentConfig
        Of the lane.
    key : str
        Of the widget.
    label : str
    help : str, optional
    on_change : callable
        Called when the visitor sets it; :func:`read` then gives the value.
    """
    row = SETTINGS[name]
    options: dict[str, Any] = {
        "label": label,
        "key": key,
        "help": linked(help or "", label) or None,
        "on_change": on_change,
    }
    kind, given = row.control.kind, row.control.options
    value = getattr(config, name)
    if kind == "toggle":
        st.toggle(**options)
    elif kind == "slider":
        step = given.get("step", 0.01)
        of = type(step)
        low, high = min(of(given.get("low", 0)), value), max(of(given["high"]), value)
        st.slider(min_value=of(low), max_value=of(high), step=step, format=given.get("format"), **options)
    elif kind == "number":
        st.number_input(min_value=0, max_value=2**32 - 1, step=1, **options)
    elif name in _LISTS:
        st.text_input(placeholder="8, 8" if name == "hidden_sizes" else "x1; x2", **options)
    else:
        _select(name, config, key, options)


def _select(name: str, config: ExperimentConfig, key: str, options: dict[str, Any]) -> None:
    """Offer a menu; what is registered by name may be typed with parameters, as in ``elu(alpha=2)``."""
    offered = [to_text(SETTINGS[name], value) for value in _offered(name, config)]
    present = st.session_state[key]
    if present not in offered:
        offered.append(present)
    may_be_typed = SETTINGS[name].control.kind in ("named", "own", "steps")
    st.selectbox(
        options=offered, format_func=lambda text: words(name, text), accept_new_options=may_be_typed, **options
    )


def _offered(name: str, config: ExperimentConfig) -> Sequence[Any]:
    if name == "dataset":
        return [*DATASETS, *([OWN] if config.data.own else [])]
    if name == "activation":
        return list(ACTIVATIONS)
    given = SETTINGS[name].control.options
    if "registry" in given:
        return list(given["registry"])
    options = given["options"]
    return list(options(config) if callable(options) else options)


def label(name: str) -> str:
    """Return what a setting is called in a menu of settings."""
    return SETTINGS[name].label


def words(name: str, text: str) -> str:
    """Return a value, as a link has it, as a menu says it."""
    row = SETTINGS[name]
    if row.none_word and text == row.none_word:
        return str(row.control.options.get("none", text))
    if name == "dataset":
        kind, _, parameters = text.partition("(")
        label = "Your own points" if kind == OWN else DATASETS[kind].label if kind in DATASETS else kind
        return f"{label} ({parameters}" if parameters else label
    return capital(value_word(name, _value_of(name, text)))


def to_widget(name: str, value: Any) -> Any:
    """Return a setting's value as its widget holds it."""
    kind = SETTINGS[name].control.kind
    if name in _LISTS:
        return f"{_LISTS[name]} ".join(map(str, value))
    if kind == "slider":
        return type(SETTINGS[name].control.options.get("step", 0.01))(value)
    if kind in ("toggle", "number"):
        return value
    return to_text(SETTINGS[name], value)


def read(name: str, held: Any) -> Any:
    """Return what a widget holds as the setting has it; what is none of its kind, as it is, to be refused."""
    if name in _LISTS:
        parts = [part.strip() for part in str(held).split(_LISTS[name]) if part.strip()]
        return tuple(int(part) if part.isascii() and part.isdigit() else part for part in parts)
    if SETTINGS[name].control.kind in ("toggle", "slider", "number"):
        return held
    return _value_of(name, str(held))


def _value_of(name: str, text: str) -> Any:
    return from_text(SETTINGS[name], text, ExperimentConfig.__dataclass_fields__[name].default)
