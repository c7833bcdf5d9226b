"""One session trains at a time, in the order of asking.

Threads of Python that train side by side only get into each other's way. ``threading.Lock`` lets anyone in who comes at
the right moment, so that with many visitors some would wait for ever.
"""

from __future__ import annotations

import threading
from collections import deque
from types import TracebackType


class Turns:
    """A lock that is handed on to whoever has waited longest."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._taken = False
        self._waiting: deque[threading.Event] = deque()

    @property
    def awaited(self) -> bool:
        """Whether anyone waits for a turn now."""
        return bool(self._waiting)

    def __enter__(self) -> Turns:
        with self._mutex:
            if not self._taken:
                self._taken = True
                return self
            my_turn = threading.Event()
            self._waiting.append(my_turn)
        my_turn.wait()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()  # the lock stays taken and changes hands
            else:
                self._taken = False
