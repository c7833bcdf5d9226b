"""Counts of what a server does: how often in the last minute, how long it took, and how much of it goes on now."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

#: What is counted is kept for so many seconds.
SECONDS = 60


class Meter:
    """Adds up what happens, second by second, for a minute.

    Parameters
    ----------
    clock : callable
        Seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._mutex = threading.Lock()
        self._began = clock()
        self._second = int(self._began)
        self._sums = [0.0] * SECONDS
        self._counts = [0] * SECONDS
        self._longest = [0.0] * SECONDS
        self.total = 0.0

    def add(self, amount: float = 1.0) -> None:
        """Count so much."""
        with self._mutex:
            at = self._now() % SECONDS
            self._sums[at] += amount
            self._counts[at] += 1
            self._longest[at] = max(self._longest[at], amount)
            self.total += amount

    def per_second(self, seconds: int = 10) -> float:
        """Return how much there was in a second, over the last few that are complete."""
        with self._mutex:
            complete = self._complete(seconds)
            return sum(self._sums[at] for at in complete) / max(1, len(complete))

    def mean(self) -> float:
        """Return how large each amount of the last minute was; 0 where there was none."""
        with self._mutex:
            self._now()
            return sum(self._sums) / max(1, sum(self._counts))

    def largest(self) -> float:
        """Return the largest amount of the last minute; 0 where there was none."""
        with self._mutex:
            self._now()
            return max(self._longest)

    def _now(self) -> int:
        """Return the present second; those since the last time begin empty."""
        now = int(self._clock())
        for second in range(max(self._second + 1, now - SECONDS + 1), now + 1):
            at = second % SECONDS
            self._sums[at], self._counts[at], self._longest[at] = 0.0, 0, 0.0
        self._second = now
        return now

    def _complete(self, seconds: int) -> list[int]:
        now = self._now()
        since = max(now - min(seconds, SECONDS - 1), int(self._began))
        return [second % SECONDS for second in range(since, now)]


#: Frames that were sent, and answers to browsers that play.
FRAMES, ANSWERS = Meter(), Meter()
#: Seconds that somebody waited for a turn.
WAITS = Meter()
#: Visitors who were turned away.
TURNED_AWAY = Meter()
