"""Which rate to try: round ones, as the page's control offers them."""

from __future__ import annotations

import math


def nice(rate: float) -> float:
    """Return the nearest of …, 0.01, 0.03, 0.1, 0.3, …, on a scale of ratios; at most 10, at least 0.0001."""
    exponent = math.floor(math.log10(max(rate, 1e-12)))
    near = [float(f"{digit}e{power}") for power in (exponent, exponent + 1) for digit in (1, 3)]
    best = min(near, key=lambda each: abs(math.log(each / max(rate, 1e-12))))
    return min(10.0, max(1e-4, best))


def smaller(rate: float, times: float) -> float:
    """Return a round rate about so many times smaller, and smaller in any case."""
    found = nice(rate / times)
    return found if found < rate else rate / times


def stable(rate: float, share: float) -> float:
    """Return a tenth of `rate`, or less where that is more than three times the largest stable one (`share` of it)."""
    return smaller(rate, max(10.0, 3 * min(share, 1e3)) if math.isfinite(share) else 10.0)


def larger(rate: float, times: float) -> float:
    """Return a round rate about so many times larger, and larger in any case."""
    found = nice(rate * times)
    return found if found > rate else rate * times
