"""Where long work may be interrupted for others: between slices of training, blocks of rows, and parts of a frame.

Who computes for many at once says what is to happen there; for everybody else a break is nothing. Where work can't be
interrupted, such as in another library, it is done aside: others go on meanwhile.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

_offered = threading.local()


def take_break() -> None:
    """Let others have the processor for a while, if somebody in this thread offered to."""
    offer: Callable[[], None] | None = getattr(_offered, "offer", None)
    if offer is not None:
        offer()


def aside() -> AbstractContextManager[None]:
    """Do what takes long and can't be interrupted while others go on, if somebody in this thread offered to."""
    offer: Callable[[], AbstractContextManager[None]] | None = getattr(_offered, "aside", None)
    return nullcontext() if offer is None else offer()


@contextmanager
def breaks(
    offer: Callable[[], None], aside: Callable[[], AbstractContextManager[None]] | None = None
) -> Iterator[None]:
    """Call `offer` wherever work in this thread may be interrupted, and do within `aside` what can't be."""
    before = getattr(_offered, "offer", None), getattr(_offered, "aside", None)
    _offered.offer, _offered.aside = offer, aside
    try:
        yield
    finally:
        _offered.offer, _offered.aside = before
