"""One form for every refusal: which argument, what it must be, what it got, and the nearest valid choice.

A leaf module: it knows NumPy and nothing of nnplay, so that the engine, the datasets and the experiments can share it.
"""

from __future__ import annotations

import difflib
import math
import numbers
import reprlib
from collections.abc import Iterable
from typing import Any

import numpy as np

#: Longest piece of a bad value that a message repeats.
MAX_SHOWN = 60
#: Longest name that the nearest choice is looked for: longer than any choice, and the search takes the square of it.
MAX_MISSPELLED = 40

#: Of an integer that is written out: beyond, Python takes its time, and then refuses.
_MOST_BITS = 10_000


class Brief(reprlib.Repr):
    """Writes of a container no more than a message shows, and of an integer no more than Python is willing to."""

    def __init__(self, entries: int) -> None:
        super().__init__()
        self.maxlevel = 3
        self.maxlist = self.maxtuple = self.maxdict = self.maxset = self.maxfrozenset = self.maxdeque = entries
        self.maxstring = self.maxlong = 4 * MAX_SHOWN
        self.maxother = 1000

    def repr_int(self, value: int, level: int) -> str:
        """Return an integer as text, or how many digits it has."""
        if value.bit_length() <= _MOST_BITS:
            return repr(value)
        return f"an integer of {int(value.bit_length() * math.log10(2)) + 1} digits"


_brief = Brief(MAX_SHOWN // 3)


def shown(value: Any) -> str:
    """Return ``repr(value)`` on one line, cut to :data:`MAX_SHOWN` characters, for use in a message.

    However large the value is, only so much of it is written.
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape} and dtype {value.dtype}"
    text = one_line(repr(value[: MAX_SHOWN + 1]) if isinstance(value, (str, bytes)) else _brief.repr(value))
    return text if len(text) <= MAX_SHOWN else text[: MAX_SHOWN - 1] + "…"


def one_line(text: str) -> str:
    """Return `text` with a blank for each run of white space and a code for whatever else can't be seen."""
    if text.isprintable():
        return text
    text = " ".join(text.split())
    return "".join(sign if sign.isprintable() else ascii(sign)[1:-1] for sign in text)


def nearest_choice(value: str, options: Iterable[str]) -> str | None:
    """Return the one of `options` that `value` is most likely meant to be, or None."""
    if len(value) > MAX_MISSPELLED:
        return None
    nearest = difflib.get_close_matches(value.lower(), list(options), n=1)
    return nearest[0] if nearest else None


def choice(name: str, value: Any, options: Iterable[str]) -> str:
    """Return `value` if it is one of `options`; else raise ValueError naming them and the nearest one."""
    options = list(options)
    if isinstance(value, str) and value in options:
        return value
    listed = ", ".join(repr(option) for option in options)
    message = f"{name} must be one of {listed}; got {shown(value)}."
    nearest = nearest_choice(value, options) if isinstance(value, str) else None
    if nearest is not None:
        message += f" Did you mean {nearest!r}?"
    raise ValueError(message)


def integer(name: str, value: Any, low: int | None = None, high: int | None = None) -> int:
    """Return `value` as an int within [`low`, `high`]; booleans and fractions are refused."""
    wanted = f"{name} must be an integer{_between(low, high)}"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Integral):
        raise _refusal(wanted, value)
    value = int(value)
    if (low is not None and value < low) or (high is not None and value > high):
        raise _refusal(wanted, value, ValueError)
    return value


def number(
    name: str,
    value: Any,
    low: float | None = None,
    high: float | None = None,
    *,
    above: float | None = None,
    below: float | None = None,
) -> float:
    """Return `value` as a finite float in [`low`, `high`] and strictly between `above` and `below`."""
    wanted = f"{name} must be a finite number{_between(low, high, above, below)}"
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, numbers.Real):
        raise _refusal(wanted, value)
    try:
        result = float(value)
    except OverflowError:  # an integer beyond the largest float
        result = math.inf
    inside = (
        math.isfinite(result)
        and (low is None or result >= low)
        and (high is None or result <= high)
        and (above is None or result > above)
        and (below is None or result < below)
    )
    if not inside:
        raise _refusal(wanted, value, ValueError)
    return result


def boolean(name: str, value: Any) -> bool:
    """Return `value` if it is True or False; nothing else is taken for a truth value."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise TypeError(f"{name} must be True or False; got {shown(value)}.")


def real_array(wanted: str, value: Any) -> np.ndarray:
    """Return `value` as an array of real numbers of any shape; else raise TypeError saying what is `wanted`."""
    try:
        array = np.asarray(value)
        if array.dtype.kind not in "buif":
            raise TypeError
    except (TypeError, ValueError):
        raise TypeError(f"{wanted}; got {shown(value)}.") from None
    return array


def float_matrix(name: str, value: Any, *, columns: int | None = None) -> np.ndarray:
    """Return `value` as a finite array of shape (n_samples, `columns`), n_samples ≥ 1.

    Its dtype stays if it is a float, and else becomes float64.
    """
    wanted = f"{name} must be an array of numbers of shape (n_samples, {columns or 'n_features'})"
    array = real_array(wanted, value)
    if array.ndim != 2 or 0 in array.shape or (columns is not None and array.shape[1] != columns):
        raise ValueError(f"{wanted}; got shape {array.shape}.")
    finite(name, array)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def finite(name: str, array: np.ndarray) -> None:
    """Raise ValueError, saying where, if `array` holds a NaN or an infinity."""
    if np.isfinite(array).all():
        return
    where = np.argwhere(~np.isfinite(array))
    first = tuple(int(i) for i in where[0])
    raise ValueError(
        f"{name} must hold finite numbers only; got {array[first]} at {list(first)} ({len(where)} such values in all)."
    )


def _between(low: float | None, high: float | None, above: float | None = None, below: float | None = None) -> str:
    if low is not None and high is not None:
        return f" from {_plain(low)} to {_plain(high)}"
    parts = [
        f"{word} {_plain(bound)}"
        for word, bound in (("at least", low), ("at most", high), ("above", above), ("below", below))
        if bound is not None
    ]
    return f" {' and '.join(parts)}" if parts else ""


def _plain(bound: float) -> str:
    return str(bound) if isinstance(bound, int) else f"{bound:g}"


def _refusal(wanted: str, value: Any, kind: type[Exception] = TypeError) -> Exception:
    return kind(f"{wanted}; got {shown(value)}.")
