"""How well the stage plays: frames, delays, bytes and CPU time, measured from outside in a real server and browser.

    python benchmarks/stage.py            # about six minutes
    python benchmarks/stage.py --quick    # shorter, fewer trials, 16 clients at most: two minutes, rougher
    python benchmarks/stage.py --lines    # only frames/s with creases and earlier boundaries

The app runs in a process of its own, with one BLAS thread; headless Chromium shows it at 1366×768. Nothing of the app
is changed: what is shown is read from the stage's data attributes by a ``MutationObserver``, on the page's own clock.
Linux only, for ``/proc``; Chromium is $CHROMIUM or the one on the PATH. Other programs on the machine disturb every
figure: the load average before is printed with them.

- frames shown / s: values that ``data-frame`` took in ``--seconds``, after a warm-up, at one epoch per frame. The stage
  asks for 60. "the display's own": ``requestAnimationFrame`` calls per second before Play, the most that can be.
  95 % of the gaps: between two frames shown.
- with creases and earlier boundaries: the same, with both chosen in the boundary's menu *Show*.
- CPU time by frames shown, over the same time: of the server's process, all threads; of the browser's main thread.
- epochs shown / s: growth of ``data-epoch`` by time, at 500 epochs per frame: 2-8-8-1 tanh, 250 points, batches of 10.
- received / frame: bytes of the WebSocket messages that came, by frames shown. Blank: share of display ticks on which
  the boundary's canvas is missing, empty, or transparent at five places. In a play of their own: looking takes time.
- pause: from the click, when the browser got it, to the last change of ``data-frame``. New learning rate: from the key
  pressed on the slider to the first frame shown that was trained with it (``data-learning-rate``), while playing.
  Median and worst of the trials; in a broken one, the stage was mounted anew, or nothing changed within 3 s.
- visit: from ``page.goto`` to ``data-ready="true"``, in a new browser context. Cold: the server's first visitor; warm:
  its second. Median of the trials, each with a new server.
- live clients: ``benchmarks/live_clients.py`` in a process on another core, the server held to one core. Frames shown
  per second by the worst, the middle and the best client (60 is the most) and by all of them, and how busy the server
  and the clients were. Many are watched for longer, so that each gets several answers.
"""

from __future__ import annotations

import argparse
import base64
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser, Page, WebSocket, expect, sync_playwright

from benchmarks.live_clients import cpu_seconds, watch_clients
from nnplay import ExperimentConfig
from tests.browser.conftest import CHROMIUM_FLAGS, ROOT, start_server
from tests.browser.stage import Stage

SEVEN_FEATURES = ("x1", "x2", "x1**2", "x2**2", "x1*x2", "sin(x1)", "sin(x2)")
LARGEST = ExperimentConfig(features=SEVEN_FEATURES, hidden_sizes=(8, 8, 8, 8, 8, 8))
#: The default network, and one with straight creases, with all lines over the boundary.
LINES = {"tanh": "?creases=true&earlier=true", "relu": "?creases=true&earlier=true&activation=relu"}
NETWORKS = {"default": "", "7 inputs, 6 × 8": "?" + urlencode(LARGEST.to_query())}
FAST_NETWORK = "?hidden_sizes=8,8&activation=tanh&batch_size=10&n_samples=500&test_fraction=0.5"
WARM_UP = 2.0
#: Many clients get their frames in large answers, one after another: each of 200 waits eight seconds for its next.
WATCHED_OF_EACH = 0.15
READY = "[data-testid=stage][data-ready=true]"


def seconds_to(page: Page, address: str, awaited: str = READY) -> float:
    """Return how long a page takes until there is an element, which is looked for at each tick of the display.

    ``Page.wait_for_selector`` looks half a second apart by then.
    """
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_function("awaited => document.querySelector(awaited)", arg=awaited, polling="raf", timeout=180_000)
    return time.perf_counter() - start


PROBE = """() => {
  const stage = document.querySelector('[data-testid=stage]');
  const probe = { stage, frames: [], rates: [], ticks: [], blanks: [], looking: false, clicked: 0, pressed: 0 };
  const watch = (name, note) => new MutationObserver((records) => {
    if (records.some((record) => record.oldValue !== stage.getAttribute(name))) note(performance.now());
  }).observe(stage, { attributes: true, attributeOldValue: true, attributeFilter: [name] });
  watch('data-frame', (now) => probe.frames.push([now, +stage.dataset.epoch]));
  watch('data-learning-rate', (now) => probe.rates.push(now));
  document.addEventListener('click', (event) => { probe.clicked = event.timeStamp; }, true);
  document.addEventListener('keydown', (event) => { probe.pressed = event.timeStamp; }, true);
  const isBlank = () => {
    const all = [...document.querySelectorAll('[data-testid=panel-boundary] canvas')];
    const canvas = all.find(({ clientWidth, width, height }) => clientWidth > 80 && width && height);
    const alpha = (x, y) => canvas.getContext('2d').getImageData(x * canvas.width, y * canvas.height, 1, 1).data[3];
    return !canvas || [[0.5, 0.5], [0.1, 0.1], [0.9, 0.1], [0.1, 0.9], [0.9, 0.9]].every((at) => alpha(...at) === 0);
  };
  const tick = (now) => {
    requestAnimationFrame(tick);
    probe.ticks.push(now);
    if (probe.looking) probe.blanks.push(isBlank());
  };
  requestAnimationFrame(tick);
  window.nnProbe = probe;
}"""
FORGET = "() => { for (const name of ['frames', 'rates', 'ticks', 'blanks']) nnProbe[name].length = 0; }"


@dataclass
class Setup:
    browser: Browser
    seconds: float
    trials: int


@dataclass
class Play:
    """What was seen of a play; times in ms, a frame's share of them for the last two."""

    frames_per_second: float
    epochs_per_second: float
    gap: float
    server: float
    browser: float


def row(what: str, *figures: str) -> None:
    print(f"{what:<44}" + "".join(f"{figure:>20}" for figure in figures), flush=True)


def middle_and_worst(times: list[float]) -> tuple[str, str]:
    return (f"{median(times):.0f} ms", f"{max(times):.0f} ms") if times else ("none", "none")


@contextmanager
def serve(root: Path = ROOT) -> Iterator[tuple[int, str]]:
    """Run a fresh server of the app in `root`; give its process id and address."""
    with tempfile.TemporaryDirectory() as directory:
        log = Path(directory) / "log"
        process, address = start_server(log, root)
        try:
            yield process.pid, address
        finally:
            process.terminate()
            process.wait(10)
        if "Traceback" in log.read_text():
            raise RuntimeError(f"the server failed: {log.read_text()}")


@contextmanager
def launch() -> Iterator[Browser]:
    """Start Chromium, and say what is measured."""
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("no Chromium: set $CHROMIUM or put chromium on the PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        print(f"Python {platform.python_version()}, Streamlit {version('streamlit')}, Chromium {browser.version}")
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        yield browser
        browser.close()


@contextmanager
def new_page(browser: Browser) -> Iterator[Page]:
    with browser.new_context(viewport={"width": 1366, "height": 768}) as context:
        # A newcomer's first run is slowed down, to be seen; this visitor is none.
        context.add_cookies([{"name": "nnplay-controls", "value": "all", "domain": "127.0.0.1", "path": "/"}])
        yield context.new_page()


@contextmanager
def open_stage(browser: Browser, address: str, listen: Callable[[WebSocket], None] | None = None) -> Iterator[Stage]:
    """Open a page in a context of its own and put the probe into it."""
    with new_page(browser) as page:
        if listen:
            page.on("websocket", listen)
        page.goto(address)
        stage = Stage(page)
        stage.wait_until_ready()
        page.wait_for_timeout(2000)  # the page's own work is over
        page.evaluate(PROBE)
        yield stage


def play(stage: Stage, seconds: float, pid: int) -> Play:
    """Play, and watch the frames from a warm-up on."""
    devtools = stage.page.context.new_cdp_session(stage.page)
    devtools.send("Performance.enable", {"timeDomain": "threadTicks"})

    def busy() -> float:
        metrics = devtools.send("Performance.getMetrics")["metrics"]
        return next(metric["value"] for metric in metrics if metric["name"] == "ThreadTime")

    stage.press("Play")
    stage.page.wait_for_timeout(1000 * WARM_UP)
    cpu, main_thread = cpu_seconds(pid), busy()
    stage.page.evaluate(FORGET)
    time.sleep(seconds)
    frames = stage.page.evaluate("() => nnProbe.frames.slice()")
    cpu, main_thread = cpu_seconds(pid) - cpu, busy() - main_thread
    if len(frames) < 3 or stage.attribute("playing") != "true":
        raise RuntimeError(f"the stage stopped playing at frame {stage.attribute('frame')}")
    times, epochs = zip(*frames, strict=True)
    gap = quantiles([later - time for time, later in pairwise(times)], n=20)[-1]
    elapsed, n = (times[-1] - times[0]) / 1000, len(frames)
    return Play((n - 1) / elapsed, (epochs[-1] - epochs[0]) / elapsed, gap, 1000 * cpu / n, 1000 * main_thread / n)


def measure_frames(setup: Setup, address: str, pid: int) -> None:
    """Print how fast the networks are shown, and at what cost."""
    plays, ceiling = [], 0.0
    for query in NETWORKS.values():
        with open_stage(setup.browser, f"{address}/{query}") as stage:
            time.sleep(2)
            first, *more = stage.page.evaluate("() => nnProbe.ticks")
            ceiling = max(ceiling, 1000 * len(more) / (more[-1] - first))
            plays.append(play(stage, setup.seconds, pid))
    row("", *NETWORKS)
    row("frames shown / s, of 60 asked", *(f"{p.frames_per_second:.1f}" for p in plays))
    row("  the display's own", f"{ceiling:.1f}")
    row("  95 % of the gaps are below", *(f"{p.gap:.1f} ms" for p in plays))
    row("server, CPU / frame", *(f"{p.server:.2f} ms" for p in plays))
    row("browser, main thread, CPU / frame", *(f"{p.browser:.2f} ms" for p in plays))
    with open_stage(setup.browser, f"{address}/{FAST_NETWORK}") as stage:
        stage.root.get_by_label("Speed").select_option("epoch:500")
        fast = play(stage, setup.seconds, pid)
    row("epochs shown / s, asked for 500 a frame", f"{fast.epochs_per_second:.0f}", f"{fast.frames_per_second:.1f} fps")


def measure_lines(setup: Setup, address: str, pid: int) -> None:
    """Print how fast frames are shown with creases and earlier boundaries over the boundary."""
    plays = []
    for query in LINES.values():
        with open_stage(setup.browser, f"{address}/{query}") as stage:
            plays.append(play(stage, setup.seconds, pid))
    row("\nwith creases and earlier boundaries", *(f"2-8-8-1 {name}" for name in LINES))
    row("frames shown / s, of 60 asked", *(f"{p.frames_per_second:.1f}" for p in plays))
    row("  95 % of the gaps are below", *(f"{p.gap:.1f} ms" for p in plays))
    row("browser, main thread, CPU / frame", *(f"{p.browser:.2f} ms" for p in plays))


def measure_traffic(setup: Setup, address: str) -> dict[str, str]:
    """Print the bytes per frame and the blank frames; return what the browser said, for the live clients."""
    sizes, blanks = [], []
    recording: dict[str, str] = {}
    for name, query in NETWORKS.items():
        received: list[int] = []
        sent: list[bytes] = []

        def listen(socket: WebSocket, received: list[int] = received, sent: list[bytes] = sent) -> None:
            socket.on("framereceived", lambda data: received.append(len(data)))
            socket.on("framesent", lambda data: sent.append(data if isinstance(data, bytes) else data.encode()))

        with open_stage(setup.browser, f"{address}/{query}", listen) as stage:
            page = stage.page
            stage.press("Play")
            page.wait_for_timeout(1000 * WARM_UP)
            page.evaluate(f"() => {{ ({FORGET})(); nnProbe.looking = true; }}")
            received.clear()
            page.wait_for_timeout(1000 * setup.seconds)
            n_frames, looks = page.evaluate("() => [nnProbe.frames.length, nnProbe.blanks.slice()]")
        sizes.append(sum(received) / n_frames)
        blanks.append(sum(looks) / len(looks))
        if name == "default":
            request = next(message for message in reversed(sent) if b'"frames"' in message)
            recording = {"visit": base64.b64encode(sent[0]).decode(), "request": base64.b64encode(request).decode()}
    row("received / frame", *(f"{size / 1000:.2f} kB" for size in sizes))
    row("blank boundary, of the display's ticks", *(f"{100 * share:.1f} %" for share in blanks))
    return recording


def time_pauses(stage: Stage, trials: int) -> list[float]:
    """Return how long pauses take, in ms: from the click to the last new frame."""
    pauses = []
    for trial in range(trials):
        start = stage.frame
        stage.press("Play")
        stage.wait_for(f"+at.frame > {start}")
        stage.page.wait_for_timeout(700 + 37 * trial)
        stage.press("Pause")
        expect(stage.root).to_have_attribute("data-playing", "false")
        stage.page.wait_for_timeout(400)
        pauses.append(stage.page.evaluate("() => Math.max(0, nnProbe.frames.at(-1)[0] - nnProbe.clicked)"))
    return pauses


def time_rates(stage: Stage, trials: int) -> tuple[list[float], int]:
    """Return how long new learning rates take to be seen, in ms, and how many trials were broken."""
    page, rates = stage.page, []
    for trial in range(trials):
        if stage.attribute("playing") != "true":
            stage.press("Play")
        page.wait_for_timeout(1200 + 37 * trial)
        page.evaluate(FORGET)
        stage.nudge("Learning rate", "ArrowLeft" if trial % 2 else "ArrowRight")
        page.wait_for_timeout(3000)
        if page.evaluate("() => nnProbe.rates.length && nnProbe.stage.isConnected"):
            rates.append(page.evaluate("() => nnProbe.rates[0] - nnProbe.pressed"))
        else:
            page.evaluate(PROBE)
    return rates, trials - len(rates)


def measure_delays(setup: Setup, address: str) -> None:
    """Print how long a pause and a new learning rate take to be seen."""
    with open_stage(setup.browser, address) as stage:
        row("pause: median, worst", *middle_and_worst(time_pauses(stage, setup.trials)))
        rates, broken = time_rates(stage, setup.trials)
        row("new learning rate: median, worst", *middle_and_worst(rates), f"{broken} of {setup.trials} broken")


def measure_visits(setup: Setup) -> None:
    """Print how long a visitor waits for the stage."""
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(min(3, setup.trials)):
        with serve() as (_, address):
            for visits in times:
                with new_page(setup.browser) as page:
                    visits.append(seconds_to(page, address))
    row("visit: cold, warm", *(f"{median(visits):.2f} s" for visits in times))


def watched(n_clients: int, seconds: float) -> float:
    """Return for how many seconds so many clients are watched: until even the last has had several answers."""
    return max(seconds, WATCHED_OF_EACH * n_clients)


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description="How well the stage plays.")
    parser.add_argument("--quick", action="store_true", help="shorter and rougher")
    parser.add_argument("--lines", action="store_true", help="only frames/s with creases and earlier boundaries")
    parser.add_argument("--seconds", type=float, help="how long each play is watched")
    parser.add_argument("--clients", type=int, nargs="*", help="numbers of live clients; none: leave them out")
    options = parser.parse_args()
    seconds = options.seconds or (4.0 if options.quick else 10.0)
    numbers = options.clients if options.clients is not None else [1, 16] if options.quick else [1, 16, 64, 200]
    with launch() as browser:
        setup = Setup(browser, seconds, 3 if options.quick else 9)
        print(f"{seconds:g} s a play, {setup.trials} trials\n")
        with serve() as (pid, address):
            if options.lines:
                measure_lines(setup, address, pid)
                return
            measure_frames(setup, address, pid)
            measure_lines(setup, address, pid)
            recording = measure_traffic(setup, address)
            measure_delays(setup, address)
        measure_visits(setup)
    if numbers:
        row("\nclients", "fps min/median/max", "fps together", "server / clients")
    for n_clients in numbers:
        with serve() as (pid, address):
            span = watched(n_clients, seconds)
            rates, server, clients = watch_clients(address, pid, recording, n_clients, span)
        frames = f"{min(rates):.1f} / {median(rates):.1f} / {max(rates):.1f}"
        row(f"{n_clients} live", frames, f"{sum(rates):.0f}", f"{100 * server:.0f} % / {100 * clients:.0f} %")


if __name__ == "__main__":
    main()
