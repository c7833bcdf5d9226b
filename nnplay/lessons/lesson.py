"""What a lesson is: frozen values, as a file gave them and after all checks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import differing

#: How much a lesson asks of its reader.
LEVELS = ("first steps", "basics", "deeper")
PAGES = ("playground", "digits", "tabular", "compare")
#: How many steps a lesson has.
FEWEST_STEPS, MOST_STEPS = 3, 6
#: Runs with which a claim is checked.
N_SEEDS = 5


@dataclass(frozen=True)
class Text:
    """Words in one or more languages.

    Attributes
    ----------
    versions : tuple of (str, str)
        Language and words, the lesson's first language first.
    """

    versions: tuple[tuple[str, str], ...]

    def into(self, language: str) -> str:
        """Return the words in a language, or in the lesson's first one."""
        return dict(self.versions).get(language, self.versions[0][1])

    def __str__(self) -> str:
        return self.versions[0][1]


def text(value: Text | str | Mapping[str, str] | None, language: str = "en") -> str:
    """Return the words of a text in a language; where it hasn't that one, in its first; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, Text):
        return value.into(language)
    if isinstance(value, str):
        return value
    return value.get(language, next(iter(value.values()), ""))


@dataclass(frozen=True)
class Answer:
    """An answer that can be chosen.

    Attributes
    ----------
    text : Text
    word : Text or None
        What is said to somebody who chose it, where it is wrong: kindly, and what would make it true.
    """

    text: Text
    word: Text | None = None


@dataclass(frozen=True)
class Choice:
    """A question with one right answer among some.

    Attributes
    ----------
    text : Text
    answers : tuple of Answer
    right : int
        Index of the right one.
    """

    text: Text
    answers: tuple[Answer, ...]
    right: int


@dataclass(frozen=True)
class Number:
    """A question whose answer is a number.

    Attributes
    ----------
    text : Text
    unit : Text or None
        ``%`` turns a share into per cent.
    value : float or None
        The right answer, where it isn't measured.
    measure : str
        What of the run is the right answer, by its name in :mod:`nnplay.lessons.measures`; empty where `value` is it.
    run : str
        In which of the runs that are compared; empty for the step's own.
    tolerance : float
        How far off is near enough, in the unit.
    """

    text: Text
    unit: Text | None
    value: float | None
    measure: str
    run: str
    tolerance: float


@dataclass(frozen=True)
class Boundary:
    """A question that is answered by drawing the boundary that one expects.

    Attributes
    ----------
    text : Text
    """

    text: Text


Question = Choice | Number | Boundary


@dataclass(frozen=True)
class Run:
    """One of the runs that a step compares.

    Attributes
    ----------
    key : str
        By which claims and questions name it.
    name : Text
    config : ExperimentConfig
    """

    key: str
    name: Text
    config: ExperimentConfig


@dataclass(frozen=True)
class Claim:
    """What the trained run must show.

    Attributes
    ----------
    measure : str
        By its name in :mod:`nnplay.lessons.measures`, with its parameters: ``epochs_to(train_score=0.95)``.
    run : str
        Of which of the runs that are compared; empty for the step's own.
    at_least, at_most : float or None
    more_than, less_than : str
        Another run, whose measure is the bound, seed by seed; empty for none.
    times : float
        What that other measure is multiplied by first.
    epoch : int
        When it is measured.
    fewest, most : int
        In how many of the five runs it must hold. The first of them is the one that a reader sees: it must be among
        them.
    line : int
        In the file.
    is_next : bool
        Whether it is about what is tried next.
    config, against : ExperimentConfig or None
        If so, the run that it is about, and the other one that it is held against.
    """

    measure: str
    run: str = ""
    at_least: float | None = None
    at_most: float | None = None
    more_than: str = ""
    less_than: str = ""
    times: float = 1.0
    epoch: int = 0
    fewest: int = N_SEEDS
    most: int = N_SEEDS
    line: int = 0
    is_next: bool = False
    config: ExperimentConfig | None = None
    against: ExperimentConfig | None = None

    @property
    def n_seeds(self) -> int:
        """From how many seeds it is trained: what is tried next often from the reader's own alone."""
        return 1 if self.is_next and self.fewest == 1 else N_SEEDS


@dataclass(frozen=True)
class Transfer:
    """What to try next with what was understood.

    Attributes
    ----------
    text : Text
        What to do, and what to look for.
    config : ExperimentConfig or None
        The run to try it with; None where words are enough.
    then : Text or None
        What one should have found: read afterwards.
    outcome : tuple of Claim
        What of that is checked.
    """

    text: Text
    config: ExperimentConfig | None = None
    then: Text | None = None
    outcome: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Step:
    """A step of a lesson: a question first, then a run that answers it.

    Attributes
    ----------
    title, text : Text
    config : ExperimentConfig
    page : str
        One of :data:`PAGES`.
    controls : tuple of str
        Settings that may be changed here; none where it is empty.
    epochs : int
        Where the run stops.
    question : Question
    run : Text
        What to look at while it runs.
    why : Text
        One sentence.
    next : Transfer or None
    notes : Text or None
        The speaker's.
    outcome : tuple of Claim
    compare : tuple of Run
        Two or three runs that race; empty where there is only the step's own.
    query : mapping of str to str
        What a link of the step's run says, the changes on its way (``recipe``) included.
    log_scale : bool
        Whether the losses are on a logarithmic axis.
    """

    title: Text
    text: Text
    config: ExperimentConfig
    page: str
    controls: tuple[str, ...]
    epochs: int
    question: Question
    run: Text
    why: Text
    next: Transfer | None = None
    notes: Text | None = None
    outcome: tuple[Claim, ...] = ()
    compare: tuple[Run, ...] = ()
    query: Mapping[str, str] = field(default_factory=dict, hash=False)
    log_scale: bool = False

    @property
    def claims(self) -> tuple[Claim, ...]:
        """What its own run must show, and then what is tried next must."""
        return self.outcome + (self.next.outcome if self.next else ())

    @property
    def next_lanes(self) -> tuple[Run, ...]:
        """The runs that race when the transfer is tried; none where there is one alone.

        All have what it changes, unless that is just what they differ in.
        """
        changed = self.next.config if self.next else None
        if changed is None:
            return self.compare
        return lanes_with(self.compare, self.config, changed)

    def config_of(self, run: str = "") -> ExperimentConfig:
        """Return the configuration of one of the runs that are compared, or of the step's own for an empty key."""
        return next((each.config for each in self.compare if each.key == run), self.config)


def lanes_with(compare: tuple[Run, ...], config: ExperimentConfig, changed: ExperimentConfig) -> tuple[Run, ...]:
    """Return runs that are compared, with what is other in `changed` than in `config`; none if they differ in that."""
    changes = {name: getattr(changed, name) for name in differing(changed, config)}
    apart = {name for run in compare for name in differing(run.config, compare[0].config)}
    if apart & changes.keys():
        return ()
    return tuple(replace(run, config=replace(run.config, **changes)) for run in compare)


@dataclass(frozen=True)
class Lesson:
    """A lesson.

    Attributes
    ----------
    key : str
        Its name in a link, and that of its file.
    title, goal : Text
    minutes : int
    level : str
        One of :data:`LEVELS`.
    steps : tuple of Step
    languages : tuple of str
        In which every text is there; the first is shown where another isn't.
    path : Path
    """

    key: str
    title: Text
    minutes: int
    level: str
    goal: Text
    steps: tuple[Step, ...]
    languages: tuple[str, ...]
    path: Path


@dataclass(frozen=True)
class Problem:
    """Why a file is no lesson.

    Attributes
    ----------
    path : Path
    line : int
        Counted from 1.
    sentence : str
    """

    path: Path
    line: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.path.name}, line {self.line}: {self.sentence}"


class BrokenLesson(ValueError):
    """A file that is no lesson; its text is that of the problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(str(problem))
        self.problem = problem

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problem,)
