"""Values that nobody means, and pieces of text that have a meaning somewhere."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import numpy as np

from nnplay.validation import Brief

PIECES = (
    "", " ", "\t", "\n", "\r\n", "\x00", "\x1b[31m", "\u202e", "\u200b", "\ufeff", "\u2028", "é", "数", "١٢", "1_000",
    "１２", "½", "∞", "-", "--", "+", ".", ",", ";", ":", "'", '"', "''", "\\", "/", "|", "(", ")", "()", "[", "]", "{",
    "}", "<b>", "&amp;", "%00", "%s", "{0}", "${x}", "=1+1", "@", "#", "0", "1", "-1", "1e5", "1e999", "-1e-400", "nan",
    "inf", "-inf", "None", "null", "true", "True", "0x10", "1.5", "1,5", "1.234,5", "1'000", "x1", "x2", "x1**2",
    "tanh", "relu", "elu(alpha=2)", "sgd", "spiral", "__import__('os')", "../../etc/passwd", "www.evil.example",
    "m@evil.example", "[a](http://evil.example)", ":red[x]", "$x$", "DROP TABLE", "\U0001f600", "\ud800", "e" * 50,
)  # fmt: skip
LONG = ("1", "A", "(", "[", '"', ",", ";", "\n", "1,", "a=", "x1+", "sin(", "1.", "-", " ", "\\", "é", "9e", "<", "1A")


_brief = Brief(20)


class Awkward:
    """An object that answers nothing."""

    def __repr__(self) -> str:
        return "one\nof\ttwo lines \x1b[31m" + "x" * 100


def text(random: Random, longest: int = 12) -> str:
    """Return a few pieces in a row."""
    return "".join(random.choice(PIECES) for _ in range(random.choice((1, 1, 2, 3, longest))))


def long_text(random: Random, most: int) -> str:
    """Return one piece over and over, and now and then another one at an end."""
    piece = random.choice(LONG)
    body = piece * (random.choice((100, 3000, 50_000, most)) // len(piece))
    return random.choice(("", "1", "x", '"')) + body + random.choice(("", "x", ")", '"'))


def json_value(random: Random, depth: int = 0) -> Any:
    """Return whatever a forged message of a browser may hold."""
    scalar = (
        None, True, False, 0, 1, -1, 3, 2**31, 2**53, 10**40, 0.5, 1e300, -1e-320, "", "2", "\n", "x" * 100_000,
        "__class__", "www.evil.example", "\x1b[31m", "\ud800",
    )  # fmt: skip
    if random.random() < 0.6 or depth > 3:
        return random.choice(scalar)
    inner = [json_value(random, depth + 1) for _ in range(random.randrange(4))]
    return random.choice(
        (inner, {f"{key}": each for key, each in enumerate(inner)}, inner * (300 if depth == 0 else 1))
    )


def said(value: Any) -> str:
    """Return a value as a report has it."""
    return _brief.repr(value)


def value(random: Random, depth: int = 0) -> Any:
    """Return whatever a careless program passes."""
    scalar = (
        None, True, False, 0, 1, -1, 2, 3, 10, 2**31, 2**32, 2**53, 2**63, 2**64, -(2**63), 10**40, 10**400, 10**5000,
        0.0, -0.0, 0.5, 1.0, 1e-320, 1e300, -1e300, math.nan, math.inf, -math.inf, 1j, "", "2", "1.0", b"", b"2", ...,
        np.float64(0.1), np.float32("nan"), np.int64(3), np.bool_(True), np.uint8(200), np.float16(2), np.str_("relu"),
        np.datetime64("2020-01-01"), object(), Awkward(), int, len, range(3), slice(0, 2), "x" * 100_000,
    )  # fmt: skip
    arrays = (
        np.zeros((0, 2)), np.zeros((3, 0)), np.zeros((2, 3)), np.ones(4), np.ones((2, 2, 2)), np.eye(3), np.arange(6),
        np.full((4, 2), np.nan), np.full(4, 1e308), np.array(["a", "b"]), np.array([1j]), np.array([None, 1]),
        np.ma.masked_array([1.0, 2.0], [True, False]), np.array(3.0), np.zeros((4, 2), "float16"),
        np.zeros(4, "datetime64[s]"), np.random.default_rng(0).normal(size=(20, 2)), np.arange(20) % 2,
    )  # fmt: skip
    kind = random.random()
    if kind < 0.5 or depth > 2:
        return random.choice(scalar)
    if kind < 0.7:
        return random.choice(arrays)
    if kind < 0.8:
        return text(random)
    inner = [value(random, depth + 1) for _ in range(random.randrange(4))]
    return random.choice(
        (inner, tuple(inner), dict(enumerate(inner)), [inner] * (1000 if depth == 0 else 1), iter(inner))
    )
