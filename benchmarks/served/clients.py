"""Visitors without a browser who lose their server: they connect again and bring their runs along, as a browser does.

``benchmarks/served/load.py`` starts this file as a process of its own. What it is to do comes as JSON on the standard
input: ``stream``, the WebSocket's address; ``recordings``, what browsers said, for each kind of visitor; ``clients``,
``seconds``, and ``window``, after how many seconds it tells how they fare. It tells so in lines of JSON.

A client that loses its connection asks for the server's health until it is well, connects again under the name of its
visit, and runs the page. If that server doesn't know its run, it asks for it by the recipe that it holds
(``static/stage/connection/recovery.js``), slice by slice, and plays on from the frame that it had.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import numpy as np
import websockets
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.live_clients import (
    AT_ONCE,
    ENTRY_LIMIT,
    FIRST_LIMIT,
    FRAMES_PER_SECOND,
    LONGEST_LIMIT,
    Client,
    stage_headers,
)

#: A browser waits so long before it asks for the server's health once more, and twice as long each time.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 5.0
_MAGIC = b"NNP1"


def last_frame(content: bytes) -> dict[str, np.ndarray]:
    """Return the arrays of the last frame of a message, read as docs/protocol.md says; none where it has no frames."""
    length = int.from_bytes(content[4:8], "little")
    header, at = json.loads(content[8 : 8 + length]), 8 + length
    arrays: dict[str, np.ndarray] = {}
    for layout in (header["static_layout"], *[header["frame_layout"]] * header["n_frames"]):
        arrays = {}
        for field in layout:
            at += -at % 8
            dtype, n = np.dtype(f"<{field['dtype']}"), int(np.prod(field["shape"], dtype=int))
            arrays[field["name"]] = np.frombuffer(content, dtype, n, at)
            at += n * dtype.itemsize
    return arrays if header["n_frames"] else {}


class Returning(Client):
    """A visitor who comes back."""

    def __init__(self, recording: dict[str, bytes], kind: int) -> None:
        super().__init__(recording)
        self.kind = kind
        self.name = ""
        self.recipe, self.texts = "", dict[str, tuple[str, str]]()
        self.held: dict[str, Any] = {}
        self.content = b""
        self.visit_before = ""
        self._found = (0, 0.0)
        self.came_back = self.recovered = 0
        self.why_lost = ""
        self.progress: Any = None
        self.is_there = asyncio.Event()
        self.longest_wait = 0.0
        self._moved_at = time.perf_counter()

    # -- what comes -----------------------------------------------------------------------------------------------

    def _take(self, data: bytes | str) -> None:
        assert isinstance(data, bytes)
        message, was_there = ForwardMsg.FromString(data), self.is_there.is_set()
        if message.WhichOneof("type") == "new_session":
            self.name = message.new_session.initialize.session_id or self.name
            return
        for header in stage_headers(data):
            if header["seq"] <= self.seq:
                continue
            self.progress = header.get("replaying") if header["reply"] >= self.last_id else None
            self.why_lost = header.get("lost") or self.why_lost
            self.body["controls"] = header["controls"]
            if header["kind"] == "sync" and self.recipe and not self.is_there.is_set():
                self._hear_of_run(header, message.delta.new_element.bidi_component.bytes)
            elif header["n_frames"]:
                self.content = message.delta.new_element.bidi_component.bytes
            if header["run"] == self.run or not self.run or self.is_there.is_set():
                self.recipe = header.get("recipe") or self.recipe
                texts = header.get("texts") or {}
                known = dict(self.texts.values()) | texts
                held = header.get("hold", {}).items()
                self.texts = {kind: (name, known[name]) for kind, name in held if name in known}
        newest, shown = self.newest, self.shown
        super()._take(data)
        if (
            not was_there and self.recipe
        ):  # what came is of a run in its place; or the run is there, with its own numbers
            if self.is_there.is_set():
                self.newest, self.shown = self._found
            else:
                self.newest, self.shown = newest, shown

    def _hear_of_run(self, header: dict[str, Any], content: bytes) -> None:
        """Take note of a sync after the connection was lost: the run that was, or one in its place."""
        if header["run"].split("-")[0] == self.visit_before or header.get("recovered") or header.get("lost"):
            self.recovered += bool(header.get("recovered"))
            self.content = content
            # The frames of a run that was trained again have numbers of their own.
            frame = int(last_frame(content)["counters"][0])
            self._found = (frame, float(frame))
            self.is_there.set()

    def _advance(self, now: float) -> None:
        before = int(self.shown)
        super()._advance(now)
        if int(self.shown) != before:
            self._moved_at = now
        self.longest_wait = max(self.longest_wait, now - self._moved_at)

    # -- coming back ----------------------------------------------------------------------------------------------

    async def come_back(self, stream: str) -> None:
        """Connect again, wherever the visit now goes, and bring the run along."""
        self.came_back += 1
        if self.is_there.is_set():  # else what it had before that is still to come back
            steps = int(last_frame(self.content)["counters"][3])
            self.held = {"recipe": self.recipe, "steps": steps} | {kind: text for kind, (_, text) in self.texts.items()}
            self.visit_before = self.run.split("-")[0]
        self.is_there.clear()
        pause = FIRST_PAUSE
        while True:
            self.seq, self.asked_at = -1, None  # another server counts anew
            try:
                await self._health(stream)
                self.socket = await websockets.connect(
                    stream,
                    max_size=None,
                    open_timeout=ENTRY_LIMIT,
                    ping_interval=None,
                    subprotocols=[websockets.Subprotocol(each) for each in ("streamlit", "x", self.name)],
                )
                await self._bring()
                return
            except (OSError, TimeoutError, websockets.WebSocketException):
                await asyncio.sleep(pause)
                pause = min(LONGEST_PAUSE, 2 * pause)

    async def _health(self, stream: str) -> None:
        parts = urlsplit(stream)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            writer.write(f"GET /_stcore/health HTTP/1.0\r\nHost: {parts.netloc}\r\n\r\n".encode())
            status = (await reader.readline()).split()
            if status[1:2] != [b"200"]:
                raise OSError("the server isn't well")
        finally:
            writer.close()

    async def _bring(self) -> None:
        former = dict(self.body)
        await self.socket.send(self.visit)
        limit = FIRST_LIMIT
        try:
            while not self.is_there.is_set():
                try:
                    async with asyncio.timeout(limit):
                        self._take(await self.socket.recv())
                except TimeoutError:
                    limit, self.asked_at = min(LONGEST_LIMIT, 2 * limit), None
                if self.is_there.is_set() or self.seq < 0 or self.asked_at is not None:
                    continue  # nothing was heard yet
                self.last_id += 1
                held = self.held if not self.progress else {name: self.held[name] for name in ("recipe", "steps")}
                self.body = {
                    "id": self.last_id, "run": self.run, "shown": int(self.shown), "controls": self.body["controls"],
                    "holds": [name for name, _ in self.texts.values()], "kind": "recover", **held,
                }  # fmt: skip
                if self.progress:
                    self.body["again"] = True
                await self.send()
        finally:
            controls = self.body["controls"]
            self.body = former | {"controls": controls}
        self.asked_at = None

    # -- playing --------------------------------------------------------------------------------------------------

    async def play_on(self, stream: str, end: float) -> None:
        """Play until `end`, whatever becomes of the server."""
        self.last_look = self._moved_at = time.perf_counter()
        while time.perf_counter() < end:
            try:
                await self.play(0.0, end)
            except (OSError, websockets.WebSocketException):
                await self.come_back(stream)

    def sample(self) -> dict[str, Any]:
        """Return what the newest frame says, to be held against training it anew."""
        frame = last_frame(self.content)
        return {
            "kind": self.kind,
            "recovered": self.recovered,
            "steps": int(frame["counters"][3]),
            "measures": [float(value) for value in frame["measures"]],
            "parameters": base64.b64encode(frame["parameters"].tobytes()).decode(),
        }


def tell(**what: Any) -> None:
    print(json.dumps(what), flush=True)


async def run(plan: dict[str, Any]) -> None:
    """Let all of them play, and tell how they fare."""
    kinds = [{name: base64.b64decode(text) for name, text in each.items()} for each in plan["recordings"]]
    clients = [Returning(kinds[index % len(kinds)], index % len(kinds)) for index in range(plan["clients"])]
    entrance, stream = asyncio.Semaphore(AT_ONCE), plan["stream"]

    async def enter(client: Returning) -> None:
        async with entrance:
            await client.enter(stream)
            client.is_there.set()

    await asyncio.gather(*(enter(client) for client in clients))
    tell(all_are_in=True)
    end = time.perf_counter() + plan["seconds"]
    playing = [asyncio.create_task(client.play_on(stream, end)) for client in clients]
    while (now := time.perf_counter()) < end - 1:
        for client in clients:
            client._advance(now)
            client.longest_wait = 0.0
        before, cpu = [client.shown for client in clients], time.process_time()
        # A run that is brought elsewhere has other numbers for its frames: it isn't counted in that window.
        returns = [client.came_back if client.is_there.is_set() else -1 for client in clients]
        await asyncio.sleep(min(plan["window"], end - now))
        later = time.perf_counter()
        for client in clients:
            client._advance(later)
        pairs = zip(clients, before, returns, strict=True)
        rates = [
            (client.shown - shown) / (later - now) if client.came_back == n and client.is_there.is_set() else None
            for client, shown, n in pairs
        ]
        tell(
            rates=rates,
            waits=[client.longest_wait for client in clients],
            there=sum(client.is_there.is_set() for client in clients),
            came_back=sum(client.came_back for client in clients),
            recovered=sum(client.recovered for client in clients),
            lost=[client.why_lost for client in clients if client.why_lost],
            busy=(time.process_time() - cpu) / (later - now),
        )
    await asyncio.gather(*playing)
    tell(samples=[client.sample() for client in clients])


if __name__ == "__main__":
    assert FRAMES_PER_SECOND > 0
    asyncio.run(run(json.load(sys.stdin)))
