"""What a browser's request holds: numbers that are what the protocol says, or it is no request."""

from __future__ import annotations

from typing import Any

#: Largest number in a request: where a double begins to skip integers.
LARGEST = 2**53


class BadRequest(ValueError):
    """A request that the protocol doesn't know."""


def whole(request: Any, name: str, low: int = 0, high: int = LARGEST) -> int:
    """Return a whole number of a request, which may be written as a float.

    Raises
    ------
    BadRequest
        If it is missing, or another one.
    """
    value = request.get(name) if isinstance(request, dict) else None
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadRequest
    return value
