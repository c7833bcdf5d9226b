"""The server's own process: its memory, its processor time, and how much memory it may have."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from nnplay import limits

#: Of the memory that there is, what the server may have where the operator doesn't say.
_SHARE = 0.8
#: A limit of a container's memory beyond this means that there is none.
_NO_LIMIT = 1 << 60
_STATM = Path("/proc/self/statm")
_CONTAINER = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def memory_bytes() -> int | None:
    """Return the memory that the process has now; None where the system doesn't tell."""
    try:
        return int(_STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


@cache
def most_memory_bytes() -> int | None:
    """Return the memory that the process may have; None where the operator doesn't say and the system doesn't tell."""
    if set_to := limits.megabytes("memory_megabytes"):
        return set_to
    there = [*filter(None, map(_number_in, _CONTAINER))]
    with contextlib.suppress(OSError, ValueError):
        there.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    return int(_SHARE * min(there)) if there else None


def _number_in(path: Path) -> int | None:
    try:
        number = int(path.read_text())
    except (OSError, ValueError):  # "max", too
        return None
    return number if number < _NO_LIMIT else None


class ProcessorUse:
    """How much of a core the process takes, between two times that one looks.

    Parameters
    ----------
    clock, cpu_clock : callable
        Seconds: of the wall, and of the process.
    """

    #: Looks that are closer than this, or farther apart, tell little about now.
    LEAST, MOST = 1.0, 60.0

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, cpu_clock: Callable[[], float] = time.process_time
    ) -> None:
        self._clock, self._cpu_clock = clock, cpu_clock
        self._seen = (float("-inf"), 0.0)
        self._percent = 0.0

    def wait(self) -> float:
        """Return how many seconds one should wait before :meth:`percent`; what was seen long ago is seen anew."""
        if self._clock() - self._seen[0] <= self.MOST:
            return 0.0
        self._seen = (self._clock(), self._cpu_clock())
        return self.LEAST

    def percent(self) -> float:
        """Return the share of a core, in percent; of two cores that are busy, 200."""
        now, cpu = self._clock(), self._cpu_clock()
        since, cpu_then = self._seen
        if now - since >= self.LEAST:
            self._percent = 100 * (cpu - cpu_then) / (now - since)
            self._seen = (now, cpu)
        return self._percent
