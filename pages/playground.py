"""The playground: choose the data and the network, press Play, watch."""

import streamlit as st

from nnplay.ui import shell

shell.require_entry()

from nnplay.ui import controls, stage, state  # noqa: E402

controls.read()
state.note_page_behind(False)
with st.sidebar:
    controls.draw_sidebar()
controls.draw_bar()
controls.draw_notices()
stage.show(controls.read)
state.write_link()
shell.let_page_arrive()
