"""A race as a link and as a file: the first lane's settings, and of the others only what differs.

In a link the first lane stands as a run of the playground does, so that either page opens the other's links; each other
lane has a part of its own, settings and values by turns: ``lane_b=momentum~0.5~batch_size~full``.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from itertools import zip_longest
from typing import Any
from urllib.parse import quote, unquote

from nnplay.experiment.compare.race import MOST_LANES, NAMES, checked_lanes, lanes_from_dict, lanes_to_dict
from nnplay.experiment.compare.race_recording import CLOCKS, Clock
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, differing
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.experiment.config.url import fit_for_address, read_query, to_text
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.server.budget import check
from nnplay.server.link import refused
from nnplay.server.training_pages import TRAINING_PAGES
from nnplay.validation import shown

#: Names in a link: of the lanes after the first one, and of the clock.
LANE_NAMES = tuple(f"lane_{letter.lower()}" for letter in NAMES[1:])
CLOCK = "clock"
#: Between names and values: an address holds it as it is. In a value it is written as %7E.
_BETWEEN = "~"
#: Of a lane in which nothing differs from the first.
_SAME = "same"
_SAFE = ",;()=*+-.:_ /"
#: What a link can hide here; the browser hides the parts of the race (``static/compare/race/race_stage.js``).
GROUPS = {
    "training": "Lanes and settings",
    "transport": "Play and timeline",
    "boundary": "Decision boundaries",
    "loss": "Losses and numbers",
    "hidden": "Where two lanes disagree",
    "share": "Share, save, open",
}
#: Of a file.
FORMAT, VERSION = "nnplay-race", 1
MAX_BYTES = 1_000_000

Lanes = tuple[ExperimentConfig, ...]


def to_query(lanes: Lanes, clock: Clock) -> dict[str, str]:
    """Return the parts of a link that tell of a race."""
    first, *others = lanes
    query, _ = fit_for_address(first.to_query())
    for name, other in zip(LANE_NAMES, others, strict=False):
        changes = [part for field in differing(other, first) for part in (field, _escaped(field, other))]
        query[name] = _BETWEEN.join(changes) or _SAME
    if clock != CLOCKS[0]:
        query[CLOCK] = clock
    return query


def _escaped(field: str, config: ExperimentConfig) -> str:
    text = quote(to_text(SETTINGS[field], getattr(config, field)), safe=_SAFE)
    return text.replace(_BETWEEN, "%7E")


def from_query(query: Mapping[str, str]) -> tuple[Lanes | None, Clock, ExperimentConfig, list[str]]:
    """Return the race that a link tells of.

    Returns
    -------
    lanes : tuple of ExperimentConfig, or None
        None where the link names no second lane.
    clock : {"epochs", "time"}
    first : ExperimentConfig
        The first lane, or the run that lanes are to be made of.
    notices : list of str
        For each part of the link that was dropped a sentence to a visitor.
    """
    page = TRAINING_PAGES[PLAYGROUND]
    first, notices = page.read_link(query)
    clock: Clock = CLOCKS[0]
    if (asked := query.get(CLOCK, clock)) in CLOCKS:
        clock = asked
    else:
        notices.append(
            f"Clock in the link: “{asked[:20]}” isn't valid; it must be epochs or time. Using {clock} instead."
        )
    others = []
    for name in LANE_NAMES:
        if name in query:
            lane, why = _read_lane(query[name], first, name)
            others.append(lane)
            notices += why
    return ((first, *others) if others else None), clock, first, notices


def _read_lane(text: str, first: ExperimentConfig, name: str) -> tuple[ExperimentConfig, list[str]]:
    """Return the lane that differs from the `first` one as the text says, and why parts of it were dropped."""
    letter = name[-1].upper()
    asked: dict[str, str] = {}
    notices = []
    parts = text.split(_BETWEEN) if text not in ("", _SAME) else []
    for field, value in zip_longest(parts[::2], parts[1::2]):
        if value is None or field not in SETTINGS:
            notices.append(
                f"Lane {letter} in the link: “{field[:20]}” isn't a setting. This part of the link is ignored."
            )
        else:
            asked[field] = unquote(value)
    lane, refusals = read_query(first, asked, check)
    if not accepts(lane):
        others = {field: value for field, value in asked.items() if field != "dataset"}
        lane, refusals = read_query(first, others, check)
        refusals["dataset"] = Refusal("dataset", "must be one for this page", plainly="belong on another page")
    notices += [f"Lane {letter}: {refused(field, asked[field], why, lane)}" for field, why in refusals.items()]
    return lane, notices


def accepts(config: ExperimentConfig) -> bool:
    """Return whether a run can be a lane: one that the playground takes, as each lane is drawn on a plane."""
    return TRAINING_PAGES[PLAYGROUND].accepts(config.dataset)


# -- as a file -----------------------------------------------------------------------------------------------------


def to_json(lanes: Lanes, clock: Clock) -> str:
    """Return a race as the text of a file."""
    return json.dumps({"format": FORMAT, "version": VERSION, "clock": clock, **lanes_to_dict(lanes)}, indent=1)


def from_json(content: bytes) -> tuple[Lanes, Clock]:
    """Return the race that a file holds.

    Raises
    ------
    TypeError, ValueError
        If it holds none, or one that can't be run here.
    """
    try:
        saved: Any = json.loads(content) if len(content) <= MAX_BYTES else None
    except (ValueError, RecursionError):
        saved = None
    if not isinstance(saved, dict) or saved.get("format") != FORMAT:
        raise Refusal("file", "must be a race that was saved here", plainly="isn't a saved race")
    if saved.get("version") != VERSION:
        raise Refusal("file", f"must have version {VERSION}", shown(saved.get("version")))
    clock = saved.get("clock")
    if clock not in CLOCKS:
        raise TypeRefusal("clock", f"must be one of {', '.join(CLOCKS)}", shown(clock))
    return fit_for_page(lanes_from_dict(saved)), clock


def fit_for_page(lanes: Lanes) -> Lanes:
    """Return lanes if they can be run on a server that others use, too.

    Raises
    ------
    Refusal
        If one can't.
    """
    for config in checked_lanes(lanes):
        check(config)
        if not accepts(config):
            raise Refusal("dataset", "must be one for this page", config.dataset, plainly="belong on another page")
    return lanes


# -- quick starts --------------------------------------------------------------------------------------------------


@dataclasses.dataclass(frozen=True)
class QuickStart:
    """A race that one press sets up of a run.

    Attributes
    ----------
    label, help : str
    changes : tuple of dict
        What is other in each lane.
    """

    label: str
    help: str
    changes: tuple[dict[str, Any], ...]

    def lanes_of(self, config: ExperimentConfig) -> Lanes:
        """Return the lanes, each the run `config` but for what is raced."""
        if not isinstance(config.activation, str) and any("hidden_sizes" in change for change in self.changes):
            config = dataclasses.replace(config, activation=(config.activation or ("tanh",))[0])
        return tuple(dataclasses.replace(config, **change) for change in self.changes[:MOST_LANES])


def _each(name: str, *values: Any, **more: Any) -> tuple[dict[str, Any], ...]:
    return tuple({**more, name: value} for value in values)


#: By the name that is told of which was pressed.
QUICK_STARTS = {
    "activation": QuickStart(
        "Activation",
        "The same network with four activations. All lanes begin with the same weights.",
        _each("activation", "tanh", "relu", "sigmoid", "identity"),
    ),
    "learning_rate": QuickStart(
        "Learning rate",
        "From too small to too large.",
        _each("learning_rate", 0.003, 0.03, 0.3, 3.0),
    ),
    "momentum": QuickStart(
        "Momentum",
        "No momentum, some, and a lot.",
        _each("momentum", 0.0, 0.5, 0.9, optimizer="sgd"),
    ),
    "optimizer": QuickStart(
        "Optimiser",
        "Four ways to turn the gradient into a step, each with a rate that suits it.",
        (
            {"optimizer": "sgd", "learning_rate": 0.03, "momentum": 0.9},
            {"optimizer": "rmsprop", "learning_rate": 0.003},
            {"optimizer": "adagrad", "learning_rate": 0.03},
            {"optimizer": "adam", "learning_rate": 0.003},
        ),
    ),
    "penalty": QuickStart(
        "Penalty",
        "No penalty on large weights, then L1 and L2.",
        (
            {"regularizer": "none"},
            {"regularizer": "l1", "regularization_rate": 0.003},
            {"regularizer": "l2", "regularization_rate": 0.003},
            {"regularizer": "l2", "regularization_rate": 0.03},
        ),
    ),
    "width": QuickStart(
        "Width",
        "A hidden layer of 1, 2, 4 and 16 units.",
        _each("hidden_sizes", (1,), (2,), (4,), (16,)),
    ),
    "depth": QuickStart(
        "Depth",
        "No hidden layer, one, two, four.",
        _each("hidden_sizes", (), (4,), (4, 4), (4, 4, 4, 4)),
    ),
}
