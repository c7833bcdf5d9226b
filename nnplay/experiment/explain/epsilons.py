"""The difference quotient of one parameter for many widths: where it is exact, and where it breaks down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nnplay.engine.activations import Array
from nnplay.engine.gradient_check import same_sides
from nnplay.experiment.explain.ledger import Ledger
from nnplay.experiment.training.breaks import take_break
from nnplay.validation import integer, must_be

#: The narrowest and the widest, as powers of ten.
NARROWEST, WIDEST = -14, 0


@dataclass(frozen=True)
class EpsilonScan:
    """Difference quotients ``[L(w + ε) − L(w − ε)] / 2ε`` of the loss by one parameter, for many ε.

    Too narrow, and the two losses differ by no more than they were rounded: the quotient is noise. Too wide, and it is
    the slope of a chord across a curve.

    Attributes
    ----------
    epsilons, loss_plus, loss_minus, quotients : ndarray, (n,)
    gradient : float
        By backpropagation.
    errors : ndarray, (n,)
        ``|quotient − gradient| / max(|quotient|, |gradient|)``; 0 where both are 0.
    rounding : ndarray, (n,)
        How far rounding the losses alone can put a quotient off.
    crosses_kink : ndarray of bool, (n,)
        Where some unit is on another side of its kink at w + ε than at w − ε.
    best : int
        Which quotient is nearest to the gradient.
    """

    epsilons: Array
    loss_plus: Array
    loss_minus: Array
    quotients: Array
    gradient: float
    errors: Array
    rounding: Array
    crosses_kink: Array
    best: int


def differences_by_epsilon(ledger: Ledger, layer: int, i: int, j: int, n: int = 81) -> EpsilonScan:
    """Return the difference quotients of one parameter, for `n` widths from 1e-14 to 1.

    Parameters
    ----------
    ledger : Ledger
    layer, i, j : int
        Which parameter; i = n_in is the bias of unit j.
    n : int
        From 2 to 1000.
    """
    must_be("ledger", ledger, Ledger)
    index = ledger.parameter_index(layer, i, j)
    epsilons = np.logspace(NARROWEST, WIDEST, integer("n", n, 2, 1000))
    plus, minus, crosses = np.empty(n), np.empty(n), np.zeros(n, bool)
    differences = ledger.probe.differences
    for k, epsilon in enumerate(epsilons.tolist()):
        plus[k], sides_plus = differences.loss_at(index, epsilon)
        minus[k], sides_minus = differences.loss_at(index, -epsilon)
        crosses[k] = not same_sides(sides_plus, sides_minus)
        take_break()
    gradient = ledger.gradient(layer, i, j)
    with np.errstate(all="ignore"):
        quotients = (plus - minus) / (2 * epsilons)
        scale = np.maximum(np.abs(quotients), abs(gradient))
        errors = np.divide(np.abs(quotients - gradient), scale, out=np.zeros(n), where=scale > 0)
        rounding = np.finfo(np.float64).eps * np.maximum(np.abs(plus), np.abs(minus)) / (2 * epsilons)
    best = int(np.argmin(np.where(np.isfinite(errors), errors, np.inf)))
    return EpsilonScan(epsilons, plus, minus, quotients, gradient, errors, rounding, crosses, best)
