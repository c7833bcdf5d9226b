"""Eight greedy visitors and a ninth on the default network: what is left of its frames.

    python benchmarks/greedy.py            # about two minutes
    python benchmarks/greedy.py --quick    # shorter and rougher

The app runs in a process of its own, with one BLAS thread. Visitors without a browser (``benchmarks/live_clients.py``)
speak with it as the stage does: headless Chromium is only asked once what a browser says. Each greedy visitor opens a
link to what costs most, is told in a notice what of it isn't allowed, and trains what is left; it asks for large frames
with all panels, over and over, and in between begins anew, forks, goes back and looks at old frames.

- frames / s: of the ninth, which asks again as soon as an answer is there, so that it is what the server has for
  it (a display takes 60 at most): alone, beside the greedy ones, and their ratio.
- longest answer: from a request to its answer, of the ninth and of the greedy ones; and the middle one.
- peak memory: of the server's process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, WebSocket, sync_playwright

from benchmarks import live_clients
from benchmarks.live_clients import Client
from benchmarks.stage import open_stage, row, serve
from nnplay.datasets.stored_files import path_of
from nnplay.experiment.parts import PARTS
from tests.browser.conftest import CHROMIUM_FLAGS

LARGE = ",".join(["512"] * 8)
TABLE = {"dataset": "california", "standardise": "true"} if path_of("california") else {"dataset": "diabetes"}
WARM_UP = 4.0
IMAGES = {"dataset": "mnist"} if path_of("mnist") else {"dataset": "digits"}
#: Page, link, and what is done besides training.
GREEDY: tuple[tuple[str, dict[str, str], tuple[str, ...]], ...] = (
    ("digits", {**IMAGES, "hidden_sizes": LARGE, "batch_size": "full", "dtype": "float32"}, ()),
    ("digits", {**IMAGES, "hidden_sizes": LARGE, "batch_size": "256", "dtype": "float32"}, ("fork",)),
    ("digits", {**IMAGES, "hidden_sizes": LARGE, "batch_size": "full"}, ("reset",)),
    ("digits", {**IMAGES, "hidden_sizes": "512,512", "batch_size": "512"}, ("replay", "fork")),
    ("", {"hidden_sizes": ",".join(["64"] * 8), "n_samples": "10000", "batch_size": "full"}, ("replay", "fork")),
    ("", {"hidden_sizes": ",".join(["128"] * 8), "n_samples": "10000", "optimizer": "adam"}, ("reset",)),
    ("tabular", {**TABLE, "hidden_sizes": ",".join(["256"] * 8), "optimizer": "adam"}, ("fork", "replay")),
    ("digits", {**IMAGES, "hidden_sizes": LARGE, "batch_size": "128", "dtype": "float32"}, ("reset", "fork")),
)


@dataclass
class Outcome:
    """What one visitor had."""

    frames_per_second: float
    longest: float
    answers: int


def recorded(browser: Browser, address: str, page: str, query: dict[str, str]) -> dict[str, bytes]:
    """Return what a browser says that visits a page and plays."""
    sent: list[bytes] = []

    def listen(socket: WebSocket) -> None:
        socket.on("framesent", lambda data: sent.append(data if isinstance(data, bytes) else data.encode()))

    with open_stage(browser, f"{address}/{page}?{urlencode(query)}", listen) as stage:
        stage.press("Play")
        for _ in range(100):
            stage.page.wait_for_timeout(200)
            if any(b'"frames"' in message for message in sent):
                break
    request = next(message for message in reversed(sent) if b'"frames"' in message)
    return {"visit": sent[0], "request": request}


class Visitor(Client):
    """One who plays as fast as the server answers, and notes how long each answer takes."""

    def __init__(self, recording: dict[str, bytes], tricks: tuple[str, ...] = (), *, greedy: bool = False) -> None:
        super().__init__(recording)
        self.tricks, self.greedy = tricks, greedy
        self.waits: list[float] = []
        self.n_frames = 0
        self.end = 0.0

    def _take(self, data: bytes | str) -> None:
        """Take note of a message; a sync says where the run stands."""
        super()._take(data)
        assert isinstance(data, bytes)
        for header in live_clients.stage_headers(data):
            if header["kind"] == "sync" and header["seq"] == self.seq:
                self.newest = header["last_frame"]

    async def say(self, kind: str, **more: Any) -> None:
        """Send a request and wait for its answer."""
        self.last_id += 1
        body = {"id": self.last_id, "run": self.run, "kind": kind, **more}
        self.trigger.json_trigger_value = json.dumps([{"event": "request", "value": body}])
        self.asked_at = asked = time.perf_counter()
        before = self.newest
        await self.socket.send(self.request.SerializeToString())
        while self.asked_at is not None:
            self._take(await self.socket.recv())
        self.waits.append(time.perf_counter() - asked)
        self.n_frames += max(0, self.newest - before) if kind == "frames" else 0

    async def look_at_everything(self) -> None:
        """Ask for all panels."""
        view = {"layer": 0, "projection": "units", "units": [0, 1], "mode": "2d", "shows": list(PARTS)}
        await self.say("view", frame=self.newest, **view)

    async def train(self, seconds: float, n: int) -> Outcome:
        """Ask for frames, `n` at a time, and do the tricks in between."""
        if self.greedy:
            await self.look_at_everything()
        self.waits.clear()
        self.n_frames = 0
        start, round_ = time.perf_counter(), 0
        while (now := time.perf_counter()) < start + seconds:
            round_ += 1
            await self.say(
                "frames", **{"from": self.newest, "n": n, "unit": "step", "amount": 500 if self.greedy else 25}
            )
            if self.tricks and round_ % 4 == 0:
                trick = self.tricks[round_ // 4 % len(self.tricks)]
                if trick == "fork":
                    await self.say("fork", frame=self.newest, furthest=self.newest)
                elif trick == "replay":
                    await self.say("replay", **{"from": 0, "n": 80})
                else:
                    await self.say("reset")
                    self.newest = 0
        return Outcome(self.n_frames / (now - start), max(self.waits), len(self.waits))


async def play_beside(
    address: str, ninth: dict[str, bytes], greedy: list[dict[str, bytes]], seconds: float
) -> tuple[Outcome, list[Outcome]]:
    """Let one visitor on the default network play beside greedy ones."""
    visitors = [Visitor(each, tricks, greedy=True) for each, (_, _, tricks) in zip(greedy, GREEDY, strict=False)]
    one = Visitor(ninth)
    for visitor in (*visitors, one):
        await visitor.enter(address)
    at_work = [asyncio.create_task(visitor.train(seconds + WARM_UP + 3, 20)) for visitor in visitors]
    await asyncio.sleep(WARM_UP if visitors else 0)
    outcome = await one.train(seconds, 48)
    others = await asyncio.gather(*at_work)
    for visitor in (*visitors, one):
        await visitor.socket.close()
    return outcome, list(others)


def peak_megabytes(pid: int) -> float:
    """Return the most memory that a process ever had."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1000


def main() -> None:
    """Measure, and print it."""
    parser = argparse.ArgumentParser(description="Eight greedy visitors and a ninth.")
    parser.add_argument("--quick", action="store_true", help="shorter and rougher")
    parser.add_argument("--seconds", type=float, help="how long the ninth plays")
    parser.add_argument("--greedy", type=int, default=len(GREEDY), help="how many of them")
    options = parser.parse_args()
    seconds = options.seconds or (5.0 if options.quick else 15.0)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("no Chromium: set $CHROMIUM or put chromium on the PATH")
    with sync_playwright() as playwright, serve() as (_, address):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        ninth = recorded(browser, address, "", {})
        greedy = [recorded(browser, address, page, query) for page, query, _ in GREEDY[: options.greedy]]
        browser.close()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {seconds:g} s a play\n")
    with serve() as (pid, address):
        stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        alone, _ = asyncio.run(play_beside(stream, ninth, [], seconds))
        row("the ninth alone: frames / s, longest answer", f"{alone.frames_per_second:.0f}", f"{alone.longest:.2f} s")
        row("peak memory of the server", f"{peak_megabytes(pid):.0f} MB")
        beside, others = asyncio.run(play_beside(stream, ninth, greedy, seconds))
        share = beside.frames_per_second / alone.frames_per_second
        row(f"beside {len(greedy)} greedy ones", f"{beside.frames_per_second:.0f}", f"{beside.longest:.2f} s")
        row("  share of its frames alone", f"{100 * share:.0f} %")
        row("the greedy ones: frames / s together", f"{sum(other.frames_per_second for other in others):.0f}")
        row("  longest answer", *(f"{max(other.longest for other in others):.2f} s" for _ in range(1) if others))
        row("peak memory of the server", f"{peak_megabytes(pid):.0f} MB")


if __name__ == "__main__":
    main()
