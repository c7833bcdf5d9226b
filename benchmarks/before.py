"""How long a training step takes, beside another commit: both take turns, a process each.

    git worktree add ../before COMMIT
    python benchmarks/before.py ../before                        # about four minutes
    python benchmarks/before.py ../before --quick                # about a minute, rougher
    python benchmarks/before.py ../before --only 1 2 --starts 9  # the two smallest networks, more often

The workloads are those of ``benchmarks/engine.py``. A figure is the CPU time of a step, the median over the rounds; the
ratio is the median of the ratios within the rounds. Below 1, this commit is the faster one. Where a process happens to
put its arrays in memory makes a difference of some per cent, so the processes start anew several times: told are the
median over these starts, and the lowest and highest. The last column compares the other commit with itself, in a third
process: as far as that is from 1, the machine is noisy.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import Any

HERE = Path(__file__).resolve().parents[1]


def answer(tree: str) -> None:
    """Train as it is told on standard input, with the nnplay of `tree`; say how long it took."""
    sys.path[:0] = [tree, str(HERE)]
    import nnplay

    assert Path(nnplay.__file__).is_relative_to(tree), nnplay.__file__
    from benchmarks.workloads import WORKLOADS, session_of

    sessions: dict[int, Any] = {}
    for line in sys.stdin:
        k, epochs = map(int, line.split())
        session = sessions.setdefault(k, session_of(WORKLOADS[k]))
        start = time.process_time()
        session.run(epochs=epochs)
        print(time.process_time() - start, flush=True)


class Commit:
    """A process that trains with the nnplay of one worktree."""

    def __init__(self, tree: Path) -> None:
        threads = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
        command = [sys.executable, __file__, str(tree), "--answer"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=os.environ | threads)

    def seconds(self, workload: int, epochs: int) -> float:
        """Return the CPU time that so many epochs take."""
        assert self._process.stdin
        assert self._process.stdout
        print(workload, epochs, file=self._process.stdin, flush=True)
        return float(self._process.stdout.readline())

    def end(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.wait()


def ratios_of_one_start(tree: Path, rounds: int, duration: float, chosen: list[int]) -> dict[int, list[float]]:
    """Return for each chosen workload: µs per step now and before, now / before, and before / before."""
    from benchmarks.workloads import WORKLOADS

    commits = [Commit(HERE), Commit(tree), Commit(tree)]
    rows = {}
    for k in chosen:
        epochs = 1
        while (taken := max(commit.seconds(k, epochs) for commit in commits)) < duration / 4:
            epochs *= 2
        epochs = max(1, round(epochs * duration / taken))
        times = [[commit.seconds(k, epochs) for commit in commits] for _ in range(rounds)]
        steps = epochs * WORKLOADS[k].steps_per_epoch
        now, before, _ = (1e6 * median(each) / steps for each in zip(*times, strict=True))
        rows[k] = [now, before, median(a / b for a, b, _ in times), median(c / b for _, b, c in times)]
    for commit in commits:
        commit.end()
    return rows


def main() -> None:
    """Measure, and print it."""
    parser = argparse.ArgumentParser(description="Compare the engine's speed with that of another commit.")
    parser.add_argument("tree", type=Path, help="a worktree of the other commit")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--starts", type=int, default=0, help="how often the processes start anew")
    parser.add_argument("--only", type=int, nargs="*", help="numbers of the workloads, from 0; by default all")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    tree = options.tree.resolve()
    if options.answer:
        answer(str(tree))
        return
    rounds, duration, starts = (5, 0.1, 3) if options.quick else (9, 0.2, 5)
    starts = options.starts or starts
    sys.path.insert(0, str(HERE))
    from benchmarks.workloads import WORKLOADS

    chosen = list(range(len(WORKLOADS))) if options.only is None else options.only
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {starts} starts, {rounds} rounds of {duration:g} s\n"
    )
    print(f"{'µs per step':46}{'now':>10}{'before':>10}{'now/before':>14}{'from–to':>16}{'before/before':>16}")
    rows = [ratios_of_one_start(tree, rounds, duration, chosen) for _ in range(starts)]
    for k in chosen:
        now, before, ratios, noise = zip(*(row[k] for row in rows), strict=True)
        spread = f"{min(ratios):.3f}–{max(ratios):.3f}"
        print(f"{WORKLOADS[k]!s:46}{median(now):10.1f}{median(before):10.1f}{median(ratios):14.3f}{spread:>16}", end="")
        print(f"{median(noise):16.3f}")
    print(f"\nload {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
