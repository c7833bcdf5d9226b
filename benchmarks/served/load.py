"""A lecture hall: 200 live clients of the default network, through nginx, three servers, all of it on two cores.

    python benchmarks/served/load.py                        # four minutes
    python benchmarks/served/load.py --minutes 30 --steady  # whether memory stays flat
    flock /tmp/heavy.lock python benchmarks/served/load.py  # alone on the machine

Servers and nginx are those of ``deploy/serve.py``. The clients (``benchmarks/served/clients.py``) play as the stage
does, the default network with four seeds, each at 60 frames a second at most and one epoch a frame. Unless it is to be
``--steady``, server 1 is drained after a third of the time and started anew, and server 2 is killed after two thirds
and started anew.

A row is a stretch of time: the frames shown per second by the worst, the middle and the best client; the longest time
for which a client saw no new frame; how many clients are there, and how many runs were brought to another server; how
many cores servers, nginx and clients took; and the servers' memory. A client whose run was brought elsewhere in that
time isn't counted there.

At the end 20 clients, those who were brought elsewhere first, say what their newest frame is. The same run is
trained here without any server, up to that step: losses and parameters must be the same to the last bit.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
from playwright.sync_api import Browser

from benchmarks.greedy import recorded
from benchmarks.live_clients import cpu_seconds
from benchmarks.stage import launch
from deploy.serve import Fleet, free_ports
from nnplay.server.training_pages import TRAINING_PAGES

SEEDS = ("0", "1", "2", "3")
N_SAMPLES = 20
_PAGE = os.sysconf("SC_PAGE_SIZE")
CLIENTS = Path(__file__).with_name("clients.py")
HEADS = ("time", "fps min/median/max", "longest wait", "there", "brought", "servers", "nginx", "clients", "memory, MB")
WIDTHS = (8, 24, 14, 7, 9, 18, 7, 9, 24)


def memory_mb(pid: int) -> float:
    """Return the memory of a process that is its own, in MB."""
    resident, shared = map(int, Path(f"/proc/{pid}/statm").read_text().split()[1:3])
    return (resident - shared) * _PAGE / 1e6


def children_of(pid: int) -> list[int]:
    """Return a process and those that it started."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


def row(*cells: str) -> None:
    print("".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)), flush=True)


class Busy:
    """CPU seconds of processes that come and go."""

    def __init__(self) -> None:
        self._last: dict[int, float] = {}

    def since_last(self, pids: list[int]) -> float:
        """Return the seconds that these have taken since they were last asked about."""
        total = 0.0
        for pid in pids:
            try:
                now = cpu_seconds(pid)
            except OSError:
                continue
            total += now - self._last.get(pid, 0.0)
            self._last[pid] = now
        return total


def record(browser: Browser, address: str) -> list[dict[str, str]]:
    """Return what a browser says that visits the playground and plays, for each seed."""
    said = [recorded(browser, address, "", {"seed": seed}) for seed in SEEDS]
    return [{name: base64.b64encode(text).decode() for name, text in each.items()} for each in said]


@contextmanager
def clients_of(plan: dict[str, Any]) -> Iterator[Iterator[dict[str, Any]]]:
    """Start the clients; give what they tell."""
    with subprocess.Popen(
        [sys.executable, CLIENTS], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps(plan))
        process.stdin.close()
        try:
            yield map(json.loads, process.stdout)
        finally:
            process.terminate()


def check(samples: list[dict[str, Any]]) -> tuple[int, int, int]:
    """Return how many of the samples are the same to the last bit, how many there are, and how many came elsewhere."""
    chosen = sorted(samples, key=lambda sample: -sample["recovered"])[:N_SAMPLES]
    same = 0
    for kind, seed in enumerate(SEEDS):
        session = TRAINING_PAGES["playground"].read_link({"seed": seed})[0].build(evaluate_every=0)
        done = 0
        for sample in sorted((each for each in chosen if each["kind"] == kind), key=lambda each: each["steps"]):
            session.advance(sample["steps"] - done)
            done = sample["steps"]
            parameters = session.network.parameters.astype("<f4").tobytes()
            same += sample["parameters"] == base64.b64encode(parameters).decode() and np.array_equal(
                sample["measures"][:4], session.measure(), equal_nan=True
            )
    return same, len(chosen), sum(bool(sample["recovered"]) for sample in chosen)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="Many live clients through nginx on two cores.")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--servers", type=int, default=3)
    parser.add_argument("--minutes", type=float, default=4.0)
    parser.add_argument("--window", type=float, default=20.0, help="seconds of a row")
    parser.add_argument("--steady", action="store_true", help="no server is stopped")
    options = parser.parse_args()
    os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:2]))
    seconds = 60 * options.minutes
    (port,) = free_ports(1)
    address = f"http://127.0.0.1:{port}"
    with tempfile.TemporaryDirectory(prefix="nnplay-") as folder:
        with Fleet(Path(folder), options.servers, f"127.0.0.1:{port}", workers="1") as fleet:
            with launch() as browser:
                recordings = record(browser, address)
            plan = {
                "stream": f"{address.replace('http', 'ws', 1)}/_stcore/stream",
                "recordings": recordings,
                "clients": options.clients,
                "seconds": seconds,
                "window": options.window,
            }
            print(f"{options.clients} clients, {options.servers} servers, {len(os.sched_getaffinity(0))} cores\n")
            row(*HEADS)
            with clients_of(plan) as told:
                next(told)
                events: list[tuple[float, str, Callable[[], object]]] = []
                if not options.steady:
                    events = [
                        (seconds / 3, "server 1 is drained and started anew", lambda: fleet.start_anew(1)),
                        (2 * seconds / 3, "server 2 is killed and started anew", lambda: killed(fleet, 2)),
                    ]
                samples = watch(fleet, told, events)
        logs = "".join(log.read_text() for log in Path(folder).glob("server-*.log"))
    same, n, elsewhere = check(samples)
    print(f"\n{same} of {n} sampled runs are the same to the last bit; {elsewhere} of them were brought elsewhere.")
    print(f"load {os.getloadavg()[0]:.1f}; tracebacks in the servers' logs: {logs.count('Traceback')}")


def killed(fleet: Fleet, number: int) -> None:
    fleet.kill(number)
    fleet.wait_until_gone(number)
    fleet.begin(number)
    fleet.wait_until_there(number)


def watch(
    fleet: Fleet, told: Iterator[dict[str, Any]], events: list[tuple[float, str, Callable[[], object]]]
) -> list[dict[str, Any]]:
    """Print a row for each stretch of time; return what the clients say at the end."""
    start, busy, nginx_busy = time.perf_counter(), Busy(), Busy()
    threads = [threading.Timer(at, happen, (what, act, start)) for at, what, act in events]
    for thread in threads:
        thread.start()
    last = start
    busy.since_last([server.pid for server in fleet.servers.values()])
    nginx_busy.since_last(children_of(fleet.nginx_pid))
    for said in told:
        if "samples" in said:
            for thread in threads:
                thread.join()
            return list(said["samples"])
        now = time.perf_counter()
        pids = [server.pid for server in fleet.servers.values()]
        rates = [rate for rate in said["rates"] if rate is not None]
        each = f"{busy.since_last(pids) / (now - last):.2f}"
        memory = []
        for pid in pids:
            try:
                memory.append(f"{memory_mb(pid):.0f}")
            except OSError:
                memory.append("-")
        row(
            f"{now - start:.0f} s",
            f"{min(rates):.1f} / {median(rates):.1f} / {max(rates):.1f}" if rates else "-",
            f"{max(said['waits']):.1f} s",
            str(said["there"]),
            str(said["recovered"]),
            each,
            f"{nginx_busy.since_last(children_of(fleet.nginx_pid)) / (now - last):.2f}",
            f"{said['busy']:.2f}",
            " ".join(memory),
        )
        if said["lost"]:
            print("lost:", *sorted(set(said["lost"])))
        last = now
    raise RuntimeError("the clients failed")


def happen(what: str, act: Callable[[], object], start: float) -> None:
    began = time.perf_counter()
    print(f"{began - start:>6.0f} s  {what}", flush=True)
    act()
    print(f"{time.perf_counter() - start:>6.0f} s  … it is there again", flush=True)


if __name__ == "__main__":
    main()
