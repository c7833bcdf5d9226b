"""What a browser sends to stage and pad, proposals and drawings, with whatever a forged message may hold."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any
from unittest import mock

from nnplay import ExperimentConfig
from nnplay.datasets.drawn import text_of_drawing
from nnplay.experiment.recording.parts import PARTS
from nnplay.experiment.recording.recording import Recording
from nnplay.server import answers
from nnplay.server.pad_feed import PadFeed
from nnplay.server.stage_feed import Feed
from tests.hostile import values
from tests.hostile.case import Case
from tests.hostile.links import train

KINDS = (
    "sync", "reset", "fork", "branch", "delete_branch", "carry_over", "show", "view", "frames", "frames", "frames",
    "replay", "edit", "diagnose", "restore", "recover", "follow", "rest", "undo", "redo", "", "__class__",
)  # fmt: skip
KEYS = (
    "from", "frame", "furthest", "unit", "amount", "n", "haste", "go_on", "name", "fit", "shows",
    "index", "value", "controls", "kind", "run", "shown", "left",
    "recipe", "steps",
)  # fmt: skip
CONFIGS: tuple[dict[str, Any], ...] = (
    {}, {"hidden_sizes": ()}, {"dataset": "hills", "hidden_sizes": (3,)}, {"dataset": "sine", "hidden_sizes": (1, 1)},
    {"dataset": "blobs(classes=4)"}, {"dataset": "diabetes"}, {"learning_rate": 1e4, "activation": "relu"},
    {"max_epochs": 2, "patience": 1},
)  # fmt: skip


def case(random: Random) -> Case:
    """Return what a visitor's browser sends."""
    kind = random.random()
    if kind < 0.1:
        return _proposal(random)
    if kind < 0.2:
        return _drawing(random)
    if kind < 0.3:
        return _of_pad(random)
    return _of_stage(random)


def _proposal(random: Random) -> Case:
    base = ExperimentConfig(n_samples=30).to_dict()
    names = random.sample(list(base), random.choice((1, 1, 2, 4)))
    proposed = {name: values.json_value(random) if random.random() < 0.5 else values.text(random) for name in names}
    said = values.said(proposed)
    return Case(said, len(said), lambda: ExperimentConfig.from_dict(base | proposed), train)


def _drawing(random: Random) -> Case:
    points: list[Any] = [
        [random.uniform(-1, 1), random.uniform(-1, 1), k % 2] for k in range(random.choice((3, 8, 1000)))
    ]
    drawing: dict[str, Any] = {"task": random.choice(("classification", "regression")), "points": points}
    drawing["domain"] = random.choice(
        (None, [[-1, 1], [-1, 1]], [[1, 1], [0, 0]], [[0, 1e300], [0, 1]], [[2, -2], [0, 1]])
    )
    for _ in range(random.choice((0, 1, 3))):
        at = random.choice(points)
        if isinstance(at, list) and at:
            at[random.randrange(len(at))] = _number(random) if random.random() < 0.5 else values.json_value(random)
    if random.random() < 0.3:
        drawing[random.choice(("task", "points", "domain", "x"))] = values.json_value(random)
    said = values.said(drawing)
    return Case(said, 60 * len(points), lambda: text_of_drawing(drawing), _learn)


def _learn(text: str) -> None:
    train(ExperimentConfig(dataset="own", points=text, hidden_sizes=(2,), test_fraction=0.0))


def _of_pad(random: Random) -> Case:
    recording = _digits()
    feed = PadFeed()
    requests: list[Any] = []
    for number in range(1, random.choice((2, 5))):
        request: dict[str, Any] = {"id": number, "run": "a", "kind": random.choice(("network", "take", "x"))}
        request |= {"frame": 0, "number": 3}
        for key in random.sample(list(request), random.choice((0, 1, 2))):
            request[key] = _number(random) if random.random() < 0.6 else values.json_value(random)
        requests.append(request if random.random() < 0.9 else values.json_value(random))
    said = " ".join(map(values.said, requests))

    def ask() -> None:
        for request in requests:
            feed.answer(request, recording, "a")

    return Case(said, len(said), ask, lambda _: feed.answer({"id": 2**52, "run": "a", "kind": "take"}, recording, "a"))


@functools.cache
def _digits() -> Recording:
    return Recording(ExperimentConfig(dataset="digits", n_rows=50, hidden_sizes=(4,)))


@contextmanager
def _quickly() -> Iterator[None]:
    """Let no request train for longer than a moment."""
    moment: dict[str, Any] = {name: 0.005 for name in vars(answers) if name.startswith("CPU_SECONDS")}
    with mock.patch.multiple(answers, **moment):
        yield


def _of_stage(random: Random) -> Case:
    config = ExperimentConfig(**{"n_samples": 30, **random.choice(CONFIGS)})
    requests = [request_of(random) for _ in range(random.choice((1, 2, 5, 12)))]
    feed = Feed(config)
    said = " ".join(map(values.said, requests))
    return Case(f"{said:.400}", len(said), lambda: _ask(feed, requests[0]), lambda _: _go_on(feed, requests[1:]))


def request_of(random: Random) -> Any:
    """Return a request of the stage."""
    if random.random() < 0.05:
        return values.json_value(random)
    request: dict[str, Any] = {"kind": random.choice(KINDS), "from": 0, "frame": 0, "furthest": 3, "n": 3, "amount": 1}
    request |= {"unit": random.choice(("step", "epoch")), "name": random.choice("ABCZ"), "index": 1, "value": 0.5}
    request |= {"shows": random.sample(list(PARTS), 2)}
    for _ in range(random.choice((0, 0, 1, 1, 2, 4))):
        key = random.choice(KEYS)
        request[key] = _number(random) if random.random() < 0.6 else values.json_value(random)
    if random.random() < 0.1:
        request.pop(random.choice(list(request)))
    return request


def _number(random: Random) -> Any:
    return random.choice(
        (-1, 0, 1, 2, 3, 7, 81, 500, 501, 2**31, 2**32, 2**53, 2**53 + 2, 2.0, 2.5, 1e300, True, None, "1")
    )


@_quickly()
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
