"""How long a visit takes through nginx and a slow link: 10 Mbit/s, a round trip of 60 ms.

    python benchmarks/served/visits.py              # about a minute
    python benchmarks/served/visits.py --trials 3   # rougher

Servers and nginx are those of ``deploy/serve.py``; ``benchmarks/relay.py`` is the link. The time is from ``page.goto``
until the stage is ready. Encrypted, nginx speaks HTTP/2, and requests don't wait for each other; plainly, browsers send
six at a time. Cold: a browser that has nothing, in a context of its own for each trial; the first one is also the first
visitor of servers and nginx. Repeat: the same browser once more. Requests and bytes are those that travelled, until
1.5 s after that. Other programs on the machine disturb every figure: the load average is printed with them.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Page, sync_playwright

from benchmarks.relay import Link, relay
from benchmarks.stage import seconds_to
from deploy.serve import Fleet, free_ports
from tests.browser.conftest import CHROMIUM_FLAGS
from tests.deploy.test_deploy import certificate_in

TRAVELLED = """() => performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation'))
  .map(({ transferSize }) => transferSize).filter((size) => size > 0)"""
#: What is asked of them, in seconds.
WANTED = {"cold": 3.0, "repeat": 1.2}


def visit(page: Page, address: str) -> tuple[float, list[int]]:
    """Return how long a visit takes, in s, and the bytes of each request that travelled."""
    page.goto("about:blank")
    seconds = seconds_to(page, address)
    page.wait_for_timeout(1500)
    return seconds, page.evaluate(TRAVELLED)


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="How long a visit takes through nginx and a slow link.")
    parser.add_argument("--trials", type=int, default=7)
    parser.add_argument("--round-trip", type=float, default=60.0, help="milliseconds")
    parser.add_argument("--rate", type=float, default=10.0, help="Mbit/s")
    options = parser.parse_args()
    link = Link(options.round_trip, options.rate)
    print(f"{options.trials} trials, {link}, load {os.getloadavg()[0]:.1f}\n")
    heads = ("first", "median", "worst", "wanted", "requests", "MB")
    print(f"{'':<20}" + "".join(f"{head:>12}" for head in heads))
    for scheme in ("https", "http"):
        measure(scheme, link, options.trials)


def key_hash(key: str) -> str:
    """Return what Chromium knows a key by. It keeps nothing of a server whose certificate it has only put up with."""
    public = subprocess.run(
        ["openssl", "pkey", "-in", key, "-pubout", "-outform", "der"], check=True, capture_output=True
    )
    return base64.b64encode(hashlib.sha256(public.stdout).digest()).decode()


def measure(scheme: str, link: Link, trials: int) -> None:
    """Print two rows."""
    times: dict[str, list[float]] = defaultdict(list)
    sizes: dict[str, list[int]] = {}
    (port,) = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="nnplay-") as folder, sync_playwright() as playwright:
        files = certificate_in(Path(folder)) if scheme == "https" else {"certificate": "", "key": ""}
        with (
            Fleet(Path(folder), 3, f"127.0.0.1:{port}", workers="1", **files),  # type: ignore[arg-type]
            relay(f"{scheme}://127.0.0.1:{port}", link) as address,
        ):
            trust = [f"--ignore-certificate-errors-spki-list={key_hash(files['key'])}"] if files["key"] else []
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM") or shutil.which("chromium"), args=[*CHROMIUM_FLAGS, *trust]
            )
            for _ in range(trials):
                context = browser.new_context(viewport={"width": 1366, "height": 768})
                for kind in WANTED:
                    seconds, sizes[kind] = visit(context.new_page(), address)
                    times[kind].append(seconds)
                context.close()
            browser.close()
    for kind, wanted in WANTED.items():
        taken = times[kind]
        cells = [f"{each:.2f} s" for each in (taken[0], median(taken), max(taken), wanted)]
        cells += [str(len(sizes[kind])), f"{sum(sizes[kind]) / 1e6:.2f}"]
        print(f"{kind + ', ' + scheme:<20}" + "".join(f"{cell:>12}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
