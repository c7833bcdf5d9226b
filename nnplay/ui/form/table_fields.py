"""The controls that only the page of tables has: which data, which columns, and what is done to them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnplay.datasets import own_data
from nnplay.datasets.own_data import TABLE
from nnplay.datasets.stored import STORED
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.server.training_pages import PLACES
from nnplay.ui import state
from nnplay.ui.form import controls
from nnplay.ui.form.dataset_picker import OWN_POINTS
from nnplay.ui.form.page_fields import ControlSet
from nnplay.ui.form.widgets import Choice, Field, Toggle

BATCH_SIZES = (10, 20, 32, 64, 128, 256, 512)
_NAMES = tuple(name for name in STORED if PLACES["tabular"].takes(name))


@dataclass(frozen=True)
class ColumnsField(Field):
    """Which columns are used, by their numbers, counted from 1; the configuration has none where all are.

    Each table has a widget of its own: another one has other columns.
    """

    @property
    def key(self) -> str:
        """The widget's name in the session state, for the table that is chosen."""
        return state.key(f"field.{self.name}.{self._table[0]}")

    @property
    def _table(self) -> tuple[str, int]:
        """Return a name of the table that is chosen, and how many columns it has."""
        dataset, points = DATASET.read(state.config()), OWN_POINTS.read(state.config())
        if dataset in STORED:
            return dataset, STORED[dataset].n_features
        return f"{dataset}.{hash(points)}", len(own_data.decode(points, True).data.columns)

    def read(self, config: ExperimentConfig) -> Any:
        if self.key not in st.session_state:
            return config.columns if DATASET.read(config) == config.dataset else ()
        chosen = tuple(sorted(st.session_state[self.key]))
        return () if len(chosen) == self._table[1] else chosen

    def to_widget(self, value: Any) -> list[int]:
        return list(value) or list(range(1, self._table[1] + 1))

    def widget(self, **options: Any) -> None:
        names = [column.name for column in state.config().make_data().columns]
        st.multiselect(
            options=range(1, len(names) + 1),
            format_func=lambda number: names[number - 1],
            placeholder="All, until you choose one",
            **options,
        )


DATASET = Choice(
    "dataset",
    "Table",
    options=lambda: [*_NAMES, *([TABLE] if OWN_POINTS.read(state.config()) else [])],
    say=lambda name: STORED[name].label if name in STORED else "Your table",
)
COLUMNS = ColumnsField("columns", "Columns used", "What the network is told of each row.")
STANDARDISE = Toggle(
    "standardise",
    "Standardise",
    "Shift and scale each column, and a target that is a number, to mean 0 and spread 1 over the training rows. "
    "Inputs that say a word or a gap stay 0 and 1.",
)
LOG_TARGET = Toggle(
    "log_target", "Logarithm of target", "Learn the logarithm: what counts is by how many percent an answer is off."
)
BATCH_SIZE = dataclasses.replace(
    controls.BATCH_SIZE,
    help="Rows for each step. Fewer: more, noisier steps in an epoch.",
    options=lambda: [*(size for size in BATCH_SIZES if size <= state.config().n_train), None],
)
TEST_FRACTION = dataclasses.replace(controls.TEST_FRACTION, help="Share of the rows that is never trained on.")

FIELDS = ControlSet(
    (
        DATASET, OWN_POINTS, COLUMNS, STANDARDISE, LOG_TARGET, TEST_FRACTION, BATCH_SIZE, controls.LAYERS,
        controls.ACTIVATION, controls.LEARNING_RATE, controls.MOMENTUM, controls.OPTIMIZER, controls.REGULARIZER,
        controls.REGULARIZATION_RATE, controls.NESTEROV, controls.SCHEDULE, controls.DROPOUT, controls.INITIALIZER,
        controls.OUTPUT, controls.LOSS, controls.BIAS, controls.SHUFFLE, controls.DTYPE, controls.SEED,
        controls.MAX_EPOCHS, controls.TARGET_LOSS, controls.PATIENCE,
    ),
    controls.IN_BAR_ALONE,
)  # fmt: skip
