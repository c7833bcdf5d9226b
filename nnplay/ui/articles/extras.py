"""What some articles have on their page besides results: things to try, and pictures."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from nnplay.articles import moons, weather
from nnplay.articles.evidence.article import written
from nnplay.articles.evidence.training import trained
from nnplay.articles.layer_table import NO_ACTIVATION, build
from nnplay.datasets.stored.weather import RULE
from nnplay.engine import Network
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.outputs import OUTPUTS
from nnplay.figures import articles as figures
from nnplay.figures import derivatives
from nnplay.refusal import Refusal
from nnplay.server.answers import TRAINING
from nnplay.ui import on_page, state
from nnplay.ui.text import complain

_PLAIN_CHART = {"displayModeBar": False}
_PRINTED = "As printed"
#: What the code's hidden layer multiplies its gradient by: with both mistakes, with one, with none.
_DERIVATIVES = {_PRINTED: moons.PRINTED, "Slope wrong only": moons.WRONG, "Corrected": moons.RIGHT}
#: Largest relative error that a gradient check takes for rounding.
_CHECK_PASSES = 1e-6
_MAX_UNITS, _MAX_LAYERS = 64, 9


def is_dark() -> bool:
    """Return whether the page is shown on a dark ground."""
    return st.context.theme.type == "dark"


# -- two moons -----------------------------------------------------------------------------------------------------


def draw_moons(exhibits: Mapping[str, Any]) -> None:
    """Show the derivative's switch, and the boundaries of all widths."""
    on_page.fragment(_draw_switch)()
    if "boundaries" in exhibits:
        _draw_widths(exhibits["boundaries"])


def _draw_switch() -> None:
    st.subheader("Train with and without the mistakes", anchor=False)
    st.caption(
        "With the correct gradient, backpropagation and finite differences agree, bar for bar. With the code as "
        "printed, the hidden layer's bars are almost zero. At first you can hardly see the difference in the "
        "decision boundary."
    )
    which, iterations, seed = st.columns([2, 2, 1])
    chosen = which.segmented_control(
        "Gradient of the hidden layer", list(_DERIVATIVES), default=_PRINTED, required=True, key="article_derivative"
    )
    n = iterations.select_slider("Iterations", [0, 10, 100, 1000, 3000, 10_000], value=1000, key="article_iterations")
    number = seed.number_input("Seed", 0, 999, 0, key="article_seed")
    activation = _DERIVATIVES[chosen or _PRINTED]
    training = moons.session(int(number), activation=activation, initializer=moons.PRINTED_WEIGHTS)
    start, slices = time.perf_counter(), trained(training, int(n))
    done = 0.0
    while done < 1:
        with TRAINING.turn(state.account()):
            done = next(slices, 1.0)
    seconds = time.perf_counter() - start
    with TRAINING.turn(state.account()):
        error = moons.gradient_error(training)
        backpropagated, numerical = moons.compare_gradients(training)
    _, _, train, test = training.measure()
    train_accuracy, test_accuracy, check = st.columns(3)
    picture, bars = st.columns([5, 7])
    figure = figures.boundary(
        moons.boundary(training.network), moons.MAP_EXTENT, training.train.X, training.train.y, is_dark(), height=290
    )
    picture.plotly_chart(figure, config=_PLAIN_CHART, alt="Decision boundary", key="article_boundary")
    figure = derivatives.gradients(_parameter_names(training.network), backpropagated, numerical, is_dark())
    bars.plotly_chart(figure, config=_PLAIN_CHART, alt="Gradient, parameter by parameter", key="article_gradient")
    train_accuracy.metric("Training accuracy", f"{train:.1%}", help=f"Trained just now in {seconds:.2f} s.")
    test_accuracy.metric("Test accuracy", f"{test:.1%}")
    check.metric(
        "Gradient check",
        written("error", error),
        "passes" if error < _CHECK_PASSES else "fails",
        delta_color="normal" if error < _CHECK_PASSES else "inverse",
        delta_arrow="off",
        help="Largest relative error between backpropagation and finite differences. Anything below 1e-6 is rounding.",
    )


def _parameter_names(network: Network) -> list[str]:
    names = []
    for layer, weights in enumerate(network.weights):
        place = "hidden" if layer < len(network.weights) - 1 else "output"
        n_in, n_out = weights.shape
        names += [f"{place} weight {i + 1}→{j + 1}" for i in range(n_in) for j in range(n_out)]
        names += [f"{place} bias {j + 1}" for j in range(n_out)]
    return names


def _draw_widths(saved: Mapping[str, Any]) -> None:
    st.subheader("Decision boundaries for different numbers of hidden units", anchor=False)
    st.caption(
        "The article's layer widths after 10 000 iterations with the correct gradient, seed 0. The wider the "
        "layer, the more closely the boundary follows the moons. Dots and squares are the training points."
    )
    train = moons.session(0).train
    size = saved["size"]
    for column, one in zip(st.columns(len(saved["maps"])), saved["maps"], strict=True):
        levels = np.frombuffer(base64.b64decode(one["map"]), np.uint8).reshape(size, size) / 255
        figure = figures.boundary(levels, saved["extent"], train.X, train.y, is_dark(), height=190)
        column.plotly_chart(figure, config=_PLAIN_CHART, alt=f"Boundary with {one['units']} units")
        column.caption(f"**{one['units']} units**: training {one['train']:.1%}, test {one['test']:.1%}")


# -- layers in a table --------------------------------------------------------------------------------------------


def draw_table_of_layers(exhibits: Mapping[str, Any]) -> None:
    """Show the article's table of layers, to change, and the network that it describes."""
    st.caption(f"Generated weather: {RULE}")
    on_page.fragment(_draw_table_of_layers)()


def _draw_table_of_layers() -> None:
    st.subheader("Build the network from a table", anchor=False)
    st.caption(
        "The article describes a network as a list of layers. Try changing it: the first line is the inputs, the "
        "last one the output. On the right is the network that it gives."
    )
    table, built = st.columns(2)
    with table:
        edited = st.data_editor(
            pd.DataFrame(list(weather.ARCHITECTURE)),
            num_rows="dynamic",
            hide_index=True,
            key="article_layers",
            column_config={
                "layer_size": st.column_config.NumberColumn("layer_size", min_value=1, max_value=_MAX_UNITS, step=1),
                "activation": st.column_config.SelectboxColumn(
                    "activation", options=[NO_ACTIVATION, *dict.fromkeys([*ACTIVATIONS, *OUTPUTS])]
                ),
            },
        )
    with built:
        layers = [
            {"layer_size": None if pd.isna(size) else int(size), "activation": None if pd.isna(name) else str(name)}
            for size, name in zip(edited["layer_size"], edited["activation"], strict=True)
        ]
        try:
            if len(layers) > _MAX_LAYERS:
                raise Refusal("table", f"must have at most {_MAX_LAYERS} layers", len(layers))
            network = build(layers)
        except Refusal as refusal:
            complain(refusal.worded(_places(layers).get(refusal.argument, refusal.argument), refusal.requirement))
            return
        rows = [
            {
                "layer": layer + 1,
                "weights": f"{weights.shape[0]} × {weights.shape[1]}",
                "biases": str(len(network.biases[layer])),
                "parameters": weights.size + len(network.biases[layer]),
            }
            for layer, weights in enumerate(network.weights)
        ]
        st.dataframe(pd.DataFrame(rows), hide_index=True)
        st.code(repr(network), language="python", wrap_lines=True)


def _places(layers: list[dict[str, Any]]) -> dict[str, str]:
    """Return what a reader calls the parts of a table of layers, by what a refusal calls them."""
    cells = {f"table[{line}][{key!r}]": f"Line {line + 1}, {key}:" for line in range(len(layers)) for key in layers[0]}
    return cells | {"table": "The table", "activation": "An activation", "Network": "The network"}


# -- softmax --------------------------------------------------------------------------------------------------------


def draw_jacobian(exhibits: Mapping[str, Any]) -> None:
    """Show softmax's Jacobian beside a numerical one."""
    saved = exhibits.get("jacobian")
    if not saved:
        return
    exact, numerical = np.array(saved["exact"]), np.array(saved["numerical"])
    logits = ", ".join(f"{z:g}" for z in saved["logits"])
    st.subheader("Softmax's Jacobian, computed in two ways", anchor=False)
    st.caption(
        f"How much each output changes with each logit, at the logits {logits}. Every row and column sums to 0: "
        "what one class gains, the others lose."
    )
    names = [str(index + 1) for index in range(len(exact))]
    for column, title, values in zip(
        st.columns(2), ("By the engine", "By finite differences"), (exact, numerical), strict=True
    ):
        column.markdown(title)
        column.plotly_chart(derivatives.matrix(values, names, is_dark()), config=_PLAIN_CHART, alt=title)


#: By the article's key.
MORE: dict[str, Callable[[Mapping[str, Any]], None]] = {
    "moons": draw_moons,
    "layer-table": draw_table_of_layers,
    "from-zero": draw_jacobian,
}
