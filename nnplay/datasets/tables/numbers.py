"""From cells to numbers, a column at a time: what the signs in them mean, and what isn't a number.

A column's cells are read by their *shapes*: "1,234.50" and "7,890.25" have the shape "0,000.00". A table has few of
them, so that each is looked at once, and what it says (which sign is the decimal one, what is to be left out) goes for
all of its cells at a time. The cost grows with the length of the text and no faster: a cell longer than any number is
none.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

#: A longer cell is no number.
LONGEST = 64
#: Share of a column's cells that must be numbers for the others to be mistakes.
MOSTLY = 0.8
#: Signs that group digits whatever the decimal sign is. Blanks of any width are taken for a blank.
GROUPS_ALONE = " '"
#: How many cells of a column are looked at to tell numbers from words.
_LOOKED_AT = 80
#: More digits than these a number doesn't keep.
_DIGITS_KEPT = 15
_DIGITS, _ZEROS = bytes.maketrans(b"123456789", b"000000000"), str.maketrans("123456789", "000000000")
_WHOLE = re.compile(r"[+-]?\d+", re.ASCII)

_MINUS, _BLANK, _APOSTROPHE = "−–﹣－‒", "\xa0\u202f\u2009\u2007\u2008\u200a\u2002\u2003", "’ʼ′‘´"
#: The usual minus, blank and apostrophe for each of their kin.
KIN = {**dict.fromkeys(_MINUS, "-"), **dict.fromkeys(_BLANK, " "), **dict.fromkeys(_APOSTROPHE, "'")}
_CURRENCIES = (
    r"(?:US|R|A|AU|C|CA|HK|NZ|S)?\$|[€£¥₹₽₩₺฿₫₴₦₱¢₪]|USD|EUR|GBP|CHF|JPY|CNY|INR|RUB|SEK|NOK|DKK|PLN|CZK|HUF|AUD|CAD"
    r"|BRL|MXN|ZAR|Rs\.?|Fr\.|SFr\.|kr\.?|zł|Kč|Ft"
)
_UNITS = (
    r"%|‰|°[CF]?|[cmkµn]m|km/h|m/s|mph|[mk]?g/l|[mkµ]g|lbs?|oz|ft|mi|[mhdc]l|ms|min|hrs?|yrs?|years?|days?|[kMG]?Wh"
    r"|[kMG]W|[kMG]?Hz|[kKMGT]B|hPa|kPa|ppm|cm²|m²|km²|m³|(?<= )[mgtlshVAWK]"
)
_INFINITE = re.compile(r"[+-]?(?:inf|infinity|∞|#div/[0]!)", re.IGNORECASE)


@dataclass(frozen=True)
class Signs:
    """What the signs inside of numbers mean: the decimal sign, and those that group digits."""

    decimal: str = "."
    groups: str = ""


@dataclass(frozen=True)
class Numbers:
    """A column's cells as numbers.

    Attributes
    ----------
    values : ndarray of float64, shape (n_rows,)
        NaN where a cell is missing, can't be read, or is infinite.
    bad : list of str
        The cells that can't be read.
    n_infinite : int
    affix : str
        The currency or unit that was taken off each number.
    """

    values: NDArray[np.float64]
    bad: list[str]
    n_infinite: int
    affix: str


class Kind(NamedTuple):
    """What a shape says of its cells, if they are numbers."""

    negative: bool = False
    affix: str = ""
    power: str = ""
    infinite: bool = False


# --- shapes -------------------------------------------------------------------------------------------------


def usual(text: str) -> str:
    """Return text with the usual minus, blank and apostrophe for each of their kin."""
    if not text.isascii():
        for sign, kin in KIN.items():
            if sign in text:
                text = text.replace(sign, kin)
    return text


class Shapes:
    """The cells of a column by their shapes.

    Attributes
    ----------
    text : bytes
        All cells, with a zero after each.
    distinct : list of str
        The shapes.
    index : ndarray of int, shape (n_cells,)
        Which of them each cell has.
    """

    def __init__(self, cells: Sequence[str]) -> None:
        text = usual("\0".join(cells) + "\0")
        if '="' in text:  # what keeps a spreadsheet from taking a text for a number
            text = f"\0{text}".replace('\0="', "\0").replace('"\0', "\0")[1:]
        self.text = text.encode("utf-8", "replace")
        encoded = _arrow(self.text.translate(_DIGITS)).dictionary_encode()
        self.distinct: list[str] = encoded.dictionary.to_pylist()
        self.index: NDArray[np.int32] = encoded.indices.to_numpy()

    def holding(self, wanted: Iterable[bool]) -> NDArray[np.bool_]:
        """Return for each cell what `wanted` says of its shape."""
        return np.fromiter(wanted, dtype=bool, count=len(self.distinct))[self.index]


def _arrow(text: bytes) -> Any:
    """Return cells with a zero after each as an array of PyArrow."""
    import pyarrow  # it takes a moment to load: only where a table is read

    ends = np.flatnonzero(np.frombuffer(text, dtype=np.uint8) == 0)
    offsets = np.zeros(len(ends) + 1, dtype=np.int32)
    offsets[1:] = ends - np.arange(len(ends))  # without the zeros, which are left out
    data = pyarrow.py_buffer(text.translate(None, b"\0"))
    return pyarrow.StringArray.from_buffers(len(ends), pyarrow.py_buffer(offsets), data)


@functools.lru_cache(maxsize=64)
def _form(signs: Signs) -> re.Pattern[str]:
    """Return the pattern of one number, for cells of at most :data:`LONGEST` characters."""
    decimal = re.escape(signs.decimal)
    whole = [r"\d+"]
    if signs.groups:
        whole.insert(0, rf"\d{{1,3}}(?P<group>[{re.escape(signs.groups)}])\d{{3}}(?:(?P=group)\d{{3}})*(?!\d)")
    if "," in signs.groups:
        whole.insert(0, r"\d{1,2}(?:,\d\d)+,\d{3}(?!\d)")
    core = rf"(?:(?:{'|'.join(whole)})(?:{decimal}\d*)?|{decimal}\d+)"
    return re.compile(
        rf"(?P<open>\()?(?P<first>[+-])?\s?(?P<before>{_CURRENCIES})?\s?(?P<second>[+-])?(?P<inner>\()?{core}"
        rf"(?P<power>[eEdD][+-]?\d{{1,4}})?(?P<last>-)?\s?(?P<after>{_CURRENCIES}|{_UNITS})?(?P<close>\))?",
        re.ASCII,
    )


@functools.lru_cache(maxsize=20_000)
def kind(shape: str, signs: Signs) -> Kind | None:
    """Return what a shape says where the signs mean this; None if its cells are no numbers."""
    if len(shape) > LONGEST:
        return None
    shape = shape.strip()
    found = _form(signs).fullmatch(shape)
    if found is None:
        return Kind(infinite=True) if _INFINITE.fullmatch(shape) else None
    minus = [found["first"], found["second"], found["last"]]
    if sum(sign is not None for sign in minus) > 1 or (found["before"] and found["after"]):
        return None
    n_open = (found["open"] is not None) + (found["inner"] is not None)
    if n_open != (found["close"] is not None):
        return None
    negative = "-" in minus or n_open == 1
    return Kind(negative, found["before"] or found["after"] or "", (found["power"] or "")[:1])


_EITHER = (Signs(".", "," + GROUPS_ALONE), Signs(",", "." + GROUPS_ALONE))


@functools.lru_cache(maxsize=20_000)
def is_numeric(shape: str) -> bool:
    """Return whether cells of a shape are numbers under some meaning of their signs."""
    return any(kind(shape, signs) is not None for signs in _EITHER)


def looks_numeric(cell: str) -> bool:
    """Return whether a cell is a number under some meaning of its signs."""
    if not 0 < len(cell) <= LONGEST:
        return False
    if cell.startswith('="') and cell.endswith('"'):
        cell = cell[2:-1]
    return is_numeric(usual(cell).translate(_ZEROS))


def looks_like_numbers(cells: Sequence[str], missing: frozenset[str]) -> bool:
    """Return whether most of a column's cells that are there are numbers under some meaning of their signs."""
    some = [cell for cell in cells[:: max(1, len(cells) // _LOOKED_AT)][: 2 * _LOOKED_AT] if cell not in missing]
    if not some:
        some = [cell for cell in cells if cell not in missing][: 2 * _LOOKED_AT]
    return bool(some) and sum(map(looks_numeric, some)) >= 0.6 * len(some)


# --- numbers ------------------------------------------------------------------------------------------------


def is_identifier(shapes: Shapes) -> str | None:
    """Return why cells of digits are no numbers, as something would be lost; None if they are."""
    digits = [shape.lstrip("+-") for shape in shapes.distinct if _WHOLE.fullmatch(shape)]
    if any(len(shape) > 1 for shape in digits) and re.search(rb"\0[+-]?0\d+\0", b"\0" + shapes.text):
        return "leading zeros"
    if any(len(shape) > _DIGITS_KEPT for shape in digits):
        return "more digits than a number can keep"
    return None


def read_numbers(cells: Sequence[str], missing: NDArray[np.bool_], shapes: Shapes, signs: Signs) -> Numbers | None:
    """Return a column's numbers; None if it is one of words."""
    kinds = [kind(shape, signs) for shape in shapes.distinct]
    read = [found for found in kinds if found is not None]
    affixes = {found.affix for found in read} - {""}
    infinite = shapes.holding(found is not None and found.infinite for found in kinds) & ~missing
    wrong = shapes.holding(found is None for found in kinds) & ~missing
    if len(affixes) > 1 or not read or wrong.sum() > (1 - MOSTLY) * (~missing).sum() + 1e-9:
        return None
    affix = "".join(affixes)
    text = _bare(shapes.text, signs, affix, any(found.power for found in read))
    usable = ~(missing | wrong | infinite)
    numbers = _arrow(text)
    if usable.all():
        values = numbers.cast("double").to_numpy(zero_copy_only=False).copy()
    else:
        values = np.full(len(cells), np.nan)
        values[usable] = numbers.take(np.flatnonzero(usable)).cast("double").to_numpy(zero_copy_only=False)
    negative = shapes.holding(found is not None and found.negative for found in kinds)
    np.negative(np.abs(values), out=values, where=negative)
    infinite |= np.isinf(values)
    values[infinite] = np.nan
    bad = [cells[k] for k in np.flatnonzero(wrong).tolist()]
    return Numbers(values, bad, int(infinite.sum()), affix)


def _bare(text: bytes, signs: Signs, affix: str, has_power: bool) -> bytes:
    """Return cells with nothing but what a number takes; where all signs stand is known from the shapes."""
    if affix:
        text = text.replace(affix.encode(), b"")
    # Where no number has an exponent, signs are left to the shapes: "5-" and "(5)" are negative, too.
    text = text.translate(None, b" ()" + signs.groups.encode() + (b"" if has_power else b"+-"))
    if has_power:
        text = text.replace(b"-\0", b"\0").replace(b"D", b"e").replace(b"d", b"e")
    return text if signs.decimal == "." else text.replace(signs.decimal.encode(), b".")
