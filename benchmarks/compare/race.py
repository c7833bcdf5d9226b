"""How well a race plays: frames shown a second of two, three and four lanes, and whether lanes are ever apart.

    python benchmarks/compare/race.py             # about a minute
    python benchmarks/compare/race.py --seconds 4

The app runs in a process of its own, with one BLAS thread; headless Chromium shows it at 1366×768, as in
``benchmarks/stage.py``. What is shown is read from the race's data attributes by a ``MutationObserver``, on the page's
own clock: each frame shown, and every lane's epochs in it. The playground's default run is played in the same browser,
by turns with the races: other programs on the machine disturb every figure.

- frames shown / s: values that ``data-frame`` took in ``--seconds``, after a warm-up, at one epoch per frame; 60 is
  the most. 95 % of the gaps: between two frames shown.
- apart: frames shown in which not all lanes had the same epochs; of the clock of training time, those in which the
  processor time of two lanes differed by more than a twentieth of a second.
- server / frame: CPU time of the server's process, all threads, by frames shown.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import pairwise
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Browser, Page

from benchmarks.live_clients import cpu_seconds
from benchmarks.stage import launch, row, serve

WARM_UP = 2.0
ROUNDS = 3
#: The first lane is the playground's default run.
LANES = ("lane_b=activation~relu", "lane_c=momentum~0", "lane_d=optimizer~adam~learning_rate~0.003")
PLAYS = {
    "playground, default": "",
    **{f"race of {n}, default": f"compare?{'&'.join(LANES[: n - 1])}" for n in (2, 3, 4)},
    "race of 4, by training time": f"compare?{'&'.join(LANES)}&clock=time",
}
#: Seconds of processor time that lanes may be apart: a step, and what else the processor did in it.
APART = 0.05

PROBE = """() => {
  const stage = document.querySelector('[data-testid=stage], [data-testid=race]');
  window.nnFrames = [];
  new MutationObserver((records) => {
    if (records.some((record) => record.oldValue !== stage.dataset.frame)) {
      nnFrames.push([performance.now(), stage.dataset.epochs ?? '', stage.dataset.seconds ?? '']);
    }
  }).observe(stage, { attributes: true, attributeOldValue: true, attributeFilter: ['data-frame'] });
}"""


def play(browser: Browser, address: str, server: int, query: str, seconds: float) -> tuple[float, float, int, float]:
    """Return frames shown a second, 95 % of the gaps in ms, frames with lanes apart, and server ms a frame."""
    page: Page = browser.new_context(viewport={"width": 1366, "height": 768}).new_page()
    page.goto(f"{address}/{query}")
    page.wait_for_selector("[data-testid=stage][data-ready=true], [data-testid=race][data-ready=true]", timeout=30_000)
    page.wait_for_timeout(1000)
    page.evaluate(PROBE)
    page.keyboard.press("Space")
    page.wait_for_timeout(1000 * WARM_UP)
    page.evaluate("nnFrames.length = 0")
    before, began = cpu_seconds(server), time.monotonic()
    page.wait_for_timeout(1000 * seconds)
    frames, took = page.evaluate("nnFrames"), time.monotonic() - began
    cpu = cpu_seconds(server) - before
    page.context.close()
    gaps = sorted(b[0] - a[0] for a, b in pairwise(frames))
    apart = sum(are_apart(epochs, times, query) for _, epochs, times in frames)
    return len(frames) / took, gaps[int(0.95 * len(gaps))], apart, 1000 * cpu / max(1, len(frames))


def are_apart(epochs: str, times: str, query: str) -> bool:
    """Return whether not all lanes of a frame are at the same moment of the clock."""
    values = [float(value) for value in (times if "clock=time" in query else epochs).split()]
    return bool(values) and max(values) - min(values) > (APART if "clock=time" in query else 0)


def main() -> None:
    """Play everything by turns, and print the middle of the rounds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    seconds = parser.parse_args().seconds
    with launch() as browser, serve() as (server, address):
        seen: dict[str, list[tuple[float, float, int, float]]] = {name: [] for name in PLAYS}
        for _ in range(ROUNDS):
            for name, query in PLAYS.items():
                seen[name].append(play(browser, address, server, query, seconds))
        print()
        row("", "frames shown / s", "95 % of the gaps", "apart", "server / frame")
        for name, plays in seen.items():
            rates, gaps, apart, server_ms = zip(*plays, strict=True)
            row(
                name,
                f"{median(rates):.0f}",
                f"{median(gaps):.0f} ms",
                str(sum(apart)) if name.startswith("race") else "–",
                f"{median(server_ms):.1f} ms",
            )


if __name__ == "__main__":
    main()
