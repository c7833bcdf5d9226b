"""What a visitor asks of a sweep: one or two settings, values as lists or ranges, seeds, epochs; and that as a link.

A value is kept as it was written, so that one that is refused can be mended.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any
from urllib.parse import quote, unquote

from nnplay.experiment.compare.sweeps.grid import FIXED, LOGARITHMIC, MAX_VALUES, Grid, value_range
from nnplay.experiment.compare.sweeps.sweep import Sweep
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, Fields
from nnplay.experiment.config.setting import PLAYGROUND
from nnplay.experiment.config.url import from_text, to_text
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.server.compare.sweep_limits import HERE, MOST_EPOCHS, MOST_SEEDS, check_number, check_sweep, places
from nnplay.server.setting_words import field_word, refusal_words
from nnplay.server.training_pages import TRAINING_PAGES
from nnplay.validation import integer, shown

#: Names in a link.
AXES, SEEDS, EPOCHS = ("sweep_a", "sweep_b"), "sweep_seeds", "sweep_epochs"
NAMES = (*AXES, SEEDS, EPOCHS)
#: Between the parts of an axis, as between those of a lane; in a value it is written as %7E.
_BETWEEN = "~"
_RANGE = "range"
_SAFE = ",;()=*+-.:_ /"
#: Longest text of an axis in a link.
_MOST_TEXT = 4000

#: What a link can hide here; the browser hides the parts of the map (``static/compare/sweep/sweep_stage.js``).
GROUPS = {
    "training": "Settings of the sweep",
    "transport": "Run and progress",
    "boundary": "Map",
    "loss": "Loss curves of a cell",
    "share": "Share, save, open",
}
#: What the columns of a table are called, besides those of the settings that vary.
COLUMNS = {
    "train_loss": "Training loss",
    "test_loss": "Test loss",
    "train_score": "Training score",
    "test_score": "Test score",
    "epochs": "Epochs",
    "diverged": "Diverged",
    "seed": "Seed",
}

#: Settings that can vary: all of the playground's that anybody can read, but for those that a sweep sets itself.
VARIED = tuple(
    name
    for name, row in SETTINGS.items()
    if PLAYGROUND in row.pages and row.is_readable and row.group != "stop" and name not in (*FIXED, "data_seed")
)


@dataclass(frozen=True)
class Axis:
    """A setting that varies.

    Attributes
    ----------
    setting : str
    texts : tuple of str
        Its values, as they are written: of hidden layers, ``"8-8"`` is two.
    span : tuple of str, str and int, or None
        A range instead of a list: from, to, how many values.
    """

    setting: str
    texts: tuple[str, ...] = ()
    span: tuple[str, str, int] | None = None

    def values(self) -> list[Any]:
        """Return the values, numbers in ascending order, none twice.

        Raises
        ------
        Refusal
            If there are none, or a range can't be one.
        """
        if self.span is not None:
            low, high, n = self.span
            integer("values", n, 2, MAX_VALUES)
            first, last = _number(low, "from"), _number(high, "to")
            if not first < last:
                raise Refusal("to", f"must be above {first:g}", f"{last:g}")
            if self.setting in LOGARITHMIC and first <= 0:
                raise Refusal("from", "must be above 0, as the values are the same factor apart", f"{first:g}")
            return value_range(self.setting, first, last, n)
        values = list(dict.fromkeys(value_of(self.setting, text) for text in self.texts))
        if not values:
            raise Refusal(self.setting, "must have at least one value", "an empty list")
        if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
            return sorted(values)
        if self.setting == "hidden_sizes" and all(_are_sizes(value) for value in values):
            return sorted(values, key=lambda sizes: (len(sizes), sizes))
        return values


@dataclass(frozen=True)
class Plan:
    """What a sweep is to be.

    Attributes
    ----------
    axes : tuple of Axis
        One, or two.
    n_seeds, epochs : int
    place : {"threads", "loky", "dask"}
        Where it is trained.
    """

    axes: tuple[Axis, ...] = (
        Axis("learning_rate", ("0.003", "0.01", "0.03", "0.1", "0.3", "1")),
        Axis("hidden_sizes", ("2-2", "4-4", "8-8", "16-16")),
    )
    n_seeds: int = 8
    epochs: int = 200
    place: str = HERE

    def grid(self, config: ExperimentConfig) -> Grid:
        """Return the sweep's cells, each of them `config` but for the settings that vary.

        Raises
        ------
        Refusal
            If it can't be trained here. Its argument is a setting that varies, another one that a cell can't have,
            ``"seeds"``, ``"epochs"``, ``"trainings"`` or ``"place"``.
        """
        integer("seeds", self.n_seeds, 1, MOST_SEEDS)
        integer("epochs", self.epochs, 1, MOST_EPOCHS)
        if self.place not in places():
            raise Refusal("place", "must be one that this server has", self.place)
        values = {}
        for axis in self.axes:
            if axis.setting not in VARIED or axis.setting in values:
                raise Refusal("setting", "must be one that can vary, and once", field_word(axis.setting))
            values[axis.setting] = axis.values()
        n_cells = 1
        for listed in values.values():
            n_cells *= len(listed)
        for dataset in values.get("dataset", [config.dataset]):
            _check_data(dataset)
        check_number(n_cells, self.n_seeds)
        base = _base(config, values)
        try:
            grid = Grid(base, values, self.n_seeds, self.epochs)
        except Refusal:
            _check_cells(base, values)
            raise
        check_sweep(grid, self.place)
        return grid


def _check_cells(config: ExperimentConfig, values: Mapping[str, list[Any]]) -> None:
    """Refuse the first cell that can't be, in a visitor's words."""
    for cell in product(*values.values()):
        changes = dict(zip(values, cell, strict=True))
        try:
            replace(config, **changes)
        except Refusal as refusal:
            if refusal.argument not in values:
                where = ", ".join(f"{field_word(name)} {text_of(name, value)}" for name, value in changes.items())
                refusal.advice = f"{refusal.advice} That is the cell with {where}.".strip()
            raise


def from_file(content: str) -> Sweep:
    """Return the sweep that a file holds.

    Raises
    ------
    Refusal
        If it holds none.
    """
    if not content.strip():
        raise Refusal("file", "must hold a sweep", plainly="is empty")
    try:
        saved = json.loads(content)
    except (ValueError, RecursionError):
        saved = None
    if not isinstance(saved, dict):
        raise Refusal("file", "must hold a sweep", plainly="isn't a saved sweep")
    for part in ("config", "grid"):  # before anything is made of it: other pages' data may have to be fetched
        told = saved.get(part)
        names = told.get("dataset", []) if isinstance(told, dict) else []
        for name in names if isinstance(names, list) else [names]:
            _check_data(name)
    return Sweep.from_dict(saved)


def _check_data(name: Any) -> None:
    if isinstance(name, str) and not TRAINING_PAGES[PLAYGROUND].accepts(name):
        raise Refusal("dataset", "must be one for this page", shown(name), plainly="must be data with a plane")


def plan_of(grid: Grid) -> Plan:
    """Return what to ask for to get this grid."""
    axes = tuple(Axis(name, tuple(text_of(name, value) for value in values)) for name, values in grid.axes.items())
    return Plan(axes, len(grid.seeds), grid.epochs)


def _base(config: ExperimentConfig, values: Mapping[str, Any]) -> ExperimentConfig:
    """Return the run that cells are made of: activations that each layer has can't go with other numbers of layers."""
    if "hidden_sizes" in values and not isinstance(config.activation, str):
        config = replace(config, activation=(config.activation or ("tanh",))[0])
    return config


def can_be_range(setting: str) -> bool:
    """Return whether the values of a setting can be told by a range."""
    default = Fields.__dataclass_fields__[setting].default
    is_number = isinstance(default, (int, float)) and not isinstance(default, bool)
    return is_number or setting == "hidden_sizes"


def usual_span(setting: str, config: ExperimentConfig) -> tuple[str, str, int]:
    """Return a range to begin with."""
    row = SETTINGS[setting]
    if setting in LOGARITHMIC:
        return ("0.001", "1", 7) if setting == "learning_rate" else ("0.0001", "0.1", 7)
    if setting == "hidden_sizes":
        return ("1", "8", 8)
    low, high = row.control.options.get("low", 0), row.control.options.get("high", 1)
    return (f"{low:g}", f"{high:g}", 6)


def usual_texts(setting: str, config: ExperimentConfig) -> tuple[str, ...]:
    """Return a list to begin with."""
    usual = {axis.setting: axis.texts for axis in Plan().axes}
    if setting in usual:
        return usual[setting]
    offered = offered_texts(setting, config)
    return tuple(offered[:: max(1, len(offered) // 6)][:7])


def offered_texts(setting: str, config: ExperimentConfig) -> list[str]:
    """Return values to choose from, as they are written."""
    row = SETTINGS[setting]
    given = row.control.options
    values: list[Any]
    if setting == "hidden_sizes":
        return ["none", "1", "2", "3", "4", "6", "8", "12", "16", "32", "2-2", "4-4", "8-8", "16-16", "8-8-8"]
    if setting == "features":
        return ["x1;x2", "x1;x2;x1**2;x2**2", "x1;x2;x1*x2", "x1;x2;sin(pi*x1);sin(pi*x2)"]
    if row.control.kind == "toggle":
        values = [False, True]
    elif row.control.kind == "slider":
        low, high, step = given.get("low", 0), given["high"], given.get("step", 0.01)
        n = min(10, round((high - low) / step))
        values = [type(step)(round(low + k * (high - low) / n, 3)) for k in range(n + 1)]
    elif "registry" in given:
        values = list(given["registry"])
    elif "options" in given:
        options = given["options"]
        values = list(options(config) if callable(options) else options)
    else:
        values = []
    present = getattr(config, setting)
    return list(dict.fromkeys(text_of(setting, value) for value in [*values, present]))


def text_of(setting: str, value: Any) -> str:
    """Return a value as a visitor writes it."""
    if setting == "hidden_sizes":
        return "-".join(map(str, value)) or "none"
    if isinstance(value, float):
        return f"{value:g}" if float(f"{value:g}") == value else repr(value)
    return to_text(SETTINGS[setting], value)


def value_of(setting: str, text: str) -> Any:
    """Return the value that a visitor wrote; what is none comes back as text, to be refused."""
    text = str(text).strip()
    if setting == "hidden_sizes":
        text = text.replace(" ", "").replace("×", "-").replace(",", "-")
    default = ExperimentConfig.__dataclass_fields__[setting].default
    row = replace(SETTINGS[setting], separator="-") if setting == "hidden_sizes" else SETTINGS[setting]
    value = from_text(row, text, default)
    return float(value) if isinstance(default, float) and isinstance(value, int) else value


def _are_sizes(value: Any) -> bool:
    return isinstance(value, tuple) and all(isinstance(size, int) for size in value)


def _number(text: str, name: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise TypeRefusal(name, "must be a number", shown(text)) from None


# -- refusals ------------------------------------------------------------------------------------------------------


def beside(refusal: Refusal, plan: Plan) -> str:
    """Return beside which control a refusal is to be told: an axis by its number, or a part of the plan."""
    argument = refusal.argument
    for k, axis in enumerate(plan.axes):
        if argument in (axis.setting, f"grid[{axis.setting!r}]"):
            return AXES[k]
    if argument in ("from", "to", "values", "name"):
        wrong = next((k for k, axis in enumerate(plan.axes) if axis.span is not None and _is_refused(axis)), 0)
        return AXES[wrong]
    return argument if argument in ("seeds", "epochs", "place", "trainings") else "trainings"


def _is_refused(axis: Axis) -> bool:
    try:
        axis.values()
    except Refusal:
        return True
    return False


_PLAINLY = {"file": "it", "values": "number of values", "trainings": "trainings", "place": "where it is trained"}


def in_words(refusal: Refusal) -> str:
    """Return a refusal as a sentence to a visitor."""
    name = refusal.argument
    if name.startswith("grid["):
        return refusal_words(refusal, field_word(name[6:-2]))
    return refusal_words(refusal, _PLAINLY.get(name, ""))


# -- as a link -----------------------------------------------------------------------------------------------------


def to_query(plan: Plan) -> dict[str, str]:
    """Return the parts of a link that tell of a sweep, besides those of its run."""
    query = {}
    for name, axis in zip(AXES, plan.axes, strict=False):
        parts = (_RANGE, *map(str, axis.span)) if axis.span is not None else axis.texts
        query[name] = _BETWEEN.join((axis.setting, *(_escaped(part) for part in parts)))
    query[SEEDS], query[EPOCHS] = str(plan.n_seeds), str(plan.epochs)
    return query


def _escaped(text: str) -> str:
    return quote(text, safe=_SAFE).replace(_BETWEEN, "%7E")


def from_query(query: Mapping[str, str]) -> tuple[Plan, list[str]]:
    """Return the sweep that a link asks for, and for each part of it that was dropped a sentence to a visitor."""
    plan, notices = Plan(), []
    if AXES[0] in query:
        axes: list[Axis] = []
        for name in (name for name in AXES if name in query):
            axis = _axis_of(query[name])
            if axis is None or axis.setting in [each.setting for each in axes]:
                notices.append(
                    f"Sweep in the link: “{query[name].partition(_BETWEEN)[0][:20]}” isn't a setting that can vary. "
                    "This part of the link is ignored."
                )
            else:
                axes.append(axis)
        plan = replace(plan, axes=tuple(axes) or plan.axes)
    limits = {SEEDS: ("n_seeds", "Seeds", MOST_SEEDS), EPOCHS: ("epochs", "Epochs", MOST_EPOCHS)}
    for name, (field, label, most) in limits.items():
        if name not in query:
            continue
        text = query[name]
        number = int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0
        if 1 <= number <= most:
            plan = replace(plan, n_seeds=number) if name == SEEDS else replace(plan, epochs=number)
        else:
            notices.append(
                f"{label} in the link: “{text[:20]}” isn't valid; it must be a whole number from 1 to {most:,}. "
                f"Using {getattr(plan, field)} instead."
            )
    return plan, notices


def _axis_of(text: str) -> Axis | None:
    setting, *parts = text[:_MOST_TEXT].split(_BETWEEN)
    if setting not in VARIED:
        return None
    parts = [unquote(part) for part in parts if part]
    if parts[:1] == [_RANGE] and len(parts) == 4 and can_be_range(setting):
        n = int(parts[3]) if parts[3].isascii() and parts[3].isdigit() and len(parts[3]) < 6 else 0
        return Axis(setting, span=(parts[1], parts[2], max(2, n)))
    return Axis(setting, tuple(dict.fromkeys(parts)))
