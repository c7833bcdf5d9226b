"""Where long work may be interrupted for others: between slices of training, blocks of rows, and parts of a frame.

Who computes for many at once says what is to happen there; for everybody else a break is nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_offered = threading.local()


def take_break() -> None:
    """Let others have the processor for a while, if somebody in this thread offered to."""
    offer: Callable[[], None] | None = getattr(_offered, "offer", None)
    if offer is not None:
        offer()


@contextmanager
def breaks(offer: Callable[[], None]) -> Iterator[None]:
    """Call `offer` wherever work in this thread may be interrupted."""
    before = getattr(_offered, "offer", None)
    _offered.offer = offer
    try:
        yield
    finally:
        _offered.offer = before
