"""The part *Notebook*: the run as a notebook that trains it again."""

from __future__ import annotations

import streamlit as st

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.export.notebooks.notebook import check_told, notebook_of
from nnplay.experiment.export.notebooks.telling import tell
from nnplay.refusal import Refusal
from nnplay.server.answers import TRAINING
from nnplay.server.setting_words import refusal_words
from nnplay.ui import state
from nnplay.ui.dialogs.take_away.moment import Moment
from nnplay.ui.text import complain

#: What a notebook can train with: what it is called, and what one gets.
_KINDS = {
    "numpy": (
        "NumPy",
        "This network’s forward pass, backpropagation and optimiser, written out. Needs NumPy and Matplotlib, and "
        "nothing of nnplay: the data are inside.",
    ),
    "pytorch": (
        "PyTorch",
        "The same network, data, first weights and order of samples in PyTorch. Needs PyTorch, NumPy and Matplotlib.",
    ),
    "nnplay": ("nnplay", "The shortest: this run by nnplay’s own functions. Needs nnplay and Matplotlib."),
}
_KIND = "take_away.framework"


def draw(moment: Moment) -> None:
    """Offer the run up to the moment on screen as a notebook, in the form that the visitor chooses."""
    st.session_state.setdefault(_KIND, next(iter(_KINDS)))
    kind = str(
        st.segmented_control(
            "Trained with", list(_KINDS), format_func=lambda name: _KINDS[name][0], key=_KIND, required=True
        )
    )
    st.caption(_KINDS[kind][1])
    try:
        told = tell(moment.recording, frame=moment.frame)
        check_told(told, kind)  # what can't be told is said here, not after a click
    except Refusal as refusal:
        complain(f"No notebook: {refusal_words(refusal)}")
        return
    account = state.account()

    def made() -> str:
        # Whether rounding errors grow is found out by training twice, in turns with all others who train.
        with TRAINING.turn(account):
            return notebook_of(told, kind)

    st.download_button(
        f"Save the notebook up to epoch {moment.epoch:,}",
        made,
        file_name=moment.file_name(f"{kind}.ipynb"),
        mime="application/x-ipynb+json",
        icon=":material/download:",
        on_click="ignore",
        key="take_away.notebook",
    )
    st.caption(what_it_does(moment.recording.config))


def what_it_does(config: ExperimentConfig) -> str:
    """Return what a notebook trains, draws and checks."""
    is_regression = config.task == "regression"
    if config.data.has_plane and config.data.n_coordinates <= 2:
        drawn = "the fitted curve" if config.data.n_coordinates == 1 else "the boundary"
        drawn = "the fitted surface" if is_regression and config.data.n_coordinates == 2 else drawn
    else:
        drawn = "predicted against true values" if is_regression else "the confusion matrix"
    return (
        "It trains the run again from its first weights, with everything that you changed on the way. It draws the "
        f"loss and {drawn}, and checks that loss and {'R²' if is_regression else 'accuracy'} are those that you see "
        "here."
    )
