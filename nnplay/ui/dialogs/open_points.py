"""The visitor's own data: a table opened or pasted, and any data set saved as a table."""

from __future__ import annotations

from functools import partial

import numpy as np
import streamlit as st

from nnplay.datasets import Dataset, own_data
from nnplay.datasets.names import shortened
from nnplay.datasets.tables import Table
from nnplay.datasets.tables.choosing import choose, left_out_notes
from nnplay.datasets.tables.guessing import Guess, guess, guess_task
from nnplay.datasets.tables.writing import write_csv
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.refusal import Refusal
from nnplay.server.setting_words import capital, refusal_words
from nnplay.ui import on_page, state
from nnplay.ui.dialogs import table_reader
from nnplay.ui.form import controls
from nnplay.ui.text import complain, plain

_DIALOG = "own_data"
_MISSING = {"drop": "Leave out", "fill": "Fill in"}
_TASKS = {"classification": "Classes", "regression": "A number"}


def draw_buttons(dialog: str = _DIALOG) -> None:
    """Draw what opens the page's `dialog`, and what saves the present data."""
    config = state.config()
    with st.container(horizontal=True, gap="small"):
        st.button(
            "Open table",
            icon=":material/table:",
            type="tertiary",
            help="Use your own data: open a CSV file, or paste rows",
            on_click=on_page.bound(state.ask_for_dialog),
            args=(dialog,),
        )
        st.download_button(
            "Save table",
            partial(_as_csv, config),  # made when asked for, outside of the session
            file_name=f"nnplay-{config.dataset.partition('(')[0]}.csv",
            mime="text/csv",
            icon=":material/download:",
            type="tertiary",
            on_click="ignore",
            help="Download these data as CSV, with a column that marks the test samples",
        )


def draw() -> None:
    """Take a table and learn from some of its columns."""
    table_reader.close_if_used(_DIALOG)
    hint = "One row per sample, one column per measurement. The data stay on this server and in your link."
    taken = table_reader.take_table(_DIALOG, hint)
    if taken is not None:
        _draw_choice(*taken)


dialog = on_page.dialog("Your own data", width="large", icon=":material/table:")(draw)
open_if_asked = partial(table_reader.open_if_asked, _DIALOG, dialog=dialog)


def _draw_choice(table: Table, token: str) -> None:
    """Draw which columns are what, and the result."""
    key = f"{_DIALOG}.{token}"
    guessed = guess(table)
    beside_table = st.container()
    inputs = st.multiselect("Inputs", table.names, default=guessed.inputs, key=f"{key}.inputs")
    if not inputs:
        with beside_table:
            complain(_why_no_inputs(table, guessed))
        return
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    with left:
        target = st.selectbox("Target", table.names, table.names.index(guessed.target), key=f"{key}.target")
    with middle:
        task = choose_task(guess_task(table.column(target)), f"{key}.task.{table.names.index(target)}")
    with right:
        standardise = st.toggle(
            "Standardise",
            value=True,
            key=f"{key}.standardise",
            help="Shift and scale each column to mean 0 and standard deviation 1.",
        )
    missing = choose_missing(table, inputs, f"{key}.missing")
    try:
        data, notes = choose(table, inputs, target, task, standardise, missing)
        points = own_data.encode(data)
    except Refusal as refusal:
        complain(capital(refusal_words(refusal)))
        return
    said = [summary(data, target), *table_reader.notes(table), *notes]
    values = {"dataset": own_data.OWN, "points": points}
    table_reader.draw_end(_DIALOG, key, "Use these data", said, controls.FIELDS, values)


def _why_no_inputs(table: Table, guessed: Guess) -> str:
    """Say that inputs are missing, and whether there are any to choose."""
    names = [name for name in table.names if name != guessed.target and name not in guessed.left_out]
    if not names:
        reasons = " ".join(left_out_notes(guessed.left_out)[:3])
        return f"No column can be used as an input. {reasons}"
    if any(table.column(name).is_numeric for name in names):
        return "Choose at least one input."
    return (
        f"Apart from the target, {shortened(guessed.target)!r}, no column holds numbers. Open another table, or "
        f"choose a column of words, such as {shortened(names[0])!r}, as an input."
    )


def choose_task(guessed: str, key: str) -> str | None:
    """Draw whether classes or numbers are to be predicted."""
    return st.segmented_control(
        "Predict", list(_TASKS), format_func=lambda name: _TASKS[name], default=guessed, key=key
    )


def choose_missing(table: Table, inputs: list[str], key: str) -> str:
    """Draw what is done about rows with a gap in one of the inputs, where there are any; return it."""
    gaps = {name: table.n_rows - table.column(name).n_known for name in inputs}
    if not any(gaps.values()):
        return "drop"
    rows = np.zeros(table.n_rows, dtype=bool)
    for name in inputs:
        column = table.column(name)
        rows |= column.missing if column.numbers is None else np.isnan(column.numbers)
    left, right = st.columns([2, 3], vertical_alignment="bottom")
    with left:
        way = st.segmented_control(
            "Missing values",
            list(_MISSING),
            format_func=lambda name: _MISSING[name],
            default="drop",
            key=key,
            help="Leave out: rows with a missing value are not used. Fill in: with the median, or the most "
            "frequent word, of the training rows; an extra input marks those rows.",
        )
    with right:
        most = max(gaps, key=lambda name: gaps[name])
        st.caption(
            f"{int(rows.sum()):,} of {table.n_rows:,} rows have some, most of them in {plain(shortened(most))} "
            f"({gaps[most]:,})."
        )
    return way or "drop"


def summary(data: Dataset, target: str) -> str:
    """Say how many samples there are, and what is predicted."""
    if data.task == "regression":
        return f"{data.n_samples:,} samples. The target is {shortened(target)!r}."
    names = ", ".join(map(repr, data.class_names))
    return f"{data.n_samples:,} samples in {data.n_classes} classes: {names}."


def _as_csv(config: ExperimentConfig) -> bytes:
    if config.data.is_table:  # as its rows are: not yet as a network sees them
        return write_csv(*config.data.raw_split(), config.data.facts.target_name).encode("utf-8")
    return write_csv(*config.data.split()).encode("utf-8")
