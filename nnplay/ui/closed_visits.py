"""Frees what closed visits leave behind: after a fixed time, not when the next visitor happens to come.

Streamlit keeps a visit for two minutes after its connection was lost, for one may come back. But it looks at the time
only when another connection is lost, it never lets go of such a visit's uploads, and much of a run refers to itself, so
that it stays until Python's collector looks for it. A thread in the background closes visits, and calls the collector.
"""

from __future__ import annotations

import gc
import threading
import time
from collections.abc import Callable
from typing import Any

from nnplay import limits
from nnplay.ui.streamlit_internals import server, visits

#: A visit is closed when its connection has been lost for so long; how often that is looked at.
KEPT_SECONDS, LOOK_SECONDS = limits.value("visit_kept_seconds"), 10.0


class Sweep:
    """Closes visits whose connection has been lost for long.

    Parameters
    ----------
    visits : module or object
        What :mod:`~nnplay.ui.streamlit_internals.visits` has.
    clock : callable
        Seconds.
    collect : callable
        Frees what refers to itself.
    """

    def __init__(
        self,
        visits: Any,
        clock: Callable[[], float] = time.monotonic,
        collect: Callable[[], Any] = gc.collect,
    ) -> None:
        self._visits, self._clock, self._collect = visits, clock, collect
        self._since: dict[str, float] = {}

    def look(self) -> None:
        """Close the visits whose time is up, and free their memory."""
        now, disconnected = self._clock(), self._visits.disconnected()
        ended = self._since.keys() - disconnected  # connected again, or closed meanwhile
        self._since = {visit: self._since.get(visit, now) for visit in disconnected}
        for visit, since in self._since.items():
            if now - since >= KEPT_SECONDS:
                self._visits.close(visit)
        if ended:
            self._collect()


def begin() -> None:
    """Look again and again in a thread of its own, as long as the server lives."""
    if not server.running():  # a test runs the page alone
        return
    sweep = Sweep(visits)

    def go_on() -> None:
        while server.running():
            time.sleep(LOOK_SECONDS)
            try:
                sweep.look()
            except (AttributeError, RuntimeError):  # a Streamlit of another build, or one that is shutting down
                return

    threading.Thread(target=go_on, name="closed-visits", daemon=True).start()
