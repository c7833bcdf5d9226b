"""A row of the articles' page, trained live: in its own thread, in slices, taking turns with the other visitors.

No Streamlit in here, so that it can be tested as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from nnplay.articles.evidence.article import Experiment, Outcome
from nnplay.datasets.stored import fetching, sets
from nnplay.datasets.stored.files import NotAtHand
from nnplay.server.answers import TRAINING
from nnplay.server.background import Background
from nnplay.server.turns import Account, Turns


class ArticleJob(Background[Outcome]):
    """Runs an experiment seed after seed until it is through, stopped, or nobody looks any more.

    Parameters
    ----------
    article : str
        Its key.
    experiment : Experiment
    seeds : sequence of int
    turns, account
        As a :class:`~nnplay.server.background.Job` takes them.

    Attributes
    ----------
    seeds : tuple of int
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
        self.waiting_words: str | None = None
        self.problem: str | None = None
        works = [partial(experiment.run, seed) for seed in self.seeds]
        super().__init__(works, turns, account, f"article-{article}-{experiment.key}")

    def _run(self) -> None:
        try:
            if self.experiment.data:
                self.waiting_words = sets.STORED[self.experiment.data].waiting_words
                _wait_for(self.experiment.data)
                self.waiting_words = None
            self._do_all()
        except (NotAtHand, ValueError) as error:
            self.waiting_words, self.problem = None, str(error)


def _wait_for(name: str) -> None:
    """Load a stored data set; raise NotAtHand if it isn't to be fetched in a reasonable time."""
    if not sets.STORED[name].is_readable:
        fetch = fetching.start(name)
        fetch.wait()
        if fetch.problem:
            raise NotAtHand(fetch.problem)
    sets.load(name)
