"""The figures for a notebook: what they draw is what the network answers, and how the run went."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas
import pytest

import nnplay as nn
from nnplay.datasets import Dataset

TRAIN, TEST = nn.datasets.make("moons", n_samples=60, noise=0.1, seed=0).split(0.25, seed=0)
SESSION = nn.TrainingSession(nn.Network([2, 5, 1]), TRAIN, TEST, optimizer=nn.SGD(0.3)).run(40)
CORNERS = np.array([[0.0, 0.0], [4.0, 0.0], [0.0, 4.0]])
THREE = Dataset(np.repeat(CORNERS, 8, axis=0) + 0.1 * np.arange(48).reshape(24, 2) % 1, np.repeat(["a", "b", "c"], 8))


def traces(figure: Any, kind: str) -> list[Any]:
    return [trace for trace in figure.data if trace.type == kind]


# --- the boundary -----------------------------------------------------------------------------------------------------


def test_two_classes_are_told_by_the_probability_at_each_place() -> None:
    figure = nn.plot_boundary(SESSION, resolution=9)
    (field,) = traces(figure, "heatmap")
    x, y, z = (np.asarray(each) for each in (field.x, field.y, field.z))
    for row, column in ((0, 0), (3, 7), (8, 2)):
        assert z[row, column] == pytest.approx(SESSION.network.predict_proba([[x[column], y[row]]])[0, 1])
    everything = np.concatenate([TRAIN.X, TEST.X])
    assert (x[0], y[0]) < tuple(everything.min(axis=0))
    assert (x[-1], y[-1]) > tuple(everything.max(axis=0))
    (edge,) = traces(figure, "contour")
    assert edge.contours.start == 0.5


def test_samples_lie_where_they_are_and_those_of_the_test_are_outlines() -> None:
    drawn = traces(nn.plot_boundary(SESSION, resolution=3), "scatter")
    assert [trace.name for trace in drawn] == ["0", "1", "0, test", "1, test"]
    assert [trace.marker.symbol for trace in drawn] == ["circle", "square", "circle-open", "square-open"]
    for trace, (data, k) in zip(drawn, [(TRAIN, 0), (TRAIN, 1), (TEST, 0), (TEST, 1)], strict=True):
        assert np.column_stack([trace.x, trace.y]).tolist() == data.X[data.y == k].tolist()


def test_of_several_classes_the_most_probable_one_colours_a_place() -> None:
    network = nn.Network([2, 3], output="softmax", seed=1)
    figure = nn.plot_boundary(network, THREE, resolution=7)
    fields = traces(figure, "heatmap")
    shown = np.stack([np.asarray(field.z) for field in fields])
    assert (np.isfinite(shown).sum(axis=0) == 1).all()  # exactly one class at each place
    points = np.stack(np.meshgrid(fields[0].x, fields[0].y), axis=-1).reshape(-1, 2)
    assert np.isfinite(shown).argmax(axis=0).ravel().tolist() == network.predict(points).tolist()
    assert np.nanmax(shown, axis=0).ravel() == pytest.approx(network.predict_proba(points).max(axis=1))


def test_a_predicted_number_is_centred_on_0_with_its_scale() -> None:
    data = Dataset(THREE.X, THREE.X[:, 0] - 1)
    model = nn.Regressor((4,), epochs=5).fit(data.X, data.y)
    figure = nn.plot_boundary(model, data, resolution=5)
    (field,) = traces(figure, "heatmap")
    assert field.zmin == -field.zmax
    assert np.asarray(field.z)[4, 1] == pytest.approx(model.predict([[field.x[1], field.y[4]]])[0])
    (samples,) = traces(figure, "scatter")
    assert np.asarray(samples.marker.color).tolist() == data.y.tolist()
    assert (samples.marker.cmin, samples.marker.cmax) == (field.zmin, field.zmax)


def test_of_one_input_the_answers_are_curves() -> None:
    x = np.linspace(-1, 1, 20)[:, None]
    network = nn.Network([1, 3, 1], output="identity")
    curve, samples = nn.plot_boundary(network, Dataset(x, x[:, 0] ** 2), resolution=11).data
    assert np.asarray(curve.y).tolist() == network.predict(np.asarray(curve.x)[:, None]).tolist()
    assert np.asarray(samples.y).tolist() == (x[:, 0] ** 2).tolist()
    classes = Dataset(x, (x[:, 0] > 0).astype(int))
    low, high, *drawn = nn.plot_boundary(nn.Network([1, 3, 1]), classes, resolution=11).data
    assert np.asarray(low.y) + np.asarray(high.y) == pytest.approx(1)
    assert {float(y) for trace in drawn for y in trace.y} == {0.0, 1.0}


def test_of_more_inputs_the_plane_is_that_of_two_components() -> None:
    X = np.random.default_rng(0).normal(size=(40, 5)) * [5, 1, 1, 1, 1]
    data = Dataset(X, (X[:, 0] > 0).astype(int))
    network = nn.Network([5, 3, 1])
    figure = nn.plot_boundary(network, data, resolution=5)
    assert figure.layout.xaxis.title.text == "component 1"
    (field,) = traces(figure, "heatmap")
    standardised = (X - X.mean(axis=0)) / X.std(axis=0)
    _, _, directions = np.linalg.svd(standardised)
    basis = directions[:2].T * np.sign(directions[:2].T[np.abs(directions[:2].T).argmax(axis=0), [0, 1]])
    point = X.mean(axis=0) + X.std(axis=0) * (basis @ [field.x[3], field.y[1]])
    assert np.asarray(field.z)[1, 3] == pytest.approx(network.predict_proba([point])[0, 1])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((SESSION.network,), "data must be a data set, unless a session is drawn; got None."),
        ((3, TRAIN), "network must be a network, a session, or an estimator that is fitted; got 3."),
        ((nn.Classifier(), TRAIN), "network must be a network, a session, or an estimator that is fitted"),
        ((SESSION.network, THREE), "data must have 2 classes for a network with 1 output; got 3."),
        ((SESSION.network, Dataset(np.ones((3, 3)), [0, 1, 1])), "data must have 2 features"),
        ((SESSION, THREE), "data must have classes that the training set has"),
        ((SESSION, TRAIN.X), "data must be an instance of Dataset"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments: tuple[Any, ...], said: str) -> None:
    with pytest.raises(nn.Refusal, match=said):
        nn.plot_boundary(*arguments)


# --- the history ------------------------------------------------------------------------------------------------------


def test_the_history_has_losses_above_and_scores_below() -> None:
    figure = nn.plot_history(SESSION)
    assert [trace.name for trace in figure.data] == ["training", "test"] * 2
    for trace, name in zip(figure.data, ("train_loss", "test_loss", "train_score", "test_score"), strict=True):
        assert np.asarray(trace.x).tolist() == list(range(41))
        assert np.asarray(trace.y).tolist() == SESSION.history[name].tolist()
    assert figure.layout.yaxis2.title.text == "accuracy"
    assert figure.layout.yaxis.type == "linear"


def test_what_was_not_measured_is_left_out() -> None:
    model = nn.Regressor((), learning_rate=0.1, epochs=300).fit(THREE.X, THREE.X[:, 0])
    figure = nn.plot_history(model)
    assert [trace.name for trace in figure.data] == ["training", "training"]
    assert figure.layout.yaxis2.title.text == "R²"
    assert figure.layout.yaxis.type == "log"  # the loss falls through many powers of ten
    assert len(nn.plot_history(model.history_).data) == 2
    for wrong in (3, {"epoch": [1]}):
        with pytest.raises(nn.Refusal, match="session must have a history with the columns epoch"):
            nn.plot_history(wrong)
    with pytest.raises(nn.Refusal, match=r"at least 1 row in its history; got none\. Train with evaluate_every=1"):
        nn.plot_history(nn.TrainingSession(nn.Network([2, 1]), TRAIN, evaluate_every=0))


# --- the network ------------------------------------------------------------------------------------------------------


def test_the_diagram_has_every_unit_and_every_weight() -> None:
    network = nn.Network([2, 3, 1], seed=3)
    network.biases[0][:] = [0.5, -0.25, 0.0]
    network.weights[0][1, 2] = 0.0
    figure = nn.plot_network(network)
    edges = [trace for trace in figure.data if trace.mode == "lines"]
    drawn = sum(np.isnan(np.asarray(trace.y, float)).sum() for trace in edges)
    assert drawn == 6 + 3 - 1  # one of weight 0 isn't drawn
    assert max(trace.line.width for trace in edges) == 5.0
    said = [text for trace in figure.data for text in trace.hovertext or ()]
    assert f"x2 → layer 1, unit 2: weight {network.weights[0][1, 1]:.4g}" in said
    assert f"layer 1, unit 3 → output: weight {network.weights[1][2, 0]:.4g}" in said
    assert "layer 1, unit 2, bias -0.25" in said
    assert len(said) == 6 + 3 + 2 + 3 + 1


def test_a_session_knows_the_names() -> None:
    data = Dataset(TRAIN.X, TRAIN.y, feature_names=["height", "girth"], class_names=["oak", "elm"])
    said = {
        text
        for trace in nn.plot_network(nn.TrainingSession(nn.Network([2, 1]), data)).data
        for text in trace.text or ()
    }
    assert said == {"height", "girth", "P(elm)"}
    with pytest.raises(nn.Refusal, match="feature_names must be a sequence of 2 names; got 1"):
        nn.plot_network(nn.Network([2, 1]), feature_names=["height"])


def test_of_many_units_those_with_the_largest_weights_are_drawn() -> None:
    network = nn.Network([40, 3], output="softmax", seed=0)
    network.weights[0][:] *= 0.01
    strong = [3, 5, 8, 13, 21, 34, 39, 1, 2, 4, 6, 7, 9, 10, 11, 12]
    network.weights[0][strong] += 1.0
    figure = nn.plot_network(network)
    inputs = next(trace for trace in figure.data if trace.text and trace.text[0].startswith("x"))
    assert list(inputs.text) == [f"x{k + 1}" for k in sorted(strong)]
    assert "16 of 40" in figure.layout.annotations[0].text


def test_dark_figures_lie_on_a_dark_ground() -> None:
    for figure in (
        nn.plot_boundary(SESSION, dark=True),
        nn.plot_history(SESSION, dark=True),
        nn.plot_network(SESSION, dark=True),
    ):
        assert figure.layout.paper_bgcolor == "#0e1117"


# --- what callers have ------------------------------------------------------------------------------------------------


def test_a_history_may_be_a_table() -> None:
    table = pandas.DataFrame(SESSION.history)
    assert nn.plot_history(table).data[0].y.tolist() == SESSION.history["train_loss"].tolist()


def test_names_may_be_arrays_or_the_columns_of_a_table() -> None:
    names = np.array(["oak", "elm"])
    columns = pandas.DataFrame(columns=["height", "girth"]).columns
    figure = nn.plot_network(SESSION, feature_names=columns, class_names=names)  # type: ignore[arg-type]
    said = {text for trace in figure.data for text in trace.text or ()}
    assert {"height", "girth", "P(elm)"} <= said


CALLED: Any = nn  # with arguments of no type that they take
_COLUMNS = {name: [1.0, 0.5] for name in ("epoch", "train_loss", "test_loss", "train_score", "test_score")}


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (
            lambda: CALLED.plot_network(SESSION, feature_names=5),
            "feature_names must be a sequence of 2 names; got 5.",
        ),
        (
            lambda: CALLED.plot_network(SESSION, class_names=["a"] * 3),
            "class_names must be a sequence of 2 names; got 3.",
        ),
        (
            lambda: CALLED.plot_network(SESSION, class_names={"a", "b"}),
            "class_names must be a sequence of 2 names; got",
        ),
        (lambda: CALLED.plot_history(_COLUMNS | {"test_loss": ["a", "b"]}), "test_loss must hold numbers, a row each"),
        (lambda: CALLED.plot_history(_COLUMNS | {"epoch": 3}), "epoch must hold numbers, a row each; got 3."),
        (lambda: CALLED.plot_history(_COLUMNS | {"epoch": [3]}), "columns of one length; got 1, 2, 2, 2, 2."),
        (lambda: CALLED.plot_boundary(SESSION, dark="yes"), "dark must be True or False; got 'yes'."),
        (lambda: CALLED.plot_boundary(SESSION, output=5), "output must be an integer from 0 to 0; got 5."),
    ],
)
def test_what_is_no_argument_is_refused(call: Any, said: str) -> None:
    with pytest.raises(nn.Refusal, match=re.escape(said)):
        call()
