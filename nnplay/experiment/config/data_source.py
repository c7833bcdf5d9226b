"""Where a run's data come from: generated, your own, stored, or a table of either kind. Each answers for itself."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from nnplay import datasets
from nnplay.datasets import DATASETS, Dataset, Recipe
from nnplay.datasets.features import FEATURES, applicable, refuse_unusable
from nnplay.datasets.input_columns import chosen
from nnplay.datasets.own_data import OWN, TABLE, OwnData, decode
from nnplay.datasets.stored import STORED, StoredSet
from nnplay.datasets.stored import load as load_stored
from nnplay.datasets.stored import split as split_stored
from nnplay.experiment.config.fields import Fields
from nnplay.experiment.config.input_plane import ComponentsPlane, InputPlane, NoPlane, plane_around
from nnplay.experiment.config.preparation import Preparation, check_positive
from nnplay.refusal import Refusal
from nnplay.registry import parse_call
from nnplay.validation import shown


class Facts(NamedTuple):
    """What is known of data before they are at hand.

    Attributes
    ----------
    task : {"classification", "regression"}
    n_classes : int
        0 for regression.
    widths : tuple of int
        How many coordinates each column of the data is: a column of words is one for each category.
    n_train, n_test : int
        Numbers of samples.
    target_name : str
        What is predicted.
    """

    task: str
    n_classes: int
    widths: tuple[int, ...]
    n_train: int
    n_test: int
    target_name: str = "target"

    @property
    def n_columns(self) -> int:
        """Number of columns."""
        return len(self.widths)

    @property
    def size(self) -> int:
        """Number of samples, for training and testing together."""
        return self.n_train + self.n_test


@dataclass(frozen=True)
class DataSource(ABC):
    """The data that a configuration describes.

    The fields of a source are the settings that can have an effect on its data, so equal sources give the same data.
    """

    test_fraction: float
    seed: int

    @property
    @abstractmethod
    def facts(self) -> Facts:
        """What is known of the data."""

    @property
    def is_table(self) -> bool:
        """Whether the data are rows of a table: columns that differ in meaning and unit."""
        return False

    @property
    def has_images(self) -> bool:
        """Whether the samples are images."""
        return False

    @property
    def has_plane(self) -> bool:
        """Whether the data are shown on a plane."""
        return False

    @property
    def own(self) -> OwnData | None:
        """The data, if they are one's own."""
        return None

    @property
    def stored(self) -> StoredSet | None:
        """What is known of the stored data set, if it is one."""
        return None

    @property
    def used_columns(self) -> tuple[int, ...]:
        """Which columns are used, counted from 0."""
        return tuple(range(self.facts.n_columns))

    @property
    def n_coordinates(self) -> int:
        """Coordinates of a sample, before features are computed of them."""
        return sum(self.facts.widths)

    @abstractmethod
    def make(self) -> Dataset:
        """Return the whole data set, as it lies in the plane or as the rows of the table are.

        Raises
        ------
        stored_files.NotAtHand
            If it is a stored one that can neither be found nor fetched.
        """

    def raw_split(self) -> tuple[Dataset, Dataset | None]:
        """Return the training set, and the test set or None, as the data are."""
        data = self.make()
        return data.split(test_fraction=self.test_fraction, seed=self.seed) if self.test_fraction else (data, None)

    def split(self) -> tuple[Dataset, Dataset | None]:
        """Return the training set, and the test set or None; of a table as a network sees them."""
        return self.raw_split()

    def preparation(self) -> Preparation:
        """Return how rows become samples."""
        return Preparation(self.used_columns)

    def plane(self, features: tuple[str, ...]) -> InputPlane:
        """Return the plane that the data are shown on, with the inputs that a network computes there."""
        return NoPlane((), (), self.make().feature_names)

    def truth_on(self, plane: InputPlane) -> np.ndarray:
        """Return the function behind the data along the axis, (columns,); NaN where nothing is known of it."""
        return np.full(len(plane.grid()), np.nan)

    def check(self, features: tuple[str, ...]) -> None:  # noqa: B027 (most have nothing to check)
        """Raise ValueError if the settings don't go together, or a formula of `features` has no value on the data."""

    def check_training(self, batch_size: int | None) -> None:
        """Raise ValueError if there are too few training samples for the batch, or for a class."""
        n_train = self.facts.n_train
        if batch_size is not None and batch_size > n_train:
            raise Refusal("batch_size", f"must be at most the number of training samples, {n_train}", batch_size)


@dataclass(frozen=True)
class Generated(DataSource):
    """Data of a registered recipe, whose name may carry options."""

    dataset: str
    n_samples: int
    noise: float

    has_plane = True

    @property
    def facts(self) -> Facts:
        _, recipe, options = self._recipe()
        counts = _parted(self.n_samples, self.test_fraction)
        return Facts(recipe.task, recipe.n_classes(options), (1,) * recipe.n_features, *counts)

    def make(self) -> Dataset:
        return _made(self.dataset, self.n_samples, self.noise, self.seed)

    def plane(self, features: tuple[str, ...]) -> InputPlane:
        return plane_around(self.make(), features)

    def truth_on(self, plane: InputPlane) -> np.ndarray:
        _, recipe, options = self._recipe()
        if recipe.truth is None:
            return super().truth_on(plane)
        return np.asarray(recipe.truth(plane.grid()[:, 0], **recipe.complete(options)))

    def check(self, features: tuple[str, ...]) -> None:
        _check_features(self, features, is_formula=self._recipe()[0] == "formula")

    def check_training(self, batch_size: int | None) -> None:
        super().check_training(batch_size)
        # The split is stratified: a class is sure of floor(count · n_train / n_samples) training samples.
        facts = self.facts
        if facts.n_classes and self.n_samples // facts.n_classes * facts.n_train < self.n_samples:
            raise Refusal(
                "test_fraction",
                f"must leave each of the {facts.n_classes} classes a training sample",
                f"{self.test_fraction:g} of {self.n_samples} samples",
            )

    def _recipe(self) -> tuple[str, Recipe, dict[str, Any]]:
        """Return the name of the recipe, the recipe, and the options that the data set's name carries."""
        name, options = parse_call("dataset", self.dataset)
        return name, DATASETS[name], options


@dataclass(frozen=True)
class Own(DataSource):
    """Data of one's own, which the configuration carries as a text: drawn or read."""

    dataset: str
    points: str

    @property
    def has_plane(self) -> bool:
        return self.dataset == OWN

    @property
    def own(self) -> OwnData:
        return decode(self.points, self.dataset == TABLE)

    @property
    def facts(self) -> Facts:
        own = self.own
        data = own.data
        widths = tuple(column.n_features for column in data.columns)
        counts = _parted(data.n_samples, self.test_fraction)
        return Facts(data.task, data.n_classes, widths, *counts, own.target or "target")

    def make(self) -> Dataset:
        return self.own.data

    def plane(self, features: tuple[str, ...]) -> InputPlane:
        own = self.own
        return ComponentsPlane.of(own.data) if self.n_coordinates > 2 else plane_around(own.data, features, own.domain)

    def check(self, features: tuple[str, ...]) -> None:
        if not self.points:
            got = "none (they may have been too large for a link)"
            raise Refusal("dataset", "must come with its data", got, chosen=self.dataset)
        if self.has_plane:
            _check_features(self, features)

    def check_training(self, batch_size: int | None) -> None:
        if self.test_fraction:  # must leave every class a training sample; a batch larger than all is all
            self.own.data.split_indices(self.test_fraction, self.seed)


@dataclass(frozen=True)
class Stored(DataSource):
    """A data set of :data:`nnplay.datasets.stored.STORED`, known before it is loaded."""

    dataset: str
    n_rows: int

    @property
    def has_images(self) -> bool:
        return self.stored.image_shape is not None

    @property
    def stored(self) -> StoredSet:
        return STORED[self.dataset]

    @property
    def facts(self) -> Facts:
        stored = self.stored
        there_are, n_test = _parted(stored.n_samples, self.test_fraction)
        if stored.n_test:
            there_are, n_test = stored.n_samples - stored.n_test, stored.n_test
        n_train = min(self.n_rows or there_are, there_are)
        return Facts(stored.task, len(stored.class_names), (1,) * stored.n_features, n_train, n_test, stored.target)

    def make(self) -> Dataset:
        return load_stored(self.dataset)

    def raw_split(self) -> tuple[Dataset, Dataset | None]:
        fraction = 0.0 if self.stored.n_test else self.test_fraction
        train, test = _parts_of_stored(self.dataset, fraction, self.seed if fraction else 0)
        n_train = self.facts.n_train
        return train if n_train == train.n_samples else train.take(slice(0, n_train)), test


@dataclass(frozen=True)
class Table(DataSource):
    """A table whose rows have a source of their own, and how a network is to see them."""

    rows: Own | Stored
    columns: tuple[int, ...]
    standardise: bool
    log_target: bool

    is_table = True

    @property
    def facts(self) -> Facts:
        return self.rows.facts

    @property
    def own(self) -> OwnData | None:
        return self.rows.own

    @property
    def stored(self) -> StoredSet | None:
        return self.rows.stored

    @property
    def used_columns(self) -> tuple[int, ...]:
        return tuple(k - 1 for k in self.columns) or super().used_columns

    @property
    def n_coordinates(self) -> int:
        widths = self.facts.widths
        return sum(widths[column] for column in self.used_columns)

    def make(self) -> Dataset:
        return self.rows.make()

    def raw_split(self) -> tuple[Dataset, Dataset | None]:
        return self.rows.raw_split()

    def split(self) -> tuple[Dataset, Dataset | None]:
        return self._prepared()[:2]

    def preparation(self) -> Preparation:
        return self._prepared()[2]

    def plane(self, features: tuple[str, ...]) -> InputPlane:
        data = self.make()
        return NoPlane((), (), tuple(data.feature_names[k] for k in chosen(data.columns, self.used_columns)[0]))

    def check(self, features: tuple[str, ...]) -> None:
        self.rows.check(features)
        facts = self.facts
        if self.columns and self.columns[-1] > facts.n_columns:
            raise Refusal("columns", f"must be from 1 to {facts.n_columns} for these data", self.columns[-1])
        if self.own and self.log_target and facts.task == "regression":
            check_positive(self.own.data.y, shown(facts.target_name))

    def check_training(self, batch_size: int | None) -> None:
        self.rows.check_training(batch_size)

    def _prepared(self) -> tuple[Dataset, Dataset | None, Preparation]:
        return _prepared(self.rows, self.used_columns, self.standardise, self.log_target)


def source_of(settings: Fields) -> DataSource:
    """Return the source that the fields of a configuration describe."""
    dataset = settings.dataset
    kind = Own if dataset in (OWN, TABLE) else Stored if dataset in STORED else Generated
    source = _made_of(kind, settings)
    is_table = dataset == TABLE or (source.stored is not None and not source.has_images)
    return _made_of(Table, settings, rows=source) if is_table else source


def _made_of(kind: type[DataSource], settings: Fields, **more: Any) -> DataSource:
    names = [field.name for field in dataclasses.fields(kind) if field.name not in more]
    values = {name: getattr(settings, name) for name in names}
    if "seed" in values and settings.data_seed is not None:
        values["seed"] = settings.data_seed
    return kind(**values, **more)


def _parted(n_samples: int, test_fraction: float) -> tuple[int, int]:
    """Return how many samples are for training and how many for the test."""
    n_test = datasets.n_test_samples(n_samples, test_fraction) if test_fraction else 0
    return n_samples - n_test, n_test


def _check_features(source: DataSource, features: tuple[str, ...], is_formula: bool = False) -> None:
    """Raise ValueError if a formula, or the function behind the data, gives no number on the data or the plane."""
    n_coordinates = source.n_coordinates
    if n_coordinates > 2:  # which a network is fed with as they are
        return
    if not applicable(features, n_coordinates):
        raise Refusal("features", "must include a formula in x1, as these data have no x2", "only features of x2")
    if not is_formula and all(feature in FEATURES for feature in features):
        return
    data, plane = source.make(), source.plane(features)
    if is_formula:
        source.truth_on(plane)
    refuse_unusable(plane.features, data.X, "the data")
    refuse_unusable(plane.features, plane.grid(), "the plane shown")


@lru_cache(maxsize=8)
def _prepared(
    rows: DataSource, columns: tuple[int, ...], standardise: bool, log_target: bool
) -> tuple[Dataset, Dataset | None, Preparation]:
    """Return a table's training and test set as a network sees them, and what was done; the same for all who ask."""
    train, test = rows.raw_split()
    preparation = Preparation.of(train, columns, standardise=standardise, log_target=log_target)
    return preparation.apply(train), test and preparation.apply(test), preparation


@lru_cache(maxsize=8)
def _made(dataset: str, n_samples: int, noise: float, seed: int) -> Dataset:
    """Return generated data; the last few are remembered, since each check of formulas looks at them, and a build."""
    name, options = parse_call("dataset", dataset)
    return datasets.make(name, n_samples=n_samples, noise=noise, seed=seed, **options)


@lru_cache(maxsize=8)
def _parts_of_stored(dataset: str, test_fraction: float, seed: int) -> tuple[Dataset, Dataset | None]:
    """Return a stored set's training and test set: the official ones, or else a split; the same for all who ask."""
    if STORED[dataset].n_test:
        return split_stored(dataset)
    data = load_stored(dataset)
    return data.split(test_fraction=test_fraction, seed=seed) if test_fraction else (data, None)
