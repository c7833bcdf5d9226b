"""How long a visitor waits for the playground, as a multiple of a bare Streamlit page: one text, one slider.

    python benchmarks/visit.py                       # about two minutes
    python benchmarks/visit.py --trials 2            # rougher
    python benchmarks/visit.py --beside ../before    # the app of another worktree, too, in turns

Each trial starts a server of each app. Cold is its first visitor, warm its second, both in a new browser context. The
time is from ``page.goto`` until the stage is ready, or the slider is there; told is the median. Requests and bytes, as
they travel, are those of the warm visit, until 1.5 s after that; ours are the ones below ``app/static``.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser

from benchmarks.stage import READY, launch, new_page, seconds_to
from tests.browser.conftest import ROOT, start_server

BARE = 'import streamlit as st\n\nst.write("A text.")\nst.slider("A slider")\n'
SLIDER = "[data-testid=stSlider] input"
REQUESTS = """() => performance.getEntriesByType('resource')
  .map(({ name, transferSize }) => [name.includes('/app/static/'), transferSize])"""


def visit(browser: Browser, address: str, awaited: str) -> tuple[float, list[tuple[bool, int]]]:
    """Return how long a visit takes, in s, and of each request whether it is ours, and its bytes."""
    with new_page(browser) as page:
        seconds = seconds_to(page, address, awaited)
        page.wait_for_timeout(1500)
        return seconds, page.evaluate(REQUESTS)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="How long a visit takes, beside a bare page.")
    parser.add_argument("--trials", type=int, default=5)
    parser.add_argument("--beside", type=Path, help="another worktree of the project")
    options = parser.parse_args()
    times: dict[tuple[str, str], list[float]] = defaultdict(list)
    requests: dict[str, list[tuple[bool, int]]] = {}
    with launch() as browser, tempfile.TemporaryDirectory() as directory:
        folder = Path(directory)
        (folder / "bare.py").write_text(BARE)
        apps = {"a bare page": (folder, "bare.py", SLIDER), "nnplay": (ROOT, "app.py", READY)}
        if options.beside:
            apps[options.beside.name] = (options.beside, "app.py", READY)
        for _ in range(options.trials):
            for name, (root, script, awaited) in apps.items():
                process, address = start_server(folder / "log", root, script)
                try:
                    for kind in ("cold", "warm"):
                        seconds, requests[name] = visit(browser, address, awaited)
                        times[name, kind].append(seconds)
                finally:
                    process.terminate()
                    process.wait(10)
    middle = {key: median(values) for key, values in times.items()}
    heads = ("cold", "warm", "requests, ours", "MB, ours")
    print(f"{options.trials} trials\n\n{'':<20}" + "".join(f"{head:>24}" for head in heads))
    for name in apps:
        cells = [
            f"{middle[name, kind]:.2f} s, {middle[name, kind] / middle['a bare page', kind]:.2f} ×"
            for kind in ("cold", "warm")
        ]
        sizes = requests[name]
        ours = [size for own, size in sizes if own]
        cells += [f"{len(sizes)}, {len(ours)}", f"{sum(size for _, size in sizes) / 1e6:.2f}, {sum(ours) / 1e6:.2f}"]
        print(f"{name:<20}" + "".join(f"{cell:>24}" for cell in cells))


if __name__ == "__main__":
    main()
