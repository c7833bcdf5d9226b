"""Seeds and sweeps: the same numbers as single runs, how much sooner, and how soon they stop.

    python benchmarks/compare/trainings.py            # about two minutes
    python benchmarks/compare/trainings.py --quick    # fewer rounds, shorter sweeps: half a minute, rougher

- The same numbers: every optimizer × penalty × dropout × schedule, 100 epochs, `nn.SeedFan` against the single run of
  each seed; the largest relative difference of a parameter, a loss or a score.
- Seeds: 32 seeds of 2-8-8-1 on 300 samples, batch 10, as one `nn.SeedFan` and as 32 sessions one after another, with
  the losses and scores of each epoch (as by default), and without. CPU time on one thread; both take turns, the ratio
  is the median of the ratios within the rounds.
- A sweep: 6 rates × 6 widths × 8 seeds, 300 samples, batch 10, in this process, against single runs one after another:
  with the losses of each epoch (``config.build().run(epochs)``), and with as many of them as the sweep keeps. CPU time.
- Equal tables: the same sweep as single runs, in this process, in slices, resumed from its file, in processes and on a
  Dask cluster, by itself and over TCP, each also with a worker killed. The tables are compared byte by byte; single
  runs by the largest relative difference.
- Stopping: from ``stop()`` until ``run()`` is back, the longest of some.
"""

import os

# NumPy's BLAS reads these when it is imported.
os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import contextlib
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import nnplay as nn
from nnplay.engine.optimizers import OPTIMIZERS
from nnplay.engine.regularizers import REGULARIZERS
from nnplay.engine.schedules import SCHEDULES
from nnplay.experiment.compare.sweeps.result import MEASURES
from nnplay.experiment.compare.sweeps.task import CURVE_POINTS

CONFIG = nn.ExperimentConfig(dataset="moons", n_samples=300, noise=0.2, hidden_sizes=(8, 8), batch_size=10)
RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3]
WIDTHS = [(2,), (4,), (8,), (16,), (4, 4), (8, 8)]
TABLE_GRID: dict[str, Any] = {"learning_rate": [0.01, 0.1], "hidden_sizes": [(4,), (8,)]}


def largest_difference(a: Any, b: Any) -> float:
    """Return the largest relative difference between numbers that may be NaN in both."""
    a, b = np.asarray(a, float), np.asarray(b, float)
    with np.errstate(all="ignore"):
        return float(np.nanmax(np.abs(a - b) / np.maximum(np.abs(b), 1e-12), initial=0.0))


def cpu_seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


# -- the same numbers --------------------------------------------------------------------------------------------------


def same_numbers(epochs: int = 100, n_seeds: int = 3) -> None:
    """Print how far the seeds of fans are from their single runs."""
    small = replace(CONFIG, n_samples=64, hidden_sizes=(5, 4))  # 48 to train on: the last batch of an epoch is smaller
    rates = {"sgd": 0.03, "adagrad": 0.1}
    worst, n = 0.0, 0
    for optimizer, penalty, dropout, schedule in product(OPTIMIZERS, ("none", *REGULARIZERS), (0.0, 0.25), SCHEDULES):
        config = replace(
            small,
            optimizer=optimizer,
            learning_rate=rates.get(optimizer, 0.01),
            regularizer=penalty,
            dropout=dropout,
            schedule=schedule,
        )
        fan = nn.SeedFan(config, n_seeds).run(epochs)
        for k in range(n_seeds):
            session = fan.config(k).build().run(epochs)
            pairs = [(fan.network(k).parameters, session.network.parameters)]
            pairs += [(fan.history[name][:, k], session.history[name]) for name in session.history if name != "epoch"]
            worst = max(worst, *(largest_difference(*pair) for pair in pairs))
        n += 1
    what = "optimizer × penalty × dropout × schedule"
    print(f"SeedFan against single runs: {n} of {what}, {n_seeds} seeds, {epochs} epochs: {worst:.1e} at most\n")


# -- how much sooner ---------------------------------------------------------------------------------------------------


def seeds(rounds: int, epochs: int) -> None:
    """Print the throughput of fans beside that of sessions."""
    print(f"{'thousands of steps × networks per second':52}{'one at a time':>16}{'fan':>10}{'fan/one':>10}")
    for n_seeds, every in ((32, 1), (32, 0), (64, 1), (64, 0)):
        fan = nn.SeedFan(CONFIG, n_seeds, evaluate_every=every).run(3)
        sessions = [fan.config(k).build(evaluate_every=every).run(3) for k in range(n_seeds)]
        alone, together = [], []
        for _ in range(rounds):
            together.append(cpu_seconds(lambda fan=fan: fan.run(epochs)))  # type: ignore[misc]
            alone.append(cpu_seconds(lambda sessions=sessions: [each.run(epochs) for each in sessions]))  # type: ignore[misc]
        n_steps = n_seeds * epochs * fan.steps_per_epoch
        ratio = median(a / b for a, b in zip(alone, together, strict=True))
        name = f"{n_seeds} seeds of 2-8-8-1, {'every epoch measured' if every else 'nothing measured'}"
        print(f"{name:52}{n_steps / median(alone) / 1e3:16.0f}{n_steps / median(together) / 1e3:10.0f}{ratio:10.1f}")
    print()


def sweep(epochs: int, n_seeds: int) -> None:
    """Print how long a sweep takes beside single runs."""
    planned = nn.Sweep(CONFIG, {"learning_rate": RATES, "hidden_sizes": WIDTHS}, n_seeds, epochs)
    configs = [planned.grid.config_of(planned.grid.training(index)) for index in range(planned.grid.n_trainings)]
    every = max(1, epochs // CURVE_POINTS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        # A part of each in turn, so that both see the machine alike.
        whole = sparse = stacked = 0.0
        for start in range(0, len(configs), 24):
            part = configs[start : start + 24]
            whole += cpu_seconds(lambda part=part: [each.build().run(epochs) for each in part])  # type: ignore[misc]
            sparse += cpu_seconds(lambda part=part: [each.build(every).run(epochs) for each in part])  # type: ignore[misc]
            share = (start + len(part)) / len(configs)
            stacked += cpu_seconds(lambda share=share: _advance_to(planned, share))  # type: ignore[misc]
    name = f"{len(RATES)} rates × {len(WIDTHS)} widths × {n_seeds} seeds × {epochs} epochs"
    print(f"{name:52}{'seconds':>16}{'over sweep':>20}")
    for words, took in (
        ("single runs, every epoch measured", whole),
        (f"single runs, every {every} epochs measured, as the sweep", sparse),
        ("sweep", stacked),
    ):
        print(f"{words:52}{took:16.2f}{took / stacked:20.1f}")
    print()


def _advance_to(planned: nn.Sweep, share: float) -> None:
    while planned.progress.share < share and not planned.finished:
        planned.advance(0.05)


# -- equal tables ------------------------------------------------------------------------------------------------------


def _kill_one(pids: Callable[[], list[int]]) -> Callable[[nn.Sweep], None]:
    """Return a callback that kills one process, once."""
    killed: list[int] = []

    def callback(running: nn.Sweep) -> None:
        if not killed and pids():
            killed.append(pids()[0])
            os.kill(killed[0], signal.SIGKILL)

    return callback


@contextlib.contextmanager
def _cluster() -> Iterator[Any]:
    import distributed

    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        yield cluster, client


def tables(epochs: int, n_seeds: int) -> None:
    """Print whether the same sweep has the same table, wherever it is trained."""

    def planned() -> nn.Sweep:
        return nn.Sweep(CONFIG, TABLE_GRID, n_seeds, epochs)

    expected = planned().run()
    table = expected.to_csv()
    n = planned().grid.n_trainings
    print(f"the table of {n} trainings × {epochs} epochs, beside the one of this process in one go")

    def show(name: str, result: str) -> None:
        print(f"  {name:50}{'equal' if result == table else 'DIFFERENT'}", flush=True)

    grid = planned().grid
    singles = [grid.config_of(grid.training(index)).build(evaluate_every=0).run(epochs) for index in range(n)]
    of_singles = [
        dict(zip(("train_loss", "test_loss", "train_score", "test_score"), s.measure(), strict=True)) for s in singles
    ]
    rows = expected.rows
    worst = max(
        largest_difference(row[name], one[name]) for row, one in zip(rows, of_singles, strict=True) for name in MEASURES
    )
    print(f"  {'single runs, the largest relative difference':50}{worst:.1e}")

    sliced = planned()
    while not sliced.finished:
        sliced.advance(0.003)
    show("in slices", sliced.result.to_csv())

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sweep.json"
        half = planned()
        while half.progress.done < n / 2:
            half.advance(0.01)
        half.save(path)
        show(f"resumed from a file with {half.progress.done} of {n}", nn.Sweep.load(path).run().to_csv())

    children = Path(f"/proc/self/task/{os.getpid()}/children")  # whoever loky has begun

    def pids() -> list[int]:
        texts = [(pid, Path(f"/proc/{pid}/cmdline").read_text()) for pid in children.read_text().split()]
        return [int(pid) for pid, text in texts if "loky" in text and "tracker" not in text]

    show("loky", planned().run("loky", n_jobs=2).to_csv())
    show("loky, a process killed", planned().run("loky", n_jobs=2, callback=_kill_one(pids)).to_csv())
    try:
        import distributed  # noqa: F401
    except ImportError:
        print("  Dask isn't installed")
        return
    with _cluster() as (cluster, client):
        show("Dask LocalCluster", planned().run("dask", scheduler=cluster).to_csv())
        show("Dask over TCP", planned().run("dask", scheduler=cluster.scheduler_address).to_csv())
        workers = lambda: list(client.run(os.getpid).values())  # noqa: E731
        killed = planned().run("dask", scheduler=cluster.scheduler_address, callback=_kill_one(workers))
        show("Dask over TCP, a worker killed", killed.to_csv())
        stopping(cluster)


# -- stopping ----------------------------------------------------------------------------------------------------------


def stopping(cluster: Any, n: int = 5) -> None:
    """Print how long sweeps take to stop."""
    print("\nseconds from stop() until run() is back, the longest and the median of", n)
    backends: list[tuple[str, dict[str, Any]]] = [
        ("threads", {}),
        ("loky", {"n_jobs": 2}),
        ("dask", {"scheduler": cluster}),
    ]
    for backend, options in backends:
        took = []
        for _ in range(n):
            running = nn.Sweep(CONFIG, TABLE_GRID, 8, 10**6)
            thread = threading.Thread(target=lambda run=running, b=backend, o=options: run.run(b, **o))
            thread.start()
            time.sleep(1.5)
            began = time.perf_counter()
            running.stop()
            thread.join()
            took.append(time.perf_counter() - began)
        print(f"  {backend:50}{max(took):6.2f}{median(took):8.2f}", flush=True)


def main() -> None:
    """Measure, and print it."""
    parser = argparse.ArgumentParser(description="Compare seeds and sweeps with single runs.")
    parser.add_argument("--quick", action="store_true", help="fewer rounds, shorter sweeps")
    parser.add_argument("--only", choices=("same", "seeds", "sweep", "tables"), help="one part alone")
    asked = parser.parse_args()
    quick = asked.quick
    parts: dict[str, Callable[[], None]] = {
        "same": same_numbers,
        "seeds": lambda: seeds(7 if quick else 21, 10 if quick else 20),
        "sweep": lambda: sweep(25 if quick else 100, 8),
        "tables": lambda: tables(300 if quick else 1000, 8),
    }
    print(f"load {os.getloadavg()[0]:.1f}\n")
    for name, part in parts.items():
        if asked.only in (None, name):
            part()


if __name__ == "__main__":
    main()
