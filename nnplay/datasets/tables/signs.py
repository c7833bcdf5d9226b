"""What the points and commas in a table's numbers mean, decided from the whole table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from nnplay.datasets.tables.numbers import GROUPS_ALONE, KIN, Shapes, Signs, is_numeric

#: Of the two signs, the one that isn't the decimal sign may group digits.
OTHER = {".": ",", ",": "."}
_MOST_SHAPES = 500


def _sure_decimal(sign: str) -> re.Pattern[str]:
    """Return what only a decimal sign looks like: not three digits behind it, or more before it than a group has."""
    s, o = re.escape(sign), re.escape(OTHER[sign])
    return re.compile(
        rf"(?<![\d{s}]){s}\d|\d{{4}}{s}\d|{o}\d{{3}}{s}|\d{s}\d{{4}}|[ ']\d{{3}}{s}\d"
        rf"|\d{s}\d{{0,2}}(?![\d.,])"
    )


def _sure_group(sign: str) -> re.Pattern[str]:
    """Return what only a sign that groups digits looks like: two of them, or the other sign behind it."""
    s, o = re.escape(sign), re.escape(OTHER[sign])
    return re.compile(rf"\d{s}\d{{2,3}}{s}\d{{3}}(?!\d)|\d{s}\d{{3}}{o}")


_SURE = {sign: (_sure_decimal(sign), _sure_group(sign)) for sign in ".,"}
_EITHER = {sign: re.compile(rf"(?<![\d.,])\d{{1,3}}{re.escape(sign)}\d{{3}}(?![\d.,])") for sign in ".,"}
_GROUPED = {sign: re.compile(rf"\d{sign}\d{{3}}(?!\d)") for sign in GROUPS_ALONE}
_NOT_OF_NUMBERS = re.compile(r"[^\d.,' ]")


@dataclass
class Evidence:
    """How often a table's columns show what a sign means.

    Attributes
    ----------
    decimal, group : dict
        For each sign, in how many columns it can only be the decimal sign, or only group digits.
    either : dict
        For each sign, an example of where it could be both, with whether whole numbers beside it are all below 1000,
        and whether some are above.
    alone : dict
        For a blank and an apostrophe, in how many columns they group digits.
    ungrouped : int
        In how many columns nothing groups the digits of whole numbers above 10 000.
    """

    decimal: dict[str, int] = field(default_factory=lambda: {".": 0, ",": 0})
    group: dict[str, int] = field(default_factory=lambda: {".": 0, ",": 0})
    either: dict[str, list[tuple[str, str, bool, bool]]] = field(default_factory=lambda: {".": [], ",": []})
    alone: dict[str, int] = field(default_factory=lambda: {" ": 0, "'": 0})
    ungrouped: int = 0

    def look_at(self, name: str, cells: Sequence[str], shapes: Shapes) -> None:
        """Take in a column of numbers."""
        # Words among the numbers say nothing; of many shapes the first hundreds say enough.
        known = [shape for shape in shapes.distinct if is_numeric(shape)][:_MOST_SHAPES]
        # Whole numbers, their currency apart.
        cores = [_NOT_OF_NUMBERS.sub("", shape).strip() for shape in known]
        lengths = [len(core) for core in cores if core.isdigit()]
        short, long = any(length <= 3 for length in lengths), any(length > 3 for length in lengths)
        text = b"\0" + shapes.text if any(sign in shape for shape in known for sign in ".,") else b""
        for sign in ".,":
            with_sign = [shape for shape in known if sign in shape]
            if not with_sign:
                continue
            decimal, group = _SURE[sign]
            first_zero = any(start + sign.encode() in text for start in (b"\x000", b"\0-0", b"\0+0"))
            self.decimal[sign] += first_zero or any(map(decimal.search, with_sign))
            self.group[sign] += any(map(group.search, with_sign))
            either = {shape for shape in with_sign if _EITHER[sign].search(shape)}
            if either:
                example = int(np.argmax(shapes.holding(shape in either for shape in shapes.distinct)))
                self.either[sign].append((name, cells[example], short, long))
        for sign in GROUPS_ALONE:
            self.alone[sign] += any(map(_GROUPED[sign].search, known))
        self.ungrouped += any(length > 4 for length in lengths)


@dataclass(frozen=True)
class Decision:
    """What the signs were taken for, and where the other meaning was possible: a column's name, and an example."""

    signs: Signs
    doubt: tuple[str, str, str] | None = None


def decide(evidence: Evidence, separator: str, decimal: str | None, thousands: str | None) -> Decision:
    """Return what the signs mean; what was said counts, and the rest follows from the table.

    Parameters
    ----------
    evidence : Evidence
        Of all columns.
    separator : str
        Cells parted by semicolons are common where the decimal sign is a comma.
    decimal, thousands : str, optional
        What was said.
    """
    doubt = None
    if decimal is None and thousands in (".", ","):
        decimal = OTHER[thousands]
    if decimal is None:
        decimal, sign = _decimal(evidence, separator)
        if sign and evidence.either[sign]:
            name, example, *_ = evidence.either[sign][0]
            doubt = (name, example, sign)
    if thousands is not None:
        return Decision(Signs(decimal, thousands), doubt)
    groups = OTHER[decimal] if evidence.group[OTHER[decimal]] or evidence.either[OTHER[decimal]] else ""
    return Decision(Signs(decimal, groups + "".join(sign for sign, count in evidence.alone.items() if count)), doubt)


def usual_blank(sign: str) -> str:
    """Return the usual blank or apostrophe for one of their kin; other signs as they are."""
    return KIN.get(sign, sign)


def _decimal(evidence: Evidence, separator: str) -> tuple[str, str | None]:
    """Return the decimal sign, and the sign whose meaning could be the other one."""
    point, comma = (evidence.decimal[sign] + evidence.group[OTHER[sign]] for sign in ".,")
    if point != comma:
        return ("." if point > comma else ","), None
    if point:
        return (",", None) if separator == ";" else (".", None)
    points, commas = evidence.either["."], evidence.either[","]
    if points and commas:
        return ("," if separator == ";" else "."), ("," if len(commas) >= len(points) else ".")
    if commas and separator != "," and (evidence.ungrouped or any(evidence.alone.values())):
        return ",", ","  # digits are grouped otherwise, or not at all
    if commas:
        return (("." if _are_groups(commas, separator != ";") else ","), ",")
    if points:
        return (("," if separator != "," and _are_groups(points, False) else "."), ".")
    return (".", None)


def _are_groups(seen: list[tuple[str, str, bool, bool]], by_default: bool) -> bool:
    """Return whether numbers such as 1,234 are thousands: the whole numbers beside them are all shorter."""
    if any(above for *_, above in seen):
        return False
    return any(below for *_, below, _ in seen) or by_default
