"""How well the stage plays through links of all kinds, beside the direct one.

    python benchmarks/links.py                       # about ten minutes
    python benchmarks/links.py --quick               # one round, fewer trials: about four minutes, rougher
    python benchmarks/links.py --beside ../before    # the app of another worktree, too, in turns

One server, one browser; the links are relays on loopback (``benchmarks/relay.py``), and "direct" is without one. All
links have their turn in each round, so that a busy machine disturbs them alike. Told is the median over the rounds.

- visit: from ``page.goto`` to ``data-ready="true"``, in a new browser context, so with nothing kept from before.
- frames/s: values that ``data-frame`` took a second, at one epoch per frame; the stage asks for 60.
- longest gap: between two frames shown. Both are from a warm-up of 2 s on; "from the first" is the longest gap since
  the first new frame after Play.
- pause: from the click to the last change of ``data-frame``. New learning rate: from the key pressed on the slider to
  the first frame shown that was trained with it. The longest of all trials is in brackets; "–" where there was none
  within 3 s.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from playwright.sync_api import Browser

from benchmarks.relay import Link, relay
from benchmarks.stage import FORGET, PROBE, WARM_UP, launch, new_page, seconds_to, serve, time_pauses, time_rates
from tests.browser.conftest import ROOT
from tests.browser.stage import Stage

LINKS = (Link(60, 10), Link(120, 5), Link(200, 1))
COLUMNS = ("visit", "frames/s", "longest gap", "from the first", "pause", "new learning rate")


def line(*cells: str) -> None:
    """Print a line of the table."""
    print(f"{cells[0]:<32}" + "".join(f"{cell:>19}" for cell in cells[1:]), flush=True)


def longest_gap(frames: list[list[float]]) -> float:
    """Return the longest time between two frames shown, in ms."""
    return max((later - time for (time, _), (later, _) in pairwise(frames)), default=float("nan"))


def watch(browser: Browser, address: str, seconds: float, trials: int) -> dict[str, list[float]]:
    """Visit the playground and play; return what was seen, times in ms."""
    with new_page(browser) as page:
        stage, visit = Stage(page), seconds_to(page, address)
        page.wait_for_load_state("load")
        page.wait_for_timeout(3000)  # the page's own work is over
        page.evaluate(PROBE)
        stage.press("Play")
        stage.wait_for("+at.frame > 0")
        page.wait_for_timeout(1000 * WARM_UP)
        start = page.evaluate("() => performance.now()")
        page.wait_for_timeout(1000 * seconds)
        frames, end = page.evaluate("() => [nnProbe.frames.slice(), performance.now()]")
        playing = [[start, 0], *(frame for frame in frames if frame[0] >= start), [end, 0]]
        stage.press("Pause")
        page.wait_for_timeout(2000)  # answers under way have arrived
        page.evaluate(FORGET)
        pauses = time_pauses(stage, trials)
        rates, _ = time_rates(stage, trials)
    rate = 1000 * (len(playing) - 2) / (end - start)
    gaps = [longest_gap(playing)], [longest_gap([*frames, [end, 0]])]
    return dict(zip(COLUMNS, ([1000 * visit], [rate], *gaps, pauses, rates), strict=True))


def told(name: str, values: list[float]) -> str:
    """Return a figure of the table."""
    if not values:
        return "–"
    if name == "frames/s":
        return f"{median(values):.1f}"
    worst = f" ({max(values):.0f})" if name in ("pause", "new learning rate") else ""
    return f"{median(values) / 1000:.1f} s" if name == "visit" else f"{median(values):.0f}{worst} ms"


def main() -> None:
    """Measure everything and print it."""
    parser = argparse.ArgumentParser(description="How well the stage plays through slow links.")
    parser.add_argument("--quick", action="store_true", help="shorter and rougher")
    parser.add_argument("--rounds", type=int, help="how often each link has its turn")
    parser.add_argument("--beside", type=Path, help="another worktree of the project")
    options = parser.parse_args()
    rounds, trials = options.rounds or (1 if options.quick else 3), 2 if options.quick else 5
    seconds = 6.0 if options.quick else 10.0
    seen: dict[str, dict[str, list[float]]] = {}
    with launch() as browser, ExitStack() as servers:
        print(f"{rounds} rounds, {seconds:g} s a play, {trials} trials a round\n")
        addresses = {}
        for root in (ROOT, *([options.beside] if options.beside else [])):
            before = "" if root == ROOT else f"{root.name}: "
            _, address = servers.enter_context(serve(root))
            addresses[f"{before}direct"] = address
            for link in LINKS:
                addresses[f"{before}{link}"] = servers.enter_context(relay(address, link))
            with new_page(browser) as page:
                seconds_to(page, address)  # each measured one finds a warm server
        for _ in range(rounds):
            for name, address in addresses.items():
                found = seen.setdefault(name, defaultdict(list))
                for what, values in watch(browser, address, seconds, trials).items():
                    found[what] += values
    line("", *COLUMNS)
    for name, found in seen.items():
        line(name, *(told(what, found[what]) for what in COLUMNS))


if __name__ == "__main__":
    main()
