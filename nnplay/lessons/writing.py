"""From a run to a step of a lesson: the text that an author goes on with."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.recording.recipe import Recipe, differences, without_stops
from nnplay.lessons.entries import REAL
from nnplay.lessons.lesson import FEWEST_STEPS
from nnplay.lessons.reading import LONGEST_RUN, parse
from nnplay.refusal import TypeRefusal
from nnplay.server import moments
from nnplay.validation import integer, shown

#: What can be written without quotes: it is no number, no other value, and no sign of YAML's.
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_.()=*+/^ -]*[A-Za-z0-9)]|[A-Za-z]", re.ASCII)
_VALUES = {"true", "false", "null", "none", "yes", "no", "on", "off"}
#: How much worse the promise is than what the author saw: other seeds do a little worse.
_ROOM = 0.05

_STEP = """\
  - title: A step
    text: What there is to see, in at most three sentences.
{run}
    controls: [learning_rate]
    epochs: {epochs}
    question:
      choice: What will happen?
      answers:
        - {{text: This, right: true}}
        - {{text: That, word: A kind word that says what would make it true.}}
        - {{text: Something else, word: A kind word that says what would make it true.}}
    run: What to look at while it runs.
    why: One sentence that says why.
    next:
      text: What to try next with it, and which number to look at.
      then: What one should have found.
      change: {{seed: 1}}
    notes: What to say, what to point at, and what goes wrong.
"""
_PROMISE = """\
    outcome:
      - {{measure: {which}, at_least: {promised}, seeds: 4}}  # in this run: {score}
"""


def step_from_recipe(
    run: Recipe | ExperimentConfig, n_steps: int = 0, *, epochs: int = 0, score: float = math.nan
) -> str:
    """Return a step of a lesson as a file has it: with the run, and words that say which words belong there.

    Parameters
    ----------
    run : Recipe or ExperimentConfig
        The run. With changes on its way the step has it as a link, and begins where it stands.
    n_steps : int
        Mini-batches that are done, where the run stands.
    epochs : int
        Where the step stops; 0 for the epoch where the run stands, or 100 where it hasn't begun.
    score : float
        The score as it stands, for samples that it hasn't learned from; the step promises nearly as much. NaN for none.

    Raises
    ------
    BrokenLesson
        If a lesson's file can't hold the run.
    TypeError, ValueError
        If an argument is not as described.
    """
    if not isinstance(run, Recipe | ExperimentConfig):
        raise TypeRefusal("run", "must be a Recipe or an ExperimentConfig", shown(run))
    recipe = run if isinstance(run, Recipe) else Recipe(run)
    config = without_stops(recipe.latest_config)
    n_steps = recipe.checked_steps(max(recipe.n_steps, n_steps))
    complete, begun = recipe.stands_at(n_steps)
    stands = min(complete + (begun > 0), LONGEST_RUN)
    epochs = integer("epochs", epochs, 0, LONGEST_RUN) or stands or 100
    if recipe.events:
        query = config.to_query() | moments.changes(recipe, recipe.n_steps, config)
        told = f"    link: {json.dumps(urlencode(query))}"
    else:
        values = differences(ExperimentConfig(), config)
        lines = [f"      {name}: {_written(value)}" for name, value in values.items()]
        told = "\n".join(["    config:", *lines]) if lines else "    config: {}"
    step = _STEP.format(run=told, epochs=epochs)
    if math.isfinite(score) and score > _ROOM:
        which = "test_score" if config.n_test else "train_score"
        promised = math.floor((score - _ROOM) * 100 + 1e-9) / 100
        step += _PROMISE.format(which=which, promised=f"{promised:g}", score=f"{score:.3g}")
    parse(lesson_from_steps([step] * FEWEST_STEPS).encode(), Path("step.yaml"))
    return step


def lesson_from_steps(steps: Sequence[str]) -> str:
    """Return a lesson as a file has it, of steps that :func:`step_from_recipe` wrote."""
    head = "title: A lesson\nminutes: 10\nlevel: basics\ngoal: What one can say afterwards.\nsteps:\n"
    return head + "\n".join(steps)


def _written(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_written, value))}]"
    if not isinstance(value, str):
        return json.dumps(value)
    is_plain = _PLAIN.fullmatch(value) and value.lower() not in _VALUES and not REAL.fullmatch(value)
    return value if is_plain else json.dumps(value, ensure_ascii=False)
