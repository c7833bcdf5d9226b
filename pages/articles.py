"""The five articles that the project grew out of: their claims, checked."""

import streamlit as st

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui.articles import page  # noqa: E402

with st.container():
    st.title("Five articles, checked", anchor=False)
    st.markdown(
        "nnplay grew out of five articles that build a neural network from scratch. This page checks each of their "
        "claims: first with the author's own settings, over many seeds, then with a better network. You can train "
        "every row again here."
    )
    page.draw(page.choose())
