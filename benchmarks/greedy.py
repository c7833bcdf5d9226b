"""Eight greedy visitors and a ninth on the default network: what is left of its frames.

    python benchmarks/greedy.py            # about two minutes
    python benchmarks/greedy.py --quick    # shorter and rougher: one minute

The app runs in a process of its own, with one BLAS thread. Visitors without a browser (``benchmarks/live_clients.py``)
speak with it as the stage does: headless Chromium is only asked once what a browser says on each page. Each greedy
visitor opens a link to what costs most, is told in a notice what of it isn't allowed, and trains what is left; it asks
for large frames with all panels, over and over, and in between begins anew, forks, goes back and looks at old frames.
The ninth is measured twice, alone and beside them:

- as a browser plays: it asks when few frames are ready, and shows 60 a second at most.
- as fast as it can: it asks again as soon as an answer is there, so that it is all that the server has for it.

Longest answer: from a request to its answer. Peak memory: of the server's process. Other programs on the machine
disturb every figure: the load average is printed with them.
"""

from __future__ import annotations

import argparse
import asyncio
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
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks import live_clients
from benchmarks.live_clients import Client
from benchmarks.stage import open_stage, row, serve
from nnplay.datasets.stored.files import path_of
from nnplay.experiment.recording.parts import PARTS
from tests.browser.conftest import CHROMIUM_FLAGS

LARGE = ",".join(["512"] * 8)
TABLE = {"dataset": "california", "standardise": "true"} if path_of("california") else {"dataset": "diabetes"}
WARM_UP = 4.0
#: An answer that takes longer doesn't come at all.
ANSWER_LIMIT = 60.0
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
    waits: list[float]

    @property
    def longest(self) -> float:
        """The longest answer, in seconds."""
        return max(self.waits, default=float("nan"))


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


def with_link(recording: dict[str, bytes], query: dict[str, str]) -> dict[str, bytes]:
    """Return what a browser would say that came to the same page by another link.

    The page's controls are left out of its requests: the server has them as the link set them.
    """
    visit, request = (BackMsg.FromString(recording[name]) for name in ("visit", "request"))
    for message in (visit, request):
        message.rerun_script.query_string = urlencode(query)
        widgets = message.rerun_script.widget_states.widgets
        triggers = [widget for widget in widgets if widget.WhichOneof("value") == "json_trigger_value"]
        del widgets[:]
        widgets.extend(triggers)
    return {"visit": visit.SerializeToString(), "request": request.SerializeToString()}


class Visitor(Client):
    """One who notes how long each answer takes; it plays as a browser does, or as fast as the server answers."""

    def __init__(self, recording: dict[str, bytes], tricks: tuple[str, ...] = (), *, greedy: bool = False) -> None:
        super().__init__(recording)
        self.tricks, self.greedy = tricks, greedy
        self.waits: list[float] = []
        self.stopped = False
        self._waits_since: float | None = None

    async def send(self) -> None:
        """Send the request as it is now, and note when; one that is asked again has waited since the first time."""
        if self._waits_since is None:
            self._waits_since = time.perf_counter()
        await super().send()

    def _take(self, data: bytes | str) -> None:
        """Take note of a message; a sync says where the run stands."""
        assert isinstance(data, bytes)
        if not self.run:
            self._find_stage(ForwardMsg.FromString(data))
        super()._take(data)
        for header in live_clients.stage_headers(data):
            self.stopped = header["stopped"] is not None
            if header["kind"] == "sync" and header["seq"] == self.seq:
                self.newest = header["last_frame"]
        if self.asked_at is None and self._waits_since is not None:
            self.waits.append(time.perf_counter() - self._waits_since)
            self._waits_since = None

    def _find_stage(self, message: ForwardMsg) -> None:
        """Note what the stage goes by: on a page whose data had to be read first, it is another name than later."""
        if message.delta.new_element.WhichOneof("type") == "bidi_component":
            stage = message.delta.new_element.bidi_component.id
            if stage.endswith("stage"):
                self.request.rerun_script.fragment_id = message.delta.fragment_id
                self.trigger.id = f"$$STREAMLIT_INTERNAL_KEY_{stage}__events"

    async def say(self, kind: str, **more: Any) -> None:
        """Send a request and wait for its answer."""
        self.last_id += 1
        self.body = {"id": self.last_id, "run": self.run, "kind": kind, **more}
        await self.send()
        async with asyncio.timeout(ANSWER_LIMIT):
            while self.asked_at is not None:
                self._take(await self.socket.recv())

    async def play_as_a_browser(self, seconds: float) -> Outcome:
        """Play at the display's rate."""
        self.body = {"kind": "frames", "unit": "epoch", "amount": 1, "controls": 0}
        self.waits.clear()
        self.shown = float(self.newest)
        start = time.perf_counter()
        return Outcome(await self.play(start, start + seconds), list(self.waits))

    async def play_as_fast_as_it_can(self, seconds: float) -> Outcome:
        """Ask for frames again and again."""
        while self.asked_at is not None:
            self._take(await self.socket.recv())
        self.waits.clear()
        before = self.newest
        start = now = time.perf_counter()
        while now < start + seconds:
            await self.say("frames", **{"from": self.newest, "n": 48, "unit": "epoch", "amount": 1})
            now = time.perf_counter()
        return Outcome((self.newest - before) / (now - start), list(self.waits))

    async def be_greedy(self, done: asyncio.Event) -> Outcome:
        """Ask for large frames with all panels, and do the tricks in between."""
        await self.say("view", frame=self.newest, shows=list(PARTS))
        start, round_, n_frames = time.perf_counter(), 0, 0
        while not done.is_set():
            round_ += 1
            before = self.newest
            await self.say("frames", **{"from": self.newest, "n": 20, "unit": "step", "amount": 500})
            n_frames += max(0, self.newest - before)
            if self.stopped:
                await self._begin_anew()
            elif self.tricks and round_ % 4 == 0:
                trick = self.tricks[round_ // 4 % len(self.tricks)]
                if trick == "fork":
                    await self.say("fork", frame=self.newest, furthest=self.newest)
                elif trick == "replay":
                    await self.say("replay", **{"from": 0, "n": 80})
                else:
                    await self._begin_anew()
        return Outcome(n_frames / (time.perf_counter() - start), list(self.waits))

    async def _begin_anew(self) -> None:
        await self.say("reset")
        self.newest = 0


async def play_ninth(address: str, recording: dict[str, bytes], seconds: float) -> tuple[Outcome, Outcome]:
    """Let one visitor play as a browser does, and then as fast as it can."""
    ninth = Visitor(recording)
    await ninth.enter(address)
    outcomes = await ninth.play_as_a_browser(seconds), await ninth.play_as_fast_as_it_can(seconds)
    await ninth.socket.close()
    return outcomes


async def play_beside(
    address: str, recording: dict[str, bytes], greedy: list[dict[str, bytes]], seconds: float
) -> tuple[tuple[Outcome, Outcome], list[Outcome]]:
    """Let one visitor on the default network play beside greedy ones."""
    visitors = [Visitor(each, tricks, greedy=True) for each, (_, _, tricks) in zip(greedy, GREEDY, strict=False)]
    done = asyncio.Event()
    for visitor in visitors:
        await visitor.enter(address)
    at_work = [asyncio.create_task(visitor.be_greedy(done)) for visitor in visitors]
    await asyncio.sleep(WARM_UP)
    outcomes = await play_ninth(address, recording, seconds)
    done.set()
    others = await asyncio.gather(*at_work)
    for visitor in visitors:
        await visitor.socket.close()
    return outcomes, list(others)


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
    pages: dict[str, dict[str, str]] = {"": {}, "digits": {"dataset": "digits"}, "tabular": TABLE}
    with sync_playwright() as playwright, serve() as (_, address):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        said = {page: recorded(browser, address, page, query) for page, query in pages.items()}
        browser.close()
    measure(said, seconds, options.greedy)


def measure(said: dict[str, dict[str, bytes]], seconds: float, n_greedy: int) -> None:
    """Let them play on a fresh server, and print what they had; `said` is what a browser says on each page."""
    ninth = with_link(said[""], {})
    greedy = [with_link(said[page], query) for page, query, _ in GREEDY[:n_greedy]]
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {seconds:g} s a play\n")
    with serve() as (pid, address):
        stream = f"{address.replace('http', 'ws', 1)}/_stcore/stream"
        alone = asyncio.run(play_ninth(stream, ninth, seconds))
        memory_alone = peak_megabytes(pid)
        beside, others = asyncio.run(play_beside(stream, ninth, greedy, seconds))
        memory = peak_megabytes(pid)
    row("the ninth", "alone", f"beside {len(greedy)}", "share")
    for what, one, two in zip(("as a browser plays", "as fast as it can"), alone, beside, strict=True):
        rates = one.frames_per_second, two.frames_per_second
        row(f"  {what}: frames / s", *(f"{rate:.0f}" for rate in rates), f"{100 * rates[1] / rates[0]:.0f} %")
        row("    longest answer", f"{one.longest:.2f} s", f"{two.longest:.2f} s")
    row("the greedy ones: frames / s together", "", f"{sum(other.frames_per_second for other in others):.1f}")
    row("    longest answer", "", f"{max((other.longest for other in others), default=float('nan')):.2f} s")
    row("peak memory of the server", f"{memory_alone:.0f} MB", f"{memory:.0f} MB")
    print(f"\nload {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
