"""Whether an answer is true: its run is trained again, and compared bit for bit with what it says."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from nnplay.assignments.answer import MAX_NAME, Answer, NameChanged, here, read_code
from nnplay.assignments.assignment import MEASURES, Assignment
from nnplay.datasets.stored.files import NotAtHand
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recipe import Recipe
from nnplay.experiment.training.session import TrainingSession
from nnplay.refusal import Refusal
from nnplay.server import budget
from nnplay.server.setting_words import capital
from nnplay.validation import one_line
from nnplay.wording import counted

#: About so much of a core's time is trained between two words of how far it is.
PIECE_SECONDS = 0.02
T = TypeVar("T")
#: Longest reason that is told.
_MAX_REASON = 400


@dataclass(frozen=True)
class Standing:
    """Where a run stands against a goal.

    Attributes
    ----------
    value : float
        Of the goal's measure.
    units, epochs, parameters : int
        Hidden units; epochs, one that has begun counts; parameters.
    """

    value: float
    units: int
    epochs: int
    parameters: int


@dataclass(frozen=True)
class Verdict:
    """What became of an answer.

    Attributes
    ----------
    accepted : bool
    reason : str
        In a sentence, why it is refused; of one that is accepted, what a teacher should know.
    source : str
        Where it came from: the name of a file.
    name, title, fingerprint : str
        Whose it is, and of which assignment; empty where that can't be read.
    standing : Standing or None
        Of the run that was trained again.
    measure : str
        The goal's.
    run : str
        Letters that tell this run from others.
    """

    accepted: bool
    reason: str
    source: str = ""
    name: str = ""
    title: str = ""
    fingerprint: str = ""
    standing: Standing | None = None
    measure: str = ""
    run: str = ""


def check(code: str, assignment: Assignment | None = None, source: str = "") -> Generator[float, None, Verdict]:
    """Check a code, little by little: yield what share is done, and return the verdict.

    Parameters
    ----------
    code : str
    assignment : Assignment, optional
        What was to be answered; by default what the answer itself says, which its writer may have made up.
    source : str
    """
    try:
        answer = read_code(code)
    except NameChanged as why:
        copied = why.answer
        name, title = one_line(copied.name)[:MAX_NAME], copied.assignment.title
        return Verdict(False, sentence(why), source, name, title, copied.assignment.fingerprint, run=copied.run)
    except Refusal as why:
        return Verdict(False, sentence(why), source)
    verdict = yield from check_answer(answer, assignment)
    return replace(verdict, source=source)


def check_answer(answer: Answer, assignment: Assignment | None = None) -> Generator[float, None, Verdict]:
    """Check an answer, as :func:`check` does; without parameters, it is told how its run stands."""
    asked = assignment or answer.assignment
    verdict = Verdict(
        False, "", "", answer.name, answer.assignment.title, answer.assignment.fingerprint,
        measure=asked.goal.measure, run=answer.run,
    )  # fmt: skip
    try:
        _check_task(answer, asked)
        asked.check_recipe(answer.recipe)
        budget.check_replay(answer.recipe, answer.n_steps)
        session = yield from replayed(answer.recipe, answer.n_steps)
    except NotAtHand as why:
        return replace(verdict, reason=one_line(f"It can't be checked here: {why}"))
    except Refusal as why:
        return replace(verdict, reason=sentence(why))
    stand = standing(asked, answer.recipe, answer.n_steps, session)
    verdict = replace(verdict, standing=stand)
    fault = _other_parameters(answer, session) or why_not(asked, answer.recipe, stand)
    return replace(verdict, accepted=not fault, reason=fault or "")


def why_not(assignment: Assignment, recipe: Recipe, stand: Standing) -> str | None:
    """Return in a sentence why a run doesn't reach the goal, or None."""
    goal = assignment.goal
    if fault := assignment.over(recipe.latest_config, stand.epochs):
        return f"Over the limit: {fault}."
    if goal.is_met_by(stand.value):
        return None
    bound = "at most" if goal.measure == "loss" else "at least"
    what = capital(f"{MEASURES[goal.measure]} {stand.value:.4g}")
    return f"The goal isn't reached: {what} on the {assignment.measured_on} data, {bound} {goal.value:g} is asked."


def make_answer(assignment: Assignment, recipe: Recipe, n_steps: int) -> Generator[float, None, Answer]:
    """Make the answer of a run, without a name, little by little: train it again, as whoever checks it will.

    Raises
    ------
    Refusal
        If it would be refused; ``plainly`` says why in a sentence.
    """
    assignment.check_recipe(recipe)
    budget.check_replay(recipe, n_steps)
    session = yield from replayed(recipe, n_steps)
    if fault := why_not(assignment, recipe, standing(assignment, recipe, n_steps, session)):
        raise Refusal("answer", "must reach the goal", plainly=fault)
    return Answer(assignment, "", recipe, n_steps, session.network.parameters.copy(), here())


def replayed(recipe: Recipe, n_steps: int) -> Generator[float, None, TrainingSession]:
    """Train a run again, in pieces: yield what share is done, and return the session at the end.

    Raises
    ------
    Refusal
        If training diverges.
    """

    def begin(config: ExperimentConfig) -> TrainingSession:
        return config.build(evaluate_every=0)

    session, done = begin(recipe.config), 0
    yield 0.0
    ends = [*(event.n_steps for event in recipe.events), n_steps]
    stretches = list(recipe.stretches(n_steps))
    for index, (config, _, _) in enumerate(stretches):
        piece = max(1, int(PIECE_SECONDS / budget.seconds_a_step(config)))
        while session.n_steps < ends[index]:
            session.advance(min(piece, ends[index] - session.n_steps))
            if session.divergence:
                raise Refusal("recipe", "must not diverge", plainly="The run diverges when it is trained again.")
            done = session.n_steps
            yield done / max(1, n_steps)
        if index < len(recipe.events):
            session = recipe.events[index].apply(session, begin)
    return session


def standing(assignment: Assignment, recipe: Recipe, n_steps: int, session: TrainingSession) -> Standing:
    """Return where a run that was trained stands against the goal."""
    train_loss, test_loss, train_score, test_score = session.measure()
    on_test = assignment.measured_on == "test"
    loss, score = (test_loss, test_score) if on_test else (train_loss, train_score)
    epochs, begun = recipe.stands_at(n_steps)
    config = recipe.latest_config
    value = loss if assignment.goal.measure == "loss" else score
    return Standing(float(value), sum(config.hidden_sizes), epochs + (begun > 0), config.n_parameters)


def _check_task(answer: Answer, asked: Assignment) -> None:
    """Raise a Refusal if an answer is to another assignment."""
    said = answer.assignment
    if said.fingerprint == asked.fingerprint:
        return
    try:
        asked.check_recipe(Recipe(said.config))
    except Refusal as why:
        raise Refusal("answer", "must be to this assignment", plainly=f"Another assignment. {sentence(why)}") from None
    what = "its goal or what is locked" if said.goal != asked.goal or said.locked != asked.locked else "its beginning"
    title = f" ({said.title})" if said.title and said.title != asked.title else ""
    plainly = f"Another assignment{title}: {what} is other than asked."
    raise Refusal("answer", "must be to this assignment", plainly=plainly)


def _other_parameters(answer: Answer, session: TrainingSession) -> str | None:
    """Return in a sentence how a run that was trained again differs from what an answer says, or None."""
    told, found = answer.parameters, session.network.parameters
    if told.tobytes() == found.tobytes():
        return None
    with np.errstate(all="ignore"):
        off = np.abs(told - found)
    bits = f"u{told.itemsize}"
    n = int(np.count_nonzero(told.view(bits) != found.view(bits)))
    largest = float(off.max()) if np.isfinite(off).all() else float("inf")
    what = f"{counted(n, 'parameter')} of {len(told):,} {'differs' if n == 1 else 'differ'}, by up to {largest:.2g}"
    sentence = f"The recipe, trained again, gives other parameters: {what}."
    if answer.made_with and answer.made_with != here():
        sentence += f" It was made with {answer.made_with}; this is {here()}. Check it where it was made."
    return sentence


def compared(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return verdicts with what only shows when answers are held against one another: whose run is whose, too."""
    runs: dict[str, list[str]] = {}
    for verdict in verdicts:
        if verdict.run:
            runs.setdefault(verdict.run, []).append(verdict.name)
    return [_beside(verdict, runs.get(verdict.run, [])) for verdict in verdicts]


def _beside(verdict: Verdict, names: list[str]) -> Verdict:
    others = sorted({name for name in names if name != verdict.name})
    if others:
        listed = ", ".join(others[:3]) + (f" and {len(others) - 3} more" if others[3:] else "")
        said = f"The same run as that of {listed}."
    elif len(names) > 1:
        said = "Handed in more than once."
    else:
        return verdict
    return replace(verdict, reason=f"{verdict.reason} {said}".strip()[:_MAX_REASON])


def finish(work: Generator[float, None, T]) -> T:
    """Return what comes out at the end, without a word of how far it is."""
    try:
        while True:
            next(work)
    except StopIteration as done:
        result: T = done.value
        return result


def sentence(why: Refusal) -> str:
    """Return a refusal as a sentence of bounded length."""
    text = one_line(why.plainly or str(why))
    if len(text) > _MAX_REASON:
        text = text[: _MAX_REASON - 2] + "…"
    text = text if text[-1:] in (".", "?", "!") else text + "."
    return capital(text)
