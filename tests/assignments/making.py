"""Small assignments and honest answers to them, many of them in little time."""

from __future__ import annotations

import dataclasses
from random import Random
from typing import Any

import nnplay as nn
from nnplay.assignments.answer import Answer, here
from nnplay.assignments.assignment import Assignment, Goal
from nnplay.assignments.checking import Verdict, check, finish
from nnplay.experiment.recording.recipe import CarryOver, Edit, Event, NewSettings, Recipe

NAMES = ("Anna Lee", "Zoë", "李雷", "O'Neill", "=1+1", "a|b)c(", "Müller-Lüdenscheidt", "😀", "x" * 60)
START = nn.ExperimentConfig(dataset="moons", n_samples=40, noise=0.1, hidden_sizes=(3,), learning_rate=0.1)


def assignment_of(config: nn.ExperimentConfig = START, **more: Any) -> Assignment:
    """Return an assignment whose goal any run reaches, unless told otherwise."""
    measure = "r_squared" if config.task == "regression" else "accuracy"
    low = -1.0 if measure == "r_squared" else 0.0
    given: dict[str, Any] = {"title": "Moons", "task": "Part them.", "goal": Goal(measure, low), "config": config}
    return Assignment(**{**given, **more})


def answer_of(assignment: Assignment, recipe: Recipe, n_steps: int, name: str = "Anna Lee") -> Answer:
    """Return an honest answer: the run of a recipe."""
    session = recipe.replay(n_steps, evaluate_every=0)
    return Answer(assignment, name, recipe, n_steps, session.network.parameters.copy(), here())


def random_assignment(random: Random) -> Assignment:
    """Return an assignment with one goal or another, and some of the settings locked."""
    dataset = random.choice(("moons", "spiral", "circles", "xor", "hills"))
    config = dataclasses.replace(
        START, dataset=dataset, seed=random.randrange(99), test_fraction=random.choice((0.0, 0.25)),
        dtype=random.choice(("float64", "float32")),
    )  # fmt: skip
    measure, value = (
        random.choice((("loss", 1e6), ("accuracy", 0.0))) if config.task == "classification" else ("loss", 1e6)
    )
    limits = [random.choice((None, 50)), random.choice((None, 10)), random.choice((None, 400))]
    fixed = random.sample(("seed", "activation", "loss", "optimizer", "momentum", "dtype"), random.randrange(4))
    title = random.choice(("Two classes", "=cmd|' /C calc'!A0", "<b>bold</b>", ""))
    goal = Goal(measure, value, *limits)
    return Assignment(title, "Do it.", goal, config, tuple(fixed), random.choice(((), ("dropout", "bias"))))


def random_answer(assignment: Assignment, random: Random) -> Answer:
    """Return an honest answer: of other settings than the assignment begins with, some changed on the way."""
    changes: dict[str, Any] = {
        "learning_rate": random.choice((0.003, 0.03, 0.1)), "hidden_sizes": random.choice(((2,), (3,), (4, 2), ())),
        "activation": random.choice(("tanh", "relu")), "batch_size": random.choice((5, 10, None)),
        "optimizer": random.choice(("sgd", "adam")), "seed": random.randrange(1000),
    }  # fmt: skip
    begun = config = assignment.kept(dataclasses.replace(assignment.config, **changes))
    n_steps = random.randrange(1, 3 * config.steps_per_epoch + 1)
    events: list[Event] = []
    for kind in random.sample(("set", "edit", "carry over"), random.randrange(4)):
        at = random.randrange(events[-1].n_steps if events else 0, n_steps + 1)
        if kind == "edit":
            events.append(Edit(at, random.randrange(config.n_parameters), random.choice((0.0, -1.5, 3.0))))
        elif kind == "set":
            config = dataclasses.replace(config, learning_rate=0.05)
            events.append(NewSettings(at, config))
        else:
            config = dataclasses.replace(config, batch_size=7)
            events.append(CarryOver(at, config))
    return answer_of(assignment, Recipe(begun, tuple(events)), n_steps, random.choice(NAMES))


def verdict_on(code: str, assignment: Assignment | None = None) -> Verdict:
    """Return the verdict on a code."""
    return finish(check(code, assignment))
