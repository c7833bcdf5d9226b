"""A sweep under way: its tasks from coarse to fine, its progress, its file."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Generator, Mapping
from contextlib import closing
from dataclasses import dataclass
from typing import Any

from nnplay.experiment.compare.sweeps.grid import DEFAULT_EPOCHS, DEFAULT_SEEDS, Grid, Training
from nnplay.experiment.compare.sweeps.result import SweepResult
from nnplay.experiment.compare.sweeps.task import Outcome, StackTraining, cost_of, tasks_of
from nnplay.experiment.compare.sweeps.workers import in_processes, on_dask
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.training.breaks import take_break
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import boolean, choice, integer, shown

BACKENDS = ("threads", "loky", "dask")
FORMAT, VERSION = "nnplay sweep", 1
KEYS = ("format", "version", "config", "grid", "seeds", "epochs", "fresh_data", "done")
#: Seconds of training between two looks at whether to stop.
_SLICE_SECONDS = 0.05
#: Seconds between two calls of the callback, and between two writings of the file, at least.
_CALLBACK_SECONDS, _WRITE_SECONDS = 0.1, 1.0
#: A pause that is longer doesn't count as time that the sweep took.
_LONGEST_GAP = 1.0
#: Largest file of a sweep, in bytes.
MAX_FILE_BYTES = 100_000_000


@dataclass(frozen=True)
class Progress:
    """How far a sweep is.

    Attributes
    ----------
    done, total : int
        Trainings.
    share : float
        Of the work, from 0 to 1; large networks count more, and trainings that are under way count in part.
    seconds_left : float or None
        About how long the rest will take; None before anything is done.
    """

    done: int
    total: int
    share: float
    seconds_left: float | None

    @property
    def finished(self) -> bool:
        """Whether all trainings are done."""
        return self.done == self.total


#: Called now and then with the sweep; the answer True stops it.
Callback = Callable[["Sweep"], object]


class Sweep:
    """Trains every cell of a grid from every seed.

    In this process it goes in slices: :meth:`advance`. :meth:`run` goes to the end, here, in other processes, or on a
    Dask cluster. Any of them goes on where another one stopped, and each gives the same numbers.

    Parameters
    ----------
    config : ExperimentConfig
        What is the same in all cells.
    grid : mapping of str to sequence
        For each setting that varies, its values: ``{"learning_rate": [0.01, 0.1], "hidden_sizes": [(2,), (8,)]}``.
    seeds : int or iterable of int
        How many seeds a cell, counted from 0, or which.
    epochs : int
    fresh_data : bool
        Whether each seed draws data of its own; else all learn from those of the configuration.

    Attributes
    ----------
    grid : Grid
    result : SweepResult
        Of what is done; it grows.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, a cell is no valid configuration, or there are too many trainings.
    """

    def __init__(
        self,
        config: ExperimentConfig,
        grid: Mapping[str, Any],
        seeds: Any = DEFAULT_SEEDS,
        epochs: int = DEFAULT_EPOCHS,
        fresh_data: bool = False,
    ) -> None:
        self._prepare(Grid(config, grid, seeds, epochs, fresh_data), {})

    @classmethod
    def of_grid(cls, grid: Grid) -> Sweep:
        """Return the sweep over a grid that is there already; nothing of it is done."""
        sweep = cls.__new__(cls)
        sweep._prepare(grid, {})
        return sweep

    def _prepare(self, grid: Grid, outcomes: dict[int, Outcome]) -> None:
        self.grid, self.result = grid, SweepResult(grid, outcomes)
        self._outcomes = outcomes
        self._tasks = [task for task in tasks_of(grid) if any(each.index not in outcomes for each in task)][::-1]
        self._costs = [cost_of(config) for config in grid.cells]
        self._total_cost = sum(self._costs) * len(grid.seeds)
        self._done_cost = sum(self._costs[grid.training(index).cell] for index in outcomes)
        self._under_way: tuple[list[Training], StackTraining] | None = None
        self._stopped = threading.Event()
        self._began_at = self._done_cost
        self._spent, self._seen_at = 0.0, 0.0

    def take_over(self, other: Sweep) -> int:
        """Take what another sweep has done of the same trainings, before this one begins; return how many those are."""
        if self.grid.epochs != other.grid.epochs:
            return 0
        done = {other.grid.config_of(other.grid.training(index)): outcome for index, outcome in other._outcomes.items()}
        trainings = [self.grid.training(index) for index in range(self.grid.n_trainings)]
        found = {each.index: done.get(self.grid.config_of(each)) for each in trainings}
        self._prepare(self.grid, {index: outcome for index, outcome in found.items() if outcome is not None})
        return len(self._outcomes)

    def __repr__(self) -> str:
        progress = self.progress
        return f"<Sweep over {', '.join(self.grid.axes)}: {progress.done} of {progress.total} trainings done>"

    def __reduce__(self) -> Any:
        return Sweep.from_dict, (self.to_dict(),)  # without the stack that is under way

    # -- how far it is ---------------------------------------------------------------------------------------------

    @property
    def progress(self) -> Progress:
        """How far it is, and how long the rest will take."""
        cost = self._done_cost + self._cost_under_way()
        new = cost - self._began_at
        left = (self._total_cost - cost) * self._spent / new if new > 0 and self._spent else None
        return Progress(len(self._outcomes), self.grid.n_trainings, cost / self._total_cost, left)

    @property
    def finished(self) -> bool:
        """Whether all trainings are done."""
        return len(self._outcomes) == self.grid.n_trainings

    def _cost_under_way(self) -> float:
        under_way = self._under_way  # another thread may be training
        if under_way is None:
            return 0.0
        task, training = under_way
        return training.share_done * sum(self._costs[each.cell] for each in task)

    def _note_time(self) -> None:
        now = time.perf_counter()
        if self._seen_at:
            self._spent += min(now - self._seen_at, _LONGEST_GAP)
        self._seen_at = now

    # -- here, in slices -------------------------------------------------------------------------------------------

    def advance(self, seconds: float) -> bool:
        """Train in this process for about so many seconds; return whether cells were completed meanwhile."""
        before = len(self._outcomes)
        end = time.perf_counter() + seconds
        self._note_time()
        while not self.finished:
            left = end - time.perf_counter()
            if left <= 0:
                break
            if self._under_way is None:
                task = self._tasks.pop()
                self._under_way = task, StackTraining([self.grid.config_of(each) for each in task], self.grid.epochs)
                continue
            task, training = self._under_way
            training.advance(left)
            if not training.left:
                self._take(task, training.outcomes())
                self._under_way = None
        self._note_time()
        return len(self._outcomes) > before

    def _take(self, task: list[Training], outcomes: list[Outcome]) -> None:
        for training, outcome in zip(task, outcomes, strict=True):
            if training.index not in self._outcomes:  # of a task that was done in part before, the rest
                self._done_cost += self._costs[training.cell]
            self._outcomes[training.index] = outcome

    # -- to the end, anywhere --------------------------------------------------------------------------------------

    def stop(self) -> None:
        """Let :meth:`run`, in another thread, come to an end; what is done is kept."""
        self._stopped.set()

    def run(
        self,
        backend: str = "threads",
        *,
        scheduler: Any = None,
        n_jobs: int | None = None,
        callback: Callback | None = None,
        file: str | os.PathLike[str] | None = None,
    ) -> SweepResult:
        """Train what isn't done yet, and return the result; of what is done, if it was stopped.

        Parameters
        ----------
        backend : {"threads", "loky", "dask"}
            In this process, in fair slices with others; in processes of this machine; on a Dask cluster.
        scheduler : str or distributed.Client or cluster, optional
            Of the Dask cluster; by default the address that the environment variable ``NNPLAY_DASK`` holds.
        n_jobs : int, optional
            How many processes "loky" uses; by default one for each core.
        callback : callable, optional
            Called with the sweep, about ten times a second; it stops if the answer is True.
        file : path, optional
            Where to keep what is done, about once a second and at the end.

        Raises
        ------
        TypeError, ValueError
            If an argument is not as described, or the cluster doesn't answer.
        WorkersLostError
            If the workers are killed again and again. What is done is kept.
        """
        choice("backend", backend, BACKENDS)
        if callback is not None and not callable(callback):
            raise TypeRefusal("callback", "must be a function of the sweep", shown(callback))
        for name, value, its in (("scheduler", scheduler, "dask"), ("n_jobs", n_jobs, "loky")):
            if value is not None and backend != its:
                raise Refusal(name, f"goes with backend {its!r} only", f"backend {backend!r}")
        self._stopped.clear()
        called = written = time.perf_counter()
        try:
            with closing(self._steps(backend, scheduler, n_jobs)) as steps:
                for _ in steps:
                    now = time.perf_counter()
                    if callback is not None and now - called >= _CALLBACK_SECONDS:
                        called = now
                        if callback(self) is True:
                            break
                    if self._stopped.is_set():
                        break
                    if file is not None and now - written >= _WRITE_SECONDS:
                        self.save(file)
                        # A large file takes a while: no more than a tenth of the time goes into writing it.
                        written = time.perf_counter() + 9 * (time.perf_counter() - now)
        finally:
            if file is not None:
                self.save(file)
        if callback is not None and self.finished:
            callback(self)
        return self.result

    def _steps(self, backend: str, scheduler: Any, n_jobs: int | None) -> Generator[None, None, None]:
        """Do what isn't done, and yield several times a second."""
        if backend == "threads":
            while not self.finished:
                self.advance(_SLICE_SECONDS)
                take_break()
                yield
            return
        if self.finished:
            return
        tasks = self._tasks[::-1]
        if self._under_way is not None:  # a stack that stands half way stays here
            tasks = [self._under_way[0], *tasks]
            self._tasks.append(self._under_way[0])
            self._under_way = None
        configs = [[self.grid.config_of(each).to_dict() for each in task] for task in tasks]
        payloads = [(each, self.grid.epochs) for each in configs]
        work = in_processes(payloads, n_jobs) if backend == "loky" else on_dask(payloads, scheduler)
        self._seen_at = 0.0
        with closing(work):
            for done in work:
                self._note_time()
                if done is not None:
                    number, given = done
                    self._take(tasks[number], [Outcome.from_list(each) for each in given])
                    self._tasks.remove(tasks[number])
                yield

    # -- files -----------------------------------------------------------------------------------------------------

    def to_dict(self) -> dict[str, Any]:
        """Return the sweep, and what of it is done, as values that JSON can hold."""
        done = [[index, *outcome.to_list()] for index, outcome in sorted(self._outcomes.items())]
        return {"format": FORMAT, "version": VERSION, **self.grid.to_dict(), "done": done}

    @classmethod
    def from_dict(cls, saved: Any) -> Sweep:
        """Return the sweep that :meth:`to_dict` gave. Only ``"grid"`` must be there; the rest has defaults.

        Raises
        ------
        TypeError, ValueError
            If a part is unknown, or not as a sweep needs it.
        """
        if not isinstance(saved, Mapping):
            raise TypeRefusal("file", "must be an object", shown(saved))
        for name in saved:
            choice("file", name, KEYS)
        kind = saved.get("format", FORMAT)
        if not isinstance(kind, str) or kind != FORMAT:
            raise Refusal("file", "must be a sweep", shown(kind))
        integer("version", saved.get("version", VERSION), 1, VERSION)
        sweep = cls.of_grid(Grid.from_dict(saved))
        if "done" in saved:
            sweep._prepare(sweep.grid, _checked_outcomes(saved["done"], sweep.grid))
        return sweep

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the sweep, and what of it is done, to a JSON file; whatever happens, it is whole."""
        text = json.dumps(self.to_dict(), allow_nan=False)
        beside = f"{os.fspath(path)}.part"
        with open(beside, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(beside, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Sweep:
        """Return the sweep in a file that :meth:`save` wrote, or somebody by hand: see :meth:`from_dict`."""
        if os.path.getsize(path) > MAX_FILE_BYTES:
            raise Refusal("file", f"must have at most {MAX_FILE_BYTES // 10**6} MB", os.fspath(path))
        with open(path, "rb") as file:
            content = file.read()
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise Refusal("file", "must hold JSON", shown(content)) from None
        return cls.from_text(text)

    @classmethod
    def from_text(cls, text: str) -> Sweep:
        """Return the sweep that the text of a file describes."""
        try:
            saved = json.loads(text)
        except (ValueError, RecursionError):
            raise Refusal("file", "must hold JSON", shown(text)) from None
        return cls.from_dict(saved)


def _checked_outcomes(saved: Any, grid: Grid) -> dict[int, Outcome]:
    """Return what is done by the number of the training, from a file."""
    if not isinstance(saved, list):
        raise TypeRefusal("done", "must be a list", shown(saved))
    outcomes: dict[int, Outcome] = {}
    for i, entry in enumerate(saved):
        if not isinstance(entry, list) or len(entry) != 8:
            raise TypeRefusal("done", "must be a list of 8 values", shown(entry), index=i)
        index = integer("done", entry[0], 0, grid.n_trainings - 1, index=i)
        _check_numbers(entry[1:5], i)
        integer("done", entry[5], 0, grid.epochs, index=i)
        boolean("done", entry[6])
        curve = entry[7]
        if not isinstance(curve, list) or len(curve) != 3 or not all(isinstance(part, list) for part in curve):
            raise TypeRefusal("done", "must end in a curve of three lists", shown(curve), index=i)
        if len({len(part) for part in curve}) > 1 or len(curve[0]) > 1000:
            raise Refusal("done", "must end in a curve of three lists of one length", shown(curve), index=i)
        for part in curve:
            _check_numbers(part, i)
        for epoch in curve[0]:
            integer("done", epoch, 0, grid.epochs, index=i)
        outcomes[index] = Outcome.from_list(entry[1:])
    return outcomes


def _check_numbers(values: list[Any], index: int) -> None:
    for value in values:
        is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if value is not None and not (is_number and abs(value) < float("inf")):
            raise TypeRefusal("done", "must hold finite numbers, or null", shown(value), index=index)


def sweep(
    config: ExperimentConfig,
    grid: Mapping[str, Any],
    seeds: Any = DEFAULT_SEEDS,
    epochs: int = DEFAULT_EPOCHS,
    *,
    backend: str = "threads",
    scheduler: Any = None,
    n_jobs: int | None = None,
    fresh_data: bool = False,
    callback: Callback | None = None,
    file: str | os.PathLike[str] | None = None,
) -> SweepResult:
    """Train `config` with every combination of some settings' values, from several seeds each.

    Parameters
    ----------
    config, grid, seeds, epochs, fresh_data
        As :class:`Sweep` takes them.
    backend, scheduler, n_jobs, callback
        As :meth:`Sweep.run` takes them. Any backend gives the same numbers.
    file : path, optional
        Where to keep what is done. If there is such a file already, of the same sweep, it goes on from there.

    Returns
    -------
    SweepResult
        ``rows`` for a table, ``cells("test_score", 0.95)`` for a map, ``to_csv(path)``.

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, or the file is of another sweep.

    Examples
    --------
    >>> import nnplay as nn
    >>> config = nn.ExperimentConfig(dataset="moons", n_samples=100)
    >>> result = nn.sweep(config, {"learning_rate": [0.01, 0.1], "hidden_sizes": [(2,), (8,)]}, seeds=4, epochs=20)
    >>> result.cells("test_score", 0.9).successes.shape
    (2, 2)
    """
    asked = Sweep(config, grid, seeds, epochs, fresh_data)
    if file is not None and os.path.exists(file):
        found = Sweep.load(file)
        if found.grid.to_dict() != asked.grid.to_dict():
            advice = "Name another file, or delete it."
            raise Refusal("file", "must be of the same sweep", f"another one in {os.fspath(file)!r}", advice=advice)
        asked = found
    return asked.run(backend, scheduler=scheduler, n_jobs=n_jobs, callback=callback, file=file)
