"""``python -m nnplay.sweep FILE``: train the sweep that a file describes, and keep what is done in it.

The file is JSON. By hand, a short one is enough; what is left out has its default::

    {"config": {"dataset": "moons", "n_samples": 300},
     "grid": {"learning_rate": [0.01, 0.1], "hidden_sizes": [[2], [8]]},
     "seeds": 8, "epochs": 100}

What is done is written into it. To stop is Ctrl+C; the same command goes on from there.
"""

from __future__ import annotations

import argparse
import sys
import types
from collections.abc import Sequence
from typing import Any

import numpy as np

from nnplay.experiment.compare.sweeps.result import MEASURES, SweepResult
from nnplay.experiment.compare.sweeps.sweep import BACKENDS, Sweep, sweep
from nnplay.experiment.compare.sweeps.workers import ADDRESS_VARIABLE, WorkersLostError
from nnplay.experiment.config.fields import SETTINGS
from nnplay.experiment.config.url import to_text
from nnplay.refusal import Refusal


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return 0, or 1 if there is something wrong, or 130 if it was stopped."""
    parser = argparse.ArgumentParser(prog="python -m nnplay.sweep", description="Train the sweep in a JSON file.")
    parser.add_argument("file", help="the sweep; what is done is kept in it, and a second call goes on from there")
    parser.add_argument("--backend", choices=BACKENDS, default="threads", help="where to train (default: here)")
    parser.add_argument("--scheduler", help=f"address of a Dask scheduler (default: ${ADDRESS_VARIABLE})")
    parser.add_argument("--jobs", type=int, help="processes of backend loky (default: one for each core)")
    parser.add_argument("--csv", help="where to write a table of all trainings at the end")
    parser.add_argument("--measure", choices=MEASURES, default="test_score", help="what the map shows")
    asked = parser.parse_args(arguments)
    show = _Line()
    try:
        found = Sweep.load(asked.file)
        found.run(asked.backend, scheduler=asked.scheduler, n_jobs=asked.jobs, callback=show, file=asked.file)
        if asked.csv:
            found.result.to_csv(asked.csv)
    except KeyboardInterrupt:
        print(f"\nStopped. What is done is in {asked.file}; the same command goes on from there.", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 1
    except (Refusal, WorkersLostError) as error:
        print(error, file=sys.stderr)
        return 1
    show.end()
    print(map_of(found.result, asked.measure))
    return 0


class _Line:
    """A line on the terminal that says how far a sweep is, and how long it will take."""

    def __init__(self) -> None:
        self._width = 0

    def __call__(self, running: Sweep) -> None:
        progress = running.progress
        left = "" if progress.seconds_left is None else f", about {_duration(progress.seconds_left)} left"
        text = f"{progress.done:,} of {progress.total:,} trainings ({progress.share:.0%}){left}"
        if sys.stderr.isatty():
            print(f"\r{text:{self._width}}", end="", file=sys.stderr, flush=True)
            self._width = len(text)

    def end(self) -> None:
        """Go to the next line."""
        if self._width:
            print(file=sys.stderr)


def _duration(seconds: float) -> str:
    return (
        f"{seconds:.0f} s"
        if seconds < 90
        else f"{seconds / 60:.0f} min"
        if seconds < 5400
        else f"{seconds / 3600:.1f} h"
    )


def map_of(result: SweepResult, measure: str) -> str:
    """Return the medians of a measure as a table in plain text, a line for each value of the first setting."""
    if len(result.axes) > 2:
        return f"{len(result.rows):,} trainings; {', '.join(result.axes)} vary."
    medians = result.cells(measure, 0.0).medians
    (name, values), *second = result.axes.items()
    heads = [to_text(SETTINGS[second[0][0]], value) for value in second[0][1]] if second else [""]
    across = f", {second[0][0]} across" if second else ""
    lines = [f"median {measure} over {len(result.grid.seeds)} seeds; {name} down{across}"]
    firsts = [to_text(SETTINGS[name], value) for value in values]
    width, wide = max(map(len, firsts)), max(8, *map(len, heads))
    lines += [" " * width + "".join(f"  {head:>{wide}}" for head in heads)] if second else []
    for first, row in zip(firsts, medians.reshape(len(firsts), -1).tolist(), strict=True):
        lines.append(f"{first:>{width}}" + "".join(f"  {'–' if np.isnan(x) else f'{x:.4g}':>{wide}}" for x in row))
    return "\n".join(lines)


class _Callable(types.ModuleType):
    """This module where somebody imports it: it stands in for :func:`nnplay.sweep`, whose name it takes then."""

    def __call__(self, *args: Any, **arguments: Any) -> SweepResult:
        return sweep(*args, **arguments)


if __name__ == "__main__":
    sys.exit(main())
sys.modules[__name__].__class__ = _Callable
