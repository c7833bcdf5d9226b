"""The course of a run in a notebook, and the comparison of its numbers with those that the page showed."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from nnplay.experiment.export.notebooks.about import change_in_words, in_cell
from nnplay.experiment.export.notebooks.cells import Cell, code, literal, words
from nnplay.experiment.export.notebooks.rounding import Check
from nnplay.experiment.export.notebooks.telling import Change, Stretch, Told

_SHOWN = ("training loss", "test loss", "training {score}", "test {score}")


def course_cells(told: Told, check: Checking, found: str, written: Writing) -> Iterator[Cell]:
    """Yield the cells that train, make the changes on the way, and compare the numbers.

    Parameters
    ----------
    told : Told
    check : Checking
    found : str
        What gives the four numbers, in the notebook.
    written : Writing
        Writes the lines of a stretch, and of a change.
    """
    early = check.early
    step = 0
    yield from _compared(told, check, found) if early and not early.n_steps else ()
    for each in told.stopped_at(early.n_steps) if early else told.course:
        if isinstance(each, Change):
            yield words(f"### After {each.when}: {in_cell(change_in_words(each))}")
            yield code(written(each))
        elif each.n_steps:
            yield code(written(each))
            step += each.n_steps
            if early and step == early.n_steps:
                yield from _compared(told, check, found)
    score = _score_name(told)
    about = f"These are the losses and the {score} that the page showed."
    if early is None:
        yield words(f"## The same numbers\n\n{about}")
        yield code(_compare_lines("page_showed", told.measures, score, check.tolerance, found))
        return
    yield words(
        f"## Where it ends\n\n{about} On the machine that wrote this notebook, nnplay gets them to the last digit."
    )
    yield code(_compare_lines("page_showed", told.measures, score, None, found))


@dataclass(frozen=True)
class Checking:
    """How the numbers are compared.

    Attributes
    ----------
    tolerance : tuple of float
        By how much they may differ: relative, absolute.
    early : Check or None
        Where they are compared, if it isn't at the end: rounding errors grow until there.
    """

    tolerance: tuple[float, float]
    early: Check | None = None


Writing = Callable[[Stretch | Change], list[str]]


def _compared(told: Told, check: Checking, found: str) -> Iterator[Cell]:
    assert check.early is not None
    yield words(
        f"""
        ## The same numbers, at epoch {check.early.epoch:,}

        Every computer rounds a little differently, in the last digit. In this run such differences grow with each
        step, and in the end they decide about the loss. Training like this is called chaotic; with a lower learning
        rate it isn't. So the numbers are compared here, before that.
        """
    )
    yield code(_compare_lines("expected", check.early.measures, _score_name(told), check.tolerance, found))


def _score_name(told: Told) -> str:
    return "R²" if told.recipe.latest_config.task == "regression" else "accuracy"


def _compare_lines(
    name: str, measures: Iterable[float], score: str, tolerance: tuple[float, float] | None, found: str
) -> list[str]:
    """Return the lines that compare what is `found` with what it should be; without a tolerance, they only print it."""
    names = [label.format(score=score) for label in _SHOWN]
    shown = {label: value for label, value in zip(names, measures, strict=True) if math.isfinite(value)}
    lines = [f"{name} = {{", *(f'    "{label}": {value!r},' for label, value in shown.items()), "}"]
    lines += [
        f"found = dict(zip({literal(names)}, {found}))",
        f"for label, value in {name}.items():",
        '    print(f"{label}: {found[label]:.10g} here, {value:.10g} on the page")',
    ]
    if tolerance:
        relative, absolute = tolerance
        lines.append(f"    assert abs(found[label] - value) <= {absolute:g} + {relative:g} * abs(value), label")
    return lines
