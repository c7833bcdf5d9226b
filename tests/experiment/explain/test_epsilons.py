"""Difference quotients by width: exact in between, noise where too narrow, a chord where too wide."""

from __future__ import annotations

import numpy as np
import pytest

import nnplay as nn
from nnplay.experiment.explain.epsilons import differences_by_epsilon
from nnplay.refusal import Refusal


def test_of_a_parabola_only_rounding_is_wrong() -> None:
    # a = w·x, L = (a − y)²: with x = 2, w = 0.5, y = 3 the slope is 2·(1 − 3)·2 = −8, and a chord has it, too.
    network = nn.Network([1, 1], output="identity")
    network.parameters = [0.5, 0.0]
    scan = differences_by_epsilon(nn.explain_step(network, [[2.0]], [3.0]), 0, 0, 0)
    assert scan.gradient == -8
    assert (scan.epsilons[0], scan.epsilons[-1], len(scan.epsilons)) == (1e-14, 1.0, 81)
    wide = scan.epsilons > 1e-3
    np.testing.assert_allclose(scan.quotients[wide], -8, rtol=1e-12)
    assert scan.errors[scan.epsilons < 1e-13].max() > 1e-4
    assert (np.abs(scan.quotients + 8)[~wide] < 20 * scan.rounding[~wide] + 8e-16 / scan.epsilons[~wide]).all()
    np.testing.assert_allclose(scan.loss_plus[wide], ((0.5 + scan.epsilons[wide]) * 2 - 3) ** 2, rtol=1e-12)


@pytest.mark.parametrize("dropout", [0.0, 0.5])
def test_both_sides_break_down(dropout: float) -> None:
    network = nn.Network([2, 4, 1], seed=2)
    X = np.random.default_rng(4).normal(size=(9, 2))
    ledger = nn.explain_step(network, X, np.arange(9) % 2, dropout=dropout)
    for place in ((0, 1, 2), (0, 2, 0), (1, 3, 0), (1, 4, 0)):  # weights and biases of both layers
        scan = differences_by_epsilon(ledger, *place)
        if not scan.gradient:  # of a unit that dropout silenced
            assert not scan.errors.any()
            continue
        assert scan.errors[scan.best] == scan.errors.min() < 1e-8
        assert 1e-8 < scan.epsilons[scan.best] < 1e-2
        assert scan.errors[0] > 1e-5
        assert scan.errors[-1] > 1e-3
        assert not scan.crosses_kink.any()
    assert np.array_equal(network.parameters, nn.Network([2, 4, 1], seed=2).parameters)


def test_a_kink_is_named_where_it_is_crossed() -> None:
    network = nn.Network([1, 1, 1], "relu", "identity")
    network.parameters = [1.0, 0.0, 1.0, 0.0]  # z = x = 0.01: a bias moved by more than that crosses the kink
    scan = differences_by_epsilon(nn.explain_step(network, [[0.01]], [1.0]), 0, 1, 0, n=29)
    assert np.array_equal(scan.crosses_kink, scan.epsilons >= 0.01)


def test_single_precision_is_differentiated_in_double() -> None:
    network = nn.Network([2, 3, 1], dtype="float32")
    scan = differences_by_epsilon(nn.explain_step(network, [[1.0, 2.0]], [1]), 0, 0, 0)
    assert scan.errors[scan.best] < 1e-6  # the gradient itself is as exact as float32 is
    assert abs(scan.quotients[scan.best] / scan.gradient - 1) < 1e-6


def test_what_cannot_be_is_refused() -> None:
    ledger = nn.explain_step(nn.Network([2, 3, 1]), [[1.0, 2.0]], [1])
    for arguments, message in (
        ((3, 0, 0, 0), "ledger must be an instance of Ledger"),
        ((ledger, 2, 0, 0), "layer must be an integer from -2 to 1; got 2"),
        ((ledger, 0, 3, 0), "i must be an integer from 0 to 2; got 3"),
        ((ledger, 0, 0, 3), "j must be an integer from 0 to 2; got 3"),
        ((ledger, 0, 0, 0, 1), "n must be an integer from 2 to 1000; got 1"),
    ):
        with pytest.raises(Refusal, match=message):
            differences_by_epsilon(*arguments)
