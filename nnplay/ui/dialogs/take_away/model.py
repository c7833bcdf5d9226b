"""The part *Model*: the network itself, without the run that made it."""

from __future__ import annotations

import copy

import streamlit as st

from nnplay.engine import Network
from nnplay.experiment.export.model_files import to_npz
from nnplay.ui.dialogs.take_away.moment import Moment


def draw(moment: Moment) -> None:
    """Offer the network at the moment on screen."""
    st.download_button(
        f"Save the weights at epoch {moment.epoch:,}",
        lambda: to_npz(_network_at(moment)),
        file_name=moment.file_name("npz"),
        mime="application/octet-stream",
        icon=":material/download:",
        on_click="ignore",
        key="take_away.weights",
    )
    st.caption("A file of NumPy's with the weights and biases of each layer, without the settings and the losses.")


def _network_at(moment: Moment) -> Network:
    network = copy.deepcopy(moment.recording.session.network)
    network.parameters = moment.kept.snapshot.parameters
    return network
