"""What others have of their frames while one visitor sweeps, and how soon a sweep stops.

    python benchmarks/compare/sweep_beside.py            # about two minutes
    python benchmarks/compare/sweep_beside.py --quick    # shorter and rougher

The app runs in a process of its own, held to one core. One visitor, in Chromium, opens the tab *Sweep* and presses Run;
others, without a browser (``benchmarks/live_clients.py``), play the default network as the stage does. Their frames are
counted by turns without and with the sweep: both see the same load of the machine, which is printed.

Stopped: from the press on Stop until the page says so, and, on the server alone, until the thread has ended.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import time
from base64 import b64encode
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Page, expect, sync_playwright

from benchmarks.greedy import recorded
from benchmarks.live_clients import watch_clients
from benchmarks.stage import new_page, row, serve
from nnplay import ExperimentConfig
from nnplay.server.compare.sweep_feed import SweepFeed
from nnplay.server.compare.sweep_link import AXES, EPOCHS, SEEDS, from_query
from tests.browser.conftest import CHROMIUM_FLAGS

#: Some minutes of training on one core.
SWEEP = {
    AXES[0]: "learning_rate~range~0.001~1~20",
    AXES[1]: "hidden_sizes~8-8~16-16~24-24~8-8-8",
    SEEDS: "8",
    EPOCHS: "1000",
}
CLIENTS = (1, 4)


def open_sweep(page: Page, address: str) -> None:
    """Open the tab with that sweep."""
    page.goto(f"{address}/compare?tab=sweep&" + "&".join(f"{name}={value}" for name, value in SWEEP.items()))
    expect(page.get_by_test_id("sweep")).to_have_attribute("data-ready", "true", timeout=60_000)


def press(page: Page, name: str, running: bool) -> float:
    """Press a button, and return how long it takes until the page says what it is to lead to, in seconds."""
    sweep = page.get_by_test_id("sweep")
    button = sweep.get_by_role("button", name=name, exact=True)
    expect(button).to_be_enabled(timeout=60_000)
    milliseconds: float = page.evaluate(
        """([name, wanted]) => new Promise((done) => {
          const sweep = document.querySelector('[data-testid=sweep]');
          const start = performance.now();
          const look = () => sweep.dataset.running === wanted ? done(performance.now() - start) : setTimeout(look, 4);
          sweep.querySelector(`[data-do=${name}]`).click();
          look();
        })""",
        [{"Run": "run", "Stop": "stop", "Go on": "go_on"}[name], str(running).lower()],
    )
    return milliseconds / 1000


def stopped_after() -> float:
    """Return how long the thread of a sweep goes on after it was told to stop, in seconds."""
    feed = SweepFeed()
    feed.use(ExperimentConfig(), from_query(SWEEP)[0])
    feed.run()
    time.sleep(0.7)
    start = time.perf_counter()
    feed.stop(60)
    return time.perf_counter() - start


def main() -> None:
    """Measure, and print it."""
    parser = argparse.ArgumentParser(description="Others' frames while one visitor sweeps; how soon a sweep stops.")
    parser.add_argument("--quick", action="store_true", help="shorter and rougher")
    parser.add_argument("--seconds", type=float, help="how long the others play each time")
    options = parser.parse_args()
    seconds = options.seconds or (4.0 if options.quick else 10.0)
    rounds = 2 if options.quick else 3
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not chromium:
        sys.exit("no Chromium: set $CHROMIUM or put chromium on the PATH")
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}; {rounds} × {seconds:g} s each way\n")
    with sync_playwright() as playwright, serve() as (pid, address):
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_FLAGS)
        said = {name: b64encode(text).decode() for name, text in recorded(browser, address, "", {}).items()}
        with new_page(browser) as page:
            open_sweep(page, address)
            begun, stops = False, []
            row("others who play", "without", "with the sweep", "share", "server busy")
            for n_clients in CLIENTS:
                without, beside, busy = [], [], []
                for _ in range(rounds):
                    without.append(sum(watch_clients(address, pid, said, n_clients, seconds)[0]))
                    press(page, "Go on" if begun else "Run", True)
                    begun = True
                    rates, share, _ = watch_clients(address, pid, said, n_clients, seconds)
                    beside.append(sum(rates))
                    busy.append(share)
                    stops.append(press(page, "Stop", False))
                share = median(b / a for a, b in zip(without, beside, strict=True))
                figures = f"{median(without):.0f} frames / s", f"{median(beside):.0f} frames / s"
                row(str(n_clients), *figures, f"{100 * share:.0f} %", f"{100 * median(busy):.0f} %")
            told = page.locator(".nn-sweep-words").inner_text()
        browser.close()
    print(f"\nthe sweep meanwhile: {told}")
    alone = [stopped_after() for _ in range(5)]
    print("\nfrom Stop to stopped           median      worst")
    for name, times in (("as the page says it", stops), ("the thread on the server", alone)):
        print(f"{name:<26}{median(times):>9.2f} s{max(times):>9.2f} s")
    print(f"\nload {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
