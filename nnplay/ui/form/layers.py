"""The network's shape: how many hidden layers, the units of each, and the activation, one for all or one for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnplay.experiment.config.checks import MAX_HIDDEN_LAYERS, MOST_UNITS_DRAWN
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.registry import parse_call
from nnplay.server.setting_words import words
from nnplay.ui import state
from nnplay.ui.form.widgets import Field, Spec, begin_with
from nnplay.ui.glossary import linked
from nnplay.wording import Help

DEFAULT_UNITS = 4
UNITS_HELP = Help(
    "How many units this layer has. Each draws one line, bent by the activation; the next layer combines them.",
    "Too few: the boundary can't follow the shape.",
    "Too many: slower, and the network can learn the noise by heart.",
)
EACH_HELP = Help(
    "Gives each hidden layer an activation of its own.", when="Try it to compare layers; one for all is usual."
)


@dataclass(frozen=True)
class LayersField(Field):
    """The number of hidden layers, and the units of each."""

    def read(self, config: ExperimentConfig) -> tuple[int, ...]:
        return tuple(self._units_of(layer, config) for layer in range(self._n_layers(config)))

    def put(self, value: Any) -> None:
        st.session_state[self.key] = len(value)
        for layer, units in enumerate(value):
            st.session_state[self._units_key(layer)] = units

    def draw(self, beside: bool = False, most_units: int = MOST_UNITS_DRAWN, **options: Any) -> None:
        config = state.config()
        begin_with(self.key, len(config.hidden_sizes))
        st.number_input(min_value=0, max_value=MAX_HIDDEN_LAYERS, step=1, key=self.key, **self.named({}))
        n_layers = self._n_layers(config)
        for start in range(0, n_layers, 4):
            columns = st.columns(4)
            for layer in range(start, min(start + 4, n_layers)):
                with columns[layer - start]:
                    begin_with(self._units_key(layer), self._units_of(layer, config))
                    high = max(most_units, st.session_state[self._units_key(layer)])
                    key = self._units_key(layer)
                    label, help = f"Units {layer + 1}", linked(str(UNITS_HELP)) if layer == 0 else None
                    st.number_input(label, 1, high, step=1, key=key, help=help, disabled=self.is_fixed)
        self.complain()

    def _n_layers(self, config: ExperimentConfig) -> int:
        return st.session_state.get(self.key, len(config.hidden_sizes))

    def _units_of(self, layer: int, config: ExperimentConfig) -> int:
        # Streamlit forgets a widget that isn't drawn; a layer that comes back is to have the units that it had.
        remembered = st.session_state.setdefault(f"{self.key}.remembered", {})
        known = config.hidden_sizes[layer] if layer < len(config.hidden_sizes) else remembered.get(layer, DEFAULT_UNITS)
        remembered[layer] = st.session_state.get(self._units_key(layer), known)
        return remembered[layer]

    def _units_key(self, layer: int) -> str:
        return f"{self.key}.{layer}"


@dataclass(frozen=True)
class ActivationField(Spec):
    """The hidden layers' activation: one for all with its parameters, or a name for each layer."""

    def read(self, config: ExperimentConfig) -> Any:
        if not self._one_for_each(config):
            return super().read(config)
        return tuple(
            self._of_layer(layer, config) for layer in range(len(LayersField("hidden_sizes", "").read(config)))
        )

    def put(self, value: Any) -> None:
        one_for_each = isinstance(value, tuple)
        st.session_state[self._each_key] = one_for_each
        if not one_for_each:
            super().put(value)
            return
        for layer, activation in enumerate(value):
            st.session_state[self._layer_key(layer)] = activation

    def given(self) -> dict[str, Any]:
        several = state.config().activation
        return super().given() if isinstance(several, str) else {"each": several}

    def draw_parameters(self) -> None:
        """Put the parameters of the activation, or a choice for each layer, on the page."""
        config = state.config()
        n_layers = len(config.hidden_sizes)
        begin_with(self._each_key, self._one_for_each(config))
        off = n_layers == 0 or self.is_fixed
        st.toggle("One activation per layer", key=self._each_key, help=linked(str(EACH_HELP)), disabled=off)
        if not st.session_state[self._each_key]:
            super().draw_parameters()
            return
        for layer in range(n_layers):
            key = self._layer_key(layer)
            begin_with(key, self._of_layer(layer, config))
            offered = list(dict.fromkeys([*self.registry, st.session_state[key]]))
            label = f"Activation of layer {layer + 1}"
            st.selectbox(label, offered, format_func=words, key=key, help=self.help, disabled=self.is_fixed)

    def _chosen_and_given(self, config: ExperimentConfig) -> tuple[str, dict[str, Any]]:
        first = config.activation if isinstance(config.activation, str) else config.activation[0]
        name, given = parse_call(self.name, first)
        chosen = st.session_state.get(self.key, name)
        return chosen, given if chosen == name else {}

    def to_widget(self, value: Any) -> str:
        return super().to_widget(value if isinstance(value, str) else value[0])

    def _one_for_each(self, config: ExperimentConfig) -> bool:
        return st.session_state.get(self._each_key, isinstance(config.activation, tuple))

    def _of_layer(self, layer: int, config: ExperimentConfig) -> str:
        several = config.activation if isinstance(config.activation, tuple) else ()
        known = several[layer] if layer < len(several) else self._chosen_and_given(config)[0]
        return st.session_state.get(self._layer_key(layer), known)

    @property
    def _each_key(self) -> str:
        return f"{self.key}.each"

    def _layer_key(self, layer: int) -> str:
        return f"{self.key}.layer.{layer}"
