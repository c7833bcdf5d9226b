"""How well the tab Luck plays: ``python benchmarks/compare/luck.py``, about a minute and a half.

A run of 2-8-8-1 on 300 samples, in batches of 10, an epoch a frame, from several numbers of seeds at once: every seed's
boundary on the wall, the fan of losses and the scores are on screen and live. For each the frames shown a second, how
finely each boundary is drawn (points along a side, by what time allows), what a frame takes of the server's and of the
browser's main thread, and the bytes that it brings. The pictures are computed in a worker, beside the main thread.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import WebSocket

from benchmarks.stage import Play, launch, open_stage, play, row, serve

QUERY = "tab=luck&dataset=moons&n_samples=300&test_fraction=0.25&noise=0.2&hidden_sizes=8,8&batch_size=10"
SEEDS = (16, 32, 64)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How well the tab Luck plays.")
    parser.add_argument("--seconds", type=float, default=10.0, help="how long each play is watched")
    parser.add_argument("--seeds", type=int, nargs="*", default=SEEDS)
    options = parser.parse_args()
    plays: list[Play] = []
    finenesses, sizes = [], []
    with launch() as browser, serve() as (pid, address):
        for seeds in options.seeds:
            received: list[int] = []

            def listen(socket: WebSocket, received: list[int] = received) -> None:
                socket.on("framereceived", lambda data: received.append(len(data)))

            with open_stage(browser, f"{address}/compare?{QUERY}&seeds={seeds}", listen) as stage:
                received.clear()
                plays.append(play(stage, options.seconds, pid))
                sizes.append(sum(received) / max(1, stage.frame))
                finenesses.append(stage.root.get_by_test_id("panel-wall").get_attribute("data-columns") or "?")
    row("seeds", *map(str, options.seeds))
    row("frames shown / s, of 60 asked", *(f"{p.frames_per_second:.1f}" for p in plays))
    row("  95 % of the gaps are below", *(f"{p.gap:.0f} ms" for p in plays))
    row("points along a side of each boundary", *finenesses)
    row("server, CPU / frame", *(f"{p.server:.2f} ms" for p in plays))
    row("browser, main thread, CPU / frame", *(f"{p.browser:.2f} ms" for p in plays))
    row("received / frame", *(f"{size / 1000:.1f} kB" for size in sizes))


if __name__ == "__main__":
    main()
