"""A page that trains something: the stage, the bar above it, and the page's own controls beside it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from nnplay.ui import awaiting_data, on_page, shell, stage, state
from nnplay.ui.dialogs import answer, header_buttons
from nnplay.ui.form import activation_curves, controls, in_sight
from nnplay.ui.form.page_fields import PageFields
from nnplay.ui.stage.preload import preload
from nnplay.ui.streamlit_internals import script_run


@on_page.fragment
def _bar_and_stage(fields: PageFields) -> None:
    """Show what one changes while watching, above the stage; a change there that nothing else shows reruns this alone.

    Drawing the whole page again would keep the browser so busy that the change is seen a tenth of a second later.
    """
    fields.read()
    if fields.page_must_follow():
        script_run.rerun()
    state.note_drawn()
    bar = st.container(key="bar") if state.link().shows("training") else None
    # Said before the bar is drawn again, so that a changed setting is on the stage first.
    stage.show(fields.read, fields.put)
    if bar:
        with bar:
            fields.draw_bar()
    shell.let_page_arrive()


def show(fields: PageFields, draw_sidebar: Callable[[], None]) -> str | None:
    """Show the page; return the dialog that is to be opened, if it is none of every page's.

    Parameters
    ----------
    fields : PageFields
    draw_sidebar : callable
        Draws the page's controls.
    """
    if elsewhere := state.begin_visit():
        shell.go_to(elsewhere)
    preload(state.page().name)
    header_buttons.make_room()
    activation_curves.draw()
    dialog = state.dialog_asked_for()
    fields.follow_opened()
    fields.follow_address()
    script_run.have_followed()
    fields.put_again()
    state.begin_page()
    fields.read()
    awaiting_data.pass_through(fields)
    in_sight.take_note()
    state.note_drawn()
    _bar_and_stage(fields)
    with st.sidebar:
        draw_sidebar()
    header_buttons.draw_buttons(dialog)
    if dialog == answer.NAME:
        answer.dialog()
    return dialog


def end() -> None:
    """Say what was ignored or refused, and let everything arrive."""
    controls.draw_notices()
    state.end_page()
    shell.let_page_arrive()
