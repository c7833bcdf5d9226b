"""Saved runs: honest files with damage, and JSON that costs a careless reader dearly."""

from __future__ import annotations

import functools
import json
from random import Random
from typing import Any

import numpy as np

from nnplay.experiment.recording.parts import PARTS
from nnplay.experiment.recording.recording import Recording
from nnplay.experiment.saved_runs import saved_run
from tests.hostile import values
from tests.hostile.case import Case
from tests.hostile.saved_runs import SECONDS, config_of, course_of

NUMBERS: tuple[Any, ...] = (
    0, 1, -1, 2, 7, 0.5, -0.5, 1e12, -1e12, 1.1e12, 1e38, 1e300, 5e-324, 2**31, 2**32 - 1, 2**32, 2**50, 2**53, 10**18,
    10**400, 1e400, True, False, None, "", "1", [], {}, [[]], "00", "f" * 32, -0.0,
)  # fmt: skip


@functools.cache
def _honest(seed: int) -> str:
    random = Random(seed)
    return saved_run.to_json(course_of(config_of(random), random))


def case(random: Random) -> Case:
    """Return a file."""
    written = _text(random)
    text: str | bytes = written
    if random.random() < 0.3:
        text = written.encode(random.choice(("utf-8", "utf-8-sig", "utf-16", "latin-1")), "replace")
    n_bytes = len(text) if isinstance(text, bytes) else len(text.encode("utf-8", "replace"))
    return Case(f"{len(text)} × {text!r:.300}", n_bytes, lambda: saved_run.from_json(text), _use)


def _text(random: Random) -> str:
    honest = _honest(random.randrange(40))
    kind = random.random()
    if kind < 0.1:
        return random.choice(
            ('{"a":', "[", "1,", "{},", "[],", '"a",', "1e5,", '{"format":"nnplay run","x":')
        ) * random.choice((10, 900, 5_000, 200_000))
    if kind < 0.15:
        return '{"format":"nnplay run","version":1,"config":{},"parameters":[' + ",".join(
            random.choice(("1", "0.0", "-1e-7", "9" * 30, "null")) for _ in range(random.choice((100, 300_000)))
        ) + "]}"  # fmt: skip
    if kind < 0.3:
        at = random.randrange(len(honest))
        return (
            honest[:at]
            + random.choice((values.text(random, 2), values.long_text(random, 1_000_000)))
            + honest[at + 1 :]
        )
    saved = json.loads(honest)
    for _ in range(random.choice((1, 1, 2, 3))):
        _change(random, saved)
    return json.dumps(saved)


def _change(random: Random, saved: Any) -> None:
    """Change one thing somewhere in it."""
    at = saved
    while True:
        keys: list[Any] = list(at) if isinstance(at, dict) else list(range(len(at)))
        if not keys:
            return
        key = random.choice(keys)
        if isinstance(at[key], (dict, list)) and random.random() < 0.9:
            at = at[key]
            continue
        break
    kind = random.random()
    if kind < 0.7:
        at[key] = random.choice((*NUMBERS, values.text(random)))
    elif kind < 0.8 and isinstance(at[key], (int, float)):
        at[key] += random.choice((1, -1))
    elif kind < 0.9 and isinstance(at, dict):
        del at[key]
    elif isinstance(at, list):
        at.append(at[key])


def _use(recording: Recording) -> None:
    last = recording.last_frame
    recording.look(tuple(PARTS))
    with np.errstate(all="ignore"):
        for arrays in (recording.frame(last).arrays(), recording.frame(recording.nearest_kept(0)).arrays()):
            assert arrays["counters"][0] >= 0
    recording.advance(last, "step", 1, 1, SECONDS)
    recording.advance(recording.last_frame, "epoch", 1, 1, SECONDS, go_on=True)
    again = saved_run.from_json(saved_run.to_json(recording))
    assert again.last_frame == recording.last_frame
