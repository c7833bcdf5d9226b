"""The controls of a page: the run reads them, and sets them where it comes from a link or a file."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

import streamlit as st

from nnplay.datasets.drawn import text_of_drawing
from nnplay.experiment.config.checks import MAX_HIDDEN_LAYERS
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.ui import state
from nnplay.ui.form import in_sight
from nnplay.ui.form.widgets import Field, Spec, widget_for
from nnplay.validation import shown

#: What is set on a line takes more room in the bar.
_LINE_WIDTH = 1.2
#: All of the bar, and what brings more controls into it.
_BAR_WIDTH, _SWITCH_WIDTH = 6.6, 0.3


class PageFields:
    """The settings that a page has widgets for; others stay as the page's link has them.

    Parameters
    ----------
    page : str
    **own : callable
        What makes the widget of a setting that has one of its own there, of name, label and help.
    """

    def __init__(self, page: str, **own: Callable[..., Field]) -> None:
        self._by_name = {name: widget_for(name, page, own) for name, row in SETTINGS.items() if page in row.pages}
        self.fields = tuple(self._by_name.values())

    def __getitem__(self, name: str) -> Any:
        return self._by_name[name]

    def __contains__(self, name: object) -> bool:
        return name in self._by_name

    def of_group(self, group: str) -> list[Field]:
        """Return the widgets of a group that are in sight and of use for the run, in the order of the table."""
        config = state.config()
        return [
            field
            for name, field in self._by_name.items()
            if SETTINGS[name].group == group and in_sight.shows(name) and not SETTINGS[name].absent(config)
        ]

    def draw_group(self, group: str, skip: Collection[str] = ()) -> None:
        """Draw the widgets of a group but for those to `skip`; those of half the width stand side by side."""
        fields = [field for field in self.of_group(group) if field.name not in skip]
        halves = [field for field in fields if field.row.control.half]
        for field in fields:
            if field not in halves:
                _draw(field)
            elif field is halves[0]:
                for column, half in zip(st.columns(len(halves)), halves, strict=True):
                    with column:
                        _draw(half, beside=True)
                for half in halves:
                    half.complain()

    def draw_named(self, names: Collection[str]) -> None:
        """Draw the widgets of these settings, in the order of the table, that the present run has a use for."""
        config = state.config()
        for name, field in self._by_name.items():
            if name in names and not field.row.absent(config):
                _draw(field)

    def draw_bar(self) -> None:
        """Draw the widgets of the bar, beside each other, and what brings all of them in sight."""
        fields = self.of_group("bar")
        widths = [_LINE_WIDTH if field.row.control.is_line else 1.0 for field in fields]
        has_switch = in_sight.can_choose()
        left = _BAR_WIDTH - sum(widths)
        rest = [max(_SWITCH_WIDTH, left)] if has_switch else []
        columns = st.columns([*widths, *rest])
        for column, field in zip(columns, fields, strict=False):
            with column:
                _draw(field)
        if has_switch:
            # The line for newcomers goes where there is room for it (static/stage/coach/coach.css).
            with columns[-1], st.container(key="bar-has-room" if left > _BAR_WIDTH / 2 else "bar-is-full"):
                in_sight.draw_switch()

    def read(self) -> None:
        """Take the controls' values for the run."""
        config = state.config()
        state.propose({field.name: field.read(config) for field in self.fields})

    def put(self, values: Any, by_hand: bool = True) -> None:
        """Set the controls to `values`, a value for each named field, as if the visitor had done it.

        If they are refused, every control stays as it is.

        Parameters
        ----------
        values : dict
        by_hand : bool
            Whether the visitor did choose them; else they follow what is on the stage, or in the address.
        """
        config = state.config()
        try:
            if not isinstance(values, dict):
                raise TypeRefusal("values", "must be a dict of fields", shown(values))
            values = _with_drawing_as_text(values, config)
            proposed = ExperimentConfig.from_dict(config.to_dict() | _fitting_activation(values, config) | values)
            if proposed != config:
                state.check_run(proposed)
            if not state.page().accepts(proposed.dataset):
                raise Refusal("dataset", "must be one for this page", f"{proposed.dataset!r}")
        except Refusal as refusal:
            state.kept.refused_proposal = refusal
            return
        for field in self.fields:
            if field.name in values or getattr(proposed, field.name) != getattr(config, field.name):
                field.put(getattr(proposed, field.name))
        kept = {field.name: field.read(config) for field in self.fields}
        state.propose({name: getattr(proposed, name) for name in ExperimentConfig.__dataclass_fields__} | kept, by_hand)
        if proposed != config:
            state.note_put()

    def follow_address(self) -> None:
        """Set the controls to what the address names, where the visitor went back or forward; before any is drawn."""
        values = state.follow_address()
        if values is not None:
            self.put(values, by_hand=False)

    def put_again(self) -> None:
        """Set the controls once more if they were set by a run that was cut off: the browser has not heard of it."""
        if state.controls_are_unshown():
            self._put_all()

    def _put_all(self) -> None:
        for field in self.fields:
            field.put(getattr(state.config(), field.name))

    def follow_opened(self) -> None:
        """Set every control to the run that was opened from a file, if there is one; before any is drawn."""
        if state.take_opened():
            self._put_all()

    def page_must_follow(self) -> bool:
        """Return whether more than the bar and the stage is to show what changed since the page was drawn."""
        elsewhere = {name for name in state.changed_since_drawn() if not SETTINGS[name].stands_alone}
        return state.awaited_dataset() is not None or bool(elsewhere) or state.refused_since_drawn()


def _draw(field: Field, **options: Any) -> None:
    """Draw a widget, grey where it is of no effect, and what is to be said of it; parameters of a name below it."""
    config = state.config()
    field.draw(disabled=field.row.idle(config), **options)
    if note := field.row.note(config):
        st.caption(note)
    if field.row.group != "bar" and isinstance(field, Spec) and in_sight.shows_parameters(field):
        field.draw_parameters()


def _with_drawing_as_text(values: dict[str, Any], config: ExperimentConfig) -> dict[str, Any]:
    """Return `values` with points as the configuration holds them: the stage sends what was drawn as it is."""
    if not isinstance(values.get("points"), dict):
        return values
    drawn_on = config.data.own.data if config.data.own else None
    names = (drawn_on.class_names, drawn_on.feature_names) if drawn_on else ()
    return values | {"points": text_of_drawing(values["points"], *names)}


def _fitting_activation(values: dict[str, Any], config: ExperimentConfig) -> dict[str, Any]:
    """Return an activation for each proposed layer where each has its own: the last one's for those that are new."""
    each, sizes = config.activation, values.get("hidden_sizes")
    if isinstance(each, str) or not isinstance(sizes, (list, tuple)) or len(sizes) > MAX_HIDDEN_LAYERS:
        return {}
    return {"activation": [*each, *each[-1:] * len(sizes)][: len(sizes)] or each[0]}
