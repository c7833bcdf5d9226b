"""Work that takes long, done in a thread of its own, in slices, taking turns with the other visitors."""

from __future__ import annotations

import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Sequence
from typing import Generic, TypeVar

from nnplay.refusal import Refusal
from nnplay.server.turns import Account, Turns

T = TypeVar("T")
#: If nobody has looked for so long, the visitor is gone, and so is the work.
ABANDONED_SECONDS = 15.0


class Job(ABC):
    """Work that goes on in a thread, whatever page the visitor looks at, until it is done, or stopped.

    Parameters
    ----------
    name : str
        Of the thread.
    turns : Turns
        Who computes when.
    account : Account, optional
        The visitor's, by which that is decided.
    """

    def __init__(self, name: str, turns: Turns, account: Account | None = None) -> None:
        self._turns, self._account = turns, account or Account()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True, name=name)

    @abstractmethod
    def _run(self) -> None:
        """Do the work, in turns, until it is stopped."""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it goes on."""
        return self._thread.is_alive()

    def stop(self) -> None:
        """End it after the slice under way; what is done stays."""
        self._stopped.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it has ended."""
        self._thread.join(seconds)


class Background(Job, Generic[T]):
    """Does one piece of work after another until all are done, or it is stopped, or nobody looks any more.

    It begins at once.

    Parameters
    ----------
    works : sequence of callable
        Each returns a generator, which yields what share of it is done.
    turns, account, name
        As a :class:`Job` takes them.

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
        self,
        works: Sequence[Callable[[], Generator[float, None, T]]],
        turns: Turns,
        account: Account | None = None,
        name: str = "background",
    ) -> None:
        super().__init__(name, turns, account)
        self.n_works = len(works)
        self.results: list[T] = []
        self.share = 0.0
        self.refusal: Refusal | None = None
        self._works = works
        self._looked_at = time.monotonic()
        self.start()

    @property
    def is_running(self) -> bool:
        """Whether it goes on; to ask is to show that someone looks."""
        self._looked_at = time.monotonic()
        return super().is_running

    @property
    def is_done(self) -> bool:
        """Whether all was done."""
        return len(self.results) == self.n_works

    def _run(self) -> None:
        try:
            self._do_all()
        except Refusal as refusal:
            self.refusal = refusal

    def _do_all(self) -> None:
        for work in self._works:
            if not self._do(work()):
                return

    def _do(self, work: Generator[float, None, T]) -> bool:
        """Do a piece; return False if that was not to the end."""
        self.share = 0.0
        try:
            while not (self._stopped.is_set() or time.monotonic() - self._looked_at > ABANDONED_SECONDS):
                with self._turns.turn(self._account):
                    self.share = next(work)
        except StopIteration as done:
            self.results.append(done.value)
            return True
        return False
