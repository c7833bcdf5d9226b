"""The data sets as pictures to click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import streamlit as st

from nnplay import datasets
from nnplay.assignments.assignment import WHY_FIXED
from nnplay.datasets import DATASETS, Dataset, own_data
from nnplay.datasets.generated.recipes import Recipe
from nnplay.datasets.own_data import OWN
from nnplay.datasets.stored import STORED
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import DRAWS_DATA
from nnplay.server.training_pages import TRAINING_PAGES
from nnplay.ui import component, on_page, state
from nnplay.ui.form.widgets import Choice, Field, Number, Parameter, Spec

#: Enough samples to show the shape in a picture of this size.
THUMBNAIL_SAMPLES = 90

#: How many numbers the die has: as in ``static/picker/picker.js``.
_DIE_SIDES = 10_000

_component = component.declare("nnplay_dataset_picker", "nnplay-picker", "picker")


def options_of(recipe: Recipe) -> list[Parameter]:
    """Return what a data set takes besides its size, noise and seed."""
    return [
        Parameter(o.name, o.default, getattr(o, "low", None), getattr(o, "high", None), o.help) for o in recipe.options
    ]


@dataclass(frozen=True)
class PointsField(Field):
    """One's own data, as text. There is nothing to see of it but a picture among the data sets."""

    def draw(self, beside: bool = False, **options: Any) -> None:
        if not beside:
            self.complain()


@dataclass(frozen=True)
class StoredChoice(Choice):
    """A stored data set of the page's, chosen by name; the visitor's own table is among them as soon as there is one.

    Attributes
    ----------
    page : str
    own : tuple of str
        Name and label of one's own data; none where the page takes none.
    """

    page: str = ""
    own: tuple[str, ...] = ()

    def offered(self) -> list[str]:
        there = self.own and PointsField("points", "").read(state.config())
        return [*(name for name in STORED if TRAINING_PAGES[self.page].takes(name)), *(self.own[:1] if there else ())]

    def say(self, value: Any) -> str:
        return STORED[value].label if value in STORED else self.own[1]


@dataclass(frozen=True)
class DatasetPicker(Spec):
    """A data set, chosen by its picture; one's own is among them as soon as there is one."""

    def parameters(self) -> list[Parameter]:
        return [] if self._chosen_and_given(state.config())[0] == OWN else super().parameters()

    def put(self, value: Any) -> None:
        if value == OWN:
            st.session_state[self.key] = OWN
        else:
            super().put(value)

    def read(self, config: ExperimentConfig) -> str:
        return OWN if self._chosen_and_given(config)[0] == OWN else super().read(config)

    def widget(self, **options: Any) -> None:
        picker_key = f"{self.key}.picker"

        points = PointsField("points", "").read(state.config())

        def choose() -> None:
            choice = component.said(picker_key, "choice")
            if self.is_fixed:
                return
            if choice in DATASETS or (choice == OWN and points):
                st.session_state[self.key] = choice

        def draw() -> None:
            number = component.said(picker_key, "draw")
            if type(number) is int and 0 <= number < _DIE_SIDES:
                Number(DRAWS_DATA, "").put(number)

        pictures = _thumbnails() + ([_own_thumbnail(points)] if points else [])
        chosen = st.session_state[self.key]
        drawn, why_not = chosen != OWN and not self.is_fixed, WHY_FIXED if self.is_fixed else ""
        data = {
            "label": options["label"],
            "selected": chosen,
            "drawn": drawn,
            "why_not": why_not,
            "datasets": pictures,
        }
        _component(
            key=picker_key, data=data, on_choice_change=on_page.bound(choose), on_draw_change=on_page.bound(draw)
        )


def _own_thumbnail(points: str) -> dict[str, Any]:
    data = own_data.decode(points).data
    description = f"{data.n_samples} points, drawn or read from a file."
    return _picture(data, OWN, "Your data", description)


def _picture(data: Dataset, name: str, label: str, description: str) -> dict[str, Any]:
    rows = slice(None, None, -(-data.n_samples // THUMBNAIL_SAMPLES))
    X, y = data.X[rows, :2], data.y[rows]
    if data.n_features == 1:
        X = np.column_stack([X, y])
    low, high = X.min(axis=0), X.max(axis=0)
    unit = (X - (low + high) / 2) / max((high - low).max(), 1e-9) + 0.5
    scale = 1 if data.class_names else max(1.0, np.abs(y).max())
    points = [
        [round(a, 3), round(b, 3), round(float(t), 2)] for (a, b), t in zip(unit.tolist(), y / scale, strict=True)
    ]
    return {"name": name, "label": label, "description": description, "task": data.task, "points": points}


@st.cache_data(show_spinner=False)
def _thumbnails() -> list[dict[str, Any]]:
    """Return for each data set its name, label, description, and points (x, y in 0…1, class or value)."""
    pictures = []
    for name, recipe in DATASETS.items():
        data = datasets.make(name, n_samples=THUMBNAIL_SAMPLES, noise=recipe.default_noise / 2, seed=1)
        pictures.append(_picture(data, name, recipe.label, recipe.description))
    return pictures
