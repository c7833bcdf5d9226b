"""The kinds of widgets that the fields of an ExperimentConfig have.

A widget keeps its value under a key of its own. It takes it from the configuration when it is new on the page, and
gives it back by :meth:`Field.read`, also when it isn't drawn at all; :meth:`Field.put` sets it from elsewhere.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnplay.assignments.assignment import WHY_FIXED
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.setting import Setting
from nnplay.registry import Registry, parse_call
from nnplay.server.setting_words import refusal_words, words
from nnplay.ui import state
from nnplay.ui.form.help_text import as_it_is_here, help_text
from nnplay.ui.glossary import linked
from nnplay.ui.text import complain
from nnplay.wording import Help

#: What a widget holds that isn't there; None may be a value.
_ABSENT = object()


@dataclass(frozen=True)
class Field:
    """A widget for one field of the configuration."""

    name: str
    label: str
    help: str | None = None

    @property
    def row(self) -> Setting:
        """What the table of settings says."""
        return SETTINGS[self.name]

    @property
    def key(self) -> str:
        """The widget's name in the session state."""
        return state.key(f"field.{self.name}")

    def read(self, config: ExperimentConfig) -> Any:
        """Return the widget's value as the field holds it."""
        value = st.session_state.get(self.key, _ABSENT)
        return getattr(config, self.name) if value is _ABSENT else self.from_widget(value)

    def put(self, value: Any) -> None:
        """Set the widget to the field's `value`; only before it is drawn in this run."""
        _set(self.key, self.to_widget(value))

    def draw(self, beside: bool = False, **options: Any) -> None:
        """Put the widget on the page, and what is wrong with its value below it, unless it stands `beside` another."""
        begin_with(self.key, self.to_widget(getattr(state.config(), self.name)))
        self.widget(**self.named(options), key=self.key)
        if not beside:
            self.complain()

    @property
    def is_fixed(self) -> bool:
        """Whether the assignment fixes it: the widget is grey."""
        return state.lock_of(self.name) is not None

    def named(self, options: dict[str, Any]) -> dict[str, Any]:
        """Return `options` of a widget with its label and help; of one that is fixed, they say so."""
        said = as_it_is_here(self.help)
        if not self.is_fixed:
            return {"label": self.label, "help": said, **options}
        why = f"{WHY_FIXED} {said or ''}".strip()
        return {"label": f"{self.label} (fixed)", "help": why, **options, "disabled": True}

    def complain(self) -> None:
        """Say below the widget why its value was refused, in the words of its label."""
        refusal = state.refusal_of(self.name)
        complain(refusal_words(refusal, self.label) if refusal else None)

    def widget(self, **options: Any) -> None:
        """Call the Streamlit widget."""
        raise NotImplementedError

    def to_widget(self, value: Any) -> Any:
        """Return the field's value as the widget holds it."""
        return value

    def from_widget(self, value: Any) -> Any:
        """Return the widget's value as the field holds it."""
        return value


@dataclass(frozen=True)
class Toggle(Field):
    """On or off."""

    def widget(self, **options: Any) -> None:
        st.toggle(**options)


@dataclass(frozen=True)
class Slider(Field):
    """A number on a line; the line is as long as a value from a link needs it to be."""

    low: float = 0.0
    high: float = 1.0
    step: float = 0.01
    format: str | None = None

    def widget(self, **options: Any) -> None:
        kind = type(self.step)
        high = max(kind(self.high), st.session_state[self.key])
        low = min(kind(self.low), st.session_state[self.key])
        st.slider(min_value=low, max_value=high, step=self.step, format=self.format, **options)

    def to_widget(self, value: Any) -> Any:
        return type(self.step)(value)


@dataclass(frozen=True)
class Choice(Field):
    """One of a few; a value from a link that isn't among them is offered, too."""

    options: Sequence[Any] | Callable[[ExperimentConfig], Sequence[Any]] = ()
    none: str = ""
    zero: str = "0"

    def say(self, value: Any) -> str:
        """Return an option in words."""
        if value is None:
            return self.none
        if isinstance(value, str):
            return words(value)
        return f"{value:,}" if value and isinstance(value, int) else f"{value:g}" if value else self.zero

    def to_widget(self, value: Any) -> Any:
        # Streamlit takes a None for "nothing chosen", so it goes by the word that a link has for it.
        return self.row.none_word if value is None else value

    def from_widget(self, value: Any) -> Any:
        return None if self.row.none_word and value == self.row.none_word else value

    def widget(self, **options: Any) -> None:
        offered = [self.to_widget(option) for option in self.offered()]
        value = st.session_state[self.key]
        if value not in offered:
            offered.append(value)
        if all(isinstance(option, (int, float)) for option in offered):
            offered.sort()
        self.select(offered, **options)

    def offered(self) -> Sequence[Any]:
        """Return what there is to choose."""
        return self.options(state.config()) if callable(self.options) else self.options

    def select(self, offered: list[Any], **options: Any) -> None:
        """Call the Streamlit widget with what is offered."""
        st.selectbox(options=offered, format_func=lambda option: self.say(self.from_widget(option)), **options)


@dataclass(frozen=True)
class Steps(Choice):
    """One of a few numbers, on a line."""

    def select(self, offered: list[Any], **options: Any) -> None:
        st.select_slider(options=offered, format_func=self.say, **options)


@dataclass(frozen=True)
class Number(Field):
    """A whole number to type; with a `placeholder` it may be left out, and the configuration has a None then."""

    low: int = 0
    high: int = 2**32 - 1
    placeholder: str | None = None

    def widget(self, **options: Any) -> None:
        if self.placeholder:
            options |= {"value": None, "placeholder": self.placeholder}
        st.number_input(min_value=self.low, max_value=self.high, step=1, **options)


@dataclass(frozen=True)
class Limit(Field):
    """A number to type that may be left out; the configuration has a 0 then."""

    high: int | float = 1_000_000
    placeholder: str = "never"

    def to_widget(self, value: Any) -> Any:
        return type(self.high)(value) if value else None

    def from_widget(self, value: Any) -> Any:
        return value or type(self.high)(0)

    def widget(self, **options: Any) -> None:
        whole = isinstance(self.high, int)
        value = st.session_state[self.key]
        high = max(self.high, value) if value else self.high
        step, format_ = (1, "%d") if whole else (0.01, "%g")
        low = type(self.high)(0)
        st.number_input(
            min_value=low,
            max_value=high,
            value=None,
            step=step,
            format=format_,
            placeholder=self.placeholder,
            **options,
        )


@dataclass(frozen=True)
class Parameter:
    """A number that a name takes in brackets: the alpha of ``elu(alpha=2)``."""

    name: str
    default: Any
    low: Any = None
    high: Any = None
    help: Help | None = None


@dataclass(frozen=True)
class Spec(Field):
    """A registered name and, in widgets of their own, the parameters that go with it."""

    registry: Registry[Any] = dataclasses.field(kw_only=True)
    parameters_of: Callable[[Any], list[Parameter]] = lambda entry: dataclass_parameters(entry)

    def widget(self, **options: Any) -> None:
        st.selectbox(options=list(self.registry), format_func=words, **options)

    def to_widget(self, value: Any) -> str:
        return parse_call(self.name, value)[0]

    def put(self, value: Any) -> None:
        super().put(value)
        name, given = parse_call(self.name, value)
        for parameter in self.parameters_of(self.registry[name]):
            _set(f"{self.key}.{name}.{parameter.name}", given.get(parameter.name, parameter.default))

    def parameters(self) -> list[Parameter]:
        """Return the parameters that the chosen name takes."""
        return self.parameters_of(self.registry[self._chosen_and_given(state.config())[0]])

    def given(self) -> dict[str, Any]:
        """Return the parameters that the configuration has for the chosen name."""
        return self._chosen_and_given(state.config())[1]

    def draw_parameters(self) -> None:
        """Put a widget for each of the chosen name's parameters on the page."""
        _, given = self._chosen_and_given(state.config())
        for parameter in self.parameters():
            key = self._parameter_key(parameter)
            begin_with(key, given.get(parameter.name, parameter.default))
            label = parameter.name.replace("_", " ").capitalize()
            options: dict[str, Any] = {"key": key, "help": _said(parameter.help), "disabled": self.is_fixed}
            if isinstance(parameter.default, int):
                st.number_input(label, parameter.low, parameter.high, step=1, **options)
            elif isinstance(parameter.default, str):
                st.text_input(label, **options)
            else:
                st.number_input(label, step=parameter.default / 10, format="%g", **options)
            refusal = state.refusal_of(parameter.name)
            complain(refusal_words(refusal, label) if refusal else None)

    def read(self, config: ExperimentConfig) -> str:
        chosen, given = self._chosen_and_given(config)
        offered = self.parameters_of(self.registry[chosen])
        # What has no widget stays as a link or a lesson had it.
        values = {name: value for name, value in given.items() if name not in [each.name for each in offered]}
        for parameter in offered:
            value = st.session_state.get(self._parameter_key(parameter), given.get(parameter.name, parameter.default))
            if value != parameter.default:
                values[parameter.name] = value
        inside = ", ".join(f"{name}={value!r}" for name, value in values.items())
        return f"{chosen}({inside})" if inside else chosen

    def _chosen_and_given(self, config: ExperimentConfig) -> tuple[str, dict[str, Any]]:
        """Return the chosen name, and the parameters that the configuration has for that name."""
        name, given = parse_call(self.name, getattr(config, self.name))
        chosen = st.session_state.get(self.key, name)
        return chosen, given if chosen == name else {}

    def _parameter_key(self, parameter: Parameter) -> str:
        chosen, _ = self._chosen_and_given(state.config())
        return f"{self.key}.{chosen}.{parameter.name}"


def _said(help: Help | None) -> str | None:
    return linked(str(help)) if help else None


def _set(key: str, value: Any) -> None:
    """Set a widget that may or may not be drawn in this run."""
    st.session_state[key] = value
    st.session_state[f"{key}.set"] = True


def begin_with(key: str, value: Any) -> None:
    """Give a widget that is about to be drawn `value`, unless it has one."""
    st.session_state.setdefault(key, value)
    if st.session_state.pop(f"{key}.set", False) or state.is_settling():
        # Streamlit tells the browser a value only in the run that sets it; one that was set while the widget wasn't on
        # the page, or in a run that was cut off, would be lost, and a slider would begin at its lower end.
        st.session_state[key] = st.session_state[key]


def dataclass_parameters(kind: type) -> list[Parameter]:
    """Return the fields of a registered dataclass that the configuration has no fields for, as parameters."""
    return [
        Parameter(field.name, field.default, help=field.metadata.get("help"))
        for field in dataclasses.fields(kind)
        if field.init and field.name not in SETTINGS and not field.metadata.get("backward_only")
    ]


_KINDS: dict[str, type[Field]] = {
    "toggle": Toggle,
    "slider": Slider,
    "steps": Steps,
    "choice": Choice,
    "number": Number,
    "limit": Limit,
    "named": Spec,
}


def widget_for(name: str, page: str, own: Mapping[str, Callable[..., Field]]) -> Field:
    """Return the widget that the row of setting `name` asks for on a page.

    Parameters
    ----------
    name, page : str
    own : mapping
        What makes the widgets of settings that have one of their own on this page.
    """
    row = SETTINGS[name]
    make = own[name] if name in own else _KINDS[row.control.kind]
    return make(name, row.label, help_text(name, page), **row.control.options)
