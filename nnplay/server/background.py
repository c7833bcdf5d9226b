"""Work that takes long, done in a thread of its own, in slices, taking turns with the other visitors."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Sequence
from typing import Generic, TypeVar

from nnplay.refusal import Refusal
from nnplay.server.turns import Account, Turns

T = TypeVar("T")
#: If nobody has looked for so long, the visitor is gone, and so is the work.
ABANDONED_SECONDS = 15.0


class Background(Generic[T]):
    """Does one piece of work after another until all are done, or it is stopped, or nobody looks any more.

    Parameters
    ----------
    works : sequence of callable
        Each returns a generator, which yields what share of it is done.
    turns : Turns
        Who computes when.
    account : Account
        The visitor's, by which that is decided.

    Attributes
    ----------
    results : list
        Of the pieces that are done.
    share : float
        How far the piece under way is, from 0 to 1.
    refusal : Refusal or None
        Why a piece could not be done; none after it is begun.
    """

    def __init__(
        self, works: Sequence[Callable[[], Generator[float, None, T]]], turns: Turns, account: Account
    ) -> None:
        self.n_works = len(works)
        self.results: list[T] = []
        self.share = 0.0
        self.refusal: Refusal | None = None
        self._works, self._turns, self._account = works, turns, account
        self._stop = threading.Event()
        self._looked_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True, name="background")
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it goes on; to ask is to show that someone looks."""
        self._looked_at = time.monotonic()
        return self._thread.is_alive()

    @property
    def is_done(self) -> bool:
        """Whether all was done."""
        return len(self.results) == self.n_works

    def stop(self) -> None:
        """End it after the slice under way; what is done stays."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it has ended."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            for work in self._works:
                if not self._do(work()):
                    return
        except Refusal as refusal:
            self.refusal = refusal

    def _do(self, work: Generator[float, None, T]) -> bool:
        """Do a piece; return False if that was not to the end."""
        self.share = 0.0
        try:
            while not (self._stop.is_set() or time.monotonic() - self._looked_at > ABANDONED_SECONDS):
                with self._turns.turn(self._account):
                    self.share = next(work)
        except StopIteration as done:
            self.results.append(done.value)
            return True
        return False
