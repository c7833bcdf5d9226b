"""Data to learn from: one immutable :class:`Dataset`, and generators of small data sets that each teach something.

>>> from nnplay import datasets
>>> data = datasets.make("moons", n_samples=200, noise=0.1, seed=0)
>>> train, test = data.split(test_fraction=0.25, seed=73)
"""

from nnplay.datasets.dataset import Dataset, n_test_samples
from nnplay.datasets.generated import functions as _functions  # noqa: F401  importing it fills DATASETS
from nnplay.datasets.generated.recipes import DATASETS, Option, Recipe, make
from nnplay.datasets.tables import Column, Dialect, Table, from_table, read_table

__all__ = [
    "DATASETS",
    "Column",
    "Dataset",
    "Dialect",
    "Option",
    "Recipe",
    "Table",
    "from_table",
    "make",
    "n_test_samples",
    "read_table",
]
