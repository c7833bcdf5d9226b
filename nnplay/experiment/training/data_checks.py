"""Whether data fit a network, and each other: the training set decides what classes and columns there are."""

from __future__ import annotations

from typing import Any

from nnplay.datasets import Dataset
from nnplay.engine import Network
from nnplay.refusal import Refusal
from nnplay.validation import must_be, shown


def check_training_data(train: Any, network: Network, name: str = "train") -> None:
    """Raise TypeError or ValueError, saying what to do, if `network` can't be trained on `train`, called `name`."""
    must_be(name, train, Dataset)
    _check_features(name, train, network.n_inputs)
    n_classes, n_outputs = train.n_classes, network.n_outputs
    if train.task == "regression":
        if train.n_outputs != n_outputs:
            raise Refusal(
                name,
                f"must have {n_outputs} targets per sample, one for each output of the network",
                train.n_outputs,
            )
        return
    as_numbers = (
        'If they are numbers to predict, use Dataset(X, y, task="regression").'
        if network.output.name == "identity" and all(label.lstrip("-").isdigit() for label in train.class_names)
        else ""
    )
    if n_classes < 2:
        raise Refusal(name, "must have at least 2 classes", f"only {shown(train.class_names[0])}", advice=as_numbers)
    if n_outputs == 1 and n_classes > 2:
        raise Refusal(
            name,
            "must have 2 classes for a network with 1 output",
            n_classes,
            advice=f"Use {n_classes} outputs with output 'softmax'. {as_numbers}".strip(),
        )
    if n_outputs not in (1, n_classes):
        fitting = "1 or 2 outputs" if n_classes == 2 else f"{n_classes} outputs"
        raise Refusal(
            name,
            f"must have {n_outputs} classes for a network with {n_outputs} outputs",
            n_classes,
            advice=f"Use {fitting}. {as_numbers}".strip(),
        )


def as_trained_on(name: str, data: Any, train: Dataset) -> Dataset:
    """Return `data` with the classes numbered as in `train`.

    Raises
    ------
    TypeError, ValueError
        If the columns, the task, the number of targets or a class are not those of `train`.
    """
    must_be(name, data, Dataset)
    _check_features(name, data, train.n_features)
    if data.feature_names != train.feature_names and sorted(data.feature_names) == sorted(train.feature_names):
        raise Refusal(
            name,
            f"must have its columns in the order of the training set, {shown(train.feature_names)}",
            shown(data.feature_names),
        )
    encoded = data.encoded_as(train, name)
    if data.task == "regression" and data.n_outputs != train.n_outputs:
        raise Refusal(name, f"must have {train.n_outputs} targets per sample", data.n_outputs)
    return encoded


def _check_features(name: str, data: Dataset, n_inputs: int) -> None:
    if data.n_features != n_inputs:
        raise Refusal(name, f"must have {n_inputs} features, one for each input of the network", data.n_features)
