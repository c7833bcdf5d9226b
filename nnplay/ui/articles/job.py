"""A row of the articles' page, trained live: in its own thread, in slices, taking turns with the other visitors.

No Streamlit in here, so that it can be tested as it is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

from nnplay.articles.evidence.article import Experiment, Outcome
from nnplay.datasets.stored import fetching, sets
from nnplay.datasets.stored.files import NotAtHand
from nnplay.server.stage_feed import TRAINING
from nnplay.server.turns import Account, Turns

#: If nobody has looked for so long, the visitor is gone, and so is the job.
ABANDONED_SECONDS = 15.0


class Job:
    """Runs an experiment seed after seed until it is through, stopped, or nobody looks any more.

    Parameters
    ----------
    article : str
        Its key.
    experiment : Experiment
    seeds : sequence of int
    turns : Turns
        Who trains when.
    account : Account, optional
        The visitor's, by which that is decided.

    Attributes
    ----------
    seeds : tuple of int
    outcomes : list of Outcome
        Of the seeds that are done.
    share : float
        How far the seed under way is, from 0 to 1.
    waiting_words : str or None
        What it waits for before training.
    problem : str or None
        Why it could not go on, in a sentence.
    """

    def __init__(
        self,
        article: str,
        experiment: Experiment,
        seeds: Sequence[int],
        turns: Turns = TRAINING,
        account: Account | None = None,
    ) -> None:
        self.article, self.experiment, self.seeds = article, experiment, tuple(seeds)
        self.outcomes: list[Outcome] = []
        self.share = 0.0
        self.waiting_words: str | None = None
        self.problem: str | None = None
        self._turns, self._account = turns, account or Account()
        self._stop = threading.Event()
        self._looked_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, daemon=True, name=f"article-{article}-{experiment.key}")
        self._thread.start()

    @property
    def is_running(self) -> bool:
        """Whether it goes on; to ask is to show that someone looks."""
        self._looked_at = time.monotonic()
        return self._thread.is_alive()

    def stop(self) -> None:
        """End it after the slice under way; what is done stays."""
        self._stop.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait until it has ended."""
        self._thread.join(seconds)

    def _run(self) -> None:
        try:
            if self.experiment.data:
                self.waiting_words = sets.STORED[self.experiment.data].waiting_words
                _wait_for(self.experiment.data)
                self.waiting_words = None
            for seed in self.seeds:
                if not self._train(seed):
                    return
        except (NotAtHand, ValueError) as error:
            self.waiting_words, self.problem = None, str(error)

    def _train(self, seed: int) -> bool:
        """Train with one seed; return False if that was not to the end."""
        work = self.experiment.run(seed)
        self.share = 0.0
        try:
            with self._turns.turn(self._account):
                next(work)  # what is built first
            while not self._is_over():
                with self._turns.turn(self._account):
                    self.share = next(work)
        except StopIteration as done:
            self.outcomes.append(done.value)
            return True
        return False

    def _is_over(self) -> bool:
        return self._stop.is_set() or time.monotonic() - self._looked_at > ABANDONED_SECONDS


def _wait_for(name: str) -> None:
    """Load a stored data set; raise NotAtHand if it isn't to be fetched in a reasonable time."""
    if not sets.STORED[name].is_readable:
        fetch = fetching.start(name)
        fetch.wait()
        if fetch.problem:
            raise NotAtHand(fetch.problem)
    sets.load(name)
