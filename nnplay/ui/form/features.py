"""The network's inputs: the usual features to choose from, and the visitor's own formulas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnplay.datasets.features import FEATURES, applicable, feature_label
from nnplay.datasets.formulas import MAX_LENGTH
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.ui import state
from nnplay.ui.form.widgets import Field, begin_with
from nnplay.ui.text import plain
from nnplay.wording import Help

OWN_HELP = Help(
    "More inputs, as formulas in x1 and x2, separated by semicolons: `x1**2 + x2; sin(3*x2)`. Functions: sin, cos, "
    "tan, tanh, exp, log, sqrt, abs, sign, floor, min, max.",
    when="A formula that fits the shape does the work of a hidden layer.",
)


@dataclass(frozen=True)
class FeaturesField(Field):
    """The registered features as buttons, others as text; those that the data have no coordinate for stay unseen."""

    def read(self, config: ExperimentConfig) -> tuple[str, ...]:
        registered, own = _parted(config.features)
        offered = _offered(config)
        unseen = [name for name in registered if name not in offered]
        chosen = st.session_state.get(self._key(config), [name for name in registered if name in offered])
        if self._own_key in st.session_state:
            own = [text for part in st.session_state[self._own_key].split(";") if (text := part.strip())]
        return (*chosen, *unseen, *own)

    def put(self, value: Any) -> None:
        config = state.config()
        registered, own = _parted(value)
        st.session_state[self._key(config)] = [name for name in registered if name in _offered(config)]
        st.session_state[self._own_key] = "; ".join(own)

    def draw(self, beside: bool = False, **options: Any) -> None:
        config = state.config()
        n_coordinates = config.data.n_coordinates
        if n_coordinates > 2:
            st.caption(
                f"The network sees all {n_coordinates} inputs. The plane shows their first two principal components."
            )
            return
        registered, own = _parted(config.features)
        offered = _offered(config)
        key = self._key(config)
        begin_with(key, [name for name in registered if name in offered])
        begin_with(self._own_key, "; ".join(own))
        st.pills(
            options=offered,
            selection_mode="multi",
            format_func=lambda name: feature_label(name, n_coordinates),
            key=key,
            **self.named({}),
        )
        example = "x**3; exp(-x**2)" if n_coordinates == 1 else "x1**2 + x2; sin(3*x2)"
        st.text_input(
            "Your formulas",
            key=self._own_key,
            placeholder=example,
            help=str(OWN_HELP),
            max_chars=12 * (MAX_LENGTH + 2),
            disabled=self.is_fixed,
        )
        if idle := [feature_label(name) for name in own if name not in applicable(tuple(own), n_coordinates)]:
            st.caption(f"Not used here, as these data have no x₂: {plain('; '.join(idle))}.")
        self.complain()

    def _key(self, config: ExperimentConfig) -> str:
        return f"{self.key}.{config.data.n_coordinates}"

    @property
    def _own_key(self) -> str:
        return f"{self.key}.own"


def _parted(features: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Return the registered features, and the others."""
    return [name for name in features if name in FEATURES], [name for name in features if name not in FEATURES]


def _offered(config: ExperimentConfig) -> list[str]:
    return list(applicable(tuple(FEATURES), config.data.n_coordinates))
