"""Recipes: the name, the purpose and the options of each generated dataset, and :func:`make`, which generates one.

A dataset is added by one decorated function in :mod:`nnplay.datasets.generated.generators`; menus, messages and tests
read :data:`DATASETS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nnplay.datasets.dataset import Dataset
from nnplay.datasets.formulas import parse_formula
from nnplay.random_streams import random_stream
from nnplay.registry import Registry
from nnplay.validation import choice, integer, number
from nnplay.wording import Help

#: Bounds of what :func:`make` accepts, the same for every dataset.
MIN_SAMPLES, MAX_SAMPLES = 10, 100_000
MIN_NOISE, MAX_NOISE = 0.0, 1.0

#: What every dataset takes.
_COMMON = ("n_samples", "noise", "seed")

#: Called as ``generate(rng, n_samples, noise, **options)``; see :class:`Recipe`.
Generate = Callable[..., tuple[NDArray[np.float64], NDArray[Any]]]


@dataclass(frozen=True)
class Option:
    """Describe a number that one dataset takes besides the size, the noise and the seed.

    Parameters
    ----------
    name : str
        The keyword of :func:`make`.
    default : int or float
        An int makes it an option of whole numbers.
    low, high : int or float
        The least and the greatest value, both allowed.
    help : Help
        For a reader of the menu.
    sets_classes : bool
        Whether the number is how many classes there are.
    """

    name: str
    default: float
    low: float
    high: float
    help: Help
    sets_classes: bool = False

    @property
    def is_whole(self) -> bool:
        """Return whether the option takes whole numbers only."""
        return isinstance(self.default, int)

    def check(self, value: Any) -> float:
        """Return `value`, an int or a float as the default is; refuse what is out of bounds."""
        if self.is_whole:
            return integer(self.name, value, int(self.low), int(self.high))
        return number(self.name, value, self.low, self.high)


@dataclass(frozen=True)
class FormulaOption:
    """Describe a formula that one dataset takes.

    Parameters
    ----------
    name : str
        The keyword of :func:`make`.
    default : str
    variables : tuple of str
        What it is a formula over.
    help : Help
        For a reader of the menu.
    sets_classes : bool
        As for :class:`Option`.
    """

    name: str
    default: str
    variables: tuple[str, ...]
    help: Help
    sets_classes: bool = False

    def check(self, value: Any) -> str:
        """Return the formula in its one spelling; refuse what is none."""
        return parse_formula(self.name, value, self.variables).text


@dataclass(frozen=True)
class Recipe:
    """Describe a generated dataset, for menus and for :func:`make`.

    Attributes
    ----------
    name : str
        What :func:`make` calls it: ``"moons"``.
    label : str
        What a menu calls it: ``"Two moons"``.
    task : {"classification", "regression"}
    description : str
        One sentence: what it teaches.
    default_noise : float
        From 0 to 1.
    generate : callable
        ``generate(rng, n_samples, noise, **options)``, given every option, returns inputs of shape
        (n_samples, n_features) and class indices or targets of shape (n_samples,). Classes must differ in
        size by one sample at most; the order is free.
    default_n_samples : int
    options : tuple of Option or FormulaOption
    n_features : int
        2, or 1 for data over a line.
    truth : callable, optional
        ``truth(x, **options)``, the targets (n,) without noise, where the data lie over a line.
    """

    name: str
    label: str
    task: str
    description: str
    default_noise: float
    generate: Generate
    default_n_samples: int = 400
    options: tuple[Option | FormulaOption, ...] = ()
    n_features: int = 2
    truth: Callable[..., NDArray[np.float64]] | None = None

    def complete(self, options: Mapping[str, Any]) -> dict[str, Any]:
        """Return every option with its value: the one in `options`, checked, or the default.

        Raises
        ------
        TypeError, ValueError
            If one is unknown, of the wrong kind or out of bounds.
        """
        for given in options:
            choice("option of dataset", given, [*_COMMON, *(option.name for option in self.options)], chosen=self.name)
        return {option.name: option.check(options.get(option.name, option.default)) for option in self.options}

    def n_classes(self, options: Mapping[str, Any]) -> int:
        """Return the number of classes that these options give; 0 for regression."""
        if self.task == "regression":
            return 0
        values = self.complete(options)
        return next((int(values[option.name]) for option in self.options if option.sets_classes), 2)


DATASETS: Registry[Recipe] = Registry("dataset")


def recipe(name: str, **described: Any) -> Callable[[Generate], Generate]:
    """Return a decorator that enters a generator in :data:`DATASETS`; it takes the fields of a `Recipe`."""

    def enter(generate: Generate) -> Generate:
        DATASETS.register(name)(Recipe(name=name, generate=generate, **described))
        return generate

    return enter


def make(
    name: str, *, n_samples: int | None = None, noise: float | None = None, seed: int = 0, **options: float | str
) -> Dataset:
    """Generate a dataset.

    Parameters
    ----------
    name : str
        One of :data:`DATASETS`.
    n_samples : int, optional
        From 10 to 100 000; the number made is exact, and classes differ in size by one sample at most.
    noise : float, optional
        From 0 (clean) to 1: the standard deviation of Gaussian noise, added to the inputs for classification
        and to the targets for regression; both span about -1 to 1. Only "blobs", which spread by 0.1 without
        noise, take it otherwise: half of it is added to their spread.
    seed : int
        The same seed gives the same bytes.
    **options : int, float or str
        What the dataset takes besides: ``DATASETS[name].options``.

    Returns
    -------
    Dataset
        Its samples in random order, its classes named "0", "1", ….

    Raises
    ------
    TypeError
        If a number is of the wrong kind.
    ValueError
        If the dataset or an option is unknown, or a number is out of bounds.
    """
    chosen = DATASETS[name]
    values = chosen.complete(options)
    n_samples = integer(
        "n_samples", chosen.default_n_samples if n_samples is None else n_samples, MIN_SAMPLES, MAX_SAMPLES
    )
    noise = number("noise", chosen.default_noise if noise is None else noise, MIN_NOISE, MAX_NOISE)

    rng = random_stream(seed, "data")
    X, y = chosen.generate(rng, n_samples, noise, **values)
    order = rng.permutation(n_samples)
    return Dataset(X[order], y[order], task=chosen.task, name=name)
