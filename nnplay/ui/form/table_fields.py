"""The controls that only the page of tables has: which data, which columns, and what is done to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import streamlit as st

from nnplay.datasets import own_data
from nnplay.datasets.own_data import TABLE
from nnplay.datasets.stored import STORED
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.setting import TABLES
from nnplay.ui import state
from nnplay.ui.form import controls
from nnplay.ui.form.dataset_picker import StoredChoice
from nnplay.ui.form.page_fields import PageFields
from nnplay.ui.form.widgets import Field


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
        dataset, points = FIELDS["dataset"].read(state.config()), FIELDS["points"].read(state.config())
        if dataset in STORED:
            return dataset, STORED[dataset].n_features
        if not points:  # a browser's controls outlive a server that is restarted; its table is not here, or not yet
            return dataset, 0
        return f"{dataset}.{hash(points)}", len(own_data.decode(points, True).data.columns)

    def read(self, config: ExperimentConfig) -> Any:
        if self.key not in st.session_state:
            return config.columns if FIELDS["dataset"].read(config) == config.dataset else ()
        chosen = tuple(sorted(st.session_state[self.key]))
        return () if len(chosen) == self._table[1] else chosen

    def to_widget(self, value: Any) -> list[int]:
        return list(value) or list(range(1, self._table[1] + 1))

    def widget(self, **options: Any) -> None:
        names = [column.name for column in state.config().data.make().columns]
        st.multiselect(
            options=range(1, len(names) + 1),
            format_func=lambda number: names[number - 1],
            placeholder="All columns",
            **options,
        )


FIELDS = PageFields(
    TABLES,
    dataset=lambda name, _, help: StoredChoice(name, "Table", help, page=TABLES, own=(TABLE, "Your table")),
    columns=ColumnsField,
    **controls.ON_EVERY_PAGE,
)
