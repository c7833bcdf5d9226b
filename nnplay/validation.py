"""Checks of arguments, each with a :class:`~nnplay.refusal.Refusal` of what isn't as it must be.

It knows NumPy and of nnplay only how a refusal is worded, so that the engine, the datasets and the experiments can
share it.
"""

from __future__ import annotations

import difflib
import math
import numbers
import reprlib
from collections.abc import Iterable
from typing import Any

import numpy as np

from nnplay.refusal import Refusal, TypeRefusal

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
    options = list(options)
    for option in options:  # "mse" is mean_squared_error, "lr" the learning_rate
        if "_" in option and value.lower() == "".join(word[:1] for word in option.split("_")):
            return option
    nearest = difflib.get_close_matches(value.lower(), options, n=1)
    return nearest[0] if nearest else None


def choice(name: str, value: Any, options: Iterable[str], *, chosen: str = "") -> str:
    """Return `value` if it is one of `options`, those of what was `chosen`; else refuse it with the nearest one."""
    options = tuple(options)
    if isinstance(value, str) and value in options:
        return value
    listed = ", ".join(map(repr, options))
    nearest = nearest_choice(value, options) if isinstance(value, str) else None
    raise Refusal(name, f"must be one of {listed}", shown(value), nearest, options=options, chosen=chosen)


def dtype_name(dtype: Any) -> Any:
    """Return the name of a NumPy dtype or of a type such as ``numpy.float32``; anything else as it is."""
    return np.dtype(dtype).name if isinstance(dtype, np.dtype | type) else dtype


def integer(name: str, value: Any, low: int | None = None, high: int | None = None, *, index: int | None = None) -> int:
    """Return `value`, entry `index` of argument `name`, as an int in [`low`, `high`]; no boolean and no fraction."""
    is_integer = isinstance(value, numbers.Integral) and not isinstance(value, (bool, np.bool_))
    if is_integer and (low is None or value >= low) and (high is None or value <= high):
        return int(value)
    between = _between(low, high)
    refusal = Refusal if is_integer else TypeRefusal
    plainly = f"must be a whole number{between}"
    raise refusal(name, f"must be an integer{between}", shown(value), index=index, plainly=plainly)


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
    is_number = isinstance(value, numbers.Real) and not isinstance(value, (bool, np.bool_))
    try:
        result = float(value) if is_number else math.nan
    except OverflowError:  # an integer beyond the largest float
        result = math.inf
    inside = (
        math.isfinite(result)
        and (low is None or result >= low)
        and (high is None or result <= high)
        and (above is None or result > above)
        and (below is None or result < below)
    )
    if inside:
        return result
    between = _between(low, high, above, below)
    refusal = Refusal if is_number else TypeRefusal
    raise refusal(name, f"must be a finite number{between}", shown(value), plainly=f"must be a number{between}")


def boolean(name: str, value: Any) -> bool:
    """Return `value` if it is True or False; nothing else is taken for a truth value."""
    if isinstance(value, (bool, np.bool_)):
        return bool(value)
    raise TypeRefusal(name, "must be True or False", shown(value), plainly="must be true or false")


def must_be(name: str, value: Any, kind: type) -> None:
    """Raise TypeError if `value` is no instance of `kind`."""
    if not isinstance(value, kind):
        raise TypeRefusal(name, f"must be an instance of {kind.__name__}", shown(value))


def is_list_of_values(value: Any) -> bool:
    """Return whether `value` holds others one after the other; a text doesn't count, though it holds characters.

    An array of no dimension says that it can be iterated over and measured, and can't.
    """
    return not isinstance(value, (str, bytes)) and isinstance(value, Iterable) and getattr(value, "ndim", 1) != 0


def real_array(name: str, value: Any, wanted: str) -> np.ndarray:
    """Return `value` as an array of real numbers of any shape; else raise TypeError saying what is `wanted`."""
    refuse_sparse_and_masked(name, value)
    try:
        array = numbers_of(np.asarray(value))
    except ValueError:  # rows of different lengths
        raise TypeRefusal(name, wanted, shown(value)) from None
    if array.dtype.kind not in "buif":
        raise TypeRefusal(name, wanted, _described(value))
    return array


def refuse_sparse_and_masked(name: str, value: Any) -> None:
    """Raise TypeError if `value` is sparse, and ValueError if entries of it are masked: NumPy would not see that."""
    if hasattr(value, "toarray"):
        raise TypeRefusal(name, "must be a dense array", "a sparse one", advice=f"Use {name}.toarray().")
    parts = value if isinstance(value, (list, tuple)) else [value]
    masked = sum(int(np.ma.count_masked(part)) for part in parts if isinstance(part, np.ma.MaskedArray))
    if masked:
        advice = "Fill them in, or leave those rows out."
        raise Refusal(name, "must have no masked entries", masked, advice=advice)


def numbers_of(array: np.ndarray) -> np.ndarray:
    """Return numbers and truth values that are held as objects in a dtype for numbers; any other array as it is."""
    if array.dtype != object or not all(isinstance(each, (numbers.Real, np.bool_)) for each in array.flat):
        return array
    return np.array(array.tolist())


def _described(value: Any) -> str:
    """Return what `value` is, of a table with a column that holds no numbers the name of that column."""
    if hasattr(value, "X") and hasattr(value, "y"):
        return "a whole data set. Use its X"
    for name in getattr(value, "columns", ()) if hasattr(value, "dtypes") else ():
        if np.asarray(value[name]).dtype.kind not in "buif" and numbers_of(np.asarray(value[name])).dtype == object:
            return f"a table whose column {shown(name)} holds other things"
    return shown(value)


def row_selection(rows: Any, n_rows: int) -> Any:
    """Return `rows` as what NumPy takes the rows of an array of `n_rows` by: a slice, or row numbers.

    Raises
    ------
    TypeError, ValueError
        If they are neither a slice, nor row numbers of such an array, nor a truth value for each row.
    """
    wanted = f"must be a slice, row numbers from 0 to {n_rows - 1}, or a truth value for each of the {n_rows} rows"
    if isinstance(rows, slice):
        if not all(part is None or isinstance(part, numbers.Integral) for part in (rows.start, rows.stop, rows.step)):
            raise TypeRefusal("rows", wanted, shown(rows))
        if rows.step == 0:
            raise Refusal("rows", wanted, shown(rows))
        return rows
    if isinstance(rows, (str, bytes)) or not hasattr(rows, "__len__"):
        raise TypeRefusal("rows", wanted, shown(rows))
    refuse_sparse_and_masked("rows", rows)
    try:
        indices = numbers_of(np.asarray(rows))
    except ValueError:  # rows of different lengths
        raise TypeRefusal("rows", wanted, shown(rows)) from None
    if indices.size == 0 and indices.ndim == 1:
        return np.zeros(0, np.intp)
    if indices.ndim != 1 or indices.dtype.kind not in "biuO":
        raise TypeRefusal("rows", wanted, shown(rows))
    if indices.dtype == bool:
        if len(indices) != n_rows:
            raise Refusal("rows", wanted, f"{len(indices)} truth values")
        return np.flatnonzero(indices)
    outside = [index for index in indices.tolist() if not (isinstance(index, int) and -n_rows <= index < n_rows)]
    if outside:
        refusal = Refusal if isinstance(outside[0], int) else TypeRefusal
        raise refusal("rows", wanted, shown(outside[0]))
    return indices.astype(np.intp)


def float_matrix(name: str, value: Any, *, columns: int | None = None) -> np.ndarray:
    """Return `value` as a finite array of shape (n_samples, `columns`), n_samples ≥ 1.

    Its dtype stays if it is a float, and else becomes float64.
    """
    wanted = f"must be an array of numbers of shape (n_samples, {columns or 'n_features'})"
    array = real_array(name, value, wanted)
    if array.ndim != 2 or 0 in array.shape or (columns is not None and array.shape[1] != columns):
        is_vector = array.ndim == 1 and array.size
        advice = f"Use {name}.reshape(-1, 1) for one feature, or {name}.reshape(1, -1) for one sample."
        raise Refusal(name, wanted, f"shape {array.shape}", advice=advice if is_vector else "")
    finite(name, array)
    return array if array.dtype.kind == "f" else array.astype(np.float64)


def finite(name: str, array: np.ndarray) -> None:
    """Raise ValueError, saying where, if `array` holds a NaN or an infinity."""
    if np.isfinite(array).all():
        return
    where = np.argwhere(~np.isfinite(array))
    first = tuple(int(i) for i in where[0])
    got = f"{array[first]} at {list(first)} ({len(where)} such values in all)"
    raise Refusal(name, "must hold finite numbers only", got)


def fits(name: str, array: np.ndarray, dtype: np.dtype) -> None:
    """Raise ValueError if a number of `array` is beyond the largest one of the dtype that it is to be held in."""
    if array.dtype.itemsize > dtype.itemsize and array.size:
        largest = float(np.abs(array).max())
        if largest > float(np.finfo(dtype).max):
            wanted = f"must lie within {float(np.finfo(dtype).max):.4g} of 0, the largest number of {dtype.name}"
            raise Refusal(name, wanted, f"{largest:.4g}")


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
