"""A visitor's sweep under way: in a thread of its own, whatever page the visitor looks at; no Streamlit in here.

In this process it goes in slices, and takes turns with the other visitors. In other processes, or on a cluster, the
thread only waits for what they bring.
"""

from __future__ import annotations

import threading
import weakref

from nnplay.experiment.compare.sweeps.sweep import Sweep
from nnplay.experiment.compare.sweeps.workers import WorkersLostError
from nnplay.refusal import Refusal
from nnplay.server.answers import TRAINING
from nnplay.server.background import Job
from nnplay.server.compare.sweep_limits import CLUSTER, HERE, MOST_SWEEPS, PROCESSES, n_processes
from nnplay.server.compare.sweep_link import in_words
from nnplay.server.turns import Account, Turns
from nnplay.wording import counted

#: All that train now, of all visitors.
_RUNNING: weakref.WeakSet[SweepJob] = weakref.WeakSet()
_MUTEX = threading.Lock()
#: A slice of training, where others wait for their turn, and where nobody does.
SLICE_SECONDS, SLICE_SECONDS_ALONE = 0.01, 0.04


def n_running() -> int:
    """Return how many sweeps train now."""
    return sum(job.is_running for job in list(_RUNNING))


class SweepJob(Job):
    """Trains a sweep until it is done, or stopped. What is done stays in the sweep.

    Parameters
    ----------
    sweep : Sweep
    place : {"threads", "loky", "dask"}
    turns, account
        As a :class:`~nnplay.server.background.Job` takes them.

    Attributes
    ----------
    problem : str or None
        Why it could not go on, in a sentence.
    """

    def __init__(
        self, sweep: Sweep, place: str = HERE, turns: Turns = TRAINING, account: Account | None = None
    ) -> None:
        super().__init__("sweep", turns, account)
        self.sweep, self.place = sweep, place
        self.problem: str | None = None

    def start(self) -> None:
        """Begin; where the server trains as many sweeps as it may, that is the problem."""
        with _MUTEX:
            if n_running() < MOST_SWEEPS:
                super().start()
                _RUNNING.add(self)
                return
        self.problem = (
            f"This server already trains {counted(MOST_SWEEPS, 'sweep')}, as many as it takes. Try again later."
        )

    def _run(self) -> None:
        try:
            if self.place == HERE:
                self._run_here()
            else:
                n_jobs = n_processes() if self.place == PROCESSES else None
                self.sweep.run(self.place, n_jobs=n_jobs, callback=lambda sweep: self._stopped.is_set())
        except Refusal as refusal:  # of a cluster: it doesn't answer, or has no workers
            self.problem = "The cluster doesn't answer." if refusal.argument == "scheduler" else in_words(refusal)
        except WorkersLostError as lost:
            self.problem = str(lost)
        except (MemoryError, FloatingPointError, OSError):
            where = {CLUSTER: "the cluster", PROCESSES: "the processes"}.get(self.place, "this server")
            self.problem = f"There is too little room on {where} for this sweep."

    def _run_here(self) -> None:
        while not self.sweep.finished and not self._stopped.is_set():
            with self._turns.turn(self._account):
                self.sweep.advance(SLICE_SECONDS if self._turns.awaited else SLICE_SECONDS_ALONE)
