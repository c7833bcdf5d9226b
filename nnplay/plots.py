"""``nn.plot_boundary``, ``nn.plot_history``, ``nn.plot_network``: a network and its training as Plotly figures.

nnplay loads Plotly when one of them is asked for, and no sooner.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from typing import Any

import numpy as np
from plotly.graph_objects import Figure

from nnplay.datasets import Dataset
from nnplay.engine import Network
from nnplay.experiment.config.input_plane import ComponentsPlane
from nnplay.experiment.training.data_checks import as_trained_on, check_training_data
from nnplay.experiment.training.session import TrainingSession
from nnplay.figures import notebook as figures
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import boolean, integer, is_list_of_values, must_be, shown
from nnplay.wording import counted

#: Share of the samples' extent that is shown around them.
MARGIN = 0.12
#: Of a layer with more units, those with the largest weights are drawn.
MAX_UNITS = 16
_WANTED = "must be a network, a session, or an estimator that is fitted"


def plot_boundary(
    network: Any, data: Dataset | None = None, *, output: int = 0, resolution: int = 161, dark: bool = False
) -> Figure:
    """Return what a network answers over the plane of its inputs, with samples on it.

    Two inputs are the plane's axes. Of one input, the answers are curves over it. Of more, the plane is that of the
    samples' first two principal components, and a place on it stands for the point right there. Classes have a colour
    each, the paler the less sure, with the boundary between them; a predicted number is blue below 0 and orange above.

    Parameters
    ----------
    network : Network, TrainingSession, Classifier or Regressor
    data : Dataset, optional
        The samples to draw. A session draws by default what it trains on, and what it is tested on as outlines.
    output : int
        Of a network that predicts several numbers, the one that is drawn. Of classes, all are drawn.
    resolution : int
        Points along each side at which the network is asked.
    dark : bool
        Whether it is to be seen on a dark page.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the data don't fit the network.
    """
    net, parts = _samples_of(network, data)
    dark = boolean("dark", dark)
    output = integer("output", output, 0, net.n_outputs - 1)
    resolution = integer("resolution", resolution, 2, 1000)
    train = parts[0]
    if train.task == "classification":
        return _classes(net, parts, resolution, dark)
    name = "prediction" if net.n_outputs == 1 else f"output {output + 1}"
    targets = [part.y if part.y.ndim == 1 else part.y[:, output] for part in parts]
    if net.n_inputs == 1:
        x = np.linspace(*_extent(train.X[:, 0]), resolution)
        answers = net.forward(x[:, None])[:, [output]]
        heights = np.concatenate([*targets, answers[:, 0]])
        plane = figures.Plane(_extent(train.X[:, 0]), _extent(heights), (train.feature_names[0], "target"))
        drawn = [np.column_stack([part.X[:, 0], y]) for part, y in zip(parts, targets, strict=True)]
        return figures.curves(x, answers, plane, _samples(drawn, targets), [name], dark)
    plane, places, points = _plane(parts, resolution)
    values = net.forward(points)[:, output].reshape(resolution, resolution)
    return figures.value_map(values, plane, _samples(places, targets), name, dark)


def _classes(net: Network, parts: list[Dataset], resolution: int, dark: bool) -> Figure:
    names = parts[0].class_names
    targets = [part.y for part in parts]
    if net.n_inputs == 1:
        x = np.linspace(*_extent(parts[0].X[:, 0]), resolution)
        plane = figures.Plane(_extent(parts[0].X[:, 0]), (-0.1, 1.1), (parts[0].feature_names[0], "probability"))
        rows = [np.column_stack([part.X[:, 0], part.y / (len(names) - 1)]) for part in parts]
        return figures.curves(x, _probabilities(net, x[:, None]), plane, _samples(rows, targets), names, dark)
    plane, places, points = _plane(parts, resolution)
    probabilities = _probabilities(net, points).reshape(resolution, resolution, -1)
    return figures.class_map(probabilities, plane, _samples(places, targets), names, dark)


def _probabilities(net: Network, X: np.ndarray) -> np.ndarray:
    """Return the output of each class (n, n_classes), from 0 to 1 whatever the output activation."""
    outputs = np.clip(net.forward(X), 0.0, 1.0)
    return np.hstack([1.0 - outputs, outputs]) if net.n_outputs == 1 else outputs


def _samples(places: list[np.ndarray], targets: list[np.ndarray]) -> list[figures.Samples]:
    names = ("training", "test")
    return [
        figures.Samples(where, y, names[k], hollow=k > 0)
        for k, (where, y) in enumerate(zip(places, targets, strict=True))
    ]


def _samples_of(network: Any, data: Dataset | None) -> tuple[Network, list[Dataset]]:
    """Return the network, and the data sets to draw: the training set first, then the test set, if there is one."""
    net = _network_of(network)
    if data is not None:
        must_be("data", data, Dataset)
        if isinstance(network, TrainingSession):
            return net, [as_trained_on("data", data, network.train)]
        check_training_data(data, net, "data")
        return net, [data]
    if not isinstance(network, TrainingSession):
        raise TypeRefusal("data", "must be a data set, unless a session is drawn", shown(data))
    return net, [network.train] if network.test is None else [network.train, network.test]


def _network_of(network: Any) -> Network:
    """Return the network of whatever has one."""
    found = network if isinstance(network, Network) else getattr(network, "network", getattr(network, "network_", None))
    if not isinstance(found, Network):
        raise TypeRefusal("network", _WANTED, shown(network))
    return found


def _extent(values: np.ndarray) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    margin = MARGIN * (high - low) or 1.0
    return low - margin, high + margin


def _plane(parts: list[Dataset], resolution: int) -> tuple[figures.Plane, list[np.ndarray], np.ndarray]:
    """Return the plane, where the samples lie on it, and the network's inputs at its points, the lowest row first."""
    train = parts[0]
    if train.n_features == 2:
        X = np.concatenate([part.X for part in parts])
        labels = (train.feature_names[0], train.feature_names[1])
        plane = figures.Plane(_extent(X[:, 0]), _extent(X[:, 1]), labels)
        return plane, [part.X for part in parts], _grid(plane, resolution)
    components = ComponentsPlane.of(train)
    (first, second), (x, y) = components.axes, components.domain
    plane = figures.Plane(x, y, (first, second))
    return plane, [components.positions_of(part.X) for part in parts], components.inputs_at(_grid(plane, resolution))


def _grid(plane: figures.Plane, resolution: int) -> np.ndarray:
    across, up = np.linspace(*plane.x, resolution), np.linspace(*plane.y, resolution)
    return np.stack(np.meshgrid(across, up), axis=-1).reshape(-1, 2)


def plot_history(session: Any, *, dark: bool = False) -> Figure:
    """Return the losses and scores of a run over its epochs.

    Parameters
    ----------
    session : TrainingSession, Classifier, Regressor, mapping or DataFrame
        Or columns as those of a session's history.
    dark : bool
        Whether it is to be seen on a dark page.

    Raises
    ------
    TypeError, ValueError
        If there is no such history, or no row in it.
    """
    dark = boolean("dark", dark)
    is_table = isinstance(session, Mapping) or hasattr(session, "columns")  # pandas.DataFrame(session.history)
    columns: Any = session if is_table else getattr(session, "history", getattr(session, "history_", None))
    names = ("epoch", "train_loss", "test_loss", "train_score", "test_score")
    if not (is_table or isinstance(columns, Mapping)) or not all(name in columns for name in names):
        raise TypeRefusal("session", f"must have a history with the columns {', '.join(names)}", shown(session))
    epochs, *measured = (_column(name, columns[name]) for name in names)
    if any(len(each) != len(epochs) for each in measured):
        lengths = ", ".join(str(len(each)) for each in (epochs, *measured))
        raise Refusal("session", "must have a history with columns of one length", lengths)
    if not len(epochs):
        advice = "Train with evaluate_every=1."
        raise Refusal("session", "must have at least 1 row in its history", "none", advice=advice)
    train_loss, test_loss, train_score, test_score = measured
    score = "score" if is_table else "accuracy" if _is_of_classes(session) else "R²"
    return figures.history(
        epochs,
        {"training": train_loss, "test": test_loss},
        {"training": train_score, "test": test_score},
        score,
        dark,
    )


def _column(name: str, values: Any) -> np.ndarray:
    """Return a column of a history; what wasn't measured is NaN, or None."""
    try:
        held = np.asarray(values)
        column = np.asarray(held, float) if held.dtype.kind in "buifO" else None
    except (TypeError, ValueError, OverflowError):
        column = None
    if column is None or column.ndim != 1:
        raise TypeRefusal(name, "must hold numbers, a row each", shown(values))
    return column


def _is_of_classes(session: Any) -> bool:
    if isinstance(session, TrainingSession):
        return session.train.task == "classification"
    return hasattr(session, "classes_")


def plot_network(
    network: Any,
    *,
    feature_names: Sequence[str] | None = None,
    class_names: Sequence[str] | None = None,
    dark: bool = False,
) -> Figure:
    """Return a network as a diagram: units with their biases, edges with their weights.

    An edge's width is the weight's size, its colour the sign; the colour of a unit is its bias. Point at a unit, or at
    an edge a third of its way along, for the number. Of a layer with more than 16 units, the 16 with the largest
    weights are drawn.

    Parameters
    ----------
    network : Network, TrainingSession, Classifier or Regressor
    feature_names, class_names : sequence of str, optional
        Of the inputs and the outputs; by default those of the session's training set.
    dark : bool
        Whether it is to be seen on a dark page.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described.
    """
    net = _network_of(network)
    dark = boolean("dark", dark)
    train = getattr(network, "train", None)
    if isinstance(train, Dataset):
        feature_names = feature_names if feature_names is not None else train.feature_names
        class_names = class_names if class_names is not None else train.class_names
    inputs = _names("feature_names", feature_names, net.n_inputs, "x{}")
    if isinstance(class_names, Sequence) and not class_names:  # those of a regression
        class_names = None
    is_number = net.output.name == "identity" and isinstance(class_names, Sequence) and len(class_names) == 1
    wanted = 2 if net.n_outputs == 1 and class_names is not None and not is_number else net.n_outputs
    outputs = _names("class_names", class_names, wanted, "output {}" if net.n_outputs > 1 else "output")
    if wanted > net.n_outputs:
        outputs = [f"P({outputs[1]})"]
    names = [inputs]
    for layer, size in enumerate(net.hidden_sizes, start=1):
        names.append([f"layer {layer}, unit {k + 1}" for k in range(size)])
    names.append(outputs)
    chosen = [_units_drawn(net, layer) for layer in range(len(names))]
    titles = ["inputs", *(f"{activation}" for activation in net.activations), net.output.name]
    layers = []
    for k, (title, units) in enumerate(zip(titles, chosen, strict=True)):
        size = net.layer_sizes[k]
        title = title if len(units) == size else f"{title}<br>{len(units)} of {size}"
        layers.append(
            figures.Layer(
                title,
                [names[k][unit] for unit in units],
                biases=np.asarray(net.biases[k - 1])[units] if k else None,
                weights=np.asarray(net.weights[k - 1])[np.ix_(chosen[k - 1], units)] if k else None,
            )
        )
    return figures.network(layers, dark)


def _names(argument: str, names: Sequence[str] | None, count: int, default: str) -> list[str]:
    if names is None:
        return [default.format(k + 1) for k in range(count)]
    wanted = f"must be a sequence of {counted(count, 'name')}"
    if not is_list_of_values(names) or isinstance(names, Mapping | Set) or not hasattr(names, "__len__"):
        raise TypeRefusal(argument, wanted, shown(names))
    if len(names) != count:
        raise Refusal(argument, wanted, len(names))
    return [str(name) for name in names]


def _units_drawn(net: Network, layer: int) -> np.ndarray:
    """Return which units of a layer are drawn, the inputs being layer 0: all, or those with the largest weights."""
    size = net.layer_sizes[layer]
    if size <= MAX_UNITS:
        return np.arange(size)
    leaving = layer < len(net.weights)
    weights = np.asarray(net.weights[layer]) if leaving else np.asarray(net.weights[layer - 1]).T
    strength = np.abs(weights).sum(axis=1)
    return np.sort(np.argsort(-strength, kind="stable")[:MAX_UNITS])
