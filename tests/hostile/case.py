"""One piece of hostile input: how it is taken, what is done with it once accepted, and what must hold of both."""

from __future__ import annotations

import re
import time
import traceback
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nnplay import DivergenceWarning

#: What taking a piece of input may cost: so much CPU time, and more by its length; and so much memory.
SECONDS, SECONDS_A_BYTE = 0.2, 50e-9
BYTES = 200_000_000
LONGEST_SENTENCE = 700


@dataclass(frozen=True)
class Case:
    """A piece of input.

    Attributes
    ----------
    said : str
        What it is, for a report.
    n_bytes : int
        How much of it there is.
    take : callable
        Returns what it is accepted as, or refuses it by a TypeError or ValueError. Its cost is looked at.
    use : callable
        Does with what was accepted whatever comes later. Nothing there may fail.
    """

    said: str
    n_bytes: int
    take: Callable[[], Any]
    use: Callable[[Any], None]


@dataclass(frozen=True)
class Outcome:
    """What became of a piece of input: "accepted", "refused", "slow", "large" or "failed", and why."""

    what: str
    why: str = ""


class Unused(Exception):
    """What was accepted is too much work to be tried out."""


def try_out(case: Case, measure: bool = False) -> Outcome:
    """Take a piece of input, and use it if it was accepted; with `measure`, look at what that costs, too."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", DivergenceWarning)
        taken, outcome = _taken(case)
        if measure and (cost := _cost(case)):
            return cost
        if outcome is not None:
            return outcome
        try:
            case.use(taken)
        except Unused:
            return Outcome("accepted", "too large to be tried out here")
        except Exception:
            return Outcome("failed", f"accepted, and then: {traceback.format_exc(limit=-3)}")
    return Outcome("accepted")


def _taken(case: Case) -> tuple[Any, Outcome | None]:
    try:
        return case.take(), None
    except (TypeError, ValueError) as error:
        if fault := fault_of(str(error)):
            return None, Outcome("failed", f"{fault}: {error!s:.300}\n{traceback.format_exc(limit=-2)}")
        return None, Outcome("refused", str(error))
    except Exception:
        return None, Outcome("failed", traceback.format_exc(limit=-4))


def fault_of(sentence: str) -> str | None:
    """Return what is wrong with a refusal, or None."""
    if not sentence.isprintable():
        return "not one line"
    if len(sentence) > LONGEST_SENTENCE:
        return "too long"
    return None if re.search(r"[.?]$", sentence) else "no sentence"


def _cost(case: Case) -> Outcome | None:
    """Return that taking the input costs too much, if it does so every time, or None."""
    allowed = SECONDS + SECONDS_A_BYTE * case.n_bytes
    taken = []
    for _ in range(3):
        _reset_peak()
        before, began = _memory("VmRSS"), time.thread_time()
        _taken(case)
        taken.append(time.thread_time() - began)
        if _memory("VmHWM") - before > BYTES:
            return Outcome("large", f"{_memory('VmHWM') - before:,} bytes")
        if taken[-1] <= allowed:
            return None
    return Outcome("slow", f"{min(taken):.2f} s, where {allowed:.2f} s are allowed")


def _reset_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")


def _memory(name: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{name}:"):
            return 1024 * int(line.split()[1])
    raise LookupError(name)
