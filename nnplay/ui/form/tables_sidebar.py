"""The sidebar of the page of tables."""

from __future__ import annotations

import numpy as np
import streamlit as st

from nnplay.datasets import Dataset
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.ui import state
from nnplay.ui.dialogs import open_table
from nnplay.ui.form import in_sight, presets
from nnplay.ui.form.table_fields import FIELDS
from nnplay.ui.text import plain
from nnplay.wording import counted

#: Spreads that differ by more than this are worth a word.
_UNEQUAL = 10


def draw_sidebar() -> None:
    """Draw what the table, what is done to it and the network are."""
    presets.draw_sidebar(FIELDS, _draw_data)


def _draw_data() -> None:
    if not FIELDS["dataset"].is_fixed:
        open_table.draw_buttons()
    config = state.config()
    st.caption(_description(config))
    if config.data.own and (notice := state.link_notice()):
        st.caption(notice)
    FIELDS.draw_group("data", skip={"dataset", "columns"})
    _draw_columns(config)


def _description(config: ExperimentConfig) -> str:
    if config.data.stored:
        return f"{config.data.stored.description} Target: {config.data.stored.target}."
    rows = f"{counted(config.data.facts.size, 'row')} of {counted(config.data.facts.n_columns, 'column')}"
    return f"Your table, {rows}. Target: {plain(config.data.facts.target_name)}."


def _draw_columns(config: ExperimentConfig) -> None:
    """Draw which columns are used, what they are like, and what that means for training when they stay so."""
    raw, _ = config.data.raw_split()
    raw = raw.with_columns(config.data.used_columns)
    numbers = [column for column in raw.columns if column.is_numeric]
    X = raw.X[:, [column.first for column in numbers]]
    if numbers and not config.standardise:
        st.caption(_warning([column.name for column in numbers], X.mean(axis=0), X.std(axis=0)))
    used = len(raw.columns)
    count = f"all {used}" if used == config.data.facts.n_columns else f"{used} of {config.data.facts.n_columns}"
    refused = state.refusal_of("columns") is not None
    with st.expander(f"Columns: {count}", icon=":material/view_column:", expanded=refused):
        if in_sight.shows("columns"):
            FIELDS["columns"].draw()
        if numbers or config.task == "regression":
            names = [column.name for column in numbers]
            if config.task == "regression":
                names, X = [*names, config.data.facts.target_name], np.column_stack([X, raw.y])
            st.dataframe(_statistics(names, X), hide_index=True)
        if len(numbers) < used:
            st.dataframe(_shares(raw), hide_index=True)
        st.caption(" ".join(_explanations(config, len(numbers), used)))


def _explanations(config: ExperimentConfig, n_numbers: int, used: int) -> list[str]:
    """Say what the tables are of, and what the network gets."""
    said = ["Measured on the training rows."]
    if n_numbers:
        seen = "with mean 0 and standard deviation 1" if config.standardise else "as it is"
        said.append(f"The network sees each {'column' if n_numbers == used else 'column of numbers'} {seen}.")
    if n_numbers < used:
        said.append(
            "A column of words becomes one input per category: 1 in the rows of that category, 0 in all others."
        )
    return said


def _warning(names: list[str], means: np.ndarray, spreads: np.ndarray) -> str:
    """Say in a sentence or two why columns as they are train badly."""
    smallest, largest = int(spreads.argmin()), int(spreads.argmax())
    if spreads[largest] > _UNEQUAL * spreads[smallest]:
        return (
            f"The columns have very different scales: the standard deviation of {plain(names[largest])} is "
            f"{spreads[largest]:.3g}, that of {plain(names[smallest])} is {spreads[smallest]:.3g}. A step that "
            "suits one is far too large or too small for the other, so the loss jumps, diverges or hardly falls."
        )
    far = int(np.abs(means / np.where(spreads > 0, spreads, 1)).argmax())
    return (
        f"The columns are not standardised: {plain(names[far])}, for example, has mean {means[far]:.4g} and "
        f"standard deviation {spreads[far]:.3g}. The large mean drowns out the differences between rows, so the "
        "loss hardly falls."
    )


def _statistics(names: list[str], values: np.ndarray) -> dict[str, list[str] | list[float]]:
    numbers = {
        "Mean": values.mean(axis=0),
        "Std. dev.": values.std(axis=0),
        "Min.": values.min(axis=0),
        "Max.": values.max(axis=0),
    }
    rounded = {title: [float(f"{value:.4g}") for value in row] for title, row in numbers.items()}
    return {"Column": names, **rounded}


def _shares(raw: Dataset) -> dict[str, list[str]]:
    """Return the categories of each column of words, the most frequent first, and in how many of the rows they are."""
    shares: dict[str, list[str]] = {"Column": [], "Category": [], "Rows": []}
    for column in raw.columns:
        if column.is_numeric:
            continue
        means = raw.X[:, column.features].mean(axis=0)
        means = means if len(means) > 1 else np.array([1 - means[0], means[0]])
        for k in np.argsort(-means, kind="stable"):
            shares["Column"].append(column.name)
            shares["Category"].append(column.categories[k])
            shares["Rows"].append(f"{100 * means[k]:.1f} %")
    return shares
