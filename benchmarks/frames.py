"""What a frame costs the server and the line: without a browser, and without Streamlit.

    python benchmarks/frames.py           # about half a minute

Each network is trained by a feed as the stage asks for it, one epoch a frame, in answers of 64 frames; without a plane
10 mini-batches a frame.

- bytes a frame: an answer's, by its frames; "alone": of an answer with one frame. Streamlit adds about a kilobyte to an
  answer.
- parameters: what they take in single precision. Where the data have a plane they are what travels; elsewhere what was
  computed from them does, and these would be the frame.
- CPU a frame, of runs with a plane: of the feed, all in all; of the training alone, by a session that measures nothing;
  their ratio.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from nnplay import ExperimentConfig
from nnplay.server.answers import MAX_FRAMES
from nnplay.server.stage_feed import Feed
from nnplay.server.training_pages import TRAINING_PAGES

SEVEN_FEATURES = ("x1", "x2", "x1**2", "x2**2", "x1*x2", "sin(x1)", "sin(x2)")
NETWORKS = {
    "default": ExperimentConfig(),
    "4 × 8": ExperimentConfig(hidden_sizes=(8,) * 4, activation="tanh"),
    "7 inputs, 6 × 8": ExperimentConfig(features=SEVEN_FEATURES, hidden_sizes=(8,) * 6),
    "8 × 64": ExperimentConfig(hidden_sizes=(64,) * 8),
    "digits, default": TRAINING_PAGES["digits"].begins_with,
    "digits, 128-64": dataclasses.replace(TRAINING_PAGES["digits"].begins_with, hidden_sizes=(128, 64)),
    "tables, default": TRAINING_PAGES["tabular"].begins_with,
}
#: What the stage asks for while the tab that needs them is open.
SHOWS = {"": (), ", tab Layers": ("layers",), ", tab Measures": ("measures",)}
FRAMES = min(64, MAX_FRAMES)
#: Without a plane, mini-batches a frame.
STEPS = 10


class Visitor:
    """Asks a feed for frames, as the stage does."""

    def __init__(self, config: ExperimentConfig, shows: tuple[str, ...]) -> None:
        self.feed = Feed(config)
        self._each = {"unit": "epoch", "amount": 1} if config.data.has_plane else {"unit": "step", "amount": STEPS}
        self._id = 0
        self._ask("view", frame=0, shows=list(shows))

    def _ask(self, kind: str, **more: object) -> None:
        self._id += 1
        self.feed.answer({"id": self._id, "run": self.feed.run, "kind": kind, **more})

    def frames(self, n: int) -> tuple[int, int]:
        """Let `n` frames be made, or those that one answer has; return how many they are, and the bytes."""
        before = self.feed.recording.last_frame
        self._ask("frames", **{"from": before, "n": n}, **self._each)
        return self.feed.recording.last_frame - before, len(self.feed.message)


def milliseconds_each(work: Callable[[], int], rounds: int) -> float:
    """Return the CPU time of each thing that `work` does; it returns how many."""
    times = []
    for _ in range(rounds):
        start = time.thread_time()
        n = work()
        times.append(1000 * (time.thread_time() - start) / max(1, n))
    return median(times)


def measure(name: str, config: ExperimentConfig, shows: tuple[str, ...], rounds: int) -> None:
    """Print a line of the table."""
    visitor = Visitor(config, shows)
    for _ in range(3):
        visitor.frames(FRAMES)
    n_frames, n_bytes = visitor.frames(FRAMES)
    _, alone = visitor.frames(1)
    sizes = n_bytes / max(1, n_frames), alone, config.n_parameters * 4
    figures = [f"{size / 1000:.2f} kB" for size in sizes]
    if config.data.has_plane:
        session = config.build()
        session.evaluate_every = 0

        def train() -> int:
            session.run(epochs=n_frames)
            return n_frames

        train()
        feed = milliseconds_each(lambda: visitor.frames(FRAMES)[0], rounds)
        training = milliseconds_each(train, rounds)
        figures += [f"{feed:.2f} ms", f"{training:.2f} ms", f"{feed / training:.2f}"]
    print(f"{name:<28}" + "".join(f"{figure:>14}" for figure in figures), flush=True)


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description="What a frame costs the server and the line.")
    parser.add_argument("--rounds", type=int, default=9, help="answers of each kind; the middle one counts")
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    heads = ("bytes a frame", "alone", "parameters", "CPU a frame", "training", "ratio")
    print(f"{'':<28}" + "".join(f"{head:>14}" for head in heads))
    for name, config in NETWORKS.items():
        for tab, shows in SHOWS.items():
            if not tab or name == "default":
                measure(name + tab, config, shows, options.rounds)


if __name__ == "__main__":
    main()
