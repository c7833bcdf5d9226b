"""What a sweep varies: settings, the values of each, and the cells that they make."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import log10, prod
from typing import Any

import numpy as np

from nnplay.experiment.compare.seed_fan import MAX_SEED, checked_seeds, with_seed
from nnplay.experiment.config.config import ExperimentConfig
from nnplay.experiment.config.fields import SETTINGS, Fields
from nnplay.refusal import Refusal, TypeRefusal
from nnplay.validation import boolean, choice, integer, is_list_of_values, must_be, number, shown
from nnplay.wording import counted

#: Most trainings of a sweep, and most epochs of each.
MAX_TRAININGS = 20_000
MAX_EPOCHS = 1_000_000
#: Most values of a range.
MAX_VALUES = 1000

#: Settings that can't vary, and what to do instead.
FIXED = {
    "seed": "Every cell is trained from several seeds: set them with seeds.",
    "points": "It holds your own points, which a sweep can't vary.",
    "max_epochs": "Every training runs for the same number of epochs: set it with epochs.",
}
#: Settings whose size counts in factors: their ranges are logarithmic.
LOGARITHMIC = ("learning_rate", "regularization_rate")


@dataclass(frozen=True)
class Training:
    """One training of a sweep.

    Attributes
    ----------
    index : int
        Its number: by cell, the last setting fastest, and then by seed.
    cell : int
    seed : int
    """

    index: int
    cell: int
    seed: int


class Grid:
    """Checked settings, values and seeds; a cell is one value of each setting.

    Parameters
    ----------
    config : ExperimentConfig
        What is the same in all cells.
    values : mapping of str to sequence
        For each setting that varies, its values.
    seeds : int or iterable of int
        How many seeds a cell, counted from 0, or which.
    epochs : int
    fresh_data : bool
        Whether each seed draws data of its own; else all have those of the configuration.

    Attributes
    ----------
    axes : dict of str to tuple
        For each setting its values, in the form that a configuration holds them.
    shape : tuple of int
        How many values each setting has.
    cells : tuple of ExperimentConfig
        A configuration a cell, the last setting fastest.
    seeds : tuple of int
    epochs : int

    Raises
    ------
    TypeError, ValueError
        If an argument is not as described, a cell is no valid configuration, or there are too many trainings.
    """

    def __init__(
        self, config: ExperimentConfig, values: Mapping[str, Any], seeds: Any, epochs: int, fresh_data: bool = False
    ) -> None:
        must_be("config", config, ExperimentConfig)
        given = _checked_values(values)
        self.config, self.fresh_data = config, boolean("fresh_data", fresh_data)
        self.epochs = integer("epochs", epochs, 1, MAX_EPOCHS)
        self.shape = tuple(map(len, given.values()))
        n_cells = prod(self.shape)
        if not is_list_of_values(seeds):
            self._check_number(n_cells, seeds)
        self.seeds = checked_seeds(seeds, MAX_TRAININGS)
        self._check_number(n_cells, len(self.seeds))
        self.cells = tuple(_cell(config, given, values) for values in product(*given.values()))
        self.axes = {
            name: tuple(getattr(self.cells[self._first_with(axis, i)], name) for i in range(self.shape[axis]))
            for axis, name in enumerate(given)
        }
        for name, axis in self.axes.items():
            twice = next((value for i, value in enumerate(axis) if value in axis[:i]), None)
            if twice is not None:
                raise Refusal(f"grid[{name!r}]", "must not name a value twice", f"{shown(twice)} more than once")

    def _check_number(self, n_cells: int, n_seeds: Any) -> None:
        n_seeds = integer("seeds", n_seeds, 1, MAX_SEED)
        if n_cells * n_seeds > MAX_TRAININGS:
            sizes = " × ".join(f"{n:,}" for n in self.shape)
            values = f"{sizes} {'value' if n_cells == 1 else 'values'}"
            got = f"{n_cells * n_seeds:,} ({values} × {counted(n_seeds, 'seed')})"
            raise Refusal("grid", f"must make at most {MAX_TRAININGS:,} trainings", got)

    def _first_with(self, axis: int, i: int) -> int:
        """Return the first cell that has value number `i` of a setting."""
        return i * prod(self.shape[axis + 1 :])

    @property
    def n_trainings(self) -> int:
        """How many trainings there are."""
        return len(self.cells) * len(self.seeds)

    def values_of(self, cell: int) -> dict[str, Any]:
        """Return the value of each setting that varies, in a cell."""
        return {name: getattr(self.cells[cell], name) for name in self.axes}

    def training(self, index: int) -> Training:
        """Return training number `index`."""
        cell, k = divmod(index, len(self.seeds))
        return Training(index, cell, self.seeds[k])

    def config_of(self, training: Training) -> ExperimentConfig:
        """Return the configuration of a single run that is this training."""
        return with_seed(self.cells[training.cell], training.seed, self.fresh_data)

    def to_dict(self) -> dict[str, Any]:
        """Return what :meth:`from_dict` takes, as values that JSON can hold."""
        return {
            "config": self.config.to_dict(),
            "grid": {name: [_as_json(value) for value in axis] for name, axis in self.axes.items()},
            "seeds": list(self.seeds),
            "epochs": self.epochs,
            "fresh_data": self.fresh_data,
        }

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Grid:
        """Return the grid that :meth:`to_dict` gave; `config`, `seeds`, `epochs` and `fresh_data` may be left out."""
        config = ExperimentConfig.from_dict(saved.get("config", {}))
        seeds, epochs = saved.get("seeds", DEFAULT_SEEDS), saved.get("epochs", DEFAULT_EPOCHS)
        return cls(config, saved.get("grid", {}), seeds, epochs, saved.get("fresh_data", False))

    def coarse_to_fine(self) -> Iterator[int]:
        """Yield every cell: first those at the corners, then those half way between, and so on."""
        levels = [_levels(n) for n in self.shape]
        level_of = [max(each) for each in product(*levels)]
        yield from sorted(range(len(self.cells)), key=lambda cell: (level_of[cell], cell))


DEFAULT_SEEDS, DEFAULT_EPOCHS = 8, 100


def value_range(name: str, low: float, high: float, n: int) -> list[Any]:
    """Return `n` values of a setting from `low` to `high`: logarithmic for rates, whole for what is a whole number.

    Values are rounded to three significant digits, and none comes twice. Of `hidden_sizes`, a value is one layer's
    width.

    Raises
    ------
    TypeError, ValueError
        If the setting can't vary or isn't a number, or the range makes no sense.
    """
    _check_setting(name)
    default = Fields.__dataclass_fields__[name].default
    widths = name == "hidden_sizes"
    is_number = isinstance(default, (int, float)) and not isinstance(default, bool)
    if not (is_number or widths or SETTINGS[name].control.kind == "number"):
        advice = "List its values instead."
        raise Refusal("name", "must be a setting that is a number, for a range", shown(name), advice=advice)
    low, high, n = number("low", low), number("high", high), integer("n", n, 2, MAX_VALUES)
    if not low < high:
        raise Refusal("high", f"must be above low, {low:g}", f"{high:g}")
    logarithmic = name in LOGARITHMIC
    if logarithmic and low <= 0:
        raise Refusal("low", "must be above 0 for a logarithmic range", f"{low:g}")
    spaced = np.logspace(log10(low), log10(high), n) if logarithmic else np.linspace(low, high, n)
    values: list[Any]
    if isinstance(default, float):
        values = [float(f"{value:.3g}") for value in spaced.tolist()]
    else:
        values = [round(value) for value in spaced.tolist()]
    values = list(dict.fromkeys(values))
    return [(value,) for value in values] if widths else values


def _check_setting(name: Any) -> None:
    choice("grid", name, SETTINGS)
    if name in FIXED:
        raise Refusal("grid", f"must not vary {name!r}", advice=FIXED[name])


def _checked_values(values: Any) -> dict[str, list[Any]]:
    wanted = "must be a dict of settings, each with a list of values"
    if not isinstance(values, Mapping):
        raise TypeRefusal("grid", wanted, shown(values))
    if not values:
        raise Refusal("grid", "must vary at least one setting", "none")
    checked: dict[str, list[Any]] = {}
    for name, listed in values.items():
        _check_setting(name)
        if not is_list_of_values(listed):
            raise TypeRefusal(f"grid[{name!r}]", "must be a list of values", shown(listed))
        if hasattr(listed, "__len__") and len(listed) > MAX_TRAININGS:
            raise Refusal(f"grid[{name!r}]", f"must be at most {MAX_TRAININGS:,} values", f"{len(listed):,}")
        checked[name] = [_plain(value) for value in listed]
        if not checked[name]:
            raise Refusal(f"grid[{name!r}]", "must be at least one value", "an empty list")
    return checked


def _cell(config: ExperimentConfig, names: Mapping[str, Any], values: tuple[Any, ...]) -> ExperimentConfig:
    changes = dict(zip(names, values, strict=True))
    try:
        return dataclasses.replace(config, **changes)
    except Refusal as refusal:
        where = ", ".join(f"{name} {shown(value)}" for name, value in changes.items())
        advice = f"{refusal.advice} That is the cell {where}.".strip()
        kind = TypeRefusal if isinstance(refusal, TypeError) else Refusal
        parts = {field.name: getattr(refusal, field.name) for field in dataclasses.fields(Refusal)}
        raise kind(**(parts | {"advice": advice})) from None


def _plain(value: Any) -> Any:
    """Return numbers of NumPy as Python's, and lists as tuples."""
    if isinstance(value, np.generic):
        return value.item()
    is_several = isinstance(value, (list, tuple)) or (isinstance(value, np.ndarray) and value.ndim > 0)
    return tuple(_plain(each) for each in value) if is_several else value


def _as_json(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


def _levels(n: int) -> list[int]:
    """Return how fine the map must be for each of `n` places to be on it: 0 for the ends, 1 for the middle, …"""
    levels = [0] * n
    spans = [(0, n - 1)]
    level = 1
    while spans:
        finer = []
        for low, high in spans:
            if high - low > 1:
                middle = (low + high) // 2
                levels[middle] = level
                finer += [(low, middle), (middle, high)]
        spans = finer
        level += 1
    return levels
