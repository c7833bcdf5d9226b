"""Figures of derivatives, exact and numerical side by side: gradients as bars, Jacobians as matrices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotly.graph_objects as go

from nnplay.figures.articles import LEGEND, MARGIN
from nnplay.figures.palette import palette


def gradients(names: Sequence[str], backpropagated: np.ndarray, numerical: np.ndarray, dark: bool) -> go.Figure:
    """Return, parameter by parameter, the gradient that backpropagation gives and the numerical one."""
    colours = palette(dark)
    figure = go.Figure()
    for name, values, colour, pattern in (
        ("Backpropagation", backpropagated, colours.classes[0], ""),
        ("Finite differences", numerical, colours.classes[1], "/"),
    ):
        figure.add_bar(
            x=list(names),
            y=values,
            name=name,
            marker={"color": colour, "pattern": {"shape": pattern, "size": 5}},
            hovertemplate=f"{name}, %{{x}}: %{{y:.3g}}<extra></extra>",
        )
    figure.update_layout(height=290, margin=MARGIN, barmode="group", legend=LEGEND)
    figure.update_yaxes(title="∂loss / ∂parameter")
    figure.update_xaxes(tickangle=-60)
    return figure


def matrix(values: np.ndarray, names: Sequence[str], dark: bool) -> go.Figure:
    """Return a matrix as coloured squares with their numbers, the colours centred on 0."""
    colours = palette(dark)
    largest = float(np.abs(values).max()) or 1.0
    figure = go.Figure(
        go.Heatmap(
            z=values,
            x=list(names),
            y=list(names),
            zmin=-largest,
            zmax=largest,
            colorscale=colours.diverging(0.7),
            showscale=False,
            texttemplate="%{z:.3g}",
            textfont={"color": colours.curves[0]},
            hovertemplate="∂%{y} / ∂%{x}: %{z:.6g}<extra></extra>",
        )
    )
    figure.update_layout(height=260, margin=MARGIN)
    figure.update_yaxes(autorange="reversed", title="output", type="category")
    figure.update_xaxes(title="logit", type="category")
    return figure
