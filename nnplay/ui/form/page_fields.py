"""The controls of a page: they are read for the run, and set where the run comes from elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from nnplay.datasets.drawn import text_of_drawing
from nnplay.experiment.config.checks import MAX_HIDDEN_LAYERS
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.server import budget
from nnplay.ui import state
from nnplay.ui.form.widgets import Field
from nnplay.validation import shown


@dataclass(frozen=True)
class ControlSet:
    """The fields of the configuration that a page has widgets for; others stay as the page's link has them.

    Parameters
    ----------
    fields : sequence of Field
    in_bar_alone : collection of str
        Those that only the bar and the stage show: nothing else of the page depends on them.
    """

    fields: Sequence[Field]
    in_bar_alone: Collection[str] = ()

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
                budget.check(proposed)
            if not state.place().accepts(proposed.dataset):
                raise Refusal("dataset", "must be one for this page", f"{proposed.dataset!r}")
        except Refusal as refusal:
            state.note_refused_proposal(refusal)
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

    def follow_opened(self) -> None:
        """Set every control to the run that was opened from a file, if there is one; before any is drawn."""
        if state.take_opened():
            for field in self.fields:
                field.put(getattr(state.config(), field.name))

    def page_must_follow(self) -> bool:
        """Return whether more than the bar and the stage is to show what changed since the page was drawn."""
        elsewhere = state.changed_since_drawn() - set(self.in_bar_alone)
        return state.awaited_dataset() is not None or bool(elsewhere) or state.refused_since_drawn()


def _with_drawing_as_text(values: dict[str, Any], config: ExperimentConfig) -> dict[str, Any]:
    """Return `values` with points as the configuration holds them: the stage sends what was drawn as it is."""
    if not isinstance(values.get("points"), dict):
        return values
    drawn_on = config.own.data if config.own else None
    names = (drawn_on.class_names, drawn_on.feature_names) if drawn_on else ()
    return values | {"points": text_of_drawing(values["points"], *names)}


def _fitting_activation(values: dict[str, Any], config: ExperimentConfig) -> dict[str, Any]:
    """Return an activation for each proposed layer where each has its own: the last one's for those that are new."""
    each, sizes = config.activation, values.get("hidden_sizes")
    if isinstance(each, str) or not isinstance(sizes, (list, tuple)) or len(sizes) > MAX_HIDDEN_LAYERS:
        return {}
    return {"activation": [*each, *each[-1:] * len(sizes)][: len(sizes)] or each[0]}
