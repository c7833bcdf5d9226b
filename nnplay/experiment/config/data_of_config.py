"""What a configuration says of its data: how many there are, of what kind, and the data themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from nnplay import datasets
from nnplay.datasets import DATASETS, Dataset, Recipe
from nnplay.datasets.own_data import OWN, TABLE, OwnData
from nnplay.datasets.own_data import decode as decode_own
from nnplay.datasets.stored import STORED, StoredSet
from nnplay.datasets.stored import load as load_stored
from nnplay.datasets.stored import split as split_stored
from nnplay.experiment.config.preparation import Preparation
from nnplay.registry import parse_call


class DataOfConfig:
    """The data that the fields of an ExperimentConfig describe: a part of that class, in a file of its own."""

    dataset: str
    points: str
    n_samples: int
    noise: float
    n_rows: int
    test_fraction: float
    standardise: bool
    log_target: bool
    columns: tuple[int, ...]
    seed: int

    @property
    def own(self) -> OwnData | None:
        """Data of one's own, if they are what is learned."""
        return decode_own(self.points, self.dataset == TABLE) if self.dataset in (OWN, TABLE) else None

    @property
    def stored(self) -> StoredSet | None:
        """What is known of a stored data set, if that is what is learned."""
        return next((entry for entry in STORED.values() if entry.name == self.dataset), None)

    @property
    def is_table(self) -> bool:
        """Whether the data are rows of a table: columns that differ in meaning and unit."""
        return self.dataset == TABLE or (self.stored is not None and self.stored.image_shape is None)

    @property
    def has_images(self) -> bool:
        """Whether the samples are images."""
        return self.stored is not None and self.stored.image_shape is not None

    @property
    def has_plane(self) -> bool:
        """Whether the data are shown on a plane."""
        return self.stored is None and not self.is_table

    @property
    def target_name(self) -> str:
        """What is predicted, where it has a name."""
        if self.stored:
            return self.stored.target
        return (self.own.target if self.own else "") or "target"

    @property
    def used_columns(self) -> tuple[int, ...]:
        """Which columns of a table are used, counted from 0."""
        return tuple(k - 1 for k in self.columns) or tuple(range(self.n_columns))

    @property
    def task(self) -> str:
        """What is to be predicted: "classification" or "regression"."""
        if self.stored:
            return self.stored.task
        return self.own.data.task if self.own else self._recipe()[0].task

    @property
    def n_classes(self) -> int:
        """Number of classes of the data; 0 for regression."""
        if self.stored:
            return len(self.stored.class_names)
        if self.own:
            return self.own.data.n_classes
        recipe, options = self._recipe()
        return recipe.n_classes(options)

    @property
    def n_coordinates(self) -> int:
        """Coordinates of a sample, before features are computed of them."""
        if self.dataset == TABLE and self.own:  # of words each category is one
            columns = self.own.data.columns
            return sum(columns[k].n_features for k in self.used_columns if k < len(columns))
        return len(self.used_columns) if self.is_table else self.n_columns

    @property
    def n_columns(self) -> int:
        """Columns of a table, used or not; of other data, coordinates of a sample."""
        if self.stored:
            return self.stored.n_features
        if self.own:
            return len(self.own.data.columns) if self.is_table else self.own.data.n_features
        return self._recipe()[0].n_features

    @property
    def size(self) -> int:
        """Number of samples, for training and testing together."""
        if self.stored:
            return self.n_train + self.n_test
        return self.own.data.n_samples if self.own else self.n_samples

    @property
    def n_train(self) -> int:
        """Number of training samples."""
        if self.stored:
            there_are = self.stored.n_samples - self.n_test
            return min(self.n_rows or there_are, there_are)
        return self.size - self.n_test

    @property
    def n_test(self) -> int:
        """Number of test samples."""
        if self.stored and self.stored.n_test:
            return self.stored.n_test
        if self.stored:
            n = self.stored.n_samples
            return datasets.n_test_samples(n, self.test_fraction) if self.test_fraction else 0
        return datasets.n_test_samples(self.size, self.test_fraction) if self.test_fraction else 0

    def make_data(self) -> Dataset:
        """Return the whole data set, as it lies in the plane.

        Raises
        ------
        stored_files.NotAtHand
            If it is a stored one that can neither be found nor fetched.
        """
        if self.stored:
            return load_stored(self.dataset)
        if self.own:
            return self.own.data
        return _made(self.dataset, self.n_samples, self.noise, self.seed)

    def split(self, data: Dataset) -> tuple[Dataset, Dataset | None]:
        """Return the training set, and the test set or None; of a table as a network sees them."""
        if self.is_table:
            train, test, _ = self._prepared()
            return train, test
        return self._split(data)

    def raw_split(self) -> tuple[Dataset, Dataset | None]:
        """Return the rows of a table as they are: for training, and for the test or None."""
        return self._split(self.make_data())

    def preparation(self) -> Preparation:
        """Return how rows of the table become samples."""
        return self._prepared()[2]

    def _prepared(self) -> tuple[Dataset, Dataset | None, Preparation]:
        return _prepared(_Rows(self), self.used_columns, self.standardise, self.log_target)

    def _split(self, data: Dataset) -> tuple[Dataset, Dataset | None]:
        if self.stored:
            fraction = 0.0 if self.stored.n_test else self.test_fraction
            train, test = _parts_of_stored(self.dataset, fraction, self.seed if fraction else 0)
            return train if self.n_train == train.n_samples else train.take(slice(0, self.n_train)), test
        if not self.test_fraction:
            return data, None
        return data.split(test_fraction=self.test_fraction, seed=self.seed)

    def _recipe(self) -> tuple[Recipe, dict[str, Any]]:
        """Return the data set's recipe and the options that the name carries."""
        name, options = parse_call("dataset", self.dataset)
        return DATASETS[name], options


class _Rows:
    """The rows of a table that a configuration trains and tests on; equal to those of another with the same ones."""

    def __init__(self, config: DataOfConfig) -> None:
        self._config = config
        points = config.points if config.own else ""
        self._key = config.dataset, points, config.n_rows, config.test_fraction, config.seed

    def __hash__(self) -> int:
        return hash(self._key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Rows) and self._key == other._key

    def split(self) -> tuple[Dataset, Dataset | None]:
        return self._config.raw_split()


@lru_cache(maxsize=8)
def _prepared(
    rows: _Rows, columns: tuple[int, ...], standardise: bool, log_target: bool
) -> tuple[Dataset, Dataset | None, Preparation]:
    """Return a table's training and test set as a network sees them, and what was done; the same for all who ask."""
    train, test = rows.split()
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
