"""Downloads a large data set: once for all who ask, in the background, and with a time limit.

A process of its own does it, so that one that hangs can be ended. What it fetched lies in a file afterwards, from which
:mod:`nnplay.datasets.stored.sets` reads.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Sequence

from nnplay.datasets.stored import files, sets
from nnplay.datasets.stored.files import NotAtHand

#: A fetch that takes longer is given up.
TIME_LIMIT = 180.0

_UNDER_WAY: dict[str, Fetch] = {}
_LOCK = threading.Lock()


class Fetch:
    """A data set on its way.

    Parameters
    ----------
    name : str
        "mnist" or "california".
    command : sequence of str, optional
        What fetches it, and writes a sentence on the standard error if it can't.
    seconds : float
        After which it is given up.

    Attributes
    ----------
    n_waiting : int
        Visitors who asked for it and didn't cancel.
    problem : str or None
        Why it failed, in a sentence.
    """

    def __init__(self, name: str, command: Sequence[str] | None = None, seconds: float = TIME_LIMIT) -> None:
        self.name = name
        self.problem: str | None = None
        self.n_waiting = 0
        self._seconds, self._cancelled = seconds, False
        self._process = subprocess.Popen(
            command or [sys.executable, "-m", files.__name__, name],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        self._thread = threading.Thread(target=self._wait_for_process, name=f"fetch-{name}", daemon=True)
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it is still on its way."""
        return self._thread.is_alive()

    @property
    def can_be_shared(self) -> bool:
        """Whether one more may wait for it: one that is cancelled takes a moment to end."""
        return self.is_running and not self._cancelled

    @property
    def share(self) -> float:
        """How much of it has arrived on disk, from 0 to 1."""
        there_is = sets.STORED[self.name].fetched_megabytes
        return min(1.0, files.fetched_megabytes(self.name) / there_is)

    def wait(self) -> None:
        """Wait until it is there, or has failed."""
        self._thread.join()

    def cancel(self) -> None:
        """Wait for it no longer; if nobody else does, it is ended."""
        with _LOCK:
            self.n_waiting -= 1
            if self.n_waiting <= 0:
                self._cancelled = True
                self._process.kill()

    def _wait_for_process(self) -> None:
        try:
            _, said = self._process.communicate(timeout=self._seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()
            host = files.HOSTS[self.name]
            self.problem = f"{host} didn't send it within {self._seconds:g} seconds."
            return
        if self._process.returncode:
            lines = said.strip().splitlines()
            self.problem = "It was cancelled." if self._cancelled else (lines or ["The download failed."])[-1]
            return
        try:
            sets.load(self.name)
        except (NotAtHand, ValueError, OSError, MemoryError) as error:
            self.problem = str(error)


def start(name: str) -> Fetch:
    """Return the fetch of a data set that is under way, or else begin one; one more waits for it."""
    with _LOCK:
        fetch = _UNDER_WAY.get(name)
        if fetch is None or not fetch.can_be_shared:
            fetch = _UNDER_WAY[name] = Fetch(name)
        fetch.n_waiting += 1
        return fetch
