"""A step of a lesson made of a run, as text to go on writing from."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import differing
from nnplay.experiment.training.stop_conditions import STOP_FIELDS
from nnplay.lessons.lesson import FEWEST_STEPS
from nnplay.lessons.reading import parse

#: Epochs of a run that was not trained yet.
_EPOCHS = 100
#: A score is promised down to the next of these steps.
_SCORE_STEP = 0.05
_HEAD = 'title: A title\nminutes: 10\nlevel: first steps\ngoal: "What one can say or do afterwards."\nsteps:\n'
_STEP = """\
  - title: A few words
    text: "What is on the screen, in one to three sentences."
    config: {config}
    controls: [learning_rate]
    epochs: {epochs}
    question:
      choice: "What will happen?"
      answers:
        - {{text: "The right answer.", right: true}}
        - {{text: "A wrong answer.", word: "What would have to be so for that to be right."}}
    run: "What to watch while it trains."
    why: "One sentence that says why."
    next:
      text: "What to try next."
      change: {{seed: 1}}
    notes: "What the speaker says."
"""
_OUTCOME = "    outcome:\n      - {{measure: {measure}, at_least: {bound:g}, seeds: 4}}  # in this run: {score:.3f}\n"


def step_of(config: ExperimentConfig, epochs: int, score: float = math.nan) -> str:
    """Return a step with this run, in the form of a lesson's file; what is to be written stands there in words.

    Parameters
    ----------
    config : ExperimentConfig
    epochs : int
        Where the run is to stop; 0 where that isn't known.
    score : float
        What the run has reached on samples that it has not learned from: the step's promise. NaN for none.

    Raises
    ------
    BrokenLesson
        If a lesson's file can't hold the run.
    """
    base = ExperimentConfig()
    names = [name for name in differing(config, base) if name not in STOP_FIELDS]
    settings = ", ".join(f"{name}: {_written(getattr(config, name))}" for name in names)
    step = _STEP.format(config=f"{{{settings}}}", epochs=epochs or _EPOCHS)
    if math.isfinite(score) and score > _SCORE_STEP:
        bound = math.floor(score / _SCORE_STEP) * _SCORE_STEP
        step += _OUTCOME.format(
            measure="test_score" if config.test_fraction else "train_score", bound=bound, score=score
        )
    parse((_HEAD + FEWEST_STEPS * step).encode(), Path("step.yaml"))
    return step


def _written(value: Any) -> str:
    """Return a setting's value as YAML has it; JSON is that, too."""
    return json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
