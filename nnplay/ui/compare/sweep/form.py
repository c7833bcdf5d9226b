"""The tab's controls, in the sidebar: what varies, over which values, from how many seeds, and where it is trained."""

from __future__ import annotations

from typing import Any

import streamlit as st

from nnplay.experiment.compare.sweeps.grid import LOGARITHMIC
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.refusal import Refusal
from nnplay.server.compare import sweep_limits, sweep_link
from nnplay.server.compare.sweep_link import AXES, VARIED, Axis
from nnplay.ui import on_page
from nnplay.ui.compare import value_widgets
from nnplay.ui.compare.sweep import asked
from nnplay.ui.compare.sweep.asked import kept, key
from nnplay.ui.text import complain, plain
from nnplay.wording import Help

_NONE = "none"
_TITLES = ("First setting", "Second setting")
_SHAPES = {"list": "List", "range": "Range"}
_FEW, _MANY = "Too few: the best may lie between them.", "Too many: the sweep takes longer."
_NARROW, _WIDE = "Too narrow: all cells look alike.", "Too wide: most cells fail."
_HELP = {
    "hidden_sizes": Help(
        "Each value is one network: 8 is a layer of 8 units, 8-8 are two of them, none is no hidden layer.",
        _FEW,
        _MANY,
        "Type one that isn't in the list.",
    )
}
_LIST_HELP = Help("The values that are tried.", _FEW, _MANY, "Type one that isn't in the list.")
_RANGE_HELP = {
    True: Help("Values between the two ends, the same factor apart.", _NARROW, _WIDE),
    False: Help("Values between the two ends, the same distance apart.", _NARROW, _WIDE),
}
_VALUES_HELP = Help("How many values are tried between the two ends.", _FEW, _MANY)
_AXIS_HELP = (
    Help("The setting that changes from left to right on the map.", when="Choose the one you wonder about."),
    Help("The setting that changes from bottom to top on the map.", when="None: the map is a single row."),
)
_NUMBERS_HELP = {
    "n_seeds": Help(
        "How often each cell is trained. Each seed draws other first weights and batches.",
        "Too few: a cell's result is mostly luck.",
        "Too many: the sweep takes longer, and says little more.",
    ),
    "epochs": Help(
        "How long each network is trained.",
        "Too few: small learning rates look worse than they are.",
        "Too many: the sweep takes longer.",
    ),
}
_COMMON = str(Help("The setting that is the same in all cells.", when="Choose it here, and its value below."))
_PLACE_HELP = Help("Where the networks are trained.", when="Choose what is free: the numbers are the same everywhere.")


def draw_sidebar() -> None:
    """Draw what is asked of the sweep."""
    refused = asked.feed().refusal
    wrong = sweep_link.beside(refused, kept.plan) if refused else ""
    words = sweep_link.in_words(refused) if refused else None
    st.markdown("##### Sweep")
    for place in range(2):
        _draw_axis(place)
        complain(words if wrong == AXES[place] else None)
    _draw_numbers(wrong, words)
    complain(words if wrong == "trainings" else None)
    _draw_place()
    complain(words if wrong == "place" else asked.feed().problem)
    st.markdown("##### In all cells")
    _draw_common()


def _draw_axis(place: int) -> None:
    """Let the visitor choose a setting and its values."""
    axes = kept.plan.axes
    axis = axes[place] if place < len(axes) else None
    others = {each.setting for k, each in enumerate(axes) if k != place}
    options = [name for name in VARIED if name not in others and not SETTINGS[name].absent(asked.config())]
    widget = key(f"setting.{place}")
    st.session_state[widget] = axis.setting if axis is not None else _NONE

    def changed() -> None:
        name = st.session_state[widget]
        if name == (axis.setting if axis is not None else _NONE):  # said once more: its values stay
            return
        asked.set_axis(place, Axis(name, sweep_link.usual_texts(name, asked.config())) if name != _NONE else None)

    st.selectbox(
        _TITLES[place],
        options if place == 0 else [_NONE, *options],
        format_func=lambda name: SETTINGS[name].label if name in SETTINGS else "None",
        key=widget,
        help=str(_AXIS_HELP[place]),
        on_change=on_page.bound(changed),
    )
    if axis is not None:
        is_range = axis.span is not None
        if sweep_link.can_be_range(axis.setting):
            _choose_shape(place, axis)
        (_draw_range if is_range else _draw_list)(place, axis)


def _choose_shape(place: int, axis: Axis) -> None:
    widget = key(f"shape.{place}")
    st.session_state[widget] = "list" if axis.span is None else "range"

    def changed() -> None:
        config = asked.config()
        if (st.session_state[widget] == "range") == (axis.span is not None):
            return
        if st.session_state[widget] == "range":
            asked.set_axis(place, Axis(axis.setting, span=sweep_link.usual_span(axis.setting, config)))
            return
        try:
            texts = tuple(sweep_link.text_of(axis.setting, value) for value in axis.values())
        except Refusal:
            texts = sweep_link.usual_texts(axis.setting, config)
        asked.set_axis(place, Axis(axis.setting, texts))

    st.segmented_control(
        f"List or range of {SETTINGS[axis.setting].in_sentence}",
        list(_SHAPES),
        format_func=lambda name: _SHAPES[str(name)],
        key=widget,
        required=True,
        label_visibility="collapsed",
        on_change=on_page.bound(changed),
    )


def _draw_list(place: int, axis: Axis) -> None:
    name = axis.setting
    widget = key(f"list.{place}.{name}")
    st.session_state[widget] = list(axis.texts)
    offered = sweep_link.offered_texts(name, asked.config())

    def changed() -> None:
        asked.set_axis(place, Axis(name, tuple(dict.fromkeys(map(str, st.session_state[widget])))))

    st.multiselect(
        f"Values of {SETTINGS[name].in_sentence}",
        [*offered, *(text for text in axis.texts if text not in offered)],
        format_func=lambda text: text if name == "hidden_sizes" else value_widgets.words(name, text),
        key=widget,
        accept_new_options=SETTINGS[name].control.kind != "toggle",
        placeholder="Choose or type values",
        help=str(_HELP.get(name, _LIST_HELP)),
        on_change=on_page.bound(changed),
    )


def _draw_range(place: int, axis: Axis) -> None:
    assert axis.span is not None
    label = SETTINGS[axis.setting].in_sentence
    names = ("low", "high", "n")
    widgets = [key(f"{name}.{place}.{axis.setting}") for name in names]
    for widget, value in zip(widgets, axis.span, strict=True):
        st.session_state[widget] = value

    def changed() -> None:
        low, high, n = (st.session_state[widget] for widget in widgets)
        asked.set_axis(place, Axis(axis.setting, span=(str(low), str(high), int(n))))

    act: dict[str, Any] = {"on_change": on_page.bound(changed)}
    is_rate = axis.setting in LOGARITHMIC
    low, high, n = st.columns(3)
    low.text_input("From", key=widgets[0], help=str(_RANGE_HELP[is_rate]), **act)
    high.text_input("To", key=widgets[1], help=str(_RANGE_HELP[is_rate]), **act)
    n.number_input("Values", step=1, key=widgets[2], help=str(_VALUES_HELP), **act)
    try:
        told = ", ".join(sweep_link.text_of(axis.setting, value) for value in axis.values())
    except Refusal:
        return
    st.caption(plain(f"{label[:1].upper()}{label[1:]} {told}"))


def _draw_numbers(wrong: str, words: str | None) -> None:
    fields = {"n_seeds": ("Seeds", "seeds"), "epochs": ("Epochs", "epochs")}
    for column, (name, (label, _)) in zip(st.columns(2), fields.items(), strict=True):
        widget = key(name)
        st.session_state[widget] = getattr(kept.plan, name)

        def changed(name: str = name, widget: str = widget) -> None:
            asked.set_number(name, st.session_state[widget])

        column.number_input(label, step=1, key=widget, help=str(_NUMBERS_HELP[name]), on_change=on_page.bound(changed))
    complain(words if wrong in ("seeds", "epochs") else None)


def _draw_place() -> None:
    places = sweep_limits.places()
    if len(places) == 1:
        return
    widget = key("place")
    st.session_state[widget] = kept.plan.place if kept.plan.place in places else places[0]

    def changed() -> None:
        asked.set_number("place", st.session_state[widget])

    st.segmented_control(
        "Where it is trained",
        places,
        format_func=lambda place: sweep_limits.WORDS[str(place)],
        key=widget,
        required=True,
        help=str(_PLACE_HELP),
        on_change=on_page.bound(changed),
    )


def _draw_common() -> None:
    """Let the visitor change what all cells share."""
    varied = {axis.setting for axis in kept.plan.axes}
    options = [name for name in VARIED if name not in varied and not SETTINGS[name].absent(asked.config())]
    chosen_widget = key("common")
    if st.session_state.get(chosen_widget) not in options:
        st.session_state[chosen_widget] = options[0]
    name = str(st.selectbox("Setting", options, format_func=value_widgets.label, key=chosen_widget, help=_COMMON))
    row = SETTINGS[name]
    widget = key(f"value.{name}")
    refused = asked.refusal_of_all(name)
    if refused is None or widget not in st.session_state:
        st.session_state[widget] = value_widgets.to_widget(name, getattr(asked.config(), name))

    def changed() -> None:
        asked.change_all(name, value_widgets.read(name, st.session_state[widget]))

    label = f"{row.label} in all cells"
    value_widgets.draw(name, asked.config(), widget, label, row.help_on(PLAYGROUND), on_page.bound(changed))
    complain(refused)
