"""Check answers to an assignment: which runs reached its goal, and whose they are."""

import streamlit as st

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui import check_answers  # noqa: E402

with st.container():
    st.title("Check answers", anchor=False)
    st.markdown(
        "Each answer’s run is trained again here, and compared with what the answer says, bit for bit. "
        "Nothing of it is kept."
    )
    check_answers.draw()
