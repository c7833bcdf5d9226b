"""Your own data as one line of text: drawn, or read from a file, and stored in a configuration and a link.

The text is ``"1"``, the version, and then base64url of zlib of these bytes, all numbers little-endian:

=====================  ==============================================================================
``u1`` flags           bit 0: regression; bit 1: a domain follows the counts; bit 2: columns are fine, with ``u4`` k;
                       bit 3: some columns are words, or have gaps
``u1``, ``u1``, ``u2``  columns, classes (0 for regression), samples
4 × ``f8``             the domain, if there is one: x_low, x_high, y_low, y_high
``u2``, UTF-8          length in bytes, and JSON: [class names, column names], or also the target's name; length 0:
                       the usual ones. With bit 3: [class names, column names, target's name, categories of each
                       column, numbers of the columns with gaps]; a column of numbers has no categories
each column            ``i1`` exponent, ``i8`` offset, then every sample's ``u2`` k: (offset + k) · 2^exponent;
                       first the low bytes of all k, then the higher ones, which compress better by themselves.
                       Of words ``u1`` for each sample's category. Before it, if it has gaps, a bit for each sample
the targets            ``u1`` for each class index, or a column
=====================  ==============================================================================

A value moves by at most 1/65535 of its column's extent on its way into the text, and no more when it is written again.
Of a table whose columns are too skewed for that, all columns are fine. What a gap is filled with is not in the text:
the training rows tell it.
"""

from __future__ import annotations

import base64
import binascii
import functools
import json
import math
import struct
import zlib
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.dataset import Dataset
from nnplay.datasets.input_columns import MAX_CATEGORIES, PlainColumn, described, n_inputs_of, plain
from nnplay.datasets.names import printable
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import number, shown

#: What the configuration calls it: what is shown on a plane, and a table, which isn't and may be larger.
OWN, TABLE = "own", "table"
MIN_POINTS, MAX_POINTS = 4, 1000
MAX_CLASSES = 10
MAX_FEATURES = 20
MAX_ROWS, MAX_COLUMNS = 10_000, 50
#: Of a table, where each category of words is an input.
MAX_INPUTS = 100
#: Coordinates and targets are at most this far from 0.
FARTHEST = 1e6

_PLAINLY = "must be complete and unchanged, as nnplay wrote them"
_VERSION = "1"
_LONGEST_NAMES = 40_000
#: Finest and coarsest step of a column, as powers of two.
_FINEST, _COARSEST = -30, 6
_REGRESSION, _HAS_DOMAIN, _FINE, _DESCRIBED = 1, 2, 4, 8
#: How far a value of a table may be moved: a share of the column's standard deviation, and of the value itself.
_TOLERANCE = 1e-3

#: ((x_low, x_high), (y_low, y_high)).
Domain = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, eq=False)
class OwnData:
    """What a text holds.

    Attributes
    ----------
    data : Dataset
    domain : pair of pairs, optional
        The square that the points were drawn in, which stays however they lie.
    target : str
        What is predicted; empty where it has no name.
    """

    data: Dataset
    domain: Domain | None = None
    target: str = ""


def encode(data: Dataset, domain: Domain | None = None, *, target: str = "", as_table: bool = False) -> str:
    """Return `data`, of one target for each sample, as the text that :func:`decode` reads.

    Parameters
    ----------
    data : Dataset
    domain : pair of pairs, optional
        The square that the points were drawn in.
    target : str
        What is predicted.
    as_table : bool
        Whether there may be as many as :data:`MAX_ROWS` samples and :data:`MAX_INPUTS` features.

    Raises
    ------
    ValueError
        If there are too few or too many samples, features or classes, or a value is too far from 0.
    """
    regression = data.task == "regression"
    _check_counts(data.n_samples, data.n_features, data.n_classes, regression, as_table)
    if data.y.ndim != 1:
        raise Refusal("points", "must have one target per sample", data.y.shape[1])
    for values in (data.X, data.y):
        if np.abs(values).max() > FARTHEST:
            raise Refusal("points", f"must lie within {FARTHEST:,.0f} of 0", shown(_farthest(values)))
    columns = plain(data.columns, data.X)
    numbers = [column.known for column in columns if not column.categories and len(column.known)]
    width = 4 if as_table and any(map(_is_skewed, [*numbers, data.y] if regression else numbers)) else 2
    is_described = any(column.categories or column.gaps is not None for column in columns)
    flags = _REGRESSION * regression + _HAS_DOMAIN * (domain is not None) + _FINE * (width == 4)
    flags += _DESCRIBED * is_described
    parts = [struct.pack("<BBBH", flags, len(columns), data.n_classes, data.n_samples)]
    if domain is not None:
        _check_domain(domain)
        parts.append(struct.pack("<4d", *domain[0], *domain[1]))
    parts.append(_pack_names(data, target, columns, is_described))
    parts += [_pack_plain(column, width) for column in columns]
    parts.append(_pack_column(data.y, width) if regression else data.y.astype("u1").tobytes())
    packed = zlib.compress(b"".join(parts), 9)
    return _VERSION + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


@functools.lru_cache(maxsize=16)
def decode(text: str, as_table: bool = False) -> OwnData:
    """Return the data that `text` holds.

    Raises
    ------
    ValueError
        If it is none that :func:`encode` could have written.
    """
    reader = _Reader(_unpacked(text, as_table))
    flags, n_columns, n_classes, n_samples = reader.numbers("BBBH")
    if flags & ~(_REGRESSION | _HAS_DOMAIN | _FINE * as_table | _DESCRIBED):
        raise _unreadable("of a kind that this version doesn't know")
    regression = bool(flags & _REGRESSION)
    _check_counts(n_samples, n_columns, n_classes, regression, as_table)
    domain = _read_domain(reader) if flags & _HAS_DOMAIN else None
    names = _read_names(reader, n_classes, n_columns, bool(flags & _DESCRIBED))
    width = 4 if flags & _FINE else 2
    columns = [
        _read_plain(reader, n_samples, width, name, categories, has_gaps)
        for name, categories, has_gaps in zip(names.columns, names.categories, names.has_gaps, strict=True)
    ]
    _check_counts(n_samples, n_inputs_of(columns), n_classes, regression, as_table)
    X, feature_names, made = described(columns)
    y: NDArray[Any]
    if regression:
        y = _read_column(reader, n_samples, width)
    else:
        indices = np.frombuffer(reader.take(n_samples), dtype="u1").astype(np.int64)
        present = np.unique(indices)
        if present[-1] >= n_classes:
            raise _unreadable(f"with a class number {present[-1]} among {n_classes} classes")
        if len(present) < 2:
            raise Refusal("points", "must have at least 2 classes", "only one")
        # One-hot rows, so that a class keeps its number, and colour, where one before it has no points.
        y = np.eye(n_classes)[indices]
    if reader.left:
        raise _unreadable(f"with {reader.left} bytes too many")
    task = "regression" if regression else "classification"
    if not flags & _DESCRIBED:
        return OwnData(Dataset(X, y, task, names.classes, names.columns, name=OWN), domain, names.target)
    data = Dataset(X, y, task, names.classes, feature_names, name=OWN).of_columns(made)
    return OwnData(data, domain, names.target)


# --- limits -------------------------------------------------------------------------------------------------


def _limits(as_table: bool) -> tuple[int, int]:
    """Return how many samples and features there may be."""
    return (MAX_ROWS, MAX_INPUTS) if as_table else (MAX_POINTS, MAX_FEATURES)


def _max_bytes(as_table: bool) -> int:
    samples, features = _limits(as_table)
    return (4 if as_table else 2) * samples * (features + 1) + samples * features // 8 + _LONGEST_NAMES


def _check_counts(n_samples: int, n_features: int, n_classes: int, regression: bool, as_table: bool) -> None:
    most_samples, most_features = _limits(as_table)
    if not MIN_POINTS <= n_samples <= most_samples:
        raise Refusal("points", f"must have from {MIN_POINTS} to {most_samples} samples", n_samples)
    if not 1 <= n_features <= most_features:
        raise Refusal("points", f"must have from 1 to {most_features} inputs", n_features)
    if regression and n_classes:
        raise Refusal("points", "must have values or classes, not both", f"{n_classes} classes")
    if not regression and not 2 <= n_classes <= MAX_CLASSES:
        raise Refusal("points", f"must have 2 to {MAX_CLASSES} classes", n_classes)


def _farthest(values: NDArray[Any]) -> float:
    return float(values.flat[np.abs(values).argmax()])


def _unreadable(how: str) -> Refusal:
    return Refusal("points", "must be a data set's text, complete and unchanged", f"one {how}", plainly=_PLAINLY)


# --- the text -----------------------------------------------------------------------------------------------


def _unpacked(text: str, as_table: bool) -> bytes:
    max_bytes = _max_bytes(as_table)
    if not isinstance(text, str):
        raise TypeRefusal("points", "must be a string", shown(text))
    if not text.startswith(_VERSION):
        raise Refusal("points", f"must begin with {_VERSION!r}, its version", shown(text), plainly=_PLAINLY)
    if len(text) > 2 * max_bytes:
        raise Refusal("points", f"must have at most {2 * max_bytes} characters", len(text))
    try:
        # validate=True is only for the standard alphabet.
        standard = text[1:].replace("-", "+").replace("_", "/").encode("ascii")
        packed = base64.b64decode(standard + b"=" * (-len(standard) % 4), validate=True)
        # A few bytes can unpack to gigabytes: no more than a data set can have.
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(packed, max_bytes)
    except (UnicodeEncodeError, binascii.Error, zlib.error):
        raise _unreadable("that is damaged or cut short") from None
    if not unpacking.eof or unpacking.unused_data:
        raise _unreadable("that is damaged, cut short or too long")
    return content


class _Reader:
    """Takes bytes from the front; there must be enough of them."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 0

    @property
    def left(self) -> int:
        return len(self._content) - self._at

    def take(self, count: int) -> bytes:
        if count > self.left:
            raise _unreadable("that ends too soon")
        self._at += count
        return self._content[self._at - count : self._at]

    def numbers(self, form: str) -> tuple[Any, ...]:
        return struct.unpack(f"<{form}", self.take(struct.calcsize(f"<{form}")))


def _read_domain(reader: _Reader) -> Domain:
    x_low, x_high, y_low, y_high = reader.numbers("4d")
    domain = (x_low, x_high), (y_low, y_high)
    _check_domain(domain)
    return domain


def _check_domain(domain: Domain) -> None:
    for end in (*domain[0], *domain[1]):
        number("domain", end, -2 * FARTHEST, 2 * FARTHEST)
    # A square: what is painted on it and its grid are.
    width, height = (high - low for low, high in domain)
    if not (width > 1e-6 and abs(width - height) <= 1e-6 * width):
        raise Refusal("domain", "must be a square that the points lie on", f"{width:g} by {height:g}")


# --- names --------------------------------------------------------------------------------------------------


def _usual_names(n_classes: int, n_features: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    return tuple(str(k) for k in range(n_classes)), tuple(f"x{k}" for k in range(1, n_features + 1))


def _pack_names(data: Dataset, target: str, columns: list[PlainColumn], is_described: bool) -> bytes:
    names: tuple[object, ...] = data.class_names, data.feature_names
    if is_described:
        gaps = [place for place, column in enumerate(columns) if column.gaps is not None]
        categories = [column.categories for column in columns]
        names = data.class_names, [column.name for column in columns], target, categories, gaps
    elif target:
        names = *names, target
    elif names == _usual_names(data.n_classes, data.n_features):
        return struct.pack("<H", 0)
    content = json.dumps(names, ensure_ascii=False, separators=(",", ":")).encode()
    return struct.pack("<H", len(content)) + content


class _Names(NamedTuple):
    """What is read of the names, for each column one entry."""

    classes: list[str] | None  # None for regression
    columns: list[str]
    target: str
    categories: list[tuple[str, ...]]
    has_gaps: list[bool]


def _read_names(reader: _Reader, n_classes: int, n_columns: int, is_described: bool) -> _Names:
    """Return the names of the classes, the columns and the target, and of described columns what they are."""
    (length,) = reader.numbers("H")
    names: Any = list(_usual_names(n_classes, n_columns))
    if length:
        try:
            names = json.loads(reader.take(length).decode("utf-8"))
        except (ValueError, RecursionError):
            raise _unreadable("with names that can't be read") from None
    if not isinstance(names, list) or len(names) not in ((5,) if is_described else (2, 3)):
        raise _unreadable("with names that can't be read")
    # What isn't said: no name of the target, and numbers without a gap.
    unsaid: list[Any] = ["", [[]] * n_columns, []]
    class_names, column_names, target, categories, with_gaps = [*names, *unsaid[len(names) - 2 :]]
    if not isinstance(target, str):
        raise _unreadable("with names that can't be read")
    for some, count in ((class_names, n_classes), (column_names, n_columns)):
        if not _are_names(some) or len(some) != count:
            raise _unreadable(f"without a name for each of its {n_classes} classes and {n_columns} columns")
    if not isinstance(categories, list) or len(categories) != n_columns or not all(map(_are_categories, categories)):
        raise _unreadable(f"with categories that aren't 2 to {MAX_CATEGORIES} different names")
    places = range(n_columns)
    if not isinstance(with_gaps, list) or not all(type(place) is int and place in places for place in with_gaps):
        raise _unreadable("with gaps in columns that it doesn't have")
    return _Names(
        [printable(name) for name in class_names] or None,
        [printable(name) for name in column_names],
        printable(target),
        [tuple(printable(name) for name in some) for some in categories],
        [place in with_gaps for place in places],
    )


def _are_names(value: Any) -> bool:
    return isinstance(value, (list, tuple)) and all(isinstance(name, str) for name in value)


def _are_categories(value: Any) -> bool:
    if not _are_names(value):
        return False
    return not value or (2 <= len(value) <= MAX_CATEGORIES and len({printable(name) for name in value}) == len(value))


# --- columns ------------------------------------------------------------------------------------------------


def _is_skewed(values: NDArray[Any]) -> bool:
    """Return whether steps of 1/65535 of the extent are too coarse for most values, or for the least positive one."""
    step = np.ptp(values) / 65535
    least = values.min() if values.min() > 0 else np.inf
    return bool(step > 2 * _TOLERANCE * min(values.std(), least))


def _pack_column(values: NDArray[Any], width: int) -> bytes:
    low, high = float(values.min()), float(values.max())
    most = 256**width - 1
    # The step is a power of two, and the offset a multiple of it: so what was read once is written as it is.
    exponent = max(_FINEST, min(_COARSEST, math.ceil(math.log2(max(high - low, 2.0**_FINEST) / most))))
    if round((high - low) / 2.0**exponent) + 1 > most:
        exponent += 1
    step = 2.0**exponent
    offset = math.floor(low / step)
    steps = (np.rint(values / step) - offset).astype(f"<u{width}")
    return struct.pack("<bq", exponent, offset) + steps.view("u1").reshape(-1, width).T.tobytes()


def _pack_plain(column: PlainColumn, width: int) -> bytes:
    """Return a column of numbers or words, and where it has gaps; what fills these is left out."""
    gaps = column.gaps
    bits = b"" if gaps is None else np.packbits(gaps).tobytes()
    least = column.known.min() if len(column.known) else 0.0
    values = column.values if gaps is None else np.where(gaps, least, column.values)
    return bits + (values.astype("u1").tobytes() if column.categories else _pack_column(values, width))


def _read_plain(
    reader: _Reader, n_samples: int, width: int, name: str, categories: tuple[str, ...], has_gaps: bool
) -> PlainColumn:
    gaps = None
    if has_gaps:
        bits = np.frombuffer(reader.take((n_samples + 7) // 8), dtype="u1")
        gaps = np.unpackbits(bits, count=n_samples).astype(bool)
    if not categories:
        return PlainColumn(name, _read_column(reader, n_samples, width), (), gaps)
    codes = np.frombuffer(reader.take(n_samples), dtype="u1")
    if codes.max() >= len(categories):
        raise _unreadable(f"with a category number {codes.max()} among {len(categories)} categories")
    return PlainColumn(name, codes.astype(np.float64), categories, gaps)


def _read_column(reader: _Reader, n_samples: int, width: int) -> NDArray[np.float64]:
    exponent, offset = reader.numbers("bq")
    places = np.frombuffer(reader.take(width * n_samples), dtype="u1").reshape(width, n_samples)
    steps = np.ascontiguousarray(places.T).view(f"<u{width}")[:, 0].astype(np.int64)
    if not _FINEST <= exponent <= _COARSEST + 1 or abs(offset) > 2**51:
        raise _unreadable("with a column of impossible size")
    values = (offset + steps) * 2.0**exponent
    if np.abs(values).max() > 1.001 * FARTHEST:
        raise Refusal("points", f"must lie within {FARTHEST:,.0f} of 0", shown(_farthest(values)))
    return values
