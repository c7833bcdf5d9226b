"""The tabs of a page: the visitor chooses one, and the address knows which."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import streamlit as st

from nnplay.ui.streamlit_internals import script_run

#: Of the address: the tab that is open.
TAB = "tab"


def choose(
    row: st.delta_generator.DeltaGenerator | None,
    question: str,
    names: Iterable[str],
    label: Callable[[str], str],
    widget: str,
) -> str:
    """Show the tabs in the row, if there is one, and return the name of the chosen one.

    Parameters
    ----------
    row : DeltaGenerator or None
        Without one the address alone says which tab is open.
    question : str
        For those who can't see that these are tabs.
    names : iterable of str
        As the address has them; the first is open where it names none.
    label : callable
        Takes a name, returns what the tab is called.
    widget : str
        The key of the tabs in Streamlit's session state.
    """
    names = list(names)
    linked = st.query_params.get(TAB, names[0])
    named = linked if linked in names else names[0]
    if row is None:
        return named
    if widget not in st.session_state or script_run.by_history():
        st.session_state[widget] = named
    chosen = row.segmented_control(
        question,
        names,
        format_func=label,
        key=widget,
        required=True,
        label_visibility="collapsed",
        width="content",
    )
    if chosen != named:
        st.query_params[TAB] = str(chosen)
    return str(chosen)
