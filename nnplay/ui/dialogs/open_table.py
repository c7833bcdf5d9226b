"""The visitor's own table, for the page of tables: which column to predict, and from which others."""

from __future__ import annotations

from functools import partial

import streamlit as st

from nnplay.datasets import own_data
from nnplay.datasets.names import shortened
from nnplay.datasets.tables.choosing import choose
from nnplay.datasets.tables.guessing import guess, guess_task
from nnplay.datasets.tables.table import Table
from nnplay.refusal import Refusal
from nnplay.server.setting_words import capital, refusal_words
from nnplay.ui import on_page
from nnplay.ui.dialogs import open_points, table_reader
from nnplay.ui.form import table_fields
from nnplay.ui.text import complain

_DIALOG = "own_table"
#: Of columns that are left out so many are listed with the reason.
_MOST_LISTED = 8


def draw() -> None:
    """Take a table and learn one of its columns from others."""
    table_reader.close_if_used(_DIALOG)
    hint = "One row per sample, one column per measurement. The data stay on this server."
    taken = table_reader.take_table(_DIALOG, hint)
    if taken is not None:
        _draw_choice(*taken)


dialog = on_page.dialog("Your own table", width="large", icon=":material/table:")(draw)
draw_buttons = partial(open_points.draw_buttons, _DIALOG)
open_if_asked = partial(table_reader.open_if_asked, _DIALOG, dialog=dialog)


def _draw_choice(table: Table, token: str) -> None:
    """Draw which column is predicted from which others, and what comes of it."""
    guessed = guess(table, own_data.MAX_COLUMNS)
    key = f"{_DIALOG}.{token}"
    left, right = st.columns(2, vertical_alignment="bottom")
    with left:
        target = st.selectbox("Target", table.names, table.names.index(guessed.target), key=f"{key}.target")
    with right:
        place = table.names.index(target)
        task = open_points.choose_task(guess_task(table.column(target)), f"{key}.task.{place}")
    others = [name for name in table.names if name != target]
    default = guess(table, own_data.MAX_COLUMNS, target)
    inputs = st.multiselect("Inputs", others, default=list(default.inputs), key=f"{key}.inputs.{place}")
    missing = open_points.choose_missing(table, [*inputs], f"{key}.missing")
    left_out = _left_out({name: why for name, why in default.left_out.items() if name not in inputs})
    try:
        data, notes = choose(table, inputs, target, task, standardise=False, missing=missing, as_table=True)
        points = own_data.encode(data, target=data.name, as_table=True)
    except Refusal as refusal:
        complain(capital(refusal_words(refusal)))
        return
    said = [open_points.summary(data, target), *table_reader.notes(table), *left_out, *notes]
    values = {"dataset": own_data.TABLE, "points": points, "columns": (), "log_target": False}
    table_reader.draw_end(_DIALOG, key, "Use this table", said, table_fields.FIELDS, values)


def _left_out(reasons: dict[str, str]) -> list[str]:
    """Return a sentence on the columns that are no inputs unless they are chosen; none where there are none."""
    if not reasons:
        return []
    listed = [f"{shortened(name)!r} {why}" for name, why in reasons.items()]
    return [f"Left out: {'; '.join(listed[:_MOST_LISTED])}{'; …' if len(listed) > _MOST_LISTED else ''}."]
