"""The formulas of a step: worked by hand, and well formed for any network."""

from __future__ import annotations

import numpy as np
import pytest

import nnplay as nn
from nnplay.engine.activations import ACTIVATIONS
from nnplay.engine.losses import LOSSES
from nnplay.experiment.explain import latex
from nnplay.refusal import Refusal

PAIRS = [(loss, output) for loss in LOSSES for output in LOSSES[loss].valid_outputs]


def test_a_step_worked_by_hand() -> None:
    # x = 2; z₁ = 0.5·2 − 1.5 = −0.5, a₁ = z₁; z₂ = −2·(−0.5) + 0.25 = 1.25; y = 1: L = 0.25² = 0.0625, δ₂ = 2·0.25
    network = nn.Network([1, 1, 1], "identity", "identity")
    network.parameters = [0.5, -1.5, -2.0, 0.25]
    ledger = nn.explain_step(network, [[2.0]], [1.0], optimizer=nn.SGD(0.1))
    first, second = ledger.formulas(0, 0, 0), ledger.formulas(1, 1, 0)
    assert first["sum"].letters == r"z^{(1)}_{1} = \sum_{i} w^{(1)}_{i1} \, x_i + b^{(1)}_{1}"
    assert first["sum"].numbers == r"z^{(1)}_{1} = 0.5 \cdot 2 - 1.5 = -0.5"
    assert second["sum"].numbers == r"z^{(2)}_{1} = -2 \cdot (-0.5) + 0.25 = 1.25"
    assert second["loss"].numbers == r"L = \left(1.25 - 1\right)^2 = 0.0625"
    assert second["error"].numbers == r"\delta^{(2)}_{1} = 0.5 \cdot 1 = 0.5"
    assert first["error"].numbers == r"\delta^{(1)}_{1} = \left( -2 \cdot 0.5 \right) \cdot 1 = -1"
    assert first["gradient"].letters == (
        r"\frac{\partial L}{\partial w^{(1)}_{11}} = \sum_s x_{1}(s) \, \delta^{(1)}_{1}(s)"
    )
    assert first["gradient"].numbers.endswith(r" = 2 \cdot (-1) = -2")
    assert first["update"].letters == r"w^{(1)}_{11} \leftarrow w^{(1)}_{11} + -\eta \cdot g".replace("+ -", "- ")
    assert first["update"].numbers == r"w^{(1)}_{11} \leftarrow 0.5 - 0.1 \cdot (-2) = 0.7"
    assert second["update"].numbers == r"b^{(2)}_{1} \leftarrow 0.25 - 0.1 \cdot 0.5 = 0.2"


@pytest.mark.parametrize(
    ("value", "written"),
    [(0.0, "0"), (-0.0, "0"), (1234.56, "1235"), (-0.000012345, r"-1.234\cdot 10^{-5}"), (2e7, r"2\cdot 10^{7}"),
     (np.nan, r"\text{NaN}"), (-np.inf, r"-\infty"), (np.float32(0.1), "0.1")],
)  # fmt: skip
def test_numbers_have_four_digits(value: float, written: str) -> None:
    assert latex.number(value) == written


@pytest.mark.parametrize(("loss", "output"), PAIRS)
@pytest.mark.parametrize("optimizer", [nn.SGD(momentum=0.9, nesterov=True), nn.RMSProp(), nn.Adagrad(), nn.Adam()])
def test_any_step_can_be_written(loss: str, output: str, optimizer: nn.SGD) -> None:
    rng = np.random.default_rng(0)
    activations = [*ACTIVATIONS][:3] if output == "softmax" else [*ACTIVATIONS][-3:]
    network = nn.Network([3, 2, 12, 2, 2], activations, output)
    y = rng.random((11, 2)) if loss != "categorical_cross_entropy" else rng.integers(0, 2, 11)
    ledger = nn.explain_step(network, rng.normal(size=(11, 3)), y, loss, optimizer, nn.L2(0.1), dropout=0.3)
    for text in (ledger.to_latex(), ledger.to_latex(layer=1), ledger.to_latex(layer=1, unit=11, sample=10)):
        assert text.count("{") == text.count("}")
        assert text.count(r"\left") - text.count(r"\leftarrow") == text.count(r"\right")
        assert "+ -" not in text
        assert "nan" not in text.lower()
        assert text.startswith(r"\begin{aligned}")
        assert text.endswith(r"\end{aligned}")
    assert ledger.to_latex(layer=1, unit=11).count(r"\leftarrow") == 3  # two weights and a bias
    assert r"\cdots" in ledger.formulas(2, 0, 0)["sum"].numbers


def test_what_cannot_be_is_refused() -> None:
    ledger = nn.explain_step(nn.Network([2, 3, 1]), [[1.0, 2.0]], [1])
    for arguments, message in (
        ({"layer": 2}, "layer must be an integer from -2 to 1"),
        ({"layer": 0, "unit": 3}, "unit must be an integer from 0 to 2"),
        ({"unit": 1}, "unit must come with the layer that it is in"),
        ({"sample": 1}, "sample must be an integer from 0 to 0"),
    ):
        with pytest.raises(Refusal, match=message):
            ledger.to_latex(**arguments)
