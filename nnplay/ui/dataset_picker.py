"""The data sets as pictures to click."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnplay import datasets
from nnplay.datasets import DATASETS
from nnplay.datasets.recipes import Recipe
from nnplay.ui.widgets import Parameter, Spec

#: Enough samples to show the shape in a picture of this size.
THUMBNAIL_SAMPLES = 90

_LOADER = """export default async (component) =>
  (await import(new URL("app/static/picker/picker.js", document.baseURI).href)).default(component);
"""
_component = st.components.v2.component(
    "nnplay_dataset_picker", html='<div class="nnplay-picker"></div>', js=_LOADER, isolate_styles=False
)


def options_of(recipe: Recipe) -> list[Parameter]:
    """Return what a data set takes besides its size, noise and seed."""
    return [Parameter(o.name, o.default, o.low, o.high, o.help) for o in recipe.options]


@dataclass(frozen=True)
class DatasetPicker(Spec):
    """A data set, chosen by its picture."""

    def widget(self, **options: Any) -> None:
        picker_key = f"{self.key}.picker"

        def choose() -> None:
            choice = st.session_state[picker_key].get("choice")
            if choice in DATASETS:
                st.session_state[self.key] = choice

        data = {"label": self.label, "selected": st.session_state[self.key], "datasets": _thumbnails()}
        _component(key=picker_key, data=data, on_choice_change=choose)


@st.cache_data(show_spinner=False)
def _thumbnails() -> list[dict[str, Any]]:
    """Return for each data set its name, label, description, and points (x, y in 0…1, class or value)."""
    pictures = []
    for name, recipe in DATASETS.items():
        data = datasets.make(name, n_samples=THUMBNAIL_SAMPLES, noise=recipe.default_noise / 2, seed=1)
        low, high = data.X.min(axis=0), data.X.max(axis=0)
        unit = (data.X - (low + high) / 2) / (high - low).max() + 0.5
        points = [
            [round(x, 3), round(y, 3), round(float(t), 2)] for (x, y), t in zip(unit.tolist(), data.y, strict=True)
        ]
        picture = {"name": name, "label": recipe.label, "description": recipe.description, "task": recipe.task}
        pictures.append(picture | {"points": points})
    return pictures
