"""Colours of Plotly figures, for light and dark: the same meaning has the same colour as on the stage.

The values are those of ``static/kit/palette.js``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    """Colours of one theme.

    Attributes
    ----------
    classes : tuple of str
        By class; apart for colour-blind readers, too.
    neutral : str
        The middle of diverging maps.
    outline : str
        Around markers.
    curves : tuple of str
        Two curves, such as train and test, apart from the classes.
    """

    classes: tuple[str, ...]
    neutral: str
    outline: str
    curves: tuple[str, str]

    def diverging(self, opacity: float) -> list[tuple[float, str]]:
        """Return a colour scale from the first class over the neutral middle to the second."""
        first, second = (faded(colour, opacity) for colour in self.classes[:2])
        return [(0.0, first), (0.5, self.neutral), (1.0, second)]


LIGHT = Palette(
    ("#2463b0", "#e87d0d", "#14b78b", "#660a6f", "#dc2d4c", "#96abd7", "#caa754", "#731902", "#2c3c44", "#996294"),
    "#f5f4f1",
    "#ffffff",
    ("#3b3f4a", "#b8338f"),
)
DARK = Palette(
    ("#5b9df0", "#ff9a3c", "#86ffba", "#ce33ad", "#dd3a29", "#9ec5bb", "#dfef87", "#c49869", "#88717c", "#f5beff"),
    "#20232b",
    "#0e1117",
    ("#e4e6ec", "#f07fcf"),
)


def palette(dark: bool) -> Palette:
    """Return the colours of the dark or the light theme."""
    return DARK if dark else LIGHT


def faded(colour: str, opacity: float) -> str:
    """Return a colour ``"#rrggbb"`` as one that lets the ground shine through."""
    red, green, blue = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"
