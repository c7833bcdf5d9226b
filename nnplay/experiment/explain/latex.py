"""The formulas of a step in LaTeX, each twice: with letters, and with the numbers put in.

Layers and units are counted from 1, as in books. KaTeX can draw all of it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from nnplay.engine.activations import Array
from nnplay.experiment.explain.layer_ledger import LayerLedger, Term

#: Of a longer sum, the first terms and the last are written; of a larger matrix, the first rows and columns.
MOST_TERMS = 8
MOST_ROWS = 8

FUNCTIONS = {"tanh": r"\tanh", "sigmoid": r"\sigma", "sine": r"\sin", "relu": r"\operatorname{ReLU}"}


class Formula(NamedTuple):
    """A formula, and the same with numbers."""

    letters: str
    numbers: str


def number(value: float) -> str:
    """Return a number with 4 significant digits."""
    if np.isnan(value):
        return r"\text{NaN}"
    if np.isinf(value):
        return r"\infty" if value > 0 else r"-\infty"
    text = f"{value + 0.0:.4g}"  # and no minus before a zero
    mantissa, _, exponent = text.partition("e")
    return rf"{mantissa}\cdot 10^{{{int(exponent)}}}" if exponent else text


def product(values: Sequence[float]) -> str:
    """Return the product of numbers; the negative ones after the first are bracketed."""
    return r" \cdot ".join(number(v) if v >= 0 or k == 0 else rf"({number(v)})" for k, v in enumerate(values))


def added(terms: Sequence[str]) -> str:
    """Return the sum of `terms`; a long one has dots in the middle."""
    if len(terms) > MOST_TERMS:
        terms = [*terms[: MOST_TERMS - 2], r"\cdots", terms[-1]]
    return re.sub(r"\+ -", "- ", " + ".join(terms)) if terms else "0"


def forward(layer: LayerLedger, unit: int, sample: int) -> list[Formula]:
    """Return how a unit's z and a come about for a sample."""
    h, j = layer.number, unit + 1
    z, x, w = layer.pre_activations[sample, unit], layer.inputs[sample], layer.weights[:, unit]
    b = rf" + b^{{({h})}}_{{{j}}}" if layer.has_bias else ""
    terms = [product(pair) for pair in zip(w, x, strict=True)] + (
        [number(layer.biases[unit])] if layer.has_bias else []
    )
    sum_up = Formula(
        rf"z^{{({h})}}_{{{j}}} = \sum_{{i}} w^{{({h})}}_{{i{j}}} \, {_input(layer)}_i{b}",
        rf"z^{{({h})}}_{{{j}}} = {added(terms)} = {number(z)}",
    )
    a, value = rf"a^{{({h})}}_{{{j}}}", number(layer.activations[sample, unit])
    if layer.is_output and layer.activation == "softmax":
        powers = [rf"e^{{{number(each)}}}" for each in layer.pre_activations[sample]]
        squash = Formula(
            rf"{a} = \frac{{e^{{z_{{{j}}}}}}}{{\sum_k e^{{z_k}}}}",
            rf"{a} = \frac{{{powers[unit]}}}{{{added(powers)}}} = {value}",
        )
    elif layer.activation == "identity":
        squash = Formula(rf"{a} = z^{{({h})}}_{{{j}}}", rf"{a} = {value}")
    else:
        g = function(layer)
        squash = Formula(rf"{a} = {g}\left(z^{{({h})}}_{{{j}}}\right)", rf"{a} = {g}\left({number(z)}\right) = {value}")
    return [sum_up, squash]


def function(layer: LayerLedger) -> str:
    """Return how the activation of a layer is written."""
    name = layer.activation.partition("(")[0]
    return FUNCTIONS.get(name) or rf"\operatorname{{{name.replace('_', '-')}}}"


def loss(name: str, outputs: Array, targets: Array, value: float) -> Formula:
    """Return the loss of a sample, with its outputs and targets (n_outputs,)."""
    n_outputs = len(outputs)
    pairs = list(zip(outputs, targets, strict=True))
    if name == "binary_cross_entropy":
        letters = r"-\sum_k \left[ y_k \ln a_k + (1 - y_k) \ln (1 - a_k) \right]"
        terms = [rf"{number(y)} \ln {number(a)} + {number(1 - y)} \ln \left(1 - {number(a)}\right)" for a, y in pairs]
        numbers = rf"-\left[ {added(terms)} \right]"
    elif name == "categorical_cross_entropy":
        letters = r"-\sum_k y_k \ln a_k"
        terms = [rf"{number(y)} \ln {number(a)}" for a, y in pairs if y]
        numbers = rf"-\left[ {added(terms)} \right]"
    else:
        sign = {"mean_squared_error": rf"\frac{{1}}{{{n_outputs}}}", "quadratic": r"\frac{1}{2}"}.get(name, "")
        sign = "" if sign == r"\frac{1}{1}" else sign
        letters = rf"{sign} \sum_k \left(a_k - y_k\right)^2"
        squares = [rf"\left({added([number(a), number(-y)])}\right)^2" for a, y in pairs]
        numbers = (
            rf"{sign} {added(squares)}" if n_outputs == 1 or not sign else rf"{sign} \left[ {added(squares)} \right]"
        )
    return Formula(f"L = {letters.strip()}", f"L = {numbers.strip()} = {number(value)}")


def error(layer: LayerLedger, above: LayerLedger | None, unit: int, sample: int, target: float) -> Formula:
    """Return how a unit's δ comes about for a sample: from the layer above, or from the loss and its `target`."""
    h, j, n = layer.number, unit + 1, len(layer.errors)
    delta = rf"\delta^{{({h})}}_{{{j}}}"
    value = number(layer.errors[sample, unit])
    if above is not None:
        w, errors = above.weights[unit], above.errors[sample]
        mask = "" if layer.mask is None else rf" \cdot m_{{{j}}}"
        factors = [layer.slopes[sample, unit], *([] if layer.mask is None else [layer.mask[sample, unit]])]
        terms = added([product(pair) for pair in zip(w, errors, strict=True)])
        return Formula(
            rf"{delta} = \left( \sum_k w^{{({h + 1})}}_{{{j}k}} \, \delta^{{({h + 1})}}_k \right)"
            rf" \cdot g'\!\left(z^{{({h})}}_{{{j}}}\right){mask}",
            rf"{delta} = \left( {terms} \right) \cdot {product(factors)} = {value}",
        )
    if layer.loss_slopes is None:
        return Formula(
            rf"{delta} = \frac{{a_{{{j}}} - y_{{{j}}}}}{{n}}",
            rf"{delta} = \frac{{{number(layer.activations[sample, unit])} - {number(target)}}}{{{n}}} = {value}",
        )
    slopes = layer.loss_slopes[sample]
    if layer.activation == "softmax":
        a = layer.activations[sample]
        jacobian = a * ((np.arange(len(a)) == unit) - a[unit])
        terms = added([product(pair) for pair in zip(slopes, jacobian, strict=True)])
        return Formula(
            rf"{delta} = \sum_k \frac{{\partial L}}{{\partial a_k}} \, \frac{{\partial a_k}}{{\partial z_{{{j}}}}}",
            rf"{delta} = {terms} = {value}",
        )
    return Formula(
        rf"{delta} = \frac{{\partial L}}{{\partial a_{{{j}}}}} \cdot \frac{{\partial a_{{{j}}}}}{{\partial z_{{{j}}}}}",
        rf"{delta} = {product([slopes[unit], layer.slopes[sample, unit]])} = {value}",
    )


def gradient(layer: LayerLedger, i: int, unit: int) -> Formula:
    """Return the gradient of a weight as the sum over the samples of input × error; i = n_in is the bias."""
    h, j = layer.number, unit + 1
    errors = layer.errors[:, unit]
    if i == layer.n_in:
        name = rf"\frac{{\partial L}}{{\partial b^{{({h})}}_{{{j}}}}}"
        total, terms = layer.bias_gradients[unit], [number(e) for e in errors[: MOST_TERMS + 1]]
        letters = rf"\sum_s \delta^{{({h})}}_{{{j}}}(s)"
    else:
        name = rf"\frac{{\partial L}}{{\partial w^{{({h})}}_{{{i + 1}{_comma(i, unit)}{j}}}}}"
        total = layer.weight_gradients[i, unit]
        terms = [product(pair) for pair in zip(layer.inputs[: MOST_TERMS + 1, i], errors, strict=False)]
        letters = rf"\sum_s {_input(layer)}_{{{i + 1}}}(s) \, \delta^{{({h})}}_{{{j}}}(s)"
    if len(errors) > MOST_TERMS:
        terms = [*terms[: MOST_TERMS - 2], r"\cdots"]
    return Formula(rf"{name} = {letters}", rf"{name} = {added(terms)} = {number(total)}")


def update(layer: LayerLedger, i: int, unit: int, terms: Sequence[Term]) -> Formula:
    """Return how the optimizer changes a weight (i = n_in: a bias), its step being the sum of `terms`."""
    h, j = layer.number, unit + 1
    is_bias = i == layer.n_in
    name = rf"b^{{({h})}}_{{{j}}}" if is_bias else rf"w^{{({h})}}_{{{i + 1}{_comma(i, unit)}{j}}}"
    before, after = (
        (layer.biases[unit], layer.biases_after[unit])
        if is_bias
        else (layer.weights[i, unit], layer.weights_after[i, unit])
    )
    letters = [r" \cdot ".join(factor.symbol for factor in term.factors) for term in terms]
    numbers = [product([factor.value for factor in term.factors]) for term in terms]
    return Formula(
        rf"{name} \leftarrow {added([name, *letters])}",
        rf"{name} \leftarrow {added([number(before), *numbers])} = {number(after)}",
    )


def matrix(values: Array) -> str:
    """Return a matrix; of a large one its upper left corner."""
    rows = [[number(value) for value in row[:MOST_ROWS]] for row in values[:MOST_ROWS]]
    if values.shape[1] > MOST_ROWS:
        rows = [[*row, r"\cdots"] for row in rows]
    if values.shape[0] > MOST_ROWS:
        rows.append([r"\vdots"] * len(rows[0]))
    return r"\begin{pmatrix} " + r" \\ ".join(" & ".join(row) for row in rows) + r" \end{pmatrix}"


def whole_layer(layer: LayerLedger) -> list[str]:
    """Return a layer's gradients, its penalties if there are some, and its steps, as matrices."""
    h = layer.number
    lines = [rf"\frac{{\partial L}}{{\partial W^{{({h})}}}} = {matrix(layer.weight_gradients)}"]
    if layer.has_bias:
        lines.append(rf"\frac{{\partial L}}{{\partial b^{{({h})}}}} = {matrix(layer.bias_gradients[None])}")
    if layer.weight_penalties.any():
        lines.append(rf"\frac{{\partial P}}{{\partial W^{{({h})}}}} = {matrix(layer.weight_penalties)}")
    lines.append(rf"\Delta W^{{({h})}} = {matrix(layer.weight_steps)}")
    if layer.has_bias:
        lines.append(rf"\Delta b^{{({h})}} = {matrix(layer.bias_steps[None])}")
    return lines


def together(lines: Sequence[str]) -> str:
    """Return formulas one below the other, their first signs aligned."""
    marked = [re.sub(r"(\\leftarrow|=)", r"&\1", line, count=1) for line in lines]
    return "\\begin{aligned}\n" + " \\\\\n".join(marked) + "\n\\end{aligned}"


def _input(layer: LayerLedger) -> str:
    return "x" if layer.number == 1 else rf"a^{{({layer.number - 1})}}"


def _comma(i: int, unit: int) -> str:
    """Between two indices of which one has two digits."""
    return "," if max(i, unit) >= 9 else ""
