"""Generated hostile input, of every kind, with what each piece costs.

``python -m tests.hostile --count 10000 --seed 0`` prints how many pieces of each kind were accepted, refused, slow,
large (of memory) or failed, and ends with 1 if any was one of the last three. ``--only links`` looks at one kind alone,
and ``--first 17 --count 1`` at one piece.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time
from collections import Counter

from tests.hostile.case import try_out
from tests.hostile.kinds import KINDS, case_of, pieces_of

#: Seconds after which a piece has failed: it would hold everyone else.
PATIENCE = 60


def give_up(*_: object) -> None:
    raise TimeoutError(f"no end after {PATIENCE} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000, help="pieces in all, shared among the kinds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--first", type=int, default=0, help="number of the first piece of each kind")
    parser.add_argument("--only", choices=KINDS, action="append")
    options = parser.parse_args()
    signal.signal(signal.SIGALRM, give_up)
    kinds = options.only or list(KINDS)
    share = -(-options.count // max(1, sum(kind != "pages" for kind in kinds)))
    began, bad, total = time.perf_counter(), 0, 0
    print(f"{'kind':10}{'pieces':>8}{'accepted':>10}{'refused':>9}{'slow':>6}{'large':>7}{'failed':>8}")
    for kind in kinds:
        counts, each = Counter[str](), pieces_of(kind, share)
        total += each
        for number in range(options.first, options.first + each):
            case = case_of(kind, options.seed, number)
            signal.alarm(PATIENCE)
            outcome = try_out(case, measure=True)
            signal.alarm(0)
            counts[outcome.what] += 1
            if outcome.what not in ("accepted", "refused"):
                print(f"--- {kind} {number}, {outcome.what}: {case.said}\n{outcome.why}", file=sys.stderr, flush=True)
            elif options.count <= len(kinds):
                print(f"--- {kind} {number}, {outcome.what}: {case.said}\n{outcome.why}")
        found = "".join(f"{counts[what]:>{width}}" for what, width in
                        (("accepted", 10), ("refused", 9), ("slow", 6), ("large", 7), ("failed", 8)))  # fmt: skip
        print(f"{kind:10}{each:>8}{found}", flush=True)
        bad += counts["slow"] + counts["large"] + counts["failed"]
    print(f"{total:,} pieces in {time.perf_counter() - began:.0f} s; {bad} to be mended")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
