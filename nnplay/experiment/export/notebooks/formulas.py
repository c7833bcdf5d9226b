"""How activations, outputs, losses and first weights are written in a notebook, by name.

NumPy's lines do what the engine does in the same order, so that on one machine no bit differs: arrays are
(units, n_samples), ``z`` are a layer's sums, ``a`` its activations, ``y`` the targets, ``n`` the number of samples.
PyTorch's take and give a tensor.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from nnplay.engine import activations, initializers
from nnplay.engine.activations import Activation
from nnplay.engine.initializers import Initializer


@dataclass(frozen=True)
class Written:
    """How an activation is written; its parameters stand in braces.

    Attributes
    ----------
    value, slope : str
        In NumPy: of ``z``, and of ``z`` and ``a``.
    torch : str
        In PyTorch, of ``z``.
    before : tuple of str
        Lines that come before the value, and before the slope.
    """

    value: str
    slope: str
    torch: str
    before: tuple[str, ...] = ()


ACTIVATIONS: Mapping[str, Written] = {
    "relu": Written("np.maximum(z, 0)", "np.sign(a)  # 1 where the unit is on, else 0", "torch.relu(z)"),
    "leaky_relu": Written(
        "np.maximum(z, {slope} * z)",
        "np.maximum(np.sign(a), {slope})  # 1 where a is positive, else {slope}",
        "F.leaky_relu(z, {slope})",
    ),
    "tanh": Written("np.tanh(z)", "1 - a**2", "torch.tanh(z)"),
    "elu": Written(
        "np.where(z > 0, z, {alpha} * np.expm1(np.minimum(z, 0)))",
        "np.where(a > 0, {slope_above}, a + {alpha})",
        "F.elu(z, {alpha})",
    ),
    "sigmoid": Written("1 / (1 + np.exp(-z))", "a * (1 - a)", "torch.sigmoid(z)"),
    "identity": Written("z", "np.ones_like(a)", "z"),
    "softplus": Written(
        "np.logaddexp(z, 0)", "-np.expm1(-a)  # which is the sigmoid of z", "F.softplus(z, threshold=40)"
    ),
    "silu": Written("z * s", "s + a * (1 - s)", "F.silu(z)", ("s = 1 / (1 + np.exp(-z))",)),
    "gelu": Written(
        "0.5 * z * (1 + t)",
        "0.5 * z * (1 - t * t) * (c * (1 + 3 * 0.044715 * z * z)) + 0.5 * (1 + t)",
        'F.gelu(z, approximate="tanh")',
        ("c = math.sqrt(2 / math.pi)", "t = np.tanh(c * (z + 0.044715 * z * z * z))"),
    ),
    "sine": Written("np.sin(z)", "np.cos(z)", "torch.sin(z)"),
}

#: The outputs, of the last layer's sums: in NumPy and in PyTorch, where a row is a sample.
OUTPUTS: Mapping[str, tuple[tuple[str, ...], str]] = {
    "identity": (("return z",), "z"),
    "sigmoid": (("return 1 / (1 + np.exp(-z))",), "torch.sigmoid(z)"),
    "softmax": (("e = np.exp(z - z.max(0))  # so that none is too large", "return e / e.sum(0)"), "z.softmax(1)"),
}

#: What the error of an output becomes on its way to the sum below it: times the output's slope.
THROUGH_OUTPUT: Mapping[str, str] = {
    "identity": "",
    "sigmoid": "delta * a * (1 - a)  # through the sigmoid",
    "softmax": "(delta - (a * delta).sum(0)) * a  # through the softmax",
}


@dataclass(frozen=True)
class WrittenLoss:
    """How a loss is written.

    Attributes
    ----------
    formula : str
        In LaTeX, for one sample's outputs a and targets y.
    value : str
        In NumPy, of z, a, y and n.
    error : str
        The same loss's slope with a, or for the cross-entropies with z.
    torch : str
        In PyTorch, of the logits z, the outputs a, the targets y.
    is_through_output : bool
        Whether the error still has to go through the output.
    """

    formula: str
    value: str
    error: str
    torch: str
    is_through_output: bool = True


LOSSES: Mapping[str, WrittenLoss] = {
    "binary_cross_entropy": WrittenLoss(
        r"-y \log a - (1 - y) \log(1 - a)",
        "float(np.sum(np.maximum(z, 0) - y * z + np.log1p(np.exp(-np.abs(z))))) / n",
        "(a - y) * (1 / n)",
        'F.binary_cross_entropy_with_logits(z, y, reduction="sum") / len(y)',
        False,
    ),
    "categorical_cross_entropy": WrittenLoss(
        r"-\sum y \log a",
        "float(np.sum(y * (np.log(np.exp(z - z.max(0)).sum(0)) - (z - z.max(0))))) / n",
        "(a - y) * (1 / n)",
        "F.cross_entropy(z, y)",
        False,
    ),
    "mean_squared_error": WrittenLoss(
        r"(a - y)^2, \text{ the mean over samples and outputs}",
        "float(np.sum((a - y) ** 2)) / y.size",
        "(a - y) * (2 / y.size)",
        "((a - y) ** 2).mean()",
    ),
    "sum_squared_error": WrittenLoss(
        r"(a - y)^2, \text{ the sum over samples and outputs}",
        "float(np.sum((a - y) ** 2))",
        "(a - y) * 2",
        "((a - y) ** 2).sum()",
    ),
    "quadratic": WrittenLoss(
        r"\tfrac12 \sum (a - y)^2",
        "0.5 * float(np.sum((a - y) ** 2)) / n",
        "(a - y) * (1 / n)",
        "0.5 * ((a - y) ** 2).sum() / len(y)",
    ),
}

#: The first weights of a layer, of n_in, n_out and rng; an initializer's parameters stand in braces.
INITIALIZERS: Mapping[str, tuple[str, ...]] = {
    "zeros": ("np.zeros((n_in, n_out))",),
    "normal": ("rng.normal(0, {std}, (n_in, n_out))",),
    "uniform": ("rng.uniform(-{limit}, {limit}, (n_in, n_out))",),
}
#: Those that choose the spread by the layer's size: the variance, and whether it is uniform.
_SCALED: Mapping[str, tuple[str, bool]] = {
    "xavier_uniform": ("1 / ((n_in + n_out) / 2)", True),
    "xavier_normal": ("1 / ((n_in + n_out) / 2)", False),
    "he_uniform": ("2 / n_in", True),
    "he_normal": ("2 / n_in", False),
    "lecun_normal": ("1 / n_in", False),
}


def parameters_of(made: Activation | Initializer) -> dict[str, Any]:
    """Return the parameters that a name carries, and their values."""
    return {name: getattr(made, name) for name in type(made).__dataclass_fields__}


def written(activation: Activation) -> Written:
    """Return how an activation is written, with its parameters' values."""
    form, values = ACTIVATIONS[activation.name], parameters_of(activation)
    torch = form.torch.format(**values)
    if isinstance(activation, activations.ELU) and activation.slope_above != 1:
        # Backward only: what is added is 0, and its slope is not.
        torch += f" + {activation.slope_above - 1!r} * (torch.relu(z) - torch.relu(z).detach())"
    return Written(form.value.format(**values), form.slope.format(**values), torch, form.before)


def first_weights(name: str) -> list[str]:
    """Return the lines that draw a layer's first weights by the initializer of that name: the last is a value."""
    made = initializers.get(name)
    if made.name not in _SCALED:
        return [line.format(**parameters_of(made)) for line in INITIALIZERS[made.name]]
    variance, is_uniform = _SCALED[made.name]
    if is_uniform:
        return [
            f"variance = {variance}  # {made.name}: signals keep their size",
            "limit = math.sqrt(3 * variance)  # numbers from -c to c have variance c²/3",
            "rng.uniform(-limit, limit, (n_in, n_out))",
        ]
    return [
        f"variance = {variance}  # {made.name}: signals keep their size",
        "rng.normal(0, math.sqrt(variance), (n_in, n_out))",
    ]
