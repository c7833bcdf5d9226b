"""The playground's controls, and those that every page has: the network, the bar, what is folded up."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import streamlit as st

from nnplay.datasets import DATASETS
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.server.link import brief
from nnplay.server.setting_words import refusal_words
from nnplay.ui import state
from nnplay.ui.form import in_sight
from nnplay.ui.form.dataset_picker import DatasetPicker, PointsField, options_of
from nnplay.ui.form.features import FeaturesField
from nnplay.ui.form.layers import ActivationField, LayersField
from nnplay.ui.form.page_fields import PageFields
from nnplay.ui.form.widgets import Spec
from nnplay.ui.text import plain

#: Widgets that no other setting has, on any page.
ON_EVERY_PAGE: dict[str, Any] = {"hidden_sizes": LayersField, "activation": ActivationField, "points": PointsField}
FIELDS = PageFields(
    PLAYGROUND,
    dataset=partial(DatasetPicker, registry=DATASETS, parameters_of=options_of),
    features=FeaturesField,
    **ON_EVERY_PAGE,
)
#: Time to read what of a link was ignored; then it gives the panels back their room.
_NOTICE_SECONDS = 20


def draw_sidebar(draw_below_pictures: Callable[[], None] = lambda: None) -> None:
    """Draw what the data and the network are.

    Parameters
    ----------
    draw_below_pictures : callable
        Draws what belongs below the pictures of the data sets.
    """
    if state.link().shows("data"):
        st.markdown("##### Data")
        dataset = FIELDS["dataset"]
        if in_sight.shows("dataset"):
            dataset.draw()
        if in_sight.are_all() and not dataset.is_fixed:
            draw_below_pictures()
        if in_sight.shows_parameters(dataset):
            dataset.draw_parameters()
        FIELDS.draw_group("data", skip={"dataset"})
        if state.config().data.own and (notice := state.link_notice()):
            st.caption(notice)
    draw_below_data(FIELDS)


def draw_below_data(fields: PageFields, **options: Any) -> None:
    """Draw what the network is, with options of its layers' control; folded up, what a beginner doesn't need."""
    shows = state.link().shows
    activation = fields["activation"]
    layers, parameters = in_sight.shows("hidden_sizes"), in_sight.shows_parameters(activation)
    if shows("network") and (layers or parameters):
        st.markdown("##### Network")
        if layers:
            fields["hidden_sizes"].draw(**options)
        if parameters:
            activation.draw_parameters()
    for group, title, icon in (("more", "More", "tune"), ("stop", "Stop automatically", "flag")):
        names = [field.name for field in fields.of_group(group)]
        named = _parameters_of_bar(fields) if group == "more" else []
        if shows(group) and (names or named):
            refused = state.refusal_of(*names) is not None
            with st.expander(title, icon=f":material/{icon}:", expanded=refused):
                fields.draw_group(group)
                for field in named:
                    field.draw_parameters()


def _parameters_of_bar(fields: PageFields) -> list[Spec]:
    """Return what was chosen by name in the bar, which has no room for the parameters of these names."""
    named = [field for field in fields.of_group("bar") if isinstance(field, Spec)]
    return [field for field in named if not isinstance(field, ActivationField) and in_sight.shows_parameters(field)]


def draw_notices() -> None:
    """Say what of the link was ignored, and which value was refused.

    As toasts, which push nothing off the screen.
    """
    for notice in brief(state.take_notices()):
        st.toast(plain(notice), icon=":material/link_off:", duration=_NOTICE_SECONDS)
    refusal = state.kept.refusal
    if refusal and not state.refusal_of(FIELDS["features"].name):  # said below its field, which was just typed in
        st.toast(f"Not applied: {plain(refusal_words(refusal))}", icon=":material/error:")
