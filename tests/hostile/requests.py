"""Requests of the stage: every kind, with whatever a forged message may hold, in any order."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from nnplay import ExperimentConfig
from nnplay.experiment.parts import PARTS
from nnplay.ui.stage.feed import Feed
from tests.hostile import values
from tests.hostile.case import Case

KINDS = (
    "sync", "reset", "fork", "branch", "delete_branch", "carry_over", "show", "view", "frames", "frames", "frames",
    "replay", "edit", "restore", "undo", "", "__class__",
)  # fmt: skip
KEYS = (
    "from", "frame", "furthest", "unit", "amount", "n", "haste", "go_on", "name", "layer", "mode", "projection",
    "units", "fit", "shows", "index", "value", "controls", "kind", "run",
)  # fmt: skip
CONFIGS = (
    {}, {"hidden_sizes": ()}, {"dataset": "hills", "hidden_sizes": (3,)}, {"dataset": "sine", "hidden_sizes": (1, 1)},
    {"dataset": "blobs(classes=4)"}, {"dataset": "diabetes"}, {"learning_rate": 1e4, "activation": "relu"},
    {"max_epochs": 2, "patience": 1},
)  # fmt: skip


def case(random: Random) -> Case:
    """Return a visitor's requests, one after another."""
    config = ExperimentConfig(**{"n_samples": 30, **random.choice(CONFIGS)})
    requests = [_request(random) for _ in range(random.choice((1, 2, 5, 12)))]
    feed = Feed(config)
    said = " ".join(map(values.said, requests))
    return Case(f"{said:.400}", len(said), lambda: _ask(feed, requests[0]), lambda _: _go_on(feed, requests[1:]))


def _request(random: Random) -> Any:
    if random.random() < 0.05:
        return values.value(random)
    request: dict[str, Any] = {"kind": random.choice(KINDS), "from": 0, "frame": 0, "furthest": 3, "n": 3, "amount": 1}
    request |= {"unit": random.choice(("step", "epoch")), "name": random.choice("ABCZ"), "index": 1, "value": 0.5}
    request |= {"layer": 0, "projection": random.choice(("pca", "units")), "units": [0, 0], "mode": "2d"}
    request |= {"shows": random.sample(list(PARTS), 2)}
    for _ in range(random.choice((0, 0, 1, 1, 2, 4))):
        key = random.choice(KEYS)
        request[key] = _number(random) if random.random() < 0.6 else values.value(random)
    if random.random() < 0.1:
        request.pop(random.choice(list(request)))
    return request


def _number(random: Random) -> Any:
    return random.choice(
        (-1, 0, 1, 2, 3, 7, 81, 500, 501, 2**31, 2**32, 2**53, 2**53 + 2, 2.0, 2.5, 1e300, True, None, "1")
    )


def _ask(feed: Feed, request: Any) -> None:
    if isinstance(request, dict):
        request = {"id": feed.reply + 1, "run": feed.run, **request}
    feed.hear(request)
    feed.answer(request)
    _read(feed)


def _read(feed: Feed) -> dict[str, Any]:
    length = int.from_bytes(feed.message[4:8], "little")
    header = json.loads(feed.message[8 : 8 + length])
    assert isinstance(header, dict)
    refusal = header.get("refusal", "")
    assert refusal.isprintable(), refusal
    return header


def _go_on(feed: Feed, requests: list[Any]) -> None:
    for request in requests:
        _ask(feed, request)
    # Whatever came before, an honest visitor is answered.
    _ask(feed, {"kind": "sync"})
    last = _read(feed)["last_frame"]
    _ask(feed, {"kind": "frames", "from": last, "unit": "step", "amount": 1, "n": 1})
    header = _read(feed)
    assert header["last_frame"] == last + 1 or header["stopped"], "no frame came"
