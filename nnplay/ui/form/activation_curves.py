"""The curve of each activation beside its name in a menu, drawn from the registered function.

Streamlit's menus hold text alone, so the curves are a style sheet: a mask that takes the text's colour, light or dark.
"""

from __future__ import annotations

import functools
from urllib.parse import quote

import numpy as np
import streamlit as st

from nnplay.engine import activations
from nnplay.engine.activations import ACTIVATIONS
from nnplay.server.setting_words import words

#: The picture: from −SPAN to SPAN of the sums, and to HEIGHT up and down, so many pixels each.
_SPAN, _HEIGHT, _SCALE = 4.0, 1.6, 5.0
#: Room for the longest name and its curve in a closed menu, in pixels.
_WIDE = 140
_MENU, _CHOSEN = '[role="listbox"][aria-label^="Activation"]', '[role="group"]:has(> input[aria-label^="Activation"]'


def draw() -> None:
    """Put the curves on the page, for every menu of activations."""
    st.html(f"<style>{style_sheet()}</style>")


def curve(name: str) -> str:
    """Return the curve of a registered activation, and the axes behind it, as SVG."""
    z = np.linspace(-_SPAN, _SPAN, 49)
    a = np.clip(activations.get(name)(z), -2 * _HEIGHT, 2 * _HEIGHT)
    x, y = _SCALE * (z + _SPAN), _SCALE * (_HEIGHT - a)
    width, height = 2 * _SCALE * _SPAN, 2 * _SCALE * _HEIGHT
    points = " ".join(f"{one:.4g},{other:.4g}" for one, other in zip(x, y, strict=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" fill="none" stroke="#000">'
        f'<path d="M0 {height / 2:g}H{width:g}M{width / 2:g} 0V{height:g}" stroke-opacity=".35"/>'
        f'<polyline points="{points}" stroke-width="1.8" stroke-linejoin="round"/></svg>'
    )


@functools.cache
def style_sheet() -> str:
    """Return the rules that put each curve beside its name, in an open menu and in a closed one."""
    width, height = 2 * _SCALE * _SPAN, 2 * _SCALE * _HEIGHT
    common = (
        f'content: ""; width: {width:g}px; height: {height:g}px; pointer-events: none; '
        "background: currentColor; mask: var(--nn-curve) center / contain no-repeat;"
    )
    chosen = ", ".join(f'{_CHOSEN}[value="{words(name)}" i])::before' for name in ACTIVATIONS)
    rules = [
        f'{_MENU} [role="option"] {{ position: relative; }}',
        f"{_MENU} [data-key]::after {{ {common} position: absolute; right: 16px; top: calc(50% - {height / 2:g}px); }}",
        # Where the menu is narrow, the name has all of it.
        f"{_CHOSEN}) {{ container-type: inline-size; }}",
        f"@container (min-width: {_WIDE}px) {{ {chosen} {{ {common} flex: none; order: 1; align-self: center; }} }}",
        f"{_CHOSEN}) > button {{ order: 2; }}",
    ]
    for place, name in enumerate(ACTIVATIONS):
        picture = f"--nn-curve: url('data:image/svg+xml,{quote(curve(name))}');"
        rules.append(
            f'{_MENU} [data-key="{place}"]::after, {_CHOSEN}[value="{words(name)}" i])::before {{ {picture} }}'
        )
    return "\n".join(rules)
