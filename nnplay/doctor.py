"""``python -m nnplay.doctor``: put the doctor on trial, and print whether it finds what is there and whether it helps.

Runs are trained with a fault that is known, a few for each kind of finding and each with its own seed; the doctor is
asked; what it advises is tried from the same moment, beside the run that goes on as it is, for as many epochs again. A
change that makes another run necessary is trained from its beginning, for all these epochs. It helps where what the
fault spoils gets better: the training loss by 2 % or more; of overfitting the test loss; of columns of very different
size the test score; of a rare class the mean recall of the classes; of a small test set how far the test score is from
the score on 2,000 samples that nobody has seen. Runs that learn well are looked at, too: there, each finding is a false
alarm.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence

from nnplay.experiment.explain.doctor.trials.judging import Verdict, false_alarms, trial
from nnplay.experiment.explain.doctor.trials.planted import HEALTHY, PLANTED, Planted
from nnplay.refusal import Refusal
from nnplay.validation import choice, integer


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return 0, or 1 if there is something wrong with it."""
    parser = argparse.ArgumentParser(prog="python -m nnplay.doctor", description="Put the doctor on trial.")
    parser.add_argument("--seeds", type=int, default=20, help="runs of each kind (default: 20)")
    parser.add_argument("--first", type=int, default=0, help="the first seed (default: 0)")
    parser.add_argument("--only", nargs="+", metavar="KIND", default=[], help="kinds of findings, by name")
    parser.add_argument("--each", action="store_true", help="print each run, too")
    asked = parser.parse_args(arguments)
    try:
        first = integer("--first", asked.first, 0, 1_000_000)
        seeds = range(first, first + integer("--seeds", asked.seeds, 1, 1000))
        kinds = {planted.kind: planted for planted in PLANTED}
        for kind in asked.only:
            choice("--only", kind, kinds)
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    wanted = [planted for kind, planted in kinds.items() if not asked.only or kind in asked.only]
    _print_planted(wanted, seeds, asked.each)
    if not asked.only:
        _print_healthy(seeds, asked.each)
    return 0


def _print_planted(wanted: Sequence[Planted], seeds: range, each: bool) -> None:
    print(f"{'planted':20} {'found':>11} {'its advice helps':>18}   judged by")
    all_verdicts: list[Verdict] = []
    for planted in wanted:
        verdicts = [trial(planted, seed) for seed in seeds]
        all_verdicts += verdicts
        print(f"{planted.kind:20} {_line(verdicts)}   {planted.measure.replace('_', ' ')}", flush=True)
        if each:
            for verdict in verdicts:
                print(f"    seed {verdict.seed}: {', '.join(verdict.kinds) or 'nothing found'}", end="")
                print("" if verdict.helped is None else f"; {verdict.before:.4g} without, {verdict.after:.4g} with it")
    print(f"{'all':20} {_line(all_verdicts)}")


def _line(verdicts: Sequence[Verdict]) -> str:
    tried = [verdict.helped for verdict in verdicts if verdict.helped is not None]
    return (
        f"{_share(sum(verdict.found for verdict in verdicts), len(verdicts)):>11} {_share(sum(tried), len(tried)):>18}"
    )


def _share(n: int, of: int) -> str:
    return f"{n}/{of} {n / of:4.0%}" if of else "–"


def _print_healthy(seeds: range, each: bool) -> None:
    looks = 0
    alarms: Counter[str] = Counter()
    with_alarm = runs = 0
    for run in HEALTHY:
        for seed in seeds:
            said = false_alarms(run, seed)
            looks += len(said)
            runs += 1
            with_alarm += any(kinds for _, kinds in said)
            alarms.update(kind for _, kinds in said for kind in kinds)
            if each:
                for epochs, kinds in said:
                    if kinds:
                        print(f"    {run(seed).dataset}, seed {seed}, epoch {epochs}: {', '.join(kinds)}")
    n = sum(alarms.values())
    print(
        f"\nfalse alarms: {n} at {looks} looks at runs that learn well, {n / looks:.1%}; in {with_alarm} of {runs} runs"
    )
    if alarms:
        print("  " + ", ".join(f"{kind} {count}" for kind, count in alarms.most_common()))


if __name__ == "__main__":
    sys.exit(main())
