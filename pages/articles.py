"""The five articles that the project grew out of: their claims, checked."""

import streamlit as st

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui.articles import page  # noqa: E402

with st.container():
    st.title("Five articles, checked", anchor=False)
    st.markdown(
        "nnplay grew out of five articles that build a neural network from scratch. For every claim of theirs this "
        "page says whether it holds: first on the author's own set-up, over many seeds, then with a better network. "
        "You can train every row again here."
    )
    page.draw(page.choose())
