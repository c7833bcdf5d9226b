"""A race as a link and as a file: short, read as it was written, and refused in plain words."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from urllib.parse import parse_qsl, urlencode

import pytest

from nnplay import ExperimentConfig
from nnplay.datasets import Dataset
from nnplay.datasets.own_data import encode
from nnplay.experiment.config.url import MAX_TEXT
from nnplay.refusal import Refusal
from nnplay.server.compare.race_feed import headings
from nnplay.server.compare.race_link import (
    MAX_BYTES,
    QUICK_STARTS,
    Lanes,
    from_json,
    from_query,
    to_json,
    to_query,
)

CONFIG = ExperimentConfig(dataset="moons", hidden_sizes=(4, 4))
ODD: list[dict[str, Any]] = [
    {"batch_size": None, "output": "softmax", "loss": "mean_squared_error"},
    {"features": ("x1", "x2", "x1*x2", "sin(3*x1)")},
    {"activation": ("relu", "elu(alpha=2.0)"), "initializer": "normal(std=0.5)"},
    {"hidden_sizes": (), "bias": False},
    {"dataset": "spiral(arms=3)", "noise": 0.1, "test_fraction": 0.0},
    {"optimizer": "adam(beta_1=0.8)", "schedule": "cosine(epochs=200)"},
]


def lanes_of(*changes: dict[str, Any]) -> Lanes:
    return tuple(dataclasses.replace(CONFIG, **each) for each in changes)


def through_address(query: dict[str, str]) -> dict[str, str]:
    return dict(parse_qsl(urlencode(query), keep_blank_values=True))


@pytest.mark.parametrize("change", ODD, ids=lambda change: ",".join(change))
@pytest.mark.parametrize("clock", ["epochs", "time"])
def test_a_link_is_read_as_it_was_written(change: dict[str, Any], clock: Any) -> None:
    for lanes in (lanes_of({}, change), lanes_of(change, {}, {"momentum": 0.0}, change)):
        assert from_query(through_address(to_query(lanes, clock))) == (lanes, clock, lanes[0], [])


@pytest.mark.parametrize("name", QUICK_STARTS)
def test_every_quick_start_is_a_short_link(name: str) -> None:
    lanes = QUICK_STARTS[name].lanes_of(CONFIG)
    assert 2 <= len(lanes) <= 4
    query = to_query(lanes, "epochs")
    assert from_query(query)[0] == lanes
    assert len(urlencode(query)) < 200
    assert len(set(headings(lanes))) == len(lanes)


@pytest.mark.parametrize("name", QUICK_STARTS)
def test_quick_starts_can_be_made_of_any_run(name: str) -> None:
    for change in [*ODD, {"hidden_sizes": (), "activation": ()}]:
        with_change = dataclasses.replace(CONFIG, **change)
        assert len(QUICK_STARTS[name].lanes_of(with_change)) >= 2


def test_of_a_lane_only_what_differs_is_in_a_link() -> None:
    assert to_query(lanes_of({}, {"momentum": 0.5, "batch_size": None}, {}), "time") == {
        "dataset": "moons",
        "hidden_sizes": "4,4",
        "lane_b": "momentum~0.5~batch_size~full",
        "lane_c": "same",
        "clock": "time",
    }


def test_a_link_of_the_playground_is_a_first_lane() -> None:
    lanes, clock, first, notices = from_query(CONFIG.to_query())
    assert (lanes, clock, first, notices) == (None, "epochs", CONFIG, [])


def test_what_separates_settings_may_be_in_one() -> None:
    # Formulas have neither, but nothing in a link depends on that.
    points = encode(Dataset([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5], [0.2, 0.1]] * 4, ["a ~b", "c:d~e%"] * 8))
    query = to_query(lanes_of({}, {"dataset": "own", "points": points}), "epochs")
    lanes, _, _, notices = from_query(through_address(query))
    assert notices == []
    assert lanes is not None
    assert lanes[1].points == points


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"lane_b": "momentum~7"}, "Lane B: Momentum in the link: “7” isn't valid"),
        ({"lane_b": "learning_rat~7"}, "Lane B in the link: “learning_rat” isn't a setting"),
        ({"lane_b": "momentum"}, "Lane B in the link: “momentum” isn't a setting"),
        ({"lane_c": "hidden_sizes~0"}, "Lane C: Hidden layers in the link"),
        ({"lane_b": "dataset~mnist"}, "Lane B: Data in the link"),
        ({"lane_b": "", "clock": "sundial"}, "Clock in the link: “sundial” isn't valid; it must be epochs or time."),
        ({"lane_b": f"features~{'x1;' * MAX_TEXT}"}, "Lane B: Inputs in the link"),
        ({"lane_b": "momentum~0", "learning_rate": "fast"}, "Learning rate in the link: “fast”"),
    ],
)
def test_what_of_a_link_can_not_be_had_is_said_and_the_rest_applies(query: dict[str, str], words: str) -> None:
    lanes, clock, first, notices = from_query(CONFIG.to_query() | query)
    assert len(notices) == 1, notices
    assert notices[0].startswith(words)
    assert lanes is not None
    assert lanes[0] == first == CONFIG
    assert clock == "epochs"


def test_a_lane_too_large_for_the_server_is_refused() -> None:
    _, _, _, notices = from_query({"lane_b": "hidden_sizes~" + ",".join(["8000"] * 2)})
    assert notices[0].startswith("Lane B: Hidden layers in the link")


# -- as a file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ODD, ids=lambda change: ",".join(change))
def test_a_file_is_read_as_it_was_written(change: dict[str, Any]) -> None:
    lanes = lanes_of({}, change, {"momentum": 0.0})
    assert from_json(to_json(lanes, "time").encode()) == (lanes, "time")


@pytest.mark.parametrize(
    "change",
    [
        {"format": "nnplay-run"},
        {"version": 2},
        {"clock": "sundial"},
        {"clock": ["time"]},
        {"lanes": []},
        {"lanes": [{}] * 4},
        {"lanes": [{"momentum": 3}]},
        {"lanes": [{"nothing": 3}]},
        {"lanes": [{"dataset": "digits"}]},
        {"lanes": [{"hidden_sizes": [9000, 9000]}]},
        {"config": None},
    ],
    ids=str,
)
def test_what_is_no_race_is_refused(change: dict[str, Any]) -> None:
    saved = json.loads(to_json(lanes_of({}, {"momentum": 0.0}), "epochs")) | change
    with pytest.raises(Refusal):
        from_json(json.dumps(saved).encode())


@pytest.mark.parametrize(
    "content", [b"", b"nonsense", b"[]", b"3", b'{"format"', b"[" * 100_000, b" " * (MAX_BYTES + 1)]
)
def test_what_is_no_file_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(Refusal, match="must be a race that was saved here"):
        from_json(content)
