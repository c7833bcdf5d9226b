"""The five articles that the project grew out of: their claims, checked."""

import streamlit as st

from nnplay.ui import shell

shell.begin(__file__)

from nnplay.ui import articles  # noqa: E402

with st.container():
    st.title("Five articles, checked", anchor=False)
    st.markdown(
        "nnplay grew out of five articles that build a neural network from scratch. Here is what each of them claims, "
        "what a correct engine gives over many seeds, and why the two differ. Every row can be trained again, now."
    )
    articles.draw(articles.choose())
