"""How long links of changed runs are, and how fast a run is trained again from its recipe.

python benchmarks/recipes.py                     # prints two tables, in half a minute
"""

from __future__ import annotations

import dataclasses
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nnplay import ExperimentConfig
from nnplay.experiment.recording import edits
from nnplay.experiment.recording.recipe import Recipe
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.recording.replaying import Replay
from nnplay.experiment.recording.told_run import ToldRun
from nnplay.server import moments

PLENTY = 1e9
RUNS = {
    "default": (ExperimentConfig(), 2000),
    "4 × 8, batch 30": (ExperimentConfig(hidden_sizes=(8, 8, 8, 8), batch_size=30), 2000),
    "8 × 64": (ExperimentConfig(hidden_sizes=(64,) * 8), 50),
    "digits of 8 × 8 pixels": (ExperimentConfig(dataset="digits", hidden_sizes=(64,), batch_size=32), 50),
}


def changed_run(n_changes: int, n_edits: int) -> Recording:
    """Return a default run in which things were changed, some epochs apart."""
    recording = Recording(ExperimentConfig())
    for number in range(n_changes):
        recording.advance(recording.last_frame, "epoch", 1, 7, PLENTY)
        rate = (0.1, 0.03, 0.01)[number % 3]
        recording.apply(dataclasses.replace(recording.config, learning_rate=rate))
    recording.advance(recording.last_frame, "epoch", 1, 7, PLENTY)
    for number in range(n_edits):
        edits.edit(recording, recording.last_frame, number % 100, (number % 7) / 4)
        recording.advance(recording.last_frame, "step", 1, 2, PLENTY)
    return recording


def link_lengths() -> None:
    """Print how long a link gets by what was changed."""
    print(f"{'changed on the way':40} {'recipe':>8} {'query':>8}   letters")
    for n_changes, n_edits in ((0, 0), (1, 0), (3, 0), (10, 0), (100, 0), (0, 1), (0, 10), (3, 50)):
        recording = changed_run(n_changes, n_edits)
        query = moments.query_of(recording, recording.config, recording.last_frame)
        whole = "&".join(f"{name}={text}" for name, text in query.items())
        said = f"{n_changes} × learning rate, {n_edits} × a weight"
        print(f"{said:40} {len(query.get(moments.NAME, '')):8} {len(whole):8}")


def replay_speed() -> None:
    """Print how long it takes to train runs again, beside the training alone."""
    print(f"\n{'run':30} {'epochs':>7} {'replayed':>9} {'training':>9}   s")
    for name, (config, epochs) in RUNS.items():
        n_steps = epochs * config.steps_per_epoch
        began = time.perf_counter()
        Replay(ToldRun.of(Recipe(config), n_steps)).run()
        replayed = time.perf_counter() - began
        began = time.perf_counter()
        Recipe(config).replay(n_steps, evaluate_every=0)
        print(f"{name:30} {epochs:7} {replayed:9.2f} {time.perf_counter() - began:9.2f}")


if __name__ == "__main__":
    link_lengths()
    replay_speed()
