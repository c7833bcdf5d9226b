"""What a link says besides the run: what to hide, whether to present, and how to look at it.

No Streamlit in here, so that it can be tested as it is. The browser reads some of these by itself when the page loads
(``static/kit/preferences.js``, ``static/stage/commands/presenter.js``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nnplay.datasets import DATASETS
from nnplay.datasets.own_data import OWN, TABLE
from nnplay.datasets.stored import STORED
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.refusal import Refusal
from nnplay.server.setting_words import MAX_NAMES, capital, field_word, part_refused, value_word
from nnplay.validation import choice, shown

#: Groups of controls that a link can hide, and their names for a reader. Those of the stage are hidden by the browser.
GROUPS = {
    "data": "Data",
    "network": "Network",
    "more": "More settings",
    "stop": "Stop automatically",
    "training": "Training settings",
    "transport": "Play and timeline",
    "diagram": "Network diagram",
    "boundary": "Decision boundary",
    "hidden": "Hidden layer",
    "loss": "Loss and measures",
    "share": "Share, save, open",
}
#: Steps for each frame that the stage offers, or did when a link was made; and epochs.
_STEPS, _EPOCHS = (1, 10, 50, 100, 200, 500), (1, 2, 5, 10, 20, 50, 100, 200, 500)
SPEEDS = (*(f"step:{n}" for n in _STEPS), *(f"epoch:{n}" for n in _EPOCHS))
_SWITCH = ("true", "false")
#: What the browser remembers of how one looks at a run: the name in a link, the browser's name, the values.
PREFERENCES = {
    "speed": ("speed", SPEEDS),
    "discretize": ("discretize", _SWITCH),
    "test_points": ("testPoints", _SWITCH),
    "creases": ("creases", _SWITCH),
    "earlier": ("earlierBoundaries", _SWITCH),
    "log_scale": ("logLoss", _SWITCH),
}
#: What the browser begins with: a link needn't say so. Which speed it begins with is a matter of page and run.
DEFAULTS = {"discretize": False, "testPoints": False, "creases": False, "earlierBoundaries": False, "logLoss": False}
NAMES = ("hide", "present", "layer", "mode", "projection", "units", *PREFERENCES)
#: Longest link that browsers, servers and mail programs between them leave whole.
MAX_LINK = 6000

PROJECTIONS = ("units", "pca", "straight")
MODES = ("2d", "3d", "morph")


@dataclass(frozen=True)
class View:
    """What the hidden-layer panel shows.

    Attributes
    ----------
    layer : int
        Index of the hidden layer, 0 the first.
    projection : {"units", "pca", "straight"}
        Some of its units, its first principal components, or the directions in which a straight cut shows.
    units : tuple of int
        Those units, for "units": as many as the mode has coordinates.
    mode : {"2d", "3d", "morph"}
        The layer in two or three coordinates, or every step from the inputs to the last layer.
    """

    layer: int
    projection: str = "straight"
    units: tuple[int, ...] = (0, 1)
    mode: str = "2d"


@dataclass(frozen=True)
class Link:
    """What a link says besides the run.

    Attributes
    ----------
    hide : tuple of str
        Names of :data:`GROUPS`.
    present : bool
        Whether the page opens in presenter mode.
    view : View or None
        What the hidden-layer panel begins with.
    preferences : dict
        By the names of :data:`PREFERENCES`, as text.
    """

    hide: tuple[str, ...] = ()
    present: bool = False
    view: View | None = None
    preferences: dict[str, str] = field(default_factory=dict)

    def shows(self, group: str) -> bool:
        """Return whether a group of controls is to be seen."""
        return group not in self.hide

    def to_query(self) -> dict[str, str]:
        """Return what a link carries, by name."""
        query = dict(self.preferences)
        if self.hide:
            query["hide"] = ",".join(self.hide)
        if self.present:
            query["present"] = "true"
        if self.view is not None:
            query |= {"layer": str(self.view.layer + 1), "projection": self.view.projection}
            if self.view.mode != "2d":
                query["mode"] = self.view.mode
            if self.view.projection == "units":
                query["units"] = ",".join(str(unit + 1) for unit in self.view.units)
        return query


def read(query: Mapping[str, str], config: ExperimentConfig) -> tuple[Link, list[str]]:
    """Return what `query` says besides the run `config`, and for each part that was dropped a sentence to a visitor."""
    notices: list[str] = []

    def checked(name: str, value: str, options: Any, more: int = 0) -> str | None:
        try:
            return choice(name, value, options)
        except Refusal as refusal:
            notices.append(refused(name, value, refusal, config, more))
            return None

    wanted = list(dict.fromkeys(name.strip() for name in query.get("hide", "").split(",") if name.strip()))
    hide = tuple(name for name in wanted if name in GROUPS)
    if unknown := [name for name in wanted if name not in GROUPS]:
        checked("hide", unknown[0], GROUPS, len(unknown) - 1)
    present = "present" in query and checked("present", query["present"], _SWITCH) == "true"
    given = {name: checked(name, query[name], options) for name, (_, options) in PREFERENCES.items() if name in query}
    preferences = {name: value for name, value in given.items() if value is not None}
    view = None
    try:
        view = _view(query, config)
    except Refusal as refusal:
        notices.append(refused(refusal.argument, query.get(refusal.argument, ""), refusal, config))
    return Link(hide, present, view, preferences), notices


def preferences_of(kept: Any) -> dict[str, str]:
    """Return as a link has it what the browser remembers; what it can't have meant is left out."""
    if not isinstance(kept, dict):
        return {}
    result = {}
    for name, (browser_name, options) in PREFERENCES.items():
        value = kept.get(browser_name)
        text = str(value).lower() if isinstance(value, bool) else value
        if isinstance(text, str) and text in options:
            result[name] = text
    return result


def view_of(seen: Any, config: ExperimentConfig) -> View | None:
    """Return what the browser says that the hidden-layer panel shows; None where a new page shows the same."""
    if not (isinstance(seen, dict) and config.data.has_plane):
        return None
    try:
        units = ",".join(str(unit + 1) for unit in seen["units"])
        view = _view({**seen, "layer": str(seen["layer"] + 1), "units": units}, config)
    except (KeyError, TypeError, ValueError):  # the page has another network by now, or the message is forged
        return None
    fresh = View(len(config.hidden_sizes) - 1)
    alike = view and (view.layer, view.projection, view.mode) == (fresh.layer, fresh.projection, fresh.mode)
    return None if alike else view


def _view(query: Mapping[str, str], config: ExperimentConfig) -> View | None:
    """Return what the hidden-layer panel shows, or None if the link doesn't say."""
    if not query.keys() & {"layer", "mode", "projection", "units"}:
        return None
    sizes = config.hidden_sizes
    if not sizes:
        raise Refusal("layer", "must be the number of a hidden layer, and this network has none")
    layer = _whole("layer", query.get("layer", str(len(sizes))), len(sizes)) - 1
    projection = choice("projection", query.get("projection", "units"), PROJECTIONS)
    mode = choice("mode", query.get("mode", "2d"), MODES)
    n_axes = 3 if mode == "3d" else 2
    first = ",".join(str(min(axis, sizes[layer])) for axis in range(1, n_axes + 1))
    units = query.get("units", first).split(",")
    if len(units) != n_axes:
        count = "three" if n_axes == 3 else "two"
        raise Refusal("units", f"must be {count} unit numbers, such as '{first}'", shown(query["units"]))
    return View(layer, projection, tuple(_whole("units", unit, sizes[layer]) - 1 for unit in units), mode)


def _whole(name: str, text: str, high: int) -> int:
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= high:
        raise Refusal(name, f"must be from 1 to {high}", shown(text))
    return int(text)


#: Of what a visitor wrote, so much is repeated.
_MAX_ASKED = 40
#: Most notices of one link.
_MAX_NOTICES = 4
#: What a link says besides the run, inside a sentence.
_LABELS = {
    "hide": "what to hide",
    "present": "presenter mode",
    "log_scale": "logarithmic loss axis",
    "mode": "view of the hidden layer",
    "layer": "hidden layer",
    "units": "units shown",
}


def refused(name: str, asked: str, refusal: Refusal, config: ExperimentConfig, more: int = 0) -> str:
    """Say that a part of a link can't be had.

    Parameters
    ----------
    name, asked : str
        The part's name and value in the link.
    refusal : Refusal
    config : ExperimentConfig
        What is used instead.
    more : int
        How many more there were of the kind.
    """
    label, used = capital(_LABELS.get(name) or field_word(name)), _used(name, config)
    if asked in (OWN, TABLE) and refusal.chosen == asked:
        sentence = "The link doesn't contain its data; there may have been too many."
    elif name == "points":
        sentence = f"The data in the link can't be read: they {refusal.plainly or refusal.requirement}."
    elif more:
        sentence = f"{label} in the link: {quoted(asked)} and {more:,} more {_reason(name, refusal, 'are', used)}"
    else:
        sentence = f"{label} in the link: {quoted(asked)} {_reason(name, refusal, 'is', used)}"
    return f"{sentence} Using {used} instead." if used else f"{sentence} This part of the link is ignored."


def brief(notices: list[str]) -> list[str]:
    """Return no more notices than fit on the screen, the last of them with the number of those left out."""
    if len(notices) <= _MAX_NOTICES:
        return notices
    shown = notices[: _MAX_NOTICES - 1]
    return [*shown, f"{len(notices) - len(shown)} more parts of the link can't be used and are ignored, too."]


def _reason(name: str, refusal: Refusal, verb: str, used: str) -> str:
    near = f" Did you mean “{refusal.nearest}”?" if refusal.nearest and refusal.nearest != used else ""
    part = part_refused(refusal, name).removeprefix(": ")
    if len(refusal.options) > MAX_NAMES and not part:
        return f"{verb}n't among the choices.{near}"
    must = f"must be one of {', '.join(refusal.options)}" if refusal.options else refusal.plainly or refusal.requirement
    return f"{verb}n't valid; {part or ('it' if verb == 'is' else 'they')} {must}.{near}"


def _used(name: str, config: ExperimentConfig) -> str:
    if name == "dataset":
        kind, _, options = config.dataset.partition("(")
        if options or kind not in (*STORED, *DATASETS):
            return config.dataset
        return STORED[kind].label if kind in STORED else DATASETS[kind].label
    if name == "points" or name not in ExperimentConfig.__dataclass_fields__:
        return ""
    return value_word(name, getattr(config, name))


def quoted(text: str) -> str:
    """Return what a visitor wrote as a notice repeats it: in quotation marks, and no longer than fits."""
    text = "".join(letter if letter.isprintable() else " " for letter in text)
    return f"“{text if len(text) <= _MAX_ASKED else f'{text[: _MAX_ASKED - 1]}…'}”"
