"""The part *Model*: the network itself, without the run that made it, and the lines that load it elsewhere."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from nnplay.engine import Network
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.export import loading_code
from nnplay.experiment.export.model_files import to_npz
from nnplay.experiment.export.onnx_file import input_names, to_onnx
from nnplay.ui.dialogs.take_away.moment import Moment

_FORM, _ELSEWHERE = "take_away.form", "take_away.elsewhere"
#: Most inputs whose names are listed.
_MOST_NAMES = 12


@dataclass(frozen=True)
class Form:
    """A form that a network's file can have.

    Attributes
    ----------
    label, suffix, mime : str
    about : str
        What is in the file.
    write : callable
        Returns the file.
    """

    label: str
    suffix: str
    mime: str
    about: str
    write: Callable[[Network, ExperimentConfig], bytes | str]


_FORMS = {
    "onnx": Form(
        "ONNX",
        "onnx",
        "application/octet-stream",
        "Runs in other programs and languages, in single precision. It takes the data as they are, and computes the "
        "network’s inputs itself.",
        to_onnx,
    ),
    "npz": Form(
        "NumPy",
        "npz",
        "application/octet-stream",
        "The weights and biases of each layer, as NumPy arrays.",
        lambda network, config: to_npz(network),
    ),
    "json": Form(
        "JSON",
        "network.json",
        "application/json",
        "The network as nnplay reads it, digit for digit.",
        lambda network, config: network.to_json(),
    ),
}


def draw(moment: Moment) -> None:
    """Offer the network at the moment on screen, in the form that the visitor chooses."""
    st.session_state.setdefault(_FORM, next(iter(_FORMS)))
    chosen = st.segmented_control(
        "Format", list(_FORMS), format_func=lambda name: _FORMS[name].label, key=_FORM, required=True
    )
    form = _FORMS[str(chosen)]
    st.caption(form.about)
    config, network = moment.recording.config, copy.deepcopy(moment.recording.session.network)
    network.parameters[:] = moment.kept.snapshot.parameters
    file = moment.file_name(form.suffix)
    st.download_button(
        f"Save the network at epoch {moment.epoch:,}",
        lambda: form.write(network, config),
        file_name=file,
        mime=form.mime,
        icon=":material/download:",
        on_click="ignore",
        key=f"take_away.{chosen}",
    )
    if chosen != "onnx" and config.data.is_table and (config.standardise or config.log_target):
        st.caption(
            "This network learned from scaled numbers, and it takes and gives those. The ONNX file takes and gives the "
            "table’s own units."
        )
    lines = _lines(str(chosen), network, moment, file)
    if lines is None:
        st.caption(
            "scikit-learn’s own networks don’t have this activation or this output. Load the ONNX file beside it, with "
            "onnxruntime."
        )
        return
    st.code(
        f"# X: a row for each sample; {inputs_in_words(str(chosen), moment)}\n{lines}",
        language="python",
        wrap_lines=True,
    )


def _lines(form: str, network: Network, moment: Moment, file: str) -> str | None:
    """Return the lines that load a file; of weights, in the library that the visitor chooses."""
    if form == "onnx":
        return loading_code.onnx_lines(file)
    if form == "json":
        return loading_code.nnplay_lines(file)
    elsewhere = st.segmented_control(
        "Load it in", ["PyTorch", "scikit-learn"], default="PyTorch", key=_ELSEWHERE, required=True
    )
    if elsewhere == "PyTorch":
        return loading_code.torch_lines(network, file)
    return loading_code.sklearn_lines(network, file, moment.recording.setup.train.class_names)


def inputs_in_words(form: str, moment: Moment) -> str:
    """Return what the columns of the samples are."""
    if moment.recording.config.data.has_images:
        return "a column for each pixel, from 0 for the background to 1 for ink"
    names = list(input_names(moment.recording.config) if form == "onnx" else moment.recording.setup.plane.labels)
    return f"columns {plain_list(names)}" if len(names) <= _MOST_NAMES else f"{len(names)} columns"


def plain_list(names: list[str]) -> str:
    """Return names as a comment lists them: on one line."""
    return " ".join(", ".join(names).split())
