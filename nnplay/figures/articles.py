"""Figures of the articles' page: distributions over seeds, curves, boundaries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import plotly.graph_objects as go

from nnplay.figures.palette import faded, palette

#: Height of a line of a distribution chart and of what is around the lines, in pixels.
LINE_HEIGHT, FRAME_HEIGHT = 46, 64
MARGIN = {"l": 8, "r": 12, "t": 8, "b": 8}
#: Above the chart.
LEGEND = {"orientation": "h", "yanchor": "bottom", "y": 1.0, "x": 0}
#: An error of exactly 0 has no place on a logarithmic scale; it stands here.
SMALLEST = 1e-17


@dataclass(frozen=True)
class Line:
    """A line of a distribution chart.

    Attributes
    ----------
    name : str
    values : sequence of float
        A stored result for each seed.
    claimed : float, optional
        What the article says.
    low, high : float, optional
        What our result must reach.
    live : sequence of float
        What was trained just now.
    """

    name: str
    values: Sequence[float]
    claimed: float | None = None
    low: float | None = None
    high: float | None = None
    live: Sequence[float] = field(default_factory=tuple)


def distributions(
    lines: Sequence[Line], percent: bool, logarithmic: bool, dark: bool, counts: bool = False
) -> go.Figure:
    """Return a box and a dot for each seed, line by line from the top, with the claim and what is asked."""
    colours = palette(dark)
    figure = go.Figure()
    shown = set()

    def once(name: str) -> dict[str, object]:
        new = name not in shown
        shown.add(name)
        return {"name": name, "legendgroup": name, "showlegend": new}

    number = ".1%" if percent else ".3g"
    for line in lines:
        values = _placed(line.values, logarithmic)
        if len(values):
            figure.add_box(
                x=values,
                y=[line.name] * len(values),
                orientation="h",
                boxpoints="all",
                pointpos=0,
                jitter=0.55 if len(values) > 1 else 0,
                width=0.6,
                fillcolor=faded(colours.classes[0], 0.14),
                line={"color": faded(colours.classes[0], 0.65), "width": 1.2},
                marker={"color": colours.classes[0], "size": 5 if len(values) < 60 else 3, "opacity": 0.75},
                hovertemplate=f"{line.name}: %{{x:{number}}}<extra></extra>",
                **once("Each seed"),
            )
    outlined = {"color": colours.outline, "width": 1}
    star = {"symbol": "star", "size": 12, "color": colours.classes[1], "line": outlined}
    diamond = {"symbol": "diamond-open", "size": 13, "color": colours.curves[1], "line": {"width": 2.5}}
    low, high = ({"symbol": f"triangle-{side}", "size": 13, "color": colours.curves[0]} for side in ("right", "left"))
    for line in lines:
        for shown_values, marker, name, said in (
            (line.live, star, "Trained just now", f"{line.name}, live:"),
            ([line.claimed], diamond, "The article", "The article:"),
            ([line.low], low, "At least", "At least"),
            ([line.high], high, "At most", "At most"),
        ):
            x = _placed([value for value in shown_values if value is not None], logarithmic)
            if x:
                figure.add_scatter(
                    x=x,
                    y=[line.name] * len(x),
                    mode="markers",
                    marker=marker,
                    hovertemplate=f"{said} %{{x:{number}}}<extra></extra>",
                    **once(name),
                )
    names = [line.name for line in lines]
    figure.update_layout(
        height=FRAME_HEIGHT + LINE_HEIGHT * len(lines),
        margin=MARGIN | {"t": 30},
        legend=LEGEND | {"itemclick": False},
        boxmode="overlay",
        hovermode="closest",
    )
    figure.update_xaxes(tickformat=".1~%" if percent else None, type="log" if logarithmic else "linear", zeroline=False)
    if logarithmic:
        figure.update_xaxes(exponentformat="power", dtick=2)
    if counts:
        most = max((value for line in lines for value in (*line.values, *line.live)), default=0)
        figure.update_xaxes(range=[-0.5, max(most, 5) + 0.5], tickformat="d")
    figure.update_yaxes(
        categoryorder="array", categoryarray=names[::-1], range=[-0.6, len(names) - 0.4], automargin=True
    )
    return figure


def courses(curves: Mapping[str, Mapping[str, Sequence[float]]], labels: tuple[str, str], dark: bool) -> go.Figure:
    """Return the median of each curve over the seeds, with a band from the lowest to the highest seed.

    Parameters
    ----------
    curves : dict
        By name: ``x``, ``low``, ``median``, ``high``. An x of 0 is left out, as the scale is logarithmic.
    labels : (str, str)
        Of the axes.
    dark : bool
    """
    colours = palette(dark)
    figure = go.Figure()
    few = len(curves) <= 2
    dashes = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")
    for index, (name, curve) in enumerate(curves.items()):
        colour = colours.classes[index % len(colours.classes)]
        from_one = [i for i, x in enumerate(curve["x"]) if x > 0]
        x, low, middle, high = ([curve[key][i] for i in from_one] for key in ("x", "low", "median", "high"))
        if few:
            figure.add_scatter(
                x=x + x[::-1],
                y=high + low[::-1],
                mode="lines",
                fill="toself",
                fillcolor=faded(colour, 0.16),
                line={"width": 0},
                hoverinfo="skip",
                showlegend=False,
            )
        figure.add_scatter(
            x=x,
            y=middle,
            mode="lines",
            name=name,
            line={"color": colour, "width": 2.2, "dash": dashes[index % len(dashes)]},
            hovertemplate=f"{name}: %{{y:.4g}} after %{{x}}<extra></extra>",
        )
    figure.update_layout(height=320 if few else 360, margin=MARGIN, legend=LEGEND, hovermode="closest")
    figure.update_xaxes(type="log", title=labels[0], dtick=1)
    figure.update_yaxes(title=labels[1])
    return figure


def boundary(
    levels: np.ndarray, extent: Sequence[float], X: np.ndarray, y: np.ndarray, dark: bool, height: int = 240
) -> go.Figure:
    """Return the plane coloured by the probability of the second class, and the samples on it.

    Parameters
    ----------
    levels : ndarray, (rows, columns)
        Probabilities, the lowest y first.
    extent : (x from, to, y from, to)
    X : ndarray, (n_samples, 2)
    y : ndarray, (n_samples,)
        0 and 1.
    dark : bool
    height : int
        In pixels.
    """
    colours = palette(dark)
    rows, columns = levels.shape
    left, right, bottom, top = extent
    across, up = np.linspace(left, right, columns), np.linspace(bottom, top, rows)
    figure = go.Figure(
        go.Heatmap(
            z=levels,
            x=across,
            y=up,
            zmin=0,
            zmax=1,
            colorscale=colours.diverging(0.55),
            showscale=False,
            hovertemplate="Probability of the upper right moon %{z:.2f}<extra></extra>",
        )
    )
    figure.add_contour(
        z=levels,
        x=across,
        y=up,
        contours={"start": 0.5, "end": 0.5, "coloring": "none"},
        line={"color": colours.curves[0], "width": 2},
        showscale=False,
        hoverinfo="skip",
    )
    for label, symbol in enumerate(("circle", "square")):
        figure.add_scatter(
            x=X[y == label, 0],
            y=X[y == label, 1],
            mode="markers",
            marker={
                "symbol": symbol,
                "size": 4,
                "color": colours.classes[label],
                "line": {"color": colours.outline, "width": 0.5},
            },
            hoverinfo="skip",
        )
    figure.update_layout(height=height, margin={"l": 4, "r": 4, "t": 4, "b": 4}, showlegend=False)
    figure.update_xaxes(visible=False, range=[left, right])
    figure.update_yaxes(visible=False, range=[bottom, top])
    return figure


def _placed(values: Sequence[float], logarithmic: bool) -> list[float]:
    return [max(value, SMALLEST) for value in values] if logarithmic else list(values)
