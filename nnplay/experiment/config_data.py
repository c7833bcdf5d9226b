"""What a configuration says of its data: how many there are, of what kind, and the data themselves."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from nnplay import datasets
from nnplay.datasets import DATASETS, Dataset, Recipe
from nnplay.datasets.own import OWN, OwnData
from nnplay.datasets.own import decode as decode_own
from nnplay.registry import parse_call


class DataOfConfig:
    """The data that the fields of an ExperimentConfig describe: a part of that class, in a file of its own."""

    dataset: str
    points: str
    n_samples: int
    noise: float
    test_fraction: float
    seed: int

    @property
    def own(self) -> OwnData | None:
        """Data of one's own, if they are what is learned."""
        return decode_own(self.points) if self.dataset == OWN else None

    @property
    def task(self) -> str:
        """What is to be predicted: "classification" or "regression"."""
        return self.own.data.task if self.own else self._recipe()[0].task

    @property
    def n_classes(self) -> int:
        """Number of classes of the data; 0 for regression."""
        if self.own:
            return self.own.data.n_classes
        recipe, options = self._recipe()
        return recipe.n_classes(options)

    @property
    def n_coordinates(self) -> int:
        """Coordinates of a sample, before features are computed of them."""
        return self.own.data.n_features if self.own else self._recipe()[0].n_features

    @property
    def size(self) -> int:
        """Number of samples, for training and testing together."""
        return self.own.data.n_samples if self.own else self.n_samples

    @property
    def n_train(self) -> int:
        """Number of training samples."""
        return self.size - self.n_test

    @property
    def n_test(self) -> int:
        """Number of test samples."""
        return datasets.n_test_samples(self.size, self.test_fraction) if self.test_fraction else 0

    def make_data(self) -> Dataset:
        """Return the whole data set, as it lies in the plane."""
        if self.own:
            return self.own.data
        return _made(self.dataset, self.n_samples, self.noise, self.seed)

    def split(self, data: Dataset) -> tuple[Dataset, Dataset | None]:
        """Return the training set, and the test set or None."""
        if not self.test_fraction:
            return data, None
        return data.split(test_fraction=self.test_fraction, seed=self.seed)

    def _recipe(self) -> tuple[Recipe, dict[str, Any]]:
        """Return the data set's recipe and the options that the name carries."""
        name, options = parse_call("dataset", self.dataset)
        return DATASETS[name], options


@lru_cache(maxsize=8)
def _made(dataset: str, n_samples: int, noise: float, seed: int) -> Dataset:
    """Return generated data; the last few are remembered, since each check of formulas looks at them, and a build."""
    name, options = parse_call("dataset", dataset)
    return datasets.make(name, n_samples=n_samples, noise=noise, seed=seed, **options)
