"""Where the tasks of a sweep are done besides this process: in processes of this machine, or on a Dask cluster.

Each function takes tasks as plain values and yields ``(number of the task, what it gives)``, in whatever order they are
done, and None every now and then meanwhile, so that who asks can stop. To close the generator is to stop at once.
"""

from __future__ import annotations

import importlib.util
import os
import time
import uuid
from collections.abc import Generator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from typing import Any

from nnplay.experiment.compare.sweeps.task import train_task
from nnplay.refusal import Refusal
from nnplay.validation import integer, shown

#: A task: the configurations of its trainings, and for how many epochs.
Payload = tuple[Sequence[dict[str, Any]], int]
Done = tuple[int, list[list[Any]]] | None

#: The address of a Dask scheduler, where none is given.
ADDRESS_VARIABLE = "NNPLAY_DASK"
#: How long a cluster may take to answer, and a free worker to appear.
PATIENCE_SECONDS = 5.0
#: How long one waits for a task before looking whether to stop.
TICK_SECONDS = 0.05
#: Tasks handed out for each worker: one that it does, and one that waits, so that the order is nearly kept.
TASKS_A_WORKER = 2
#: How often workers may be lost, with nothing done meanwhile, before that is told.
MOST_LOSSES = 5


class WorkersLostError(RuntimeError):
    """Those who did the tasks are gone. What was done is kept."""


def in_processes(payloads: Sequence[Payload], n_jobs: int | None = None) -> Generator[Done, None, None]:
    """Do tasks in processes of this machine, by joblib's loky; those of a process that was killed are done again.

    Parameters
    ----------
    payloads : sequence
    n_jobs : int, optional
        How many processes; by default one for each core.
    """
    from joblib.externals import loky

    cores = loky.cpu_count()
    n_jobs = cores if n_jobs is None else integer("n_jobs", n_jobs, 1, 64 * cores)
    one_thread = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    waiting = list(range(len(payloads)))[::-1]
    handed_out: dict[Future[Any], int] = {}
    losses = 0

    def executor() -> Any:
        # One's own: the one that joblib shares, others in this program may be using, and it is killed below.
        return loky.ProcessPoolExecutor(max_workers=min(n_jobs, len(payloads)), env=one_thread)

    pool = executor()
    try:
        while waiting or handed_out:
            try:
                while waiting and len(handed_out) < n_jobs * TASKS_A_WORKER:
                    handed_out[pool.submit(train_task, *payloads[waiting[-1]])] = waiting[-1]
                    waiting.pop()
                done, _ = wait(handed_out, TICK_SECONDS, FIRST_COMPLETED)
                for future in done:
                    given = future.result()
                    losses = 0
                    yield handed_out.pop(future), given
            except BrokenExecutor:  # a process was killed, and loky gives up all of them
                losses += 1
                if losses > MOST_LOSSES:
                    advice = "They may need more memory than there is: use fewer of them (n_jobs)."
                    raise WorkersLostError(f"The processes were killed {losses} times. {advice}") from None
                waiting += sorted(handed_out.values(), reverse=True)
                handed_out.clear()
                pool.shutdown(wait=False, kill_workers=True)
                pool = executor()
            yield None
    finally:  # where somebody stops, what is being done is of no use; nobody has to wait until they are gone
        pool.shutdown(wait=False, kill_workers=True)


def on_dask(payloads: Sequence[Payload], scheduler: Any = None) -> Generator[Done, None, None]:
    """Do tasks on a Dask cluster, which does those of a killed worker again by itself.

    Parameters
    ----------
    payloads : sequence
    scheduler : str or distributed.Client or cluster, optional
        The address of its scheduler; by default what the environment variable ``NNPLAY_DASK`` says.
    """
    # A cluster may take seconds to answer: whoever stops meanwhile doesn't wait for it.
    aside = ThreadPoolExecutor(1)
    connecting = aside.submit(_client_of, scheduler)
    aside.shutdown(wait=False)
    try:
        while not wait([connecting], TICK_SECONDS).done:
            yield None
        client, _ = connecting.result()
        yield from _on_client(payloads, client)
    finally:
        connecting.add_done_callback(_let_go)


def _let_go(connecting: Future[tuple[Any, bool]]) -> None:
    if connecting.exception() is None:
        client, is_own = connecting.result()
        if is_own:
            client.close()


def _until_told(configs: Sequence[dict[str, Any]], epochs: int, name: str) -> list[list[Any]]:
    """Do a task on a worker of a cluster, unless somebody sets the event of that name: a thread can't be killed."""
    from distributed import Event

    return train_task(configs, epochs, lambda: bool(Event(name).is_set()))


def _on_client(payloads: Sequence[Payload], client: Any) -> Generator[Done, None, None]:
    from distributed import Event, KilledWorker

    stopped = Event(f"nnplay-sweep-{uuid.uuid4().hex}", client=client)

    n_threads = sum(client.nthreads().values())
    waiting = list(range(len(payloads)))[::-1]
    handed_out: dict[Any, int] = {}
    try:
        while waiting or handed_out:
            while waiting and len(handed_out) < n_threads * TASKS_A_WORKER:
                # A key of its own for each call: the same sweep may be under way twice.
                future = client.submit(_until_told, *payloads[waiting[-1]], stopped.name, pure=False)
                handed_out[future] = waiting.pop()
            done = [each for each in handed_out if each.done()]
            if not done:  # distributed.wait would need a client that is everybody's
                time.sleep(TICK_SECONDS / 4)
            if client.status != "running":
                raise WorkersLostError("The Dask scheduler no longer answers.")
            for future in done:
                if future.status in ("cancelled", "lost"):
                    raise WorkersLostError("The Dask scheduler has given up the sweep's tasks.")
                try:
                    given = future.result()
                except KilledWorker:
                    raise WorkersLostError("The workers of the Dask cluster are killed again and again.") from None
                yield handed_out.pop(future), given
            yield None
    finally:
        if handed_out:
            with suppress(Exception):  # what it is stopped for says more than that a cluster is gone
                stopped.set()
                client.cancel(list(handed_out), force=True)


def _client_of(scheduler: Any) -> tuple[Any, bool]:
    """Return a client of a cluster that answers and has a worker, and whether it is for us to close."""
    try:
        from distributed import Client
    except ImportError:
        advice = "Install it: pip install distributed."
        raise Refusal("backend", "must be one that is installed", "'dask'", advice=advice) from None
    if isinstance(scheduler, Client):
        client, is_own = scheduler, False
    else:
        address = scheduler or os.environ.get(ADDRESS_VARIABLE)
        if not address:
            wanted = f"must be the address of a Dask scheduler, here or in {ADDRESS_VARIABLE}"
            raise Refusal("scheduler", wanted, shown(scheduler), advice='For example "tcp://localhost:8786".')
        name = shown(getattr(address, "scheduler_address", address))
        try:
            client, is_own = Client(address, timeout=PATIENCE_SECONDS, set_as_default=False), True
        except (OSError, TimeoutError, ValueError, TypeError, AttributeError):
            raise Refusal("scheduler", "must be the address of a Dask scheduler that answers", name) from None
    try:
        _check(client)
    except Refusal:
        if is_own:
            client.close()
        raise
    return client, is_own


def _check(client: Any) -> None:
    """Raise ValueError if a cluster has no worker, or can't import what it is to do."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE_SECONDS)
    except TimeoutError:
        raise Refusal("scheduler", "must be of a cluster with at least one worker", "none") from None
    # A function without a name travels whole, so that who doesn't have nnplay can answer, too.
    has_nnplay = lambda: importlib.util.find_spec("nnplay") is not None  # noqa: E731
    answers = {"the scheduler": client.run_on_scheduler(has_nnplay), **client.run(has_nnplay)}
    without = [name for name, has in answers.items() if not has]
    if without:
        wanted = "must be of a cluster whose scheduler and workers can import nnplay"
        advice = "Put its folder on their PYTHONPATH."
        raise Refusal("scheduler", wanted, f"{shown(without[0])}, which can't", advice=advice)
