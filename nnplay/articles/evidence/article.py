"""What an article claims, what is trained to check it, and what is asked of the result."""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from nnplay.datasets.stored import STORED
from nnplay.experiment.config.config import ExperimentConfig

#: How the results of the seeds become the one number that is asked of.
STATISTICS: dict[str, Callable[[Sequence[float]], float]] = {"median": median, "lowest": min, "highest": max}


@dataclass(frozen=True)
class Outcome:
    """What one seed gave.

    Attributes
    ----------
    measures : dict of float
        By name; every seed has the same ones.
    curves : dict of (sequence of int, sequence of float)
        By name; the first part, say the epochs, is the same for every seed.
    """

    measures: dict[str, float]
    curves: dict[str, tuple[Sequence[int], Sequence[float]]] = field(default_factory=dict)


#: Yields the share that is done, from 0 to 1, every few hundredths of a second, and returns what came out.
Work = Generator[float, None, Outcome]


@dataclass(frozen=True)
class Experiment:
    """Something that is trained, or checked, once for each seed.

    Attributes
    ----------
    key : str
        Within its article.
    run : callable
        From a seed to :data:`Work`.
    n_seeds, n_quick : int
        Seeds of the full command, and with ``--quick``, where 0 leaves it out.
    data : str, optional
        The stored data set that it needs.
    """

    key: str
    run: Callable[[int], Work]
    n_seeds: int = 20
    n_quick: int = 2
    data: str | None = None

    @property
    def is_available(self) -> bool:
        """Whether its data is available without the net."""
        return self.data is None or STORED[self.data].is_at_hand


@dataclass(frozen=True)
class Bound:
    """What a statistic of the seeds' results must reach: at least `low`, at most `high`."""

    statistic: str
    low: float | None = None
    high: float | None = None

    def holds(self, values: Sequence[float]) -> bool:
        """Return whether the results keep to the bound."""
        value = STATISTICS[self.statistic](values)
        return (self.low is None or value >= self.low) and (self.high is None or value <= self.high)


@dataclass(frozen=True)
class Row:
    """One line of the table: a claim, and the measure of an experiment that it is held against.

    Attributes
    ----------
    name : str
    experiment, measure : str
        A key of an experiment, and the name of a measure of its outcome.
    claim : str
        What the article says, in words; empty where it says nothing.
    claimed : float, optional
        The same as a number; only where the row is the author's own set-up.
    bound : Bound, optional
        What is asked of our result; None where it is shown for comparison.
    rival : str, optional
        The experiment that it is compared with, seed by seed, by the measure of the same name.
    """

    name: str
    experiment: str
    measure: str
    claim: str = ""
    claimed: float | None = None
    bound: Bound | None = None
    rival: str | None = None


@dataclass(frozen=True)
class Table:
    """Rows that share a scale, and hence a chart.

    Attributes
    ----------
    title : str
    help : str
        One sentence on how to read it.
    kind : {"percent", "count", "seconds", "error", "loss", "margin"}
        How a number is written.
    rows : tuple of Row
    """

    title: str
    help: str
    kind: str
    rows: tuple[Row, ...]

    @property
    def is_lower_better(self) -> bool:
        """Whether a smaller number is the better one: of all kinds but accuracies."""
        return is_lower_better(self.kind)

    @property
    def is_logarithmic(self) -> bool:
        """Whether the numbers span orders of magnitude."""
        return self.kind == "error"


@dataclass(frozen=True)
class Chart:
    """Curves over the course of training, each the median of the seeds.

    Attributes
    ----------
    title, help : str
        The help is one sentence on how to read it.
    curves : dict of (str, str)
        By what the reader calls it, an experiment's key and the name of a curve of its outcome.
    axes : (str, str)
        Labels.
    """

    title: str
    help: str
    curves: dict[str, tuple[str, str]]
    axes: tuple[str, str]


@dataclass(frozen=True)
class Test:
    """One thing that must be so in the stored results for a claim to hold; of the last four attributes just one is set.

    Attributes
    ----------
    words : str
        What is measured, in a few words.
    kind : str
        As a table's, or "solved" for 1 and 0: how a number is written, and whether a smaller one is better.
    experiment, measure : str
        As a row's.
    claimed : float, optional
        The article's own figure: results at least as good as that, or closer than a small tolerance, agree with it.
    bound : Bound, optional
        What a statistic must reach.
    rival : str, optional
        The experiment that this one must be better than with more seeds than chance gives.
    rival_measure : str, optional
        The measure of the same experiment that this one must be better than, in the same way.
    """

    __test__ = False  # nothing for pytest

    words: str
    kind: str
    experiment: str
    measure: str
    claimed: float | None = None
    bound: Bound | None = None
    rival: str | None = None
    rival_measure: str | None = None


@dataclass(frozen=True)
class Figure:
    """A stored figure that is told beside a claim without judging it: what a better network does, for one."""

    words: str
    kind: str
    experiment: str
    measure: str


@dataclass(frozen=True)
class Claim:
    """What an article claims, how it was checked, and why it came out as it did.

    Attributes
    ----------
    says : str
        The claim, with nothing that our copy of the article doesn't say.
    setup : str
        What was run to check it: the author's own set-up, and what had to be assumed.
    tests : tuple of Test
        Together they decide the verdict; none where nothing can decide it.
    why : str
        Two or three sentences. ``{experiment.measure:kind}`` stands for the median of a stored result.
    better : str
        What else was tried, in words; empty where nothing was.
    figures : tuple of Figure
        What came out of that.
    is_authors_setup : bool
        Whether what was run is what the author ran, as far as that is known; else the test is ours.
    """

    says: str
    setup: str
    tests: tuple[Test, ...]
    why: str
    better: str = ""
    figures: tuple[Figure, ...] = ()
    is_authors_setup: bool = True

    @property
    def told_setup(self) -> str:
        """What was run, and whose set-up that is, in words; just the words where nothing was run."""
        if not self.tests:
            return self.setup
        whose = "With the author's settings" if self.is_authors_setup else "In our own test"
        return f"{whose}. {self.setup}"


@dataclass(frozen=True)
class Preset:
    """The article's network, to be opened in a page of the app.

    Attributes
    ----------
    label : str
    page : str
        The page's name in an address; empty for the playground.
    config : ExperimentConfig
        The run that it opens.
    """

    label: str
    page: str
    config: ExperimentConfig


@dataclass(frozen=True)
class Article:
    """An article: what it builds, what it claims, what we find.

    Attributes
    ----------
    key : str
        What it is called in an address and on the command line.
    number : str
        What it was called there before: old links still open.
    name : str
        Short enough for a button.
    title, author : str
        The author is empty where our copy names none.
    link : str
        Where the original is; empty where no address is known for sure.
    builds : str
        What it builds, in a sentence or two.
    finding : str
        What to take away, in a few sentences for a student.
    claims : tuple of Claim
    experiments : tuple of Experiment
    tables : tuple of Table
    charts : tuple of Chart
    presets : tuple of Preset
    exhibits : callable, optional
        Makes what else the page shows, as values that JSON can hold.
    """

    key: str
    number: str
    name: str
    title: str
    author: str
    link: str
    builds: str
    finding: str
    claims: tuple[Claim, ...]
    experiments: tuple[Experiment, ...]
    tables: tuple[Table, ...]
    charts: tuple[Chart, ...] = ()
    presets: tuple[Preset, ...] = ()
    exhibits: Callable[[], dict[str, Any]] | None = None

    @property
    def by_line(self) -> str:
        """Who wrote it, in words."""
        return f"By {self.author}" if self.author else "Our copy doesn't name the author"

    @property
    def rows(self) -> tuple[Row, ...]:
        """The rows of all tables."""
        return tuple(row for table in self.tables for row in table.rows)

    def experiment(self, key: str) -> Experiment:
        """Return the experiment of that key."""
        return next(experiment for experiment in self.experiments if experiment.key == key)


def is_lower_better(kind: str) -> bool:
    """Return whether of such numbers a smaller one is the better: of losses, errors, counts and times."""
    return kind not in ("percent", "margin", "solved")


def finished(work: Work, note: Callable[[float], None] | None = None) -> Outcome:
    """Do all of `work` and return its outcome; tell `note` the share that is done."""
    while True:
        try:
            done = next(work)
        except StopIteration as stop:
            outcome: Outcome = stop.value
            return outcome
        if note:
            note(done)


def spaced(n: int, at_most: int = 40) -> tuple[int, ...]:
    """Return 0, `n`, and whole numbers between, ever farther apart: where to look at a course of `n` epochs."""
    between = {round((n + 1) ** (k / (at_most - 1))) - 1 for k in range(at_most)}
    return tuple(sorted(between | {0, n}))


def written(kind: str, value: float) -> str:
    """Return a number as a reader sees it: ``"97.7 %"``, ``"3.1e-10"``, ``"0.0576"``."""
    if kind == "percent":
        return f"{100 * value:.1f} %"
    if kind == "seconds":
        return f"{value:.1f} s"
    if kind == "count":
        return f"{value:g}"
    if kind == "dollars":  # given in hundreds of thousands
        return f"{100 * value:.0f} 000 $"
    if kind == "error":
        return f"{value:.1e}" if value and abs(value) < 1e-3 else f"{value:.2g}"
    return f"{value:.3g}"
