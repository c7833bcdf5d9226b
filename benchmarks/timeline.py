"""What a long run leaves behind, and how soon any moment of it is on screen again.

    python benchmarks/timeline.py            # 50 000 epochs, a frame each: some minutes
    python benchmarks/timeline.py --quick    # 2000 epochs
    python benchmarks/timeline.py --browser  # and a run of 50 000 epochs in Chromium, scrubbed

For each network a run is recorded, one frame an epoch. "Branches" means that it was forked five times then, each branch
trained for another tenth of the epochs: six branches, the most there may be. Frames are not drawn while training:
drawing keeps nothing.

- kept: frames that can be shown; in brackets, those that training can be taken up at.
- frames, curves, message: what the kept frames of all branches, their histories, and the last message take. Counted
  object by object (``sys.getsizeof``, each once, arrays with their data), not by the store's own book-keeping, which is
  printed beside it. The sum is to stay below 20 MB.
- work: what the session and the surface take besides, whatever the length of the run.
- show: CPU time for the server to answer ``show`` for a random frame of the run: find it, draw it, pack it. Median and
  worst of 200.
- in Chromium: from the input on the timeline to the frame's number in ``data-frame``, for 30 random places; the frame
  shown is the nearest one kept.
"""

import os

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import argparse
import gc
import shutil
import sys
import time
import types
from collections.abc import Iterable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from nnplay import ExperimentConfig
from nnplay.experiment.recording.branches import MAX_BRANCHES
from nnplay.experiment.recording.recording import Recording
from nnplay.server.stage_feed import Feed

NETWORKS = {
    "default (2-8-8-1, SGD)": ExperimentConfig(),
    "8 × 64 units, Adam, full batch": ExperimentConfig(
        hidden_sizes=(64,) * 8, optimizer="adam", learning_rate=1e-4, batch_size=None
    ),
}
SHOWS = 200
PLENTY = 1e9
SCRUBS = 30

NOT_ENTERED = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.MethodType)


def size_of(roots: Iterable[Any], seen: set[int] | None = None) -> int:
    """Return what some objects take with all that they hold, each object once."""
    seen = set() if seen is None else seen
    stack, total = list(roots), 0
    while stack:
        thing = stack.pop()
        if id(thing) in seen or isinstance(thing, NOT_ENTERED):
            continue
        seen.add(id(thing))
        total += sys.getsizeof(thing)
        if isinstance(thing, np.ndarray):
            stack += [thing.base] if thing.base is not None else []
        else:
            stack += gc.get_referents(thing)
    return total


def row(*cells: str) -> None:
    print(f"{cells[0]:<34}" + "".join(f"{cell:>17}" for cell in cells[1:]), flush=True)


def megabytes(n_bytes: float) -> str:
    return f"{n_bytes / 1e6:.2f} MB"


def train(recording: Recording, n_frames: int) -> None:
    """Record frames of one epoch each without drawing them."""
    draw = Recording.frame
    Recording.frame = lambda self, number: number  # type: ignore[assignment,method-assign,misc]
    try:
        recording.advance(recording.last_frame, "epoch", 1, n_frames, PLENTY)
    finally:
        Recording.frame = draw  # type: ignore[method-assign]


def report(name: str, feed: Feed) -> None:
    recording = feed.recording
    tracks = list(recording.branches)
    rng = np.random.default_rng(0)
    times = []
    for number in rng.integers(0, recording.last_frame + 1, SHOWS):
        start = time.thread_time()
        feed.answer({"id": feed.reply + 1, "kind": "show", "run": feed.run, "frame": int(number)})
        times.append(1000 * (time.thread_time() - start))
    feed.answer({"id": feed.reply + 1, "kind": "sync", "run": feed.run})
    kept = recording.track.kept
    numbers = kept.following(-1, len(kept))
    seen: set[int] = set()
    frames = size_of([track.kept[n] for track in tracks for n in track.kept.following(-1, len(track.kept))], seen)
    frames += size_of([track.kept.following(-1, len(track.kept)) for track in tracks], seen)
    curves = size_of([track.history for track in tracks], seen)
    message = len(feed.message)
    work = size_of([recording.session, recording.setup.drawn], seen)
    row(
        name,
        f"{recording.last_frame:,}",
        f"{len(numbers)} ({sum(kept.can_resume(n) for n in numbers)})",
        megabytes(frames),
        megabytes(recording.branches.memory.nbytes),
        megabytes(curves),
        megabytes(message),
        megabytes(frames + curves + message),
        megabytes(work),
        f"{median(times):.1f}, {max(times):.1f} ms",
    )


def measure(epochs: int) -> None:
    row("", "frames", "kept", "frames", "its own count", "curves", "message", "sum", "work", "show")
    for name, config in NETWORKS.items():
        feed = Feed(config)
        train(feed.recording, epochs)
        report(name, feed)
        for _ in range(MAX_BRANCHES - 1):
            feed.recording.fork(feed.recording.last_frame, feed.recording.last_frame)
            train(feed.recording, epochs // 10)
        report("  with branches", feed)


def scrub_in_browser(epochs: int) -> None:
    """Play a long run in Chromium and print how soon a place on the timeline is shown."""
    from playwright.sync_api import sync_playwright

    from benchmarks.stage import serve
    from tests.browser.conftest import CHROMIUM_FLAGS
    from tests.browser.stage import Stage

    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not chromium:
        sys.exit("no Chromium: set $CHROMIUM or put chromium on the PATH")
    with sync_playwright() as playwright, serve() as (_, address):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        page = browser.new_page(viewport={"width": 1366, "height": 768})
        page.goto(f"{address}/?batch_size=full&n_samples=100&max_epochs={epochs}")
        stage = Stage(page)
        stage.wait_until_ready()
        stage.root.get_by_role("combobox", name="Speed").select_option("epoch:20")
        stage.press("Play")
        page.wait_for_function(
            f"() => +document.querySelector('[data-testid=stage]').dataset.epoch >= {epochs}", timeout=600_000
        )
        page.wait_for_timeout(1500)
        times = page.evaluate(SCRUB, SCRUBS)
        heap = page.evaluate("() => performance.memory?.usedJSHeapSize ?? 0")
        print(f"\nin Chromium: {stage.epoch:,} epochs, {stage.frame:,} frames; JavaScript heap {megabytes(heap)}")
        ninth = sorted(times)[int(0.9 * len(times))]
        print(f"scrub to a random place: median {median(times):.0f}, 90 % in {ninth:.0f}, worst {max(times):.0f} ms")
        browser.close()


#: Moves the timeline, and waits until the frame stays the same for 400 ms; the time is that of the last change.
SCRUB = """async (n) => {
  const stage = document.querySelector('[data-testid=stage]');
  const slider = stage.querySelector('[aria-label=Timeline]');
  const times = [];
  const max = +slider.max;
  let state = 12345;
  for (let k = 0; k < n; k++) {
    state = (state * 1103515245 + 12345) % 2147483648;
    let last = 0;
    const start = performance.now();
    const watch = new MutationObserver(() => { last = performance.now() - start; });
    watch.observe(stage, { attributes: true, attributeFilter: ['data-frame'] });
    slider.value = String(Math.floor((state / 2147483648) * max));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    await new Promise((resolve) => setTimeout(resolve, 400));
    watch.disconnect();
    times.push(last);
  }
  slider.value = String(max);
  slider.dispatchEvent(new Event('input', { bubbles: true }));
  await new Promise((resolve) => setTimeout(resolve, 400));
  return times;
}"""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="What a long run leaves behind.")
    parser.add_argument("--quick", action="store_true", help="2000 epochs")
    parser.add_argument("--browser", action="store_true", help="scrub in Chromium, too")
    options = parser.parse_args()
    epochs = 2000 if options.quick else 50_000
    measure(epochs)
    if options.browser:
        scrub_in_browser(epochs)


if __name__ == "__main__":
    main()
