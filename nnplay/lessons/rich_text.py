"""What may be marked up in a text: bold, italic, code and formulas, as ``static/lessons/rich_text.js`` shows them."""

from __future__ import annotations

import html
import re

_MARKED = re.compile(
    r"\*\*(?P<strong>[^*]+)\*\*|\*(?P<em>[^*\s](?:[^*]*[^*\s])?)\*|`(?P<code>[^`]+)`|\$(?P<formula>[^$]+)\$"
)
_IN_FORMULA = re.compile(r"(?P<sign>[_^])(?:\{(?P<group>[^}]*)\}|(?P<single>.))|(?P<word>[a-zA-Zα-ω]+)|.", re.DOTALL)
#: TeX's names, and what they are written as; others stay as they are, for their author to see.
_SIGNS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η", "theta": "θ", "lambda": "λ",
    "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "phi": "φ", "omega": "ω", "cdot": "·", "times": "×", "le": "≤",
    "leq": "≤", "ge": "≥", "geq": "≥", "ne": "≠", "neq": "≠", "approx": "≈", "pm": "±", "infty": "∞", "sum": "Σ",
    "partial": "∂", "nabla": "∇", "to": "→", "in": "∈", "sqrt": "√", "dots": "…", "ldots": "…", "quad": " ",
    **{name: name for name in ("log", "ln", "exp", "tanh", "sin", "cos", "max", "min")},
}  # fmt: skip


def to_html(words: str) -> str:
    """Return words as HTML in which nothing is an element but what is marked up here."""
    parts, at = [], 0
    for match in _MARKED.finditer(words):
        name = str(match.lastgroup)
        inside = _formula(match[name]) if name == "formula" else _element(name, match[name])
        parts += [html.escape(words[at : match.start()]), inside]
        at = match.end()
    return "".join([*parts, html.escape(words[at:])])


def _formula(formula: str) -> str:
    """Return a formula with its letters slanted, its indices low and its powers high."""
    plain = re.sub(r"\\([a-zA-Z]+)\s?", lambda match: _SIGNS.get(match[1], match[0]), formula)
    plain = re.sub(r"\\[,;! ]", " ", plain).replace("-", "−")
    parts = []
    for match in _IN_FORMULA.finditer(plain):
        if match["sign"]:
            inside = match["single"] if match["group"] is None else match["group"]
            parts.append(_element("sub" if match["sign"] == "_" else "sup", inside))
        else:
            is_letter = match["word"] is not None and len(match["word"]) == 1
            parts.append(_element("var", match[0]) if is_letter else html.escape(match[0]))
    return "".join(parts)


def _element(name: str, inside: str) -> str:
    return f"<{name}>{html.escape(inside)}</{name}>"
