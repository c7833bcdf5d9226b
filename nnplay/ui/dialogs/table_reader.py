"""Where a table is opened or pasted, and how it is read: the first rows are shown, and every guess can be changed."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import numpy as np
import streamlit as st

from nnplay.datasets.tables import Column, Table, read_table
from nnplay.datasets.tables.decoding import ENCODINGS
from nnplay.datasets.tables.parsing import SEPARATORS
from nnplay.datasets.tables.table import MAX_BYTES, Dialect
from nnplay.refusal import Refusal
from nnplay.server.setting_words import refusal_words
from nnplay.ui import on_page, state
from nnplay.ui.form.page_fields import PageFields
from nnplay.ui.streamlit_internals import script_run, uploads
from nnplay.ui.text import complain, plain

_PREVIEW_ROWS = 5
_DECIMALS = {".": "Point", ",": "Comma"}
_THOUSANDS = {"": "None", ",": "Comma", ".": "Point", " ": "Space", "'": "Apostrophe"}
_HEADER = {True: "Column names", False: "Values"}
#: What is in the session: the table that was read last, with what it was read from; why the page won't learn it, and
#: whether it does.
_READ, _REFUSAL, _USED = "read", "refusal", "used"


def take_table(name: str, hint: str) -> tuple[Table, str] | None:
    """Draw where a table is opened or pasted; return it and what its widgets' keys have, or None.

    Parameters
    ----------
    name : str
        What the keys of these widgets begin with.
    hint : str
        What is said until there is a table.
    """
    from_file, from_text = st.tabs(["File", "Paste"])
    with from_file:
        # Any name: what is in a file is told from its content, never from how its name ends.
        upload = st.file_uploader(
            "A text file with a table: .csv, .tsv, .txt or .data",
            max_upload_size=MAX_BYTES // 1_000_000,
            key=f"{name}.file",
        )
    with from_text:
        pasted = st.text_area("Rows of a table", key=f"{name}.text", height=140, placeholder="x1,x2,class\n0.1,0.4,a")
    content: bytes | str | None = upload.getvalue() if upload is not None else pasted or None
    if content is None:
        st.session_state.pop(f"{name}.{_READ}", None)
        st.caption(hint)
        return None
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    token = hashlib.sha256(raw).hexdigest()[:16]
    key = f"{name}.{token}"
    said = _said(key)
    above = st.container()
    table, refusal = _read(name, token, content, said)
    with above:
        if table is None:
            complain(f"The table can't be read: {refusal} The run on screen stays.")
        else:
            _draw_rows(table)
            _draw_doubts(table, key, bool(said))
    _draw_choices(key, table, isinstance(content, bytes), bool(said) or table is None)
    return None if table is None else (table, f"{token}.{_short(said)}.{len(table.columns)}.{table.n_rows}")


def forget(name: str) -> None:
    """Let go of what was read and uploaded, and of what became of it."""
    for note in (_READ, _REFUSAL, _USED):
        st.session_state.pop(f"{name}.{note}", None)
    uploads.forget()


def open_if_asked(name: str, wanted: str | None, dialog: Callable[[], None]) -> None:
    """Open the dialog of that name if it is the `wanted` one; a dialog can't be opened from inside the sidebar."""
    if wanted == name:
        forget(name)
        dialog()


def close_if_used(name: str) -> None:
    """Close the dialog that these widgets are in, if its table is what the page learns now."""
    if st.session_state.get(f"{name}.{_USED}"):
        forget(name)
        script_run.rerun()


def draw_end(name: str, key: str, label: str, said: list[str], fields: PageFields, values: dict[str, Any]) -> None:
    """Say what comes of a table, and draw the button with the `label` that sets `fields` to the `values` with it."""
    st.markdown("\n".join(f"- {plain(note)}" for note in said))
    st.button(label, type="primary", on_click=on_page.bound(_use), args=(name, fields, values), key=f"{key}.use")
    complain(st.session_state.get(f"{name}.{_REFUSAL}"))


def _use(name: str, fields: PageFields, values: dict[str, Any]) -> None:
    fields.put(values)
    st.session_state[f"{name}.{_REFUSAL}"] = refusal = state.take_refused_proposal()
    st.session_state[f"{name}.{_USED}"] = refusal is None


def _read(name: str, token: str, content: bytes | str, said: dict[str, Any]) -> tuple[Table | None, str]:
    """Return the table, or why there is none; it is read once for each way of reading it."""
    asked = (token, _short(said))
    kept = st.session_state.get(f"{name}.{_READ}")
    if kept is None or kept[0] != asked:
        try:
            kept = asked, read_table(content, **said), ""
        except Refusal as refusal:
            kept = asked, None, refusal_words(refusal)
        st.session_state[f"{name}.{_READ}"] = kept
    return kept[1], kept[2]


# --- what is in sight ---------------------------------------------------------------------------------------


def _draw_rows(table: Table) -> None:
    """Draw the first rows as they are read: numbers as numbers, gaps empty."""
    st.dataframe({column.name: _first(column) for column in table.columns}, hide_index=True)
    st.caption(f"{table.n_rows:,} rows. {plain(_in_words(table.dialect))}")


def _first(column: Column) -> list[Any]:
    texts, gaps = column.texts[:_PREVIEW_ROWS], column.missing[:_PREVIEW_ROWS]
    if column.numbers is None:
        return [None if gap else text[:200] for text, gap in zip(texts, gaps, strict=True)]
    return [None if np.isnan(value) else value for value in column.numbers[:_PREVIEW_ROWS].tolist()]


def _in_words(dialect: Dialect) -> str:
    """Say how a table was read, in a sentence."""
    parts = [f"Entries separated by {SEPARATORS.get(dialect.separator, repr(dialect.separator))}"]
    parts.append(f"decimal separator: {_DECIMALS[dialect.decimal].lower()}")
    if dialect.thousands:
        parts.append(f"thousands separator: {_THOUSANDS[dialect.thousands].lower()}")
    parts.append("column names in the first row" if dialect.header else "no column names")
    if dialect.missing:
        parts.append(f"missing values: {', '.join(dialect.missing[:4])}{', …' if len(dialect.missing) > 4 else ''}")
    return "; ".join(parts) + "."


def _draw_doubts(table: Table, key: str, is_chosen: bool) -> None:
    """Offer each other reading that the table leaves open, and the way back."""
    for number, doubt in enumerate(table.doubts[:3]):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(plain(doubt.sentence))
            st.button(
                "Read it the other way",
                key=f"{key}.doubt.{number}",
                on_click=on_page.bound(_choose),
                args=(key, doubt.options),
            )
    if is_chosen:
        st.button(
            "Back to automatic",
            key=f"{key}.back",
            type="tertiary",
            on_click=on_page.bound(_choose),
            args=(key, {}),
        )


def notes(table: Table) -> list[str]:
    """Return what was done to read a table, without what stands beside a choice already."""
    offered = {doubt.sentence for doubt in table.doubts}
    return [note for note in table.notes if note not in offered]


# --- choices ------------------------------------------------------------------------------------------------


def _said(key: str) -> dict[str, Any]:
    """Return what the visitor chose of this table's dialect, as options of the reader."""
    said = {name: st.session_state.get(f"{key}.{name}") for name in ("separator", "decimal", "thousands", "header")}
    said |= {name: st.session_state.get(f"{key}.{name}") for name in ("skip", "encoding")}
    words = st.session_state.get(f"{key}.missing")
    if words:
        said["missing"] = tuple(word.strip() for word in words.split(","))
    return {name: value for name, value in said.items() if value is not None}


def _choose(key: str, options: dict[str, Any]) -> None:
    """Set the dialect's widgets to `options`, and all of them to automatic where there are none."""
    names = ("separator", "decimal", "thousands", "header", "skip", "encoding")
    for name in names:
        if name in options or not options:
            st.session_state[f"{key}.{name}"] = options.get(name)
    if not options:
        st.session_state[f"{key}.missing"] = ""


def _draw_choices(key: str, table: Table | None, is_file: bool, is_open: bool) -> None:
    """Draw a choice for each part of the dialect; nothing chosen is automatic, and says what was found."""
    found = table.dialect if table is not None else None
    with st.expander("Reading options", expanded=is_open):
        columns = st.columns(3)
        with columns[0]:
            named = {sign: name.capitalize() for sign, name in SEPARATORS.items()}
            _select(key, "separator", "Separator", named, found and found.separator)
            _select(key, "header", "First row", _HEADER, found and found.header)
        with columns[1]:
            _select(key, "decimal", "Decimal separator", _DECIMALS, found and found.decimal)
            skipped = "Automatic" if found is None else f"Automatic: {found.skip}"
            st.number_input("Lines to skip", 0, 10_000, None, key=f"{key}.skip", placeholder=skipped)
        with columns[2]:
            _select(key, "thousands", "Thousands separator", _THOUSANDS, found and found.thousands)
            if is_file:
                _select(key, "encoding", "Encoding", {name: name for name in ENCODINGS}, found and found.encoding)
        st.text_input(
            "Missing values",
            key=f"{key}.missing",
            placeholder="Automatic: " + (", ".join(found.missing[:6]) if found and found.missing else "NA, ?, null, …"),
            help="Entries that stand for a missing value, separated by commas, such as -999. Empty cells always "
            "count as missing.",
        )


def _select(key: str, name: str, label: str, options: dict[Any, str], found: Any) -> None:
    """Draw one choice; None, the default, is automatic."""
    automatic = "Automatic" if found is None else f"Automatic: {options.get(found, found)}"
    st.selectbox(
        label,
        [None, *options],
        format_func=lambda value: automatic if value is None else options[value],
        key=f"{key}.{name}",
    )


def _short(said: dict[str, Any]) -> str:
    return hashlib.sha256(repr(sorted(said.items())).encode()).hexdigest()[:8]
