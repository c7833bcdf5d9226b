"""Visitors without a browser: they speak Streamlit's WebSocket protocol and play a run as the stage does.

``benchmarks/stage.py`` uses this: :func:`watch_clients` starts the file as a process of its own and hands it, as JSON
on the standard input, what a browser said (base64 of two ``BackMsg``): ``visit``, its first message, and ``request``,
one that asked for frames. Every client sends the visit as it is, and then the request over and over with its own
``id``, ``run``, ``from`` and ``n``: so the server does what it does for a browser, all the widgets' values included.

A client has a clock of 60 frames a second, which stands still while no frame is ready, and asks for frames when the
stage would, by the numbers in its JavaScript: one request at a time, when few frames are ready, and again under a new
id when there was no answer for long. It reads the header of each message only.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

STATIC = Path(__file__).resolve().parents[1] / "static"


def numbers_in(module: str) -> dict[str, float]:
    """Return the constants of a JavaScript module below ``static``."""
    found = re.findall(r"^const (\w+) = ([\d.]+);", (STATIC / module).read_text(), re.MULTILINE)
    return {name: float(number) for name, number in found}


PREFETCH, CHANNEL = numbers_in("stage/connection/prefetch.js"), numbers_in("messages/request_channel.js")
FIRST_LIMIT, TIME_LIMIT, LONGEST_LIMIT = (CHANNEL[f"{name}_LIMIT_MS"] / 1000 for name in ("FIRST", "TIME", "LONGEST"))
#: Of so many of the newest answers the slowest says how early the next ones are asked for.
NEWEST = int(CHANNEL["NEWEST"])
FRAMES_PER_SECOND = 60
#: What a visitor may wait for the page, and how many come at once.
ENTRY_LIMIT, AT_ONCE = 60.0, 4
#: Playing before the frames count: for many, until each has had its first answers, which have few frames.
WARM_UP, WARM_UP_OF_EACH = 3.0, 0.06
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


def warm_up(n_clients: int) -> float:
    """Return for how many seconds so many play before the frames count."""
    return max(WARM_UP, WARM_UP_OF_EACH * n_clients)


def cpu_seconds(pid: int) -> float:
    """Return the CPU time that a process has taken, all its threads together."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / CLOCK_TICKS


def watch_clients(
    address: str, server: int, recording: dict[str, str], n_clients: int, seconds: float
) -> tuple[list[float], float, float]:
    """Let clients play against the server at `address`, process `server`, which is held to one core.

    Returns
    -------
    list of float
        The frames per second of each client.
    float
        Share of the time that the server was busy.
    float
        The same of the clients' process. Near 1, they were the bottleneck, and the rest says little about the server.
    """
    cores = sorted(os.sched_getaffinity(0))
    for thread in Path(f"/proc/{server}/task").iterdir():
        os.sched_setaffinity(int(thread.name), {cores[0]})
    stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
    command = [sys.executable, __file__, stream, "--clients", str(n_clients), "--seconds", str(seconds)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        os.sched_setaffinity(process.pid, {cores[-1]})
        process.stdin.write(json.dumps(recording))
        process.stdin.close()
        process.stdout.readline()  # all are in
        time.sleep(warm_up(n_clients))
        start, before = time.perf_counter(), cpu_seconds(server)
        time.sleep(max(0.1, seconds - 0.2))
        busy = (cpu_seconds(server) - before) / (time.perf_counter() - start)
        result = process.stdout.readline()
    if process.returncode:
        raise RuntimeError(f"the live clients failed: {process.returncode}")
    rates, own = json.loads(result)
    return rates, busy, own


def stage_headers(data: bytes) -> Iterator[dict[str, Any]]:
    """Yield the header of the stage message in a ``ForwardMsg``, if there is one."""
    message = ForwardMsg.FromString(data)
    if message.WhichOneof("type") != "delta":
        return
    element = message.delta.new_element
    if element.WhichOneof("type") == "bidi_component" and element.bidi_component.bytes[:4] == b"NNP1":
        content = element.bidi_component.bytes
        yield json.loads(content[8 : 8 + int.from_bytes(content[4:8], "little")])


class Client:
    """One visitor, from the visit to the end of the play."""

    def __init__(self, recording: dict[str, bytes]) -> None:
        self.visit = recording["visit"]
        self.request = BackMsg.FromString(recording["request"])
        widgets = self.request.rerun_script.widget_states.widgets
        self.trigger = next(widget for widget in widgets if widget.WhichOneof("value") == "json_trigger_value")
        self.body = json.loads(self.trigger.json_trigger_value)[0]["value"]
        self.last_id = int(time.time() * 1000)
        self.seq = -1
        self.run = ""
        self.newest = 0
        self.shown = 0.0
        self.last_look = 0.0
        self.round_trip = 0.0
        self.took: list[float] = []
        self.asked = 0
        self.asked_at: float | None = None
        self.time_limit = FIRST_LIMIT

    async def enter(self, address: str) -> None:
        """Visit the page, and wait for the stage's sync and the end of the script's run."""
        self.socket = await websockets.connect(address, max_size=None, open_timeout=ENTRY_LIMIT, ping_interval=None)
        await self.socket.send(self.visit)
        async with asyncio.timeout(ENTRY_LIMIT):
            while True:
                data = await self.socket.recv()
                self._take(data)
                if self.run and ForwardMsg.FromString(data).WhichOneof("type") == "script_finished":
                    return

    async def play(self, start: float, end: float) -> float:
        """Play until `end`; return the frames shown per second from `start` on."""
        self.last_look = time.perf_counter()
        before: float | None = None  # frames shown by the start
        while (now := time.perf_counter()) < end:
            self._advance(now)
            if before is None and now >= start:
                before = self.shown
            if self.asked_at is not None and now - self.asked_at > self.time_limit:
                self.asked_at = None
                self.time_limit = min(LONGEST_LIMIT, 2 * self.time_limit)
            wait = (end if before is not None else start) - now
            if self.asked_at is None:
                n, enough = self._wanted()
                if n:
                    await self._ask(n)
                    enough = self.time_limit
                wait = min(wait, enough)
            try:
                async with asyncio.timeout(max(0.0, min(wait, self.time_limit))):
                    self._take(await self.socket.recv())
            except TimeoutError:
                pass
        self._advance(end)
        return (self.shown - (before or 0.0)) / (end - start)

    def _advance(self, now: float) -> None:
        self.shown = min(float(self.newest), self.shown + max(0.0, now - self.last_look) * FRAMES_PER_SECOND)
        self.last_look = now

    def _wanted(self) -> tuple[int, float]:
        """Return how many frames to ask for now, or 0 and for how many seconds there are enough."""
        lead = self.newest - math.floor(self.shown)
        awaited = math.ceil(PREFETCH["CAUTION"] * max(self.took, default=0.0) * FRAMES_PER_SECOND)
        low_water = int(max(PREFETCH["LOW_WATER"], min(PREFETCH["MOST_LOW_WATER"], awaited)))
        if lead >= low_water:
            return 0, (lead - low_water + 1) / FRAMES_PER_SECOND
        if not self.newest:
            more = math.floor(PREFETCH["CAUTION"] * min(self.took, default=0.0) * FRAMES_PER_SECOND)
            return int(min(PREFETCH["MOST_FIRST"], PREFETCH["FIRST"] + more)), 0.0
        rationed = max(PREFETCH["SECOND"], PREFETCH["GROWTH"] * self.asked)
        return int(min(low_water + PREFETCH["TOP_UP"] - lead, PREFETCH["MOST"], rationed)), 0.0

    async def _ask(self, n: int) -> None:
        self.last_id += 1
        self.asked = n
        shown = math.floor(self.shown)  # by which the server knows where a run stands
        self.body |= {"id": self.last_id, "run": self.run, "shown": shown, "from": self.newest, "n": n}
        await self.send()

    async def send(self) -> None:
        """Send the request whose body is :attr:`body`."""
        self.trigger.json_trigger_value = json.dumps([{"event": "request", "value": self.body}])
        self.asked_at = time.perf_counter()
        await self.socket.send(self.request.SerializeToString())

    def _take(self, data: bytes | str) -> None:
        """Take note of the frames that a message brings; they are there from now on, not from before."""
        assert isinstance(data, bytes)
        for header in stage_headers(data):
            if header["seq"] <= self.seq:
                continue
            now = time.perf_counter()
            self._advance(now)
            self.seq, self.run = header["seq"], header["run"]
            if header["kind"] == "frames" and header["last_frame"] - header["n_frames"] <= self.newest:
                # What an answer brings follows what was asked from; the server may have trained beyond it already.
                self.newest = min(header["last_frame"], self.newest + header["n_frames"])
            if self.asked_at is not None and header["reply"] >= self.last_id:
                share, took = CHANNEL["NEWEST_SHARE"] if self.round_trip else 1.0, now - self.asked_at
                self.round_trip += share * (took - self.round_trip)
                self.took = [*self.took, took][-NEWEST:]
                self.time_limit = min(LONGEST_LIMIT, max(TIME_LIMIT, 4 * self.round_trip))
                self.asked_at = None


async def play_together(
    address: str, recording: dict[str, bytes], n_clients: int, seconds: float
) -> tuple[list[float], float]:
    """Return each client's frames per second, and the share of the time that this process was busy."""
    clients = [Client(recording) for _ in range(n_clients)]
    entrance = asyncio.Semaphore(AT_ONCE)

    async def enter(client: Client) -> None:
        async with entrance:
            await client.enter(address)

    await asyncio.gather(*(enter(client) for client in clients))
    print("all are in", flush=True)
    start, cpu = time.perf_counter() + warm_up(n_clients), time.process_time()
    rates = await asyncio.gather(*(client.play(start, start + seconds) for client in clients))
    own = (time.process_time() - cpu) / (warm_up(n_clients) + seconds)
    for client in clients:
        await client.socket.close()
    return rates, own


def main() -> None:
    """Play, and print the figures as JSON."""
    parser = argparse.ArgumentParser(description="Visitors without a browser; started by benchmarks/stage.py.")
    parser.add_argument("address", help="ws://…/_stcore/stream")
    parser.add_argument("--clients", type=int, required=True)
    parser.add_argument("--seconds", type=float, required=True)
    options = parser.parse_args()
    recording = {name: base64.b64decode(text) for name, text in json.load(sys.stdin).items()}
    print(json.dumps(asyncio.run(play_together(options.address, recording, options.clients, options.seconds))))


if __name__ == "__main__":
    main()
