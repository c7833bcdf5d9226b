"""Figures for a notebook: what a network answers, how a run went, and the network itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from nnplay.figures.palette import Palette, faded, palette

#: Of a figure in a cell, in pixels.
WIDTH, HEIGHT = 620, 520
MARGIN = {"l": 60, "r": 20, "t": 20, "b": 55}
#: Of the classes, in their order; a class is told by its shape, too.
SYMBOLS = ("circle", "square", "diamond", "triangle-up", "cross", "x", "star", "hexagon", "triangle-down", "pentagon")
#: Axes whose extents differ by no more than this are drawn to one scale.
ALIKE = 3.0
#: Widths that edges come in: a trace each.
N_WIDTHS = 8
WIDEST = 5.0


@dataclass(frozen=True)
class Samples:
    """Samples to draw on a picture.

    Attributes
    ----------
    places : ndarray, (n, 2)
    targets : ndarray, (n,)
        Class indices, or numbers.
    name : str
        What the legend calls them: ``"training"``.
    hollow : bool
        Whether they are drawn as outlines, to tell them from others.
    """

    places: np.ndarray
    targets: np.ndarray
    name: str
    hollow: bool = False


@dataclass(frozen=True)
class Plane:
    """A part of the plane: where it lies, and what its axes are called."""

    x: tuple[float, float]
    y: tuple[float, float]
    labels: tuple[str, str]


def class_map(
    probabilities: np.ndarray, plane: Plane, samples: Sequence[Samples], names: Sequence[str], dark: bool
) -> go.Figure:
    """Return the plane coloured by the most probable class, the paler the less sure, with the boundary between.

    Parameters
    ----------
    probabilities : ndarray, (rows, columns, n_classes)
        The lowest row first.
    plane : Plane
    samples : sequence of Samples
    names : sequence of str
        Of the classes.
    dark : bool
    """
    colours = palette(dark)
    rows, columns, n_classes = probabilities.shape
    x, y = np.linspace(*plane.x, columns), np.linspace(*plane.y, rows)
    figure = go.Figure()
    if n_classes == 2:
        figure.add_heatmap(
            z=probabilities[..., 1],
            x=x,
            y=y,
            zmin=0,
            zmax=1,
            zsmooth="best",
            colorscale=colours.diverging(0.55),
            colorbar={"title": {"text": f"P({names[1]})", "side": "right"}, "thickness": 12, "outlinewidth": 0},
            hovertemplate=f"P({names[1]}) %{{z:.3f}}<extra></extra>",
        )
        figure.add_trace(_edge(probabilities[..., 1], x, y, 0.5, colours))
    else:
        winner = probabilities.argmax(axis=-1)
        for k, name in enumerate(names):
            colour = _of_class(colours, k)
            figure.add_heatmap(
                z=np.where(winner == k, probabilities[..., k], np.nan),
                x=x,
                y=y,
                zmin=1 / n_classes,
                zmax=1,
                colorscale=[(0.0, colours.neutral), (1.0, faded(colour, 0.55))],
                showscale=False,
                hoverongaps=False,
                hovertemplate=f"P({name}) %{{z:.3f}}<extra></extra>",
            )
            others = np.delete(probabilities, k, axis=-1).max(axis=-1)
            figure.add_trace(_edge(probabilities[..., k] - others, x, y, 0.0, colours))
    for part in samples:
        for k, name in enumerate(names):
            chosen = part.targets == k
            shown = name if not part.hollow else f"{name}, {part.name}"
            figure.add_scatter(
                **_markers(part.places[chosen], shown, _symbol(k, part), _of_class(colours, k), part, colours)
            )
    return _framed(figure, plane, colours)


def value_map(values: np.ndarray, plane: Plane, samples: Sequence[Samples], name: str, dark: bool) -> go.Figure:
    """Return the plane coloured by a predicted number, from below 0 to above it, and the samples by their own.

    Parameters
    ----------
    values : ndarray, (rows, columns)
        The lowest row first.
    plane : Plane
    samples : sequence of Samples
    name : str
        Of the number.
    dark : bool
    """
    colours = palette(dark)
    rows, columns = values.shape
    largest = max(
        (float(np.abs(each).max()) for each in (values, *(part.targets for part in samples)) if each.size), default=1.0
    )
    scale = {"cmin": -largest, "cmax": largest, "colorscale": colours.diverging(1.0)}
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=np.linspace(*plane.x, columns),
            y=np.linspace(*plane.y, rows),
            zmin=-largest,
            zmax=largest,
            zsmooth="best",
            colorscale=colours.diverging(0.7),
            colorbar={"title": {"text": name, "side": "right"}, "thickness": 12, "outlinewidth": 0},
            hovertemplate=f"{name} %{{z:.4g}}<extra></extra>",
        )
    )
    for part in samples:
        symbol = "diamond" if part.hollow else "circle"
        trace = _markers(part.places, part.name, symbol, "", part, colours)
        line = {"color": colours.curves[0], "width": 0.8}
        trace["marker"] = {"size": 7, "symbol": symbol, "color": part.targets, "line": line, **scale}
        trace |= {"hovertemplate": "target %{marker.color:.4g}<extra></extra>", "showlegend": True}
        figure.add_scatter(**trace)
    return _framed(figure, plane, colours)


def curves(
    x: np.ndarray, answers: np.ndarray, plane: Plane, samples: Sequence[Samples], names: Sequence[str], dark: bool
) -> go.Figure:
    """Return what a network with one input answers, as curves over it.

    Parameters
    ----------
    x : ndarray, (n,)
    answers : ndarray, (n, n_curves)
    plane : Plane
    samples : sequence of Samples
        Of classes their targets are indices, of numbers they are not looked at: the places say them.
    names : sequence of str
        Of the curves; of classes, that many.
    dark : bool
    """
    colours = palette(dark)
    figure = go.Figure()
    are_classes = len(names) > 1
    for k, name in enumerate(names):
        colour = _of_class(colours, k) if are_classes else colours.classes[1]
        figure.add_scatter(x=x, y=answers[:, k], mode="lines", name=name, line={"color": colour, "width": 2.5})
    for part in samples:
        for k in range(len(names)):
            chosen = part.targets == k if are_classes else np.ones(len(part.places), bool)
            name = f"{names[k]}, {part.name}" if are_classes else part.name
            colour = _of_class(colours, k)
            figure.add_scatter(**_markers(part.places[chosen], name, _symbol(k, part), colour, part, colours))
    return _framed(figure, plane, colours, are_places=False)


def history(
    epochs: np.ndarray, losses: dict[str, np.ndarray], scores: dict[str, np.ndarray], score: str, dark: bool
) -> go.Figure:
    """Return losses and scores over the epochs, one above the other.

    Parameters
    ----------
    epochs : ndarray, (n,)
    losses, scores : dict
        By name, such as ``"training"``: ndarray, (n,). Those that hold no number are left out.
    score : str
        What the score is.
    dark : bool
    """
    colours = palette(dark)
    figure = make_subplots(rows=2, shared_xaxes=True, vertical_spacing=0.07, row_heights=[0.62, 0.38])
    for row, measured in ((1, losses), (2, scores)):
        for k, (name, values) in enumerate(measured.items()):
            if not np.isfinite(values).any():
                continue
            figure.add_scatter(
                x=epochs,
                y=values,
                mode="lines",
                name=name,
                legendgroup=name,
                showlegend=row == 1,
                line={"color": colours.curves[k % 2], "width": 2, "dash": "solid" if k == 0 else "dash"},
                hovertemplate="%{y:.4g}",
                row=row,
                col=1,
            )
    values = np.concatenate([each[np.isfinite(each)] for each in losses.values()] or [np.ones(1)])
    spans_decades = values.size > 0 and values.min() > 0 and values.max() / values.min() > 30
    figure.update_yaxes(title="loss", type="log" if spans_decades else "linear", exponentformat="power", row=1, col=1)
    figure.update_yaxes(title=score, row=2, col=1)
    figure.update_xaxes(title="epoch", row=2, col=1)
    figure.update_layout(width=WIDTH, height=HEIGHT, hovermode="x unified", margin=MARGIN)
    return _themed(figure, colours)


@dataclass(frozen=True)
class Layer:
    """A layer of units to draw.

    Attributes
    ----------
    title : str
        Above it.
    names : sequence of str
        Of its units.
    biases : ndarray, (n_units,), or None
        None for inputs.
    weights : ndarray, (n_units_before, n_units), or None
        From the layer before; None for inputs.
    """

    title: str
    names: Sequence[str]
    biases: np.ndarray | None = None
    weights: np.ndarray | None = None


def network(layers: Sequence[Layer], dark: bool) -> go.Figure:
    """Return a network as units and edges: an edge's width is its weight's size, its colour the sign.

    Parameters
    ----------
    layers : sequence of Layer
        The inputs first.
    dark : bool
    """
    colours = palette(dark)
    most = max(len(layer.names) for layer in layers)
    places = [
        np.column_stack([np.full(n, column), _heights(n)])
        for column, n in enumerate(len(layer.names) for layer in layers)
    ]
    weights = [layer.weights for layer in layers[1:] if layer.weights is not None]
    largest = max((float(np.abs(each).max()) for each in weights if each.size), default=0.0) or 1.0
    figure = go.Figure()
    for sign, colour in ((-1, colours.classes[0]), (1, colours.classes[1])):
        for level in range(1, N_WIDTHS + 1):
            ends = [
                np.stack([places[k][before], places[k + 1][after], np.full((len(before), 2), np.nan)], axis=1).reshape(
                    -1, 2
                )
                for k, each in enumerate(weights)
                for before, after in [np.nonzero(_levels(each, largest) == sign * level)]
            ]
            path = np.concatenate(ends) if ends else np.zeros((0, 2))
            if len(path):
                width = WIDEST * level / N_WIDTHS
                line = {"color": faded(colour, 0.35 + 0.6 * level / N_WIDTHS), "width": width}
                figure.add_scatter(x=path[:, 0], y=path[:, 1], mode="lines", line=line, hoverinfo="skip")
    for k, each in enumerate(weights):
        _add_answers(figure, places[k], places[k + 1], each, layers[k], layers[k + 1])
    for layer, where in zip(layers, places, strict=True):
        biases = np.zeros(len(where)) if layer.biases is None else layer.biases
        said = [
            name if layer.biases is None else f"{name}, bias {bias:.4g}"
            for name, bias in zip(layer.names, biases, strict=True)
        ]
        figure.add_scatter(
            x=where[:, 0],
            y=where[:, 1],
            mode="markers+text" if layer is layers[0] or layer is layers[-1] else "markers",
            text=list(layer.names),
            textposition="middle left" if layer is layers[0] else "middle right",
            marker={
                "size": 20 if most <= 10 else 13,
                "color": biases,
                "cmin": -largest,
                "cmax": largest,
                "colorscale": colours.diverging(1.0),
                "line": {"color": colours.curves[0], "width": 1.2},
            },
            hovertext=said,
            hovertemplate="%{hovertext}<extra></extra>",
        )
        figure.add_annotation(x=where[0, 0], y=1.06, text=layer.title, showarrow=False, yanchor="bottom")
    note = f"Blue: below 0. Orange: above 0. The widest edge: {largest:.3g}."
    figure.add_annotation(x=0.5, y=0, xref="paper", yref="paper", text=note, showarrow=False, yanchor="top")
    across = len(layers) - 1
    figure.update_xaxes(visible=False, range=[-0.45 - 0.08 * across, across + 0.45 + 0.08 * across])
    figure.update_yaxes(visible=False, range=[-0.04, 1.16])
    figure.update_layout(
        width=max(WIDTH, 170 * len(layers)),
        height=max(320, min(90 + 46 * most, 720)),
        margin={"l": 10, "r": 10, "t": 10, "b": 30},
        showlegend=False,
        hovermode="closest",
    )
    return _themed(figure, colours)


def _heights(n: int) -> np.ndarray:
    """Return how high each of n units stands, from the top down."""
    return 1.0 - (np.arange(n) + 0.5) / n


def _levels(weights: np.ndarray, largest: float) -> np.ndarray:
    """Return a whole number for each weight: how wide its edge is, with the weight's sign; 0 for one that is 0."""
    return (np.sign(weights) * np.ceil(np.abs(weights) / largest * N_WIDTHS)).astype(int)


def _add_answers(
    figure: go.Figure, before: np.ndarray, after: np.ndarray, weights: np.ndarray, left: Layer, right: Layer
) -> None:
    """Let each edge say its weight where the pointer is near its middle."""
    middles = ((2 * before[:, None] + after[None]) / 3).reshape(-1, 2)
    said = [
        f"{left.names[i]} → {right.names[j]}: weight {weights[i, j]:.4g}"
        for i in range(len(before))
        for j in range(len(after))
    ]
    figure.add_scatter(
        x=middles[:, 0],
        y=middles[:, 1],
        mode="markers",
        marker={"size": 7, "opacity": 0},
        hovertext=said,
        hovertemplate="%{hovertext}<extra></extra>",
    )


def _edge(levels: np.ndarray, x: np.ndarray, y: np.ndarray, at: float, colours: Palette) -> go.Contour:
    return go.Contour(
        z=levels,
        x=x,
        y=y,
        contours={"start": at, "end": at, "size": 1, "coloring": "none"},
        line={"color": colours.curves[0], "width": 2},
        showscale=False,
        showlegend=False,
        hoverinfo="skip",
    )


def _markers(
    places: np.ndarray, name: str, symbol: str, colour: str, part: Samples, colours: Palette
) -> dict[str, object]:
    line = {"color": colour if part.hollow else colours.outline, "width": 1.5 if part.hollow else 0.7}
    return {
        "x": places[:, 0],
        "y": places[:, 1],
        "mode": "markers",
        "name": name,
        "marker": {"symbol": symbol, "size": 7, "color": colour, "line": line},
        "hovertemplate": f"{name}: %{{x:.4g}}, %{{y:.4g}}<extra></extra>",
    }


def _symbol(k: int, part: Samples) -> str:
    return SYMBOLS[k % len(SYMBOLS)] + ("-open" if part.hollow else "")


def _of_class(colours: Palette, k: int) -> str:
    return colours.classes[k % len(colours.classes)]


def _framed(figure: go.Figure, plane: Plane, colours: Palette, are_places: bool = True) -> go.Figure:
    """Return the figure with the plane's axes, to one scale where both say places and the extents are alike."""
    width, height = plane.x[1] - plane.x[0], plane.y[1] - plane.y[0]
    is_to_scale = are_places and max(width, height) <= ALIKE * min(width, height)
    figure.update_xaxes(title=plane.labels[0], range=plane.x, zeroline=False, constrain="domain")
    figure.update_yaxes(title=plane.labels[1], range=plane.y, zeroline=False, constrain="domain")
    if is_to_scale:
        figure.update_yaxes(scaleanchor="x")
    legend = {"orientation": "h", "yanchor": "bottom", "y": 1.01, "x": 0}
    figure.update_layout(width=WIDTH, height=HEIGHT, margin=MARGIN | {"t": 40}, legend=legend, hovermode="closest")
    return _themed(figure, colours)


def _themed(figure: go.Figure, colours: Palette) -> go.Figure:
    grid = faded(colours.curves[0], 0.15)
    figure.update_xaxes(gridcolor=grid, linecolor=grid)
    figure.update_yaxes(gridcolor=grid, linecolor=grid)
    figure.update_layout(
        template="none",
        paper_bgcolor=colours.outline,
        plot_bgcolor=colours.outline,
        font={"color": colours.curves[0], "size": 13},
    )
    return figure
