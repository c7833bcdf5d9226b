"""The playground: choose the data and the network, press Play, watch."""

import streamlit as st

from nnplay.ui import shell

shell.require_entry()

from nnplay.ui import controls, lecture, own_data, stage, state  # noqa: E402


@st.fragment
def bar_and_stage() -> None:
    """Show what one changes while watching, above the stage; a change there that nothing else shows reruns this alone.

    Drawing the whole page anew would keep the browser so busy that the change is seen a tenth of a second later.
    """
    controls.read()
    if controls.page_must_follow():
        st.rerun()
    state.note_drawn()
    bar = st.container(key="bar") if state.link().shows("training") else None
    # Said before the bar is drawn anew, so that a changed setting is on the stage first.
    stage.show(controls.read, controls.put)
    if bar:
        with bar:
            controls.draw_bar()
    state.write_link()
    shell.let_page_arrive()


stage.preload()
lecture.make_room()
dialog = state.take_dialog()
controls.follow_opened()
state.begin_page()
controls.read()
state.note_drawn()
bar_and_stage()
with st.sidebar:
    controls.draw_sidebar(own_data.draw_buttons)
lecture.draw_buttons(dialog)
own_data.open_if_asked(dialog)
controls.draw_notices()
state.end_page()
shell.let_page_arrive()
