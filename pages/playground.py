"""The playground: choose the data and the network, press Play, watch."""

import streamlit as st

from nnplay.ui import shell

shell.require_entry()

from nnplay.ui import controls, stage, state  # noqa: E402

stage.preload()
controls.read()
state.note_page_behind(False)
bar = st.container(key="bar")
# Said before the controls are drawn anew, so that a changed setting is on the stage first.
stage.show(controls.read, controls.put)
with bar:
    controls.draw_bar()
with st.sidebar:
    controls.draw_sidebar()
controls.draw_notices()
state.write_link()
shell.let_page_arrive()
