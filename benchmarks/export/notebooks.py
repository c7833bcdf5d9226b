"""Exported notebooks of random runs, executed: by how much their numbers differ from those that the page showed.

``.venv/bin/python benchmarks/export/notebooks.py``; ``--runs 30`` how many, ``--from 0`` the first one's number,
``--framework numpy`` one kind alone. A run has random settings, and random changes on the way.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import time
import warnings
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from nnplay.experiment.export.notebooks.notebook import FRAMEWORKS, notebook_of
from nnplay.experiment.export.notebooks.telling import Told
from tests.experiment.export.executed import executed, largest_difference
from tests.experiment.export.random_runs import random_run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--from", type=int, default=0, dest="first")
    parser.add_argument("--framework", choices=FRAMEWORKS)
    asked = parser.parse_args()
    kinds = [asked.framework] if asked.framework else list(FRAMEWORKS)
    if "pytorch" in kinds and importlib.util.find_spec("torch") is None:
        print("PyTorch isn't installed, so that kind is left out: pip install -r requirements-torch.txt")
        kinds.remove("pytorch")
    warnings.simplefilter("ignore")
    print(f"{'run':>3}  {'data':14} {'hidden':10} {'optimizer':18} {'changes':>7} {'steps':>5}  {'kB':>4}  ", *kinds)
    worst, seconds = dict.fromkeys(kinds, 0.0), 0.0
    for number in range(asked.first, asked.first + asked.runs):
        recipe, n_steps = random_run(number)
        told = Told(recipe, n_steps, recipe.replay(n_steps, evaluate_every=0).measure())
        found, size = [], 0
        for kind in kinds:
            text = notebook_of(told, kind)
            size = max(size, len(text))
            before = time.perf_counter()
            difference = largest_difference(executed(text))  # an assertion that fails ends it all
            seconds += time.perf_counter() - before
            worst[kind] = max(worst[kind], difference)
            found.append(f"{difference:7.1e}")
        config = recipe.config
        print(
            f"{number:3}  {config.dataset:14} {config.hidden_sizes!s:10} {config.optimizer:18} {len(recipe.events):7} "
            f"{n_steps:5}  {size / 1000:4.0f}  ",
            *found,
            flush=True,
        )
    print(f"\nAll assertions held, in {seconds:.0f} s. The largest difference, as a share of the number:")
    for kind, difference in worst.items():
        print(f"  {kind:8} {difference:.1e}")


if __name__ == "__main__":
    main()
